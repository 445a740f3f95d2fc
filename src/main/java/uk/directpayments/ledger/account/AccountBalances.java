package uk.directpayments.ledger.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/**
 * What accounts hold, on two dates. Totals are carried forward to the end of every five days in which something has moved: a balance on a day is the
 * last before its five days, as at the position asked for, and what has moved in those up to the day. That is a few index probes, however long
 * the account. A fact changes the total of its five days and, if it is dated back, of all later ones that there are.
 */
@Component
public class AccountBalances extends Projection<Rows> {

    /**
     * Which series there are; of each the last five days before the day's, the newest total of those; and the moves of part of five days. What has moved
     * only after the day is none of the series. Ranges are said with both their ends for PostgreSQL to expect few rows, whatever the days, and moves'
     * positions for it not to look for each day apart: where it thinks there may be much to do it plans anew for each question, which takes longer than
     * to answer it.
     */
    private static final String TOTALS = """
            SELECT %2$s AS account_id, k.series, k.pence
              FROM %1$s (
                   SELECT series, sum(pence)::bigint AS pence
                     FROM (SELECT b.series, newest.total AS pence
                             FROM account_balance b
                            CROSS JOIN LATERAL (
                                  SELECT o.starts_on FROM account_balance o
                                   WHERE o.opens AND o.account_id = b.account_id AND o.series = b.series
                                     AND o.starts_on >= '-infinity' AND o.starts_on < :first::date
                                     AND o.position BETWEEN 1 AND :position
                                   ORDER BY o.starts_on DESC LIMIT 1) last
                            CROSS JOIN LATERAL (
                                  SELECT t.total FROM account_balance t
                                   WHERE t.account_id = b.account_id AND t.series = b.series AND t.starts_on = last.starts_on
                                     AND t.position BETWEEN 1 AND :position
                                   ORDER BY t.position DESC LIMIT 1) newest
                            WHERE b.begins AND b.account_id = %2$s AND b.position BETWEEN 1 AND :position AND b.series %3$s
                           UNION ALL
                           SELECT %4$s, pence FROM account_move
                            WHERE account_id = %2$s AND occurred_on BETWEEN :first::date AND :day::date
                              AND position + 0 <= CASE WHEN occurred_on = :day::date THEN :ofDay::bigint ELSE :position END
                              AND %5$s) moved
                    GROUP BY series) k""";

    private static final String MANY = "unnest(:accounts::text[]) AS wanted(account_id) CROSS JOIN LATERAL";

    /** What is held of each source: the contribution that was kept back never was. */
    static final String HELD_BY_MANY = held(MANY, "wanted.account_id");

    /** Said so that PostgreSQL plans it once, not anew for each account: planning takes longer than finding. */
    static final String HELD_BY_ONE = held("", ":account::text");

    static final String OF_LINES =
            TOTALS.formatted(MANY, "wanted.account_id", "LIKE '% %'", "measure || ' ' || line_id", "line_id <> ''");

    private static final int FIVE_DAYS = 5;

    private static final int MOST_IN_A_MONTH = 6;

    private static String held(String from, String account) {
        return TOTALS.formatted(from, account, "NOT LIKE '% %'", "source", "measure <> '" + Measure.DEDUCTED + "'");
    }

    /** @param ofDay up to which position the day itself counts; all others count up to {@code position} */
    static Map<String, Object> at(LocalDate day, long position, long ofDay) {
        return Map.of("first", fiveDays(day), "day", day, "position", position, "ofDay", ofDay);
    }

    /** The first of the five days in which a day lies: the 1st, 6th, … or 26th of its month. The last of a month are three to six. */
    private static LocalDate fiveDays(LocalDate day) {
        int before = Math.min((day.getDayOfMonth() - 1) / FIVE_DAYS, MOST_IN_A_MONTH - 1);
        return day.withDayOfMonth(before * FIVE_DAYS + 1);
    }

    /** What a total measures. All but {@link #DEDUCTED} add up to the balance. */
    enum Measure {
        /** Net payments, less those returned. */
        PAID,
        /** The client's contribution withheld from gross payments: never in the account by that way. */
        DEDUCTED,
        CONTRIBUTED,
        TOPPED_UP,
        /** Expenditures less reversals and refunds, negative. */
        SPENT,
        /** Taken back or written off, negative. */
        RECOVERED
    }

