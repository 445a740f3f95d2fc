package uk.directpayments.ledger.platform;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import uk.directpayments.ledger.kernel.OfPerson;
import uk.directpayments.ledger.kernel.Sealed;

/** {@link StoredEvents} on PostgreSQL: the log itself, or the copy of Axon Server's. */
@Component
class StoredEventLog implements StoredEvents {

    private static final int FETCH = 1_000;
    private static final String PERSON = "person";
    private static final String SEALED = "[sealed]";

    static final String SELECT =
            "SELECT position, stream_id, sequence, stream_type, name, revision, event_id, payload, metadata, recorded_at, request_key"
                    + " FROM event_log ";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate reading;
    private final EventJson json;
    private final JsonMapper opening;
    private final ObjectProvider<SealedUnder> sealedUnder;
    private final ObjectProvider<AxonServerCopy> axonServer;

    StoredEventLog(
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            @Qualifier("eventSerializer") EventJson json,
            Sealing sealing,
            ObjectProvider<SealedUnder> sealedUnder,
            ObjectProvider<AxonServerCopy> axonServer) {
        this.jdbc = jdbc;
        this.sealedUnder = sealedUnder;
        this.axonServer = axonServer;
        this.reading = new TransactionTemplate(transactions);
        this.reading.setReadOnly(true);
        this.json = json;
        JsonMapper.Builder builder = JsonMapper.builder();
        EventJson.configure(builder);
        this.opening = builder.addModule(new SimpleModule("opened").addSerializer(new Opened(sealing)))
                .build();
    }

    /** Sealed text is written as it reads; where nobody can say whose it is, that it is sealed. */
    private static final class Opened extends StdSerializer<Sealed> {

        private final transient Sealing sealing;

        Opened(Sealing sealing) {
            super(Sealed.class);
            this.sealing = sealing;
        }

        @Override
        public void serialize(Sealed text, JsonGenerator out, SerializationContext context) {
            String person = out.currentValue() instanceof OfPerson of
                    ? of.personId()
                    : (String) ((Supplier<?>) context.getAttribute(PERSON)).get();
            out.writeString(person == null ? SEALED : sealing.open(person, text));
        }
    }

    @Override
    public long head() {
        return one("SELECT coalesce(max(position), 0) FROM event_log");
    }

    @Override
    public long counted() {
        return one("SELECT position FROM event_log_head");
    }

    private long one(String sql) {
        Long value = jdbc.queryForObject(sql, Long.class);
        return value == null ? 0 : value;
    }

    @Override
    public List<StoredEvent> page(long after, int limit, Filter filter) {
        List<Object> parameters = new ArrayList<>(List.of(after));
        StringBuilder where = new StringBuilder("WHERE position > ?");
        equal("(metadata::jsonb ->> 'accountId')", filter.accountId(), where, parameters);
        equal("(metadata::jsonb ->> 'personId')", filter.personId(), where, parameters);
        equal("stream_id", filter.streamId(), where, parameters);
        equal("name", filter.name(), where, parameters);
        parameters.add(limit);
        return jdbc.query(SELECT + where + " ORDER BY position LIMIT ?", StoredEventLog::event, parameters.toArray());
    }

    private static void equal(String column, @Nullable String value, StringBuilder where, List<Object> parameters) {
        if (value != null) {
            where.append(" AND ").append(column).append(" = ?");
            parameters.add(value);
        }
    }

    @Override
    public Map<Long, StoredEvent> at(Collection<Long> positions) {
        Map<Long, StoredEvent> found = new HashMap<>();
        jdbc.query(SELECT + "WHERE position = ANY(?)", StoredEventLog::event, (Object) positions.toArray(Long[]::new))
                .forEach(event -> found.put(event.position(), event));
        return found;
    }

    @Override
    public void stream(long after, long upTo, Consumer<StoredEvent> each) {
        reading.executeWithoutResult(open -> {
            JdbcTemplate streaming = new JdbcTemplate(Objects.requireNonNull(jdbc.getDataSource()));
            streaming.setFetchSize(FETCH);
            streaming.query(
                    SELECT + "WHERE position > ? AND position <= ? ORDER BY position",
                    row -> {
                        each.accept(event(row, 0));
                    },
                    after,
                    upTo);
        });
    }

    @Override
    public void streamOriginal(long after, long upTo, Consumer<StoredEvent> each) {
        AxonServerCopy copy = axonServer.getIfAvailable();
        if (copy == null) {
            stream(after, upTo, each);
            return;
        }
        try (AxonServerCopy.Original original = copy.original(after)) {
            stream(after, upTo, event -> {
                if (!original.holds(event)) {
                    throw new NotTheOriginal(event.position());
                }
                each.accept(event);
            });
        }
    }

    @Override
    public SortedMap<String, String> metadata(StoredEvent event) {
        return opening.readValue(event.metadata(), new TypeReference<TreeMap<String, String>>() {});
    }

    @Override
    public JsonNode opened(StoredEvent event) {
        Object payload = json.deserialize(new SimpleSerializedObject<>(
                event.payload(), String.class, new SimpleSerializedType(event.name(), event.revision())));
        Supplier<@Nullable String> person = () -> {
            String named = metadata(event).get(Metadata.PERSON_ID);
            return named == null ? unnamed(event.streamId(), payload) : named;
        };
        return opening.readTree(opening.writer().withAttribute(PERSON, person).writeValueAsString(payload));
    }

    private @Nullable String unnamed(String streamId, Object payload) {
        return sealedUnder.stream()
                .map(one -> one.subject(streamId, payload))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    static StoredEvent event(ResultSet row, int i) throws SQLException {
        return new StoredEvent(
                row.getLong(1),
                row.getString(2),
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getObject(10, OffsetDateTime.class).toInstant(),
                row.getString(11));
    }
}
