package uk.directpayments.ledger.platform;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** What a node does now and then, beside everything else. */
public final class Timers {

    private Timers() {}

    /** A timer with a thread of its own, which does not keep the node from ending. */
    public static ScheduledExecutorService named(String name) {
        return Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
