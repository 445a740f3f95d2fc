package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.AccessDeniedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** A test that runs as root is refused no file, so what a refusal looks like is given here. */
class UnreadableFileAnalyzerTest {

    @Test
    void aSecretThatTheUserMayNotReadIsNamedInASentence() {
        Throwable failure = new IllegalStateException(
                "Could not read property file", new AccessDeniedException("/run/secrets/spring.datasource.password"));
        List<String> sentences =
                SpringFactoriesLoader.forDefaultResourceLocation()
                        .load(FailureAnalyzer.class, (type, name, e) -> {})
                        .stream()
                        .filter(analyzer -> analyzer.getClass()
                                .getPackage()
                                .equals(getClass().getPackage()))
                        .map(analyzer -> analyzer.analyze(failure))
                        .filter(analysis -> analysis != null)
                        .map(FailureAnalysis::getDescription)
                        .toList();
        assertThat(sentences)
                .containsExactly("The user that the ledger runs as (" + System.getProperty("user.name")
                        + ") may not use /run/secrets/spring.datasource.password.");
    }
}
