package uk.directpayments.ledger.payout;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.OfPerson;
import uk.directpayments.ledger.kernel.Sealed;

/** What has happened to a payment run. Rulebook 7.5. It concerns many people, so its metadata name none. */
sealed interface RunEvent {

    /** Items of one event: an event stays of bounded size, however large the run. */
    int ITEMS_AT_A_TIME = 500;

    /** What a person should look at before a payment goes out. Some hold the payment back by themselves. */
    enum Remark {
        /** The account has never been paid before, or all that it was paid came back. */
        FIRST_PAYMENT(false),
        /** Another item of the run pays into the same bank account. */
        SAME_BANK_ACCOUNT(false),
        /** Another item of the run pays the same line for the same day. */
        DUPLICATE(true),
        /** Bank details were changed within the cooling-off days. */
        BANK_DETAILS_CHANGED(true),
        /** There is nowhere to pay to, or nobody in whose name, or a bank's file would name another card of the run alike. */
        NO_BANK_DETAILS(true),
        SUSPENDED(true),
        ABOVE_ALLOCATION(true),
        BUDGET_ENDED(true),
        CONSENT_REQUIRED(true);

        private final boolean holds;

        Remark(boolean holds) {
            this.holds = holds;
        }

        /** Whether the payment waits until a person has released it. */
        boolean holds() {
            return holds;
        }
    }

    /**
     * Who pays: as the bank knows the council on the day of the run.
     *
     * @param sortCode          six digits
     * @param accountNumber     eight digits
     * @param serviceUserNumber six digits, the council's number at Bacs
     */
    record Originator(String name, String sortCode, String accountNumber, String serviceUserNumber) {}

    /**
     * One instalment that was due.
     *
     * @param number     from 1, in the run
     * @param amount     gross; {@code net} = {@code amount} − {@code contribution} goes to the bank
     * @param payTo      see {@link PayTo}; null where there is nowhere to pay to
     * @param exceptions in the order of the alphabet
     * @param endToEndId by which banks name the payment: at most 35 characters, unique in the run
     */
    record Item(
            int number,
            String accountId,
            String personId,
            String lineId,
            String instalmentId,
            String endToEndId,
            LocalDate payOn,
            Money amount,
            Money contribution,
            Money net,
            @Nullable Sealed payTo,
            List<Remark> exceptions)
            implements OfPerson {

        /** The same, with nowhere to pay to. */
        Item nowhere() {
            Set<Remark> remarks = new TreeSet<>(exceptions);
            remarks.add(Remark.NO_BANK_DETAILS);
            return new Item(
                    number,
                    accountId,
                    personId,
                    lineId,
                    instalmentId,
                    endToEndId,
                    payOn,
                    amount,
                    contribution,
                    net,
                    null,
                    List.copyOf(remarks));
        }

        boolean held() {
            return exceptions.stream().anyMatch(Remark::holds);
        }
    }

    /** What came of an approved item: {@code refusedAs} is the code with which its account refused it, null if it was issued. */
    record Outcome(int number, @Nullable String refusedAs) {}

    /** What the bank sent back, or never got. */
    record Rejection(int number, String reasonCode) {}

    /**
     * A run was created. Its items follow in the same write.
     *
     * @param cutOff  instalments due by this day were looked for
     * @param knownTo the position of the log at which they were
     * @param items   how many were found, held ones included
     */
    @EventName("run.created")
    record RunCreated(
            String runId,
            LocalDate cutOff,
            LocalDate payDate,
            Originator originator,
            int items,
            long knownTo,
            String createdBy)
            implements RunEvent {}

    /** Instalments that the run found, at most {@link #ITEMS_AT_A_TIME}. */
    @EventName("run.items-selected")
    record ItemsSelected(List<Item> items) implements RunEvent {}

    @EventName("run.item-held")
    record ItemHeld(int number, Money amount, Sealed reason) implements RunEvent {}

    @EventName("run.item-released")
    record ItemReleased(int number, Money amount) implements RunEvent {}

    /** A second person agreed: from now on the run is locked, and its payments are issued. Money is what goes to the bank. */
    @EventName("run.approved")
    record RunApproved(Money total, int count, String approvedBy) implements RunEvent {}

    /** Some payments were issued, in the order of the items, or refused by their accounts. */
    @EventName("run.payments-issued")
    record PaymentsIssued(List<Outcome> outcomes) implements RunEvent {}

    /**
     * Every payment has been issued, and these are the bytes that tell the bank of them.
     *
     * @param sha256 64 hexadecimal digits
     */
    @EventName("run.file-generated")
    record FileGenerated(FileFormat format, String sha256, Money controlTotal, int count) implements RunEvent {}

    @EventName("run.submitted")
    record RunSubmitted(LocalDate on, String channel) implements RunEvent {}

    /**
     * The bank refused some payments, at most {@link #ITEMS_AT_A_TIME}, or, just before the closing of a run that was never submitted, got none of
     * them; they go back to their allocations on {@code on}.
     */
    @EventName("run.payments-rejected")
    record PaymentsRejected(List<Rejection> rejections, LocalDate on) implements RunEvent {}

    /** Nothing more is to come. A run that nobody approved is given up: its instalments are free for another. */
    @EventName("run.closed")
    record RunClosed(int paid, Money paidTotal, int rejected, LocalDate on) implements RunEvent {}
}
