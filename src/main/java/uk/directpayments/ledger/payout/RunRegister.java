package uk.directpayments.ledger.payout;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.payout.RunEvent.FileGenerated;
import uk.directpayments.ledger.payout.RunEvent.Item;
import uk.directpayments.ledger.payout.RunEvent.ItemHeld;
import uk.directpayments.ledger.payout.RunEvent.ItemReleased;
import uk.directpayments.ledger.payout.RunEvent.ItemsSelected;
import uk.directpayments.ledger.payout.RunEvent.Outcome;
import uk.directpayments.ledger.payout.RunEvent.PaymentsIssued;
import uk.directpayments.ledger.payout.RunEvent.PaymentsRejected;
import uk.directpayments.ledger.payout.RunEvent.Rejection;
import uk.directpayments.ledger.payout.RunEvent.Remark;
import uk.directpayments.ledger.payout.RunEvent.RunApproved;
import uk.directpayments.ledger.payout.RunEvent.RunClosed;
import uk.directpayments.ledger.payout.RunEvent.RunCreated;
import uk.directpayments.ledger.payout.RunEvent.RunSubmitted;
import uk.directpayments.ledger.payout.Steps.Change;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** Every payment run, its items and what became of each, and each earlier version of that. */
@Component
public class RunRegister extends Projection<RunRegister.Buffer> {

    private static final String EXCEPTIONS = """
            WITH exceptional AS (
                (SELECT run_id, number FROM run_item
                  WHERE (remarks <> '' OR state = 'HELD') AND position <= :position AND (run_id, number) > (:run, :number)
                  ORDER BY run_id, number LIMIT :most)
                UNION
                (SELECT DISTINCT run_id, number FROM run_item_state
                  WHERE (code IS NOT NULL OR state = 'HELD') AND position <= :position AND counts_from <= :asOf AND (run_id, number) > (:run, :number)
                  ORDER BY run_id, number LIMIT :most))
            SELECT i.*, r.document ->> 'createdOn' AS created_on, coalesce(s.state, i.state) AS now, s.code,
                   coalesce(r.document ->> 'stage' = 'CLOSED' AND r.document ->> 'approvedBy' IS NULL AND r.day <= :asOf::text, false) AS given_up
              FROM exceptional
              JOIN run_item i USING (run_id, number)
              JOIN run_register r ON r.id = i.run_id AND r.from_position <= :position AND r.until_position > :position
              LEFT JOIN LATERAL (SELECT state, code FROM run_item_state s
                                  WHERE s.run_id = i.run_id AND s.number = i.number AND s.position <= :position
                                    AND s.counts_from <= :asOf
                                  ORDER BY position DESC LIMIT 1) s ON true
             ORDER BY i.run_id, i.number LIMIT :most""";

    private final Versions<RunEntry> runs = new Versions<>("run_register", RunEntry.class);

    /** What has become of an item. */
    enum ItemState {
        INCLUDED,
        HELD,
        ISSUED,
        /** Its account did not let it be paid: see the code. */
        REFUSED,
        /** The bank sent it back: see the code. */
        REJECTED,
        /** Was held, refused, rejected or given up with its run, and has been paid by other means. */
        RESOLVED;

        /** What an account that has been paid already refuses an item with. */
        private static final String ALREADY_PAID = "ALREADY_PAID";

        boolean isPaid() {
            return this == ISSUED || this == RESOLVED;
        }

        static ItemState of(Outcome outcome) {
            String refusedAs = outcome.refusedAs();
            return refusedAs == null ? ISSUED : refusedAs.equals(ALREADY_PAID) ? RESOLVED : REFUSED;
        }
    }

    /** An item as a view sees it. {@code code} is why it was refused or rejected, {@code reason} why a person held it. */
    record Seen(
            Item item,
            ItemState state,
            @Nullable String code,
            @Nullable Sealed reason) {}

    /** What happens to items counts from the day of the run's version, which is written before. */
    private static final Change BECAME = new Change(
            """
            INSERT INTO run_item_state (run_id, number, position, state, code, reason, counts_from)
            SELECT rows.run_id, rows.number, rows.position, rows.state, rows.code, rows.reason, run.day::date
              FROM rows JOIN run_register run ON run.id = rows.run_id AND run.from_position = rows.position""", "run_id text", "number integer", "position bigint", "state text", "code text", "reason text");

