package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.intake.StatementEvent.BankBalancesTold;
import uk.directpayments.ledger.intake.StatementEvent.LineIgnored;
import uk.directpayments.ledger.intake.StatementEvent.LineMatched;
import uk.directpayments.ledger.intake.StatementEvent.LineOutcome;
import uk.directpayments.ledger.intake.StatementEvent.LineReconciled;
import uk.directpayments.ledger.intake.StatementEvent.LineSplit;
import uk.directpayments.ledger.intake.StatementEvent.LineUnmatched;
import uk.directpayments.ledger.intake.StatementEvent.LinesProcessed;
import uk.directpayments.ledger.intake.StatementEvent.Result;
import uk.directpayments.ledger.intake.StatementEvent.StatementFinished;
import uk.directpayments.ledger.intake.StatementEvent.StatementReceived;
import uk.directpayments.ledger.intake.StatementEvent.Totals;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** Every statement file that was sent in, and its lines; of lines that had come before, only the number is kept. */
@Component
class StatementRegister extends Projection<StatementRegister.Buffer> {

    private static final String LOG = "log";
    private static final Pattern LINE_ID = Pattern.compile("[1-9][0-9]{0,8}(?:\\.[1-9][0-9]{0,2}){0,8}");

    private final Versions<Entry> entries = new Versions<>("statement_register", Entry.class);
    private final Versions<Line> lines = new Versions<>("statement_line", Line.class);

    /** Whether every line has been dealt with. */
    enum State {
        UNFINISHED,
        FINISHED
    }

    /** API: Statements in. */
    enum LineState {
        UNMATCHED,
        SUGGESTED,
        MATCHED,
        IGNORED
    }

    /**
     * A statement.
     *
     * @param receivedAt  position at which it was received
     * @param correlation of the request that sent it
     * @param lastLine    the number of the last line that has been dealt with, 0 before the first
     * @param finishedAt  position at which it was finished, or null
     * @param accountId   of a bank's statement, as is what follows: {@link BankBalancesTold}
     */
    record Entry(
            String statementId,
            String format,
            String sha256,
            int lines,
            long receivedAt,
            String actor,
            Actor.Role role,
            @Nullable String organisationId,
            String correlation,
            int lastLine,
            State state,
            Totals totals,
            @Nullable Long finishedAt,
            @Nullable String accountId,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable Money opening,
            @Nullable Money closing,
            @Nullable String mapping) {

        private Entry with(int lastLine, Totals totals) {
            return new Entry(
                    statementId,
                    format,
                    sha256,
                    lines,
                    receivedAt,
                    actor,
                    role,
                    organisationId,
                    correlation,
                    lastLine,
                    state,
                    totals,
                    finishedAt,
                    accountId,
                    from,
                    to,
                    opening,
                    closing,
                    mapping);
        }

        private Entry finished(Totals totals, long position) {
            return new Entry(
                    statementId,
                    format,
                    sha256,
                    lines,
                    receivedAt,
                    actor,
                    role,
                    organisationId,
                    correlation,
                    lastLine,
                    State.FINISHED,
                    totals,
                    position,
                    accountId,
                    from,
                    to,
                    opening,
                    closing,
                    mapping);
        }

        private Entry of(BankBalancesTold bank) {
            return new Entry(
                    statementId,
                    format,
                    sha256,
                    lines,
                    receivedAt,
                    actor,
                    role,
                    organisationId,
                    correlation,
                    lastLine,
                    state,
                    totals,
                    finishedAt,
                    bank.accountId(),
                    bank.from(),
                    bank.to(),
                    bank.opening(),
                    bank.closing(),
                    bank.mapping());
        }
    }

    /** Statements and lines of a batch. */
    record Buffer(Versions.Changes<Entry> entries, Versions.Changes<Line> lines) {}

    StatementRegister() {
        super("statement-register", Order.BY_LOG, "statement_register", "statement_line");
    }

