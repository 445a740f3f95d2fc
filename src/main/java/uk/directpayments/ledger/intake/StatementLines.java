package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.intake.ComeBefore.Reference;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;

/** What is asked of the lines of statements, one file's or those of accounts, as the {@link StatementRegister} knows them. */
@Component
class StatementLines {

    private static final Pattern LINE_ID = Pattern.compile("[1-9][0-9]{0,8}(?:\\.[1-9][0-9]{0,2}){0,8}");

    private final StatementRegister register;
    private final JdbcClient jdbc;
    private final Versions<Line> lines = versions();

    StatementLines(StatementRegister register, JdbcClient jdbc) {
        this.register = register;
        this.jdbc = jdbc;
    }

    static Versions<Line> versions() {
        return new Versions<>("statement_line", Line.class);
    }

    /** A statement's first rejected lines, in the order of the file. */
    List<Line> rejected(String statementId, int limit, View view) {
        return lines.list(
                jdbc,
                register.good(view),
                "statement_id = :statement AND rejected_since IS NOT NULL ORDER BY id LIMIT :limit",
                Map.of("statement", statementId, "limit", limit));
    }

    /**
     * A statement's lines, up to the view's day, that are in some state of reconciliation, as was known at its position, in the order of the file.
     *
     * @param state null for any
     * @param after {@link Line#place} of the last line of the page before, or null
     */
    List<Line> lines(String statementId, @Nullable LineState state, @Nullable String after, int limit, View view) {
        Map<String, Object> parameters = new HashMap<>(Map.of(
                "statement", statementId, "limit", limit, "asOf", view.asOf().toString()));
        String condition =
                "statement_id = :statement AND (on_day IS NULL OR coalesce(rejected_since, on_day) <= :asOf)";
        if (state != null) {
            condition += " AND state = :state";
            parameters.put("state", state.name());
        } else {
            condition += " AND state IS NOT NULL";
        }
        if (after != null) {
            condition += " AND id > :after";
            parameters.put("after", after);
        }
        return lines.list(jdbc, register.good(view), condition + " ORDER BY id LIMIT :limit", parameters);
    }

    /** How a statement's lines stand, those of every day, as was known at the view's position. */
    LineCounts counts(Statement statement, View view) {
        List<LineCounts.Dealt> dealt = jdbc.sql("""
                        SELECT l.document AS now,
                               (SELECT b.document FROM statement_line b
                                 WHERE b.id = l.id AND b.document -> 'byHand' = 'false'::jsonb
                                 ORDER BY b.from_position DESC LIMIT 1) AS before
                          FROM statement_line l
                         WHERE l.statement_id = :statement AND l.document -> 'byHand' = 'true'::jsonb
                           AND l.from_position <= :position AND l.until_position > :position""")
                .param("statement", statement.statementId())
                .param("position", register.good(view))
                .query((row, i) -> {
                    String before = row.getString("before");
                    return new LineCounts.Dealt(
                            before == null ? null : lines.read(before), lines.read(row.getString("now")));
                })
                .list();
        return LineCounts.of(statement.totals(), dealt);
    }

    /** A line, also a rejected one. @param lineId in any form */
    Optional<Line> line(String statementId, String lineId, View view) {
        return LINE_ID.matcher(lineId).matches()
                ? lines.find(jdbc, Line.place(statementId, lineId), register.good(view))
                        .filter(line -> line.lineId().equals(lineId))
                : Optional.empty();
    }

    /** Whether a line of an account waits for a person, or for what explains it. */
    boolean hasOpen(String accountId, View view) {
        return !lines.list(
                        jdbc,
                        register.good(view),
                        "account_id = :account AND state IN ('UNMATCHED', 'SUGGESTED') LIMIT 1",
                        Map.of("account", accountId))
                .isEmpty();
    }