    /**
     * What an account holds; negative when overspent.
     *
     * @param bySource in the order of the sources: each that has ever moved, as far as the view sees. Adds up to the total.
     */
    public record Balance(Money total, Map<FundingSource, Money> bySource) {

        public static final Balance NOTHING = new Balance(Money.ZERO, Map.of());
    }

    /** @param series a source, or a measure and a budget line: as {@link #ofLine} */
    private record Total(String accountId, String series, Money amount) {}

    AccountBalances() {
        super("account-balances", Order.BY_ACCOUNT, "account_move", "account_balance");
    }

    @When
    void on(PaymentIssued e, Recorded at, Rows moves) {
        move(e, e.on(), Measure.PAID, at, moves);
        deduct(e.source(), e.lineId(), e.contribution(), e.on(), at, moves);
    }

    @When
    void on(PaymentReturned e, Recorded at, Rows moves) {
        move(e, e.on(), Measure.PAID, at, moves);
        deduct(e.source(), e.lineId(), e.contribution().negated(), e.on(), at, moves);
    }

    @When
    void on(TopUpReceived e, Recorded at, Rows moves) {
        move(e, e.on(), Measure.TOPPED_UP, at, moves);
    }

    @When
    void on(ContributionReceived e, Recorded at, Rows moves) {
        move(e, e.on(), Measure.CONTRIBUTED, at, moves);
    }

    @When
    void on(ExpenditureRecorded e, Recorded at, Rows moves) {
        move(e, e.on(), Measure.SPENT, at, moves);
    }

    @When
    void on(ExpenditureReversed e, Recorded at, Rows moves) {
        move(e, e.on(), Measure.SPENT, at, moves);
    }

    @When
    void on(RefundReceived e, Recorded at, Rows moves) {
        move(e, e.on(), Measure.SPENT, at, moves);
    }

    @When
    void on(RecoveryReceived e, Recorded at, Rows moves) {
        move(e, e.on(), Measure.RECOVERED, at, moves);
    }

    @When
    void on(RecoveryWrittenOff e, Recorded at, Rows moves) {
        move(e, e.on(), Measure.RECOVERED, at, moves);
    }

    private static void move(AccountEvent event, LocalDate on, Measure measure, Recorded at, Rows moves) {
        for (Postings.Line line : Postings.of(at.account(), event)) {
            if (line.held()) {
                move(measure, line.heldFrom(), line.lineId(), line.amount(), on, at, moves);
            }
        }
    }

    private static void deduct(
            FundingSource source, String lineId, Money contribution, LocalDate on, Recorded at, Rows moves) {
        if (!contribution.isZero()) {
            move(Measure.DEDUCTED, source, lineId, contribution, on, at, moves);
        }
    }

    private static void move(
            Measure measure,
            FundingSource source,
            @Nullable String lineId,
            Money amount,
            LocalDate on,
            Recorded at,
            Rows moves) {
        moves.add(
                at.account(),
                on,
                at.position(),
                source,
                measure,
                lineId == null ? "" : lineId,
                amount.pence(),
                fiveDays(on),
                measure == Measure.DEDUCTED ? null : source,
                lineId == null ? null : ofLine(measure, lineId));
    }

    private static String ofLine(Measure measure, String lineId) {
        return measure + " " + lineId;
    }

    @Override
    protected Rows buffer() {
        return new Rows(
                "account_move",
                "account_id text",
                "occurred_on date",
                "position bigint",
                "source text",
                "measure text",
                "line_id text",
                "pence bigint",
                "first date",
                "held text",
                "of_line text");
    }

    /** What each batch moves, by series. */
    private static final String MOVED = """
            , moved AS (
                SELECT account_id, total.series, first AS starts_on, position, sum(pence) AS pence
                  FROM rows CROSS JOIN LATERAL (VALUES (held), (of_line)) AS total(series)
                 WHERE total.series IS NOT NULL
                 GROUP BY account_id, total.series, first, position)
            """;