    @When
    void on(StatementReceived e, Recorded at, Buffer buffer) {
        buffer.entries.open(
                e.statementId(),
                at,
                new Entry(
                        e.statementId(),
                        e.format(),
                        e.sha256(),
                        e.lines(),
                        at.position(),
                        at.actor(),
                        Actor.Role.valueOf(at.role()),
                        e.organisationId(),
                        at.correlation(),
                        0,
                        State.UNFINISHED,
                        Totals.NONE,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    @When
    void on(BankBalancesTold e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.of(e));
    }

    @When
    void on(LinesProcessed e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> {
            Totals totals = old.totals;
            int last = old.lastLine;
            for (LineOutcome outcome : e.outcomes()) {
                totals = totals.plus(outcome.result());
                last = outcome.lineNumber();
            }
            return old.with(last, totals);
        });
        for (LineOutcome outcome : e.outcomes()) {
            if (outcome.result() != Result.DUPLICATE) {
                buffer.lines.open(Line.place(at.id(), outcome.lineId()), at, Line.of(at.id(), outcome));
            }
        }
    }

    @When
    void on(LineMatched e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.with(old.lastLine, old.totals.matchedAfterAll(e.result())));
        buffer.lines.change(
                Line.place(at.id(), Integer.toString(e.lineNumber())), at, old -> old.matchedWith(e.transactionId()));
    }

    @When
    void on(LineReconciled e, Recorded at, Buffer buffer) {
        byHand(buffer, at, e.lineId(), old -> old.byHand(LineState.MATCHED, e.transactionIds()));
    }

    @When
    void on(LineUnmatched e, Recorded at, Buffer buffer) {
        byHand(buffer, at, e.lineId(), old -> old.byHand(LineState.UNMATCHED, List.of()));
    }

    @When
    void on(LineIgnored e, Recorded at, Buffer buffer) {
        byHand(buffer, at, e.lineId(), old -> old.byHand(LineState.IGNORED, List.of()));
    }

    @When
    void on(LineSplit e, Recorded at, Buffer buffer) {
        byHand(buffer, at, e.lineId(), old -> old.firstOf(e.amounts()));
        for (int part = 2; part <= e.amounts().size(); part++) {
            buffer.lines.open(Line.place(at.id(), Line.partId(e.lineId(), part)), at, Line.partOf(at.id(), e, part));
        }
    }

    private static void byHand(Buffer buffer, Recorded at, String lineId, UnaryOperator<Line> change) {
        buffer.lines.change(Line.place(at.id(), lineId), at, change);
    }

