package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.ChildLedger;
import uk.directpayments.ledger.support.Load;
import uk.directpayments.ledger.support.Load.Fate;

/** What must hold of a ledger after a load, whatever happened to it. */
final class Truth {

    /** Tables that no projection builds. */
    static final List<String> PLATFORM = List.of(
            "event_log",
            "event_log_head",
            "event_snapshot",
            "event_kind",
            "node",
            "segment_request",
            "token_entry",
            "parked_event",
            "projection_reset",
            "automation_refusal",
            "person_key",
            "sealing_check",
            "flyway_schema_history",
            "statement_line_source");

    private Truth() {}

    /** Before anything is repeated: what was acknowledged is in the log, and what was refused or never taken is not. */
    static void nothingAcknowledgedIsLost(ChildLedger ledger, Load load) {
        List<String> log = Load.log(ledger);
        assertThat(log).doesNotHaveDuplicates();
        Set<String> logged = Set.copyOf(log);
        assertThat(load.inTheLogOf(Fate.ACKNOWLEDGED)).as("acknowledged").allMatch(logged::contains);
        assertThat(load.inTheLogOf(Fate.NOT_TAKEN)).as("never taken").noneMatch(logged::contains);
        assertThat(load.inTheLogOf(Fate.REFUSED)).as("refused").noneMatch(logged::contains);
    }

    /** Once every open write has been repeated. */
    static void holds(ChildLedger ledger, Load load) {
        assertThat(load.count(Fate.ACKNOWLEDGED)).isPositive();
        assertThat(Load.log(ledger)).isEqualTo(load.inTheLogOf(Fate.ACKNOWLEDGED));
        assertThat(ledger.ask(Truth::gaps)).as("positions without an event").isZero();
        load.balances()
                .forEach((account, pence) ->
                        assertThat(balance(ledger, account)).as(account).isEqualTo(pence));
        settled(ledger.as("admin"));
    }

    private static long gaps(JdbcClient jdbc) {
        return jdbc.sql("SELECT (SELECT position FROM event_log_head) - count(*) + coalesce(min(position), 1) - 1"
                        + " FROM event_log")
                .query(Long.class)
                .single();
    }

    private static long balance(ChildLedger ledger, String account) {
        Caller.Answer answer = ledger.as("finance").get("/api/v1/accounts/" + account + "/balance");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return new BigDecimal(answer.json().path("balance").asString())
                .movePointRight(2)
                .longValueExact();
    }

    static void projectionsAgreeWithAReplay(ChildLedger ledger) {
        Caller admin = ledger.as("admin");
        settled(admin);
        Map<String, List<String>> before = ledger.ask(Truth::rows);
        resetProjections(admin);
        settled(admin);
        assertThat(ledger.ask(Truth::rows)).isEqualTo(before);
    }

    /** Each is emptied, and builds itself again. */
    static void resetProjections(Caller admin) {
        for (JsonNode processor :
                admin.get("/api/v1/operations/processors").json().path("items")) {
            if (processor.path("kind").asString().equals("PROJECTION")) {
                Caller.Answer reset = admin.post(
                        "/api/v1/operations/processors/"
                                + processor.path("name").asString() + "/reset",
                        "{}");
                assertThat(reset.status()).as(reset.toString()).isEqualTo(200);
            }
        }
    }

    private static void settled(Caller admin) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (true) {
            JsonNode overview = admin.get("/api/v1/operations/processors").json();
            boolean all = !overview.path("items").isEmpty();
            for (JsonNode processor : overview.path("items")) {
                all &= processor.path("position").asLong()
                        >= overview.path("head").asLong();
                assertThat(processor.path("parked").asLong())
                        .as("%s", processor)
                        .isZero();
            }
            if (all) {
                return;
            }
            assertThat(System.nanoTime()).as("caught up: %s", overview).isLessThan(deadline);
            ChildLedger.sleep(50);
        }
    }

    /** Every row of every table that a projection owns. */
    static Map<String, List<String>> rows(JdbcClient jdbc) {
        Map<String, List<String>> rows = new TreeMap<>();
        jdbc
                .sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
                .query(String.class)
                .list()
                .stream()
                .filter(table -> !PLATFORM.contains(table))
                .forEach(table -> rows.put(
                        table,
                        jdbc.sql("SELECT t::text FROM " + table + " t ORDER BY 1")
                                .query(String.class)
                                .list()));
        assertThat(rows).isNotEmpty();
        return rows;
    }
}
