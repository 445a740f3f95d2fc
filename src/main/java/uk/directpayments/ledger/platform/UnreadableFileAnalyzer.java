package uk.directpayments.ledger.platform;

import java.nio.file.AccessDeniedException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Names a file that the ledger's user may not use, most often a secret, without a stack trace. Listed in {@code META-INF/spring.factories}. */
class UnreadableFileAnalyzer extends AbstractFailureAnalyzer<AccessDeniedException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, AccessDeniedException cause) {
        return new FailureAnalysis(
                "The user that the ledger runs as (" + System.getProperty("user.name") + ") may not use "
                        + cause.getFile() + ".",
                "Give it to that user: a secret with mode 400, which lets nobody else read it.",
                cause);
    }
}
