package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.intake.StatementEvent.BankBalancesTold;
import uk.directpayments.ledger.intake.StatementEvent.FeedMappingTold;
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
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/**
 * Every statement file that was sent in, and its lines, which {@link StatementLines} are asked for; of lines that had come before, only the number
 * is kept.
 */
@Component
class StatementRegister extends Projection<StatementRegister.Buffer> {

    private static final String LOG = "log";

    private final Versions<Statement> statements = new Versions<>("statement_register", Statement.class);
    private final Versions<Line> lines = StatementLines.versions();

    /** Statements and lines of a batch, and the further references of lines. */
    record Buffer(Versions.Changes<Statement> statements, Versions.Changes<Line> lines, Rows aliases) {}

    StatementRegister() {
        super("statement-register", Order.BY_LOG, "statement_register", "statement_line", "statement_line_alias");
    }

    @When
    void on(StatementReceived e, Recorded at, Buffer buffer) {
        buffer.statements.open(
                e.statementId(),
                at,
                new Statement(
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
                        Statement.State.UNFINISHED,
                        Totals.NONE,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        false,
                        null));
    }

    @When
    void on(BankBalancesTold e, Recorded at, Buffer buffer) {
        buffer.statements.change(at.id(), at, old -> old.of(e));
    }

    @When
    void on(FeedMappingTold e, Recorded at, Buffer buffer) {
        buffer.statements.change(at.id(), at, old -> old.mapped(e.mapping()));
    }

    @When
    void on(LinesProcessed e, Recorded at, Buffer buffer) {
        buffer.statements.change(at.id(), at, old -> {
            Totals totals = old.totals();
            int last = old.lastLine();
            for (LineOutcome outcome : e.outcomes()) {
                totals = totals.plus(outcome.result());
                last = outcome.lineNumber();
            }
            return old.with(last, totals);
        });
        for (LineOutcome outcome : e.outcomes()) {
            if (outcome.inOtherFormat()) {
                buffer.aliases.add(
                        outcome.accountId(),
                        outcome.refHash(),
                        outcome.kind(),
                        at.id(),
                        outcome.on(),
                        outcome.amount(),
                        at.position());
            } else if (outcome.result() != Result.DUPLICATE) {
                buffer.lines.open(
                        Line.place(at.id(), outcome.lineId()), at, Line.of(at.id(), outcome, at.occurredOn()));
            }
        }
    }

    @When
    void on(LineMatched e, Recorded at, Buffer buffer) {
        buffer.statements.change(
                at.id(), at, old -> old.with(old.lastLine(), old.totals().matchedAfterAll(e.result())));
        buffer.lines.change(
                Line.place(at.id(), Integer.toString(e.lineNumber())), at, old -> old.matchedWith(e.transactionId()));
    }

    @When
    void on(LineReconciled e, Recorded at, Buffer buffer) {
        byHand(buffer, at, e.lineId(), old -> old.byHand(LineState.MATCHED, e.transactionIds()));
    }

    @When
    void on(LineUnmatched e, Recorded at, Buffer buffer) {
        byHand(buffer, at, e.lineId(), old -> old.byHand(old.isRejected() ? null : LineState.UNMATCHED, List.of()));
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
        buffer.statements.change(at.id(), at, old -> old.finished(e.totals(), at.position()));
    }

    @Override
    protected Buffer buffer() {
        return new Buffer(
                statements.changes(),
                lines.changes(),
                new Rows(
                        "statement_line_alias",
                        "account_id text",
                        "ref_hash bigint",
                        "kind text",
                        "statement_id text",
                        "on_day text",
                        "told text",
                        "position bigint"));
    }

    @Override
    protected void write(Buffer buffer) {
        statements.write(jdbc(), buffer.statements);
        lines.write(jdbc(), buffer.lines);
        buffer.aliases.insert(jdbc(), "ON CONFLICT DO NOTHING");
    }

    /** The view pinned to a position that this register has reached. */
    View pinned(View view) {
        return view.at(position(view));
    }

    /** @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED} */
    long good(View view) {
        long position = position(view);
        require(LOG, position);
        return position;
    }

    Optional<Statement> find(String statementId, View view) {
        return statements.find(jdbc(), statementId, good(view));
    }

    /**
     * The statement that has every line of this very file in the ledger: none rejected, none unmatched. A bank's lines that are unmatched wait
     * for a person, and no file sent again can help: of those, too, none is rejected. The same bytes are another account's own statement.
     *
     * @param accountId that a bank's statement is of; null of a file whose lines name their accounts
     * @param sender    in that case, only what this organisation has sent, or null
     */
    Optional<Statement> importedAs(String sha256, @Nullable String accountId, @Nullable String sender, View view) {
        Map<String, Object> parameters =
                new HashMap<>(Map.of("sha256", sha256, "none", "{\"totals\": {\"rejected\": 0}}"));
        String condition = "sha256 = :sha256 AND state = 'FINISHED' AND document @> :none::jsonb";
        if (accountId != null) {
            condition += " AND account_id = :account";
            parameters.put("account", accountId);
        } else {
            condition += " AND account_id IS NULL AND document @> :clean::jsonb";
            parameters.put("clean", "{\"totals\": {\"unmatched\": 0}}");
            if (sender != null) {
                condition += " AND document ->> 'organisationId' = :sender";
                parameters.put("sender", sender);
            }
        }
        return statements.list(jdbc(), good(view), condition + " LIMIT 1", parameters).stream()
                .findFirst();
    }

