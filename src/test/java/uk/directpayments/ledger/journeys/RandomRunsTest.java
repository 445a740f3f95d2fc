package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;

/**
 * Random histories in which runs pay: schedules, runs created and approved twice and at the same moment, held, released, paid by hand under
 * way, rejected by the bank, closed. Then each instalment has been paid at most once, no two runs have had it at a time, and no allocation is
 * exceeded: rulebook 7.10, numbers 1 to 4, and 7.12. {@code -Dhistory.runs=…} for more operations; on a ledger of its own, for a run takes what is
 * due, whoever it belongs to.
 */
@TestPropertySource(properties = "ledger.payout.threads=4")
class RandomRunsTest extends RandomHistories {

    private static final int OPERATIONS = Integer.getInteger("history.runs", 350);
    private static final int ACCOUNTS = 4;
    private static final int SAMPLES = 60;
    private static final String RUNS = "/payment-runs";
    private static final String[] FREQUENCIES = {"WEEKLY", "FOUR_WEEKLY", "MONTHLY", "QUARTERLY", "ANNUAL", "ONE_OFF"};

    private final List<Opened> accounts = new ArrayList<>();
    private final List<String> runs = new ArrayList<>();

    @Test
    void whateverHappensToRunsEachInstalmentIsPaidAtMostOnceAndNoAllocationIsExceeded() {
        LoggerFactory.getLogger(RandomRunsTest.class).info("random runs, seed {}", seed);
        for (int i = 0; i < ACCOUNTS; i++) {
            String bank = i == 0 ? "null" : "{\"sortCode\":\"200000\",\"accountNumber\":\"%08d\"}".formatted(i);
            accounts.add(opened("2025-04-01", "2026-03-31", "100000.00", LINES.replace("00.00", "000.00"), bank));
            for (int line = 1; line <= 3; line++) {
                schedule(accounts.get(i), line);
            }
        }
        for (int i = 0; i < OPERATIONS; i++) {
            Opened account = accounts.get(random.nextInt(ACCOUNTS));
            int what = random.nextInt(100);
            if (what < 41) {
                operate(account);
            } else if (what < 45) {
                schedule(account, 1 + random.nextInt(3));
            } else if (what < 55) {
                create();
            } else {
                actOnARun(what);
            }
        }
        runs.forEach(run -> post(RUNS + "/" + run + "/close", "{}"));

        RunsOfTheLog log = RunsOfTheLog.walk(jdbc, seed);
        LoggerFactory.getLogger(RandomRunsTest.class).info("seed {}: {}", seed, log);
        assertThat(log.instalmentsPaid()).as("seed %d", seed).isGreaterThan(OPERATIONS / 20);
        log.assertEveryPaymentOfARunIsInIt();
        for (Opened account : accounts) {
            compare(account.accountId(), SAMPLES);
            unspentIsWhatTheSourcesHold(account, SAMPLES / 4);
            paidNeverAboveTheAllocation(account.accountId());
        }
        trialBalanceIsZero();
        replayChangesNothing();
    }

    // ── operating ────────────────────────────────────────────────────────────────────────────────────────────────

    private void schedule(Opened account, int line) {
        post(
                "/accounts/" + account.accountId() + "/schedules",
                "{\"scheduleId\":\"%s\",\"lineId\":\"L%d\",\"frequency\":\"%s\",\"firstPayOn\":\"%s\",\"contributionPerInstalment\":\"%s\"}"
                        .formatted(
                                fresh("S"),
                                line,
                                FREQUENCIES[random.nextInt(FREQUENCIES.length)],
                                FIRST.plusDays(random.nextInt(40)),
                                money(1_500)));
    }

    /** A run, or the same one twice under one key, or two at the same moment, or one under an id that is taken. */
    private void create() {
        String id = fresh("RUN");
        int how = random.nextInt(4);
        String[] key = {"Idempotency-Key", "create-" + id};
        String body = "{\"runId\":\"%s\",\"cutOff\":\"%s\",\"payDate\":\"%s\"}".formatted(id, day(), workingDay());
        if (how == 0) {
            sent(body(body, id, id), RUNS, finance(), key);
        } else if (how == 1) {
            sent(body(body, id, fresh("RUN")), RUNS, finance());
        } else {
            sent(body(body, id), RUNS, finance());
            if (how == 2 && runs.contains(id)) {
                assertThat(finance().post("/api/v1" + RUNS, body).code()).isIn("ID_ALREADY_USED", "EMPTY_RUN");
            }
        }
    }

    private static List<String> body(String body, String id, String... others) {
        return Stream.concat(Stream.of(body), Stream.of(others).map(other -> body.replace(id, other)))
                .toList();
    }