    /** What is paid elsewhere counts from its own day. */
    private static final Change PAID =
            new Change("""
            INSERT INTO run_item_state (run_id, number, position, state, code, reason, counts_from)
            SELECT DISTINCT ON (i.run_id, i.number)
                   i.run_id, i.number, paid.position, 'RESOLVED', s.code, s.reason, greatest(paid.counts_from, s.counts_from)
              FROM rows paid
              JOIN run_item i ON i.account_id = paid.account_id AND i.instalment_id = paid.instalment_id AND i.position < paid.position
              LEFT JOIN LATERAL (SELECT state, code, reason, counts_from FROM run_item_state s
                                  WHERE s.run_id = i.run_id AND s.number = i.number
                                  ORDER BY position DESC LIMIT 1) s ON true
             WHERE coalesce(s.state, i.state) IN ('HELD', 'REFUSED', 'REJECTED')
                OR (coalesce(s.state, i.state) = 'INCLUDED'
                    AND EXISTS (SELECT FROM run_register r
                                 WHERE r.id = i.run_id AND r.from_position <= paid.position AND r.until_position > paid.position
                                   AND r.document ->> 'stage' = 'CLOSED'))
             ORDER BY i.run_id, i.number, paid.position
            ON CONFLICT DO NOTHING""", "account_id text", "instalment_id text", "position bigint", "counts_from date");

    /** Runs, items and their states, of a batch. */
    record Buffer(Versions.Changes<RunEntry> runs, Rows items, Steps states) {}

    RunRegister() {
        super("run-register", Order.BY_LOG, "run_register", "run_item", "run_item_state");
    }

    @When
    void on(RunCreated e, Recorded at, Buffer buffer) {
        buffer.runs.open(e.runId(), at, RunEntry.of(e, at));
    }

    @When
    void on(ItemsSelected e, Recorded at, Buffer buffer) {
        change(buffer, at, run -> run.selected(e.items()));
        for (Item item : e.items()) {
            Sealed payTo = item.payTo();
            buffer.items.add(
                    at.id(),
                    item.number(),
                    at.position(),
                    item.accountId(),
                    item.personId(),
                    item.lineId(),
                    item.instalmentId(),
                    item.endToEndId(),
                    item.payOn(),
                    item.amount().pence(),
                    item.contribution().pence(),
                    item.net().pence(),
                    payTo == null ? null : payTo.sealed(),
                    item.exceptions().stream().map(Enum::name).collect(Collectors.joining(",")),
                    item.held() ? ItemState.HELD : ItemState.INCLUDED);
        }
    }

    @When
    void on(ItemHeld e, Recorded at, Buffer buffer) {
        change(buffer, at, run -> run.held(e.amount(), 1));
        became(buffer, at, e.number(), ItemState.HELD, null, e.reason());
    }

    @When
    void on(ItemReleased e, Recorded at, Buffer buffer) {
        change(buffer, at, run -> run.held(e.amount().negated(), -1));
        became(buffer, at, e.number(), ItemState.INCLUDED, null, null);
    }

    @When
    void on(RunApproved e, Recorded at, Buffer buffer) {
        change(buffer, at, run -> run.approved(e, at));
    }

    @When
    void on(PaymentsIssued e, Recorded at, Buffer buffer) {
        int refused = (int) e.outcomes().stream()
                .filter(outcome -> outcome.refusedAs() != null)
                .count();
        followed(buffer, at, run -> run.issued(e.outcomes().size() - refused, refused, at.position()));
        for (Outcome outcome : e.outcomes()) {
            became(buffer, at, outcome.number(), ItemState.of(outcome), outcome.refusedAs(), null);
        }
    }

    @When
    void on(FileGenerated e, Recorded at, Buffer buffer) {
        followed(buffer, at, run -> run.generated(e));
    }

    @When
    void on(RunSubmitted e, Recorded at, Buffer buffer) {
        change(buffer, at, run -> run.submitted(e));
    }

    @When
    void on(PaymentsRejected e, Recorded at, Buffer buffer) {
        change(buffer, at, run -> run.rejected(e.rejections().size()));
        for (Rejection rejection : e.rejections()) {
            became(buffer, at, rejection.number(), ItemState.REJECTED, rejection.reasonCode(), null);
        }
    }

    @When
    void on(RunClosed e, Recorded at, Buffer buffer) {
        change(buffer, at, run -> run.closed(e.on()));
    }

    @When
    void on(PaymentIssued e, Recorded at, Buffer buffer) {
        if (e.instalmentId() != null) {
            buffer.states.add(PAID, at.account(), e.instalmentId(), at.position(), e.on());
        }
    }

    private static void change(Buffer buffer, Recorded at, UnaryOperator<RunEntry> change) {
        buffer.runs.change(at.id(), at, run -> change.apply(run.on(at.occurredOn())));
    }

    /** What the ledger does by itself once a run is approved: it counts from the day of the approval, whenever it was done. */
    private static void followed(Buffer buffer, Recorded at, UnaryOperator<RunEntry> change) {
        buffer.runs.change(at.id(), at, change);
    }

    private static void became(
            Buffer buffer, Recorded at, int number, ItemState state, @Nullable String code, @Nullable Sealed reason) {
        buffer.states.add(BECAME, at.id(), number, at.position(), state, code, reason == null ? null : reason.sealed());
    }

