package uk.directpayments.ledger.platform;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Forgets reads of personal data when the time for which they are kept is over: {@code ledger.reads.retention}. */
@Component
class ReadRetention implements DisposableBean {

    /** Shorter, and the table itself would not let go: see its trigger. */
    static final Duration LEAST = Duration.ofDays(90);

    static final Duration MOST = Duration.ofDays(3653);

    private static final Logger log = LoggerFactory.getLogger(ReadRetention.class);

    /** Rows of one statement, and how many statements one look has at most: a first look at years of them takes several. */
    static final int AT_A_TIME = 5_000;

    private static final int MOST_TIMES = 100;

    private final ReadRecord reads;
    private final int days;
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("read-retention"));

    /** @param retention 90 days to ten years, default two years */
    ReadRetention(ReadRecord reads, @Value("${ledger.reads.retention:731d}") Duration retention) {
        if (retention.compareTo(LEAST) < 0 || retention.compareTo(MOST) > 0) {
            throw new StartRefused("ledger.reads.retention must be from " + LEAST.toDays() + "d to " + MOST.toDays()
                    + "d, not " + retention.toDays() + "d.");
        }
        this.reads = reads;
        this.days = Math.toIntExact(retention.toDays());
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        looks.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.HOURS);
    }

    private void look() {
        try {
            forget();
        } catch (RuntimeException e) {
            log.warn(
                    "old reads could not be forgotten; it is tried again in an hour: {}",
                    ProjectionInvoker.describe(e));
        }
    }

    /** @return how many rows are gone */
    int forget() {
        int gone = 0;
        for (int times = 0; times < MOST_TIMES; times++) {
            int now = reads.forget(days, AT_A_TIME);
            gone += now;
            if (now < AT_A_TIME) {
                break;
            }
        }
        if (gone > 0) {
            log.info("{} reads of personal data were forgotten: they are kept for {} days", gone, days);
        }
        return gone;
    }

    @Override
    public void destroy() {
        looks.shutdownNow();
    }
}
