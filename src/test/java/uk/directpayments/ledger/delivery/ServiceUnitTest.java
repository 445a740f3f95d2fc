package uk.directpayments.ledger.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The unit of systemd, judged by systemd's own tool where there is one. */
class ServiceUnitTest {

    private static final Path UNIT = Path.of("src/packaging/direct-payment-ledger.service");

    private record Said(int code, String words) {}

    @Test
    void systemdUnderstandsTheUnitAndFindsLittleThatItLeavesOpen() throws Exception {
        assumeTrue(
                analyze("--version").code() == 0 && Files.isExecutable(Path.of("/usr/bin/java")),
                "NOT TESTED: the unit. systemd-analyze is not installed.");
        Said verified = analyze("verify", "--man=no", UNIT.toString());
        assertThat(verified.words()).doesNotContain(UNIT.getFileName().toString());
        assertThat(verified.code()).isZero();
        // tenths
        Said judged = analyze("security", "--offline=true", "--threshold=20", "--no-pager", UNIT.toString());
        assertThat(judged.code()).as(judged.words()).isZero();
    }

    @Test
    void noSecretStandsInTheUnitOrInTheImage() throws IOException {
        for (Path file : List.of(UNIT, Path.of("pom.xml"))) {
            assertThat(Files.readString(file).lines())
                    .as(file.toString())
                    .noneMatch(line -> line.matches("(?i).*(PASSWORD|SECRET|TOKEN)[A-Z_]*(>|=)[^<$%/ ]+.*"));
        }
    }

    private static Said analyze(String... arguments) throws Exception {
        try {
            Process process = new ProcessBuilder(
                            Stream.concat(Stream.of("systemd-analyze"), List.of(arguments).stream())
                                    .toList())
                    .redirectErrorStream(true)
                    .start();
            String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Said(process.waitFor(), words);
        } catch (IOException notInstalled) {
            return new Said(-1, notInstalled.getMessage());
        }
    }
}
