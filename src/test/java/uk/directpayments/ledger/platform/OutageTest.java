package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.axoniq.axonserver.grpc.ErrorMessage;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.sql.SQLException;
import org.axonframework.axonserver.connector.ErrorCode;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

class OutageTest {

    private static final SQLException LOST = new SQLException("An I/O error occurred", "08006");
    private static final SQLException CLOSED = new SQLException("Connection is closed");
    private static final SQLException FULL = new SQLException("could not extend file", "53100");
    private static final SQLException WRONG = new SQLException("no such column", "42703");

    @Test
    void aConnectionLostWithinATransactionLeavesItsOutcomeOpen() {
        for (Throwable failure : new Throwable[] {
            new TransactionSystemException("commit", LOST),
            new UncategorizedSQLException("read", "SELECT", CLOSED),
            new IllegalStateException(LOST)
        }) {
            assertThat(Outage.is(failure)).isTrue();
            assertThat(Outage.leavesOpen(failure)).isTrue();
        }
    }

    @Test
    void aCommandThatAxonServerGaveUpLeavesItsOutcomeOpen() {
        ErrorMessage said = ErrorMessage.newBuilder().setMessage("timeout").build();
        for (String code : new String[] {"AXONIQ-0001", "AXONIQ-4001", "AXONIQ-4002", "AXONIQ-4003", "AXONIQ-4005"}) {
            assertThat(Outage.leavesOpen(ErrorCode.getFromCode(code).convert(said)))
                    .as(code)
                    .isTrue();
        }
        assertThat(Outage.leavesOpen(new StatusRuntimeException(Status.UNAVAILABLE)))
                .isTrue();
        assertThat(Outage.leavesOpen(AxonServerLog.away(new StatusRuntimeException(Status.UNAVAILABLE))))
                .as("a question was not answered")
                .isFalse();
    }

    @Test
    void whereNothingBeganOrTheServerSaidNoNothingIsOpen() {
        for (Throwable failure : new Throwable[] {
            new CannotCreateTransactionException("begin", LOST),
            new CannotGetJdbcConnectionException("connect", LOST),
            new UncategorizedSQLException("write", "INSERT", FULL)
        }) {
            assertThat(Outage.is(failure)).isTrue();
            assertThat(Outage.leavesOpen(failure)).isFalse();
        }
    }

    @Test
    void aMistakeOfOursIsNoOutage() {
        for (Throwable failure : new Throwable[] {
            new UncategorizedSQLException("read", "SELECT", WRONG),
            new UncategorizedSQLException("read", "SELECT", new SQLException("Statement is closed")),
            new IllegalStateException("wrong")
        }) {
            assertThat(Outage.is(failure)).isFalse();
            assertThat(Outage.leavesOpen(failure)).isFalse();
        }
    }
}
