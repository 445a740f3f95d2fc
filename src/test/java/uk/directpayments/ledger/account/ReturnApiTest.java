package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** A return from the request to its acceptance, over HTTP, and what the days tell of it. */
class ReturnApiTest extends RunningLedger {

    private static final LocalDate TODAY = BusinessDay.today(Clock.systemUTC());
    private static final LocalDate FROM = TODAY.minusDays(300);

    @Autowired
    AccountReturns returns;

    @Autowired
    AccountTransactions transactions;

    @Test
    void aReturnIsAskedForComesLateIsQueriedAndAccepted() {
        String account =
                opened(FROM.toString(), FROM.plusYears(1).toString(), "1000.00").accountId();
        String path = "/api/v1/accounts/" + account + "/returns";
        LocalDate due = TODAY.minusDays(2);
        Answer asked = ok(finance().post(path, "{\"period\":\"2026-Q1\",\"due\":\"%s\"}".formatted(due)));
        assertThat(asked.status()).isEqualTo(201);
        String id = asked.json().path("returnId").asString();
        assertThat(code(path + "/" + id + "/acceptance", "{}")).isEqualTo("RETURN_NOT_RECEIVED");
        JsonNode missing = first(path);
        assertThat(missing.path("state").asString()).isEqualTo("REQUESTED");
        assertThat(missing.path("missing").asBoolean()).isTrue();
        assertThat(finance().get(path + "?asOf=" + TODAY.minusDays(1)).json().path("items"))
                .isEmpty();
        assertThat(due(account)).containsExactly(id);

        String known = Instant.now().toString();
        ok(finance()
                .post(
                        path + "/" + id + "/receipt",
                        "{\"on\":\"%s\",\"documents\":[{\"sha256\":\"%s\",\"name\":\"July to September\"}]}"
                                .formatted(TODAY, "AB".repeat(32))));
        JsonNode late = first(path);
        assertThat(late.path("late").asBoolean()).isTrue();
        assertThat(late.path("missing").asBoolean()).isFalse();
        assertThat(late.path("receivedOn").asString()).isEqualTo(TODAY.toString());
        assertThat(late.path("documents").path(0).path("sha256").asString()).isEqualTo("ab".repeat(32));
        assertThat(late.path("documents").path(0).path("name").asString()).isEqualTo("July to September");
        assertThat(first(path + "?knownAt=" + known).path("state").asString()).isEqualTo("REQUESTED");
        assertThat(returns.lastReceived(List.of(account), View.now(TODAY))).containsEntry(account, TODAY);

        assertThat(code(path + "/" + id + "/query", "{}")).isEqualTo("REASONS_REQUIRED");
        ok(finance().post(path + "/" + id + "/query", "{\"reason\":\"Which agency was paid?\"}"));
        assertThat(first(path).path("state").asString()).isEqualTo("QUERIED");
        assertThat(first(path).path("queries").path(0).path("reason").asString())
                .isEqualTo("Which agency was paid?");
        ok(finance().post(path + "/" + id + "/acceptance", "{}"));
        assertThat(first(path).path("state").asString()).isEqualTo("ACCEPTED");
        assertThat(first(path).path("acceptedOn").asString()).isEqualTo(TODAY.toString());
        assertThat(code(path + "/" + id + "/acceptance", "{}")).isEqualTo("RETURN_ALREADY_ACCEPTED");
        assertThat(code(path + "/none/acceptance", "{}")).isEqualTo("RETURN_NOT_FOUND");
        assertThat(due(account)).isEmpty();
        assertThat(jdbc.sql("SELECT string_agg(payload, ' ') FROM event_log WHERE stream_id = :id")
                        .param("id", "account/" + account)
                        .query(String.class)
                        .single())
                .contains("2026-Q1")
                .doesNotContain("agency", "July");
    }

    @Test
    void withoutADayTheCycleOfTheRiskBandSaysWhenItIsDue() {
        String account =
                opened(FROM.toString(), FROM.plusYears(1).toString(), "1000.00").accountId();
        String path = "/api/v1/accounts/" + account + "/returns";
        LocalDate next = FROM.plusMonths(3);
        while (next.isBefore(TODAY)) {
            next = FROM.plusMonths(ChronoUnit.MONTHS.between(FROM, next) + 3);
        }
        Answer high = ok(finance().post(path, "{\"period\":\"2026/Q1\",\"riskBand\":\"HIGH\"}"));
        assertThat(high.json().path("due").asString()).isEqualTo(next.toString());
        Answer standard = ok(finance().post(path, "{\"period\":\"2026\"}"));
        assertThat(standard.json().path("due").asString())
                .isEqualTo(next.plusMonths(12).toString());
        assertThat(code(path, "{\"period\":\"<script>\"}")).isEqualTo("FIELD_INVALID");
        assertThat(finance().get(path + "?limit=1").json().path("next").isNull())
                .isFalse();
    }

