package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import uk.directpayments.ledger.LedgerApplication;

@ExtendWith(OutputCaptureExtension.class)
class DatabaseAwayAnalyzerTest {

    @Test
    void aStartWithoutItsDatabaseEndsInASentence(@TempDir Path home, CapturedOutput log) {
        assertThatThrownBy(() -> SpringApplication.run(
                        LedgerApplication.class,
                        "--ledger.home=" + home,
                        "--server.port=0",
                        "--spring.datasource.hikari.connection-timeout=300",
                        "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/ledger"))
                .hasRootCauseInstanceOf(ConnectException.class);
        assertThat(log.getAll())
                .contains("The database cannot be used: Connection to 127.0.0.1:1 refused.")
                .doesNotContain("\tat ");
    }

    @Test
    void whatTheDatabaseSaysOfARunningLedgersStatementsIsNotItsBusiness() {
        assertThat(new DatabaseAwayAnalyzer().analyze(new PSQLException("no such table", PSQLState.UNDEFINED_TABLE)))
                .isNull();
    }
}
