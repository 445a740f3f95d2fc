package uk.directpayments.ledger.platform;

import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which migration of the database failed and what to do, without a stack trace. Listed in {@code META-INF/spring.factories}. */
class MigrationFailedAnalyzer extends AbstractFailureAnalyzer<FlywayMigrateException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, FlywayMigrateException cause) {
        String script =
                cause.getMigration() == null ? "?" : cause.getMigration().getScript();
        return new FailureAnalysis(
                "The migration " + script + " of this version failed (SQLSTATE " + cause.getSqlState()
                        + "); the lines before say why. The database is as it was" + " before that migration.",
                "Start the version that ran before again, on the same database: src/docs/operating/upgrade.md.",
                cause);
    }
}
