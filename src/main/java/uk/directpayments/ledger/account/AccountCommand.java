package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.AccountType;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.account.AccountEvent.ReserveKind;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.LedgerCommand;

/** What may be asked of a payment account: rulebook 7.2. {@code today} is the business day on which it is asked. */
public sealed interface AccountCommand extends LedgerCommand {

    String accountId();

    @Override
    default String streamId() {
        return "account/" + accountId();
    }

    /**
     * Refused: {@code ID_ALREADY_USED}, {@code CONSENT_REQUIRED}, {@code DEDICATED_ACCOUNT_REQUIRED}, {@code BUDGET_ENDED},
     * {@code BUDGET_REFUSED}.
     */
    record OpenAccount(
            String accountId,
            String budgetId,
            String personId,
            LegalBasis legalBasis,
            AccountType type,
            HolderType holderType,
            @Nullable String organisationId,
            boolean dedicated,
            @Nullable Sealed bankDetails,
            @Nullable String bankToken,
            LocalDate openedOn,
            @Nullable LocalDate budgetEndedOn,
            boolean budgetRefused,
            Terms terms,
            long termsAt)
            implements AccountCommand {}

    /** Refused: {@code ACCOUNT_CLOSED}. */
    record ProposeBankDetails(
            String accountId, String changeId, Sealed bankDetails, String bankToken, String by, LocalDate today)
            implements AccountCommand {}

    /** Refused: {@code BANK_DETAILS_CHANGE_NOT_FOUND}, {@code SEPARATION_OF_DUTIES}, {@code ACCOUNT_CLOSED}. */
    record ApproveBankDetails(String accountId, String changeId, String by, LocalDate today)
            implements AccountCommand {}

    /** From the automation. Older terms than the account has are ignored. */
    record CarryAllocation(String accountId, Terms terms, LocalDate today) implements AccountCommand {}

    /** From the automation: the budget pays the line through another account now. */
    record ReleaseLine(String accountId, String lineId, LocalDate today) implements AccountCommand {}

    /** Refused: see {@link ScheduleRules#schedule}. {@code coversFrom} is null where the first instalment covers no days before its pay day. */
    record ScheduleInstalments(
            String accountId,
            String scheduleId,
            String lineId,
            Frequency frequency,
            LocalDate firstPayOn,
            @Nullable LocalDate coversFrom,
            Money contributionPerInstalment,
            LocalDate today)
            implements AccountCommand {}

    /**
     * Refused: see {@link AccountRules#issue}.
     *
     * @param contribution what of it the client pays; null is what was agreed for the instalment, or nothing
     * @param onHold       whether {@link PaymentHold} says that nothing may be paid on that day
     * @param asSelected   whether a run selected the instalment at these amounts: then it is paid only as long as it is worth them
     */
    record IssuePayment(
            String accountId,
            String paymentId,
            String lineId,
            @Nullable String instalmentId,
            Money amount,
            @Nullable Money contribution,
            LocalDate on,
            boolean onHold,
            boolean asSelected)
            implements AccountCommand {}

    /** Refused: {@code PAYMENT_NOT_FOUND}, {@code ALREADY_RETURNED}, {@code DATE_IN_FUTURE}. */
    record ReturnPayment(String accountId, String paymentId, LocalDate on, String reasonCode, LocalDate today)
            implements AccountCommand {}

    /** Refused: {@code AMOUNT_NOT_POSITIVE}, {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_OPENING}. */
    record ReceiveTopUp(
            String accountId, String topUpId, FundingSource source, Money amount, LocalDate on, LocalDate today)
            implements AccountCommand {}

    /** Refused: {@code AMOUNT_NOT_POSITIVE}, {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_OPENING}. */
    record ReceiveContribution(String accountId, String contributionId, Money amount, LocalDate on, LocalDate today)
            implements AccountCommand {}

    /**
     * Never refused for what was bought. Refused: {@code AMOUNT_ZERO}, {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_OPENING},
     * {@code DUPLICATE_TRANSACTION}, {@code LINE_NOT_FOUND}.
     */
    record RecordExpenditure(
            String accountId,
            String expenditureId,
            Money amount,
            LocalDate on,
            Sealed payee,
            String payeeKey,
            @Nullable String category,
            @Nullable String mcc,
            SpendType type,
            @Nullable Money cashback,
            @Nullable String externalRef,
            @Nullable String lineId,
            @Nullable String stayId,
            @Nullable Sealed description,
            @Nullable String merchant,
            String policyVersion,
            LocalDate today)
            implements AccountCommand {}