    @Test
    void theRiskBandOfAnAccountIsOnTwoDatesWithItsReasonAndSaysWhenReturnsAreDue() {
        String account =
                opened(FROM.toString(), FROM.plusYears(1).toString(), "1000.00").accountId();
        String path = "/api/v1/accounts/" + account;
        assertThat(ok(finance().get(path)).json().path("risk").isNull()).isTrue();
        String set = "{\"riskBand\":\"%s\",\"from\":\"%s\",\"reason\":\"Cash again\"}";
        assertThat(code(path + "/risk-band", set.formatted("SEVERE", TODAY))).isEqualTo("FIELD_INVALID");
        assertThat(code(path + "/risk-band", "{\"riskBand\":\"HIGH\",\"from\":\"%s\"}".formatted(TODAY)))
                .isEqualTo("REASONS_REQUIRED");
        ok(finance().post(path + "/risk-band", set.formatted("HIGH", TODAY.minusDays(10))));
        JsonNode risk = ok(finance().get(path)).json().path("risk");
        assertThat(risk.path("riskBand").asString()).isEqualTo("HIGH");
        assertThat(risk.path("reason").asString()).isEqualTo("Cash again");
        assertThat(risk.path("from").asString()).isEqualTo(TODAY.minusDays(10).toString());
        assertThat(ok(finance().get(path + "?asOf=" + TODAY.minusDays(11)))
                        .json()
                        .path("risk")
                        .isNull())
                .isTrue();
        Answer asked = ok(finance().post(path + "/returns", "{\"period\":\"2026-Q1\"}"));
        LocalDate due = FROM.plusMonths(3);
        for (int cycles = 2; due.isBefore(TODAY); cycles++) {
            due = FROM.plusMonths(3L * cycles);
        }
        assertThat(asked.json().path("due").asString()).isEqualTo(due.toString());
        String id = asked.json().path("returnId").asString();
        ok(finance().post(path + "/returns/" + id + "/reminder", "{\"on\":\"%s\"}".formatted(TODAY)));
        assertThat(first(path + "/returns").path("reminders").path(0).asString())
                .isEqualTo(TODAY.toString());
    }

    @Test
    void aReturnIsNotAskedForByACycleThatThePolicyDoesNotHave() {
        String path = "/api/v1/accounts/"
                + opened(FROM.toString(), FROM.plusYears(1).toString(), "1000.00")
                        .accountId() + "/returns";
        long head = head();
        Answer refused = finance().post(path, "{\"period\":\"2026-Q1\",\"riskBand\":\"HIHG\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("FIELD_INVALID");
        assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("riskBand");
        assertThat(code(path, "{\"period\":\"2026-Q1\",\"riskBand\":\"HIHG\",\"due\":\"%s\"}".formatted(TODAY)))
                .as("though the day is named")
                .isEqualTo("FIELD_INVALID");
        assertThat(head()).isEqualTo(head);
        ok(finance().post(path, "{\"period\":\"2026-Q1\",\"riskBand\":\"HIGH\"}"));
    }

    @Test
    void theDayOfTheLastSpendingIsToldAsOfADay() {
        String account =
                opened(FROM.toString(), FROM.plusYears(1).toString(), "1000.00").accountId();
        assertThat(transactions.lastSpent(List.of(account), View.now(TODAY))).isEmpty();
        for (LocalDate on : List.of(FROM.plusDays(5), TODAY.minusDays(3))) {
            ok(finance()
                    .post(
                            "/api/v1/accounts/" + account + "/expenditures",
                            "{\"amount\":\"1.00\",\"on\":\"%s\",\"payee\":\"Shop\"}".formatted(on)));
        }
        assertThat(transactions.lastSpent(List.of(account, "none"), View.now(TODAY)))
                .containsOnly(Map.entry(account, TODAY.minusDays(3)));
        assertThat(transactions.lastSpent(List.of(account), View.now(TODAY.minusDays(4))))
                .containsOnly(Map.entry(account, FROM.plusDays(5)));
    }

    @Test
    void ofManyRequestsOfOnePersonAtATimeOneIsOpen() throws Exception {
        String person = fresh("P");
        ok(finance()
                .post(
                        "/api/v1/people",
                        "{\"personId\":\"%s\",\"name\":\"Robin\",\"dateOfBirth\":\"2012-05-01\"}".formatted(person)));
        String body =
                "{\"personId\":\"%s\",\"legalBasis\":\"CHILD_S17A\",\"requestedOn\":\"%s\",\"requestedBy\":\"Sam\"}"
                        .formatted(person, FROM);
        List<Integer> answers = IntStream.range(0, 8)
                .parallel()
                .mapToObj(n -> finance().post("/api/v1/budgets", body).status())
                .toList();
        assertThat(answers).containsOnlyOnce(201).containsOnly(201, 409);
    }

    private List<String> due(String account) {
        return returns.open(List.of(account), View.now(TODAY)).getOrDefault(account, List.of()).stream()
                .map(AccountReturns.Entry::returnId)
                .toList();
    }

    private JsonNode first(String path) {
        return ok(finance().get(path)).json().path("items").path(0);
    }

    private String code(String path, String json) {
        return finance().post(path, json).code();
    }
}
