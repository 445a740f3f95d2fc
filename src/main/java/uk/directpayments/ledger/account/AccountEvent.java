package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;

/**
 * What has happened on a payment account. Rulebook 7.2. Money is positive in every event; its name says which way it went.
 * {@code on} is the business day it counts on.
 */
public sealed interface AccountEvent {

    /** How the money is held. API: Payment accounts. */
    enum AccountType {
        PREPAID_CARD,
        BANK_ACCOUNT,
        SUPPORTED,
        MANAGED
    }

    /** Who holds the account. */
    enum HolderType {
        YOUNG_PERSON,
        PARENT,
        NOMINEE,
        ADULT,
        AUTHORISED_PERSON,
        ORGANISATION
    }

    /** Rulebook 4.6; how many instalments a year and how far apart is {@link Instalments}' to say. */
    enum Frequency {
        WEEKLY,
        FOUR_WEEKLY,
        MONTHLY,
        QUARTERLY,
        ANNUAL,
        ONE_OFF
    }

    /** How money was spent. */
    enum SpendType {
        PURCHASE,
        CASH,
        FEE,
        TRANSFER
    }

    /** What approved money is kept back for. Rulebook 4.11. */
    enum ReserveKind {
        REDUNDANCY,
        HOLIDAY_PAY,
        AGREED_SAVING,
        SHORT_BREAK,
        OTHER
    }

    /**
     * The part of a movement that belongs to one source, and within it to one budget line. Rulebook 4.12.
     *
     * @param lineId null where the money belongs to no line: a top-up, a contribution, a budget without lines
     */
    record Share(FundingSource source, @Nullable String lineId, Money amount) {}

    /**
     * @param bankDetails sealed: {@code bank <sort code> <account number>} or {@code card <reference>}
     * @param bankToken   by which a card feed finds the account: keyed hash of the card reference, or of sort code and account number
     * @param terms       what the budget allowed, and {@code termsAt} the position of the log at which that was true
     */
    @EventName(value = "account.opened", revision = 3, readsFrom = 1)
    record AccountOpened(
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
            Terms terms,
            long termsAt)
            implements AccountEvent {}

    /** Somebody asks that the money go elsewhere from now on; a later proposal takes the place of an earlier one. See {@link AccountOpened}. */
    @EventName("account.bank-details-proposed")
    record BankDetailsProposed(String changeId, Sealed bankDetails, String bankToken, String proposedBy)
            implements AccountEvent {}

    /** Somebody else agreed: the money goes there, once the policy's cooling-off days are over. */
    @EventName("account.bank-details-approved")
    record BankDetailsApproved(String changeId, Sealed bankDetails, String bankToken, String approvedBy, LocalDate on)
            implements AccountEvent {}

    /** The budget has changed: what it allows from now on. */
    @EventName(value = "account.allocation-carried", revision = 3, readsFrom = 1)
    record AllocationCarried(Terms terms) implements AccountEvent {}

    /** A line is no longer paid through this account; {@code paid} gross pence were, before. */
    @EventName("account.line-released")
    record LineReleased(String lineId, Money paid) implements AccountEvent {}

    /**
     * A payment came back on a line that the account had let go of, or was closed with: of the sum that it then said to have paid on it, this much was
     * not. Follows the return.
     *
     * @param amount gross
     */
    @EventName("account.line-refunded")
    record LineRefunded(String lineId, Money amount) implements AccountEvent {}

    /**
     * Instalments were agreed; the schedule, not the year, is what was agreed. Rulebook 4.6.
     *
     * @param contribution the client's, of a whole instalment; null in what was recorded before there were part periods
     */
    @EventName(value = "account.instalments-scheduled", revision = 2, readsFrom = 1)
    record InstalmentsScheduled(
            String scheduleId,
            String lineId,
            Frequency frequency,
            List<Instalment> instalments,
            @Nullable Money contribution,
            LocalDate on)
            implements AccountEvent {

        /**
         * The business day from which the schedule counts: the day on which it was agreed or, where that was late, the first day that it pays for.
         * What is prepaid or accrued on a day gone by is asked of it (rulebook 4.21).
         */
        public LocalDate countsFrom() {
            return instalments.stream()
                    .findFirst()
                    .map(Instalment::firstDay)
                    .filter(on::isAfter)
                    .orElse(on);
        }

        /** The day whose allocation one of the instalments uses. */
        public LocalDate countsOn(Instalment instalment) {
            return Instalments.countsOn(instalments.get(0).payOn(), frequency, instalment.number() - 1);
        }
    }