    /** Goes on from the last total of each series, and answers the series in which something lies before it: those it leaves alone. */
    private static final String IN_ORDER = MOVED + """
            , moves AS (
                INSERT INTO account_move (account_id, occurred_on, position, source, measure, line_id, pence)
                SELECT account_id, occurred_on, position, source, measure, line_id, sum(pence)
                  FROM rows GROUP BY account_id, occurred_on, position, source, measure, line_id
                 ORDER BY account_id, occurred_on, position, source, measure, line_id)
            , running AS (
                SELECT account_id, series, m.starts_on, position,
                       coalesce(first_value(last.total) OVER running, 0) + sum(pence) OVER running AS total,
                       coalesce(lag(m.starts_on) OVER running, last.starts_on) AS before,
                       place = 1 AND last.total IS NULL AS begins
                  FROM (SELECT moved.*, row_number() OVER (PARTITION BY account_id, series ORDER BY position) AS place FROM moved) m
                  LEFT JOIN LATERAL (
                       SELECT b.starts_on, b.total FROM account_balance b
                        WHERE m.place = 1 AND b.account_id = m.account_id AND b.series = m.series
                        ORDER BY b.starts_on DESC, b.position DESC LIMIT 1) last ON true
                WINDOW running AS (PARTITION BY account_id, series ORDER BY position))
            , placed AS (
                SELECT *, bool_or(starts_on < before) OVER (PARTITION BY account_id, series) AS dated_back FROM running)
            , written AS (
                INSERT INTO account_balance (account_id, series, starts_on, position, total, opens, begins)
                SELECT account_id, series, starts_on, position, total, starts_on IS DISTINCT FROM before, begins
                  FROM placed WHERE dated_back IS NOT TRUE
                 ORDER BY account_id, series, starts_on, position)
            SELECT DISTINCT account_id, series FROM placed WHERE dated_back""";

    /**
     * Of some series: every move changes the five days it lies in and those after it that there are by then. Five days that are new take over what
     * stood at the end of those before.
     */
    private static final String DATED_BACK = MOVED + """
            , dated_back AS (
                SELECT account_id, series, min(starts_on) AS earliest, array_agg(starts_on ORDER BY position) AS days,
                       array_agg(position ORDER BY position) AS positions, array_agg(pence ORDER BY position) AS pences,
                       CASE WHEN NOT EXISTS (SELECT FROM account_balance b WHERE b.account_id = moved.account_id AND b.series = moved.series)
                            THEN min(position) END AS begins
                  FROM moved WHERE (account_id, series) IN (SELECT * FROM unnest(:accounts::text[], :series::text[]))
                 GROUP BY account_id, series)
            INSERT INTO account_balance (account_id, series, starts_on, position, total, opens, begins)
            SELECT s.account_id, s.series, p.starts_on, m.position, coalesce(before.total, 0) + m.pence,
                   m.position = p.opened, m.position IS NOT DISTINCT FROM s.begins
              FROM dated_back s
             CROSS JOIN LATERAL (
                   SELECT starts_on, min(opened) AS opened
                     FROM (SELECT * FROM unnest(s.days, s.positions) AS own(starts_on, opened)
                            UNION ALL
                           SELECT o.starts_on, 0 FROM account_balance o
                            WHERE o.opens AND o.account_id = s.account_id AND o.series = s.series AND o.starts_on >= s.earliest) five_days
                    GROUP BY starts_on) p
              LEFT JOIN LATERAL (
                   SELECT b.total FROM account_balance b
                    WHERE b.account_id = s.account_id AND b.series = s.series AND b.starts_on <= p.starts_on
                    ORDER BY b.starts_on DESC, b.position DESC LIMIT 1) before ON true
             CROSS JOIN LATERAL (
                   SELECT own.position, sum(own.pence) OVER (ORDER BY own.position) AS pence
                     FROM unnest(s.days, s.positions, s.pences) AS own(starts_on, position, pence)
                    WHERE own.starts_on <= p.starts_on) m
             WHERE m.position >= p.opened
             ORDER BY s.account_id, s.series, p.starts_on, m.position""";

    /** Events of one account arrive in the order of their positions, and mostly of their days too. */
    @Override
    protected void write(Rows moves) {
        if (moves.isEmpty()) {
            return;
        }
        List<String> accounts = new ArrayList<>();
        List<String> series = new ArrayList<>();
        moves.over(jdbc(), IN_ORDER).query(row -> {
            accounts.add(row.getString("account_id"));
            series.add(row.getString("series"));
        });
        if (!accounts.isEmpty()) {
            moves.over(jdbc(), DATED_BACK)
                    .param("accounts", accounts.toArray(String[]::new))
                    .param("series", series.toArray(String[]::new))
                    .update();
        }
    }

