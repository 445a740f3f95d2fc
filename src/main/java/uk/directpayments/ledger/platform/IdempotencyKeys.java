package uk.directpayments.ledger.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The same key must not open two streams: a stream decides repeats of its own keys, but a creating request may name another id
 * under a key that is spent. The log's unique {@code request_key} makes this hold in a race too.
 */
@Component
class IdempotencyKeys {

    private final JdbcClient jdbc;
    private final Streams streams;

    IdempotencyKeys(JdbcClient jdbc, Streams streams) {
        this.jdbc = jdbc;
        this.streams = streams;
    }

    /**
     * What was recorded under this call's key, if the log rather than the stream has to answer.
     *
     * @param afterRace true if the append has just collided: perhaps on the key itself, which the stream may have forgotten by age
     */
    @Nullable
    Outcome answered(Call call, String streamId, boolean afterRace) {
        String key = call.idempotencyHash();
        if (key == null) {
            return null;
        }
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
        if (!afterRace && spent.streamId.equals(streamId)) {
            return null;
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
        List<Object> events = streams.read(spent.streamId, spent.sequence, count);
        return Outcome.repeated(events);
    }

    record Spent(String streamId, long sequence, String request) {}
}