    /**
     * The bank statements of an account, with both balances, that a statement beginning on a day must follow from: those that begin on that
     * day too, and of those that begin before it and end by it the ones that end last. None if one goes on from before that day to after it:
     * its balance on that day is not known.
     */
    List<Statement> before(String accountId, LocalDate day, View view) {
        String proved =
                "account_id = :account AND document ->> 'opening' IS NOT NULL AND document ->> 'closing' IS NOT NULL";
        String known = " FROM statement_register WHERE from_position <= :position AND until_position > :position AND "
                + proved + " AND document ->> 'from' < :day AND ends_on";
        return statements.list(
                jdbc(),
                good(view),
                proved + " AND (document ->> 'from' = :day OR (document ->> 'from' < :day AND ends_on ="
                        + " (SELECT max(ends_on)" + known + " <= :day)))"
                        + " AND NOT EXISTS (SELECT" + known + " > :day)",
                Map.of("account", accountId, "day", day.toString()));
    }

    /** How the columns of an account's last CSV were mapped. */
    Optional<String> mapping(String accountId, View view) {
        return statements
                .list(
                        jdbc(),
                        good(view),
                        "account_id = :account AND document ->> 'mapping' IS NOT NULL"
                                + " ORDER BY (document ->> 'receivedAt')::bigint DESC LIMIT 1",
                        Map.of("account", accountId))
                .stream()
                .findFirst()
                .map(Statement::mapping);
    }

    /** How the columns of an organisation's, or if it is null the council's, last card feed were mapped. */
    Optional<String> feedMapping(@Nullable String organisationId, View view) {
        return statements
                .list(
                        jdbc(),
                        good(view),
                        "account_id IS NULL AND document ->> 'mapping' IS NOT NULL"
                                + " AND coalesce(document ->> 'organisationId', '') = :organisation"
                                + " ORDER BY (document ->> 'receivedAt')::bigint DESC LIMIT 1",
                        Map.of("organisation", organisationId == null ? "" : organisationId))
                .stream()
                .findFirst()
                .map(Statement::mapping);
    }

    /** In the order in which they were received; at most {@code limit}. */
    List<Statement> unfinished(int limit, View view) {
        return statements.list(
                jdbc(),
                good(view),
                "state = 'UNFINISHED' ORDER BY (document ->> 'receivedAt')::bigint LIMIT :limit",
                Map.of("limit", limit));
    }

    /** Of the accounts of these entries those of which another format has told: a bank's at any time, a card platform's in these days. */
    Set<String> withOtherFormats(Collection<ToldElsewhere.Entry> entries, String format, View view) {
        List<String> days = entries.stream()
                .map(entry -> entry.told().on().toString())
                .sorted()
                .toList();
        return new HashSet<>(jdbc().sql("""
                        SELECT wanted.id FROM unnest(:accounts::text[]) AS wanted(id)
                         WHERE EXISTS (
                               SELECT FROM statement_register s
                                WHERE s.account_id = wanted.id AND s.document ->> 'format' <> :format
                                  AND s.from_position <= :position AND s.until_position > :position)
                            OR (:format <> :cards AND EXISTS (
                               SELECT FROM statement_line l JOIN statement_register s ON s.id = l.statement_id
                                  AND s.document ->> 'format' = :cards AND s.until_position = :open
                                WHERE l.account_id = wanted.id AND l.on_day BETWEEN :first AND :last
                                  AND l.from_position <= :position AND l.until_position > :position))""")
                .param(
                        "accounts",
                        entries.stream()
                                .map(ToldElsewhere.Entry::accountId)
                                .distinct()
                                .toArray(String[]::new))
                .param("format", format)
                .param("cards", CardFeedReader.FORMAT)
                .param("first", days.isEmpty() ? "" : days.get(0))
                .param("last", days.isEmpty() ? "" : days.get(days.size() - 1))
                .param("open", Versions.OPEN)
                .param("position", good(view))
                .query(String.class)
                .list());
    }

    /** The banks' statements of accounts that begin by the view's day, account by account as they follow each other. */
    List<Statement> ofBanks(Collection<String> accountIds, View view) {
        return statements.list(
                jdbc(),
                good(view),
                "account_id = ANY(:accounts) AND document ->> 'from' <= :asOf"
                        + " ORDER BY account_id, document ->> 'from', ends_on, id",
                Map.of(
                        "accounts",
                        accountIds.toArray(String[]::new),
                        "asOf",
                        view.asOf().toString()));
    }
}
