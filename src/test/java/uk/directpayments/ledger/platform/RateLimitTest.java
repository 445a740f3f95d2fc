package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;

@SpringBootTest(
        classes = HttpTestApp.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {HttpTestApp.NO_DATABASE, "ledger.http.requests-per-second=1"})
@ExtendWith(OutputCaptureExtension.class)
class RateLimitTest {

    @LocalServerPort
    int port;

    @Test
    void aUserWhoAsksTooOftenIsToldToWaitAndOthersAreNot(CapturedOutput log) {
        List<Answer> answers = IntStream.range(0, 20)
                .parallel()
                .mapToObj(i ->
                        Caller.as("finance", port).get("/api/v1/accounts/A-1/view", "X-Correlation-Id", "mine-" + i))
                .toList();
        List<Answer> refused =
                answers.stream().filter(answer -> answer.status() != 200).toList();
        assertThat(refused).isNotEmpty().hasSizeLessThan(20);
        HttpConventionsTest.assertRefused(refused.get(0), 429, "TOO_MANY_REQUESTS", null);
        assertThat(refused.get(0).header("Retry-After")).isEqualTo("1");
        assertThat(refused.get(0).header("X-Correlation-Id")).startsWith("mine-");
        assertThat(log.getAll())
                .contains("refused 429 TOO_MANY_REQUESTS: GET /accounts by finance as FINANCE from 127.0.0.1");
        assertThat(Caller.as("auditor", port).get("/api/v1/accounts/A-1/view").status())
                .isEqualTo(200);
    }
}