    /** How many lines of an account and period wait for a person, or for what explains them. */
    int openLines(String accountId, LocalDate from, LocalDate to, View view) {
        return (int) lines
                .list(
                        jdbc,
                        register.good(view),
                        "account_id = :account AND state IN ('UNMATCHED', 'SUGGESTED')",
                        Map.of("account", accountId))
                .stream()
                .filter(line -> {
                    LocalDate on = line.on();
                    return on != null && !on.isBefore(from) && !on.isAfter(to);
                })
                .count();
    }

    /** The lines of these accounts, from whichever statement, that wait for a match that the ledger itself may find. */
    List<Line> waiting(Collection<String> accountIds, @Nullable String after, int limit, View view) {
        return lines.list(
                jdbc,
                register.good(view),
                "account_id = ANY(:accounts) AND state IN ('UNMATCHED', 'SUGGESTED') AND document -> 'byHand' = 'false'::jsonb"
                        + " AND id > :after ORDER BY id LIMIT :limit",
                Map.of(
                        "accounts",
                        accountIds.toArray(String[]::new),
                        "after",
                        after == null ? "" : after,
                        "limit",
                        limit));
    }

    /**
     * What lines of these kinds and references have told of accounts before, those that were rejected left out; also if they then came under these
     * references as what another format had told already.
     */
    ComeBefore come(Collection<Reference> references, View view) {
        Rows rows = new Rows("reference", "account text", "line_kind text", "reference bigint");
        references.forEach(one -> rows.add(one.accountId(), one.kind(), one.refHash()));
        Map<Reference, Set<Told>> told = new HashMap<>();
        rows.over(jdbc, """
                        SELECT account, line_kind, reference, before.on_day, before.told
                          FROM rows CROSS JOIN LATERAL (
                               SELECT l.on_day, l.told FROM statement_line l
                                WHERE l.account_id = account AND l.ref_hash = reference AND l.kind = line_kind
                                  AND l.state IS NOT NULL AND l.from_position <= :position AND l.until_position > :position
                               UNION ALL
                               SELECT a.on_day, a.told FROM statement_line_alias a
                                WHERE a.account_id = account AND a.ref_hash = reference AND a.kind = line_kind
                                  AND a.position <= :position) AS before""")
                .param("position", register.good(view))
                .query((row, i) -> told.computeIfAbsent(
                                new Reference(
                                        row.getString("account"),
                                        StatementLine.Kind.valueOf(row.getString("line_kind")),
                                        row.getLong("reference")),
                                none -> new HashSet<>())
                        .add(new Told(LocalDate.parse(row.getString("on_day")), Money.parse(row.getString("told")))))
                .list();
        return new ComeBefore(told);
    }

    /** A bank's entries of one day and amount. */
    record Told(LocalDate on, Money amount) {}

