package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.ChildLedger;

/**
 * The ledger is killed at every step of a payment run, at a random moment of it, and started again: the step is repeated, or goes on by
 * itself, and in the end each instalment has been paid exactly once. {@code -Drun.crash.accounts=60} makes it 3,000 instalments, with
 * {@code -Drun.crash.kills} more kills while they are issued; {@code -Dcrash.seed=…} repeats the moments of a run.
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
            step(ledger, 50, "finance", RUN + "/holds", "{\"instalmentId\":\"S0.1\",\"reason\":\"Query\"}");
            step(ledger, 300, "approver", RUN + "/approval", "{}");
            for (int kill = 1; kill < KILLS_WHILE_ISSUING; kill++) {
                ChildLedger.sleep(random.nextInt(400));
                ledger.kill();
                ledger.startAgain();
            }
            JsonNode run = awaitIssued(ledger);
            int items = ACCOUNTS * INSTALMENTS - 1;
            assertThat(run.path("progress").path("issued").asInt()).isEqualTo(items);
            assertThat(run.path("progress").path("refused").asInt()).isZero();
            assertPaidOnce(ledger, items);

            String file = ok(ledger.as("finance").get(RUN + "/file?format=bacs-standard-18"))
                    .response()
                    .body();
            step(ledger, 50, "finance", RUN + "/submission", "{\"on\":\"2026-03-25\",\"channel\":\"BACS\"}");
            step(
                    ledger,
                    50,
                    "finance",
                    RUN + "/rejections",
                    "{\"rejections\":[{\"instalmentId\":\"S0.2\",\"reasonCode\":\"AC04\"}]}");
            step(ledger, 50, "finance", RUN + "/close", "{}");
            assertThat(ok(ledger.as("finance").get(RUN + "/file?format=bacs-standard-18"))
                            .response()
                            .body())
                    .isEqualTo(file);
            assertPaidOnce(ledger, items);
            int returned = count(ledger, "account.payment-returned");
            assertThat(returned).isEqualTo(1);
            assertThat(ok(ledger.as("finance").get("/api/v1/accounts/A-0/balance"))
                            .json()
                            .path("balance")
                            .asString())
                    .isEqualTo("4800.00");
            Truth.projectionsAgreeWithAReplay(ledger);
        }
        LoggerFactory.getLogger(RunCrashTest.class)
                .info("a run of {} instalments survived, seed {}", ACCOUNTS * INSTALMENTS, seed);
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
        ledger.kill();
        sent.join();
        ledger.startAgain();
        ok(ledger.as(user).post(path, body, key));
    }

    static JsonNode awaitIssued(ChildLedger ledger) {
        long deadline = System.nanoTime() + 120_000_000_000L;
        JsonNode run = ok(ledger.as("finance").get(RUN)).json();
        while (run.path("progress").path("toIssue").asInt() > 0
                || run.path("files").size() < 2) {
            assertThat(System.nanoTime()).as(run.path("progress").toString()).isLessThan(deadline);
            ChildLedger.sleep(200);
            run = ok(ledger.as("finance").get(RUN)).json();
        }
        return run;
    }

    private static void assertPaidOnce(ChildLedger ledger, int items) {
        int issued = count(ledger, "account.payment-issued");
        assertThat(issued).isEqualTo(items);
        int different = ledger.ask(jdbc -> jdbc.sql("""
                        SELECT count(DISTINCT (stream_id, payload::jsonb ->> 'instalmentId'))
                          FROM event_log WHERE name = 'account.payment-issued'""").query(Integer.class).single());
        assertThat(different).isEqualTo(items);
    }

    private static int count(ChildLedger ledger, String event) {
        return ledger.ask(jdbc -> jdbc.sql("SELECT count(*) FROM event_log WHERE name = :event")
                .param("event", event)
                .query(Integer.class)
                .single());
    }

    static void account(ChildLedger ledger, int i) {
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
