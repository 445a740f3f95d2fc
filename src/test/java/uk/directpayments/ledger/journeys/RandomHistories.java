package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * Random operations over HTTP, with corrections, refusals and back-dated facts, and how every figure is held against the raw events
 * afterwards. A failure names its seed: {@code -Dhistory.seed=…} repeats it.
 */
abstract class RandomHistories extends RunningLedger {

    static final LocalDate FIRST = LocalDate.of(2025, 4, 1);
    static final int DAYS = 300;
    static final String LINES = """
            [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"4000.00"},
             {"lineId":"L2","fundingSource":"EDUCATION_HIGH_NEEDS","mode":"THIRD_PARTY","category":"TUITION","annualAmount":"5000.00"},
             {"lineId":"L3","fundingSource":"NHS_CONTINUING_CARE","mode":"DIRECT_PAYMENT","category":"NURSING","annualAmount":"1000.00"}]""";

    final long seed = Long.getLong("history.seed", System.nanoTime());
    final Random random = new Random(seed);
    private final List<String> payments = new ArrayList<>();
    private final List<String> expenditures = new ArrayList<>();
    int accepted;

    // ── operating ────────────────────────────────────────────────────────────────────────────────────────────────

    void operate(Opened ids) {
        String account = "/accounts/" + ids.accountId();
        int what = random.nextInt(100);
        if (what < 15) {
            String id = fresh("PAY");
            if (post(
                    account + "/payments",
                    "{\"paymentId\":\"%s\",\"lineId\":\"L%d\",\"amount\":\"%s\",\"contribution\":\"%s\",\"on\":\"%s\"}"
                            .formatted(id, 1 + random.nextInt(3), money(90_000), money(2_000), day()))) {
                payments.add(ids.accountId() + "/payments/" + id);
            }
        } else if (what < 20) {
            post(
                    "/accounts/" + any(payments, account + "/payments/none") + "/return",
                    "{\"on\":\"%s\",\"reasonCode\":\"R1\"}".formatted(day()));
        } else if (what < 26) {
            post(account + "/contributions", "{\"amount\":\"%s\",\"on\":\"%s\"}".formatted(money(5_000), day()));
        } else if (what < 32) {
            post(
                    account + "/top-ups",
                    "{\"amount\":\"%s\",\"source\":\"%s\",\"on\":\"%s\"}"
                            .formatted(money(5_000), random.nextBoolean() ? "PARENT_TOP_UP" : "COUNCIL_TOP_UP", day()));
        } else if (what < 68) {
            String id = fresh("E");
            String line = random.nextInt(3) == 0 ? ",\"lineId\":\"L" + (1 + random.nextInt(3)) + "\"" : "";
            if (post(
                    account + "/expenditures",
                    "{\"expenditureId\":\"%s\",\"amount\":\"%s\",\"on\":\"%s\",\"payee\":\"Payee %d\"%s}"
                            .formatted(id, money(20_000), day(), random.nextInt(9), line))) {
                expenditures.add(ids.accountId() + "/expenditures/" + id);
            }
        } else if (what < 78) {
            post(
                    "/accounts/" + any(expenditures, account + "/expenditures/none") + "/reversal",
                    "{\"reason\":\"Wrong\"%s}".formatted(random.nextBoolean() ? "" : ",\"on\":\"" + day() + "\""));
        } else if (what < 90) {
            String of = any(expenditures, ids.accountId() + "/expenditures/none");
            int slash = of.indexOf('/');
            post(
                    "/accounts/" + of.substring(0, slash) + "/refunds",
                    "{\"expenditureId\":\"%s\",\"amount\":\"%s\",\"on\":\"%s\"}"
                            .formatted(of.substring(of.lastIndexOf('/') + 1), money(9_000), day()));
        } else if (what < 94) {
            post(
                    "/accounts/" + any(expenditures, account + "/expenditures/none") + "/reclassification",
                    "{\"category\":\"C%d\",\"reason\":\"Seen\"}".formatted(random.nextInt(4)));
        } else if (what < 97) {
            post(
                    "/budgets/" + ids.budgetId() + "/lines/L" + (1 + random.nextInt(3)) + "/revision",
                    "{\"annualAmount\":\"%s\",\"from\":\"%s\",\"reasons\":\"Review\",\"noticeGivenOn\":\"2025-04-01\"}"
                            .formatted(money(600_000), day()));
        } else if (what < 99) {
            post(
                    account + "/suspension",
                    "{\"from\":\"%s\",\"cause\":\"HOSPITAL\",\"reason\":\"Away\"}".formatted(day()));
        } else {
            post(account + "/resumption", "{\"on\":\"%s\"}".formatted(day()));
        }
    }

