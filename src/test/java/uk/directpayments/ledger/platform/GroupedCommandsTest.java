package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.axonframework.eventsourcing.AggregateCacheEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Commands that wait for the log on PostgreSQL. */
class GroupedCommandsTest extends TrialTest {

    private final ExecutorService threads = Executors.newFixedThreadPool(16);

    @Autowired
    private DataSource dataSource;

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void commandsToOneStreamAreDecidedWhileOthersToItWaitToBeWritten() throws Exception {
        String id = open("hot");
        try (AutoCloseable held = heldLog()) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                int n = i;
                sent.add(threads.submit(() -> count(id, n)));
            }
            until("all are decided", () -> versionOf(id) == 16);
            assertThat(eventsOfNow(id)).as("written").isOne();
            assertThat(sent).noneMatch(Future::isDone);
            held.close();
            for (var each : sent) {
                each.get();
            }
        }
        assertThat(eventsOf(id)).isEqualTo(17);
        assertThat(jdbc.sql("SELECT count(DISTINCT xmin::text) FROM event_log WHERE stream_id = :s AND sequence > 0")
                        .param("s", "trial/" + id)
                        .query(Long.class)
                        .single())
                .as("commits")
                .isLessThan(4);
    }

    @Test
    void aRefusalThatRestsOnWhatIsNotWrittenYetIsNotToldBefore() throws Exception {
        String id = open("unsure");
        try (AutoCloseable held = heldLog()) {
            var written = threads.submit(() -> count(id, 1));
            until("it is decided", () -> versionOf(id) == 1);
            var refused = threads.submit(() -> refusal(() -> count(id, -1)));
            Thread.sleep(200);
            assertThat(refused.isDone()).isFalse();
            held.close();
            written.get();
            assertThat(refused.get()).isEqualTo("TOO_SMALL");
        }
    }

    /** Until it is closed, nobody can write. */
    private AutoCloseable heldLog() throws Exception {
        Connection other = dataSource.getConnection();
        other.setAutoCommit(false);
        other.createStatement().execute("SELECT position FROM event_log_head FOR UPDATE");
        return () -> {
            if (!other.isClosed()) {
                other.rollback();
                other.setAutoCommit(true);
                other.close();
            }
        };
    }

    /** What is in memory of it. */
    private long versionOf(String id) {
        AggregateCacheEntry<?> entry = cache.get("trial/" + id);
        Long version =
                entry == null ? null : entry.recreateAggregate(null, null, null).version();
        return version == null ? -1 : version;
    }

    private long eventsOfNow(String id) {
        return jdbc.sql("SELECT count(*) FROM event_log WHERE stream_id = :s")
                .param("s", "trial/" + id)
                .query(Long.class)
                .single();
    }
}
