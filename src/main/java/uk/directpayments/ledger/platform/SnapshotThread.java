package uk.directpayments.ledger.platform;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Takes snapshots, which read a stream's last events again, while commands go on. Whoever finds too many waiting takes theirs at once. What waits when the ledger stops is not taken: the next that is due covers it.
 */
@Component
class SnapshotThread implements DisposableBean {

    /** The most that may wait. */
    static final int MOST_WAITING = 1_000;

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            new AxonThreadFactory("snapshots"),
            new ThreadPoolExecutor.CallerRunsPolicy());

    void take(Runnable snapshot) {
        thread.execute(snapshot);
    }

    @Override
    public void destroy() throws InterruptedException {
        thread.getQueue().clear();
        thread.shutdown();
        thread.awaitTermination(5, TimeUnit.SECONDS);
    }
}
