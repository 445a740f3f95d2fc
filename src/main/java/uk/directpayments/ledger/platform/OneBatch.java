package uk.directpayments.ledger.platform;

import java.util.List;
import org.axonframework.eventhandling.EventMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * A history handed to a projection as one batch, however long it is: what it buffers is heaped in tables as it goes, and written at the end by the
 * statements that write any batch. Only for projections of {@link Rows} alone. Nothing is parked: if an event cannot be applied, all fails.
 */
final class OneBatch<B> {

    private static final Logger log = LoggerFactory.getLogger(OneBatch.class);

    private final Projection<B> projection;
    private final Handlers handlers;
    private final JdbcOperations jdbc;
    private final String heaps;
    private final B buffer;
    private final List<Rows> rows;
    private boolean failed;

    /** @param heaps the heaps' names, but for their numbers */
    OneBatch(Projection<B> projection, JdbcOperations jdbc, String heaps) {
        this.projection = projection;
        this.handlers = new Handlers(projection, 3);
        this.jdbc = jdbc;
        this.heaps = heaps;
        this.buffer = projection.buffer();
        this.rows = projection.rows(buffer);
    }

    /** Adds events, in their order; false if that failed, and what was done for them is not to be kept. */
    boolean take(List<EventMessage<?>> events) {
        return orFail(() -> {
            events.forEach(event -> handlers.handle(event, buffer));
            heap();
        });
    }

    private void heap() {
        for (int r = 0; r < rows.size(); r++) {
            rows.get(r).heap(jdbc, heaps + r);
        }
    }

    /** Writes all that was taken; false if it cannot be written so, and nothing is to be kept of it. */
    boolean write() {
        return orFail(() -> {
            heap();
            for (int r = 0; r < rows.size(); r++) {
                jdbc.execute("ANALYZE " + heaps + r);
            }
            projection.write(buffer);
            for (int r = 0; r < rows.size(); r++) {
                jdbc.execute("DROP TABLE " + heaps + r);
            }
        });
    }

    private boolean orFail(Runnable work) {
        if (failed) {
            return false;
        }
        try {
            work.run();
            return true;
        } catch (RuntimeException failure) {
            if (ProjectionInvoker.isPassing(failure)) {
                throw failure;
            }
            log.info("{} cannot be built at once: {}", projection.name(), ProjectionInvoker.describe(failure));
            failed = true;
            return false;
        }
    }
}