    /**
     * The balances of accounts, in one query. An account that is not known or has not moved holds nothing; one whose figures are
     * unavailable at present is not in the answer.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public Map<String, Balance> of(Collection<String> accountIds, View view) {
        long position = position(view);
        Set<String> wanted = new LinkedHashSet<>(accountIds);
        wanted.removeAll(unavailable(position));
        Map<String, Balance> balances = new LinkedHashMap<>();
        wanted.forEach(accountId -> balances.put(accountId, Balance.NOTHING));
        balances.putAll(held(wanted, view.asOf(), position, position));
        return balances;
    }

    /**
     * What one account holds.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public Balance of(String accountId, View view) {
        long position = position(view);
        require(accountId, position);
        return held(Set.of(accountId), view.asOf(), position, position).getOrDefault(accountId, Balance.NOTHING);
    }

    /**
     * What one account holds on some days, in one pass over what has moved; empty if that is unavailable at present.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public Optional<Map<LocalDate, Money>> onDays(String accountId, Collection<LocalDate> days, View view) {
        long position = position(view);
        if (unavailable(position).contains(accountId)) {
            return Optional.empty();
        }
        TreeMap<LocalDate, Money> after = new TreeMap<>();
        jdbc().sql("""
                        SELECT occurred_on, sum(pence)::bigint FROM account_move
                         WHERE account_id = :account AND occurred_on <= :last AND position <= :position AND measure <> :deducted
                         GROUP BY occurred_on ORDER BY occurred_on""")
                .param("account", accountId)
                .param("last", days.stream().max(LocalDate::compareTo).orElse(LocalDate.EPOCH))
                .param("position", position)
                .param("deducted", Measure.DEDUCTED.name())
                .query(row -> {
                    Money before =
                            after.isEmpty() ? Money.ZERO : after.lastEntry().getValue();
                    after.put(row.getObject(1, LocalDate.class), before.plus(Money.ofPence(row.getLong(2))));
                });
        Map<LocalDate, Money> held = new HashMap<>();
        for (LocalDate day : days) {
            Map.Entry<LocalDate, Money> last = after.floorEntry(day);
            held.put(day, last == null ? Money.ZERO : last.getValue());
        }
        return Optional.of(held);
    }

    /** What an account held just before the transaction that stands at a position of the log and counts on a day. */
    Money before(String accountId, LocalDate on, long transactionAt, View view) {
        long position = position(view);
        require(accountId, position);
        return held(Set.of(accountId), on, position, transactionAt - 1)
                .getOrDefault(accountId, Balance.NOTHING)
                .total();
    }

    /** See {@link LineFigures}. */
    Map<String, Map<String, LineFigures.Figure>> lines(Collection<String> accountIds, View view) {
        long position = position(view);
        Set<String> wanted = new TreeSet<>(accountIds);
        wanted.removeAll(unavailable(position));
        Map<String, Map<String, LineFigures.Figure>> figures = new TreeMap<>();
        wanted.forEach(account -> figures.put(account, new TreeMap<>()));
        for (Total total : totals(OF_LINES, wanted, at(view.asOf(), position, position))) {
            String[] measureAndLine = total.series.split(" ", 2);
            figures.computeIfAbsent(total.accountId, none -> new TreeMap<>())
                    .merge(
                            measureAndLine[1],
                            figure(Measure.valueOf(measureAndLine[0]), total.amount),
                            LineFigures.Figure::plus);
        }
        return figures;
    }

    /** What has moved on each line of accounts, by day, after a day and up to the view's. */
    Map<String, Map<String, Map<LocalDate, LineFigures.Figure>>> lineDays(
            Collection<String> accountIds, LocalDate after, View view) {
        Map<String, Map<String, Map<LocalDate, LineFigures.Figure>>> days = new TreeMap<>();
        jdbc().sql("""
                        SELECT m.account_id, m.line_id, m.measure, m.occurred_on, sum(m.pence)::bigint AS pence
                          FROM unnest(:accounts::text[]) AS wanted(account_id)
                          JOIN account_move m
                            ON m.account_id = wanted.account_id AND m.line_id <> ''
                           AND m.occurred_on > :after AND m.occurred_on <= :asOf AND m.position <= :position
                         GROUP BY m.account_id, m.line_id, m.measure, m.occurred_on""")
                .param("accounts", accountIds.toArray(String[]::new))
                .param("after", after)
                .param("asOf", view.asOf())
                .param("position", position(view))
                .query(row -> {
                    days.computeIfAbsent(row.getString("account_id"), none -> new TreeMap<>())
                            .computeIfAbsent(row.getString("line_id"), none -> new TreeMap<>())
                            .merge(
                                    row.getObject("occurred_on", LocalDate.class),
                                    figure(row),
                                    LineFigures.Figure::plus);
                });
        return days;
    }

