package uk.directpayments.ledger.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.RunningLedger;

/** What was prepaid and accrued on days gone by, of schedules that were only agreed or changed after them. Rulebook 4.21. */
class AccrualReportTest extends RunningLedger {

    private static final String FIRST = "2025-03-17";

    private final LocalDate today = BusinessDay.today(Clock.systemUTC());

    @Test
    void theRulebooksPrepaymentIsThereOfAScheduleAgreedLater() {
        Opened ids = scheduled();
        String beforeItWasPaid = Instant.now().toString();
        assertThat(accruals(ids, "2025-03-31")).contains("S.1 620.00 0.00 332.14");
        post(ids, "/payments", "'lineId':'L1','instalmentId':'S.1','amount':'620.00','on':'" + FIRST + "'");

        assertThat(accruals(ids, "2025-03-31")).containsExactly("S.1 620.00 287.86 0.00");
        assertThat(accruals(ids, "2025-03-31&knownAt=" + beforeItWasPaid)).containsExactly("S.1 620.00 0.00 332.14");
        assertThat(accruals(ids, "2025-04-13")).isEmpty();
        assertThat(accruals(ids, "2025-03-16")).isEmpty();
        assertThat(amounts(ids, "2025-03-31")).hasSize(13).startsWith("S.1 620.00 ISSUED", "S.2 620.00 SCHEDULED");
        assertThat(amounts(ids, "2025-03-16")).isEmpty();
    }

    @Test
    void whatCountsAsPrepaidIsWhatWasPaid() {
        Opened ids = scheduled();
        post(ids, "/payments", "'lineId':'L1','instalmentId':'S.1','amount':'100.00','on':'" + FIRST + "'");
        assertThat(accruals(ids, "2025-03-31")).containsExactly("S.1 100.00 46.43 0.00");
    }

    @Test
    void aScheduleAgreedInAdvanceCountsFromTheDayOfItsAgreement() {
        Opened ids = opened(today.minusDays(10).toString(), today.plusDays(353).toString(), "8060.00");
        schedule(ids, today.plusDays(3));
        assertThat(amounts(ids, today.toString())).hasSize(13);
        assertThat(amounts(ids, today.minusDays(1).toString())).isEmpty();
    }

    @Test
    void aScheduleThatPaysForDaysBeforeTheAccountWasOpenedIsNotThereBefore() {
        Opened ids = opened(FIRST, "2026-03-16", "8060.00");
        String account = fresh("A");
        ok(finance()
                .tell(
                        "/api/v1/accounts",
                        "{'accountId':'" + account + "','budgetId':'" + ids.budgetId()
                                + "','type':'PREPAID_CARD','holderType':'PARENT','openedOn':'2025-04-01'}"));
        Opened second = new Opened(ids.personId(), ids.budgetId(), account);
        schedule(second, LocalDate.parse(FIRST));
        assertThat(amounts(second, "2025-03-31")).isEmpty();
        assertThat(accruals(second, "2025-03-31")).isEmpty();
        assertThat(amounts(second, "2025-04-01")).hasSize(13);
    }

    @Test
    void aRevisionCountsFromTheInstalmentsThatItChanges() {
        Opened ids = scheduled();
        String known = Instant.now().toString();
        // from the fifth pay day on
        revise(ids, "9100.00", "2025-07-07");
        assertThat(amounts(ids, "2025-07-06")).hasSize(13).allMatch(row -> row.contains(" 620.00 "));
        assertThat(amounts(ids, "2025-07-07")).contains("S.4 620.00 SCHEDULED", "S.5 700.00 SCHEDULED");
        assertThat(amounts(ids, "2025-07-07&knownAt=" + known)).allMatch(row -> row.contains(" 620.00 "));
        assertThat(accruals(ids, "2025-07-06")).hasSize(4).contains("S.4 620.00 0.00 620.00");
        assertThat(accruals(ids, "2025-07-07")).hasSize(5).contains("S.4 620.00 0.00 620.00", "S.5 700.00 0.00 25.00");
        // and another that reaches further back
        revise(ids, "9880.00", "2025-06-09");
        assertThat(amounts(ids, "2025-06-08")).allMatch(row -> row.contains(" 620.00 "));
        assertThat(amounts(ids, "2025-06-09")).contains("S.3 620.00 SCHEDULED", "S.4 760.00 SCHEDULED");
    }

