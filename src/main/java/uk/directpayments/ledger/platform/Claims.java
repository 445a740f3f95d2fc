package uk.directpayments.ledger.platform;

import java.util.Map;
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

    private final JdbcClient jdbc;
    private final Serializer serializer;

    Claims(JdbcClient jdbc, Serializer serializer) {
        this.jdbc = jdbc;
        this.serializer = serializer;
    }

    /** @param held whether a living node runs it */
    record Claim(long position, boolean held) {}

    /** A processor's segments; none before it first ran. */
    Map<Integer, Claim> of(String processor) {
        Map<Integer, Claim> claims = new TreeMap<>();
        jdbc.sql("""
                        SELECT segment, token, token_type,
                               owner IS NOT NULL AND timestamp::timestamptz > now() - make_interval(secs => :seconds) AS held
                          FROM token_entry WHERE processor_name = :processor""")
                .param("processor", processor)
                .param("seconds", SECONDS)
                .query((row, i) -> claims.put(
                        row.getInt("segment"),
                        new Claim(
                                EventLog.positionOf(token(row.getBytes("token"), row.getString("token_type"))),
                                row.getBoolean("held"))))
                .list();
        return claims;
    }

    private @Nullable TrackingToken token(byte @Nullable [] token, @Nullable String type) {
        return token == null
                ? null
                : serializer.deserialize(new SimpleSerializedObject<>(token, byte[].class, type, null));
    }
}
