package uk.directpayments.ledger.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
 * What accounts hold, on two dates. A balance on a day is the total of the years before its year and of the months before its month in that year,
 * and what has moved in that month up to the day, each as at the position asked for; or, late in a year or month, the whole of it less what lies after
 * the day. That is a handful of index probes, however long the account, and a back-dated fact changes two totals.
 */
@Component
public class AccountBalances extends Projection<Rows> {

    /**
     * Which totals there are, from the index of first rows, a range for each span; then the newest of each, by one probe; and the moves of part of a
     * month. What has moved only after the day is none of the totals, even if it was added and taken away. Ranges are said with both
     * their ends for PostgreSQL to expect few rows, whatever the days: where it thinks there may be many it plans anew for each question, which takes longer
     * than to answer it.
     */
    private static final String TOTALS = """
            SELECT k.account_id, k.series, sum(k.pence)::bigint AS pence
              FROM %1$s (
                   SELECT o.account_id, o.series, part.sign * newest.total AS pence
                     FROM (VALUES ('Y'::"char", '-infinity'::date, :years::date, 1),
                                  ('M', :monthsFrom::date, :monthsTo::date, :monthSign::integer)) AS part(span, first, until, sign)
                    CROSS JOIN LATERAL (
                          SELECT * FROM account_balance
                           WHERE opens AND account_id = %2$s AND span = part.span
                             AND starts_on >= part.first AND starts_on < part.until AND position <= :position
                          OFFSET 0) o
                    CROSS JOIN LATERAL (
                          SELECT b.total FROM account_balance b
                           WHERE b.account_id = o.account_id AND b.span = o.span AND b.starts_on = o.starts_on
                             AND b.series = o.series AND b.position <= :position
                           ORDER BY b.position DESC LIMIT 1) newest
                   UNION ALL
                   SELECT account_id, series, :daySign::integer * pence FROM account_move
                    WHERE account_id = %2$s AND occurred_on BETWEEN :daysFrom::date AND :daysTo::date
                      AND position BETWEEN 1 AND :position
                      AND (occurred_on <> :day::date OR (position <= :ofDay) = (:daySign::integer > 0))) k
             GROUP BY k.account_id, k.series
            HAVING sum(k.pence) <> 0
                OR (SELECT true FROM account_balance o
                     WHERE o.opens AND o.account_id = k.account_id AND o.span = 'M'
                       AND o.starts_on >= '-infinity' AND o.starts_on < :month::date
                       AND o.series = k.series AND o.position BETWEEN 1 AND :position LIMIT 1)
                OR (SELECT true FROM account_move m
                     WHERE m.account_id = k.account_id AND m.occurred_on BETWEEN :month::date AND :day::date
                       AND m.series = k.series
                       AND m.position <= CASE WHEN m.occurred_on = :day THEN :ofDay::bigint ELSE :position END LIMIT 1)""";

    private static final int HALF_A_YEAR = 6;
    private static final int HALF_A_MONTH = 15;

    /**
     * The shortest way to a day: in the first half of a year the months before it, in the second those after it are taken from the whole year; the
     * same within the month, up to the day or from it on.
     *
     * @param ofDay up to which position the day itself counts; all others count up to {@code position}
     */
    static Map<String, Object> wayTo(LocalDate day, long position, long ofDay) {
        LocalDate year = day.withDayOfYear(1);
        LocalDate nextYear = year.plusYears(1);
        LocalDate month = day.withDayOfMonth(1);
        LocalDate nextMonth = month.plusMonths(1);
        boolean lateInYear = day.getMonthValue() > HALF_A_YEAR;
        boolean lateInMonth = day.getDayOfMonth() > HALF_A_MONTH;
        LocalDate wholeMonths = lateInMonth ? nextMonth : month;
        return Map.ofEntries(
                Map.entry("years", lateInYear ? nextYear : year),
                Map.entry("monthsFrom", lateInYear ? wholeMonths : year),
                Map.entry("monthsTo", lateInYear ? nextYear : wholeMonths),
                Map.entry("monthSign", lateInYear ? -1 : 1),
                Map.entry("daysFrom", lateInMonth ? day : month),
                Map.entry("daysTo", lateInMonth ? nextMonth.minusDays(1) : day),
                Map.entry("daySign", lateInMonth ? -1 : 1),
                Map.entry("month", month),
                Map.entry("day", day),
                Map.entry("position", position),
                Map.entry("ofDay", ofDay));
    }

