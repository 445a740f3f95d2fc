package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.LedgerCommand;
import uk.directpayments.ledger.spending.FlagEvent.Ground;

/** What may be asked about a flag: rulebook 7.4. {@code today} is the business day on which it is asked. */
public sealed interface FlagCommand extends LedgerCommand {

    Subject subject();

    @Override
    default String streamId() {
        return "flag/" + subject().flagId();
    }

    /**
     * The flag as the register shows it at this moment: the stream of a derived flag begins with what a person does about it.
     *
     * @param amount    what is in question
     * @param withdrawn whether its cause has gone
     * @param reversed  whether nothing is left of its expenditure
     */
    record Subject(
            String flagId, String accountId, String personId, Money amount, boolean withdrawn, boolean reversed) {}

    /** Refused: {@code DUPLICATE_FLAG}, {@code AMOUNT_NOT_POSITIVE}, {@code AMOUNT_OVER_TRANSACTION}. */
    record RaiseFlag(
            Subject subject,
            String transactionId,
            String reason,
            Money transactionAmount,
            Sealed explanation,
            String by,
            boolean duplicate,
            LocalDate on)
            implements FlagCommand {}

    /** Refused: {@code FLAG_CLOSED}, {@code DATE_BEFORE_START} (due before today). */
    record RequestEvidence(
            Subject subject, LocalDate due, @Nullable Sealed letterRef, LocalDate today) implements FlagCommand {}

    /** Refused: {@code FLAG_CLOSED}. */
    record AddEvidence(Subject subject, String sha256, Sealed name, LocalDate today) implements FlagCommand {}

    /**
     * Refused: {@code FLAG_CLOSED}, {@code REASONS_REQUIRED}, {@code AMOUNT_NOT_POSITIVE}, {@code AMOUNT_OVER_TRANSACTION},
     * {@code SEPARATION_OF_DUTIES}, {@code EVIDENCE_WINDOW_OPEN}.
     *
     * @param transactionAmount what of the transaction has not come back and no other flag has upheld; null of a stay, or of something that did not happen:
     *                          then how much was wrong is for a person to say
     */
    record UpholdFlag(
            Subject subject,
            @Nullable Money transactionAmount,
            Money amount,
            Ground ground,
            @Nullable Sealed reason,
            @Nullable Sealed waiver,
            String by,
            LocalDate today)
            implements FlagCommand {}

    /** Refused: {@code FLAG_CLOSED}, {@code REASONS_REQUIRED}. */
    record DismissFlag(Subject subject, @Nullable Sealed reason, LocalDate today) implements FlagCommand {}

    /** Refused: {@code FLAG_NOT_DECIDED}, {@code RECONSIDERATION_USED}, {@code REASONS_REQUIRED}, {@code FLAG_CLOSED}. */
    record ReopenFlag(Subject subject, @Nullable Sealed reason, LocalDate today) implements FlagCommand {}

    /** Refused: {@code FLAG_NOT_UPHELD}, {@code FLAG_CLOSED}, {@code AMOUNT_NOT_POSITIVE}, {@code EXCEEDS_OUTSTANDING}. */
    record RequestRepayment(Subject subject, Money amount, LocalDate due, Sealed debtor, LocalDate today)
            implements FlagCommand {}

    /**
     * Also of what has come back whole since: that somebody has paid is a fact. Refused: {@code FLAG_NOT_UPHELD}, {@code AMOUNT_NOT_POSITIVE}, {@code EXCEEDS_OUTSTANDING}, {@code DATE_IN_FUTURE},
     * {@code DATE_BEFORE_START}.
     *
     * @param spentOn the day of the transaction; null of a flag that is about none
     */
    record ReceiveRepayment(
            Subject subject,
            Money amount,
            String method,
            LocalDate on,
            @Nullable LocalDate spentOn,
            LocalDate today) implements FlagCommand {}

    /** Refused: {@code FLAG_NOT_UPHELD}, {@code FLAG_CLOSED}, {@code EXCEEDS_OUTSTANDING}, {@code REASONS_REQUIRED}, {@code AUTHORITY_EXCEEDED}. */
    record WriteOffFlag(
            Subject subject,
            Money amount,
            String authority,
            @Nullable Sealed reason,
            Money limit,
            String policyVersion,
            LocalDate today)
            implements FlagCommand {}

    /** Refused: {@code FLAG_NOT_UPHELD}, {@code FLAG_CLOSED}. */
    record ReferFraud(Subject subject, Sealed reference, LocalDate today) implements FlagCommand {}
}
