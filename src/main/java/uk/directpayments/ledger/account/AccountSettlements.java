package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AllocationCarried;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.LiabilityRecorded;
import uk.directpayments.ledger.account.AccountEvent.LiabilitySettled;
import uk.directpayments.ledger.account.AccountEvent.LineReleased;
import uk.directpayments.ledger.account.AccountEvent.RecoveryGivenUp;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SurplusProposed;
import uk.directpayments.ledger.account.AccountEvent.SurplusRecoveryApproved;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Lists;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** What each account owes, what is being taken back from it, and what its budget allows it a week: the facts a surplus is made of. */
@Component
public class AccountSettlements extends Projection<Versions.Changes<AccountSettlements.Entry>> {

    private final Versions<Entry> entries = new Versions<>("account_settlement", Entry.class);

    /** @param settledOn the day from which it is owed no more, or null */
    public record Liability(
            String liabilityId,
            String kind,
            Money amount,
            LocalDate due,
            Sealed payee,
            LocalDate on,
            @Nullable LocalDate settledOn) {

        boolean isOwed(LocalDate day) {
            return !on.isAfter(day) && (settledOn == null || settledOn.isAfter(day));
        }
    }

    /** What has become of a recovery. */
    public enum RecoveryState {
        PROPOSED,
        APPROVED,
        RECEIVED,
        WRITTEN_OFF
    }

    /** Money that left the account for a recovery, or is asked for no longer; {@code ofClient} is the part that went back to the client. */
    public record Receipt(LocalDate on, Money amount, Money ofClient, boolean writtenOff) {}

    /**
     * Money that is taken back.
     *
     * @param proposed   what the amount was held against when it was proposed
     * @param approved   … and when somebody else approved it; null until then, like the day
     */
    public record Recovery(
            String recoveryId,
            Money amount,
            Surplus proposed,
            LocalDate proposedOn,
            @Nullable Surplus approved,
            @Nullable LocalDate approvedOn,
            List<Receipt> receipts) {

        /** The surplus that the amount was last held against by a day. */
        public Surplus calculationOn(LocalDate day) {
            return approved == null || isUnapproved(day) ? proposed : approved;
        }

        /** The day on which it was approved, if it was by a day. */
        public @Nullable LocalDate approvedBy(LocalDate day) {
            return isUnapproved(day) ? null : approvedOn;
        }

        private boolean isUnapproved(LocalDate day) {
            return approvedOn == null || approvedOn.isAfter(day);
        }

        /** By a day; null before it was proposed and anything came of it. Money may have come back before somebody proposed it: then there it was. */
        public @Nullable RecoveryState stateOn(LocalDate day) {
            if (proposedOn.isAfter(day) && receipts.stream().allMatch(receipt -> receipt.on.isAfter(day))) {
                return null;
            }
            if (outstanding(day).isPositive()) {
                return isUnapproved(day) ? RecoveryState.PROPOSED : RecoveryState.APPROVED;
            }
            return writtenOff(day).isPositive() ? RecoveryState.WRITTEN_OFF : RecoveryState.RECEIVED;
        }

        public Money received(LocalDate day) {
            return sum(day, false);
        }

        public Money writtenOff(LocalDate day) {
            return sum(day, true);
        }

        public Money outstanding(LocalDate day) {
            return amount.minus(received(day)).minus(writtenOff(day));
        }

        private Money sum(LocalDate day, boolean writtenOff) {
            return receipts.stream()
                    .filter(receipt -> receipt.writtenOff == writtenOff && !receipt.on.isAfter(day))
                    .map(Receipt::amount)
                    .reduce(Money.ZERO, Money::plus);
        }
    }

