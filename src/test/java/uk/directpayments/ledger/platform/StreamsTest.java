package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.common.caching.Cache;
import org.axonframework.config.Configuration;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.trial.TrialCommand;

/** Streams between events: the cache, snapshots, and states that other nodes have moved on. */
class StreamsTest extends TrialTest {

    @Autowired
    @Qualifier("eventSerializer")
    EventJson json;

    @Autowired
    Configuration axon;

    @Autowired
    SnapshotThread snapshots;

    @Test
    void aRefusalDoesNotEvict() {
        String id = open("kept");
        Object cached = cache.get("trial/" + id);
        assertThat(refusal(() -> count(id, -1))).isEqualTo("TOO_SMALL");
        assertThat(cached).isNotNull();
        assertThat(cache.<String, Object>get("trial/" + id)).isNotNull();
    }

    /** What was refused its first event does not exist, also not in the cache. */
    @Test
    void aStreamThatWasRefusedItsFirstEventIsNotThere() {
        String id = fresh("unborn");
        assertThat(refusal(() -> commands.send(new TrialCommand.Open(id, "nobody"), plain())))
                .isEqualTo("NOT_WELCOME");
        assertThat(refusal(() -> count(id, 1))).isEqualTo("NOT_FOUND");
        assertThat(eventsOf(id)).isZero();
        commands.send(new TrialCommand.Open(id, id), plain());
        count(id, 1);
        assertThat(eventsOf(id)).isEqualTo(2);
    }

    @Test
    void theCacheIsBoundedAndStrong() {
        StreamCache small = new StreamCache(10);
        for (int i = 0; i < 1_000; i++) {
            small.put("trial/" + i, new Object());
        }
        until(
                "the rest is dropped",
                () -> IntStream.range(0, 1_000)
                                .filter(i -> small.containsKey("trial/" + i))
                                .count()
                        <= 10);

        Cache one = new StreamCache(10);
        one.put("trial/1", new Object());
        WeakReference<Object> witness = new WeakReference<>(new Object());
        until("a garbage collection", () -> {
            System.gc();
            return witness.get() == null;
        });
        assertThat(one.<String, Object>get("trial/1")).isNotNull();
    }

    @Test
    void aStreamIsSnapshotAtAGrowingInterval() {
        String id = open("grown");
        numbers(id, GrowingSnapshots.FEWEST - 2);
        assertThat(snapshotOf(id)).isEqualTo(-1);
        count(id, 1);
        // the last event may not have been durable yet when it was taken
        assertThat(snapshotOf(id)).isBetween(GrowingSnapshots.FEWEST - 2L, GrowingSnapshots.FEWEST - 1L);
        numbers(id, 2 * GrowingSnapshots.FEWEST);
        long last = snapshotOf(id);
        for (int i = 0; i < 20; i++) {
            numbers(id, 100);
        }
        long length = eventsOf(id);
        assertThat(snapshotOf(id)).isGreaterThan(last).isGreaterThan(length / 2);
    }

    @Test
    void stateOfSnapshotAndTailIsStateOfAllEvents() {
        String id = fresh("same");
        commands.send(new TrialCommand.Open(id, id, new Sealed("c2VhbGVk")), plain());
        Call early = keyed(freshKey());
        Outcome first = commands.send(new TrialCommand.Count(id, 40, 2), early);
        numbers(id, GrowingSnapshots.FEWEST);
        taken();
        count(id, 5, 6);
        assertThat(snapshotOf(id)).isPositive().isLessThan(eventsOf(id) - 1);

        String withSnapshot = stateOf(id);
        // the snapshot is used: without the events before it the state is the same
        jdbc.sql("CREATE TABLE hidden AS SELECT * FROM event_log WHERE stream_id = :s AND sequence < 200")
                .param("s", "trial/" + id)
                .update();
        jdbc.sql("DELETE FROM event_log WHERE stream_id = :s AND sequence < 200")
                .param("s", "trial/" + id)
                .update();
        assertThat(stateOf(id)).isEqualTo(withSnapshot);
        jdbc.sql("INSERT INTO event_log SELECT * FROM hidden").update();
        jdbc.sql("DROP TABLE hidden").update();

        jdbc.sql("UPDATE event_snapshot SET revision = '99' WHERE stream_id = :s")
                .param("s", "trial/" + id)
                .update();
        assertThat(stateOf(id)).isEqualTo(withSnapshot);
        jdbc.sql("UPDATE event_snapshot SET revision = '1', payload = '{\"unheardOf\":1}' WHERE stream_id = :s")
                .param("s", "trial/" + id)
                .update();
        assertThat(stateOf(id)).isEqualTo(withSnapshot);
        assertThat(commands.send(new TrialCommand.Count(id, 40, 2), early).events())
                .isEqualTo(first.events());
    }