    /**
     * The line is worth something else from a day on, or ends on another: these instalments of a schedule, none of them paid, are agreed anew.
     * Rulebook 4.6, 4.7.
     */
    @EventName(value = "account.instalments-recomputed", revision = 2, readsFrom = 1)
    record InstalmentsRecomputed(String scheduleId, String lineId, List<Instalment> instalments, LocalDate on)
            implements AccountEvent {

        /**
         * The business day from which they count: the day on which they were agreed anew or, where what they come to changed before, the first
         * day that one of them pays for.
         */
        LocalDate countsFrom() {
            return instalments.stream().map(Instalment::firstDay).reduce(on, BusinessDay::earlier);
        }

        /** The instalments of the schedule as they are now. */
        List<Instalment> in(List<Instalment> before) {
            Map<Integer, Instalment> changed =
                    instalments.stream().collect(Collectors.toMap(Instalment::number, instalment -> instalment));
            return before.stream()
                    .map(old -> changed.getOrDefault(old.number(), old))
                    .toList();
        }
    }

    /**
     * One instalment.
     *
     * @param number       from 1
     * @param amount       gross
     * @param contribution what the client is assessed to pay into the account; the council pays amount less contribution
     * @param coversFrom   of a part period the first day that is paid for, and {@code coversTo} the last; null of a whole one, which is from its
     *                     pay day to the next. Rulebook 4.7
     */
    record Instalment(
            String instalmentId,
            int number,
            LocalDate payOn,
            Money amount,
            Money contribution,
            @Nullable LocalDate coversFrom,
            @Nullable LocalDate coversTo) {

        /** The first day that it is paid for. */
        public LocalDate firstDay() {
            return coversFrom == null ? payOn : coversFrom;
        }

        /** What the council pays; nothing if nothing is left of the allocation. */
        public Money net() {
            return amount.minus(contribution);
        }

        /** This, or what is left where that is less; never less than nothing. */
        Instalment atMost(Money left) {
            Money most = left.isNegative() ? Money.ZERO : left;
            return amount.isMoreThan(most)
                    ? new Instalment(instalmentId, number, payOn, most, contribution.least(most), coversFrom, coversTo)
                    : this;
        }
    }

    /**
     * The council paid {@code net} = {@code amount} − {@code contribution} into the account; the allocation is used by the gross amount.
     *
     * @param instalmentId null for a payment extra to the schedule
     */
    @EventName("account.payment-issued")
    record PaymentIssued(
            String paymentId,
            String lineId,
            FundingSource source,
            @Nullable String instalmentId,
            Money amount,
            Money contribution,
            Money net,
            LocalDate on)
            implements AccountEvent {}

    /** The bank sent a payment back: the allocation is free again. */
    @EventName("account.payment-returned")
    record PaymentReturned(
            String paymentId,
            String lineId,
            FundingSource source,
            @Nullable String instalmentId,
            Money amount,
            Money contribution,
            Money net,
            String reasonCode,
            LocalDate on)
            implements AccountEvent {}

    /** Money on top of the budget came in, from the council or the family. */
    @EventName("account.top-up-received")
    record TopUpReceived(String topUpId, FundingSource source, Money amount, LocalDate on) implements AccountEvent {}

    /** The client's assessed contribution came in. */
    @EventName("account.contribution-received")
    record ContributionReceived(String contributionId, Money amount, LocalDate on) implements AccountEvent {}

