package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.ChildLedger;

/**
 * The ledger is killed at every step of a payment run, at a random moment of it, and started again: the step is repeated, or goes on by
 * itself; what was held or came back is paid by a second run; and in the end each instalment has been paid exactly once. {@code -Pcrash} makes it
 * 3,000 instalments (60 accounts, {@code -Drun.crash.accounts}) and kills at most 30 times while they are issued
 * ({@code -Drun.crash.kills}); {@code -Dcrash.seed=…} repeats the moments of a run.
 */
class RunCrashTest {

    private static final int ACCOUNTS = Integer.getInteger("run.crash.accounts", 6);
    private static final int KILLS_WHILE_ISSUING = Integer.getInteger("run.crash.kills", 2);

    /** Weekly ones due in the year before the cut-off. */
    private static final int INSTALMENTS = 50;

    private static final LocalDate FIRST = LocalDate.of(2025, 4, 1);
    private static final LocalDate CUT_OFF = FIRST.plusWeeks(INSTALMENTS - 1);
    private static final String RUN = "/api/v1/payment-runs/R1";

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int kills;
    private int killsWhileIssuing;

    @Test
    void aRunThatIsKilledAtEveryStepPaysEachInstalmentOnce() throws Exception {
        try (ChildLedger ledger = ChildLedger.start(CrashTest.emptyHome("run"))) {
            for (int i = 0; i < ACCOUNTS; i++) {
                account(ledger, i);
            }
            step(
                    ledger,
                    400,
                    "finance",
                    "/api/v1/payment-runs",
                    "{\"runId\":\"R1\",\"cutOff\":\"%s\",\"payDate\":\"2026-03-27\"}".formatted(CUT_OFF));
            String hold = "{\"instalmentId\":\"S0.%d\",\"reason\":\"Query\"}";
            step(ledger, 50, "finance", RUN + "/holds", hold.formatted(1));
            ok(ledger.as("finance").post(RUN + "/holds", hold.formatted(3)));
            step(ledger, 50, "finance", RUN + "/holds/S0.3/release", "{}");
            step(ledger, 300, "approver", RUN + "/approval", "{}");
            killWhileIssuing(ledger);
            JsonNode run = awaitIssued(ledger, RUN);
            int items = ACCOUNTS * INSTALMENTS - 1;
            assertThat(run.path("progress").path("issued").asInt()).isEqualTo(items);
            assertThat(run.path("progress").path("refused").asInt()).isZero();
            assertThat(count(ledger, "account.payment-issued")).isEqualTo(items);

            String file = file(ledger);
            step(ledger, 50, "finance", RUN + "/submission", "{\"on\":\"2026-03-25\",\"channel\":\"BACS\"}");
            step(
                    ledger,
                    50,
                    "finance",
                    RUN + "/rejections",
                    "{\"rejections\":[{\"instalmentId\":\"S0.2\",\"reasonCode\":\"AC04\"}]}");
            step(ledger, 50, "finance", RUN + "/close", "{}");
            assertThat(file(ledger)).isEqualTo(file);
            assertThat(count(ledger, "account.payment-returned")).isEqualTo(1);
            assertThat(balance(ledger)).isEqualTo("4800.00");

            payWhatIsLeft(ledger);
            assertEachIsPaidOnce(ledger);
            assertThat(balance(ledger)).isEqualTo("5000.00");
            Truth.projectionsAgreeWithAReplay(ledger);
        }
        LoggerFactory.getLogger(RunCrashTest.class)
                .info(
                        "a run of {} instalments survived {} kills, {} of them while it was issued, seed {}",
                        ACCOUNTS * INSTALMENTS,
                        kills,
                        killsWhileIssuing,
                        seed);
    }

    /** At random moments of as many parts of the run as it has, or as are wanted. */
    private void killWhileIssuing(ChildLedger ledger) throws Exception {
        while (killsWhileIssuing + 1 < KILLS_WHILE_ISSUING && toIssue(ledger) > 0) {
            ChildLedger.sleep(random.nextInt(400));
            kill(ledger);
            killsWhileIssuing++;
            ledger.startAgain();
        }
    }

    private static int toIssue(ChildLedger ledger) {
        return ok(ledger.as("finance").get(RUN + "?limit=1"))
                .json()
                .path("progress")
                .path("toIssue")
                .asInt();
    }

    private void kill(ChildLedger ledger) throws InterruptedException {
        ledger.kill();
        kills++;
    }

    private static String file(ChildLedger ledger) {
        return ok(ledger.as("finance").get(RUN + "/file?format=bacs-standard-18"))
                .response()
                .body();
    }

    private static String balance(ChildLedger ledger) {
        return ok(ledger.as("finance").get("/api/v1/accounts/A-0/balance"))
                .json()
                .path("balance")
                .asString();
    }

