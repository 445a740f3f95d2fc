package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsApproved;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsProposed;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * What the council may do on a payment account: rulebook 7.2, 7.12. Pure: state and command in, event out, or the refusal. Schedules are
 * {@link ScheduleRules}'. What has happened in the world is recorded by {@link Spending} and is never refused for what it is.
 */
final class AccountRules {

    /**
     * The budget pays this line through another account, or none. Not for callers: the Api then has the budget route the line here, and
     * asks again.
     */
    static final String LINE_ROUTED_ELSEWHERE = "LINE_ROUTED_ELSEWHERE";

    private AccountRules() {}

    /**
     * {@code ID_ALREADY_USED}, {@code BUDGET_ENDED}, {@code BUDGET_REFUSED}, {@code CONSENT_REQUIRED}, {@code DEDICATED_ACCOUNT_REQUIRED}
     * (rulebook 1.5, reg 8).
     */
    static void open(AccountState state, AccountCommand.OpenAccount c) {
        if (state.isOpened()) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already an account with this id.", "accountId");
        }
        if (c.budgetEndedOn() != null && !c.openedOn().isBefore(c.budgetEndedOn())) {
            throw new RuleBroken("BUDGET_ENDED", "The budget ended on " + c.budgetEndedOn() + ".");
        }
        if (c.budgetRefused()) {
            throw new RuleBroken("BUDGET_REFUSED", "This budget was refused: it needs a new request.");
        }
        if (c.terms().consentFrom() == null || c.terms().consentUntil() != null) {
            throw new RuleBroken(
                    "CONSENT_REQUIRED", "Nobody has consented to receive the direct payments of this budget.");
        }
        if (c.legalBasis() == LegalBasis.SEN_S49 && !c.dedicated()) {
            throw new RuleBroken(
                    "DEDICATED_ACCOUNT_REQUIRED",
                    "Money under an EHC plan needs an account used for nothing else.",
                    "dedicated");
        }
    }

    /** {@code BANK_DETAILS_CHANGE_NOT_FOUND}, {@code SEPARATION_OF_DUTIES}, {@code ACCOUNT_CLOSED}. */
    static BankDetailsApproved approveBankDetails(AccountState state, AccountCommand.ApproveBankDetails c) {
        requireNotClosed(state);
        BankDetailsProposed proposed = state.proposedBankDetails;
        if (proposed == null || !proposed.changeId().equals(c.changeId())) {
            throw new RuleBroken(
                    "BANK_DETAILS_CHANGE_NOT_FOUND", "No such change of bank details waits for an approval.");
        }
        if (proposed.proposedBy().equals(c.by())) {
            throw new RuleBroken("SEPARATION_OF_DUTIES", "Whoever proposed the bank details may not approve them.");
        }
        return new BankDetailsApproved(c.changeId(), proposed.bankDetails(), proposed.bankToken(), c.by(), c.today());
    }

    /**
     * Issues a payment: {@code ID_ALREADY_USED}, {@code ACCOUNT_CLOSED}, {@code LINE_NOT_FOUND}, {@code LINE_NOT_PAYABLE},
     * {@code DATE_BEFORE_OPENING}, {@code DATE_BEFORE_START}, {@code BUDGET_ENDED}, {@code CONSENT_REQUIRED}, {@code ACCOUNT_SUSPENDED},
     * {@code PAYMENTS_ON_HOLD}, {@code INSTALMENT_NOT_FOUND}, {@code ALREADY_PAID}, {@code CALCULATION_STALE}, {@code AMOUNT_NOT_POSITIVE},
     * {@code NOTHING_TO_PAY}, {@code EXCEEDS_ALLOCATION}.
     */
    static PaymentIssued issue(AccountState state, AccountCommand.IssuePayment c) {
        requireNotClosed(state);
        if (state.payments.containsKey(c.paymentId())) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a payment with this id.", "paymentId");
        }
        Require.positive(c.amount(), "amount");
        Terms.Line line = payableLine(state, c.lineId());
        requireAfterOpening(state, c.on());
        requireWithinBudget(state, line, c.on(), "on");
        requireConsent(state, c.on());
        if (state.isSuspendedOn(c.on())) {
            throw new RuleBroken("ACCOUNT_SUSPENDED", "The account is suspended on that day: nothing may be paid.");
        }
        if (c.onHold()) {
            throw new RuleBroken(
                    "PAYMENTS_ON_HOLD",
                    "A dispute about the budget is open, and the council's policy pays nothing until it is closed.");
        }
        Money contribution = contribution(requireInstalment(state, c), c);
        Money net = c.amount().minus(contribution);
        if (!net.isPositive()) {
            throw new RuleBroken("NOTHING_TO_PAY", "The contribution leaves nothing to pay.", "contribution");
        }
        LocalDate countsOn = countsOn(state, c);
        Money remaining = remaining(state, line, countsOn);
        if (c.amount().isMoreThan(remaining)) {
            throw new RuleBroken(
                    "EXCEEDS_ALLOCATION",
                    "Only " + remaining + " of the line's allocation of " + allocation(state, line, countsOn)
                            + " remain; a payment never exceeds it.",
                    "amount");
        }
        requireRoutedHere(state, line);
        return new PaymentIssued(
                c.paymentId(), c.lineId(), line.source(), c.instalmentId(), c.amount(), contribution, net, c.on());
    }

    /** Where nobody says what the client pays it is what was agreed for the instalment: of a part of it, by the same part. */
    private static Money contribution(AccountState.@Nullable Instalment instalment, AccountCommand.IssuePayment c) {
        if (c.contribution() != null || instalment == null) {
            return c.contribution() == null ? Money.ZERO : c.contribution();
        }
        return instalment.amount().isMoreThan(c.amount())
                ? instalment
                        .contribution()
                        .part(c.amount().pence(), instalment.amount().pence())
                : instalment.contribution();
    }

    private static AccountState.@Nullable Instalment requireInstalment(
            AccountState state, AccountCommand.IssuePayment c) {
        if (c.instalmentId() == null) {
            return null;
        }
        AccountState.Instalment instalment = state.instalments.get(c.instalmentId());
        if (instalment == null || !instalment.lineId().equals(c.lineId())) {
            throw new RuleBroken(
                    "INSTALMENT_NOT_FOUND", "The line has no such instalment on this account.", "instalmentId");
        }
        if (instalment.paid()) {
            throw new RuleBroken("ALREADY_PAID", "This instalment has been paid.", "instalmentId");
        }
        if (c.asSelected() && !instalment.isWorth(c.amount(), contribution(instalment, c))) {
            throw new RuleBroken(
                    "CALCULATION_STALE",
                    "The instalment has been agreed anew since it was selected: it is worth " + instalment.amount()
                            + " now, of which the client pays " + instalment.contribution() + ".",
                    "amount");
        }
        return instalment;
    }

    /** An instalment that is due uses the allocation it was agreed for; one that is paid early, what there is on the day. */
    private static LocalDate countsOn(AccountState state, AccountCommand.IssuePayment c) {
        AccountState.Instalment instalment = c.instalmentId() == null ? null : state.instalments.get(c.instalmentId());
        return instalment == null || c.on().isBefore(instalment.payOn())
                ? c.on()
                : BusinessDay.later(c.on(), instalment.countsOn());
    }

    /** What may still be paid on a line by a day, gross: never counting a payment twice that another account made before. */
    static Money remaining(AccountState state, Terms.Line line, LocalDate on) {
        return allocation(state, line, on).minus(line.paidElsewhere()).minus(state.paid(line.lineId()));
    }

    /** What may have been paid on a line, gross, by a day. */
    static Money allocation(AccountState state, Terms.Line line, LocalDate on) {
        return line.allocation(BusinessDay.earlier(on, lastDay(state, line)));
    }

    /**
     * Closes an account that is empty, from a day on on which nothing moves any more: {@code BALANCE_NOT_ZERO}, {@code ACCOUNT_CLOSED},
     * {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_OPENING}, and what {@link RecoveryRules#requireSettled} refuses.
     */
    static void close(AccountState state, AccountCommand.CloseAccount c) {
        requireNotClosed(state);
        Require.notFuture(c.on(), c.today());
        requireAfterOpening(state, c.on());
        if (!state.balance().isZero()) {
            throw new RuleBroken(
                    "BALANCE_NOT_ZERO",
                    "There is still " + state.balance() + " in the account; it must be settled first.");
        }
        LocalDate moved = state.moves.lastDay();
        if (moved != null && moved.isAfter(c.on())) {
            throw new RuleBroken(
                    "BALANCE_NOT_ZERO",
                    "Money comes or goes until " + moved + "; the account can be closed on that day, not before.",
                    "on");
        }
        if (c.openFlags() > 0) {
            throw new RuleBroken(
                    "OPEN_FLAGS",
                    c.openFlags() + " flags of this account are open; they must be decided and settled first.");
        }
        RecoveryRules.requireSettled(state);
        if (c.unmatchedLines()) {
            throw new RuleBroken(
                    "UNRECONCILED_LINES",
                    "A line of a statement of this account is not matched yet: match or ignore it.");
        }
    }

    /** {@code ALREADY_SUSPENDED}, {@code REASONS_REQUIRED}, {@code ACCOUNT_CLOSED}. */
    static void suspend(AccountState state, AccountCommand.SuspendAccount c) {
        requireNotClosed(state);
        Require.reason(c.reason());
        if (state.openSuspension() != null || state.isSuspendedOn(c.from())) {
            throw new RuleBroken("ALREADY_SUSPENDED", "The account is suspended already.");
        }
    }

    /** {@code NOT_SUSPENDED}, {@code DATE_BEFORE_START}. */
    static void resume(AccountState state, AccountCommand.ResumeAccount c) {
        Suspension suspension = state.openSuspension();
        if (suspension == null) {
            throw new RuleBroken("NOT_SUSPENDED", "The account is not suspended.");
        }
        if (c.on().isBefore(suspension.from())) {
            throw new RuleBroken("DATE_BEFORE_START", "The suspension began on " + suspension.from() + ".", "on");
        }
    }

    /** {@code ID_ALREADY_USED}, {@code AMOUNT_NOT_POSITIVE}, {@code REASONS_REQUIRED}, {@code RESERVE_OVER_LIMIT}, {@code ACCOUNT_CLOSED}. */
    static void reserve(AccountState state, AccountCommand.ApproveReserve c) {
        requireNotClosed(state);
        if (state.reserves.containsKey(c.reserveId())) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a reserve with this id.", "reserveId");
        }
        Require.positive(c.amount(), "amount");
        Require.reason(c.reason());
        Money sameKind = state.reserves.values().stream()
                .filter(reserve -> reserve.kind() == c.kind()
                        && !reserve.released()
                        && !reserve.until().isBefore(c.today()))
                .map(AccountState.Reserve::amount)
                .reduce(c.amount(), Money::plus);
        if (sameKind.isMoreThan(c.limit())) {
            throw new RuleBroken(
                    "RESERVE_OVER_LIMIT",
                    "Reserves of one kind may come to " + c.limit()
                            + " in all (the policy's reserveLimits); this would make " + sameKind + ".",
                    "amount");
        }
    }

    // ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────

    static void requireNotClosed(AccountState state) {
        if (state.closedOn != null) {
            throw new RuleBroken("ACCOUNT_CLOSED", "The account was closed on " + state.closedOn + ".");
        }
    }

    static void requireAfterOpening(AccountState state, LocalDate on) {
        requireAfterOpening(state, on, "on");
    }

    /** @param field that holds the day in the request */
    static void requireAfterOpening(AccountState state, LocalDate on, String field) {
        if (state.openedOn != null && on.isBefore(state.openedOn)) {
            throw new RuleBroken("DATE_BEFORE_OPENING", "The account was opened on " + state.openedOn + ".", field);
        }
    }

    static Terms.Line line(AccountState state, String lineId) {
        return state.terms
                .line(lineId)
                .orElseThrow(() -> new RuleBroken("LINE_NOT_FOUND", "The budget has no such line.", "lineId"));
    }

    static Terms.Line payableLine(AccountState state, String lineId) {
        Terms.Line line = line(state, lineId);
        if (!line.payable()) {
            throw new RuleBroken(
                    "LINE_NOT_PAYABLE", "The council manages this line itself: it is not paid out.", "lineId");
        }
        return line;
    }

    static void requireRoutedHere(AccountState state, Terms.Line line) {
        if (!Objects.equals(line.accountId(), state.accountId)) {
            throw new RuleBroken(LINE_ROUTED_ELSEWHERE, "The line is paid through another account.", "lineId");
        }
    }

    /** @param field that holds the day in the request */
    static void requireWithinBudget(AccountState state, Terms.Line line, LocalDate on, String field) {
        if (on.isBefore(line.from())) {
            throw new RuleBroken("DATE_BEFORE_START", "The line begins on " + line.from() + ".", field);
        }
        LocalDate last = lastDay(state, line);
        if (on.isAfter(last)) {
            throw new RuleBroken("BUDGET_ENDED", "The budget ended on " + last + ".", field);
        }
    }

    /** The last day on which anything may be paid on a line. */
    static LocalDate lastDay(AccountState state, Terms.Line line) {
        LocalDate last = state.terms.lastDay(line);
        return state.diedOn == null ? last : BusinessDay.earlier(last, state.diedOn);
    }

    private static void requireConsent(AccountState state, LocalDate on) {
        if (!state.terms.consented(on)) {
            throw new RuleBroken(
                    "CONSENT_REQUIRED", "Nobody consents to receive direct payments of this budget on that day.");
        }
    }
}
