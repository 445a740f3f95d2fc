package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.AccountClosed;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountResumed;
import uk.directpayments.ledger.account.AccountEvent.AccountSuspended;
import uk.directpayments.ledger.account.AccountEvent.AccountType;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsApproved;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.account.AccountEvent.ReserveApproved;
import uk.directpayments.ledger.account.AccountEvent.ReserveKind;
import uk.directpayments.ledger.account.AccountEvent.ReserveReleased;
import uk.directpayments.ledger.account.AccountEvent.RiskBandSet;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Lists;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.person.PersonAccounts;
import uk.directpayments.ledger.platform.Conditions;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** Every payment account: whose it is, how it is held, its state and reserves, and each earlier version of that. */
@Component
public class AccountRegister extends Projection<Versions.Changes<AccountRegister.Entry>> implements PersonAccounts {

    /** The risk band of an account of which nobody has named one: {@code returnCycle.default} of the policy. */
    public static final String NO_BAND = "default";

    private final Versions<Entry> entries = new Versions<>("account_register", Entry.class);

    /** API: Payment accounts. */
    public enum State {
        OPEN,
        SUSPENDED,
        CLOSED
    }

    /** Approved money kept back until a day, that day included. */
    public record Reserve(
            String id,
            ReserveKind kind,
            Money amount,
            LocalDate until,
            LocalDate approvedOn,
            @Nullable LocalDate releasedOn) {

        boolean holds(LocalDate day) {
            return !approvedOn.isAfter(day) && !until.isBefore(day) && (releasedOn == null || releasedOn.isAfter(day));
        }
    }

    /** How closely an account is to be watched, from a day on: one of the policy's {@code returnCycle}, and why. */
    public record RiskBand(LocalDate from, String band, Sealed reason) {}

    /** Where the money goes from a day on, that of the opening or of a second person's approval: see {@link AccountOpened}. */
    public record PaidTo(LocalDate from, Sealed bankDetails) {}

    /**
     * A payment account.
     *
     * @param riskBands   in the order of their days
     * @param bankDetails those that were approved last, see {@link AccountOpened}
     * @param paidTo      all there have been, in the order of their days
     * @param diedOn      the day on which the person whose budget it is died, if that is known
     */
    public record Entry(
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
            List<Suspension> suspensions,
            List<Reserve> reserves,
            List<RiskBand> riskBands,
            List<PaidTo> paidTo,
            @Nullable LocalDate diedOn,
            @Nullable LocalDate closedOn) {

        /** Where the money goes on a day; null if nobody has said by then. */
        public @Nullable Sealed bankDetailsOn(LocalDate day) {
            return paidTo.stream()
                    .filter(approved -> !approved.from.isAfter(day))
                    .reduce((earlier, later) -> later)
                    .map(PaidTo::bankDetails)
                    .orElse(null);
        }

        /** Empty while nobody has named one. */
        public Optional<RiskBand> riskBandOn(LocalDate day) {
            return riskBands.stream().filter(set -> !set.from.isAfter(day)).reduce((earlier, later) -> later);
        }

        /** The state on a day; null before it was opened. */
        public @Nullable State stateOn(LocalDate day) {
            if (openedOn.isAfter(day)) {
                return null;
            }
            if (closedOn != null && !closedOn.isAfter(day)) {
                return State.CLOSED;
            }
            return suspensions.stream().anyMatch(suspension -> suspension.covers(day)) ? State.SUSPENDED : State.OPEN;
        }

        /** What is kept back on a day: approved, not released, not past its last day. */
        public Money reservedOn(LocalDate day) {
            return reserves.stream()
                    .filter(reserve -> reserve.holds(day))
                    .map(Reserve::amount)
                    .reduce(Money.ZERO, Money::plus);
        }

        private Entry with(List<Suspension> suspensions, List<Reserve> reserves) {
            return changed(bankDetails, bankToken, suspensions, reserves, riskBands, paidTo, diedOn, closedOn);
        }

        /** What is judged later stands from its day on. */
        private Entry watched(RiskBand set) {
            List<RiskBand> bands = new ArrayList<>(riskBands);
            bands.removeIf(band -> !band.from.isBefore(set.from));
            bands.add(set);
            return changed(bankDetails, bankToken, suspensions, reserves, bands, paidTo, diedOn, closedOn);
        }

        private Entry paidTo(BankDetailsApproved e) {
            List<PaidTo> longer = Lists.and(paidTo, new PaidTo(e.on(), e.bankDetails()));
            return changed(e.bankDetails(), e.bankToken(), suspensions, reserves, riskBands, longer, diedOn, closedOn);
        }

        private Entry ended(@Nullable LocalDate diedOn, @Nullable LocalDate closedOn) {
            return changed(bankDetails, bankToken, suspensions, reserves, riskBands, paidTo, diedOn, closedOn);
        }

        /** All that may change after the opening. */
        private Entry changed(
                @Nullable Sealed bankDetails,
                @Nullable String bankToken,
                List<Suspension> suspensions,
                List<Reserve> reserves,
                List<RiskBand> riskBands,
                List<PaidTo> paidTo,
                @Nullable LocalDate diedOn,
                @Nullable LocalDate closedOn) {
            return new Entry(
                    accountId,
                    budgetId,
                    personId,
                    legalBasis,
                    type,
                    holderType,
                    organisationId,
                    dedicated,
                    bankDetails,
                    bankToken,
                    openedOn,
                    List.copyOf(suspensions),
                    List.copyOf(reserves),
                    List.copyOf(riskBands),
                    List.copyOf(paidTo),
                    diedOn,
                    closedOn);
        }
    }