    @Test
    void aSnapshotHoldsNoPersonalText() {
        String id = fresh("private");
        commands.send(new TrialCommand.Open(id, id, new Sealed("c2VhbGVk")), plain());
        numbers(id, GrowingSnapshots.FEWEST);
        taken();
        String snapshot = jdbc.sql("SELECT payload || metadata FROM event_snapshot WHERE stream_id = :s")
                .param("s", "trial/" + id)
                .query(String.class)
                .single();
        assertThat(snapshot).contains("\"id\":\"" + id).doesNotContain("c2VhbGVk");
    }

    @Test
    void twoNodesThatWriteOneStreamInTurnsNeverDecideOnWhatIsOld() {
        String id = open("turns");
        try (SecondNode other = SecondNode.beside(environment)) {
            Commands elsewhere = other.get(Commands.class);
            for (int i = 0; i < 20; i++) {
                count(id, i);
                // the other node's copy says i - 1, or nothing: to do nothing on its word would be wrong
                assertThat(elsewhere
                                .send(new TrialCommand.CountOnce(id, 5_000 + i), plain())
                                .events())
                        .hasSize(1);
                assertThat(commands.send(new TrialCommand.CountOnce(id, i), plain())
                                .events())
                        .hasSize(1);
                assertThat(elsewhere
                                .send(new TrialCommand.CountOnce(id, i), plain())
                                .events())
                        .isEmpty();
            }
            String stale = open("stale");
            elsewhere.send(new TrialCommand.Count(stale, 1), plain());
            count(stale, 2);
            elsewhere.send(new TrialCommand.Count(stale, 3), plain());
            assertThat(eventsOf(stale)).as("decided again by whoever lost").isEqualTo(4);
            String both = fresh("both");
            elsewhere.send(new TrialCommand.Open(both, both), plain());
            assertThat(refusal(() -> commands.send(new TrialCommand.Open(both, both), plain())))
                    .isEqualTo("ID_ALREADY_USED");
            assertThat(eventsOf(both)).isEqualTo(1);
        }
        assertThat(eventsOf(id)).isEqualTo(61);
        assertThat(rows.total(id, now())).isEqualTo(2L * (19 * 20 / 2) + 20 * 5_000 + 19 * 20 / 2);
    }

    private void numbers(String id, int count) {
        for (int left = count; left > 0; left -= 50) {
            int[] numbers = new int[Math.min(50, left)];
            Arrays.fill(numbers, 1);
            count(id, numbers);
        }
    }

    private long snapshotOf(String id) {
        taken();
        return jdbc.sql("SELECT coalesce(max(sequence), -1) FROM event_snapshot WHERE stream_id = :s")
                .param("s", "trial/" + id)
                .query(Long.class)
                .single();
    }

    /** They are taken on a thread of their own, one after the other. */
    private void taken() {
        CountDownLatch all = new CountDownLatch(1);
        snapshots.take(all::countDown);
        try {
            all.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The aggregate's state as it would stand in a snapshot, read from the store. */
    private String stateOf(String id) {
        cache.removeAll();
        return DefaultUnitOfWork.startAndGet(GenericCommandMessage.asCommandMessage("look"))
                .executeWithResult(() -> axon.repository(trialType())
                        .load("trial/" + id)
                        .invoke(state -> json.serialize(state, String.class).getData()))
                .getPayload();
    }

    private static Class<?> trialType() {
        return org.springframework.util.ClassUtils.resolveClassName("uk.directpayments.trial.Trial", null);
    }
}
