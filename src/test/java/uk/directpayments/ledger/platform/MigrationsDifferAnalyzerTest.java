package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.LedgerApplication;
import uk.directpayments.ledger.support.TestPostgres;

@ExtendWith(OutputCaptureExtension.class)
class MigrationsDifferAnalyzerTest {

    @Test
    void aStartOnTablesThatAnotherMigrationMadeEndsInSentences(@TempDir Path home, CapturedOutput log) {
        try (TestPostgres.Database database = TestPostgres.freshDatabase()) {
            JdbcClient.create(database)
                    .sql("UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '4'")
                    .update();
            assertThatThrownBy(() -> SpringApplication.run(
                            LedgerApplication.class,
                            "--ledger.home=" + home,
                            "--ledger.demo=false",
                            "--server.port=0",
                            "--spring.jmx.enabled=false",
                            "--spring.datasource.url=" + database.getJdbcUrl(),
                            "--spring.datasource.username=" + database.getUsername(),
                            "--spring.datasource.password=" + database.getPassword()))
                    .hasRootCauseInstanceOf(FlywayValidateException.class);
        }
        assertThat(log.getAll())
                .contains("The tables of this database were not made by this version's migrations")
                .contains("checksum mismatch for migration version 4")
                .contains("src/docs/operating/upgrade.md")
                .doesNotContain("\tat ");
    }
}