    /** An account, as a view sees it. {@code visible} is false before it was opened or known: it has no state then and holds nothing. */
    public record Seen(Entry entry, boolean visible) {}

    /**
     * Which accounts a list holds; what is null does not matter.
     *
     * @param among only these, if present
     */
    public record Filter(
            @Nullable String personId,
            @Nullable String organisationId,
            @Nullable String budgetId,
            @Nullable State state,
            Optional<Set<String>> among) {

        public static final Filter ALL = new Filter(null, null, null, null);

        public Filter(
                @Nullable String personId,
                @Nullable String organisationId,
                @Nullable String budgetId,
                @Nullable State state) {
            this(personId, organisationId, budgetId, state, Optional.empty());
        }
    }

    AccountRegister() {
        super("account-register", Order.BY_ACCOUNT, "account_register");
    }

    @When
    void on(AccountOpened e, Recorded at, Versions.Changes<Entry> changes) {
        Sealed details = e.bankDetails();
        changes.open(
                e.accountId(),
                at,
                new Entry(
                        e.accountId(),
                        e.budgetId(),
                        e.personId(),
                        e.legalBasis(),
                        e.type(),
                        e.holderType(),
                        e.organisationId(),
                        e.dedicated(),
                        details,
                        e.bankToken(),
                        e.openedOn(),
                        List.of(),
                        List.of(),
                        List.of(),
                        details == null ? List.of() : List.of(new PaidTo(e.openedOn(), details)),
                        null,
                        null));
    }

    @When
    void on(BankDetailsApproved e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(at.account(), at, old -> old.paidTo(e));
    }

    @When
    void on(AccountSuspended e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(at.account(), at, old -> old.with(Suspension.begun(old.suspensions, e.from()), old.reserves));
    }

    @When
    void on(AccountResumed e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(at.account(), at, old -> old.with(Suspension.ended(old.suspensions, e.on()), old.reserves));
    }

    @When
    void on(ReserveApproved e, Recorded at, Versions.Changes<Entry> changes) {
        Reserve reserve = new Reserve(e.reserveId(), e.kind(), e.amount(), e.until(), e.on(), null);
        changes.change(at.account(), at, old -> old.with(old.suspensions, Lists.and(old.reserves, reserve)));
    }

    @When
    void on(ReserveReleased e, Recorded at, Versions.Changes<Entry> changes) {
        UnaryOperator<Reserve> release = held -> held.id.equals(e.reserveId())
                ? new Reserve(held.id, held.kind, held.amount, held.until, held.approvedOn, e.on())
                : held;
        changes.change(
                at.account(),
                at,
                old -> old.with(
                        old.suspensions, old.reserves.stream().map(release).toList()));
    }

    @When
    void on(RiskBandSet e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(at.account(), at, old -> old.watched(new RiskBand(e.from(), e.riskBand(), e.reason())));
    }

    @When
    void on(DeathNoted e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(at.account(), at, old -> old.ended(e.on(), old.closedOn));
    }

    @When
    void on(AccountClosed e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(at.account(), at, old -> old.ended(old.diedOn, e.on()));
    }

    @Override
    protected Versions.Changes<Entry> buffer() {
        return entries.changes();
    }