    @Override
    protected Buffer buffer() {
        return new Buffer(
                runs.changes(),
                new Rows(
                        "run_item",
                        "run_id text",
                        "number integer",
                        "position bigint",
                        "account_id text",
                        "person_id text",
                        "line_id text",
                        "instalment_id text",
                        "end_to_end_id text",
                        "pay_on date",
                        "pence bigint",
                        "contribution bigint",
                        "net bigint",
                        "pay_to text",
                        "remarks text",
                        "state text"),
                new Steps());
    }

    @Override
    protected void write(Buffer buffer) {
        runs.write(jdbc(), buffer.runs);
        buffer.items.insert(jdbc());
        buffer.states.write(jdbc());
    }

    // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    /** The view, pinned to the position at which this register answers. */
    View pinned(View view) {
        return view.at(position(view));
    }

    /** The run as it is known, whatever the day. */
    Optional<RunEntry> find(String runId, View view) {
        return runs.find(jdbc(), runId, position(view));
    }

    /** The run as the view's day left it; empty before the day on which it was created. */
    Optional<RunEntry> findAsOf(String runId, View view) {
        return jdbc().sql("""
                        SELECT document FROM run_register
                         WHERE id = :run AND from_position <= :position AND day <= :asOf
                         ORDER BY from_position DESC LIMIT 1""")
                .param("run", runId)
                .param("position", position(view))
                .param("asOf", view.asOf().toString())
                .query((row, i) -> runs.read(row.getString(1)))
                .optional();
    }

    /**
     * Runs as the view's day left them, those with the latest day of payment first. There is one or a few a week, so all are looked at.
     *
     * @param state in which they were, or null for all
     * @param after {@link #placeOf} the last run of the page before, or null
     */
    List<RunEntry> list(RunState.@Nullable Stage state, @Nullable String after, int most, View view) {
        return jdbc().sql("""
                        SELECT document FROM (SELECT DISTINCT ON (id) id, document FROM run_register
                                               WHERE from_position <= :position AND day <= :asOf
                                               ORDER BY id, from_position DESC) run
                         WHERE (:state::text IS NULL OR document ->> 'stage' = :state)
                           AND (:after::text IS NULL OR (document ->> 'payDate') || '/' || id COLLATE "C" < :after)
                         ORDER BY (document ->> 'payDate') || '/' || id COLLATE "C" DESC LIMIT :most""")
                .param("position", position(view))
                .param("asOf", view.asOf().toString())
                .param("state", state == null ? null : state.name(), Types.VARCHAR)
                .param("after", after, Types.VARCHAR)
                .param("most", most)
                .query((row, i) -> runs.read(row.getString(1)))
                .list();
    }

    static String placeOf(RunEntry run) {
        return run.payDate() + "/" + run.runId();
    }

    /**
     * Items of a run in the order of their numbers.
     *
     * @param asOf     the day as which left them they are told, or null: as they are known, whatever the day
     * @param states   in which they are; one that was never approved stays where it was held or given up, though it has been paid since
     * @param remarked only those that had a remark when they were selected, or have been refused or rejected
     * @param after    the number of the last item of the page before, or 0
     */
    List<Seen> items(
            String runId,
            Collection<ItemState> states,
            boolean remarked,
            @Nullable LocalDate asOf,
            int after,
            int most,
            View view) {
        return jdbc().sql("""
                        SELECT i.*, coalesce(s.state, i.state) AS now, s.code, s.reason
                          FROM run_item i
                          LEFT JOIN LATERAL (SELECT state, code, reason FROM run_item_state s
                                              WHERE s.run_id = i.run_id AND s.number = i.number AND s.position <= :position
                                                AND (:asOf::date IS NULL OR s.counts_from <= :asOf)
                                              ORDER BY position DESC LIMIT 1) s ON true
                         WHERE i.run_id = :run AND i.number > :after AND i.position <= :position
                           AND CASE WHEN s.state = 'RESOLVED' AND s.code IS NULL
                                    THEN coalesce((SELECT state FROM run_item_state b
                                                    WHERE b.run_id = i.run_id AND b.number = i.number AND b.position <= :position
                                                      AND b.state <> 'RESOLVED'
                                                    ORDER BY position DESC LIMIT 1), i.state)
                                    ELSE coalesce(s.state, i.state) END = ANY(:states) %s
                         ORDER BY i.number LIMIT :most""".formatted(remarked ? "AND (i.remarks <> '' OR s.code IS NOT NULL)" : ""))
                .param("run", runId)
                .param("after", after)
                .param("asOf", asOf, Types.DATE)
                .param("position", position(view))
                .param("states", states.stream().map(Enum::name).toArray(String[]::new))
                .param("most", most)
                .query(RunRegister::seen)
                .list();
    }

