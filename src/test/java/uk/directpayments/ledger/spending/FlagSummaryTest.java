package uk.directpayments.ledger.spending;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/** {@code GET /flags/summary} says of all flags what adding up every page of their list says. */
class FlagSummaryTest extends RunningLedger {

    private static final LocalDate TODAY = BusinessDay.today(Clock.systemUTC());

    @Test
    void theSummaryIsWhatAddingUpEveryPageOfTheListGives() {
        Opened opened =
                opened(TODAY.minusDays(300).toString(), TODAY.plusDays(60).toString(), "1200.00");
        for (int days : List.of(0, 28, 29, 90, 91, 250)) {
            bet(opened, "%d.10".formatted(100 + days), TODAY.minusDays(days));
        }
        for (LocalDate asOf : List.of(TODAY, TODAY.minusDays(60))) {
            JsonNode summary =
                    ok(finance().get("/api/v1/flags/summary?asOf=" + asOf)).json();
            List<JsonNode> listed = listed(finance(), asOf);
            assertSame(summary.path("count"), summary.path("amount"), listed);
            summary.path("states")
                    .forEach(of -> assertSame(
                            of.path("count"),
                            of.path("amount"),
                            listed.stream()
                                    .filter(flag -> flag.path("state").equals(of.path("state")))
                                    .toList()));
            assertThat(summary.path("ages")).hasSize(3);
            summary.path("ages")
                    .forEach(of -> assertSame(
                            of.path("count"),
                            of.path("amount"),
                            listed.stream()
                                    .filter(flag -> {
                                        long days = ChronoUnit.DAYS.between(
                                                LocalDate.parse(flag.path("on").asString()), asOf);
                                        return days >= of.path("fromDays").asInt()
                                                && (of.path("toDays").isNull()
                                                        || days
                                                                <= of.path("toDays")
                                                                        .asInt());
                                    })
                                    .toList()));
            assertThat(ids(summary.path("items")))
                    .isEqualTo(listed.stream()
                            .sorted(Comparator.comparing(FlagSummaryTest::amount)
                                    .reversed()
                                    .thenComparing(flag -> flag.path("flagId").asString()))
                            .limit(10)
                            .map(flag -> flag.path("flagId").asString())
                            .toList());
        }
    }

    @Test
    void whatIsDecidedIsCountedNoMoreAndNeitherIsWhatWasNotKnownYet() {
        Opened opened =
                opened(TODAY.minusDays(300).toString(), TODAY.plusDays(60).toString(), "1200.00");
        pay(opened);
        long before = count(finance(), "");
        String known = Instant.now().toString();
        ChronoPause.aMoment();
        bet(opened, "17.00", TODAY.minusDays(3));
        assertThat(count(finance(), "")).isEqualTo(before + 1);
        assertThat(count(finance(), "?knownAt=" + known)).isEqualTo(before);
        String flag = finance()
                .get("/api/v1/flags?accountId=" + opened.accountId())
                .json()
                .at("/items/0/flagId")
                .asString();
        ok(finance().post("/api/v1/flags/" + flag + "/evidence-request", "{}"));
        assertThat(count(finance(), "")).as("still to decide").isEqualTo(before + 1);
        ok(finance().post("/api/v1/flags/" + flag + "/dismissal", "{\"reason\":\"A raffle\"}"));
        assertThat(count(finance(), "")).isEqualTo(before);
    }

    @Test
    void anOrganisationsSummaryIsOfItsOwnClientsAlone() {
        Opened opened =
                opened(TODAY.minusDays(300).toString(), TODAY.plusDays(60).toString(), "1200.00");
        pay(opened);
        bet(opened, "17.00", TODAY.minusDays(3));
        Caller support = Caller.as("support", port);
        long before = count(support, "");
        Caller admin = Caller.as("admin", port);
        admin.post("/api/v1/organisations", "{\"organisationId\":\"ORG-DEMO\",\"name\":\"Demonstration\"}");
        ok(admin.post(
                "/api/v1/organisations/ORG-DEMO/appointments",
                "{\"accountId\":\"%s\",\"from\":\"%s\"}".formatted(opened.accountId(), TODAY.minusDays(9))));
        assertThat(count(support, "")).isEqualTo(before + 1).isLessThanOrEqualTo(count(finance(), ""));
    }

    /** Waits until the clock shows another millisecond. */
    private static final class ChronoPause {
        private static void aMoment() {
            long begun = System.currentTimeMillis();
            while (System.currentTimeMillis() < begun + 3) {
                Thread.onSpinWait();
            }
        }
    }

    private static void assertSame(JsonNode count, JsonNode amount, List<JsonNode> listed) {
        assertThat(count.asLong()).isEqualTo(listed.size());
        assertThat(new BigDecimal(amount.asString()))
                .isEqualByComparingTo(
                        listed.stream().map(FlagSummaryTest::amount).reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    private static BigDecimal amount(JsonNode flag) {
        return new BigDecimal(flag.path("amount").asString());
    }

    private static List<String> ids(JsonNode items) {
        List<String> ids = new ArrayList<>();
        items.forEach(flag -> ids.add(flag.path("flagId").asString()));
        return ids;
    }

    private static long count(Caller caller, String query) {
        return ok(caller.get("/api/v1/flags/summary" + query))
                .json()
                .path("count")
                .asLong();
    }

    /** Every flag that waits for a decision, page by page. */
    private static List<JsonNode> listed(Caller caller, LocalDate asOf) {
        List<JsonNode> all = new ArrayList<>();
        for (String state : List.of("RAISED", "EVIDENCE_REQUESTED", "EVIDENCE_RECEIVED")) {
            String path = "/api/v1/flags?limit=3&asOf=" + asOf + "&state=" + state;
            JsonNode page = ok(caller.get(path)).json();
            page.path("items").forEach(all::add);
            while (!page.path("next").isNull()) {
                page = ok(caller.get(path + "&cursor=" + page.path("next").asString()))
                        .json();
                page.path("items").forEach(all::add);
            }
        }
        return all;
    }

    private void pay(Opened opened) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + opened.accountId() + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"100.00\",\"on\":\"%s\"}".formatted(TODAY.minusDays(300))));
    }

    private void bet(Opened opened, String amount, LocalDate on) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + opened.accountId() + "/expenditures",
                        "{\"amount\":\"%s\",\"on\":\"%s\",\"payee\":\"Betting shop\",\"mcc\":\"7995\"}"
                                .formatted(amount, on)));
    }
}
