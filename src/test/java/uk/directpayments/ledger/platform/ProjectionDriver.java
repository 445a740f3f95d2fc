package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
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

    /** Something that happened, to be recorded: the stream is made of kind and id. */
    public record Fact(String accountId, String personId, Object event, LocalDate on) {}

    private final EventLog log;
    private final JdbcClient jdbc;
    private final Parked parked;
    private final Progress progress;
    private final JdbcTransactionManager transactions;
    private final List<ProjectionInvoker<?>> invokers = new ArrayList<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final AtomicLong delivered = new AtomicLong();

    public ProjectionDriver(DataSource database, Projection<?>... projections) {
        jdbc = JdbcClient.create(database);
        transactions = new JdbcTransactionManager(database);
        log = new EventLog(
                new JdbcTemplate(database),
                new EventJson(EventNames.in(List.of(AxonPlatform.BASE_PACKAGE))),
                new EventUpcasterChain());
        parked = new Parked(jdbc);
        progress = new Progress(log, parked);
        for (Projection<?> projection : projections) {
            ReflectionTestUtils.setField(projection, "jdbc", jdbc);
            ReflectionTestUtils.setField(projection, "progress", progress);
            progress.track(projection.name(), new Progress.Processor(false, delivered::get, () -> false));
            invokers.add(new ProjectionInvoker<>(projection, jdbc, parked, transactions));
        }
    }

    /** Appends facts of accounts to the log, without delivering them. */
    public void append(List<Fact> facts) {
        List<EventMessage<?>> events = new ArrayList<>();
        for (Fact fact : facts) {
            String stream = "account/" + fact.accountId;
            long sequence = sequences.merge(stream, 0L, (last, none) -> last + 1);
            events.add(new GenericDomainEventMessage<>(
                    "PaymentAccount",
                    stream,
                    sequence,
                    fact.event,
                    Map.of(
                            Metadata.ACTOR,
                            "finance",
                            Metadata.ROLE,
                            "FINANCE",
                            Metadata.CORRELATION,
                            "test",
                            Metadata.PERSON_ID,
                            fact.personId,
                            Metadata.ACCOUNT_ID,
                            fact.accountId,
                            Metadata.OCCURRED_ON,
                            fact.on.toString())));
        }
        for (int i = 0; i < events.size(); i += 1_000) {
            log.appendEvents(events.subList(i, Math.min(events.size(), i + 1_000)));
        }
    }

    /** Delivers the next events, in one batch. */
    public void deliver(int most) {
        List<EventMessage<?>> batch = new ArrayList<>();
        for (EventMessage<?> event : log.readBatch(delivered.get())) {
            if (batch.size() < most) {
                batch.add(event);
            }
        }
        for (ProjectionInvoker<?> invoker : invokers) {
            new TransactionTemplate(transactions)
                    .executeWithoutResult(status -> invoker.writeOrPark(batch.stream()
                            .filter(event -> invoker.canHandleType(event.getPayloadType()))
                            .toList()));
        }
        delivered.addAndGet(batch.size());
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
