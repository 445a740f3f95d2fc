package uk.directpayments.ledger.platform;

import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Part of readiness in the profile {@code axonserver}: up while Axon Server is connected and its events are copied. Axon's own does not run on Boot 4. */
class AxonServerHealth extends AbstractHealthIndicator {

    private final AxonServerConnectionManager servers;
    private final AxonServerCopy copy;

    AxonServerHealth(AxonServerConnectionManager servers, AxonServerCopy copy) {
        this.servers = servers;
        this.copy = copy;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        String trouble = copy.trouble();
        boolean connected = servers.isConnected(servers.getDefaultContext());
        health.withDetail("connected", connected);
        if (trouble != null) {
            health.withDetail("trouble", trouble);
        }
        if (connected && trouble == null) {
            health.up();
        } else {
            health.down();
        }
    }
}
