package uk.directpayments.ledger.platform;

import io.grpc.StatusRuntimeException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.stream.Stream;
import org.axonframework.axonserver.connector.AxonServerException;
import org.axonframework.axonserver.connector.command.AxonServerCommandDispatchException;
import org.axonframework.axonserver.connector.command.AxonServerNonTransientRemoteCommandHandlingException;
import org.axonframework.axonserver.connector.command.AxonServerRemoteCommandHandlingException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.TransactionTimedOutException;
import uk.directpayments.ledger.kernel.RuleBroken;

/** Failures that are the database's, or Axon Server's, and of the moment: it is away, stopping, or out of room. */
final class Outage {

    /** What the pool says, with no SQLSTATE, of a connection that broke earlier in the same transaction. */
    private static final String CLOSED_BY_POOL = "Connection is closed";

    /** A session that PostgreSQL has ended for its silence within a transaction, see {@link OwnConnection#MOST_SILENCE}. */
    private static final String FELL_SILENT = "25P03";

    private static final int DEPTH = 10;

    private Outage() {}

    static boolean is(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof TransientDataAccessException
                        || cause instanceof DataAccessResourceFailureException
                        || cause instanceof RecoverableDataAccessException
                        || cause instanceof CannotCreateTransactionException
                        || cause instanceof TransactionTimedOutException
                        || cause instanceof TransactionSystemException
                        || cause instanceof SQLTransientException
                        || isState(cause, "08", "53", "57", FELL_SILENT)
                        || isClosed(cause));
    }

    /** Whether a connection was lost within a transaction or with a command on its way: nobody knows whether anything was stored. */
    static boolean leavesOpen(Throwable failure) {
        return causes(failure)
                        .noneMatch(cause -> cause instanceof CannotCreateTransactionException
                                || cause instanceof TransientDataAccessResourceException
                                || cause instanceof CannotGetJdbcConnectionException)
                && causes(failure)
                        .anyMatch(cause -> cause instanceof TransactionSystemException
                                || cause instanceof AxonServerException
                                || cause instanceof AxonServerCommandDispatchException
                                || cause instanceof AxonServerRemoteCommandHandlingException
                                || cause instanceof AxonServerNonTransientRemoteCommandHandlingException
                                || cause instanceof StatusRuntimeException
                                || isState(cause, "08", "57", FELL_SILENT)
                                || isClosed(cause));
    }

    static RuleBroken busy() {
        return new RuleBroken("BUSY", "The ledger cannot reach its log just now; ask again a little later.");
    }

    /** The log has lost what this node knew of it. */
    static RuleBroken cut() {
        return new RuleBroken(
                "BUSY",
                "The log is shorter than it was: its database came back older. This node answers nothing until it is started again.");
    }

    static RuleBroken outcomeUnknown() {
        return new RuleBroken(
                "OUTCOME_UNKNOWN",
                "The ledger could not see this to its end: it may be stored or not. Repeat it under the same Idempotency-Key,"
                        + " and it is stored once.");
    }

    /** Connection lost (08), out of resources (53), the database is stopping (57). */
    private static boolean isState(Throwable cause, String... beginnings) {
        return cause instanceof SQLException sql
                && sql.getSQLState() != null
                && Stream.of(beginnings).anyMatch(sql.getSQLState()::startsWith);
    }

    private static boolean isClosed(Throwable cause) {
        return cause instanceof SQLException && CLOSED_BY_POOL.equals(cause.getMessage());
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEPTH);
    }
}