    /** How many items of a run have a remark, a refusal or a rejection as the view's day left them. */
    int exceptions(String runId, View view) {
        return jdbc().sql("""
                        SELECT count(*)
                          FROM run_item i
                          LEFT JOIN LATERAL (SELECT code FROM run_item_state s
                                              WHERE s.run_id = i.run_id AND s.number = i.number AND s.position <= :position
                                                AND s.counts_from <= :asOf
                                              ORDER BY position DESC LIMIT 1) s ON true
                         WHERE i.run_id = :run AND i.position <= :position AND (i.remarks <> '' OR s.code IS NOT NULL)""")
                .param("run", runId)
                .param("asOf", view.asOf())
                .param("position", position(view))
                .query(Integer.class)
                .single();
    }

    /**
     * An item of a run that a person should have looked at.
     *
     * @param net       pounds that go to the bank
     * @param state     what has become of it
     * @param code      why its account or the bank refused it, or null
     * @param remarks   what stood out when it was selected
     * @param createdOn the business day of the run
     * @param givenUp   whether its run was closed before anybody approved it
     */
    public record Exceptional(
            String runId,
            int number,
            LocalDate createdOn,
            String accountId,
            String personId,
            String lineId,
            String instalmentId,
            LocalDate payOn,
            Money net,
            String state,
            @Nullable String code,
            String remarks,
            boolean givenUp) {

        /** Whether anything about it stands out: of what a person held and released again, nothing does. */
        public boolean isException() {
            return !remarks.isEmpty() || code != null || state.equals(ItemState.HELD.name());
        }

        /** Whether it has been paid after all, or was given up with its run and is another run's to look at. */
        public boolean resolved() {
            return givenUp || ItemState.valueOf(state).isPaid();
        }
    }

    /** How far {@link #exceptions} has come: runs in the order of their ids, items in that of their numbers. */
    public record Place(String runId, int number) {

        public static final Place START = new Place("", 0);
    }

    /**
     * Items of all runs that had a remark, were held, refused or rejected. One query over two indexes that hold nothing else.
     *
     * @param most the most items
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public List<Exceptional> exceptions(Place after, int most, View view) {
        return jdbc().sql(EXCEPTIONS)
                .param("run", after.runId)
                .param("number", after.number)
                .param("position", position(view))
                .param("asOf", view.asOf())
                .param("most", most)
                .query((row, i) -> new Exceptional(
                        row.getString("run_id"),
                        row.getInt("number"),
                        LocalDate.parse(row.getString("created_on")),
                        row.getString("account_id"),
                        row.getString("person_id"),
                        row.getString("line_id"),
                        row.getString("instalment_id"),
                        row.getObject("pay_on", LocalDate.class),
                        Money.ofPence(row.getLong("net")),
                        row.getString("now"),
                        row.getString("code"),
                        row.getString("remarks"),
                        row.getBoolean("given_up")))
                .list();
    }

    /** The numbers of a run's items, by instalment and, where two accounts have instalments of the same id, by account. */
    List<Integer> numbers(String runId, String instalmentId, @Nullable String accountId, View view) {
        position(view);
        return jdbc().sql("""
                        SELECT number FROM run_item
                         WHERE run_id = :run AND instalment_id = :instalment AND (:account::text IS NULL OR account_id = :account)
                         LIMIT 2""")
                .param("run", runId)
                .param("instalment", instalmentId)
                .param("account", accountId, Types.VARCHAR)
                .query(Integer.class)
                .list();
    }

    /** One item, whatever has become of it. */
    Item item(String runId, int number, View view) {
        position(view);
        return jdbc().sql(
                        "SELECT *, state AS now, NULL AS code, NULL AS reason FROM run_item WHERE run_id = :run AND number = :number")
                .param("run", runId)
                .param("number", number)
                .query(RunRegister::seen)
                .single()
                .item;
    }

    private static Seen seen(ResultSet row, int i) throws SQLException {
        String payTo = row.getString("pay_to");
        String reason = row.getString("reason");
        String remarks = row.getString("remarks");
        Item item = new Item(
                row.getInt("number"),
                row.getString("account_id"),
                row.getString("person_id"),
                row.getString("line_id"),
                row.getString("instalment_id"),
                row.getString("end_to_end_id"),
                row.getObject("pay_on", LocalDate.class),
                Money.ofPence(row.getLong("pence")),
                Money.ofPence(row.getLong("contribution")),
                Money.ofPence(row.getLong("net")),
                payTo == null ? null : new Sealed(payTo),
                remarks.isEmpty()
                        ? List.of()
                        : Arrays.stream(remarks.split(",")).map(Remark::valueOf).toList());
        return new Seen(
                item,
                ItemState.valueOf(row.getString("now")),
                row.getString("code"),
                reason == null ? null : new Sealed(reason));
    }
}
