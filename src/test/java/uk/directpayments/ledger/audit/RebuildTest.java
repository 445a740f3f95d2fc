package uk.directpayments.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/** Projections are built a second time beside the live ones, compared and put in their place, while the ledger writes and answers. */
@TestPropertySource(properties = "ledger.rebuild.events=25")
class RebuildTest extends RunningLedger {

    private static final String REBUILDS = "/api/v1/audit/rebuilds";

    @Autowired
    DataSource database;

    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> others = new ArrayList<>();
    private final Set<String> troubles = new ConcurrentSkipListSet<>();

    @AfterEach
    void noOtherHadTroubleAndNoTableIsLeft() throws InterruptedException {
        over.set(true);
        for (Thread other : others) {
            other.join();
        }
        assertThat(troubles).isEmpty();
        assertThat(shadows()).isZero();
    }

    @Test
    void everyProjectionIsTheSameWhenItIsBuiltAgainWhileTheLedgerWrites() throws InterruptedException {
        Opened ids = spending();
        writeMeanwhile(ids.accountId());
        for (int round = 0; round < 2; round++) {
            JsonNode rebuilt = rebuilt("{}");
            assertThat(rebuilt.path("differences")).as(rebuilt.toString()).isEmpty();
            assertThat(rebuilt.path("differing").asLong()).isZero();
            assertThat(rebuilt.path("parked")).isEmpty();
            assertThat(rebuilt.path("projections")).hasSizeGreaterThan(10);
            assertThat(rebuilt.path("rows").asLong()).isGreaterThan(20);
            assertThat(rebuilt.path("events").asLong()).isBetween(10L, head());
            assertThat(rebuilt.path("eventsPerSecond").asLong()).isPositive();
            assertThat(rebuilt.path("position").asLong()).isBetween(10L, head());
        }
    }

    @Test
    void whatWasChangedBehindTheLedgersBackIsFoundByItsKeyAndMendedWithoutAGap() throws InterruptedException {
        Opened ids = spending();
        String account = ids.accountId();
        String right = balance(account);
        meddle(ids);
        String wrong = balance(account);
        assertThat(wrong).isNotEqualTo(right);

        JsonNode found = rebuilt("{}");
        assertThat(found.path("differing").asLong()).as(found.toString()).isEqualTo(4);
        assertThat(found.path("swapped").asBoolean()).isFalse();
        Set<String> differences = new TreeSet<>();
        found.path("differences")
                .forEach(difference -> differences.add("%s %s %s"
                        .formatted(
                                difference.path("projection").asString(),
                                difference.path("table").asString(),
                                difference.path("kind").asString())));
        assertThat(differences)
                .containsExactly(
                        "account-balances account_balance CHANGED",
                        "account-transactions account_transaction MISSING",
                        "journal parked_event SURPLUS",
                        "residential-days residential_limit SURPLUS");
        assertThat(found.path("differences").toString()).contains(account).doesNotContain("Riding");
        assertThat(found.path("parked").get(0).path("key").asString()).isEqualTo(account);
        assertThat(balance(account)).as("nothing was asked to be replaced").isEqualTo(wrong);

        Set<String> seen = new ConcurrentSkipListSet<>();
        meanwhile(() -> seen.add(balance(account)));
        writeMeanwhile(spending().accountId());
        JsonNode swapped = rebuilt("{\"swap\":true}");
        assertThat(swapped.path("differing").asLong()).as(swapped.toString()).isEqualTo(4);
        assertThat(swapped.path("swapped").asBoolean()).isTrue();
        assertThat(balance(account)).isEqualTo(right);
        assertThat(seen).isSubsetOf(right, wrong);

        spend(account, "5.00");
        assertThat(balance(account))
                .as("what comes after builds upon the mended rows")
                .isEqualTo("885.00");
        assertThat(rebuilt("{}").path("differences")).isEmpty();
    }

