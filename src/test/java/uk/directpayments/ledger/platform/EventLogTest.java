package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** The log on PostgreSQL. */
class EventLogTest extends EventLogContract {

    @Override
    EventLog anotherNode() {
        return new EventLog(
                new JdbcTemplate(database),
                new EventJson(EventNames.in(List.of("uk.directpayments.trial"))),
                NoOpEventUpcaster.INSTANCE);
    }

    @Test
    void anAppendRolledBackLeavesNoGap() {
        append(log, "trial/1", 0, 1);
        transaction.executeWithoutResult(status -> {
            log.appendEvents(List.of(event("trial/2", 0)));
            status.setRollbackOnly();
        });
        append(log, "trial/1", 1, 1);
        assertThat(positions()).containsExactly(1L, 2L);
        assertThat(log.tail().announced()).isEqualTo(2);
    }

    @Test
    void whatWasKnownLongAgoIsAnsweredWithoutWaiting() throws Exception {
        append(log, "trial/1", 0, 1);
        jdbc.sql("UPDATE event_log SET recorded_at = '2026-01-01T00:00:00Z'").update();
        transaction.executeWithoutResult(status -> {
            log.appendEvents(List.of(event("trial/1", 1)));
            assertThat(threads.submit(() -> log.knownAt(Instant.parse("2026-01-02T00:00:00Z"))))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo(1L);
        });
    }
}
