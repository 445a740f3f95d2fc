package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs projections over the real log without Axon's processors, so that a test says how events fall into batches: facts are appended to
 * the log, then delivered so many at a time, each batch in a transaction of its own, and parked as they are in the ledger.
 */
public final class ProjectionDriver {

    /** Something that happened, to be recorded on its stream; {@code accountId} is null for what happened to no account. */
    public record Fact(String stream, @Nullable String accountId, String personId, Object event, LocalDate on) {

        /** Something that happened to an account. */
        public Fact(String accountId, String personId, Object event, LocalDate on) {
            this("account/" + accountId, accountId, personId, event, on);
        }
    }

    private final EventLog log;
    private final JdbcClient jdbc;
    private final Parked parked;
    private final Progress progress;
    private final JdbcTransactionManager transactions;
    private final List<ProjectionInvoker<?>> invokers = new ArrayList<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final Deque<EventMessage<?>> ahead = new ArrayDeque<>();
    private final AtomicLong delivered = new AtomicLong();

    public ProjectionDriver(DataSource database, Projection<?>... projections) {
        jdbc = JdbcClient.create(database);
        transactions = new JdbcTransactionManager(database);
        log = new EventLog(
                new JdbcTemplate(database),
                database,
                new EventJson(EventNames.in(List.of(AxonPlatform.BASE_PACKAGE))),
                new EventUpcasterChain());
        parked = new Parked(jdbc);
        progress = new Progress(log, parked);
        for (Projection<?> projection : projections) {
            ReflectionTestUtils.setField(projection, "jdbc", jdbc);
            ReflectionTestUtils.setField(projection, "progress", progress);
            progress.track(
                    projection.name(),
                    new Progress.Processor(false, false, delivered::get, awaited -> {}, () -> false));
            invokers.add(new ProjectionInvoker<>(projection, jdbc, parked, transactions));
        }
    }

    /** Appends facts to the log, without delivering them. */
    public void append(List<Fact> facts) {
        List<EventMessage<?>> events = new ArrayList<>();
        for (Fact fact : facts) {
            long sequence = sequences.merge(fact.stream, 0L, (last, none) -> last + 1);
            Map<String, String> metadata = new HashMap<>(Map.of(
                    Metadata.ACTOR,
                    "finance",
                    Metadata.ROLE,
                    "FINANCE",
                    Metadata.CORRELATION,
                    "test",
                    Metadata.PERSON_ID,
                    fact.personId,
                    Metadata.OCCURRED_ON,
                    fact.on.toString()));
            if (fact.accountId != null) {
                metadata.put(Metadata.ACCOUNT_ID, fact.accountId);
            }
            events.add(new GenericDomainEventMessage<>("Stream", fact.stream, sequence, fact.event, metadata));
        }
        for (int i = 0; i < events.size(); i += 1_000) {
            log.appendEvents(events.subList(i, Math.min(events.size(), i + 1_000)));
        }
    }

    /** Delivers the next events, in one batch: at most so many, and no more than one read of the log gives. */
    public void deliver(int most) {
        if (ahead.isEmpty()) {
            ahead.addAll(log.readBatch(delivered.get()));
        }
        List<EventMessage<?>> batch = new ArrayList<>();
        while (batch.size() < most && !ahead.isEmpty()) {
            batch.add(ahead.removeFirst());
        }
        for (ProjectionInvoker<?> invoker : invokers) {
            new TransactionTemplate(transactions)
                    .executeWithoutResult(status -> invoker.writeOrPark(batch.stream()
                            .filter(event -> invoker.canHandleType(event.getPayloadType()))
                            .toList()));
        }
        delivered.addAndGet(batch.size());
    }

    /** Delivers everything, each event in a batch of its own, and those of some persons last: as segments do that go at their own speed. */
    public void deliverLast(Set<String> personIds) {
        while (delivered.get() + ahead.size() < log.head()) {
            ahead.addAll(log.readBatch(delivered.get() + ahead.size()));
        }
        List<EventMessage<?>> all = List.copyOf(ahead);
        ahead.clear();
        for (boolean last : new boolean[] {false, true}) {
            all.stream()
                    .filter(event -> personIds.contains(event.getMetaData().get(Metadata.PERSON_ID)) == last)
                    .forEach(ahead::add);
        }
        while (!ahead.isEmpty()) {
            deliver(1);
        }
    }

    public void deliverAll() {
        while (delivered.get() < log.head()) {
            deliver(500);
        }
    }

    /** Appends one fact and delivers it, and says at which position it stands. */
    public long record(Fact fact) {
        append(List.of(fact));
        deliverAll();
        return log.head();
    }

    /** Empties every projection, to be built again from the first event on. */
    public void reset() {
        invokers.forEach(ProjectionInvoker::performReset);
        ahead.clear();
        delivered.set(0);
    }

    public long head() {
        return log.head();
    }

    public long delivered() {
        return delivered.get();
    }

    public JdbcClient jdbc() {
        return jdbc;
    }

    public void assertNothingParked() {
        assertThat(parked.counts()).isEmpty();
    }

    /** Every row of a table as text. */
    public List<String> dump(String table) {
        return jdbc.sql("SELECT t::text FROM " + table + " t ORDER BY 1")
                .query(String.class)
                .list();
    }
}
