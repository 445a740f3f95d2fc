package uk.directpayments.ledger.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.MovableClock;

/** What a run was on a day gone by: its stage, its items, its files and what it adds up to. In the order of the days, for a log never goes back. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Import(MovableClock.class)
class RunAsOfApiTest extends PayingLedger {

    @Autowired
    private MovableClock clock;

    @AfterEach
    void now() {
        clock.moveToNow();
    }

    private void on(String day) {
        clock.moveTo(LocalDate.parse(day));
    }

    @Test
    @Order(2)
    void aRunIsShownAsEachDayLeftIt() {
        on("2027-03-02");
        Opened paid = inTwoYears();
        Opened rejected = inTwoYears();
        Opened held = inTwoYears();
        String runId = created("2026-04-30", "2027-03-10");
        on("2027-03-03");
        String hold = "{\"instalmentId\":\"%s.1\",\"reason\":\"Query\"}".formatted(scheduleOf(held));
        ok(act(finance(), runId, "holds", hold));
        on("2027-03-05");
        ok(act(approver(), runId, "approval", "{}"));
        settled();
        on("2027-03-06");
        Caller.Answer early = act(finance(), runId, "submission", "{\"on\":\"2020-01-01\",\"channel\":\"BACS\"}");
        assertThat(early.code()).isEqualTo("DATE_BEFORE_START");
        assertThat(early.json().at("/errors/0/field").asString()).isEqualTo("on");
        ok(act(finance(), runId, "submission", "{\"on\":\"2027-03-06\",\"channel\":\"BACS\"}"));
        on("2027-03-09");
        ok(act(
                finance(),
                runId,
                "rejections",
                "{\"rejections\":[{\"instalmentId\":\"%s.1\",\"reasonCode\":\"AC04\"}]}"
                        .formatted(scheduleOf(rejected))));
        on("2027-03-10");
        ok(act(finance(), runId, "close", "{}"));
        on("2027-03-12");
        String next = created("2026-04-30", "2027-03-12");
        ok(act(approver(), next, "approval", "{}"));
        on("2027-03-20");

        JsonNode before = run(runId, "&asOf=2027-03-01");
        assertThat(before.path("state").isNull()).isTrue();
        assertThat(before.path("items")).isEmpty();
        assertThat(listed(null, "2027-03-01")).doesNotContain(runId);

        JsonNode created = run(runId, "&asOf=2027-03-02");
        assertThat(created.path("state").asString()).isEqualTo("CREATED");
        assertThat(created.path("approvedBy").isNull()).isTrue();
        assertThat(created.path("files")).isEmpty();
        assertThat(instalments(created.path("held"))).doesNotContain(scheduleOf(held) + ".1");
        int heldAlready = created.path("controlTotals").path("held").asInt();
        int all = created.path("count").asInt();
        assertThat(states(created, paid, rejected, held)).containsExactly("INCLUDED", "INCLUDED", "INCLUDED");
        assertThat(listed("CREATED", "2027-03-02")).contains(runId);

        JsonNode withHold = run(runId, "&asOf=2027-03-04");
        assertThat(withHold.path("state").asString()).isEqualTo("CREATED");
        assertThat(withHold.path("count").asInt()).isEqualTo(all - 1);
        assertThat(withHold.path("controlTotals").path("held").asInt()).isEqualTo(heldAlready + 1);
        assertThat(instalments(withHold.path("held"))).contains(scheduleOf(held) + ".1");
        assertThat(withHold.path("progress").path("issued").asInt()).isZero();
        assertThat(listed("APPROVED", "2027-03-04")).doesNotContain(runId);

        JsonNode approved = run(runId, "&asOf=2027-03-05");
        assertThat(approved.path("state").asString()).isEqualTo("APPROVED");
        assertThat(approved.path("approvedBy").asString()).isEqualTo("approver");
        assertThat(approved.path("files")).hasSize(2);
        assertThat(approved.path("submittedOn").isNull()).isTrue();
        assertThat(states(approved, paid, rejected)).containsExactly("ISSUED", "ISSUED");
        assertThat(listed("APPROVED", "2027-03-05")).contains(runId);

        JsonNode submitted = run(runId, "&asOf=2027-03-08");
        assertThat(submitted.path("state").asString()).isEqualTo("SUBMITTED");
        assertThat(submitted.path("controlTotals").path("rejected").asInt()).isZero();
        assertThat(states(submitted, rejected)).containsExactly("ISSUED");
        assertThat(submitted.path("exceptions").toString()).doesNotContain("AC04");

        JsonNode withRejection = run(runId, "&asOf=2027-03-09");
        assertThat(withRejection.path("state").asString()).isEqualTo("SUBMITTED");
        assertThat(states(withRejection, rejected)).containsExactly("REJECTED");
        assertThat(listed("SUBMITTED", "2027-03-09")).contains(runId);

        JsonNode closed = run(runId, "&asOf=2027-03-11");
        assertThat(closed.path("state").asString()).isEqualTo("CLOSED");
        assertThat(states(closed, rejected)).containsExactly("REJECTED");
        assertThat(states(run(runId), rejected)).containsExactly("RESOLVED");
        assertThat(listed("CLOSED", "2027-03-20")).contains(runId);
        assertThat(listed("CREATED", "2027-03-20")).doesNotContain(runId);

        String report = "/api/v1/reports/payment-exceptions?format=csv&accountId=" + rejected.accountId() + "&asOf=";
        assertThat(ok(finance().get(report + "2027-03-08")).response().body()).doesNotContain("AC04");
        assertThat(ok(finance().get(report + "2027-03-09")).response().body()).contains("REJECTED", "AC04");
        assertThat(ok(finance().get(report + "2027-03-20")).response().body()).contains("RESOLVED");
    }

    private Opened inTwoYears() {
        Opened ids = opened("2026-04-01", "2028-03-31", "1200.00", LINE, BANK.formatted(accounts++));
        ok(finance()
                .post(
                        "/api/v1/accounts/%s/schedules".formatted(ids.accountId()),
                        "{\"scheduleId\":\"%s\",\"lineId\":\"L1\",\"frequency\":\"MONTHLY\",\"firstPayOn\":\"2026-04-01\"}"
                                .formatted(scheduleOf(ids))));
        return ids;
    }

    @Test
    @Order(1)
    void theListOfADayGoesFromPageToPage() {
        on("2027-02-01");
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            scheduled();
            runs.add(created("2025-04-30", "2026-02-0" + (2 + i)));
        }
        on("2027-02-02");
        for (String runId : runs) {
            ok(act(finance(), runId, "close", "{}"));
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = ok(finance().get(RUNS + "?limit=1&state=CREATED&asOf=2027-02-01" + cursor))
                    .json();
            page.path("items").forEach(item -> seen.add(item.path("runId").asString()));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asString();
        } while (!cursor.isEmpty());
        assertThat(seen).containsExactly(runs.get(2), runs.get(1), runs.get(0));
    }

    private List<String> states(JsonNode run, Opened... of) {
        List<String> states = new ArrayList<>();
        for (Opened one : of) {
            run.path("items").forEach(item -> {
                if (item.path("accountId").asString().equals(one.accountId())) {
                    states.add(item.path("state").asString());
                }
            });
        }
        return states;
    }

    private List<String> listed(String state, String asOf) {
        List<String> runs = new ArrayList<>();
        ok(finance().get(RUNS + "?limit=500&asOf=" + asOf + (state == null ? "" : "&state=" + state)))
                .json()
                .path("items")
                .forEach(item -> runs.add(item.path("runId").asString()));
        return runs;
    }
}
