package uk.directpayments.ledger.journeys;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.ChildLedger;

/**
 * The auditor of a soak: asks for figures on two dates and asks again later, on whichever node, for the same answer; has the log verified and projections
 * rebuilt beside the live ones; and keeps checkpoints, with which every later one must be consistent.
 */
final class SoakAuditor {

    private static final int MOST_REMEMBERED = 2_000;
    private static final int LOOKS = 600;

    private final SoakOffice office;
    private final SoakClients clients;

    /** What was answered of the past, which does not change. */
    private final Map<String, JsonNode> remembered = new TreeMap<>();

    /** Root of the tree, by size. */
    private final TreeMap<Long, String> roots = new TreeMap<>();

    SoakAuditor(SoakOffice office, SoakClients clients) {
        this.office = office;
        this.clients = clients;
    }

    void audit(Random random) {
        while (!office.isOver()) {
            int what = random.nextInt(100);
            if (what < 40) {
                ask(random);
            } else if (what < 80 && !remembered.isEmpty()) {
                askAgain(random, List.copyOf(remembered.keySet()).get(random.nextInt(remembered.size())));
            } else if (what < 90) {
                explain(random);
            } else if (what < 96) {
                checkpoint(random);
            } else if (what < 98) {
                verify(random, false);
            } else {
                rebuild(random, false);
            }
            office.pause(random, 600);
        }
    }

    private void ask(Random random) {
        String path = "/accounts/" + clients.any(random).account() + "/balance?asOf=" + SoakClients.day(random)
                + "&knownAt=" + SoakClients.now();
        JsonNode answer = office.read(random, "auditor", path).json();
        office.count("figures of the past asked for");
        if (remembered.size() < MOST_REMEMBERED) {
            remembered.put(path, answer);
        }
    }

    private void askAgain(Random random, String path) {
        JsonNode answer = office.read(random, "auditor", path).json();
        office.count("figures of the past asked for again");
        if (!answer.equals(remembered.get(path))) {
            office.surprise(path + " was " + remembered.get(path) + ", and is " + answer);
        }
    }

    /** Every figure that was ever asked for. */
    void askAllAgain(Random random) {
        List.copyOf(remembered.keySet()).forEach(path -> askAgain(random, path));
    }

    private void explain(Random random) {
        office.read(
                random,
                "auditor",
                "/accounts/" + clients.any(random).account() + "/balance/explanation?asOf=" + SoakClients.day(random));
    }

    /** A new one, which must be consistent with one of the past. */
    void checkpoint(Random random) {
        JsonNode checkpoint =
                office.read(random, "auditor", "/audit/checkpoint").json();
        long size = checkpoint.path("size").asLong();
        String root = checkpoint.path("rootHash").asString();
        String before = roots.putIfAbsent(size, root);
        if (before != null && !before.equals(root)) {
            office.surprise("two roots of " + size + " events");
        }
        List<Long> sizes = new ArrayList<>(roots.headMap(size).keySet());
        if (!sizes.isEmpty()) {
            consistent(random, sizes.get(random.nextInt(sizes.size())), size);
        }
    }

    private void consistent(Random random, long from, long to) {
        JsonNode proof = office.read(random, "auditor", "/audit/proofs/consistency?from=" + from + "&to=" + to)
                .json();
        office.count("checkpoints found consistent");
        if (!proof.path("fromRoot").asString().equals(roots.get(from))
                || !proof.path("toRoot").asString().equals(roots.get(to))) {
            office.surprise("the log of " + to + " does not begin with the log of " + from);
        }
    }

    /** The last checkpoint is consistent with every one before it. */
    void allConsistent(Random random) {
        checkpoint(random);
        long last = roots.lastKey();
        List.copyOf(roots.headMap(last).keySet()).forEach(size -> consistent(random, size, last));
    }

    /** @param toItsEnd whether it must come to its end: a kill ends one */
    JsonNode verify(Random random, boolean toItsEnd) {
        Answer begun = office.decided(
                random, "verification", node -> node.as("auditor").post("/api/v1/audit/verifications", "{}"));
        JsonNode result = followed(
                random,
                begun,
                "/audit/verifications/" + begun.json().path("verificationId").asString(),
                toItsEnd);
        if (result.path("state").asString().equals("DONE")) {
            office.count("verifications of the log");
            if (!result.path("ok").asBoolean()) {
                office.surprise("the log is not verified: " + result);
            }
        } else {
            office.count("verifications that a fault ended");
        }
        return result;
    }

    /** Every projection in turn, one at a time; beside the live one. */
    JsonNode rebuild(Random random, boolean all) {
        String name = "";
        if (!all) {
            JsonNode items = office.decided(
                            random, "processors", node -> node.as("admin").get("/api/v1/operations/processors"))
                    .json()
                    .path("items");
            List<String> names = items.valueStream()
                    .filter(item -> item.path("kind").asString().equals("PROJECTION"))
                    .map(item -> item.path("name").asString())
                    .toList();
            name = names.get(random.nextInt(names.size()));
        }
        String body = all ? "{}" : "{\"projection\":\"" + name + "\"}";
        Answer begun =
                office.decided(random, "rebuild", node -> node.as("auditor").post("/api/v1/audit/rebuilds", body));
        JsonNode result = followed(
                random,
                begun,
                "/audit/rebuilds/" + begun.json().path("rebuildId").asString(),
                all);
        if (result.path("state").asString().equals("DONE")) {
            office.count("rebuilds compared");
            if (result.path("differing").asLong() > 0 || !result.path("parked").isEmpty()) {
                office.surprise("a rebuild differs: " + result);
            }
        } else {
            office.count("rebuilds that a fault ended");
        }
        return result;
    }

    /** What has become of it; as it is, if a fault keeps it from its end. */
    private JsonNode followed(Random random, Answer begun, String path, boolean toItsEnd) {
        if (begun.status() / 100 != 2) {
            // one that a killed node left is closed when the next is asked for; one at a time
            return begun.json();
        }
        JsonNode result = begun.json();
        for (int i = 0; i < LOOKS; i++) {
            result = office.read(random, "auditor", path).json();
            if (!result.path("state").asString().equals("RUNNING") || office.isOver() && !toItsEnd) {
                return result;
            }
            ChildLedger.sleep(i < 20 ? 100 : 1_000);
        }
        if (toItsEnd) {
            office.surprise("it has no end: " + result);
        }
        return result;
    }
}