    @Override
    protected void write(Versions.Changes<Entry> changes) {
        entries.write(jdbc(), changes);
    }

    /** The same view, pinned to the position that this register answers it at: for several reads of one answer. */
    public View pinned(View view) {
        return view.at(position(view));
    }

    /** The position that this register answers at: pinned to it, the figures of one answer never mix. */
    public long positionOf(View view) {
        return position(view);
    }

    /**
     * An account as the view sees it. One that was opened, or became known, only after the view's dates is found as it is now, not
     * {@link Seen#visible}; empty if there is none at all.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public Optional<Seen> find(String accountId, View view) {
        long position = position(view);
        require(accountId, position);
        Optional<Entry> known = entries.find(jdbc(), accountId, position);
        if (known.isPresent() || view.atPosition() == null) {
            return known.map(entry -> new Seen(entry, entry.stateOn(view.asOf()) != null));
        }
        return entries.find(jdbc(), accountId, position(View.now(view.asOf()))).map(entry -> new Seen(entry, false));
    }

    @Override
    public boolean anyOpen(String personId, View view) {
        long position = position(view);
        // Also of other persons: of a parked opening nobody knows here whose it is.
        unavailable(position).forEach(accountId -> require(accountId, position));
        return !entries.list(
                        jdbc(),
                        position,
                        "person_id = :person AND NOT coalesce(closed_on <= :asOf, false) LIMIT 1",
                        Map.of("person", personId, "asOf", view.asOf().toString()))
                .isEmpty();
    }

    /**
     * Who has had a card or bank account, replaced since or not.
     *
     * @param bankToken see {@link AccountOpened}
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public BankHolders byBankToken(String bankToken, View view) {
        long position = position(view);
        List<Versions.Version<Entry>> versions = entries.history(
                jdbc(),
                "id IN (SELECT id FROM account_register WHERE bank_token = :token) AND from_position <= :position ORDER BY from_position",
                Map.of("token", bankToken, "position", position));
        versions.stream()
                .map(version -> version.document().accountId)
                .distinct()
                .forEach(accountId -> require(accountId, position));
        return BankHolders.of(bankToken, versions);
    }

    /**
     * Accounts in the order of their ids, of those opened by the view's day.
     *
     * @param after the last id of the page before, or null
     * @param limit the most accounts
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public List<Entry> list(Filter filter, @Nullable String after, int limit, View view) {
        Conditions wanted = new Conditions()
                .and("opened_on <= :asOf", "asOf", view.asOf().toString())
                .equal("person_id", filter.personId)
                .equal("organisation_id", filter.organisationId)
                .equal("budget_id", filter.budgetId);
        filter.among.ifPresent(accounts -> wanted.and("id = ANY(:among)", "among", accounts.toArray(String[]::new)));
        if (filter.state != null) {
            wanted.and(inState(filter.state));
        }
        return entries.list(jdbc(), position(view), wanted.page(after, limit), wanted.values());
    }

    /**
     * Those of these accounts that are known, opened by the view's day or not.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public List<Entry> among(Set<String> accountIds, View view) {
        return entries.list(jdbc(), position(view), "id = ANY(:ids)", Map.of("ids", accountIds.toArray(String[]::new)));
    }

    /** {@link Entry#stateOn} in SQL. */
    private static String inState(State state) {
        String closed = "(closed_on IS NOT NULL AND closed_on <= :asOf)";
        String suspended = """
                (suspended AND EXISTS (
                    SELECT FROM jsonb_to_recordset(document -> 'suspensions') AS s("from" text, "until" text)
                     WHERE s."from" COLLATE "C" <= :asOf AND (s."until" IS NULL OR s."until" COLLATE "C" > :asOf)))""";
        return switch (state) {
            case CLOSED -> closed;
            case SUSPENDED -> suspended + " AND NOT " + closed;
            case OPEN -> "NOT " + suspended + " AND NOT " + closed;
        };
    }

    /** Every account that the register cannot speak for at present: some it may not even know. */
    public Set<String> unavailableAccounts(View view) {
        return unavailable(position(view));
    }

    /** Which of these accounts the register cannot speak for at present. */
    public Set<String> unavailableAmong(Collection<String> accountIds, View view) {
        Set<String> parked = new java.util.HashSet<>(unavailable(position(view)));
        parked.retainAll(Set.copyOf(accountIds));
        return parked;
    }
}