    /**
     * Money was spent: a fact, whatever one may think of it.
     *
     * @param payeeKey    keyed hash of the payee under the person's key: is it the same payee?
     * @param category    in the field's words, or null if nobody has said
     * @param mcc         merchant category code, four digits, of a card line
     * @param cashback    the part of {@code amount} that was paid out in cash at the till, or null
     * @param externalRef the bank's or card scheme's own reference
     * @param lineId      the budget line that was named, or null
     * @param merchant    the entry of the council's merchant list where it was spent, under the policy of the day, or null
     * @param shares      how it was shared, adding up to {@code amount}
     */
    @EventName(value = "account.expenditure-recorded", revision = 2, readsFrom = 1)
    record ExpenditureRecorded(
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
            List<Share> shares)
            implements AccountEvent {}

    /** An expenditure is taken back, on its own day unless said otherwise: it was wrong, or never happened. */
    @EventName("account.expenditure-reversed")
    record ExpenditureReversed(
            String reversalId,
            String expenditureId,
            Money amount,
            @Nullable String category,
            Sealed reason,
            LocalDate on,
            List<Share> shares)
            implements AccountEvent {}

    /**
     * Spending of these days is judged anew, by a policy that was published for days gone by.
     *
     * @param until    the first day that is not, or null: for good
     * @param listed   the entry of that policy's merchant list that a payee is, by {@code payeeKey}; null if nobody was compared with it:
     *                 revision 1 did not, and names of a person who has been erased cannot be read
     * @param unlisted keys of payees that were on the list before and are not on this one; null as {@code listed} is
     */
    @EventName(value = "account.spending-reassessed", revision = 2, readsFrom = 1)
    record SpendingReassessed(
            String policyVersion,
            LocalDate from,
            @Nullable LocalDate until,
            @Nullable Map<String, String> listed,
            @Nullable List<String> unlisted)
            implements AccountEvent {

        /** Whether spending of a day is judged anew. */
        public boolean covers(LocalDate on) {
            return !on.isBefore(from) && (until == null || on.isBefore(until));
        }
    }

    /** The payee gave money back. */
    @EventName("account.refund-received")
    record RefundReceived(
            String refundId,
            String expenditureId,
            Money amount,
            @Nullable String category,
            LocalDate on,
            List<Share> shares)
            implements AccountEvent {}

    /**
     * An expenditure belongs to another category.
     *
     * @param amount what is left of it after refunds; {@code on} is the expenditure's own day
     */
    @EventName("account.expenditure-reclassified")
    record ExpenditureReclassified(
            String expenditureId, @Nullable String from, String to, Money amount, Sealed reason, LocalDate on)
            implements AccountEvent {}

    /** Money in the account is kept back for an approved purpose until a day, so it is no surplus. */
    @EventName("account.reserve-approved")
    record ReserveApproved(
            String reserveId, ReserveKind kind, Money amount, LocalDate until, Sealed reason, LocalDate on)
            implements AccountEvent {}

    @EventName("account.reserve-released")
    record ReserveReleased(String reserveId, LocalDate on) implements AccountEvent {}

    /**
     * Money of the account is owed: wages, tax, an invoice. It is no surplus until it is settled. Rulebook 4.11, 4.17.
     *
     * @param kind in the field's words, in clear
     * @param due  when it is to be paid
     * @param on   the day from which the ledger counts it
     */
    @EventName("account.liability-recorded")
    record LiabilityRecorded(String liabilityId, String kind, Money amount, LocalDate due, Sealed payee, LocalDate on)
            implements AccountEvent {}

    /** What was owed has been paid, or is owed no more. The payment itself is an expenditure. */
    @EventName("account.liability-settled")
    record LiabilitySettled(String liabilityId, LocalDate on) implements AccountEvent {}

    /**
     * Somebody proposes to take back money that is not needed; nothing has moved. Rulebook 4.11.
     *
     * @param proposedBy login name: somebody else must approve
     */
    @EventName(value = "account.surplus-proposed", revision = 2, readsFrom = 1)
    record SurplusProposed(String recoveryId, Money amount, Surplus calculation, String proposedBy, LocalDate on)
            implements AccountEvent {}

