package uk.directpayments.ledger.platform;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Takes snapshots, which read a stream's last events again, while commands go on. Of each stream one waits at most. What waits when the ledger stops is not taken: the next that is due covers it.
 */
@Component
class SnapshotThread implements DisposableBean {

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new AxonThreadFactory("snapshots"));

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
