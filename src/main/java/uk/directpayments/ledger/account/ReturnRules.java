package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import uk.directpayments.ledger.account.AccountEvent.ReturnAccepted;
import uk.directpayments.ledger.account.AccountEvent.ReturnQueried;
import uk.directpayments.ledger.account.AccountEvent.ReturnReceived;
import uk.directpayments.ledger.account.AccountEvent.ReturnReminded;
import uk.directpayments.ledger.account.AccountEvent.ReturnRequested;
import uk.directpayments.ledger.account.AccountEvent.RiskBandSet;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * What holders owe the council besides money: an account of how it was spent. Rulebook 4.18, 7.8. Pure. A late return is received all the
 * same, for it has come; what is accepted stays accepted.
 */
final class ReturnRules {

    /** The most returns of one account that are not accepted yet. */
    static final int MOST_OPEN = 100;

    private ReturnRules() {}

    /** {@code FIELD_INVALID}, {@code REASONS_REQUIRED}, {@code DATE_BEFORE_OPENING}. */
    static RiskBandSet setRiskBand(AccountState state, AccountCommand.SetRiskBand c) {
        requireBand(c.riskBand(), c.cycle());
        AccountRules.requireAfterOpening(state, c.from(), "from");
        return new RiskBandSet(c.riskBand(), Require.reason(c.reason()), c.from());
    }

    private static void requireBand(String riskBand, Map<String, Integer> cycle) {
        if (!cycle.containsKey(riskBand)) {
            throw new RuleBroken("FIELD_INVALID", "The policy's returnCycle has no such risk band.", "riskBand");
        }
    }

    /** {@code ID_ALREADY_USED}, {@code LIMIT_REACHED}, {@code FIELD_INVALID}. The policy may no longer have the account's own band: then its default counts. */
    static ReturnRequested request(AccountState state, AccountCommand.RequestReturn c) {
        if (state.usesReturn(c.returnId())) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a return with this id.", "returnId");
        }
        if (state.returns.received.size() >= MOST_OPEN) {
            throw new RuleBroken(
                    "LIMIT_REACHED", "There are already " + MOST_OPEN + " returns that are not accepted yet.");
        }
        if (c.riskBand() != null) {
            requireBand(c.riskBand(), c.cycle());
        }
        if (c.due() != null) {
            return new ReturnRequested(c.returnId(), c.period(), null, c.due(), c.today());
        }
        String band = c.riskBand() != null ? c.riskBand() : state.returns.riskBandOn(c.today());
        int months =
                Objects.requireNonNull(c.cycle().getOrDefault(band, c.cycle().get(AccountRegister.NO_BAND)));
        return new ReturnRequested(c.returnId(), c.period(), band, next(state, months, c.today()), c.today());
    }

    /** The first day of the cycle, counted from the last one that was due or from the opening, that has not passed. */
    private static LocalDate next(AccountState state, int months, LocalDate today) {
        LocalDate start =
                state.returns.lastDue == null ? Objects.requireNonNull(state.openedOn) : state.returns.lastDue;
        int cycles = 1;
        while (start.plusMonths((long) cycles * months).isBefore(today)) {
            cycles++;
        }
        return start.plusMonths((long) cycles * months);
    }

    /** {@code RETURN_NOT_FOUND}, {@code RETURN_ALREADY_ACCEPTED}, {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_OPENING}. */
    static ReturnReceived receive(AccountState state, AccountCommand.ReceiveReturn c) {
        requireOpen(state, c.returnId());
        Require.notFuture(c.on(), c.today());
        AccountRules.requireAfterOpening(state, c.on());
        return new ReturnReceived(c.returnId(), c.documents(), c.on());
    }

    /** {@code RETURN_NOT_FOUND}, {@code RETURN_ALREADY_RECEIVED}, {@code RETURN_ALREADY_ACCEPTED}, {@code DATE_IN_FUTURE}. */
    static ReturnReminded remind(AccountState state, AccountCommand.RemindReturn c) {
        if (requireOpen(state, c.returnId())) {
            throw new RuleBroken("RETURN_ALREADY_RECEIVED", "Something of this return has come; query it instead.");
        }
        Require.notFuture(c.on(), c.today());
        AccountRules.requireAfterOpening(state, c.on());
        return new ReturnReminded(c.returnId(), c.on());
    }

    /** {@code RETURN_NOT_FOUND}, {@code RETURN_NOT_RECEIVED}, {@code RETURN_ALREADY_ACCEPTED}. */
    static ReturnAccepted accept(AccountState state, AccountCommand.AcceptReturn c) {
        requireReceived(state, c.returnId());
        return new ReturnAccepted(c.returnId(), c.today());
    }

    /** {@code RETURN_NOT_FOUND}, {@code RETURN_NOT_RECEIVED}, {@code RETURN_ALREADY_ACCEPTED}, {@code REASONS_REQUIRED}. */
    static ReturnQueried query(AccountState state, AccountCommand.QueryReturn c) {
        Require.reason(c.reason());
        requireReceived(state, c.returnId());
        return new ReturnQueried(c.returnId(), Objects.requireNonNull(c.reason()), c.today());
    }

    private static boolean requireOpen(AccountState state, String returnId) {
        Boolean received = state.returns.received.get(returnId);
        if (received != null) {
            return received;
        }
        throw state.usesReturn(returnId)
                ? new RuleBroken("RETURN_ALREADY_ACCEPTED", "This return has been accepted.")
                : new RuleBroken("RETURN_NOT_FOUND", "There is no such return of this account.");
    }

    private static void requireReceived(AccountState state, String returnId) {
        if (!requireOpen(state, returnId)) {
            throw new RuleBroken("RETURN_NOT_RECEIVED", "Nothing of this return has come yet.");
        }
    }
}
