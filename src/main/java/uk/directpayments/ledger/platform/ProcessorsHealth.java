package uk.directpayments.ledger.platform;

import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Part of readiness: up while every projection and automation runs and nothing is parked. Names processors and counts, no more. */
@Component("processorsHealthIndicator")
class ProcessorsHealth extends AbstractHealthIndicator {

    private final Processors processors;
    private final Parked parked;

    ProcessorsHealth(Processors processors, Parked parked) {
        this.processors = processors;
        this.parked = parked;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        List<String> notRunning = processors.troubled();
        Map<String, Long> waiting = parked.counts();
        health.withDetail("notRunning", notRunning).withDetail("parked", waiting);
        if (notRunning.isEmpty() && waiting.isEmpty()) {
            health.up();
        } else {
            health.down();
        }
    }
}
