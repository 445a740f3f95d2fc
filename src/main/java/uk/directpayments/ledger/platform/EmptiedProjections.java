package uk.directpayments.ledger.platform;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Projections that are being emptied. Who asked how far one has come just before that would wait for its tables, and read just after that nothing is there. So
 * it has come nowhere, on any node, from a moment before ({@link Claims}), in which whoever asked earlier can read.
 */
final class EmptiedProjections {

    /** If a node dies meanwhile, the rows are as they were, and count again after this. */
    private static final Duration AT_MOST = Duration.ofSeconds(60);

    /** How long its tables are waited for, while a rebuild compares them for instance: nothing has changed then. */
    static final String PATIENCE = "SET LOCAL lock_timeout = '20s'";

    private static final long TO_READ_NANOS = 200_000_000;

    private final JdbcClient jdbc;

    EmptiedProjections(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void begin(String projection) {
        jdbc.sql("""
                        INSERT INTO projection_reset (projection, until) VALUES (:name, clock_timestamp() + make_interval(secs => :most))
                        ON CONFLICT (projection) DO UPDATE SET until = excluded.until""")
                .param("name", projection)
                .param("most", AT_MOST.toSeconds())
                .update();
        LockSupport.parkNanos(TO_READ_NANOS);
    }

    /** What its tokens say counts again. */
    void end(String projection) {
        jdbc.sql("DELETE FROM projection_reset WHERE projection = :name")
                .param("name", projection)
                .update();
    }
}
