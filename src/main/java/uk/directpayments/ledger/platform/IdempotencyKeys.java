package uk.directpayments.ledger.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Idempotency keys as the log knows them, all of them, for ever. A stream decides repeats of the keys that it remembers; the log
 * answers for older ones and for a key that another stream has spent. Its unique {@code request_key} makes that hold in a race too.
 */
@Component
class IdempotencyKeys {

    private final JdbcClient jdbc;
    private final EventLog log;

    IdempotencyKeys(JdbcClient jdbc, EventLog log) {
        this.jdbc = jdbc;
        this.log = log;
    }

    /**
     * What was recorded under this call's key, by whichever stream; null if nothing was.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code IDEMPOTENCY_KEY_REUSED}
     */
    @Nullable
    Outcome answered(Call call) {
        String key = call.idempotencyHash();
        if (key == null) {
            return null;
        }
        log.settled();
        Spent spent =
                jdbc.sql("""
                        SELECT stream_id, sequence, metadata::jsonb ->> 'request' AS request
                          FROM event_log WHERE request_key = :key""").param("key", key).query(Spent.class).optional().orElse(null);
        if (spent == null) {
            return null;
        }
        if (!spent.request.equals(call.requestHash())) {
            throw Answered.keyReused();
        }
        int count = jdbc.sql("""
                        SELECT count(*) FROM event_log
                         WHERE stream_id = :stream AND sequence BETWEEN :first AND :first + 1000
                           AND metadata::jsonb ->> 'idempotency' = :key""")
                .param("stream", spent.streamId)
                .param("first", spent.sequence)
                .param("key", key)
                .query(Integer.class)
                .single();
        List<Object> events = log.read(spent.streamId, spent.sequence, count);
        return Outcome.repeated(events);
    }

    record Spent(String streamId, long sequence, String request) {}
}
