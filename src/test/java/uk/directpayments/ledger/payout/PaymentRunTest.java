package uk.directpayments.ledger.payout;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.payout.RunEvent.FileGenerated;
import uk.directpayments.ledger.payout.RunEvent.Item;
import uk.directpayments.ledger.payout.RunEvent.ItemHeld;
import uk.directpayments.ledger.payout.RunEvent.ItemReleased;
import uk.directpayments.ledger.payout.RunEvent.ItemsSelected;
import uk.directpayments.ledger.payout.RunEvent.Originator;
import uk.directpayments.ledger.payout.RunEvent.Outcome;
import uk.directpayments.ledger.payout.RunEvent.PaymentsIssued;
import uk.directpayments.ledger.payout.RunEvent.PaymentsRejected;
import uk.directpayments.ledger.payout.RunEvent.Rejection;
import uk.directpayments.ledger.payout.RunEvent.Remark;
import uk.directpayments.ledger.payout.RunEvent.RunApproved;
import uk.directpayments.ledger.payout.RunEvent.RunClosed;
import uk.directpayments.ledger.payout.RunEvent.RunCreated;
import uk.directpayments.ledger.payout.RunEvent.RunSubmitted;
import uk.directpayments.ledger.support.Fixtures;

/** What a payment run lets people do, and in which order. Rulebook 7.5. */
class PaymentRunTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 3, 30);
    private static final LocalDate PAY_DATE = LocalDate.of(2026, 4, 8);
    private static final Originator COUNCIL = new Originator("COUNCIL", "200000", "12345678", "654321");
    private static final Sealed REASON = new Sealed("reason");

    private static final RunCreated CREATED = new RunCreated("R1", PAY_DATE, PAY_DATE, COUNCIL, 3, 7, "finance");
    private static final ItemsSelected SELECTED = new ItemsSelected(
            List.of(item(1, 10_000, new Sealed("to")), item(2, 5_000, new Sealed("to")), item(3, 1_000, null)));
    private static final RunApproved APPROVED = new RunApproved(Money.ofPence(15_000), 2, "approver");
    private static final PaymentsIssued ISSUED = issued(new Outcome(1, null), new Outcome(2, "ACCOUNT_SUSPENDED"));
    private static final RunSubmitted SUBMITTED = new RunSubmitted(TODAY, "BACS");

    private static Item item(int number, long pence, @Nullable Sealed payTo) {
        Money amount = Money.ofPence(pence);
        return new Item(
                number,
                "A" + number,
                "P" + number,
                "L1",
                "S.1",
                "S.1",
                PAY_DATE,
                amount,
                Money.ZERO,
                amount,
                payTo,
                payTo == null ? List.of(Remark.NO_BANK_DETAILS) : List.of(Remark.FIRST_PAYMENT));
    }

    private static PaymentsIssued issued(Outcome... outcomes) {
        return new PaymentsIssued(List.of(outcomes));
    }

    private static Fixtures<PaymentRun> run(Object... more) {
        return Fixtures.of(PaymentRun.class).given(CREATED, SELECTED).given(more);
    }

    private static RunCommand.CreateRun create(LocalDate payDate, List<Item> items) {
        return new RunCommand.CreateRun("R1", PAY_DATE, payDate, COUNCIL, items, 7, "finance", TODAY);
    }

    private static RunCommand.ApproveRun approve(String by, @Nullable Money total, @Nullable Integer count) {
        return new RunCommand.ApproveRun("R1", total, count, by, TODAY);
    }

    private static RunCommand.SubmitRun submit(LocalDate on, String channel) {
        return submit(on, channel, TODAY);
    }

    private static RunCommand.SubmitRun submit(LocalDate on, String channel, LocalDate approvedOn) {
        return new RunCommand.SubmitRun("R1", on, channel, approvedOn, PAY_DATE.plusDays(9));
    }

    private static RunCommand.RecordRejections reject(int... numbers) {
        return new RunCommand.RecordRejections(
                "R1",
                IntStream.of(numbers)
                        .mapToObj(number -> new Rejection(number, "AC04"))
                        .toList(),
                TODAY);
    }

    @Test
    void aRunIsCreatedOfWhatIsDueAndHoldsWhatHasNowhereToGo() {
        Fixtures.of(PaymentRun.class)
                .when(create(PAY_DATE, SELECTED.items()))
                .records(CREATED, SELECTED)
                .occurredOn(TODAY);
        Fixtures.of(PaymentRun.class).when(create(PAY_DATE, List.of())).refuses("EMPTY_RUN");
        Fixtures.of(PaymentRun.class)
                .when(create(LocalDate.of(2026, 4, 6), SELECTED.items()))
                .refuses("PAY_DATE_NOT_WORKING_DAY");
        run().when(create(PAY_DATE, SELECTED.items())).refuses("ID_ALREADY_USED");
    }

    @Test
    void theItemsOfALargeRunAreSeveralEventsOfBoundedSize() {
        List<Item> items = new ArrayList<>();
        for (int i = 1; i <= 1_001; i++) {
            items.add(item(i, i, new Sealed("to")));
        }
        Fixtures.of(PaymentRun.class)
                .when(create(PAY_DATE, items))
                .records(
                        new RunCreated("R1", PAY_DATE, PAY_DATE, COUNCIL, 1_001, 7, "finance"),
                        new ItemsSelected(items.subList(0, 500)),
                        new ItemsSelected(items.subList(500, 1_000)),
                        new ItemsSelected(items.subList(1_000, 1_001)));
    }

    @Test
    void anItemIsHeldAndReleasedUntilTheRunIsApproved() {
        var hold = new RunCommand.HoldItem("R1", 2, REASON, TODAY);
        var release = new RunCommand.ReleaseItem("R1", 2, TODAY);
        ItemHeld held = new ItemHeld(2, Money.ofPence(5_000), REASON);
        run().when(hold).records(held);
        run(held).when(hold).refuses("ALREADY_HELD");
        run().when(new RunCommand.HoldItem("R1", 2, null, TODAY)).refuses("REASONS_REQUIRED");
        run(held).when(release).records(new ItemReleased(2, Money.ofPence(5_000)));
        run().when(release).refuses("NOT_HELD");
        run().when(new RunCommand.ReleaseItem("R1", 3, TODAY)).refuses("NO_BANK_DETAILS");
        run().when(new RunCommand.HoldItem("R1", 4, REASON, TODAY)).refuses("INSTALMENT_NOT_FOUND");
        run(APPROVED).when(hold).refuses("RUN_LOCKED");
        run(held, new RunApproved(Money.ofPence(10_000), 1, "approver"))
                .when(release)
                .refuses("RUN_LOCKED");
    }

    @Test
    void aSecondPersonApprovesWhatIsNotHeld() {
        run().when(approve("approver", null, null)).records(APPROVED);
        run().when(approve("approver", Money.ofPence(15_000), 2)).records(APPROVED);
        run().when(approve("approver", Money.ofPence(14_999), null)).refuses("CONTROL_TOTAL_MISMATCH");
        run().when(approve("approver", null, 3)).refuses("CONTROL_TOTAL_MISMATCH");
        run().when(approve("finance", null, null)).refuses("SEPARATION_OF_DUTIES");
        run(APPROVED).when(approve("approver", null, null)).refuses("RUN_LOCKED");
        run(new ItemHeld(1, Money.ofPence(10_000), REASON), new ItemHeld(2, Money.ofPence(5_000), REASON))
                .when(approve("approver", null, null))
                .refuses("EMPTY_RUN");
    }

    @Test
    void whatBecameOfPaymentsIsRecordedOnceInTheirOrder() {
        var first = new RunCommand.RecordIssued("R1", List.of(new Outcome(1, null)), TODAY);
        run(APPROVED).when(first).records(issued(new Outcome(1, null)));
        run(APPROVED, issued(new Outcome(1, null))).when(first).recordsNothing();
        run(APPROVED, ISSUED)
                .when(new RunCommand.RecordFile(
                        "R1", FileFormat.BACS_STANDARD_18, "ab", Money.ofPence(10_000), 1, TODAY))
                .records(new FileGenerated(FileFormat.BACS_STANDARD_18, "ab", Money.ofPence(10_000), 1));
        run(APPROVED, ISSUED)
                .when(new RunCommand.RecordFile(
                        "R1", FileFormat.BACS_STANDARD_18, "ab", Money.ofPence(15_000), 2, TODAY))
                .refuses("CONTROL_TOTAL_MISMATCH");
        run(APPROVED, ISSUED, new FileGenerated(FileFormat.BACS_STANDARD_18, "ab", Money.ofPence(10_000), 1))
                .when(new RunCommand.RecordFile(
                        "R1", FileFormat.BACS_STANDARD_18, "cd", Money.ofPence(10_000), 1, TODAY))
                .recordsNothing();
    }

    @Test
    void aFileIsSubmittedInTimeForItsChannel() {
        LocalDate lastForBacs = LocalDate.of(2026, 4, 2); // Good Friday and Easter Monday lie between
        run(APPROVED, ISSUED).when(submit(lastForBacs, "BACS")).records(new RunSubmitted(lastForBacs, "BACS"));
        run(APPROVED, ISSUED).when(submit(lastForBacs.plusDays(1), "bacs")).refuses("CUT_OFF_PASSED");
        run(APPROVED, ISSUED)
                .when(submit(PAY_DATE, "FASTER_PAYMENTS"))
                .records(new RunSubmitted(PAY_DATE, "FASTER_PAYMENTS"));
        run(APPROVED, ISSUED)
                .when(submit(PAY_DATE.plusDays(1), "FASTER_PAYMENTS"))
                .refuses("CUT_OFF_PASSED");
        run(APPROVED, ISSUED).when(submit(PAY_DATE.plusDays(10), "BACS")).refuses("DATE_IN_FUTURE");
        run(APPROVED).when(submit(TODAY, "BACS")).refuses("BUSY");
        run().when(submit(TODAY, "BACS")).refuses("RUN_NOT_APPROVED");
        run(APPROVED, ISSUED, SUBMITTED).when(submit(TODAY, "BACS")).refuses("RUN_LOCKED");
    }

    /** Decision 19: one that was approved after its pay date had gone to the bank before. */
    @Test
    void aFileIsNotSubmittedBeforeItsRunWasApprovedUnlessThatWasAfterItsPayDate() {
        LocalDate before = TODAY.minusDays(1);
        run(APPROVED, ISSUED).when(submit(before, "BACS")).refuses("DATE_BEFORE_START");
        run(APPROVED, ISSUED).when(submit(before, "BACS", before)).records(new RunSubmitted(before, "BACS"));
        run(APPROVED, ISSUED)
                .when(submit(before, "BACS", PAY_DATE.plusDays(1)))
                .records(new RunSubmitted(before, "BACS"));
    }

    @Test
    void theBankRejectsOnlyWhatWasPaidAndOnce() {
        PaymentsRejected rejected = new PaymentsRejected(List.of(new Rejection(1, "AC04")), TODAY);
        run(APPROVED, ISSUED, SUBMITTED).when(reject(1)).records(rejected);
        run(APPROVED, ISSUED, SUBMITTED, rejected).when(reject(1)).refuses("ALREADY_RETURNED");
        run(APPROVED, ISSUED, SUBMITTED).when(reject(1, 1)).refuses("ALREADY_RETURNED");
        run(APPROVED, ISSUED, SUBMITTED).when(reject(2)).refuses("PAYMENT_NOT_FOUND");
        run(APPROVED, ISSUED, SUBMITTED).when(reject(3)).refuses("PAYMENT_NOT_FOUND");
        run(APPROVED, ISSUED).when(reject(1)).refuses("RUN_NOT_SUBMITTED");
    }

    @Test
    void aRunIsClosedOnceItHasBeenSubmittedOrWhileNobodyHasApprovedIt() {
        var close = new RunCommand.CloseRun("R1", null, TODAY);
        RunClosed closed = new RunClosed(1, Money.ofPence(10_000), 0, TODAY);
        run(APPROVED, ISSUED, SUBMITTED).when(close).records(closed);
        run().when(close).records(new RunClosed(0, Money.ZERO, 0, TODAY));
        run(APPROVED).when(close).refuses("RUN_NOT_SUBMITTED");
        run(APPROVED, ISSUED).when(close).refuses("RUN_NOT_SUBMITTED");
        run(APPROVED, issued(new Outcome(1, "ALREADY_PAID"), new Outcome(2, "ALREADY_PAID")))
                .when(close)
                .records(new RunClosed(0, Money.ZERO, 0, TODAY));
        run(APPROVED, ISSUED, SUBMITTED, closed).when(close).refuses("RUN_LOCKED");
        run(APPROVED, ISSUED, SUBMITTED, closed).when(reject(1)).refuses("RUN_LOCKED");
    }

    @Test
    void aRunThatWasNeverSubmittedIsGivenBackInOneWriteOnceItsPayDateHasPassed() {
        LocalDate late = PAY_DATE.plusDays(1);
        var giveBack = new RunCommand.CloseRun("R1", "NOT_SUBMITTED", late);
        PaymentsRejected all = new PaymentsRejected(List.of(new Rejection(1, "NOT_SUBMITTED")), late);
        RunClosed closed = new RunClosed(0, Money.ZERO, 1, late);
        run(APPROVED, ISSUED).when(giveBack).records(all, closed);
        run(APPROVED, ISSUED)
                .when(new RunCommand.CloseRun("R1", "NOT_SUBMITTED", PAY_DATE))
                .refuses("RUN_NOT_SUBMITTED");
        run(APPROVED, ISSUED).when(new RunCommand.CloseRun("R1", null, late)).refuses("RUN_NOT_SUBMITTED");
        run(APPROVED).when(giveBack).refuses("BUSY");
        run(APPROVED, issued(new Outcome(1, null))).when(giveBack).refuses("BUSY");
        run(APPROVED, ISSUED, SUBMITTED).when(giveBack).refuses("RUN_LOCKED");
        run(APPROVED, ISSUED, all, closed).when(giveBack).refuses("RUN_LOCKED");
        run(APPROVED, issued(new Outcome(1, "ALREADY_PAID"), new Outcome(2, "ALREADY_PAID")))
                .when(giveBack)
                .records(new RunClosed(0, Money.ZERO, 0, late));
        run().when(giveBack).records(new RunClosed(0, Money.ZERO, 0, late));
        run(APPROVED, ISSUED, all, closed)
                .when(submit(PAY_DATE, "FASTER_PAYMENTS"))
                .refuses("RUN_LOCKED");
    }

    @Test
    void aLargeRunIsGivenBackInEventsOfBoundedSize() {
        List<Item> items = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 1; i <= 1_001; i++) {
            items.add(item(i, i, new Sealed("to")));
            outcomes.add(new Outcome(i, null));
        }
        LocalDate late = PAY_DATE.plusDays(1);
        Fixtures.of(PaymentRun.class)
                .given(
                        new RunCreated("R1", PAY_DATE, PAY_DATE, COUNCIL, 1_001, 7, "finance"),
                        new ItemsSelected(items),
                        new RunApproved(Money.ofPence(501_501), 1_001, "approver"),
                        new PaymentsIssued(outcomes))
                .when(new RunCommand.CloseRun("R1", "NOT_SUBMITTED", late))
                .records(
                        neverSent(1, 500, late),
                        neverSent(501, 1_000, late),
                        neverSent(1_001, 1_001, late),
                        new RunClosed(0, Money.ZERO, 1_001, late));
    }

    private static PaymentsRejected neverSent(int first, int last, LocalDate on) {
        return new PaymentsRejected(
                IntStream.rangeClosed(first, last)
                        .mapToObj(number -> new Rejection(number, "NOT_SUBMITTED"))
                        .toList(),
                on);
    }
}