    /** What was held, and what the bank sent back. */
    private static void payWhatIsLeft(ChildLedger ledger) {
        Caller.Answer created = ok(ledger.as("finance")
                .post(
                        "/api/v1/payment-runs",
                        "{\"runId\":\"R2\",\"cutOff\":\"%s\",\"payDate\":\"2026-03-30\"}".formatted(CUT_OFF)));
        assertThat(created.json().path("count").asInt()).isEqualTo(2);
        ok(ledger.as("approver").post("/api/v1/payment-runs/R2/approval", "{}"));
        awaitIssued(ledger, "/api/v1/payment-runs/R2");
    }

    /** Sends a step and kills the ledger at some moment of it; then starts it again and repeats the step under the same key. */
    private void step(ChildLedger ledger, int within, String user, String path, String body) throws Exception {
        String[] key = {"Idempotency-Key", path.substring(path.lastIndexOf('/') + 1)};
        var sent = CompletableFuture.runAsync(() -> {
            try {
                ledger.as(user).post(path, body, key);
            } catch (UncheckedIOException killed) {
                // whether it was done is what the repeat finds out
            }
        });
        ChildLedger.sleep(random.nextInt(within));
        kill(ledger);
        sent.join();
        ledger.startAgain();
        ok(ledger.as(user).post(path, body, key));
    }

    private static JsonNode awaitIssued(ChildLedger ledger, String path) {
        long deadline = System.nanoTime() + 120_000_000_000L;
        JsonNode run = ok(ledger.as("finance").get(path + "?limit=1")).json();
        while (run.path("progress").path("toIssue").asInt() > 0
                || run.path("files").size() < 2) {
            assertThat(System.nanoTime()).as(run.path("progress").toString()).isLessThan(deadline);
            ChildLedger.sleep(200);
            run = ok(ledger.as("finance").get(path + "?limit=1")).json();
        }
        return run;
    }

    /** By the raw events: every instalment was issued once more than it came back. */
    private static void assertEachIsPaidOnce(ChildLedger ledger) {
        List<Integer> times =
                ledger.ask(jdbc -> jdbc.sql("""
                        SELECT sum(CASE name WHEN 'account.payment-issued' THEN 1 ELSE -1 END)::int FROM event_log
                         WHERE name IN ('account.payment-issued', 'account.payment-returned')
                         GROUP BY stream_id, payload::jsonb ->> 'instalmentId'""").query(Integer.class).list());
        assertThat(times).hasSize(ACCOUNTS * INSTALMENTS).containsOnly(1);
    }

    private static int count(ChildLedger ledger, String event) {
        return ledger.ask(jdbc -> jdbc.sql("SELECT count(*) FROM event_log WHERE name = :event")
                .param("event", event)
                .query(Integer.class)
                .single());
    }

    private static void account(ChildLedger ledger, int i) {
        Caller finance = ledger.as("finance");
        String budget = "/api/v1/budgets/B-" + i;
        ok(finance.post(
                "/api/v1/people",
                "{\"personId\":\"P-%d\",\"name\":\"Robin Example\",\"dateOfBirth\":\"2012-05-01\"}".formatted(i)));
        ok(finance.post("/api/v1/budgets", """
                {"budgetId":"B-%d","personId":"P-%d","legalBasis":"CHILD_S17A","requestedOn":"2025-04-01","requestedBy":"Sam"}""".formatted(i, i)));
        ok(finance.post(
                budget + "/indicative-amount",
                "{\"amount\":\"5200.00\",\"from\":\"2025-04-01\",\"to\":\"2026-03-31\",\"method\":\"RAS\"}"));
        ok(ledger.as("approver")
                .post(budget + "/panel-decision", "{\"outcome\":\"APPROVED\",\"decidedOn\":\"2025-04-01\"}"));
        ok(finance.post(budget + "/finalisation", """
                {"from":"2025-04-01","to":"2026-03-31","annualAmount":"5200.00","lines":[{"lineId":"L1",
                 "fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"5200.00"}]}"""));
        ok(finance.post(
                budget + "/consents",
                "{\"recipientType\":\"PARENT\",\"recipientName\":\"Sam\",\"on\":\"2025-04-01\"}"));
        ok(finance.post("/api/v1/accounts", """
                {"accountId":"A-%d","budgetId":"B-%d","type":"BANK_ACCOUNT","holderType":"PARENT","openedOn":"2025-04-01",
                 "bankDetails":{"sortCode":"200000","accountNumber":"%08d"}}""".formatted(i, i, i)));
        ok(finance.post("/api/v1/accounts/A-%d/schedules".formatted(i), """
                {"scheduleId":"S%d","lineId":"L1","frequency":"WEEKLY","firstPayOn":"2025-04-01"}""".formatted(i)));
    }

    private static Caller.Answer ok(Caller.Answer answer) {
        if (answer.status() / 100 != 2) {
            throw new AssertionError("refused: " + answer);
        }
        return answer;
    }
}
