package uk.directpayments.ledger.platform;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in words why the service did not start. Registered in {@code META-INF/spring.factories}. */
class LocalUsersFailure extends AbstractFailureAnalyzer<LocalUsers.NotLoopback> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, LocalUsers.NotLoopback cause) {
        return new FailureAnalysis(
                cause.property + " lets others reach the ledger (" + cause.address
                        + "), but the local users, whose password is public, may exist on a loopback address only.",
                "Set " + cause.property
                        + " to 127.0.0.1 (or ::1). To serve others an OIDC issuer has to be configured in"
                        + " place of the local users; this version cannot use one yet.",
                cause);
    }
}
