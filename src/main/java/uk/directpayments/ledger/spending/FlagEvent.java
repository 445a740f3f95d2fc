package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;

/** What people did about a flag: rulebook 3.8, 7.4. That the policy or a detector raised or withdrew one is derived, and no event. */
public sealed interface FlagEvent {

    /** On what a decision that money was wrongly spent rests. */
    enum Ground {
        OFF_PLAN,
        CONDITION_BREACH,
        PROHIBITED,
        RELATIVE,
        LIMIT
    }

    /**
     * Somebody raised a flag by hand.
     *
     * @param raisedBy login name: somebody else must uphold it
     * @param on       the business day of the transaction
     */
    @EventName("flag.raised")
    record FlagRaised(
            String flagId,
            String accountId,
            String transactionId,
            String reason,
            Money amount,
            Sealed explanation,
            String raisedBy,
            LocalDate on)
            implements FlagEvent {}

    /**
     * @param due       the last day on which evidence is awaited
     * @param letterRef in clear, as it was recorded before revision 2; since then it is {@code letter}
     */
    @EventName(value = "flag.evidence-requested", revision = 2, readsFrom = 1)
    record EvidenceRequested(
            LocalDate due,
            @Nullable String letterRef,
            LocalDate on,
            @Nullable Sealed letter) implements FlagEvent {}

    /** @param sha256 of the document, which is kept elsewhere */
    @EventName("flag.evidence-received")
    record EvidenceReceived(String sha256, Sealed name, LocalDate on) implements FlagEvent {}

    /**
     * The money was wrongly spent, in whole or in part.
     *
     * @param waived    why nobody waited for evidence, or null
     * @param decidedBy login name
     */
    @EventName("flag.upheld")
    record FlagUpheld(
            Money amount,
            Ground ground,
            Sealed reason,
            @Nullable Sealed waived,
            String decidedBy,
            LocalDate on) implements FlagEvent {}

    @EventName("flag.dismissed")
    record FlagDismissed(Sealed reason, LocalDate on) implements FlagEvent {}

    /** On appeal: once. */
    @EventName("flag.reopened")
    record FlagReopened(Sealed reason, LocalDate on) implements FlagEvent {}

    @EventName("flag.repayment-requested")
    record RepaymentRequested(Money amount, LocalDate due, Sealed debtor, LocalDate on) implements FlagEvent {}

    /** @param fromPayments whether it was kept back from later payments, and not paid by anybody */
    @EventName("flag.repayment-received")
    record RepaymentReceived(Money amount, String method, boolean fromPayments, LocalDate on) implements FlagEvent {}

    @EventName("flag.written-off")
    record FlagWrittenOff(Money amount, String authority, Sealed reason, LocalDate on) implements FlagEvent {}

    /** @param reference in clear, as it was recorded before revision 2; since then it is {@code caseRef} */
    @EventName(value = "flag.fraud-referred", revision = 2, readsFrom = 1)
    record FraudReferred(
            @Nullable String reference,
            LocalDate on,
            @Nullable Sealed caseRef) implements FlagEvent {}
}
