package uk.directpayments.ledger.audit;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Timers;

/** Looks every minute for a checkpoint that another node has signed. Not in a drill: what was kept elsewhere is to be held against the backup as it was kept. */
@Component
@Profile("!drill")
class SignedElsewhere implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(SignedElsewhere.class);

    private final TransparencyLog transparency;
    private final ScheduledExecutorService looks = Timers.named("signed-elsewhere");

    SignedElsewhere(TransparencyLog transparency) {
        this.transparency = transparency;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        looks.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.MINUTES);
    }

    private void look() {
        try {
            transparency.adopt();
        } catch (RuleBroken said) {
            // the transparency log has logged why
        } catch (RuntimeException e) {
            log.warn(
                    "could not look for what other nodes have signed; it is tried again in a minute: {}",
                    e.getClass().getSimpleName());
        }
    }

    @Override
    public void destroy() {
        looks.shutdownNow();
    }
}
