package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AllocationCarried;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsRecomputed;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** The instalments that were agreed, and what became of each. */
@Component
public class AccountSchedules extends Projection<AccountSchedules.Buffer> {

    private final Versions<Schedule> schedules = new Versions<>("account_schedule", Schedule.class);
    private final Versions<Change> changes = new Versions<>("account_schedule_change", Change.class);

    /** What has become of an instalment; one that came back may be issued again. */
    public enum State {
        SCHEDULED,
        ISSUED,
        RETURNED,
        /** Falls due while the account is suspended: it is paid in arrears once that is over. */
        SUSPENDED,
        /** Falls due after the end of the budget, a death or the closure, or nothing of the allocation is left for it: it is not paid. */
        STOPPED
    }

    /**
     * Instalments agreed together.
     *
     * @param agreedOn the business day from which they count, see {@link InstalmentsScheduled#countsFrom}
     * @param position where in the log they were
     */
    public record Schedule(
            String accountId,
            String scheduleId,
            String lineId,
            Frequency frequency,
            LocalDate agreedOn,
            long position,
            List<Instalment> instalments) {

        /** The last day that an instalment is paid for: the day before the next pay day, unless it says another. */
        public LocalDate coversTo(Instalment instalment) {
            return instalment.coversTo() == null
                    ? Instalments.payDay(instalments.get(0).payOn(), frequency, instalment.number())
                            .minusDays(1)
                    : instalment.coversTo();
        }

        /** The day whose allocation one of the instalments uses. */
        LocalDate countsOn(Instalment instalment) {
            return Instalments.countsOn(instalments.get(0).payOn(), frequency, instalment.number() - 1);
        }

        private Schedule with(Change change) {
            return new Schedule(
                    accountId, scheduleId, lineId, frequency, agreedOn, position, change.event.in(instalments));
        }
    }

    /** Instalments of a schedule agreed anew, and the business day from which that counts. */
    private record Change(String accountId, LocalDate countsFrom, InstalmentsRecomputed event) {}

    /** Schedules, their changes and what became of instalments, of a batch. */
    protected record Buffer(
            Versions.Changes<Schedule> schedules, Versions.Changes<Change> changes, Rows states, Rows ends) {}

    AccountSchedules() {
        super(
                "account-schedules",
                Order.BY_ACCOUNT,
                "account_schedule",
                "account_schedule_change",
                "account_instalment",
                "account_schedule_end");
    }

    @When
    void on(InstalmentsScheduled e, Recorded at, Buffer buffer) {
        buffer.schedules.open(
                at.account() + "/" + e.scheduleId(),
                at,
                new Schedule(
                        at.account(),
                        e.scheduleId(),
                        e.lineId(),
                        e.frequency(),
                        e.countsFrom(),
                        at.position(),
                        e.instalments()));
    }

    @When
    void on(InstalmentsRecomputed e, Recorded at, Buffer buffer) {
        buffer.changes.open(
                at.account() + "/" + e.scheduleId() + "/" + at.position(),
                at,
                new Change(at.account(), e.countsFrom(), e));
    }

    @When
    void on(AccountOpened e, Recorded at, Buffer buffer) {
        ends(e.terms(), at, buffer);
    }

    @When
    void on(AllocationCarried e, Recorded at, Buffer buffer) {
        ends(e.terms(), at, buffer);
    }

    private static void ends(Terms terms, Recorded at, Buffer buffer) {
        buffer.ends.add(at.account(), at.position(), terms.endsOn());
    }

    @When
    void on(PaymentIssued e, Recorded at, Buffer buffer) {
        became(State.ISSUED, e.instalmentId(), e.on(), e.net(), at, buffer);
    }

    @When
    void on(PaymentReturned e, Recorded at, Buffer buffer) {
        became(State.RETURNED, e.instalmentId(), e.on(), null, at, buffer);
    }

    private static void became(
            State state, @Nullable String instalmentId, LocalDate on, @Nullable Money net, Recorded at, Buffer buffer) {
        if (instalmentId != null) {
            Long pence = net == null ? null : net.pence();
            buffer.states.add(at.account(), instalmentId, at.position(), on, state, pence);
        }
    }

    @Override
    protected Buffer buffer() {
        return new Buffer(
                schedules.changes(),
                changes.changes(),
                new Rows(
                        "account_instalment",
                        "account_id text",
                        "instalment_id text",
                        "position bigint",
                        "occurred_on date",
                        "state text",
                        "net_pence bigint"),
                new Rows("account_schedule_end", "account_id text", "position bigint", "ends_on date"));
    }

    @Override
    protected void write(Buffer buffer) {
        schedules.write(jdbc(), buffer.schedules);
        changes.write(jdbc(), buffer.changes);
        buffer.states.insert(jdbc());
        buffer.ends.insert(jdbc());
    }

