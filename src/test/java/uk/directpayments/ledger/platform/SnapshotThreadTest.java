package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SnapshotThreadTest {

    private final SnapshotThread thread = new SnapshotThread();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final List<Thread> taken = new CopyOnWriteArrayList<>();

    @Test
    void snapshotsAreTakenOneAfterTheOtherAndNobodyWaitsForThem() throws Exception {
        hold();
        for (int i = 0; i < 1_000; i++) {
            thread.take(() -> taken.add(Thread.currentThread()));
        }
        assertThat(taken).isEmpty();
        held.countDown();
        TrialTest.until("all are taken", () -> taken.size() == 1_000);
        assertThat(new HashSet<>(taken)).hasSize(1).doesNotContain(Thread.currentThread());
        thread.destroy();
    }

    @Test
    void whatIsUnderWayIsEndedAtAStopAndWhatWaitsIsNotTaken() throws Exception {
        hold();
        thread.take(() -> taken.add(Thread.currentThread()));
        Thread stop = new Thread(() -> {
            try {
                thread.destroy();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        stop.start();
        TrialTest.until("the stop waits for it", () -> stop.getState() == Thread.State.TIMED_WAITING);
        held.countDown();
        stop.join(10_000);
        assertThat(stop.isAlive()).isFalse();
        assertThat(taken).isEmpty();
    }

    private void hold() throws InterruptedException {
        thread.take(() -> {
            begun.countDown();
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        begun.await();
    }
}
