package uk.directpayments.ledger.platform;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Lists every minute whom other nodes have erased: each node has a home of its own, and a restore may begin with the list of any of them. */
@Component
final class ErasedElsewhere implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(ErasedElsewhere.class);

    private final Sealing sealing;
    private final ScheduledExecutorService looks = Timers.named("erased-elsewhere");

    ErasedElsewhere(Sealing sealing) {
        this.sealing = sealing;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        looks.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.MINUTES);
    }

    private void look() {
        try {
            sealing.listErasures();
        } catch (RuntimeException e) {
            log.warn(
                    "could not list whom other nodes have erased; it is tried again in a minute: {}",
                    ProjectionInvoker.describe(e));
        }
    }

    @Override
    public void destroy() {
        looks.shutdownNow();
    }
}
