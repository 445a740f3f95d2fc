package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.policy.Decision;
import uk.directpayments.ledger.spending.SpendingPolicy.Classified;

/**
 * Something in question.
 *
 * @param transactionId the expenditure, or null: of a stay, or of something that did not happen
 * @param rule          which rule of {@link SpendingPolicy} decided, or null
 * @param until         the day from which on it is in question no more by what has been recorded already, or null
 */
record Finding(
        String flagId,
        String accountId,
        @Nullable String transactionId,
        @Nullable String stayId,
        String reason,
        Decision decision,
        Money amount,
        LocalDate on,
        Detector detector,
        String policyVersion,
        SpendingPolicy.@Nullable Rule rule,
        @Nullable String mcc,
        @Nullable LocalDate until) {

    static Finding of(Item item, Classified answer) {
        return of(item, answer.reason(), answer.decision(), answer.amount(), Detector.MCC, answer.rule());
    }

    static Finding of(
            Item item,
            String reason,
            Decision decision,
            Money amount,
            Detector detector,
            SpendingPolicy.@Nullable Rule rule) {
        return new Finding(
                id(item.accountId(), item.expenditureId(), reason),
                item.accountId(),
                item.expenditureId(),
                null,
                reason,
                decision,
                amount,
                item.on(),
                detector,
                item.policyVersion(),
                rule,
                item.mcc(),
                null);
    }

    /** What whoever is to decide is asked about all that is left of an expenditure. */
    static Finding query(Item item, String reason, Detector detector) {
        return of(item, reason, Decision.QUERY, item.left(), detector, null);
    }

    /** Of no single expenditure. @param parts what tells it from others of the same reason */
    static Finding ofPerson(
            String accountId,
            @Nullable String stayId,
            String reason,
            Detector detector,
            LocalDate on,
            String policyVersion,
            String... parts) {
        String[] all = new String[parts.length + 3];
        all[0] = accountId;
        all[1] = detector.name();
        all[2] = reason;
        System.arraycopy(parts, 0, all, 3, parts.length);
        return new Finding(
                id(all),
                accountId,
                null,
                stayId,
                reason,
                Decision.QUERY,
                Money.ZERO,
                on,
                detector,
                policyVersion,
                null,
                null,
                null);
    }

    Finding until(@Nullable LocalDate day) {
        return new Finding(
                flagId,
                accountId,
                transactionId,
                stayId,
                reason,
                decision,
                amount,
                on,
                detector,
                policyVersion,
                rule,
                mcc,
                day);
    }

    /** The same over replays: made of what is in question and why. */
    static String id(String... parts) {
        return "F-" + Hashes.hex(parts).substring(0, 24);
    }
}
