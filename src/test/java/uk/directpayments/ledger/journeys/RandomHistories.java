package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
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

    /** A movement of money as the raw event says it: the ten lines of this test that know nothing of the ledger's own sums. */
    record Movement(long position, LocalDate on, Map<String, Long> bySource) {}

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
        List<Movement> movements = movements(accountId);
        assertThat(movements).isNotEmpty();
        List<String> instants = jdbc.sql(
                        "SELECT DISTINCT to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') FROM event_log ORDER BY 1")
                .query(String.class)
                .list();
        for (int i = 0; i < samples; i++) {
            LocalDate asOf = day();
            String knownAt = instants.get(random.nextInt(instants.size()));
            JsonNode answer = ok(finance()
                            .get("/api/v1/accounts/" + accountId + "/balance?asOf=" + asOf + "&knownAt=" + knownAt))
                    .json();
            long position = answer.path("position").asLong();
            Map<String, Long> expected = new TreeMap<>();
            movements.stream()
                    .filter(m -> m.position <= position && !m.on.isAfter(asOf))
                    .forEach(m -> m.bySource.forEach((source, pence) -> expected.merge(source, pence, Long::sum)));
            expected.values().removeIf(pence -> pence == 0);
            Map<String, Long> given = new TreeMap<>();
            answer.path("bySource")
                    .forEach(s -> given.put(
                            s.path("fundingSource").asString(),
                            pence(s.path("balance").asString())));
            given.values().removeIf(pence -> pence == 0);
            assertThat(given)
                    .as("%s asOf %s knownAt %s seed %d", accountId, asOf, knownAt, seed)
                    .isEqualTo(expected);
            assertThat(pence(answer.path("balance").asString()))
                    .isEqualTo(expected.values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
        JsonNode transactions = ok(finance()
                        .get("/api/v1/accounts/" + accountId + "/transactions?limit=500&asOf=2026-03-31"))
                .json()
                .path("items");
        long running = 0;
        for (JsonNode transaction : transactions) {
            running += pence(transaction.path("amount").asString());
            assertThat(pence(transaction.path("balanceAfter").asString()))
                    .as("seed %d: %s", seed, transaction)
                    .isEqualTo(running);
        }
    }

    private List<Movement> movements(String accountId) {
        List<Movement> movements = new ArrayList<>();
        jdbc.sql("SELECT position, name, payload FROM event_log WHERE stream_id = :stream ORDER BY position")
                .param("stream", "account/" + accountId)
                .query((row, i) -> {
                    JsonNode e = new JsonMapper().readTree(row.getString("payload"));
                    Map<String, Long> by = new TreeMap<>();
                    switch (row.getString("name")) {
                        case "account.payment-issued" ->
                            by.put(
                                    e.path("source").asString(),
                                    pence(e.path("net").asString()));
                        case "account.payment-returned" ->
                            by.put(
                                    e.path("source").asString(),
                                    -pence(e.path("net").asString()));
                        case "account.top-up-received" ->
                            by.put(
                                    e.path("source").asString(),
                                    pence(e.path("amount").asString()));
                        case "account.contribution-received" ->
                            by.put("CLIENT_CONTRIBUTION", pence(e.path("amount").asString()));
                        case "account.expenditure-recorded" ->
                            e.path("shares")
                                    .forEach(s -> by.merge(
                                            s.path("source").asString(),
                                            -pence(s.path("amount").asString()),
                                            Long::sum));
                        case "account.expenditure-reversed", "account.refund-received" ->
                            e.path("shares")
                                    .forEach(s -> by.merge(
                                            s.path("source").asString(),
                                            pence(s.path("amount").asString()),
                                            Long::sum));
                        default -> {}
                    }
                    return by.isEmpty()
                            ? 0
                            : movements.add(new Movement(
                                            row.getLong("position"),
                                            LocalDate.parse(e.path("on").asString()),
                                            by))
                                    ? 1
                                    : 0;
                })
                .list();
        return movements;
    }

    /** Number 3: at the moment each payment was issued, by the terms that the account had then. */
    void paidNeverAboveTheAllocation(String accountId) {
        Map<String, Long> paid = new TreeMap<>();
        Map<String, JsonNode> lines = new TreeMap<>();
        jdbc.sql("SELECT name, payload FROM event_log WHERE stream_id = :stream ORDER BY position")
                .param("stream", "account/" + accountId)
                .query((row, i) -> {
                    JsonNode e = new JsonMapper().readTree(row.getString("payload"));
                    e.path("terms")
                            .path("lines")
                            .forEach(line -> lines.put(line.path("lineId").asString(), line));
                    String line = e.path("lineId").asString("");
                    if (row.getString("name").equals("account.payment-returned")) {
                        paid.merge(line, -pence(e.path("amount").asString()), Long::sum);
                    } else if (row.getString("name").equals("account.payment-issued")) {
                        long sum = paid.merge(line, pence(e.path("amount").asString()), Long::sum);
                        long inForce = 0;
                        for (JsonNode amount : lines.get(line).path("amounts")) {
                            if (amount.path("from")
                                            .asString()
                                            .compareTo(e.path("on").asString())
                                    <= 0) {
                                inForce = pence(amount.path("annualAmount").asString());
                            }
                        }
                        assertThat(sum).as("paid on %s seed %d", line, seed).isLessThanOrEqualTo(inForce);
                    }
                    return i;
                })
                .list();
    }

    void trialBalanceIsZero() {
        assertThat(jdbc.sql(
                                "SELECT count(*) FROM (SELECT position FROM journal_line GROUP BY position HAVING sum(pence) <> 0) unbalanced")
                        .query(Long.class)
                        .single())
                .as("entries that do not balance, seed %d", seed)
                .isZero();
    }

    private static long pence(String pounds) {
        return new java.math.BigDecimal(pounds).movePointRight(2).longValueExact();
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
