package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** One budget from its request to the closure of its account, over HTTP, as a finance officer would. */
class YearOfABudgetTest extends RunningLedger {

    private static final String TWO_LINES = """
            [{"lineId":"CARE","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"6000.00"},
             {"lineId":"TUTOR","fundingSource":"EDUCATION_HIGH_NEEDS","mode":"DIRECT_PAYMENT","category":"TUITION","annualAmount":"2000.00"}]""";

    private Answer post(String path, String body) {
        return finance().post("/api/v1" + path, body);
    }

    private Answer get(String path) {
        return finance().get("/api/v1" + path);
    }

    private String balance(String accountId, String query) {
        return ok(get("/accounts/" + accountId + "/balance" + query))
                .json()
                .path("balance")
                .asString();
    }

    @Test
    void aBudgetIsAgreedPaidSpentCorrectedAndClosed() {
        Opened ids = opened("2025-04-01", "2026-03-31", "8000.00", TWO_LINES, "{\"cardRef\":\"CARD-YEAR\"}");
        String account = "/accounts/" + ids.accountId();

        Answer schedule = ok(
                post(
                        account + "/schedules",
                        "{\"scheduleId\":\"S1\",\"lineId\":\"CARE\",\"frequency\":\"FOUR_WEEKLY\",\"firstPayOn\":\"2025-04-07\"}"));
        assertThat(schedule.json().path("instalments").size()).isEqualTo(13);

        ok(
                post(
                        account + "/payments",
                        "{\"paymentId\":\"P1\",\"lineId\":\"CARE\",\"instalmentId\":\"S1.1\",\"amount\":\"461.54\",\"on\":\"2025-04-07\"}"));
        assertThat(post(
                                account + "/payments",
                                "{\"lineId\":\"CARE\",\"instalmentId\":\"S1.1\",\"amount\":\"461.54\",\"on\":\"2025-04-07\"}")
                        .code())
                .isEqualTo("ALREADY_PAID");
        assertThat(post(account + "/payments", "{\"lineId\":\"CARE\",\"amount\":\"5538.47\",\"on\":\"2025-05-01\"}")
                        .code())
                .as("a penny above the allocation")
                .isEqualTo("EXCEEDS_ALLOCATION");
        ok(post(
                account + "/payments",
                "{\"paymentId\":\"P2\",\"lineId\":\"TUTOR\",\"amount\":\"500.00\",\"on\":\"2025-04-10\"}"));

        ok(post(
                account + "/expenditures",
                "{\"expenditureId\":\"E1\",\"amount\":\"100.00\",\"on\":\"2025-04-20\",\"payee\":\"Riding School\"}"));
        String knownAt = ok(get(account + "/transactions"))
                .json()
                .path("items")
                .get(2)
                .path("recordedAt")
                .asString();
        ok(post(account + "/expenditures/E1/reversal", "{\"reason\":\"It was ten pounds\"}"));
        ok(post(
                account + "/expenditures",
                "{\"expenditureId\":\"E2\",\"amount\":\"10.00\",\"on\":\"2025-04-20\",\"payee\":\"Riding School\"}"));

        assertThat(balance(ids.accountId(), "")).isEqualTo("951.54");
        assertThat(balance(ids.accountId(), "?asOf=2025-04-19")).isEqualTo("961.54");
        assertThat(balance(ids.accountId(), "?asOf=2025-04-06")).isEqualTo("0.00");
        assertThat(balance(ids.accountId(), "?asOf=2025-04-20&knownAt=" + knownAt))
                .as("the error as it was known then")
                .isEqualTo("861.54");

        ok(post(account + "/payments/P2/return", "{\"on\":\"2025-04-14\",\"reasonCode\":\"ARUCS-2\"}"));
        assertThat(post(account + "/payments/P2/return", "{\"on\":\"2025-04-14\",\"reasonCode\":\"ARUCS-2\"}")
                        .code())
                .isEqualTo("ALREADY_RETURNED");
        assertThat(post(account + "/closure", "{\"on\":\"2025-06-01\"}").code()).isEqualTo("BALANCE_NOT_ZERO");
        ok(post(account + "/expenditures", "{\"amount\":\"451.54\",\"on\":\"2025-05-20\",\"payee\":\"Care Agency\"}"));
        ok(post(account + "/closure", "{\"on\":\"2025-06-01\"}"));
        assertThat(ok(get(account)).json().path("state").asString()).isEqualTo("CLOSED");
        assertThat(ok(get(account + "?asOf=2025-05-31")).json().path("state").asString())
                .isEqualTo("OPEN");

        var budget = ok(get("/budgets/" + ids.budgetId())).json();
        assertThat(budget.path("status").asString()).isEqualTo("ACTIVE");
        var care = budget.path("lines").get(0);
        assertThat(care.path("paid").asString()).isEqualTo("461.54");
        assertThat(new BigDecimal(care.path("spent").asString())
                        .add(new BigDecimal(
                                budget.path("lines").get(1).path("spent").asString())))
                .as("all that was spent is on the lines, by whichever share")
                .isEqualByComparingTo("461.54");
    }

