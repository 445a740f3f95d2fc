package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.ChildLedger;

/**
 * How long the steps of a payment run take, for runs of different sizes: over HTTP, with a durable PostgreSQL. Not part of {@code verify}:
 * {@code ./mvnw test -Dtest=PaymentRunBench -Drun.bench.accounts=60,600}, of fifty instalments each.
 */
class PaymentRunBench {

    private static final Logger log = LoggerFactory.getLogger(PaymentRunBench.class);

    @Test
    void timesTheStepsOfARun() throws Exception {
        for (String size : System.getProperty("run.bench.accounts", "60").split(",")) {
            int accounts = Integer.parseInt(size);
            try (ChildLedger ledger = ChildLedger.start(CrashTest.emptyHome("bench-" + accounts))) {
                for (int i = 0; i < accounts; i++) {
                    RunCrashTest.account(ledger, i);
                }
                String run = "/api/v1/payment-runs/R1";
                Caller finance = ledger.as("finance");
                long begun = System.nanoTime();
                ok(finance.post(
                        "/api/v1/payment-runs",
                        "{\"runId\":\"R1\",\"cutOff\":\"2026-03-10\",\"payDate\":\"2026-03-27\"}"));
                double selected = since(begun);
                begun = System.nanoTime();
                ok(ledger.as("approver").post(run + "/approval", "{}"));
                JsonNode progress = RunCrashTest.awaitIssued(ledger).path("progress");
                double issued = since(begun);
                assertThat(progress.path("issued").asInt()).isEqualTo(accounts * 50);
                begun = System.nanoTime();
                ok(finance.get(run + "/file?format=pain.001.001.09"));
                double written = since(begun);
                log.info(
                        "{} instalments: selected in {} s, issued in {} s ({} a second), pain.001 in {} s",
                        accounts * 50,
                        selected,
                        issued,
                        Math.round(accounts * 50 / issued),
                        written);
            }
        }
    }

    private static double since(long begun) {
        return Math.round((System.nanoTime() - begun) / 1e7) / 100.0;
    }

    private static void ok(Caller.Answer answer) {
        assertThat(answer.status()).isBetween(200, 299);
    }
}
