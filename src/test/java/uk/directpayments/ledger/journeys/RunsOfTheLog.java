package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payment runs as the raw events tell of them, in the order of the log, knowing nothing of the ledger's own rows: an instalment is not paid
 * again before it has come back, no two runs have it at a time, and what a run adds up to is what is in it. Rulebook 7.5, 7.10, 7.12.
 */
final class RunsOfTheLog {

    /** With these an instalment waits until a person has released it: concepts/paying.md. */
    private static final Set<String> HOLDING = Set.of(
            "DUPLICATE",
            "BANK_DETAILS_CHANGED",
            "NO_BANK_DETAILS",
            "SUSPENDED",
            "ABOVE_ALLOCATION",
            "BUDGET_ENDED",
            "CONSENT_REQUIRED");

    private final long seed;
    private final Set<Key> paid = new HashSet<>();
    private final Map<Key, String> claims = new HashMap<>();
    private final Map<String, Run> runs = new TreeMap<>();
    private int instalmentsPaid;
    private int paymentsOfRuns;
    private int returned;

    /** An instalment of an account. */
    private record Key(String account, String instalment) {}

    private record Item(Key key, long net) {}

    /** A run: its items by number, and which of them are held, have been issued or refused. */
    private static final class Run {
        private final Map<Integer, Item> items = new HashMap<>();
        private final Set<Integer> held = new HashSet<>();
        private final Set<Integer> issued = new HashSet<>();
        private final Set<Integer> refused = new HashSet<>();
        private boolean approved;

        private long total(Set<Integer> numbers) {
            return numbers.stream().mapToLong(number -> items.get(number).net).sum();
        }

        private Set<Integer> included() {
            Set<Integer> included = new HashSet<>(items.keySet());
            included.removeAll(held);
            return included;
        }
    }

    private RunsOfTheLog(long seed) {
        this.seed = seed;
    }

    static RunsOfTheLog walk(JdbcClient jdbc, long seed) {
        RunsOfTheLog log = new RunsOfTheLog(seed);
        JsonMapper json = new JsonMapper();
        jdbc.sql("""
                        SELECT stream_id, name, payload FROM event_log
                         WHERE name LIKE 'run.%' OR name LIKE 'account.payment-%' ORDER BY position""").query(row -> {
            String stream = row.getString("stream_id");
            log.see(
                    stream.substring(stream.indexOf('/') + 1),
                    row.getString("name"),
                    json.readTree(row.getString("payload")));
        });
        return log;
    }

    private void see(String id, String name, JsonNode e) {
        Key key = new Key(id, e.path("instalmentId").asString(""));
        Run run = runs.get(id);
        switch (name) {
            case "account.payment-issued" -> issued(key, e.path("paymentId").asString());
            case "account.payment-returned" -> {
                paid.remove(key);
                returned++;
            }
            case "run.created" -> runs.put(id, new Run());
            case "run.items-selected" -> e.path("items").forEach(item -> selected(id, run, item));
            case "run.item-held" -> run.held.add(e.path("number").asInt());
            case "run.item-released" -> run.held.remove(e.path("number").asInt());
            case "run.approved" -> {
                assertThat(run.approved)
                        .as("%s approved again, seed %d", id, seed)
                        .isFalse();
                run.approved = true;
                addsUp(id, e, "total", run.total(run.included()), run.included().size());
                run.held.forEach(number -> claims.remove(run.items.get(number).key, id));
            }
            case "run.payments-issued" -> e.path("outcomes").forEach(outcome -> decided(id, run, outcome));
            case "run.file-generated" -> addsUp(id, e, "controlTotal", run.total(run.issued), run.issued.size());
            case "run.closed" -> claims.values().removeIf(id::equals);
            default -> {}
        }
    }

    private void issued(Key key, String paymentId) {
        paymentsOfRuns += paymentId.startsWith("run-") ? 1 : 0;
        if (!key.instalment.isEmpty()) {
            assertThat(paid.add(key)).as("%s paid again, seed %d", key, seed).isTrue();
            claims.remove(key);
            instalmentsPaid++;
        }
    }

    private void selected(String id, Run run, JsonNode item) {
        Key key = new Key(
                item.path("accountId").asString(), item.path("instalmentId").asString());
        int number = item.path("number").asInt();
        assertThat(paid).as("%s in %s though paid, seed %d", key, id, seed).doesNotContain(key);
        assertThat(claims.put(key, id))
                .as("the other run of %s than %s, seed %d", key, id, seed)
                .isNull();
        run.items.put(number, new Item(key, pence(item, "net")));
        item.path("exceptions").forEach(exception -> {
            if (HOLDING.contains(exception.asString())) {
                run.held.add(number);
            }
        });
    }

    private void decided(String id, Run run, JsonNode outcome) {
        int number = outcome.path("number").asInt();
        assertThat(run.included()).as("what %s may pay, seed %d", id, seed).contains(number);
        if (outcome.path("refusedAs").asString("").isEmpty()) {
            assertThat(run.issued.add(number))
                    .as("%d of %s issued again, seed %d", number, id, seed)
                    .isTrue();
        } else {
            run.refused.add(number);
            claims.remove(run.items.get(number).key, id);
        }
    }

    private void addsUp(String id, JsonNode e, String total, long pence, int count) {
        assertThat(pence(e, total)).as("%s of %s, seed %d", total, id, seed).isEqualTo(pence);
        assertThat(e.path("count").asInt()).as("count of %s, seed %d", id, seed).isEqualTo(count);
    }

    private static long pence(JsonNode of, String figure) {
        return new BigDecimal(of.path(figure).asString()).movePointRight(2).longValueExact();
    }

    int instalmentsPaid() {
        return instalmentsPaid;
    }

    /** Once no run has anything left to issue. */
    void assertEveryPaymentOfARunIsInIt() {
        List<Run> approved = runs.values().stream().filter(run -> run.approved).toList();
        assertThat(approved).as("seed %d", seed).isNotEmpty().allSatisfy(run -> {
            Set<Integer> decided = new HashSet<>(run.issued);
            decided.addAll(run.refused);
            assertThat(decided).as("seed %d", seed).isEqualTo(run.included());
        });
        assertThat(approved.stream().mapToInt(run -> run.issued.size()).sum())
                .as("payments of runs, seed %d", seed)
                .isEqualTo(paymentsOfRuns);
    }

    @Override
    public String toString() {
        return "%d runs, %d of them approved, with %d items: %d paid, %d refused; %d instalments paid in all, %d payments came back"
                .formatted(
                        runs.size(),
                        runs.values().stream().filter(run -> run.approved).count(),
                        runs.values().stream().mapToInt(run -> run.items.size()).sum(),
                        paymentsOfRuns,
                        runs.values().stream()
                                .mapToInt(run -> run.refused.size())
                                .sum(),
                        instalmentsPaid,
                        returned);
    }
}