    @Test
    void anEventThatCannotBeAppliedIsParkedInTheRebuildAsItWasAndNothingElseIsMissing() throws InterruptedException {
        Opened bad = spending();
        Opened good = spending();
        String journal = "{\"projection\":\"journal\"}";
        jdbc.sql("ALTER TABLE journal_line ADD CONSTRAINT no_poison CHECK (abs(pence) <> 12345) NOT VALID")
                .update();
        try {
            spend(bad.accountId(), "123.45");
            spend(bad.accountId(), "1.00");
            spend(good.accountId(), "1.00");
            // a rebuild goes to where the live rows are
            for (int i = 0; i < 500 && parkedOfJournal() < 2; i++) {
                Thread.sleep(10);
            }

            JsonNode rebuilt = rebuilt(journal);
            assertThat(rebuilt.path("differing").asLong())
                    .as(rebuilt.toString())
                    .isZero();
            assertThat(rebuilt.path("rows").asLong()).isGreaterThan(10);
            assertThat(rebuilt.path("parked")).hasSize(1);
            assertThat(rebuilt.path("parked").get(0).path("key").asString()).isEqualTo(bad.accountId());
        } finally {
            jdbc.sql("ALTER TABLE journal_line DROP CONSTRAINT no_poison").update();
        }
        JsonNode mended = rebuilt("{\"projection\":\"journal\",\"swap\":true}");
        assertThat(mended.path("differing").asLong())
                .as("two lines of each of two expenditures, and two parked: %s", mended)
                .isEqualTo(6);
        JsonNode again = rebuilt(journal);
        assertThat(again.path("differing").asLong()).isZero();
        assertThat(again.path("parked")).isEmpty();
    }

    @Test
    void oneProjectionIsRebuiltAloneAndTheOthersAreNotLookedAt() throws InterruptedException {
        Opened ids = spending();
        meddle(ids);
        JsonNode days = rebuilt("{\"projection\":\"residential-days\",\"swap\":true}");
        assertThat(days.path("projections")).hasSize(1);
        assertThat(days.path("differing").asLong()).isEqualTo(1);
        assertThat(rebuilt("{\"projection\":\"residential-days\"}")
                        .path("differing")
                        .asLong())
                .isZero();
        assertThat(rebuilt("{\"swap\":true}").path("differing").asLong()).isEqualTo(3);
    }

    @Test
    void oneAtATimeOverAllNodesAndOneThatWasInterruptedIsToldAndTidiedUp() throws Exception {
        jdbc.sql("""
                INSERT INTO audit_rebuild (id, request_hash, state, started_at, document)
                VALUES ('dead', 'x', 'RUNNING', now(), '{"rebuildId":"dead","state":"RUNNING","projections":["journal"],"swap":true,
                        "events":5,"total":9,"eventsPerSecond":1,"differences":[],"parked":[],"swapped":false}')""").update();
        jdbc.sql("CREATE SCHEMA shadow_journal").update();
        try (Connection elsewhere = database.getConnection()) {
            elsewhere.createStatement().execute("SELECT pg_advisory_lock(" + 0x5EBD_17D5L + ")");
            assertThat(auditor().post(REBUILDS, "{}").code()).isEqualTo("REBUILD_RUNNING");
            assertThat(auditor().post(REBUILDS, "{}").status()).isEqualTo(409);
            assertThat(state("dead")).isEqualTo("RUNNING");
            elsewhere.createStatement().execute("SELECT pg_advisory_unlock(" + 0x5EBD_17D5L + ")");
        }
        assertThat(state("dead")).isEqualTo("FAILED");
        assertThat(shadows()).isZero();
        assertThat(rebuilt("{\"projection\":\"policies\"}").path("differing").asLong())
                .isZero();
    }

