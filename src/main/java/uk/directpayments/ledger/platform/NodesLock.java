package uk.directpayments.ledger.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * A kind of work that nobody does beside another, over all nodes: an advisory lock of PostgreSQL's, which falls with its connection, so what is done
 * under it must bear that somebody else goes on. Of one node, one waits for it at a time, so that waiting takes one connection.
 */
public final class NodesLock {

    private static final String ALONE = "SELECT pg_try_advisory_xact_lock(?)";
    private static final String SHARED = "SELECT pg_try_advisory_xact_lock_shared(?)";

    /**
     * Ends the query that took the lock, which the driver leaves open: its snapshot would keep every version of every row that dies meanwhile,
     * and each append looks through those of the log's head. And a server that ends idle transactions leaves this one.
     */
    private static final String AND_NO_MORE = "SET LOCAL idle_in_transaction_session_timeout = 0";

    /** Each holds a connection, and its work needs another. */
    private static final int TOGETHER = 4;

    private static final long POLL_NANOS = 50_000_000;

    private final DataSource database;
    private final long key;
    private final String busy;
    private final ReentrantLock here = new ReentrantLock(true);
    private final Semaphore together = new Semaphore(TOGETHER, true);

    /**
     * @param key  of the kind of work, unique in the ledger
     * @param busy what to tell somebody whose patience has ended
     */
    public NodesLock(DataSource database, long key, String busy) {
        this.database = database;
        this.key = key;
        this.busy = busy;
    }

    /**
     * Does something while nobody else does of its kind.
     *
     * @param patience how long to wait for others
     * @throws RuleBroken {@code BUSY} after that
     */
    public <T> T alone(Duration patience, Supplier<T> work) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            if (!here.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try {
            return locked(ALONE, deadline, work);
        } finally {
            here.unlock();
        }
    }

    /**
     * Does something that others may do meanwhile, but not while somebody is {@link #alone}.
     *
     * @param patience how long to wait
     * @throws RuleBroken {@code BUSY} after that
     */
    public <T> T withOthers(Duration patience, Supplier<T> work) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            if (!together.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try {
            return locked(SHARED, deadline, work);
        } finally {
            together.release();
        }
    }

    private <T> T locked(String how, long deadline, Supplier<T> work) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            while (!isLocked(how, connection)) {
                if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                    throw busy();
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
            try (Statement settled = connection.createStatement()) {
                settled.execute(AND_NO_MORE);
                return work.get();
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new CannotGetJdbcConnectionException("a lock of all nodes", e);
        }
    }

    /** Held until the transaction ends. */
    private boolean isLocked(String how, Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(how)) {
            lock.setLong(1, key);
            try (ResultSet row = lock.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private RuleBroken busy() {
        return new RuleBroken("BUSY", busy);
    }
}
