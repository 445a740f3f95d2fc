package uk.directpayments.ledger.platform;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says that the database does not let the ledger in, and PostgreSQL's own reason, without a stack trace. Listed in {@code META-INF/spring.factories}. */
class DatabaseAwayAnalyzer extends AbstractFailureAnalyzer<PSQLException> {

    private static final String CONNECTION = "08";
    private static final String AUTHORISATION = "28";
    private static final String NO_SUCH_DATABASE = "3D";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, PSQLException cause) {
        String state = String.valueOf(cause.getSQLState());
        if (!state.startsWith(CONNECTION) && !state.startsWith(AUTHORISATION) && !state.startsWith(NO_SUCH_DATABASE)) {
            return null;
        }
        return new FailureAnalysis(
                "The database cannot be used: " + cause.getMessage(),
                "Look at spring.datasource.url, at the user and the password beside it, and whether the database runs.",
                cause);
    }
}
