package uk.directpayments.ledger.platform;

import java.util.stream.Collectors;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says that the migrations which the database has been through are not this version's, and which differ, without a stack trace. Listed in
 * {@code META-INF/spring.factories}.
 */
class MigrationsDifferAnalyzer extends AbstractFailureAnalyzer<FlywayValidateException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, FlywayValidateException cause) {
        // Flyway's advice, to mend its own table, would only hide what is wrong.
        String all = String.valueOf(cause.getMessage());
        String differ = all.lines()
                .filter(line -> line.startsWith("Migration ") || line.startsWith("Detected "))
                .collect(Collectors.joining("; "));
        return new FailureAnalysis(
                "The tables of this database were not made by this version's migrations: "
                        + (differ.isEmpty() ? all : differ) + ". Nothing has been changed.",
                "Start the version that made them, or restore the backup that belongs to this version:"
                        + " src/docs/operating/upgrade.md.",
                cause);
    }
}
