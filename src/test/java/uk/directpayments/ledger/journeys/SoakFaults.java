package uk.directpayments.ledger.journeys;

import java.io.IOException;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.ChildLedger;
import uk.directpayments.ledger.support.ChildNodes;

/** What is done to the nodes of a soak and their PostgreSQL, one thing after another, as a seed has it; each is undone before the next. */
final class SoakFaults {

    private static final Logger LOG = LoggerFactory.getLogger(SoakFaults.class);

    private final ChildNodes nodes;
    private final SoakOffice office;
    private final Random random;

    SoakFaults(ChildNodes nodes, SoakOffice office, Random random) {
        this.nodes = nodes;
        this.office = office;
        this.random = random;
    }

    /** One fault, healed. */
    void next() throws IOException, InterruptedException {
        int which = random.nextInt(nodes.count());
        ChildLedger node = nodes.node(which);
        int what = random.nextInt(100);
        if (what < 20) {
            say("node " + which + " is killed", "kills of a node");
            node.kill();
            ChildLedger.sleep(random.nextInt(3_000));
            node.startAgain();
        } else if (what < 32) {
            say("node " + which + " is stopped", "stops of a node (SIGTERM)");
            node.terminate();
            node.awaitExit();
            node.startAgain();
        } else if (what < 50) {
            // beyond 10 s its claims have gone to the other node when it wakes
            long millis = 500 + random.nextInt(15_000);
            say("node " + which + " is frozen for " + millis + " ms", "freezes of a node (SIGSTOP)");
            node.freeze();
            ChildLedger.sleep(millis);
            node.thaw();
        } else if (what < 62) {
            long millis = 200 + random.nextInt(6_000);
            say("PostgreSQL is frozen for " + millis + " ms", "freezes of PostgreSQL (SIGSTOP)");
            nodes.freezePostgres();
            ChildLedger.sleep(millis);
            nodes.thawPostgres();
        } else if (what < 72) {
            say("PostgreSQL is killed", "kills of PostgreSQL");
            nodes.killPostgres();
            ChildLedger.sleep(random.nextInt(3_000));
            nodes.startPostgresAgain();
        } else if (what < 78) {
            say("both nodes are killed", "kills of both nodes");
            for (int i = 0; i < nodes.count(); i++) {
                nodes.node(i).kill();
            }
            for (int i = 0; i < nodes.count(); i++) {
                nodes.node(i).startAgainSoon();
            }
        } else {
            replay(node);
        }
        nodes.awaitReady();
    }

    /** A projection is emptied and built again while everybody works. */
    private void replay(ChildLedger node) {
        Caller admin = node.as("admin");
        var items = admin.get("/api/v1/operations/processors").json().path("items");
        var projections = items.valueStream()
                .filter(item -> item.path("kind").asString().equals("PROJECTION"))
                .map(item -> item.path("name").asString())
                .toList();
        String name = projections.get(random.nextInt(projections.size()));
        Answer answer = admin.post("/api/v1/operations/processors/" + name + "/reset", "{}");
        say("projection " + name + " is replayed: " + answer.status() + " " + answer.code(), "replays asked for");
        if (answer.status() == 200) {
            office.count("replays of a projection");
        } else if (answer.status() == 409) {
            office.count("replays refused: " + answer.code());
        } else {
            office.surprise("replay of " + name + ": " + answer);
        }
    }

    private void say(String what, String kind) {
        office.count(kind);
        LOG.info("{} {}", LocalTime.now().truncatedTo(ChronoUnit.SECONDS), what);
    }
}
