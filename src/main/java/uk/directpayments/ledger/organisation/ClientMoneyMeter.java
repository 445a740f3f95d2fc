package uk.directpayments.ledger.organisation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.organisation.OrganisationEvent.ClientMoneyReconciled;
import uk.directpayments.ledger.platform.EventMeter;
import uk.directpayments.ledger.platform.MeterNames;

/** Counts reconciliations of client money by whether bank and ledger agreed. */
@Component
class ClientMoneyMeter implements EventMeter {

    private final Counter agreed;
    private final Counter differed;

    ClientMoneyMeter(MeterRegistry registry) {
        agreed = counter(registry, "agreed");
        differed = counter(registry, "differed");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder(MeterNames.CLIENT_MONEY)
                .description("Reconciliations of client money by outcome")
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public void count(Object event) {
        if (event instanceof ClientMoneyReconciled e) {
            (e.difference().isZero() ? agreed : differed).increment();
        }
    }
}