    @Test
    void whatWasPaidStaysPrepaidUntilItCameBackWhateverTheInstalmentIsWorthSince() {
        Opened ids = scheduled();
        post(
                ids,
                "/payments",
                "'paymentId':'P1','lineId':'L1','instalmentId':'S.1','amount':'620.00','on':'" + FIRST + "'");
        revise(ids, "4030.00", FIRST);
        post(ids, "/payments/P1/return", "'on':'2025-04-07','reasonCode':'AC04'");
        assertThat(accruals(ids, "2025-03-31")).containsExactly("S.1 620.00 287.86 0.00");
        assertThat(accruals(ids, "2025-04-13")).containsExactly("S.1 310.00 0.00 310.00");
    }

    @Test
    void noMoreIsAccruedThanIsLeftOfTheLine() {
        Opened ids = opened(FIRST, "2026-03-16", "8060.00");
        schedule(ids, LocalDate.parse(FIRST));
        post(ids, "/payments", "'lineId':'L1','amount':'7200.00','on':'2025-03-18'");
        assertThat(accruals(ids, "2025-03-17")).containsExactly("S.1 620.00 0.00 22.14");
        assertThat(accruals(ids, "2026-03-16")).containsExactly("S.1 620.00 0.00 620.00", "S.2 240.00 0.00 240.00");
        post(ids, "/payments", "'lineId':'L1','amount':'860.00','on':'2025-06-01'");
        assertThat(accruals(ids, "2026-03-16")).isEmpty();
        assertThat(accruals(ids, "2025-05-31")).hasSize(2);
    }

    @Test
    void twoSchedulesOfALineAccrueItsAllocationOnce() {
        Opened ids = scheduled();
        post(
                ids,
                "/schedules",
                "'scheduleId':'T','lineId':'L1','frequency':'FOUR_WEEKLY','firstPayOn':'" + FIRST + "'");
        assertThat(rows("/api/v1/reports/accruals?accountId=" + ids.accountId() + "&asOf=2026-03-16")
                        .map(row -> new BigDecimal(row.path("accrued").asString()))
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo("8060.00");
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    /** 620.00 every four weeks for a year from the rulebook's seventeenth of March. */
    private Opened scheduled() {
        Opened ids = opened(FIRST, "2026-03-16", "8060.00");
        schedule(ids, LocalDate.parse(FIRST));
        return ids;
    }

    private void schedule(Opened ids, LocalDate firstPayOn) {
        post(
                ids,
                "/schedules",
                "'scheduleId':'S','lineId':'L1','frequency':'FOUR_WEEKLY','firstPayOn':'" + firstPayOn + "'");
    }

    private void revise(Opened ids, String annualAmount, String from) {
        ok(finance()
                .tell(
                        "/api/v1/budgets/" + ids.budgetId() + "/lines/L1/revision",
                        "{'annualAmount':'" + annualAmount + "','from':'" + from
                                + "','reasons':'Assessed anew','noticeGivenOn':'" + from + "'}"));
    }

    /** Instalment, net, prepaid and accrued. */
    private List<String> accruals(Opened ids, String asOf) {
        return rows("/api/v1/reports/accruals?accountId=" + ids.accountId() + "&asOf=" + asOf)
                .map(row -> figures(row, "instalmentId", "net", "prepaid", "accrued"))
                .toList();
    }

    /** Instalment, amount and state. */
    private List<String> amounts(Opened ids, String asOf) {
        return rows("/api/v1/accounts/" + ids.accountId() + "/schedules?asOf=" + asOf)
                .flatMap(schedule -> schedule.path("instalments").valueStream())
                .map(row -> figures(row, "instalmentId", "amount", "state"))
                .toList();
    }

    private Stream<JsonNode> rows(String path) {
        return ok(finance().get(path)).json().path("items").valueStream();
    }

    private static String figures(JsonNode row, String... names) {
        return Arrays.stream(names).map(name -> row.path(name).asString()).collect(Collectors.joining(" "));
    }
}
