package uk.directpayments.ledger.intake;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * One import at a time, over all nodes: matching must see what the one before has matched. An advisory lock of PostgreSQL's, which falls
 * with its connection; a statement's own stream refuses whoever goes on without it. Of one node, one waits for it at a time, so that
 * waiting takes one connection.
 */
@Component
class ImportLock {

    private static final long KEY = 0x53746174656D656EL;
    private static final long POLL_NANOS = 50_000_000;

    private final DataSource database;
    private final ReentrantLock here = new ReentrantLock(true);

    ImportLock(DataSource database) {
        this.database = database;
    }

    /**
     * Does something while no other import goes on.
     *
     * @param patience how long to wait for others
     * @throws RuleBroken {@code BUSY} after that
     */
    <T> T alone(Duration patience, Supplier<T> work) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            if (!here.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            while (!isLocked(connection)) {
                if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                    throw busy();
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
            try {
                return work.get();
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new CannotGetJdbcConnectionException("the lock of imports", e);
        } finally {
            here.unlock();
        }
    }

    /** Held until the transaction ends, which keeps no snapshot meanwhile. */
    private static boolean isLocked(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_try_advisory_xact_lock(?)")) {
            lock.setLong(1, KEY);
            try (ResultSet row = lock.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static RuleBroken busy() {
        return new RuleBroken("BUSY", "Another statement is being imported. Please send the file again in a while.");
    }
}
