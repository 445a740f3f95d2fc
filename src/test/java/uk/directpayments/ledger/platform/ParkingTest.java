package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Status;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import uk.directpayments.trial.TrialLog;
import uk.directpayments.trial.TrialRows;
import uk.directpayments.trial.TrialStates;

/** Events that cannot be applied: what stops, what goes on, and how it heals. */
class ParkingTest extends TrialTest {

    @Autowired
    ProcessorsHealth health;

    @Autowired
    PlatformTransactionManager transactions;

    @Autowired
    HikariDataSource pool;

    @BeforeEach
    void poisonous() {
        TrialStates.mended = false;
        jdbc.sql("ALTER TABLE trial_rows ADD CONSTRAINT no_poison CHECK (number <> %d) NOT VALID"
                        .formatted(TrialRows.POISON))
                .update();
        jdbc.sql("ALTER TABLE trial_log ADD CONSTRAINT no_poison CHECK (number <> %d) NOT VALID"
                        .formatted(TrialLog.POISON))
                .update();
    }

    @AfterEach
    void heal() {
        mendRows();
        mendLog();
        TrialStates.mended = true;
        processors.drain("trial-rows");
        processors.drain("trial-states");
        until("all is well", () -> health.health().getStatus().equals(Status.UP));
    }

    private void mendRows() {
        jdbc.sql("ALTER TABLE trial_rows DROP CONSTRAINT IF EXISTS no_poison").update();
    }

    private void mendLog() {
        jdbc.sql("ALTER TABLE trial_log DROP CONSTRAINT IF EXISTS no_poison").update();
    }