    /** What has moved on a line in a month that had been sealed. @param on its own day */
    record Late(String accountId, String lineId, LocalDate on, long position, LineFigures.Figure moved) {}

    /** What was recorded of sealed months after they were, up to the view's day. */
    List<Late> late(Collection<String> accountIds, PostingDates posted, View view) {
        if (posted.sealedAt().isEmpty()) {
            return List.of();
        }
        long position = position(view);
        Rows sealed = new Rows("sealed", "starts_on date", "sealed_at bigint");
        posted.sealedAt().forEach((month, at) -> sealed.add(month.atDay(1), at));
        return sealed.over(jdbc(), """
                        SELECT m.account_id, m.line_id, m.measure, m.occurred_on, m.position, m.pence
                          FROM rows CROSS JOIN unnest(:accounts::text[]) AS wanted(account_id)
                          JOIN account_move m
                            ON m.account_id = wanted.account_id AND m.line_id <> ''
                           AND m.occurred_on >= rows.starts_on AND m.occurred_on < (rows.starts_on + interval '1 month')::date
                           AND m.occurred_on <= :asOf AND m.position > rows.sealed_at AND m.position <= :position""")
                .param("accounts", accountIds.toArray(String[]::new))
                .param("asOf", view.asOf())
                .param("position", position)
                .query((row, i) -> new Late(
                        row.getString("account_id"),
                        row.getString("line_id"),
                        row.getObject("occurred_on", LocalDate.class),
                        row.getLong("position"),
                        figure(row)))
                .list();
    }

    private static LineFigures.Figure figure(ResultSet move) throws SQLException {
        return figure(Measure.valueOf(move.getString("measure")), Money.ofPence(move.getLong("pence")));
    }

    private static LineFigures.Figure figure(Measure measure, Money amount) {
        return switch (measure) {
            case SPENT -> new LineFigures.Figure(Money.ZERO, Money.ZERO, amount.negated(), Money.ZERO);
            case RECOVERED -> new LineFigures.Figure(Money.ZERO, Money.ZERO, Money.ZERO, amount.negated());
            case DEDUCTED -> new LineFigures.Figure(amount, amount, Money.ZERO, Money.ZERO);
            default -> new LineFigures.Figure(amount, Money.ZERO, Money.ZERO, Money.ZERO);
        };
    }

    /** The balances of those accounts that have moved. */
    private Map<String, Balance> held(Set<String> accountIds, LocalDate day, long position, long ofDay) {
        Map<String, EnumMap<FundingSource, Money>> sources = new LinkedHashMap<>();
        for (Total total :
                totals(accountIds.size() == 1 ? HELD_BY_ONE : HELD_BY_MANY, accountIds, at(day, position, ofDay))) {
            sources.computeIfAbsent(total.accountId, none -> new EnumMap<>(FundingSource.class))
                    .put(FundingSource.valueOf(total.series), total.amount);
        }
        Map<String, Balance> balances = new LinkedHashMap<>();
        sources.forEach((accountId, bySource) -> balances.put(
                accountId,
                new Balance(
                        bySource.values().stream().reduce(Money.ZERO, Money::plus),
                        Collections.unmodifiableMap(bySource))));
        return balances;
    }

    private List<Total> totals(String sql, Set<String> accountIds, Map<String, Object> at) {
        boolean one = sql.equals(HELD_BY_ONE);
        return jdbc().sql(sql)
                .param(
                        one ? "account" : "accounts",
                        one ? accountIds.iterator().next() : accountIds.toArray(String[]::new))
                .params(at)
                .query((row, i) -> new Total(
                        row.getString("account_id"), row.getString("series"), Money.ofPence(row.getLong("pence"))))
                .list();
    }
}
