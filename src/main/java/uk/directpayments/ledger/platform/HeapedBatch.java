package uk.directpayments.ledger.platform;

import java.util.List;
import org.axonframework.eventhandling.EventMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Batches of a history that are larger than memory should hold: what a projection buffers is heaped in tables as it goes, and written by the
 * statements that write any batch. Only for {@link Projection#rows projections of rows}. Nothing is parked: if an event cannot be applied, nothing of
 * it all is to be kept.
 */
final class HeapedBatch<B> {

    private static final Logger log = LoggerFactory.getLogger(HeapedBatch.class);

    private final Projection<B> projection;
    private final Handlers handlers;
    private final JdbcOperations jdbc;
    private final String heaps;
    private final B buffer;
    private final List<Rows> rows;
    private int events;
    private boolean failed;

    /** @param heaps the heaps' names, but for their numbers */
    HeapedBatch(Projection<B> projection, JdbcOperations jdbc, String heaps) {
        this.projection = projection;
        this.handlers = new Handlers(projection, 3);
        this.jdbc = jdbc;
        this.heaps = heaps;
        this.buffer = projection.buffer();
        this.rows = projection.rows(buffer);
    }

    boolean hasFailed() {
        return failed;
    }

    /** How many have been taken and not written yet. */
    int events() {
        return events;
    }

    /** Adds events, in their order, within a transaction; which is to be rolled back if this has failed then. */
    void take(List<EventMessage<?>> more) {
        orFail(() -> {
            more.forEach(event -> handlers.handle(event, buffer));
            for (int r = 0; r < rows.size(); r++) {
                rows.get(r).heap(jdbc, heaps + r);
            }
            events += more.size();
        });
    }

    /** Writes what was taken, within a transaction; which is to be rolled back if this has failed then. */
    void write() {
        orFail(() -> {
            projection.write(buffer);
            rows.forEach(each -> each.empty(jdbc));
            events = 0;
        });
    }

    private void orFail(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failure) {
            if (ProjectionInvoker.isPassing(failure)) {
                throw failure;
            }
            log.info("{} is built event by event: {}", projection.name(), ProjectionInvoker.describe(failure));
            failed = true;
        }
    }
}
