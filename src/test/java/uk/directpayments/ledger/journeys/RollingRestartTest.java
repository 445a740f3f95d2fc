package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;
import uk.directpayments.ledger.support.ChildLedger;
import uk.directpayments.ledger.support.ChildNodes;
import uk.directpayments.ledger.support.Load;
import uk.directpayments.ledger.support.Load.Fate;

/** Two nodes on one PostgreSQL are restarted in turn while users write to both, as in an upgrade: nothing is lost, and nothing doubled. */
class RollingRestartTest {

    private static final int RESTARTS = 2;
    private static final int TERMINATED = 128 + 15;

    @Test
    void nodesThatAreRestartedInTurnUnderLoadLoseNothingAndDoubleNothing() throws Exception {
        long seed = System.nanoTime();
        Path directory = Path.of("target", "crash", "rolling");
        FileSystemUtils.deleteRecursively(directory);
        try (ChildNodes nodes = ChildNodes.start(directory, 2)) {
            Load load = new Load(nodes.all(), seed).pausing(50);
            load.start(true);
            for (int restart = 0; restart < RESTARTS; restart++) {
                ChildLedger.sleep(1_000);
                ChildLedger node = nodes.node(restart % 2);
                ChildLedger other = nodes.node((restart + 1) % 2);
                node.terminate();
                assertThat(node.awaitExit()).isEqualTo(TERMINATED);
                long before = load.count(Fate.ACKNOWLEDGED);
                // once it runs what the other has let go of
                other.awaitReady();
                ChildLedger.sleep(1_000);
                assertThat(load.count(Fate.ACKNOWLEDGED))
                        .as("written meanwhile, restart %d, seed %d", restart, seed)
                        .isGreaterThan(before);
                node.startAgain();
            }
            load.stop();

            Truth.nothingAcknowledgedIsLost(nodes.node(0), load);
            assertThat(load.inTheLogOf(Fate.UNANSWERED))
                    .as("closed without an answer, yet written, seed %d", seed)
                    .noneMatch(Load.log(nodes.node(0))::contains);
            int repeated = load.repeatTheOpen();
            load.repeatSomeAcknowledged(20);
            nodes.all().forEach(node -> Truth.holds(node, load));
            LoggerFactory.getLogger(RollingRestartTest.class)
                    .info(
                            "{} restarts, seed {}: {} writes acknowledged, {} repeated",
                            RESTARTS,
                            seed,
                            load.count(Fate.ACKNOWLEDGED),
                            repeated);
            // the other lets go of every projection
            nodes.node(1).terminate();
            nodes.node(1).awaitExit();
            Truth.projectionsAgreeWithAReplay(nodes.node(0));
        }
    }
}