    /**
     * An account's schedules that count on the view's day, as they are on it, in the order in which they were agreed.
     *
     * @param after position of the last schedule of the page before; 0 for none
     * @param limit the most schedules
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public List<Schedule> list(String accountId, long after, int limit, View view) {
        long position = position(view);
        require(accountId, position);
        List<Schedule> agreed = schedules.list(
                jdbc(),
                position,
                "account_id = :account AND from_position > :after AND agreed_on <= :asOf ORDER BY from_position LIMIT :limit",
                Map.of("account", accountId, "after", after, "asOf", view.asOf().toString(), "limit", limit));
        return changed(agreed, new String[] {accountId}, position, view);
    }

    /** The schedules of accounts that count on the view's day, as they are on it; of those whose figures are unavailable at present, none. */
    List<Schedule> among(Collection<String> accountIds, View view) {
        long position = position(view);
        String[] available = available(accountIds, position);
        List<Schedule> agreed = schedules.list(
                jdbc(),
                position,
                "account_id = ANY(:accounts) AND agreed_on <= :asOf ORDER BY account_id, from_position",
                Map.of("accounts", available, "asOf", view.asOf().toString()));
        return changed(agreed, available, position, view);
    }

    /** Schedules with what was agreed anew, in the order in which it was. */
    private List<Schedule> changed(List<Schedule> agreed, String[] accountIds, long position, View view) {
        Map<String, Schedule> changed = new LinkedHashMap<>();
        agreed.forEach(schedule -> changed.put(schedule.accountId + "/" + schedule.scheduleId, schedule));
        changes.list(
                        jdbc(),
                        position,
                        "account_id = ANY(:accounts) AND counts_from <= :asOf ORDER BY from_position",
                        Map.of("accounts", accountIds, "asOf", view.asOf().toString()))
                .forEach(change -> changed.computeIfPresent(
                        change.accountId + "/" + change.event.scheduleId(), (id, schedule) -> schedule.with(change)));
        return List.copyOf(changed.values());
    }

    /** By account, what was paid for each instalment that is paid on the view's day, less the client's contribution. */
    Map<String, Map<String, Money>> paidAmong(Collection<String> accountIds, View view) {
        long position = position(view);
        Map<String, Map<String, Money>> paid = new HashMap<>();
        jdbc().sql("""
                        SELECT DISTINCT ON (account_id, instalment_id) account_id, instalment_id, net_pence FROM account_instalment
                         WHERE account_id = ANY(:accounts) AND position <= :position AND occurred_on <= :asOf
                         ORDER BY account_id, instalment_id, position DESC""")
                .param("accounts", available(accountIds, position))
                .param("position", position)
                .param("asOf", view.asOf())
                .query(row -> {
                    Long pence = row.getObject(3, Long.class);
                    if (pence != null) {
                        paid.computeIfAbsent(row.getString(1), none -> new HashMap<>())
                                .put(row.getString(2), Money.ofPence(pence));
                    }
                });
        return paid;
    }

    /** Accounts whose schedules cannot be relied on at present. */
    Set<String> unavailableAccounts(View view) {
        return unavailable(position(view));
    }

    private String[] available(Collection<String> accountIds, long position) {
        Set<String> available = new HashSet<>(accountIds);
        available.removeAll(unavailable(position));
        return available.toArray(String[]::new);
    }

    /**
     * What has become of instalments by the view's day; one that is not in the answer is {@link State#SCHEDULED}.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public Map<String, State> states(String accountId, List<Schedule> schedules, View view) {
        long position = position(view);
        require(accountId, position);
        Map<String, State> states = new HashMap<>();
        jdbc().sql("""
                        SELECT DISTINCT ON (instalment_id) instalment_id, state FROM account_instalment
                         WHERE account_id = :account AND instalment_id = ANY(:instalments)
                           AND position <= :position AND occurred_on <= :asOf
                         ORDER BY instalment_id, position DESC""")
                .param("account", accountId)
                .param(
                        "instalments",
                        schedules.stream()
                                .flatMap(schedule -> schedule.instalments.stream())
                                .map(Instalment::instalmentId)
                                .toArray(String[]::new))
                .param("position", position)
                .param("asOf", view.asOf())
                .query((row, i) -> states.put(row.getString(1), State.valueOf(row.getString(2))))
                .list();
        return states;
    }

    /** The last days of accounts' budgets, as the view knows them; an account whose budget has none is not in the answer. */
    Map<String, LocalDate> budgetEnds(Collection<String> accountIds, View view) {
        Map<String, LocalDate> ends = new HashMap<>();
        jdbc().sql("""
                        SELECT DISTINCT ON (account_id) account_id, ends_on FROM account_schedule_end
                         WHERE account_id = ANY(:accounts) AND position <= :position ORDER BY account_id, position DESC""")
                .param("accounts", accountIds.toArray(String[]::new))
                .param("position", position(view))
                .query(row -> {
                    LocalDate end = row.getObject(2, LocalDate.class);
                    if (end != null) {
                        ends.put(row.getString(1), end);
                    }
                });
        return ends;
    }
}
