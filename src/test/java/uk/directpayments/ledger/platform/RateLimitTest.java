package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;

@SpringBootTest(
        classes = HttpTestApp.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {HttpTestApp.NO_DATABASE, "ledger.http.requests-per-second=1"})
class RateLimitTest {

    @LocalServerPort
    int port;

    @Test
    void aUserWhoAsksTooOftenIsToldToWaitAndOthersAreNot() {
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
        assertThat(Caller.as("auditor", port).get("/api/v1/accounts/A-1/view").status())
                .isEqualTo(200);
    }
}
