package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class LocalUsersTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7", ""})
    void theServiceRefusesToStartWhereOthersCouldReachIt(String address, CapturedOutput log) {
        assertThatThrownBy(() -> start("--server.address=" + address)).hasRootCauseInstanceOf(StartRefused.class);
        assertThat(log.getAll())
                .contains("set server.address to 127.0.0.1")
                .contains("OIDC issuer")
                .doesNotContain("at uk.directpayments.ledger.platform.LocalUsers");
    }

    @Test
    void theManagementPortIsHeldToTheSame(CapturedOutput log) {
        assertThatThrownBy(() -> start("--management.server.port=0", "--management.server.address=0.0.0.0"))
                .hasRootCauseInstanceOf(StartRefused.class);
        assertThatThrownBy(() -> start("--management.server.port=0")).hasRootCauseInstanceOf(StartRefused.class);
        assertThat(log.getAll()).contains("set management.server.address to 127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "localhost", "::1"})
    void theServiceStartsOnLoopback(String address) {
        try (ConfigurableApplicationContext started = start("--server.address=" + address)) {
            assertThat(started.isRunning()).isTrue();
        }
    }

    private static ConfigurableApplicationContext start(String... given) {
        List<String> arguments = new ArrayList<>(List.of("--" + HttpTestApp.NO_DATABASE, "--server.port=0"));
        arguments.addAll(List.of(given));
        return SpringApplication.run(HttpTestApp.class, arguments.toArray(String[]::new));
    }
}