    /** Refused: {@code EXPENDITURE_NOT_FOUND}, {@code ALREADY_REVERSED}, {@code REASONS_REQUIRED}, {@code DATE_IN_FUTURE}. */
    record ReverseExpenditure(
            String accountId,
            String reversalId,
            String expenditureId,
            @Nullable Sealed reason,
            @Nullable LocalDate on,
            LocalDate today)
            implements AccountCommand {}

    /** Refused: {@code EXPENDITURE_NOT_FOUND}, {@code REASONS_REQUIRED}, {@code ALREADY_REVERSED}. */
    record ReclassifyExpenditure(
            String accountId,
            String expenditureId,
            String category,
            @Nullable Sealed reason,
            LocalDate today) implements AccountCommand {}

    /** From the automation: a policy changes what has been judged before. The last fields are those of the event. */
    record ReassessSpending(
            String accountId,
            String policyVersion,
            LocalDate from,
            @Nullable LocalDate until,
            @Nullable Map<String, String> listed,
            @Nullable List<String> unlisted,
            LocalDate today)
            implements AccountCommand {}

    /** Refused: {@code EXPENDITURE_NOT_FOUND}, {@code AMOUNT_NOT_POSITIVE}, {@code REFUND_EXCEEDS_ORIGINAL}, {@code DATE_IN_FUTURE}. */
    record ReceiveRefund(
            String accountId, String refundId, String expenditureId, Money amount, LocalDate on, LocalDate today)
            implements AccountCommand {}

    /** Refused: {@code AMOUNT_NOT_POSITIVE}, {@code REASONS_REQUIRED}, {@code RESERVE_OVER_LIMIT}, {@code ID_ALREADY_USED}. */
    record ApproveReserve(
            String accountId,
            String reserveId,
            ReserveKind kind,
            Money amount,
            LocalDate until,
            @Nullable Sealed reason,
            Money limit,
            String policyVersion,
            LocalDate today)
            implements AccountCommand {}

    /** Refused: {@code RESERVE_NOT_FOUND}, {@code RESERVE_ALREADY_RELEASED}. */
    record ReleaseReserve(String accountId, String reserveId, LocalDate today) implements AccountCommand {}

    /** Refused: {@code ID_ALREADY_USED}, {@code AMOUNT_NOT_POSITIVE}, {@code ACCOUNT_CLOSED}, {@code LIMIT_REACHED}. */
    record RecordLiability(
            String accountId,
            String liabilityId,
            String kind,
            Money amount,
            LocalDate due,
            Sealed payee,
            LocalDate today)
            implements AccountCommand {}

    /** Refused: {@code LIABILITY_NOT_FOUND}, {@code LIABILITY_ALREADY_SETTLED}, {@code DATE_IN_FUTURE}. */
    record SettleLiability(String accountId, String liabilityId, LocalDate on, LocalDate today)
            implements AccountCommand {}

    /**
     * Refused: {@code ID_ALREADY_USED}, {@code AMOUNT_NOT_POSITIVE}, {@code RECOVERY_EXCEEDS_SURPLUS}, {@code ACCOUNT_CLOSED} with nothing in it.
     *
     * @param by    login name
     * @param weeks how many weeks' money an account may keep, by the policy of the day
     */
    record ProposeRecovery(
            String accountId, String recoveryId, Money amount, String by, Surplus.Weeks weeks, LocalDate today)
            implements AccountCommand {}

    /**
     * Refused: {@code RECOVERY_NOT_FOUND}, {@code ALREADY_APPROVED}, {@code SEPARATION_OF_DUTIES}, {@code CALCULATION_STALE}.
     *
     * @param by login name
     */
    record ApproveRecovery(String accountId, String recoveryId, String by, Surplus.Weeks weeks, LocalDate today)
            implements AccountCommand {}