    @When
    void on(StatementFinished e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.finished(e.totals(), at.position()));
    }

    @Override
    protected Buffer buffer() {
        return new Buffer(entries.changes(), lines.changes());
    }

    @Override
    protected void write(Buffer buffer) {
        entries.write(jdbc(), buffer.entries);
        lines.write(jdbc(), buffer.lines);
    }

    /** The view pinned to a position that this register has reached. */
    View pinned(View view) {
        return view.at(position(view));
    }

    private long good(View view) {
        long position = position(view);
        require(LOG, position);
        return position;
    }

    Optional<Entry> find(String statementId, View view) {
        return entries.find(jdbc(), statementId, good(view));
    }

    /**
     * The statement that has every line of this very file in the ledger: none rejected, none unmatched. A bank's lines that are unmatched wait
     * for a person, and no file sent again can help: of those, too, none is rejected.
     */
    Optional<String> importedAs(String sha256, View view) {
        return entries
                .list(
                        jdbc(),
                        good(view),
                        "sha256 = :sha256 AND state = 'FINISHED' AND document @> :none::jsonb"
                                + " AND (account_id IS NOT NULL OR document @> :clean::jsonb) LIMIT 1",
                        Map.of(
                                "sha256",
                                sha256,
                                "none",
                                "{\"totals\": {\"rejected\": 0}}",
                                "clean",
                                "{\"totals\": {\"unmatched\": 0}}"))
                .stream()
                .findFirst()
                .map(Entry::statementId);
    }

    /**
     * The bank statements of an account, with both balances, that a statement beginning on a day must follow from: those that begin on that
     * day too, and of those that begin before it and end by it the ones that end last.
     */
    List<Entry> before(String accountId, LocalDate day, View view) {
        String proved =
                "account_id = :account AND document ->> 'opening' IS NOT NULL AND document ->> 'closing' IS NOT NULL";
        String earlier = proved + " AND document ->> 'from' < :day AND ends_on <= :day";
        return entries.list(
                jdbc(),
                good(view),
                proved + " AND (document ->> 'from' = :day OR (document ->> 'from' < :day AND ends_on ="
                        + " (SELECT max(ends_on) FROM statement_register WHERE " + earlier + ")))",
                Map.of("account", accountId, "day", day.toString()));
    }

    /** How the columns of an account's last CSV were mapped. */
    Optional<String> mapping(String accountId, View view) {
        return entries
                .list(
                        jdbc(),
                        good(view),
                        "account_id = :account AND document ->> 'mapping' IS NOT NULL"
                                + " ORDER BY (document ->> 'receivedAt')::bigint DESC LIMIT 1",
                        Map.of("account", accountId))
                .stream()
                .findFirst()
                .map(Entry::mapping);
    }

    /** In the order in which they were received; at most {@code limit}. */
    List<Entry> unfinished(int limit, View view) {
        return entries.list(
                jdbc(),
                good(view),
                "state = 'UNFINISHED' ORDER BY (document ->> 'receivedAt')::bigint LIMIT :limit",
                Map.of("limit", limit));
    }

    /** A statement's first rejected lines, in the order of the file. */
    List<Line> rejected(String statementId, int limit, View view) {
        return lines.list(
                jdbc(),
                good(view),
                "statement_id = :statement AND state IS NULL ORDER BY id LIMIT :limit",
                Map.of("statement", statementId, "limit", limit));
    }

    /**
     * A statement's lines that are in some state of reconciliation, in the order of the file.
     *
     * @param state null for any
     * @param after {@link Line#place} of the last line of the page before, or null
     */
    List<Line> lines(String statementId, @Nullable LineState state, @Nullable String after, int limit, View view) {
        Map<String, Object> parameters = new HashMap<>(Map.of("statement", statementId, "limit", limit));
        String condition = "statement_id = :statement AND state IS NOT NULL";
        if (state != null) {
            condition = "statement_id = :statement AND state = :state";
            parameters.put("state", state.name());
        }
        if (after != null) {
            condition += " AND id > :after";
            parameters.put("after", after);
        }
        return lines.list(jdbc(), good(view), condition + " ORDER BY id LIMIT :limit", parameters);
    }

    /** A line that was not rejected. @param lineId in any form */
    Optional<Line> line(String statementId, String lineId, View view) {
        return LINE_ID.matcher(lineId).matches()
                ? lines.find(jdbc(), Line.place(statementId, lineId), good(view))
                        .filter(line -> line.state() != null && line.lineId().equals(lineId))
                : Optional.empty();
    }

    /** Whether a line of an account waits for a person, or for what explains it. */
    boolean hasOpen(String accountId, View view) {
        return !lines.list(
                        jdbc(),
                        good(view),
                        "account_id = :account AND state IN ('UNMATCHED', 'SUGGESTED') LIMIT 1",
                        Map.of("account", accountId))
                .isEmpty();
    }

    /** How many lines of an account and period wait for a person, or for what explains them. */
    int openLines(String accountId, LocalDate from, LocalDate to, View view) {
        return (int) lines
                .list(
                        jdbc(),
                        good(view),
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
    List<Line> unmatched(Collection<String> accountIds, @Nullable String after, int limit, View view) {
        return lines.list(
                jdbc(),
                good(view),
                "account_id = ANY(:accounts) AND state = 'UNMATCHED' AND document -> 'byHand' = 'false'::jsonb"
                        + " AND id > :after ORDER BY id LIMIT :limit",
                Map.of(
                        "accounts",
                        accountIds.toArray(String[]::new),
                        "after",
                        after == null ? "" : after,
                        "limit",
                        limit));
    }

    /** Whether a line of this kind and reference has come on the account before, and was not rejected. */
    boolean hasCome(String accountId, StatementLine.Kind kind, long refHash, View view) {
        return !lines.list(
                        jdbc(),
                        good(view),
                        "account_id = :account AND ref_hash = :reference AND kind = :kind AND state IS NOT NULL LIMIT 1",
                        Map.of("account", accountId, "reference", refHash, "kind", kind.name()))
                .isEmpty();
    }

    /** Those of an account's transactions that a line is matched with. */
    Set<String> matched(String accountId, Collection<String> transactionIds, View view) {
        return lines
                .list(
                        jdbc(),
                        good(view),
                        "account_id = :account AND state = 'MATCHED' AND document -> 'transactionIds' ??| :ids",
                        Map.of("account", accountId, "ids", transactionIds.toArray(String[]::new)))
                .stream()
                .flatMap(line -> line.transactionIds().stream())
                .collect(Collectors.toSet());
    }
}
