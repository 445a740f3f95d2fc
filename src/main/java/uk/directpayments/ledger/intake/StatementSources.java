package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.Sealing;

/**
 * What was read of statement files, kept line by line, sealed: so that an import can be finished without its sender, and shown. Written
 * before a statement is received, and never changed. Columns that the reader does not look at, and lines that it could not read, are not kept.
 */
@Component
class StatementSources {

    private static final int BATCH = 1_000;
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient jdbc;
    private final Sealing sealing;

    StatementSources(JdbcClient jdbc, Sealing sealing) {
        this.jdbc = jdbc;
        this.sealing = sealing;
    }

    /**
     * A line as it is kept.
     *
     * @param subject  whose key sealed it; null where nothing was kept
     * @param repeated the file holds it twice, this is the second
     * @param code     why it cannot be recorded, known before anything is, or null
     */
    record Kept(
            int lineNumber,
            @Nullable String subject,
            @Nullable String accountId,
            boolean repeated,
            @Nullable String code,
            @Nullable String words,
            @Nullable Sealed sealed) {

        static Kept refused(RefusedLine line) {
            return new Kept(line.lineNumber(), null, null, false, line.code(), line.words(), null);
        }
    }

    /** A line's JSON, in whole pence; its names are stored, so they stay. */
    private record Content(
            @Nullable String account,
            String ref,
            LocalDate on,
            StatementLine.Kind kind,
            long pence,
            @Nullable String payee,
            @Nullable String mcc,
            long cashback,
            @Nullable Long balance,
            @Nullable String description,
            StatementLine.@Nullable Spent spent,
            StatementLine.@Nullable Unnumbered unnumbered) {}

    /** Seals a line. */
    Sealed seal(String subject, StatementLine line) {
        Content content = new Content(
                line.accountRef(),
                line.externalRef(),
                line.on(),
                line.kind(),
                line.amount().pence(),
                line.payee(),
                line.mcc(),
                line.cashback().pence(),
                line.runningBalance() == null ? null : line.runningBalance().pence(),
                line.description(),
                line.spent(),
                line.unnumbered());
        return sealing.seal(subject, JSON.writeValueAsString(content));
    }

    /** The line again; empty if its person has been erased, or nothing was kept of it. */
    Optional<StatementLine> open(Kept kept) {
        if (kept.sealed == null || kept.subject == null) {
            return Optional.empty();
        }
        String text = sealing.open(kept.subject, kept.sealed);
        if (text.equals(Sealing.ERASED)) {
            return Optional.empty();
        }
        Content c = JSON.readValue(text, Content.class);
        return Optional.of(new StatementLine(
                kept.lineNumber,
                c.account,
                c.ref,
                c.on,
                c.kind,
                Money.ofPence(c.pence),
                c.payee,
                c.mcc,
                Money.ofPence(c.cashback),
                c.balance == null ? null : Money.ofPence(c.balance),
                c.description,
                c.spent,
                c.unnumbered));
    }

    /** Takes lines one by one and writes them in batches. {@link #flush} writes the last. */
    final class Writer {

        private final String statementId;
        private Rows rows = rows();
        private int buffered;

        private Writer(String statementId) {
            this.statementId = statementId;
        }

        void add(Kept line) {
            rows.add(
                    statementId,
                    line.lineNumber,
                    line.subject,
                    line.accountId,
                    line.repeated,
                    line.code,
                    line.words,
                    line.sealed == null ? null : line.sealed.sealed());
            if (++buffered == BATCH) {
                flush();
            }
        }

        void flush() {
            rows.insert(jdbc);
            rows = rows();
            buffered = 0;
        }

        private static Rows rows() {
            return new Rows(
                    "statement_line_source",
                    "statement_id text",
                    "line_no integer",
                    "subject text",
                    "account_id text",
                    "repeated boolean",
                    "code text",
                    "words text",
                    "sealed text");
        }
    }

    Writer writer(String statementId) {
        return new Writer(statementId);
    }

    /** The statement was not received: nothing of it stays. */
    void drop(String statementId) {
        jdbc.sql("DELETE FROM statement_line_source WHERE statement_id = :id")
                .param("id", statementId)
                .update();
    }

    /** The statements of which something is kept: one index probe each. */
    List<String> statementIds() {
        return jdbc.sql("""
                        WITH RECURSIVE ids AS (
                            (SELECT statement_id AS id FROM statement_line_source ORDER BY statement_id LIMIT 1)
                            UNION ALL
                            SELECT (SELECT s.statement_id FROM statement_line_source s WHERE s.statement_id > ids.id
                                     ORDER BY s.statement_id LIMIT 1)
                              FROM ids WHERE ids.id IS NOT NULL)
                        SELECT id FROM ids WHERE id IS NOT NULL""").query(String.class).list();
    }

    /** The next lines of a statement, in the order of the file. */
    List<Kept> after(String statementId, int lineNumber, int limit) {
        return select(
                jdbc.sql("""
                        SELECT * FROM statement_line_source WHERE statement_id = :id AND line_no > :after
                         ORDER BY line_no LIMIT :limit""").param("after", lineNumber).param("limit", limit).param("id", statementId));
    }

    /** Some lines of a statement. */
    List<Kept> lines(String statementId, List<Integer> lineNumbers) {
        return select(
                jdbc.sql("SELECT * FROM statement_line_source WHERE statement_id = :id AND line_no = ANY(:numbers)")
                        .param("numbers", lineNumbers.toArray(Integer[]::new))
                        .param("id", statementId));
    }

    private static List<Kept> select(JdbcClient.StatementSpec statement) {
        return statement
                .query((row, i) -> new Kept(
                        row.getInt("line_no"),
                        row.getString("subject"),
                        row.getString("account_id"),
                        row.getBoolean("repeated"),
                        row.getString("code"),
                        row.getString("words"),
                        row.getString("sealed") == null ? null : new Sealed(row.getString("sealed"))))
                .list();
    }

    /** Under whose key that is sealed of a statement which names no known account: its own. */
    static String ownSubject(String statementId) {
        return "statement/" + statementId; // no person's id holds a slash
    }

    /** Why a line that should be here is not. */
    static RuleBroken erased() {
        return new RuleBroken("CONTENT_ERASED", "The person whose account this line names has been erased.");
    }
}
