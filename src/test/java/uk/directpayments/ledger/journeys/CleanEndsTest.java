package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;
import uk.directpayments.ledger.platform.EmbeddedPostgres;
import uk.directpayments.ledger.platform.Home;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.ChildLedger;
import uk.directpayments.ledger.support.Load;
import uk.directpayments.ledger.support.Load.Fate;

/** Ends and outages that a service must pass with honest answers: a stop under load, a database that is gone, a full disk. */
class CleanEndsTest {

    private static final int TERMINATED = 128 + 15;
    private static final int MEGABYTES_OF_DISK = 384;

    /** So long that every thread of the ledger has waited for a connection, most of them in a queue behind others that wait. */
    private static final long STILL_GONE_NANOS = 5_000_000_000L;

    /** Prometheus waits for ten seconds, unless it is told otherwise: what comes later says nothing. */
    private static final long SCRAPE_NANOS = 8_000_000_000L;

    /** As long as a processor that was not started again would still sit out what it means to wait. */
    private static final int AFTER_IT_MILLIS = 3_000;

    @Test
    void aStopUnderLoadAnswersOrRefusesEveryRequestAndLosesNothing() throws Exception {
        try (ChildLedger ledger = ChildLedger.start(emptyHome("stopped"))) {
            Load load = new Load(ledger, 1);
            load.start(false);
            ChildLedger.sleep(2_000);
            ledger.terminate();
            assertThat(ledger.awaitExit()).isEqualTo(TERMINATED);
            load.stop();
            assertThat(ledger.postmasterFile()).as("PostgreSQL still runs").doesNotExist();

            ledger.startAgain();
            Truth.nothingAcknowledgedIsLost(ledger, load);
            assertThat(load.inTheLogOf(Fate.UNANSWERED))
                    .as("closed without an answer, yet written")
                    .noneMatch(Load.log(ledger)::contains);
            load.repeatTheOpen();
            Truth.holds(ledger, load);
            Truth.projectionsAgreeWithAReplay(ledger);
        }
    }

    @Test
    void whileItsDatabaseIsGoneItSaysSoAndHealsByItself() throws Exception {
        Path home = emptyHome("database-gone");
        try (Home theirs = Home.open(home.resolveSibling("database"))) {
            EmbeddedPostgres database = EmbeddedPostgres.start(theirs);
            try (ChildLedger ledger = ChildLedger.start(
                    home,
                    "--spring.datasource.url=" + database.url(),
                    "--spring.datasource.username=" + database.user(),
                    "--spring.datasource.password=" + database.password())) {
                assertThat(ledger.postmasterFile()).doesNotExist();
                Load load = new Load(ledger, 2);
                load.start(true);
                ChildLedger.sleep(500);
                database.close();
                busy(ledger.as("finance").get("/api/v1/accounts/A-X0/balance"));
                assertThat(ledger.isReady()).isFalse();
                assertThat(ledger.as("").get("/actuator/health/liveness").status())
                        .isEqualTo(200);
                long asked = System.nanoTime();
                String scraped =
                        ledger.as("").get("/actuator/prometheus").response().body();
                long waited = System.nanoTime() - asked;
                assertThat(waited).as("nanoseconds of a scrape").isLessThan(SCRAPE_NANOS);
                assertThat(scraped.lines().filter(line -> line.startsWith("ledger_processor_running{")))
                        .isNotEmpty()
                        .allMatch(line -> line.endsWith(" NaN"));
                assertThat(scraped).containsPattern("(?m)^ledger_log_unsigned(\\{.*})? NaN$");
                ChildLedger.sleep(Math.max(0, STILL_GONE_NANOS - waited) / 1_000_000);

                database = EmbeddedPostgres.start(theirs);
                ledger.awaitReady();
                ChildLedger.sleep(AFTER_IT_MILLIS);
                load.stop();
                assertThat(load.count(Fate.BUSY)).isPositive();
                load.repeatTheOpen();
                long acknowledged = load.count(Fate.ACKNOWLEDGED);
                load.start(true);
                ChildLedger.sleep(500);
                load.stop();
                assertThat(load.count(Fate.ACKNOWLEDGED)).isGreaterThan(acknowledged);
            } finally {
                database.close();
            }
        }
    }

    @Test
    void aFullDiskIsSaidAndHealsOnceThereIsRoom() throws Exception {
        Path disk = emptyHome("full-disk").getParent();
        Files.createDirectories(disk);
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES_OF_DISK + "m", "tmpfs", disk.toString()),
                "NOT TESTED: the full disk. Only root, where mounting is allowed, can make a small one.");
        try {
            try (ChildLedger ledger = ChildLedger.start(disk.resolve("home"))) {
                Load load = new Load(ledger, 3);
                load.start(true);
                ChildLedger.sleep(500);
                Path ballast = disk.resolve("ballast");
                run("dd", "if=/dev/zero", "of=" + ballast, "bs=64k");
                assertThat(disk.toFile().getUsableSpace()).isLessThan(65_536);
                long deadline = System.nanoTime() + 60_000_000_000L;
                while (load.count(Fate.BUSY) == 0) {
                    assertThat(System.nanoTime()).as("the disk is not full").isLessThan(deadline);
                    ChildLedger.sleep(100);
                }
                ChildLedger.sleep(1_000);
                assertThat(ledger.as("finance")
                                .get("/api/v1/accounts/A-X0/balance")
                                .status())
                        .isIn(200, 503);

                Files.delete(ballast);
                ledger.awaitReady();
                load.stop();
                Truth.nothingAcknowledgedIsLost(ledger, load);
                load.repeatTheOpen();
                Truth.holds(ledger, load);
                Truth.projectionsAgreeWithAReplay(ledger);
            }
        } finally {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    private static void busy(Caller.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("BUSY");
        assertThat(answer.header("Retry-After")).isNotEmpty();
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static Path emptyHome(String name) throws Exception {
        Path directory = Path.of("target", "crash", name);
        FileSystemUtils.deleteRecursively(directory);
        return directory.resolve("home");
    }
}
