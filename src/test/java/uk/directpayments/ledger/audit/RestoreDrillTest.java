package uk.directpayments.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import uk.directpayments.ledger.LedgerApplication;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.ChildJvm;
import uk.directpayments.ledger.support.ChildLedger;

/** A backup of a home, tried as an operator would: one command, its words and its exit code. */
class RestoreDrillTest {

    private static final List<String> OPTIONS = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1");

    @TempDir
    Path directory;

    @Test
    void aBackupIsRestoredAndProvedAndOneThatLacksEventsIsNot() throws Exception {
        Path home = directory.resolve("home");
        Path backup = directory.resolve("backup");
        Path elsewhere = directory.resolve("elsewhere");
        try (ChildLedger ledger = ChildLedger.start(home)) {
            register(ledger, "P1");
            sign(ledger);
            Files.copy(home.resolve("checkpoint"), elsewhere);
            register(ledger, "P2");
            ledger.terminate();
            ledger.awaitExit();
            copy(home, backup);
            ledger.startAgain();
            register(ledger, "P3");
            sign(ledger);
        }
        try (ChildJvm drill = drill(backup, elsewhere)) {
            assertThat(drill.outputToTheEnd())
                    .contains("the log has 2 events, 1 were signed when the checkpoint was kept: it is whole")
                    .contains(" rows compared, 0 differ")
                    .contains("RESTORE DRILL: the backup restores");
            assertThat(drill.awaitExit()).isZero();
        }
        assertThat(backup.resolve("postgres.port"))
                .as("nothing of the backup is touched")
                .exists();

        try (ChildJvm drill = drill(backup, home.resolve("checkpoint"))) {
            assertThat(drill.outputToTheEnd())
                    .contains("The log ends after 2 events; 3 were signed.")
                    .contains("RESTORE DRILL: THE BACKUP DOES NOT RESTORE");
            assertThat(drill.awaitExit()).isEqualTo(1);
        }
    }

    private static ChildJvm drill(Path backup, Path checkpoint) throws IOException {
        return ChildJvm.start(
                LedgerApplication.class,
                OPTIONS,
                "--spring.profiles.active=drill",
                "--ledger.drill.backup=" + backup,
                "--ledger.drill.checkpoint=" + checkpoint);
    }

    private static void register(ChildLedger ledger, String personId) {
        Answer answer = ledger.as("finance")
                .post(
                        "/api/v1/people",
                        "{\"personId\":\"%s\",\"name\":\"Robin Example\",\"dateOfBirth\":\"2012-05-01\"}"
                                .formatted(personId));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
    }

    private static void sign(ChildLedger ledger) {
        assertThat(ledger.as("auditor").get("/api/v1/audit/checkpoint").status())
                .isEqualTo(200);
    }

    /** With owners and modes, as a backup is made. */
    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