    /** Refused: {@code RECOVERY_NOT_FOUND}, {@code NOT_APPROVED}, {@code EXCEEDS_OUTSTANDING}, {@code DATE_IN_FUTURE}. */
    record ReceiveRecovery(
            String accountId, String receiptId, String recoveryId, Money amount, LocalDate on, LocalDate today)
            implements AccountCommand {}

    /**
     * Refused: {@code RECOVERY_NOT_FOUND}, {@code NOT_APPROVED}, {@code REASONS_REQUIRED}, {@code EXCEEDS_OUTSTANDING}, {@code AUTHORITY_EXCEEDED}.
     *
     * @param limit what may be written off under the authority, by the policy of the day
     */
    record WriteOffRecovery(
            String accountId,
            String writeOffId,
            String recoveryId,
            String authority,
            @Nullable Sealed reason,
            Money limit,
            String policyVersion,
            LocalDate today)
            implements AccountCommand {}

    /**
     * Refused: {@code FIELD_INVALID}, {@code REASONS_REQUIRED}, {@code DATE_BEFORE_OPENING}.
     *
     * @param cycle months between the returns of an account, by risk band, by the policy of the day
     */
    record SetRiskBand(
            String accountId,
            String riskBand,
            @Nullable Sealed reason,
            LocalDate from,
            Map<String, Integer> cycle,
            String policyVersion,
            LocalDate today)
            implements AccountCommand {}

    /**
     * Refused: {@code ID_ALREADY_USED}, {@code LIMIT_REACHED}. A closed account is asked too: its last return comes after it.
     *
     * @param riskBand whose cycle counts, or null: the account's own
     * @param due      the last day on which it is in time, or null: the next of the cycle
     * @param cycle    months between the returns of an account, by risk band, by the policy of the day
     */
    record RequestReturn(
            String accountId,
            String returnId,
            String period,
            @Nullable String riskBand,
            @Nullable LocalDate due,
            Map<String, Integer> cycle,
            String policyVersion,
            LocalDate today)
            implements AccountCommand {}

    /** Refused: {@code RETURN_NOT_FOUND}, {@code RETURN_ALREADY_ACCEPTED}, {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_OPENING}. */
    record ReceiveReturn(
            String accountId, String returnId, List<AccountEvent.Document> documents, LocalDate on, LocalDate today)
            implements AccountCommand {}

    /** Refused: {@code RETURN_NOT_FOUND}, {@code RETURN_ALREADY_RECEIVED}, {@code RETURN_ALREADY_ACCEPTED}, {@code DATE_IN_FUTURE}. */
    record RemindReturn(String accountId, String returnId, LocalDate on, LocalDate today) implements AccountCommand {}

    /** Refused: {@code RETURN_NOT_FOUND}, {@code RETURN_NOT_RECEIVED}, {@code RETURN_ALREADY_ACCEPTED}. */
    record AcceptReturn(String accountId, String returnId, LocalDate today) implements AccountCommand {}

    /** Refused: {@code RETURN_NOT_FOUND}, {@code RETURN_NOT_RECEIVED}, {@code RETURN_ALREADY_ACCEPTED}, {@code REASONS_REQUIRED}. */
    record QueryReturn(
            String accountId, String returnId, @Nullable Sealed reason, LocalDate today) implements AccountCommand {}

    /** Refused: {@code ALREADY_SUSPENDED}, {@code REASONS_REQUIRED}, {@code ACCOUNT_CLOSED}. */
    record SuspendAccount(
            String accountId,
            LocalDate from,
            String cause,
            @Nullable Sealed reason,
            LocalDate today) implements AccountCommand {}

    /** Refused: {@code NOT_SUSPENDED}. */
    record ResumeAccount(String accountId, LocalDate on, LocalDate today) implements AccountCommand {}

    /** From the automation. */
    record NoteDeath(String accountId, LocalDate on) implements AccountCommand {}

    /**
     * Refused: {@code BALANCE_NOT_ZERO}, {@code OPEN_FLAGS}, {@code UNRECONCILED_LINES}, {@code ACCOUNT_CLOSED}, {@code DATE_IN_FUTURE}.
     *
     * @param openFlags      how many flags of the account somebody still has to do something about
     * @param unmatchedLines whether a line of a statement waits for what explains it
     */
    record CloseAccount(String accountId, LocalDate on, int openFlags, boolean unmatchedLines, LocalDate today)
            implements AccountCommand {}
}
