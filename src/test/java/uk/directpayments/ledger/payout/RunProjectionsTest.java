package uk.directpayments.ledger.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountType;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsApproved;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsRecomputed;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.payout.RunEvent.Item;
import uk.directpayments.ledger.payout.RunEvent.ItemsSelected;
import uk.directpayments.ledger.payout.RunEvent.Originator;
import uk.directpayments.ledger.payout.RunEvent.Outcome;
import uk.directpayments.ledger.payout.RunEvent.PaymentsIssued;
import uk.directpayments.ledger.payout.RunEvent.Remark;
import uk.directpayments.ledger.payout.RunEvent.RunApproved;
import uk.directpayments.ledger.payout.RunEvent.RunCreated;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.support.TestPostgres;

/** Payables and the register of runs have the same rows however many events they are given at a time: rulebook 7.10, number 4. */
class RunProjectionsTest {

    private static final LocalDate DAY = LocalDate.of(2025, 4, 1);
    private static final List<String> TABLES = List.of(
            "payables_instalment", "payables_line", "payables_claim", "run_register", "run_item", "run_item_state");

    private final Payables payables = new Payables();
    private TestPostgres.Database database;
    private ProjectionDriver driver;

    @BeforeEach
    void start() {
        database = TestPostgres.freshDatabase();
        driver = new ProjectionDriver(database, payables, new RunRegister());
    }

    @AfterEach
    void stop() {
        driver.assertNothingParked();
        database.close();
    }

    @Test
    void anInstalmentThatIsRecomputedMoreThanOnceInABatchHasItsLastAmount() {
        driver.append(IntStream.range(0, 100)
                .mapToObj(i -> account("A" + i, scheduled()))
                .toList());
        driver.deliverAll();
        // among many the database looks up the few one by one, and takes the first of those that name the same
        driver.jdbc().sql("ANALYZE payables_instalment").update();
        driver.append(Stream.of("80.00", "120.00", "60.00", "90.00")
                .map(amount -> account(
                        "A7",
                        new InstalmentsRecomputed(
                                "S", "L1", List.of(instalments(amount).get(0)), DAY)))
                .toList());
        driver.deliverAll();
        assertThat(driver.jdbc()
                        .sql("SELECT pence FROM payables_instalment WHERE account_id = 'A7' AND instalment_id = 'S.1'")
                        .query(Long.class)
                        .single())
                .isEqualTo(9_000);
        assertThat(driver.jdbc()
                        .sql("SELECT count(*) FROM payables_instalment WHERE pence <> 10000")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void anItemThatWasRefusedIsResolvedOnceThoughItIsPaidTwiceInABatch() {
        driver.append(List.of(
                account("A", scheduled()),
                created(),
                selected(),
                run(new RunApproved(pounds("100.00"), 1, "approver")),
                run(new PaymentsIssued(List.of(new Outcome(1, "ACCOUNT_SUSPENDED")))),
                account("A", paid("PAY-1")),
                account("A", returned("PAY-1")),
                account("A", paid("PAY-2"))));
        assertTheSameOneByOneAndTogether();
        assertThat(driver.dump("run_item_state")).hasSize(2).anyMatch(row -> row.contains("RESOLVED"));
    }

    @Test
    void anItemThatWasHeldIsResolvedByAPaymentAfterItsSelectionAndByNoneBefore() {
        driver.append(List.of(
                account("A", scheduled()),
                account("A", paid("PAY-1")),
                account("A", returned("PAY-1")),
                created(),
                selected(Remark.NO_BANK_DETAILS)));
        assertTheSameOneByOneAndTogether();
        assertThat(driver.dump("run_item_state")).isEmpty();
        driver.append(List.of(account("A", paid("PAY-2"))));
        assertTheSameOneByOneAndTogether();
        assertThat(driver.dump("run_item_state")).singleElement().asString().contains("RESOLVED");
    }

    /** Else what was selected with the new details is refused later as if these had changed since. */
    @Test
    void anAccountIsSelectedAsItStoodAtThePositionThatTheSelectionIsKnownTo() {
        driver.append(List.of(account("A", opened("A", "old")), account("A", scheduled())));
        long knownTo = driver.head();
        driver.append(List.of(
                account("A", new BankDetailsApproved("C", new Sealed("bmV3"), "new", "approver", DAY)),
                account("B", opened("B", "other")),
                account("B", scheduled())));
        driver.deliverAll();
        assertThat(payables.due(DAY.plusWeeks(1), null, 10, knownTo).accounts().values())
                .extracting(Payables.Account::bankToken)
                .containsExactly("old");
        assertThat(payables.due(DAY.plusWeeks(1), null, 10, driver.head())
                        .accounts()
                        .values())
                .extracting(Payables.Account::bankToken)
                .containsExactlyInAnyOrder("new", "other");
    }

    private void assertTheSameOneByOneAndTogether() {
        while (driver.delivered() < driver.head()) {
            driver.deliver(1);
        }
        List<List<String>> oneByOne = TABLES.stream().map(driver::dump).toList();
        driver.reset();
        driver.deliverAll();
        assertThat(TABLES.stream().map(driver::dump).toList()).isEqualTo(oneByOne);
    }

    private static Fact account(String id, Object event) {
        return new Fact(id, "P", event, DAY);
    }

    private static AccountOpened opened(String accountId, String bankToken) {
        return new AccountOpened(
                accountId,
                "B",
                "P",
                LegalBasis.CHILD_S17A,
                AccountType.BANK_ACCOUNT,
                HolderType.PARENT,
                null,
                true,
                new Sealed("b2xk"),
                bankToken,
                DAY,
                new Terms(1, null, DAY, null, null, List.of()),
                1);
    }

    private static Fact run(Object event) {
        return new Fact("run/R", null, "P", event, DAY);
    }

    private static Fact created() {
        return run(new RunCreated("R", DAY, DAY, new Originator("C", "000000", "00000000", "000000"), 1, 1, "finance"));
    }

    /** The one instalment of the account A. */
    private static Fact selected(Remark... exceptions) {
        return run(new ItemsSelected(List.of(new Item(
                1,
                "A",
                "P",
                "L1",
                "S.1",
                "S.1",
                DAY,
                pounds("100.00"),
                Money.ZERO,
                pounds("100.00"),
                null,
                List.of(exceptions)))));
    }

    private static InstalmentsScheduled scheduled() {
        return new InstalmentsScheduled("S", "L1", Frequency.WEEKLY, instalments("100.00"), Money.ZERO, DAY);
    }

    private static List<Instalment> instalments(String amount) {
        return IntStream.rangeClosed(1, 52)
                .mapToObj(number -> new Instalment(
                        "S." + number, number, DAY.plusWeeks(number), pounds(amount), Money.ZERO, null, null))
                .toList();
    }

    private static PaymentReturned returned(String paymentId) {
        return new PaymentReturned(
                paymentId,
                "L1",
                FundingSource.SOCIAL_CARE_CHILD,
                "S.1",
                pounds("100.00"),
                Money.ZERO,
                pounds("100.00"),
                "R1",
                DAY);
    }

    private static PaymentIssued paid(String paymentId) {
        return new PaymentIssued(
                paymentId,
                "L1",
                FundingSource.SOCIAL_CARE_CHILD,
                "S.1",
                pounds("100.00"),
                Money.ZERO,
                pounds("100.00"),
                DAY);
    }

    private static Money pounds(String amount) {
        return Money.parse(amount);
    }
}
