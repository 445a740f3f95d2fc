package uk.directpayments.ledger.platform;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What Axon's token table says of the processors of every node: only read here, for reading through Axon would claim. */
@Component
class Claims {

    /** How long a claim stands after its node last renewed it: nodes renew theirs every two seconds. */
    static final int SECONDS = 10;

    private static final String SELECT = """
            SELECT processor_name, segment, token, token_type, owner,
                   EXISTS (SELECT FROM projection_reset WHERE projection = processor_name AND until > now()) AS emptied,
                   owner IS NOT NULL AND timestamp::timestamptz > now() - make_interval(secs => :seconds) AS held
              FROM token_entry""";

    private final JdbcClient jdbc;
    private final Serializer serializer;

    Claims(JdbcClient jdbc, Serializer serializer) {
        this.jdbc = jdbc;
        this.serializer = serializer;
    }

    /**
     * @param position nought while the projection is being emptied
     * @param held  whether a living node runs it
     * @param owner the node that runs it, or ran it last; null if it was let go of
     */
    record Claim(long position, boolean held, @Nullable String owner) {}

    /** A processor's segments; none before it first ran. */
    Map<Integer, Claim> of(String processor) {
        return read(SELECT + " WHERE processor_name = :processor", Map.of("processor", processor))
                .getOrDefault(processor, new TreeMap<>());
    }

    /** The segments of every processor. */
    Map<String, Map<Integer, Claim>> all() {
        return read(SELECT, Map.of());
    }

    /** How far a segment has handled all events, also while its projection is being emptied; null before it first ran. */
    @Nullable
    TrackingToken stored(String processor, int segment) {
        return jdbc.sql(
                        "SELECT token, token_type FROM token_entry WHERE processor_name = :processor AND segment = :segment")
                .param("processor", processor)
                .param("segment", segment)
                .query((row, i) -> Optional.ofNullable(token(row.getBytes("token"), row.getString("token_type"))))
                .optional()
                .flatMap(token -> token)
                .orElse(null);
    }

    private Map<String, Map<Integer, Claim>> read(String sql, Map<String, String> which) {
        Map<String, Map<Integer, Claim>> claims = new TreeMap<>();
        jdbc.sql(sql).param("seconds", SECONDS).params(which).query(row -> {
            long position = row.getBoolean("emptied")
                    ? 0
                    : EventLog.positionOf(token(row.getBytes("token"), row.getString("token_type")));
            claims.computeIfAbsent(row.getString("processor_name"), none -> new TreeMap<>())
                    .put(row.getInt("segment"), new Claim(position, row.getBoolean("held"), row.getString("owner")));
        });
        return claims;
    }

    private @Nullable TrackingToken token(byte @Nullable [] token, @Nullable String type) {
        return token == null
                ? null
                : serializer.deserialize(new SimpleSerializedObject<>(token, byte[].class, type, null));
    }
}
