package uk.directpayments.ledger.bench;

import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Makes a log long: expenditures like one that came over HTTP, put into it directly, in the order of their days. */
final class LongLog {

    /** Of the expenditure that each account must have for its others to be made like it. */
    static final String MODEL =
            "{\"expenditureId\":\"BENCH\",\"amount\":\"1.00\",\"on\":\"2026-01-01\",\"payee\":\"Shop\",\"category\":\"CARE\"}";

    private static final int CHUNK = 50_000;

    private LongLog() {}

    /**
     * @param events how many in all, on the accounts in turn
     * @param days   over how many days, from {@code from} on
     */
    static void grow(JdbcClient jdbc, List<String> accountIds, int events, LocalDate from, int days) {
        String[] streams = accountIds.stream().map("account/"::concat).toArray(String[]::new);
        for (int done = 0; done < events; done += CHUNK) {
            jdbc.sql("""
                            WITH first AS (
                                SELECT DISTINCT ON (stream_id) * FROM event_log
                                 WHERE name = 'account.expenditure-recorded' AND stream_id = ANY(:streams) AND sequence < 50
                                 ORDER BY stream_id, sequence),
                            model AS (SELECT *, row_number() OVER (ORDER BY stream_id) AS nr,
                                             (SELECT max(sequence) FROM event_log l WHERE l.stream_id = first.stream_id) AS last
                                        FROM first),
                            head AS (UPDATE event_log_head SET position = position + :chunk, recorded_at = greatest(recorded_at, now())
                                     RETURNING position - :chunk AS before, recorded_at)
                            INSERT INTO event_log (position, stream_id, sequence, stream_type, name, revision, event_id, payload, metadata, recorded_at)
                            SELECT head.before + g, m.stream_id, m.last + 1 + (g - 1) / :accounts, m.stream_type, m.name, m.revision,
                                   gen_random_uuid()::text,
                                   replace(replace(replace(m.payload, 'BENCH', 'BENCH-' || :done + g), '2026-01-01', on_day::text),
                                           '"1.00"', format('"%s.%s"', g % 97, 10 + g % 89)),
                                   replace(m.metadata, '2026-01-01', on_day::text), head.recorded_at
                              FROM head, generate_series(1, :chunk) g
                              JOIN model m ON m.nr = 1 + (g - 1) % :accounts
                             CROSS JOIN LATERAL (SELECT :from::date + ((:done + g - 1)::bigint * :days / :events)::int AS on_day) d""")
                    .param("streams", streams)
                    .param("chunk", Math.min(CHUNK, events - done))
                    .param("accounts", streams.length)
                    .param("done", done)
                    .param("from", from)
                    .param("days", days)
                    .param("events", events)
                    .update();
        }
    }
}
