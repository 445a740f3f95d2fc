package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.LiabilityRecorded;
import uk.directpayments.ledger.account.AccountEvent.LiabilitySettled;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.RecoveryGivenUp;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SurplusProposed;
import uk.directpayments.ledger.account.AccountEvent.SurplusRecoveryApproved;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;

/**
 * What an account owes, and what of it is taken back: rulebook 4.11, 4.12, 7.2. Pure. A proposal never exceeds the surplus of the day, is
 * approved by somebody else on a fresh calculation, and is received, or written off by authority.
 */
final class RecoveryRules {

    /** The most liabilities, and the most recoveries, that are open on one account at a time. */
    static final int MOST_OPEN = 500;

    private RecoveryRules() {}

    // ── what is owed ─────────────────────────────────────────────────────────────────────────────────────────────

    /** {@code ACCOUNT_CLOSED}, {@code ID_ALREADY_USED}, {@code AMOUNT_NOT_POSITIVE}, {@code LIMIT_REACHED}. */
    static LiabilityRecorded owe(AccountState state, AccountCommand.RecordLiability c) {
        AccountRules.requireNotClosed(state);
        if (state.usesLiability(c.liabilityId())) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a liability with this id.", "liabilityId");
        }
        Require.positive(c.amount(), "amount");
        requireRoom(state.settlement.liabilities.size(), "liabilities");
        return new LiabilityRecorded(c.liabilityId(), c.kind(), c.amount(), c.due(), c.payee(), c.today());
    }

    /** {@code LIABILITY_NOT_FOUND}, {@code LIABILITY_ALREADY_SETTLED}, {@code DATE_IN_FUTURE}. */
    static LiabilitySettled settle(AccountState state, AccountCommand.SettleLiability c) {
        if (!state.usesLiability(c.liabilityId())) {
            throw new RuleBroken("LIABILITY_NOT_FOUND", "There is no such liability on this account.");
        }
        if (!state.settlement.liabilities.containsKey(c.liabilityId())) {
            throw new RuleBroken("LIABILITY_ALREADY_SETTLED", "This liability has been settled.");
        }
        Require.notFuture(c.on(), c.today());
        return new LiabilitySettled(c.liabilityId(), c.on());
    }

    // ── what is taken back ───────────────────────────────────────────────────────────────────────────────────────

    /** {@code ACCOUNT_CLOSED} with nothing in it, {@code ID_ALREADY_USED}, {@code AMOUNT_NOT_POSITIVE}, {@code RECOVERY_EXCEEDS_SURPLUS}, {@code LIMIT_REACHED}. */
    static SurplusProposed propose(AccountState state, AccountCommand.ProposeRecovery c) {
        // what came back to an account after it was closed is to be taken back too, or it would stay there for ever
        if (!state.balance().isPositive()) {
            AccountRules.requireNotClosed(state);
        }
        if (state.usesRecovery(c.recoveryId())) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a recovery with this id.", "recoveryId");
        }
        Require.positive(c.amount(), "amount");
        requireRoom(state.settlement.recoveries.size(), "recoveries");
        Surplus surplus = surplus(state, c.weeks(), c.today());
        Money free = surplus.reclaimable().minus(state.settlement.claimed());
        if (c.amount().isMoreThan(free)) {
            throw new RuleBroken(
                    "RECOVERY_EXCEEDS_SURPLUS",
                    "Only " + atLeastNothing(free) + " could be taken back: of a balance of " + surplus.balance() + ", "
                            + surplus.owed() + " are owed, " + surplus.reserves() + " reserved, " + surplus.kept()
                            + " are the money of " + surplus.weeks() + " weeks, and "
                            + state.settlement.claimed() + " have been asked for already.",
                    "amount");
        }
        return new SurplusProposed(c.recoveryId(), c.amount(), surplus, c.by(), c.today());
    }

    /** {@code RECOVERY_NOT_FOUND}, {@code ALREADY_APPROVED}, {@code SEPARATION_OF_DUTIES}, {@code CALCULATION_STALE}. */
    static SurplusRecoveryApproved approve(AccountState state, AccountCommand.ApproveRecovery c) {
        Settlement.Recovery recovery = state.settlement.recoveries.get(c.recoveryId());
        if (recovery == null || recovery.isApproved()) {
            requireKnown(state, c.recoveryId());
            throw new RuleBroken("ALREADY_APPROVED", "This recovery waits for no approval any more.");
        }
        if (recovery.proposedBy().equals(c.by())) {
            throw new RuleBroken(
                    "SEPARATION_OF_DUTIES", "Whoever proposed the recovery cannot approve it: ask somebody else.");
        }
        Surplus surplus = surplus(state, c.weeks(), c.today());
        Money others = state.settlement.claimed().minus(recovery.outstanding());
        Money free = surplus.reclaimable().minus(others);
        if (recovery.outstanding().isMoreThan(free)) {
            throw new RuleBroken(
                    "CALCULATION_STALE",
                    "The surplus has changed since this was proposed: only " + atLeastNothing(free)
                            + " could be taken back now, not " + recovery.outstanding()
                            + ". Write it off, and propose what there is.");
        }
        return new SurplusRecoveryApproved(
                c.recoveryId(),
                recovery.outstanding(),
                surplus,
                RecoveryShares.of(state, surplus, c.weeks(), recovery.outstanding(), c.today()),
                c.today());
    }

    /** {@code RECOVERY_NOT_FOUND}, {@code NOT_APPROVED}, {@code AMOUNT_NOT_POSITIVE}, {@code EXCEEDS_OUTSTANDING}, {@code DATE_IN_FUTURE}. */
    static RecoveryReceived receive(AccountState state, AccountCommand.ReceiveRecovery c) {
        Settlement.Recovery recovery = outstanding(state, c.recoveryId());
        if (!recovery.isApproved()) {
            throw new RuleBroken("NOT_APPROVED", "Nobody has approved this recovery yet.");
        }
        Require.positive(c.amount(), "amount");
        Require.notFuture(c.on(), c.today());
        AccountRules.requireAfterOpening(state, c.on());
        if (c.amount().isMoreThan(recovery.outstanding())) {
            throw new RuleBroken(
                    "EXCEEDS_OUTSTANDING",
                    "Only " + recovery.outstanding() + " of this recovery are outstanding.",
                    "amount");
        }
        return new RecoveryReceived(
                c.receiptId(),
                c.recoveryId(),
                c.amount(),
                c.on(),
                Spending.part(recovery.approvedShares(), c.amount()));
    }

    /**
     * What is outstanding is written off as far as the account still holds it; what has been spent since cannot leave it once more, and is only
     * asked for no longer. So is a proposal that nobody has approved: it is no decision yet, and needs no authority to be dropped.
     * {@code RECOVERY_NOT_FOUND}, {@code EXCEEDS_OUTSTANDING}, {@code REASONS_REQUIRED}, {@code AUTHORITY_EXCEEDED}.
     */
    static List<AccountEvent> writeOff(AccountState state, AccountCommand.WriteOffRecovery c) {
        Settlement.Recovery recovery = outstanding(state, c.recoveryId());
        Require.reason(c.reason());
        if (recovery.isApproved() && recovery.outstanding().isMoreThan(c.limit())) {
            throw new RuleBroken(
                    "AUTHORITY_EXCEEDED",
                    "At most " + c.limit() + " may be written off under this authority; " + recovery.outstanding()
                            + " are outstanding.",
                    "authority");
        }
        Sealed reason = Objects.requireNonNull(c.reason());
        List<Share> held = recovery.isApproved() ? held(state, recovery.approvedShares(), c.today()) : List.of();
        Money gone = recovery.outstanding().minus(Spending.sum(held));
        List<AccountEvent> events = new ArrayList<>();
        if (!held.isEmpty()) {
            events.add(new RecoveryWrittenOff(
                    c.writeOffId(), c.recoveryId(), Spending.sum(held), c.authority(), reason, c.today(), held));
        }
        if (gone.isPositive()) {
            events.add(new RecoveryGivenUp(c.recoveryId(), gone, c.authority(), reason, c.today()));
        }
        return events;
    }

    /** What of some shares the account still holds. The council's sources stand for each other, but what is left of the family's is no council's loss. */
    private static List<Share> held(AccountState state, List<Share> shares, LocalDate today) {
        List<Share> held = new ArrayList<>();
        Money left = atLeastNothing(balanceOn(state, today));
        for (Share share : shares) {
            Predicate<FundingSource> alike =
                    share.source().isOfTheFamily() ? share.source()::equals : source -> !source.isOfTheFamily();
            Money there = state.balances.entrySet().stream()
                    .filter(source -> alike.test(source.getKey()))
                    .map(Map.Entry::getValue)
                    .reduce(Money.ZERO, Money::plus);
            Money taken = Spending.sum(
                    held.stream().filter(part -> alike.test(part.source())).toList());
            Money part =
                    share.amount().least(atLeastNothing(there.minus(taken))).least(left);
            if (part.isPositive()) {
                held.add(new Share(share.source(), share.lineId(), part));
                left = left.minus(part);
            }
        }
        return List.copyOf(held);
    }

    /** {@code LIABILITIES_OUTSTANDING}, {@code RECOVERIES_OUTSTANDING}: an account is closed when everything is settled. Rulebook 4.15. */
    static void requireSettled(AccountState state) {
        if (!state.settlement.liabilities.isEmpty()) {
            throw new RuleBroken(
                    "LIABILITIES_OUTSTANDING",
                    "The account still owes " + state.settlement.owed() + "; settle its liabilities first.");
        }
        if (!state.settlement.recoveries.isEmpty()) {
            throw new RuleBroken(
                    "RECOVERIES_OUTSTANDING",
                    "Recoveries of " + state.settlement.claimed()
                            + " are outstanding; receive them or write them off first.");
        }
    }

    // ── the calculation ──────────────────────────────────────────────────────────────────────────────────────────

    /** As of the day: a payment that is issued for a later one is not money of the account yet. */
    private static Money balanceOn(AccountState state, LocalDate today) {
        Money ahead = state.payments.values().stream()
                .filter(payment -> !payment.returned() && payment.issued().on().isAfter(today))
                .map(payment -> payment.issued().net())
                .reduce(Money.ZERO, Money::plus);
        return state.balance().minus(ahead);
    }

    static Surplus surplus(AccountState state, Surplus.Weeks weeks, LocalDate today) {
        return Surplus.of(
                balanceOn(state, today),
                state.settlement.owed(),
                state.reservedOn(today),
                Surplus.yearly(state.terms, state.accountId, state.settlement.oneOff, lastDay(state), today),
                startUp(state, weeks, today).values().stream()
                        .reduce(StartUp.none(weeks.startUpReview()), StartUp::plus),
                weeks);
    }

    static @Nullable LocalDate lastDay(AccountState state) {
        return Surplus.lastDay(state.diedOn, state.closedOn);
    }

    /** By line; none once the budget, or the account, is over. */
    static SortedMap<String, StartUp> startUp(AccountState state, Surplus.Weeks weeks, LocalDate today) {
        SortedMap<String, StartUp> startUp = new TreeMap<>();
        if (Surplus.isOver(state.terms, lastDay(state), today)) {
            return startUp;
        }
        for (String lineId : state.settlement.oneOff) {
            List<PaymentIssued> paid = state.payments.values().stream()
                    .filter(payment ->
                            !payment.returned() && payment.issued().lineId().equals(lineId))
                    .map(AccountState.Payment::issued)
                    .toList();
            Money ahead = paid.stream()
                    .filter(payment -> payment.on().isAfter(today))
                    .map(PaymentIssued::net)
                    .reduce(Money.ZERO, Money::plus);
            Money unspent =
                    state.settlement.unspent.getOrDefault(lineId, Money.ZERO).minus(ahead);
            startUp.put(
                    lineId,
                    StartUp.of(
                            unspent,
                            paid.stream()
                                    .filter(payment -> !payment.on().isAfter(today))
                                    .map(payment -> new StartUp.Payment(payment.on(), payment.net()))
                                    .toList(),
                            today,
                            weeks.startUpReview()));
        }
        return startUp;
    }

    private static Settlement.Recovery outstanding(AccountState state, String recoveryId) {
        Settlement.Recovery recovery = state.settlement.recoveries.get(recoveryId);
        if (recovery == null) {
            requireKnown(state, recoveryId);
            throw new RuleBroken("EXCEEDS_OUTSTANDING", "Nothing of this recovery is outstanding.");
        }
        return recovery;
    }

    private static void requireKnown(AccountState state, String recoveryId) {
        if (!state.usesRecovery(recoveryId)) {
            throw new RuleBroken("RECOVERY_NOT_FOUND", "There is no such recovery on this account.");
        }
    }

    private static void requireRoom(int open, String what) {
        if (open >= MOST_OPEN) {
            throw new RuleBroken("LIMIT_REACHED", "There are already " + MOST_OPEN + " open " + what + ".");
        }
    }

    static Money atLeastNothing(Money amount) {
        return amount.isNegative() ? Money.ZERO : amount;
    }
}