    static final String OF_MANY =
            TOTALS.formatted("unnest(:accounts::text[]) AS wanted(account_id) CROSS JOIN LATERAL", "wanted.account_id");

    /** Said so that PostgreSQL plans it once, not anew for each account: planning takes longer than finding. */
    static final String OF_ONE = TOTALS.formatted("", ":account::text");

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

    private record Total(String accountId, FundingSource source, String lineId, Measure measure, Money amount) {}

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
                moves.add(
                        at.account(),
                        on,
                        series(measure, line.heldFrom(), line.lineId()),
                        at.position(),
                        line.amount().pence());
            }
        }
    }

    private static void deduct(
            FundingSource source, String lineId, Money contribution, LocalDate on, Recorded at, Rows moves) {
        if (!contribution.isZero()) {
            moves.add(at.account(), on, series(Measure.DEDUCTED, source, lineId), at.position(), contribution.pence());
        }
    }

    /** In one column: an index compares it at each step. Ends in a blank where the money belongs to no line. */
    private static String series(Measure measure, FundingSource source, @Nullable String lineId) {
        return measure + " " + source + " " + (lineId == null ? "" : lineId);
    }

    @Override
    protected Rows buffer() {
        return new Rows(
                "account_move",
                "account_id text",
                "occurred_on date",
                "series text",
                "position bigint",
                "pence bigint");
    }

    /**
     * Events of one account arrive in the order of their positions: the newest total there is, is the one to add to. It is looked for once for
     * each total, however often the batch moves it.
     */
    @Override
    protected void write(Rows moves) {
        moves.unnest(jdbc(), """
                , moves AS (
                    INSERT INTO account_move (account_id, occurred_on, series, position, pence)
                    SELECT account_id, occurred_on, series, position, sum(pence)
                      FROM rows GROUP BY account_id, occurred_on, series, position
                     ORDER BY account_id, occurred_on, position, series)
                , moved AS (
                    SELECT account_id, part.span, part.starts_on, series, position, sum(pence) AS pence
                      FROM rows
                     CROSS JOIN LATERAL (VALUES ('Y'::"char", date_trunc('year', occurred_on::timestamp)::date),
                                                ('M'::"char", date_trunc('month', occurred_on::timestamp)::date)) AS part(span, starts_on)
                     GROUP BY account_id, part.span, part.starts_on, series, position)
                INSERT INTO account_balance (account_id, span, starts_on, series, position, total, opens)
                SELECT account_id, span, starts_on, series, position,
                       coalesce(first_value(before) OVER running, 0) + sum(pence) OVER running,
                       place = 1 AND before IS NULL
                  FROM (SELECT m.*, row_number() OVER running AS place,
                               CASE WHEN row_number() OVER running = 1 THEN (
                                    SELECT b.total FROM account_balance b
                                     WHERE b.account_id = m.account_id AND b.span = m.span AND b.starts_on = m.starts_on
                                       AND b.series = m.series
                                     ORDER BY b.position DESC LIMIT 1) END AS before
                          FROM moved m
                        WINDOW running AS (PARTITION BY account_id, span, starts_on, series ORDER BY position)) placed
                WINDOW running AS (PARTITION BY account_id, span, starts_on, series ORDER BY position)
                 ORDER BY account_id, span, starts_on, series, position""");
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
        balances.putAll(balances(totals(wanted, view.asOf(), position, position)));
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
        return balances(totals(Set.of(accountId), view.asOf(), position, position))
                .getOrDefault(accountId, Balance.NOTHING);
    }

    /** What an account held just before the transaction that stands at a position of the log and counts on a day. */
    Money before(String accountId, LocalDate on, long transactionAt, View view) {
        long position = position(view);
        require(accountId, position);
        return balances(totals(Set.of(accountId), on, position, transactionAt - 1))
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
        for (Total total : totals(wanted, view.asOf(), position, position)) {
            if (!total.lineId.isEmpty()) {
                figures.getOrDefault(total.accountId, new TreeMap<>())
                        .merge(total.lineId, figure(total), LineFigures.Figure::plus);
            }
        }
        return figures;
    }

    /** What has moved on each line of accounts, by day, after a day and up to the view's. */
    Map<String, Map<String, Map<LocalDate, LineFigures.Figure>>> lineDays(
            Collection<String> accountIds, LocalDate after, View view) {
        Map<String, Map<String, Map<LocalDate, LineFigures.Figure>>> days = new TreeMap<>();
        jdbc().sql("""
                        SELECT m.account_id, m.series, m.occurred_on, sum(m.pence) AS pence
                          FROM unnest(:accounts::text[]) AS wanted(account_id)
                          JOIN account_move m
                            ON m.account_id = wanted.account_id AND m.series NOT LIKE '% '
                           AND m.occurred_on > :after AND m.occurred_on <= :asOf AND m.position <= :position
                         GROUP BY m.account_id, m.series, m.occurred_on""")
                .param("accounts", accountIds.toArray(String[]::new))
                .param("after", after)
                .param("asOf", view.asOf())
                .param("position", position(view))
                .query(row -> {
                    Total total = total(row);
                    days.computeIfAbsent(total.accountId, none -> new TreeMap<>())
                            .computeIfAbsent(total.lineId, none -> new TreeMap<>())
                            .merge(
                                    row.getObject("occurred_on", LocalDate.class),
                                    figure(total),
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
                        SELECT m.account_id, m.series, m.occurred_on, m.position, m.pence
                          FROM rows CROSS JOIN unnest(:accounts::text[]) AS wanted(account_id)
                          JOIN account_move m
                            ON m.account_id = wanted.account_id AND m.series NOT LIKE '% '
                           AND m.occurred_on >= rows.starts_on AND m.occurred_on < (rows.starts_on + interval '1 month')::date
                           AND m.occurred_on <= :asOf AND m.position > rows.sealed_at AND m.position <= :position""")
                .param("accounts", accountIds.toArray(String[]::new))
                .param("asOf", view.asOf())
                .param("position", position)
                .query((row, i) -> {
                    Total moved = total(row);
                    return new Late(
                            moved.accountId,
                            moved.lineId,
                            row.getObject("occurred_on", LocalDate.class),
                            row.getLong("position"),
                            figure(moved));
                })
                .list();
    }

    private static Total total(ResultSet row) throws SQLException {
        String[] series = row.getString("series").split(" ", 3);
        return new Total(
                row.getString("account_id"),
                FundingSource.valueOf(series[1]),
                series[2],
                Measure.valueOf(series[0]),
                Money.ofPence(row.getLong("pence")));
    }

    private static LineFigures.Figure figure(Total total) {
        return switch (total.measure) {
            case SPENT -> new LineFigures.Figure(Money.ZERO, Money.ZERO, total.amount.negated(), Money.ZERO);
            case RECOVERED -> new LineFigures.Figure(Money.ZERO, Money.ZERO, Money.ZERO, total.amount.negated());
            case DEDUCTED -> new LineFigures.Figure(total.amount, total.amount, Money.ZERO, Money.ZERO);
            default -> new LineFigures.Figure(total.amount, Money.ZERO, Money.ZERO, Money.ZERO);
        };
    }

    private static Map<String, Balance> balances(List<Total> totals) {
        Map<String, EnumMap<FundingSource, Money>> sources = new LinkedHashMap<>();
        for (Total total : totals) {
            if (total.measure != Measure.DEDUCTED) {
                sources.computeIfAbsent(total.accountId, none -> new EnumMap<>(FundingSource.class))
                        .merge(total.source, total.amount, Money::plus);
            }
        }
        Map<String, Balance> balances = new LinkedHashMap<>();
        sources.forEach((accountId, bySource) -> balances.put(
                accountId,
                new Balance(
                        bySource.values().stream().reduce(Money.ZERO, Money::plus),
                        Collections.unmodifiableMap(bySource))));
        return balances;
    }

    private List<Total> totals(Set<String> accountIds, LocalDate day, long position, long ofDay) {
        boolean one = accountIds.size() == 1;
        return jdbc().sql(one ? OF_ONE : OF_MANY)
                .param(
                        one ? "account" : "accounts",
                        one ? accountIds.iterator().next() : accountIds.toArray(String[]::new))
                .params(wayTo(day, position, ofDay))
                .query((row, i) -> total(row))
                .list();
    }
}