    @Test
    void aRevisedLineIsPaidUpToItsNewAmountAtOnce() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1000.00");
        String pay = "{\"lineId\":\"L1\",\"amount\":\"1200.00\",\"on\":\"2025-10-01\"}";
        assertThat(post("/accounts/" + ids.accountId() + "/payments", pay).code())
                .isEqualTo("EXCEEDS_ALLOCATION");
        ok(post(
                "/budgets/" + ids.budgetId() + "/lines/L1/revision",
                "{\"annualAmount\":\"1200.00\",\"from\":\"2025-09-01\",\"reasons\":\"More hours\"}"));
        ok(post("/accounts/" + ids.accountId() + "/payments", pay));
    }

    @Test
    void aDeathEndsTheBudgetAndReachesTheAccountAtOnce() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1000.00");
        ok(post("/people/" + ids.personId() + "/death", "{\"on\":\"2025-06-01\"}"));
        assertThat(post(
                                "/accounts/" + ids.accountId() + "/payments",
                                "{\"lineId\":\"L1\",\"amount\":\"1.00\",\"on\":\"2025-06-02\"}")
                        .code())
                .isEqualTo("BUDGET_ENDED");
        ok(post(
                "/accounts/" + ids.accountId() + "/payments",
                "{\"lineId\":\"L1\",\"amount\":\"1.00\",\"on\":\"2025-06-01\"}"));
        assertThat(ok(get("/budgets/" + ids.budgetId())).json().path("endedOn").asString())
                .isEqualTo("2025-06-01");
    }

    @Test
    void twoAccountsOfABudgetNeverPayALineTwice() {
        Opened ids = opened("2025-04-01", "2026-03-31", "8000.00", TWO_LINES, "null");
        String second = fresh("A");
        ok(post(
                "/accounts",
                "{\"accountId\":\"%s\",\"budgetId\":\"%s\",\"type\":\"BANK_ACCOUNT\",\"holderType\":\"PARENT\",\"openedOn\":\"2025-04-01\"}"
                        .formatted(second, ids.budgetId())));
        ok(post(
                "/accounts/" + ids.accountId() + "/payments",
                "{\"lineId\":\"CARE\",\"amount\":\"100.00\",\"on\":\"2025-05-01\"}"));

        assertThat(post(
                                "/accounts/" + second + "/payments",
                                "{\"lineId\":\"CARE\",\"amount\":\"1.00\",\"on\":\"2025-05-01\"}")
                        .code())
                .as("a line that another open account has paid")
                .isEqualTo("LINE_NOT_PAYABLE");
        ok(post(
                "/accounts/" + second + "/payments",
                "{\"lineId\":\"TUTOR\",\"amount\":\"50.00\",\"on\":\"2025-05-01\"}"));
        assertThat(post(
                                "/accounts/" + ids.accountId() + "/payments",
                                "{\"lineId\":\"TUTOR\",\"amount\":\"1.00\",\"on\":\"2025-05-01\"}")
                        .code())
                .as("the line that moved because it had not been used")
                .isEqualTo("LINE_NOT_PAYABLE");

        ok(post(
                "/accounts/" + ids.accountId() + "/expenditures",
                "{\"amount\":\"100.00\",\"on\":\"2025-05-02\",\"payee\":\"Agency\"}"));
        ok(post("/accounts/" + ids.accountId() + "/closure", "{\"on\":\"2025-06-01\"}"));
        assertThat(post(
                                "/accounts/" + second + "/payments",
                                "{\"lineId\":\"CARE\",\"amount\":\"5900.01\",\"on\":\"2025-07-01\"}")
                        .code())
                .as("what the closed account has paid counts")
                .isEqualTo("EXCEEDS_ALLOCATION");
        ok(post(
                "/accounts/" + second + "/payments",
                "{\"lineId\":\"CARE\",\"amount\":\"5900.00\",\"on\":\"2025-07-01\"}"));
    }

    @Test
    void sixtyFourRequestsWithOneKeyWriteOnceAndGetOneAnswer() throws Exception {
        Opened ids = opened("2025-04-01", "2026-03-31", "1000.00");
        long before = head();
        String body = "{\"lineId\":\"L1\",\"amount\":\"10.00\",\"on\":\"2025-05-01\"}";
        Callable<Answer> pay = () -> finance()
                .post(
                        "/api/v1/accounts/" + ids.accountId() + "/payments",
                        body,
                        "Idempotency-Key",
                        "once-" + ids.accountId());
        var pool = Executors.newFixedThreadPool(64);
        try {
            List<Answer> answers = pool
                    .invokeAll(IntStream.range(0, 64).mapToObj(i -> pay).toList())
                    .stream()
                    .map(future -> {
                        try {
                            return future.get();
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    })
                    .toList();
            assertThat(answers).allMatch(answer -> answer.status() == 201);
            Set<String> bodies =
                    answers.stream().map(answer -> answer.response().body()).collect(Collectors.toSet());
            assertThat(bodies).hasSize(1);
            assertThat(answers.stream()
                            .filter(a -> a.header("Idempotency-Replayed").isEmpty()))
                    .hasSize(1);
        } finally {
            pool.shutdownNow();
        }
        assertThat(head() - before).isEqualTo(1);
        assertThat(balance(ids.accountId(), "")).isEqualTo("10.00");
    }
}