    @Test
    void aRepeatIsAnsweredAsBeforeAndBadRequestsAreRefused() throws InterruptedException {
        String key = fresh("key");
        String body = "{\"projection\":\"policies\"}";
        Caller.Answer first = ok(auditor().post(REBUILDS, body, "Idempotency-Key", key));
        assertThat(first.status()).isEqualTo(201);
        ended(first);
        Caller.Answer again = ok(auditor().post(REBUILDS, body, "Idempotency-Key", key));
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(auditor().post(REBUILDS, "{}", "Idempotency-Key", key).code())
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");

        assertThat(auditor().post(REBUILDS, "{\"projection\":\"nothing\"}").code())
                .isEqualTo("FIELD_INVALID");
        assertThat(auditor().post(REBUILDS, "{\"table\":\"x\"}").code()).isEqualTo("FIELD_UNKNOWN");
        assertThat(auditor().get(REBUILDS + "/nothing").status()).isEqualTo(404);
        assertThat(Caller.as("support", port).post(REBUILDS, "{}").status()).isEqualTo(403);
        ended(ok(Caller.as("admin", port).post(REBUILDS, body)));
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    /** One row of each of four kinds is not what the log says. */
    private void meddle(Opened ids) {
        balance(ids.accountId());
        ok(auditor().get("/api/v1/accounts/" + ids.accountId() + "/transactions"));
        ok(auditor().get("/api/v1/audit/journal?accountId=" + ids.accountId()));
        update("""
                UPDATE account_balance SET total = total + 100
                 WHERE ctid = (SELECT ctid FROM account_balance
                                WHERE account_id = :account AND series NOT LIKE '% %' ORDER BY position DESC LIMIT 1)""", ids);
        update("""
                DELETE FROM account_transaction
                 WHERE account_id = :account AND position = (SELECT min(position) FROM account_transaction WHERE account_id = :account)""", ids);
        update("""
                INSERT INTO parked_event (processor, key, position, name, cause) VALUES ('journal', :account, 3, 'Nothing', 'nothing')""", ids);
        update("""
                INSERT INTO residential_limit VALUES (:account, 1, 2, 'x', 'x', 'x', '2025-01-01', '2025-01-02', NULL, 'x')""", ids);
    }

    private void update(String sql, Opened ids) {
        assertThat(jdbc.sql(sql).param("account", ids.accountId()).update()).isOne();
    }

    private Opened spending() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1000.00");
        ok(finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"900.00\",\"on\":\"2025-04-07\"}"));
        spend(ids.accountId(), "10.00");
        return ids;
    }

    private void spend(String account, String amount) {
        ok(finance().post("/api/v1/accounts/" + account + "/expenditures", """
                {"amount":"%s","on":"2025-04-20","payee":"Riding School","category":"CARE"}""".formatted(amount)));
    }

    private String balance(String account) {
        return ok(auditor().get("/api/v1/accounts/" + account + "/balance?asOf=2025-04-21"))
                .json()
                .path("balance")
                .asString();
    }

    private void writeMeanwhile(String account) {
        meanwhile(() -> spend(account, "0.01"));
    }

    private void meanwhile(Runnable work) {
        Thread other = new Thread(() -> {
            try {
                while (!over.get()) {
                    work.run();
                    Thread.sleep(20);
                }
            } catch (Throwable trouble) {
                troubles.add(trouble.toString());
            }
        });
        other.start();
        others.add(other);
    }

    private JsonNode rebuilt(String body) throws InterruptedException {
        JsonNode end = ended(ok(auditor().post(REBUILDS, body)));
        assertThat(end.path("state").asString()).as(end.toString()).isEqualTo("DONE");
        return end;
    }

    private JsonNode ended(Caller.Answer started) throws InterruptedException {
        String id = started.json().path("rebuildId").asString();
        assertThat(started.header("Location")).isEqualTo(REBUILDS + "/" + id);
        for (int i = 0; i < 600; i++) {
            JsonNode now = ok(auditor().get(REBUILDS + "/" + id)).json();
            if (!now.path("state").asString().equals("RUNNING")) {
                return now;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the rebuild did not end");
    }

    private String state(String id) {
        return ok(auditor().get(REBUILDS + "/" + id)).json().path("state").asString();
    }

    private long parkedOfJournal() {
        return jdbc.sql("SELECT count(*) FROM parked_event WHERE processor = 'journal'")
                .query(Long.class)
                .single();
    }

    private long shadows() {
        return jdbc.sql("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'shadow%'")
                .query(Long.class)
                .single();
    }

    private Caller auditor() {
        return Caller.as("auditor", port);
    }
}
