package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;
import uk.directpayments.ledger.support.ChildLedger;
import uk.directpayments.ledger.support.Load;
import uk.directpayments.ledger.support.Load.Fate;

/**
 * The ledger, and its PostgreSQL, are killed with SIGKILL at random moments while users write: what was acknowledged is there, nothing
 * is there twice, and every projection agrees with a replay. {@code -Pcrash} kills more often; {@code -Dcrash.seed=…} repeats the load
 * and the moments of a run, as far as threads and clocks can be repeated.
 */
class CrashTest {

    private static final int KILLS = Integer.getInteger("crash.kills", 3);
    private static final int POSTGRES_KILLS = Integer.getInteger("crash.postgres-kills", 1);

    private static final int KILLS_TO_A_REPLAY = 5;

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void aKilledLedgerKeepsWhatItAcknowledgedAndDoublesNothing() throws Exception {
        try (ChildLedger ledger = ChildLedger.start(emptyHome("jvm"), settings())) {
            Load load = new Load(ledger, seed);
            for (int kill = 1; kill <= KILLS; kill++) {
                load.start(false);
                ChildLedger.sleep(aMoment());
                ledger.kill();
                load.stop();
                ledger.startAgain();
                check("kill of the JVM", kill, KILLS, ledger, load);
            }
        }
    }

    @Test
    void aKilledPostgresIsStartedAgainAndKeepsWhatWasAcknowledged() throws Exception {
        try (ChildLedger ledger = ChildLedger.start(emptyHome("postgres"), settings())) {
            Load load = new Load(ledger, seed);
            for (int kill = 1; kill <= POSTGRES_KILLS; kill++) {
                load.start(true);
                ChildLedger.sleep(aMoment());
                ledger.killPostgres();
                ChildLedger.sleep(3_000);
                ledger.awaitReady();
                load.stop();
                assertThat(ledger.isAlive()).isTrue();
                check("kill of PostgreSQL", kill, POSTGRES_KILLS, ledger, load);
            }
        }
    }

    /** How the child is started. */
    String[] settings() {
        return new String[0];
    }

    private void check(String what, int kill, int last, ChildLedger ledger, Load load) {
        long answered = load.count(Fate.ACKNOWLEDGED);
        Truth.nothingAcknowledgedIsLost(ledger, load);
        int repeated = load.repeatTheOpen();
        load.repeatSomeAcknowledged(20);
        Truth.holds(ledger, load);
        // What a kill left wrong in a projection stays wrong until a replay shows it: not every kill needs one.
        if (kill % KILLS_TO_A_REPLAY == 0 || kill == last) {
            Truth.projectionsAgreeWithAReplay(ledger);
        }
        LoggerFactory.getLogger(CrashTest.class)
                .info(
                        "{} {} survived, seed {}: {} writes acknowledged before it, {} open ones repeated",
                        what,
                        kill,
                        seed,
                        answered,
                        repeated);
    }

    private long aMoment() {
        return 1_000 + random.nextInt(3_000);
    }

    static Path emptyHome(String name) throws Exception {
        Path directory = Path.of("target", "crash", name);
        FileSystemUtils.deleteRecursively(directory);
        return directory.resolve("home");
    }
}