    private LocalDate workingDay() {
        LocalDate day = day();
        int weekend = day.getDayOfWeek().getValue() - 5;
        return weekend > 0 ? day.plusDays(3 - weekend) : day;
    }

    private void actOnARun(int what) {
        if (runs.isEmpty()) {
            return;
        }
        String id = runs.get(Math.max(0, runs.size() - 1 - random.nextInt(4)));
        String run = RUNS + "/" + id;
        if (what < 61) {
            JsonNode items = read(run).path("items");
            if (!items.isEmpty()) {
                post(run + "/holds", "{%s,\"reason\":\"Query\"}".formatted(item(items)));
            }
        } else if (what < 67) {
            JsonNode held = read(run).path("held");
            if (!held.isEmpty()) {
                JsonNode item = held.get(random.nextInt(held.size()));
                post(
                        run + "/holds/" + item.path("instalmentId").asString() + "/release",
                        "{\"accountId\":\"%s\"}"
                                .formatted(item.path("accountId").asString()));
            }
        } else if (what < 84) {
            approve(run);
        } else if (what < 88) {
            post(run + "/submission", "{\"on\":\"%s\",\"channel\":\"FASTER_PAYMENTS\"}".formatted(day()));
        } else if (what < 94) {
            JsonNode items = read(run).path("items");
            if (!items.isEmpty()) {
                post(
                        run + "/submission",
                        "{\"on\":\"%s\",\"channel\":\"FASTER_PAYMENTS\"}"
                                .formatted(read(run).path("payDate").asString()));
                post(run + "/rejections", "{\"rejections\":[{%s,\"reasonCode\":\"AC04\"}]}".formatted(item(items)));
            }
        } else if (what < 97) {
            post(run + "/close", "{}");
        } else {
            accounts.forEach(
                    account -> post("/accounts/" + account.accountId() + "/resumption", "{\"on\":\"2025-09-01\"}"));
        }
    }

    /** By one who may not, and by two at the same moment; while somebody pays one of its instalments by hand. */
    private void approve(String run) {
        JsonNode read = read(run);
        if (random.nextInt(4) == 0) {
            assertThat(finance().post("/api/v1" + run + "/approval", "{}").code())
                    .isIn("SEPARATION_OF_DUTIES", "RUN_LOCKED");
        }
        CompletableFuture<Void> byHand = CompletableFuture.completedFuture(null);
        if (random.nextBoolean() && !read.path("items").isEmpty()) {
            JsonNode item =
                    read.path("items").get(random.nextInt(read.path("items").size()));
            String path = "/accounts/" + item.path("accountId").asString() + "/payments";
            String body = "{\"lineId\":\"%s\",\"instalmentId\":\"%s\",\"amount\":\"%s\",\"on\":\"%s\"}"
                    .formatted(
                            item.path("lineId").asString(),
                            item.path("instalmentId").asString(),
                            item.path("amount").asString(),
                            read.path("payDate").asString());
            byHand = CompletableFuture.runAsync(() -> answered(finance(), path, body));
        }
        sent(List.of("{}", "{}"), run + "/approval", approver());
        byHand.join();
        awaitIssued(run);
    }

    /** At the same moment; notes the runs that were created. */
    private void sent(List<String> bodies, String path, Caller who, String... headers) {
        List<CompletableFuture<Caller.Answer>> answers = bodies.stream()
                .map(body -> CompletableFuture.supplyAsync(() -> answered(who, path, body, headers)))
                .toList();
        for (int i = 0; i < answers.size(); i++) {
            Caller.Answer answer = answers.get(i).join();
            String created =
                    answer.status() == 201 ? answer.json().path("runId").asString() : "";
            if (!created.isEmpty() && !runs.contains(created)) {
                runs.add(created);
            }
        }
    }

    private Caller.Answer answered(Caller who, String path, String body, String... headers) {
        Caller.Answer answer = who.post("/api/v1" + path, body, headers);
        assertThat(answer.status())
                .as("%s %s seed %d: %s", path, body, seed, answer)
                .isLessThan(500);
        return answer;
    }

    private void awaitIssued(String run) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        JsonNode read = read(run);
        while (read.path("state").asString().equals("APPROVED")
                && read.path("progress").path("toIssue").asInt() > 0) {
            assertThat(System.nanoTime()).as("%s seed %d", read, seed).isLessThan(deadline);
            read = read(run);
        }
    }

    private JsonNode read(String run) {
        return ok(finance().get("/api/v1" + run + "?limit=500")).json();
    }

    private String item(JsonNode items) {
        JsonNode item = items.get(random.nextInt(items.size()));
        return "\"instalmentId\":\"%s\",\"accountId\":\"%s\""
                .formatted(
                        item.path("instalmentId").asString(),
                        item.path("accountId").asString());
    }
}