    @Test
    void aConstraintViolationParksItsKeyAloneInABatchWithOthers() {
        String bad = open("bad");
        String good = open("good");
        long before = count(good, 1);
        count(bad, 2);
        long first;
        try (Held held = new Held("trial_rows")) {
            // all of these wait in one batch
            count(good, 10);
            first = count(bad, TrialRows.POISON, 30) - 1;
            count(good, 100);
        }
        long later = count(bad, 40);

        assertThat(rows.total(good, now())).isEqualTo(111);
        assertThat(refusal(() -> rows.total(bad, now()))).isEqualTo("FIGURE_UNAVAILABLE");
        assertThat(refusal(() -> rows.total(bad, at(first)))).isEqualTo("FIGURE_UNAVAILABLE");
        assertThat(rows.total(bad, at(first - 1))).isEqualTo(2);
        assertThat(rows.total(good, at(before))).isEqualTo(1);
        assertThat(rows.marked(now())).containsExactly(bad);
        assertThat(rows.marked(at(first - 1))).isEmpty();
        assertThat(parked.letters("trial-rows", 10))
                .extracting(Parked.Letter::key, Parked.Letter::position, Parked.Letter::name)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(bad, first, "Counted"),
                        org.assertj.core.groups.Tuple.tuple(bad, first + 1, "Counted"),
                        org.assertj.core.groups.Tuple.tuple(bad, later, "Counted"));
        assertThat(parked.letters("trial-rows", 10).get(0).cause())
                .contains("DataIntegrityViolationException", "23514")
                .doesNotContain(Integer.toString(TrialRows.POISON));
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.health().getDetails()).containsEntry("parked", Map.of("trial-rows", 3L));

        assertThat(processors.drain("trial-rows")).isZero();
        mendRows();
        assertThat(processors.drain("trial-rows")).isEqualTo(3);
        assertThat(rows.total(bad, now())).isEqualTo(2 + TrialRows.POISON + 30 + 40);
        assertThat(rows.total(bad, at(first))).isEqualTo(2 + TrialRows.POISON);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        assertSameAfterReplay();
    }

    @Test
    void aHandlerThatFailsParksByPersonAndItsRowsCarryTheEventsPosition() {
        String id = open("handler");
        long before = count(id, 1);
        long poisoned = count(id, TrialStates.POISON);
        count(id, 3);
        assertThat(refusal(() -> states.find(id, id, now()))).isEqualTo("FIGURE_UNAVAILABLE");
        assertThat(states.find(id, id, at(before))).contains(new TrialStates.State(id, 1));
        assertThat(rows.total(id, now())).isEqualTo(TrialStates.POISON + 4);

        TrialStates.mended = true;
        assertThat(processors.drain("trial-states")).isEqualTo(2);
        assertThat(states.find(id, id, at(poisoned))).contains(new TrialStates.State(id, TrialStates.POISON));
        assertThat(states.find(id, id, now())).contains(new TrialStates.State(id, 3));
        assertSameAfterReplay();
    }

    @Test
    void aProjectionByLogStopsAndGoesOnWhenMended() {
        String id = open("log");
        long before = count(id, 1);
        long total = wholeLog.total(now());
        count(id, TrialLog.POISON);
        assertThat(refusal(() -> wholeLog.total(now()))).isEqualTo("FIGURE_UNAVAILABLE");
        assertThat(wholeLog.total(at(before))).isEqualTo(total);
        assertThat(processors.troubled()).contains("trial-log");
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(parked.counts()).isEmpty();
        assertThat(rows.total(id, now())).isEqualTo(TrialLog.POISON + 1);

        mendLog();
        until("it goes on by itself", () -> progress.reached("trial-log") == log.head());
        assertThat(wholeLog.total(now())).isEqualTo(total + TrialLog.POISON);
        assertThat(processors.troubled()).isEmpty();
    }

    /** What arrives while the last letter is drained is either applied or parked where the drain still finds it. */
    @Test
    void aDrainLeavesNothingBehindThatArrivesMeanwhile() throws Exception {
        String id = open("meanwhile");
        count(id, TrialRows.POISON);
        until("it is parked", () -> !parked.keys("trial-rows").isEmpty());
        mendRows();
        var threads = Executors.newSingleThreadExecutor();
        try {
            CountDownLatch going = new CountDownLatch(1);
            Future<?> writer = threads.submit(() -> {
                for (int i = 0; i < 60; i++) {
                    count(id, 1);
                    going.countDown();
                }
            });
            going.await();
            while (!writer.isDone()) {
                processors.drain("trial-rows");
            }
            writer.get();
        } finally {
            threads.shutdownNow();
        }
        assertThat(progress.position(rows, now())).isEqualTo(log.head());
        assertThat(parked.counts()).isEmpty();
        assertThat(rows.total(id, now())).isEqualTo(TrialRows.POISON + 60);
    }

    @Test
    void aDrainWaitsForWhoIsAboutToParkBehind() throws Exception {
        parked.park("nobody", "key", 1, "Counted", "why");
        var threads = Executors.newSingleThreadExecutor();
        TransactionTemplate transaction = new TransactionTemplate(transactions);
        try {
            Future<Boolean> taken = transaction.execute(status -> {
                assertThat(parked.among("nobody", List.of("key", "other"))).containsExactly("key");
                Future<Boolean> drain =
                        threads.submit(() -> transaction.execute(mine -> parked.take("nobody", "key", 1)));
                until("the drain waits", () -> {
                    // a transaction sees other sessions as they were when it first looked
                    jdbc.sql("SELECT pg_stat_clear_snapshot()::text").query().listOfRows();
                    return jdbc.sql("""
                                    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                                       AND wait_event_type = 'Lock' AND query LIKE '%parked_event%'""").query(Long.class).single() > 0;
                });
                parked.park("nobody", "key", 2, "Counted", "behind");
                return drain;
            });
            assertThat(taken.get()).isTrue();
            assertThat(parked.letters("nobody", 10)).hasSize(2);
        } finally {
            threads.shutdownNow();
            parked.forget("nobody");
        }
    }

    @Test
    void aDatabaseThatGoesAwayIsWaitedForAndNothingIsParked() {
        String id = open("away");
        for (int i = 0; i < 5; i++) {
            until("the ledger writes", () -> {
                try {
                    count(id, 1);
                    return true;
                } catch (DataAccessException | TransactionException away) {
                    return false;
                }
            });
            jdbc.sql("""
                            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                             WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()""").query(Long.class).single();
            // the pool trusts for half a second what it has just lent
            pool.getHikariPoolMXBean().softEvictConnections();
        }
        until(
                "everything is applied",
                () -> progress.reached("trial-rows") == log.head()
                        && progress.reached("trial-states") == log.head()
                        && progress.reached("trial-log") == log.head());
        assertThat(parked.counts()).isEmpty();
        assertThat(rows.total(id, now())).isEqualTo(eventsOf(id) - 1);
    }

    private void assertSameAfterReplay() {
        // earlier tests have left their poison in the log
        mendRows();
        mendLog();
        TrialStates.mended = true;
        until(
                "all is done",
                () -> progress.reached("trial-states") == log.head() && progress.reached("trial-log") == log.head());
        List<List<String>> before = List.of(rows.all(), states.all(), wholeLog.all());
        for (String projection : List.of("trial-rows", "trial-states", "trial-log")) {
            processors.reset(projection);
        }
        until(
                "all is built again",
                () -> progress.reached("trial-rows") == log.head()
                        && progress.reached("trial-states") == log.head()
                        && progress.reached("trial-log") == log.head());
        assertThat(List.of(rows.all(), states.all(), wholeLog.all())).isEqualTo(before);
    }

    /** Keeps writers from a table, so that what is recorded meanwhile waits in one batch. */
    private final class Held implements AutoCloseable {

        private final CountDownLatch done = new CountDownLatch(1);
        private final Thread holder;

        Held(String table) {
            CountDownLatch locked = new CountDownLatch(1);
            holder = new Thread(() -> new TransactionTemplate(transactions).executeWithoutResult(status -> {
                jdbc.sql("LOCK TABLE " + table + " IN SHARE MODE").update();
                locked.countDown();
                await(done);
            }));
            holder.start();
            await(locked);
        }

        @Override
        public void close() {
            done.countDown();
            try {
                holder.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