    boolean post(String path, String body) {
        Caller.Answer answer = finance().post("/api/v1" + path, body);
        assertThat(answer.status())
                .as("%s %s seed %d: %s", path, body, seed, answer)
                .isLessThan(500);
        accepted += answer.status() < 300 ? 1 : 0;
        return answer.status() < 300;
    }

    String any(List<String> known, String otherwise) {
        return known.isEmpty() ? otherwise.replace("/accounts/", "") : known.get(random.nextInt(known.size()));
    }

    String money(int most) {
        int pence = random.nextInt(most);
        return pence / 100 + "." + (pence % 100 < 10 ? "0" : "") + pence % 100;
    }

    LocalDate day() {
        return FIRST.plusDays(random.nextInt(DAYS));
    }

    // ── comparing ────────────────────────────────────────────────────────────────────────────────────────────────

    void compare(String accountId, int samples) {
        List<RawEvents.Movement> movements = RawEvents.movements(jdbc, accountId);
        assertThat(movements).isNotEmpty();
        List<String> instants = RawEvents.instants(jdbc);
        for (int i = 0; i < samples; i++) {
            LocalDate asOf = day();
            String knownAt = instants.get(random.nextInt(instants.size()));
            JsonNode answer = ok(finance()
                            .get("/api/v1/accounts/" + accountId + "/balance?asOf=" + asOf + "&knownAt=" + knownAt))
                    .json();
            RawEvents.equalsTheBalance(movements, asOf, answer, "knownAt " + knownAt + " seed " + seed);
        }
        JsonNode transactions = ok(finance()
                        .get("/api/v1/accounts/" + accountId + "/transactions?limit=500&asOf=2026-03-31"))
                .json()
                .path("items");
        long running = 0;
        for (JsonNode transaction : transactions) {
            running += RawEvents.pence(transaction.path("amount").asString());
            assertThat(RawEvents.pence(transaction.path("balanceAfter").asString()))
                    .as("seed %d: %s", seed, transaction)
                    .isEqualTo(running);
        }
    }

    /** Rulebook 4.10: what is not spent on lines is the cash of their sources; money on top of the budget is on no line. */
    void unspentIsWhatTheSourcesHold(Opened ids, int samples) {
        List<String> instants = RawEvents.instants(jdbc);
        for (int i = 0; i < samples; i++) {
            String view = "?asOf=" + day() + "&knownAt=" + instants.get(random.nextInt(instants.size()));
            Map<String, Long> unspent = new TreeMap<>();
            Caller.Answer budget = finance().get("/api/v1/budgets/" + ids.budgetId() + view);
            budget.json()
                    .path("lines")
                    .forEach(line -> unspent.merge(
                            line.path("fundingSource").asString(),
                            RawEvents.pence(line.path("unspent").asString()),
                            Long::sum));
            Map<String, Long> held = new TreeMap<>();
            ok(finance().get("/api/v1/accounts/" + ids.accountId() + "/balance" + view))
                    .json()
                    .path("bySource")
                    .forEach(source -> held.put(
                            source.path("fundingSource").asString(),
                            RawEvents.pence(source.path("balance").asString())));
            held.keySet().removeAll(List.of("COUNCIL_TOP_UP", "CLIENT_CONTRIBUTION", "PARENT_TOP_UP"));
            unspent.values().removeIf(pence -> pence == 0);
            held.values().removeIf(pence -> pence == 0);
            assertThat(unspent).as("%s%s seed %d", ids, view, seed).isEqualTo(held);
        }
    }

    void paidNeverAboveTheAllocation(String accountId) {
        RawEvents.paidNeverAboveTheAllocation(jdbc, accountId, "seed " + seed);
    }

    void trialBalanceIsZero() {
        RawEvents.trialBalanceIsZero(jdbc, "seed " + seed);
    }

    // ── rebuilding ───────────────────────────────────────────────────────────────────────────────────────────────

    /** Number 4: every projection is reset and built again. */
    void replayChangesNothing() {
        Caller admin = Caller.as("admin", port);
        settled();
        Map<String, List<String>> before = Truth.rows(jdbc);
        for (JsonNode processor :
                admin.get("/api/v1/operations/processors").json().path("items")) {
            String name = processor.path("name").asString();
            Caller.Answer reset = admin.post("/api/v1/operations/processors/" + name + "/reset", "{}");
            if (processor.path("kind").asString().equals("PROJECTION")) {
                ok(reset);
            } else {
                assertThat(reset.code()).isEqualTo("AUTOMATION_NOT_REPLAYED");
            }
        }
        settled();
        assertThat(Truth.rows(jdbc)).as("seed %d", seed).isEqualTo(before);
    }
}