    /**
     * The facts of one account.
     *
     * @param oneOff  lines that are paid once and not by the week too, here or through another account
     * @param regular lines that are paid by the week, the month or the year, likewise
     */
    public record Entry(
            String accountId,
            Terms terms,
            SortedSet<String> oneOff,
            SortedSet<String> regular,
            @Nullable LocalDate diedOn,
            List<Liability> liabilities,
            List<Recovery> recoveries) {

        /** Those that are owed on a day. */
        public List<Liability> liabilitiesOn(LocalDate day) {
            return liabilities.stream()
                    .filter(liability -> liability.isOwed(day))
                    .toList();
        }

        /** What is owed on a day. */
        public Money owedOn(LocalDate day) {
            return liabilitiesOn(day).stream().map(Liability::amount).reduce(Money.ZERO, Money::plus);
        }

        /** What has been asked for by a day and has neither come back nor been written off. */
        Money claimedOn(LocalDate day) {
            return recoveries.stream()
                    .filter(recovery -> recovery.stateOn(day) != null)
                    .map(recovery -> recovery.outstanding(day))
                    .reduce(Money.ZERO, Money::plus);
        }

        /** What the account's lines are worth a year on a day, see {@link Surplus#yearly}. */
        Money yearlyOn(LocalDate day, @Nullable LocalDate closedOn) {
            return Surplus.yearly(terms, accountId, oneOff, Surplus.lastDay(diedOn, closedOn), day);
        }

        boolean isOver(LocalDate day, @Nullable LocalDate closedOn) {
            return Surplus.isOver(terms, Surplus.lastDay(diedOn, closedOn), day);
        }

        private Entry with(Terms next) {
            return new Entry(accountId, next, oneOff, regular, diedOn, liabilities, recoveries);
        }

        private Entry carried(Terms next) {
            Entry entry = with(next);
            for (Terms.Line line : next.lines()) {
                if (line.paidOnce() != null) {
                    entry = entry.agreed(line.lineId(), line.paidOnce());
                }
            }
            return entry;
        }

        private Entry agreed(String lineId, boolean once) {
            SortedSet<String> paidRegularly = new TreeSet<>(regular);
            SortedSet<String> paidOnce = new TreeSet<>(oneOff);
            if (!once) {
                paidRegularly.add(lineId);
                paidOnce.remove(lineId);
            } else if (!regular.contains(lineId)) {
                paidOnce.add(lineId);
            }
            return new Entry(accountId, terms, paidOnce, paidRegularly, diedOn, liabilities, recoveries);
        }

        private Entry with(List<Liability> owed, List<Recovery> back) {
            return new Entry(accountId, terms, oneOff, regular, diedOn, List.copyOf(owed), List.copyOf(back));
        }

        private Entry liability(String id, UnaryOperator<Liability> change) {
            return with(
                    liabilities.stream()
                            .map(l -> l.liabilityId.equals(id) ? change.apply(l) : l)
                            .toList(),
                    recoveries);
        }

        private Entry recovery(String id, UnaryOperator<Recovery> change) {
            return with(
                    liabilities,
                    recoveries.stream()
                            .map(r -> r.recoveryId.equals(id) ? change.apply(r) : r)
                            .toList());
        }
    }

    AccountSettlements() {
        super("account-settlements", Order.BY_ACCOUNT, "account_settlement");
    }

    @When
    void on(AccountOpened e, Recorded at, Versions.Changes<Entry> changes) {
        changes.open(
                e.accountId(),
                at,
                new Entry(e.accountId(), e.terms(), new TreeSet<>(), new TreeSet<>(), null, List.of(), List.of()));
    }

    @When
    void on(AllocationCarried e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(at.account(), at, old -> old.carried(e.terms()));
    }

    @When
    void on(LineReleased e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(at.account(), at, old -> old.with(old.terms.released(e.lineId(), e.paid())));
    }

    @When
    void on(DeathNoted e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(
                at.account(),
                at,
                old -> new Entry(
                        old.accountId, old.terms, old.oneOff, old.regular, e.on(), old.liabilities, old.recoveries));
    }