    /**
     * Another person has agreed to the proposal, on a fresh calculation.
     *
     * @param shares whose money it is, adding up to {@code amount}; the client's share goes to the client
     */
    @EventName(value = "account.surplus-recovery-approved", revision = 2, readsFrom = 1)
    record SurplusRecoveryApproved(
            String recoveryId, Money amount, Surplus calculation, List<Share> shares, LocalDate on)
            implements AccountEvent {}

    /** Money of an approved recovery has left the account. */
    @EventName("account.recovery-received")
    record RecoveryReceived(String receiptId, String recoveryId, Money amount, LocalDate on, List<Share> shares)
            implements AccountEvent {}

    /**
     * What is outstanding of an approved recovery is given up, as far as the account still holds it: it counts no longer as money of the account.
     *
     * @param authority under which the decision was made, a name in the policy's {@code delegatedAuthority}
     */
    @EventName("account.recovery-written-off")
    record RecoveryWrittenOff(
            String writeOffId,
            String recoveryId,
            Money amount,
            String authority,
            Sealed reason,
            LocalDate on,
            List<Share> shares)
            implements AccountEvent {}

    /**
     * Money of a recovery is asked for no longer, and none moves: nobody had approved it, or it has been spent since.
     *
     * @param authority as of {@link RecoveryWrittenOff}
     */
    @EventName("account.recovery-given-up")
    record RecoveryGivenUp(String recoveryId, Money amount, String authority, Sealed reason, LocalDate on)
            implements AccountEvent {}

    /**
     * Somebody has judged how closely the account is to be watched, from a day on. Rulebook 4.18.
     *
     * @param riskBand one of the policy's {@code returnCycle}
     */
    @EventName("account.risk-band-set")
    record RiskBandSet(String riskBand, Sealed reason, LocalDate from) implements AccountEvent {}

    /**
     * The council asks how the money of a period was spent. Rulebook 4.18, 7.8.
     *
     * @param period   in the council's words, like 2026-Q1
     * @param riskBand whose cycle the day it is due was taken from, or null if somebody named the day
     */
    @EventName("account.return-requested")
    record ReturnRequested(
            String returnId, String period, @Nullable String riskBand, LocalDate due, LocalDate on)
            implements AccountEvent {}

    /** The holder was reminded of a return that has not come. */
    @EventName("account.return-reminded")
    record ReturnReminded(String returnId, LocalDate on) implements AccountEvent {}

    /** It has come, or something more for it. */
    @EventName("account.return-received")
    record ReturnReceived(String returnId, List<Document> documents, LocalDate on) implements AccountEvent {}

    /** @param sha256 of a document, in small letters, which is kept elsewhere */
    record Document(String sha256, Sealed name) {}

    /** The council has looked at it, and nothing more is asked. */
    @EventName("account.return-accepted")
    record ReturnAccepted(String returnId, LocalDate on) implements AccountEvent {}

    /** The council asks something about it. */
    @EventName("account.return-queried")
    record ReturnQueried(String returnId, Sealed reason, LocalDate on) implements AccountEvent {}

    /** Nothing is paid from a day on. Rulebook 4.14. */
    @EventName("account.suspended")
    record AccountSuspended(LocalDate from, String cause, Sealed reason) implements AccountEvent {}

    @EventName("account.resumed")
    record AccountResumed(LocalDate on) implements AccountEvent {}

    /** The person whose budget it is has died. Rulebook 4.16. A later one corrects the date. */
    @EventName("account.death-noted")
    record DeathNoted(LocalDate on) implements AccountEvent {}

    /**
     * Closed with nothing left in it.
     *
     * @param paid gross pence paid on each line through this account, for whichever account pays it next
     */
    @EventName("account.closed")
    record AccountClosed(LocalDate on, Map<String, Money> paid) implements AccountEvent {}
}
