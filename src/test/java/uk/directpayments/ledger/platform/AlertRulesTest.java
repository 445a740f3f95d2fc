package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code dashboards/prometheus/alerts.test.yml} says of the alerts, asked of Prometheus' own promtool. */
class AlertRulesTest {

    private static final Logger logger = LoggerFactory.getLogger(AlertRulesTest.class);

    @Test
    void theAlertsRiseWhenTheyShouldAndNotOtherwise() throws Exception {
        Process promtool;
        try {
            promtool = new ProcessBuilder("promtool", "test", "rules", "alerts.test.yml")
                    .directory(Path.of("dashboards/prometheus").toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException notInstalled) {
            logger.warn("THE ALERTS ARE NOT TESTED: promtool is not installed (Debian's package prometheus has it)");
            abort("promtool is not installed: the alerts are not tested");
            return;
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
    }
}