    @When
    void on(InstalmentsScheduled e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(at.account(), at, old -> old.agreed(e.lineId(), e.frequency() == Frequency.ONE_OFF));
    }

    @When
    void on(LiabilityRecorded e, Recorded at, Versions.Changes<Entry> changes) {
        Liability liability = new Liability(e.liabilityId(), e.kind(), e.amount(), e.due(), e.payee(), e.on(), null);
        changes.change(at.account(), at, old -> old.with(Lists.and(old.liabilities, liability), old.recoveries));
    }

    @When
    void on(LiabilitySettled e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(
                at.account(),
                at,
                old -> old.liability(
                        e.liabilityId(),
                        l -> new Liability(l.liabilityId, l.kind, l.amount, l.due, l.payee, l.on, e.on())));
    }

    @When
    void on(SurplusProposed e, Recorded at, Versions.Changes<Entry> changes) {
        Recovery recovery = new Recovery(e.recoveryId(), e.amount(), e.calculation(), e.on(), null, null, List.of());
        changes.change(at.account(), at, old -> old.with(old.liabilities, Lists.and(old.recoveries, recovery)));
    }

    @When
    void on(SurplusRecoveryApproved e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(
                at.account(),
                at,
                old -> old.recovery(
                        e.recoveryId(),
                        r -> new Recovery(
                                r.recoveryId,
                                r.amount,
                                r.proposed,
                                r.proposedOn,
                                e.calculation(),
                                e.on(),
                                r.receipts)));
    }

    @When
    void on(RecoveryReceived e, Recorded at, Versions.Changes<Entry> changes) {
        settle(e.recoveryId(), e.on(), e.amount(), e.shares(), false, at, changes);
    }

    @When
    void on(RecoveryWrittenOff e, Recorded at, Versions.Changes<Entry> changes) {
        settle(e.recoveryId(), e.on(), e.amount(), e.shares(), true, at, changes);
    }

    @When
    void on(RecoveryGivenUp e, Recorded at, Versions.Changes<Entry> changes) {
        settle(e.recoveryId(), e.on(), e.amount(), List.of(), true, at, changes);
    }

    private static void settle(
            String recoveryId,
            LocalDate on,
            Money amount,
            List<Share> shares,
            boolean writtenOff,
            Recorded at,
            Versions.Changes<Entry> changes) {
        Money ofClient = shares.stream()
                .filter(share -> share.source() == FundingSource.CLIENT_CONTRIBUTION)
                .map(Share::amount)
                .reduce(Money.ZERO, Money::plus);
        Receipt receipt = new Receipt(on, amount, ofClient, writtenOff);
        changes.change(
                at.account(),
                at,
                old -> old.recovery(
                        recoveryId,
                        r -> new Recovery(
                                r.recoveryId,
                                r.amount,
                                r.proposed,
                                r.proposedOn,
                                r.approved,
                                r.approvedOn,
                                Lists.and(r.receipts, receipt))));
    }

    @Override
    protected Versions.Changes<Entry> buffer() {
        return entries.changes();
    }

    @Override
    protected void write(Versions.Changes<Entry> changes) {
        entries.write(jdbc(), changes);
    }

    /**
     * The facts of accounts, in one query. One that is not known, or whose figures are unavailable at present, is not in the answer.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public Map<String, Entry> of(Collection<String> accountIds, View view) {
        long position = position(view);
        Set<String> wanted = new HashSet<>(accountIds);
        wanted.removeAll(unavailable(position));
        Map<String, Entry> found = new HashMap<>();
        entries.list(jdbc(), position, "id = ANY(:ids)", Map.of("ids", wanted.toArray(String[]::new)))
                .forEach(entry -> found.put(entry.accountId, entry));
        return found;
    }

    /**
     * The facts of one account; empty if it is not known.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public Optional<Entry> of(String accountId, View view) {
        long position = position(view);
        require(accountId, position);
        return entries.find(jdbc(), accountId, position);
    }
}