    /**
     * How many such entries statements of other formats have told of their accounts that no statement of this one's format has: those are the
     * ones that its lines may turn out to be. Where one statement begins with the balance that the other ended with, that day, neither holds
     * entries of the other.
     */
    Map<ToldElsewhere.Entry, Integer> toldInOtherFormats(
            ToldElsewhere.Telling statement, Collection<ToldElsewhere.Entry> wanted, View view) {
        Rows rows = new Rows("told", "account text", "on_day text", "told text");
        wanted.forEach(entry -> rows.add(entry.accountId(), entry.told().on, entry.told().amount));
        BankPeriod period = statement.period();
        Map<ToldElsewhere.Entry, Integer> open = new HashMap<>();
        rows.over(jdbc, """
                        SELECT rows.account, rows.on_day, rows.told,
                               (SELECT count(*) FROM statement_line l JOIN statement_register s ON s.id = l.statement_id
                                   AND s.until_position = :open AND s.id <> :statement AND s.document ->> 'format' <> :format
                                   AND NOT coalesce(s.document ->> 'closing' = :opening AND s.document ->> 'to' = :from
                                                    AND s.document ->> 'opening' <> :opening, false)
                                   AND NOT coalesce(s.document ->> 'opening' = :closing AND s.document ->> 'from' = :to
                                                    AND s.document ->> 'closing' <> :closing, false)
                                 WHERE l.account_id = rows.account AND l.on_day = rows.on_day AND l.told = rows.told
                                   AND l.kind <> 'SPENDING' AND l.state IS NOT NULL
                                   AND l.from_position <= :position AND l.until_position > :position)
                             - (SELECT count(*) FROM statement_line_alias a JOIN statement_register s ON s.id = a.statement_id
                                   AND s.until_position = :open AND s.document ->> 'format' = :format
                                 WHERE a.account_id = rows.account AND a.on_day = rows.on_day AND a.told = rows.told
                                   AND a.position <= :position) AS open
                          FROM rows""")
                .param("format", statement.format())
                .param("statement", statement.statementId())
                .param("opening", period == null ? null : text(period.opening()))
                .param("closing", period == null ? null : text(period.closing()))
                .param("from", period == null ? null : text(period.from()))
                .param("to", period == null ? null : text(period.to()))
                .param("open", Versions.OPEN)
                .param("position", register.good(view))
                .query((row, i) -> open.put(
                        new ToldElsewhere.Entry(
                                row.getString("account"),
                                new Told(LocalDate.parse(row.getString("on_day")), Money.parse(row.getString("told")))),
                        row.getInt("open")))
                .list();
        return open;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    /** Those of an account's transactions that a bank's line is matched with; what an organisation says is no bank's. */
    Set<String> matched(String accountId, Collection<String> transactionIds, View view) {
        return matched(List.of(accountId), transactionIds, view).stream()
                .map(Moved.Key::transactionId)
                .collect(Collectors.toSet());
    }

    /** Those of these transactions, and of what takes them back, that a line is matched with. */
    Set<Moved.Key> matched(Collection<Moved> moved, View view) {
        return moved.isEmpty()
                ? Set.of()
                : matched(
                        moved.stream().map(Moved::accountId).collect(Collectors.toSet()),
                        moved.stream()
                                .flatMap(one -> Stream.of(
                                        Optional.of(one.transactionId()), Optional.ofNullable(one.counterpart())))
                                .flatMap(Optional::stream)
                                .collect(Collectors.toSet()),
                        view);
    }

    private Set<Moved.Key> matched(Collection<String> accountIds, Collection<String> transactionIds, View view) {
        Set<Moved.Key> matched = new HashSet<>();
        lines.list(
                        jdbc,
                        register.good(view),
                        "account_id = ANY(:accounts) AND state = 'MATCHED' AND kind <> 'SPENDING'"
                                + " AND document -> 'transactionIds' ??| :ids",
                        Map.of(
                                "accounts",
                                accountIds.toArray(String[]::new),
                                "ids",
                                transactionIds.toArray(String[]::new)))
                .forEach(line -> line.transactionIds()
                        .forEach(id -> matched.add(new Moved.Key(Objects.requireNonNull(line.accountId()), id))));
        return matched;
    }

    // ── for the report of what is unreconciled ───────────────────────────────────────────────────────────────────

    /** The lines of accounts, up to the view's day, that wait for a match, in the order of accounts, statements and files. */
    List<Line> open(Collection<String> accountIds, @Nullable Line after, int limit, View view) {
        return lines.list(
                jdbc,
                register.good(view),
                "account_id = ANY(:accounts) AND state IN ('UNMATCHED', 'SUGGESTED') AND on_day <= :asOf"
                        + " AND (account_id, id) > (:account, :id) ORDER BY account_id, id LIMIT :limit",
                Map.of(
                        "accounts",
                        accountIds.toArray(String[]::new),
                        "asOf",
                        view.asOf().toString(),
                        "account",
                        after == null ? "" : String.valueOf(after.accountId()),
                        "id",
                        after == null ? "" : after.place(),
                        "limit",
                        limit));
    }

    /** A rejected line, and whose it is: of a bank's statement the statement's, else the line's, which may not be known. */
    record Rejected(@Nullable String accountId, Line line) {}

    /**
     * The lines, up to the view's day, that imports refused and that no line of the same reference has made good since, in the order of accounts,
     * statements and files. Of a line that was refused in several files, the first; not what a bank has yet to book. A line that was refused because its
     * reference had told something else is not made good by that.
     *
     * @param accountIds     of accounts; or null for those of which the account is not known
     * @param organisationId in that case, only those that this organisation has sent, or null
     */
    List<Rejected> rejected(
            @Nullable Collection<String> accountIds,
            @Nullable String organisationId,
            @Nullable Rejected after,
            int limit,
            View view) {
        return jdbc.sql("""
                        WITH valid AS (
                            SELECT coalesce(l.account_id, s.account_id, '') AS account, l.*
                              FROM statement_line l JOIN statement_register s ON s.id = l.statement_id
                               AND s.from_position <= :position AND s.until_position > :position
                             WHERE l.rejected_since <= :asOf AND l.document ->> 'code' <> 'LINE_NOT_SETTLED'
                               AND l.from_position <= :position AND l.until_position > :position
                               AND (CAST(:sender AS text) IS NULL OR s.document ->> 'organisationId' = :sender))
                        SELECT account, document FROM valid v
                         WHERE account = ANY(:accounts) AND state IS NULL AND (account, id) > (:account, :id)
                           AND NOT EXISTS (SELECT FROM statement_line o
                                WHERE o.ref_hash = v.ref_hash AND o.kind = v.kind AND o.id <> v.id
                                  AND (o.account_id = v.account OR v.account = '')
                                  AND o.from_position <= :position AND o.until_position > :position
                                  AND (v.document ->> 'code' <> 'DUPLICATE_TRANSACTION'
                                       OR (o.on_day = v.on_day AND o.told = v.told))
                                  AND (o.state IS NOT NULL OR o.from_position < v.from_position
                                       OR (v.account = '' AND o.account_id IS NOT NULL)))
                         ORDER BY account, id LIMIT :limit""")
                .param("accounts", accountIds == null ? new String[] {""} : accountIds.toArray(String[]::new))
                .param("sender", organisationId)
                .param("asOf", view.asOf().toString())
                .param("account", after == null || after.accountId == null ? "" : after.accountId)
                .param("id", after == null ? "" : after.line.place())
                .param("position", register.good(view))
                .param("limit", limit)
                .query((row, i) -> new Rejected(
                        row.getString("account").isEmpty() ? null : row.getString("account"),
                        lines.read(row.getString("document"))))
                .list();
    }

    /** The last day, by the view's, that a statement or card feed told of each account; accounts of which none has are not in the answer. */
    Map<String, LocalDate> lastTold(Collection<String> accountIds, View view) {
        Map<String, LocalDate> last = new HashMap<>();
        jdbc.sql("""
                        SELECT wanted.id, greatest(
                               (SELECT max(least(ends_on, :asOf)) FROM statement_register s
                                 WHERE s.account_id = wanted.id AND document ->> 'from' <= :asOf
                                   AND from_position <= :position AND until_position > :position),
                               (SELECT max(on_day) FROM statement_line l
                                 WHERE l.account_id = wanted.id AND on_day <= :asOf AND state IS NOT NULL
                                   AND kind <> 'SPENDING' AND from_position <= :position AND until_position > :position)) AS last
                          FROM unnest(:accounts::text[]) AS wanted(id)""")
                .param("accounts", accountIds.toArray(String[]::new))
                .param("asOf", view.asOf().toString())
                .param("position", register.good(view))
                .query(row -> {
                    String day = row.getString("last");
                    if (day != null) {
                        last.put(row.getString("id"), LocalDate.parse(day));
                    }
                });
        return last;
    }
}
