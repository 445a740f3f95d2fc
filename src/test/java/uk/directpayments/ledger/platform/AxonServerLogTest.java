package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.axoniq.axonserver.connector.AxonServerConnection;
import io.axoniq.axonserver.connector.AxonServerConnectionFactory;
import io.axoniq.axonserver.connector.impl.ServerAddress;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import uk.directpayments.ledger.support.AxonServerUnderTest;
import uk.directpayments.ledger.support.TestPostgres;

/** The log on a real Axon Server. */
@ExtendWith(AxonServerUnderTest.OrSkipped.class)
class AxonServerLogTest extends EventLogContract {

    private final List<AxonServerCopy> copies = new ArrayList<>();
    private AxonServerConnection server;

    @Override
    @BeforeEach
    void log() {
        AxonServerUnderTest.empty();
        server = AxonServerConnectionFactory.forClient("contract")
                .routingServers(new ServerAddress(AxonServerUnderTest.host(), AxonServerUnderTest.port()))
                .build()
                .connect("default");
        super.log();
    }

    @Override
    @AfterEach
    void close() {
        copies.forEach(AxonServerCopy::stop);
        copies.forEach(AxonServerCopy::close);
        server.disconnect();
        super.close();
    }

    @Override
    EventLog anotherNode() {
        return node(database);
    }

    private EventLog node(TestPostgres.Database onDatabase) {
        EventJson json = new EventJson(EventNames.in(List.of("uk.directpayments.trial")));
        AxonServerCopy copy = new AxonServerCopy(server::eventChannel, onDatabase, json);
        EventLog node = new AxonServerLog(
                new JdbcTemplate(onDatabase),
                json,
                NoOpEventUpcaster.INSTANCE,
                server::eventChannel,
                copy,
                new JdbcTransactionManager(onDatabase));
        copies.add(copy);
        copy.start();
        return node;
    }

    /** Position, time and key follow from what the server holds: nothing is lost with PostgreSQL but time. */
    @Test
    void aCopyLostIsMadeAgainTheSame() {
        append(log, "trial/1", 0, 700);
        record(log, List.of(event("trial/2", 0, Metadata.IDEMPOTENCY, "key")));
        record(log, List.of(event("trial/2", 1, Metadata.IDEMPOTENCY, "another")));
        try (TestPostgres.Database fresh = TestPostgres.freshDatabase()) {
            assertThat(node(fresh).settled()).isEqualTo(702);
            String rows = "SELECT event_log::text FROM event_log ORDER BY position";
            assertThat(new JdbcTemplate(fresh).queryForList(rows, String.class))
                    .isEqualTo(jdbc.sql(rows).query(String.class).list());
            copies.get(1).stop();
            copies.get(1).close();
        }
    }

    @Test
    void aServerThatHasLostWhatWasCopiedIsNotWrittenTo() {
        append(log, "trial/1", 0, 3);
        copies.get(0).stop();
        AxonServerUnderTest.empty();
        copies.get(0).start();
        TrialTest.until(
                "it is noticed",
                () -> copies.get(0).trouble() != null
                        && String.valueOf(copies.get(0).trouble()).contains("0 events, and 3 were copied"));
        assertThatThrownBy(() -> append(log, "trial/2", 0, 1)).isInstanceOf(TransientDataAccessException.class);
        assertThat(jdbc.sql("SELECT count(*) FROM event_log").query(Long.class).single())
                .isEqualTo(3);
    }
}
