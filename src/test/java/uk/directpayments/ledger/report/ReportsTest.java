package uk.directpayments.ledger.report;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.account.Journal;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/** Every report over HTTP: what it says, on two dates, and that its totals are those of the journal. */
class ReportsTest extends RunningLedger {

    private static final String HELD = "assets:recipient:";

    @Autowired
    Reports reports;

    @Autowired
    Journal journal;

    private final LocalDate today = BusinessDay.today(Clock.systemUTC());
    private final LocalDate from = today.minusDays(200);
    private final LocalDate to = from.plusYears(1).minusDays(1);

    @Test
    void theBalancesAddUpToTheJournalOnEveryDayAndAsKnownAtEveryInstant() {
        Opened ids = opened(from.toString(), to.toString(), "5200.00", """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"4000.00"},
                 {"lineId":"L2","fundingSource":"SHORT_BREAKS","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"1200.00"}]""", "null");
        pay(ids, "L1", "900.00", today.minusDays(100));
        pay(ids, "L2", "300.00", today.minusDays(90));
        spend(ids, "E1", "123.45", today.minusDays(60));
        post(ids, "/contributions", "'amount':'12.00','on':'" + today.minusDays(50) + "'");
        post(ids, "/expenditures/E1/reversal", "'reason':'twice','on':'" + today.minusDays(10) + "'");
        List<String> instants = jdbc.sql("SELECT recorded_at FROM event_log WHERE position > :head ORDER BY position")
                .param("head", head() - 4)
                .query((row, i) -> row.getTimestamp(1).toInstant().toString())
                .list();
        for (LocalDate day : List.of(from, today.minusDays(95), today.minusDays(55), today)) {
            assertTotalsAreTheJournals(get("balances?asOf=" + day));
            for (String instant : instants) {
                assertTotalsAreTheJournals(get("balances?asOf=" + day + "&knownAt=" + instant));
            }
        }
        JsonNode one = get("balances?accountId=" + ids.accountId());
        assertThat(one.path("items")).hasSize(1);
        assertThat(one.at("/items/0/balance").asString()).isEqualTo("1212.00");
        assertThat(one.at("/items/0/shortBreaks").asString()).isEqualTo("300.00");
        assertThat(one.at("/items/0/clientContribution").asString()).isEqualTo("12.00");
        assertThat(one.at("/items/0/state").asString()).isEqualTo("OPEN");
        assertThat(get("balances?accountId=" + ids.accountId() + "&asOf=" + from.minusDays(1))
                        .path("items"))
                .isEmpty();
        assertThat(get("balances?personId=" + ids.personId())
                        .at("/totals/balance")
                        .asString())
                .isEqualTo("1212.00");
    }

    private void assertTotalsAreTheJournals(JsonNode report) {
        View view = View.now(LocalDate.parse(report.path("asOf").asString()))
                .at(report.path("position").asLong());
        Map<String, Money> bySource = new TreeMap<>();
        Money held = Money.ZERO;
        for (Map.Entry<String, Money> line : journal.trialBalance(null, view).entrySet()) {
            if (line.getKey().startsWith(HELD)) {
                String source = line.getKey().substring(line.getKey().lastIndexOf(':') + 1);
                bySource.merge(source, line.getValue(), Money::plus);
                held = held.plus(line.getValue());
            }
        }
        assertThat(report.at("/totals/balance").asString()).isEqualTo(held.toString());
        for (FundingSource source : FundingSource.values()) {
            assertThat(report.path("totals")
                            .path(BalancesReport.camelCase(source))
                            .asString())
                    .as(source.name())
                    .isEqualTo(bySource.getOrDefault(source.name(), Money.ZERO).toString());
        }
    }

    @Test
    void everyReportSaysTheSameInEveryFormat() throws Exception {
        Opened ids = opened(from.toString(), to.toString(), "1000.00");
        pay(ids, "L1", "100.00", today.minusDays(20));
        for (Report report : reports.all()) {
            JsonNode json = get(report.name());
            List<String> names = report.columns().stream().map(Column::name).toList();
            assertThat(json.path("columns")
                            .valueStream()
                            .map(c -> c.path("name").asString()))
                    .as(report.name())
                    .containsExactlyElementsOf(names);
            assertThat(names).doesNotHaveDuplicates();
            String at = report.name() + "?asOf=" + json.path("asOf").asString() + "&format=";
            Caller.Answer csv = ok(finance().get("/api/v1/reports/" + at + "csv"));
            assertThat(csv.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
            assertThat(csv.header("Content-Disposition"))
                    .isEqualTo("attachment; filename=\"" + report.name() + "-" + today + ".csv\"");
            List<List<String>> lines = lines(csv);
            List<String> heads = new ArrayList<>(names);
            heads.add("unavailable");
            assertThat(lines.get(0)).containsExactlyElementsOf(heads);
            assertThat(lines.stream().skip(1).map(line -> line.subList(0, names.size())))
                    .as(report.name())
                    .containsExactlyElementsOf(json.path("items")
                            .valueStream()
                            .map(item -> report.columns().stream()
                                    .map(column -> cell(column, item))
                                    .toList())
                            .toList());
            String sheet = ReportFormatsTest.sheets(finance().bytes("/api/v1/reports/" + at + "xlsx"))
                    .get("xl/worksheets/sheet1.xml");
            assertThat(ReportFormatsTest.rows(sheet))
                    .as(report.name())
                    .isEqualTo(lines.size() + (json.path("totals").isEmpty() ? 0 : 1));
        }
    }

    /** API: Lists. */
    @Test
    void aReportInJsonComesWholeOrInPagesWithTheTotalsOfTheWhole() {
        Opened ids = opened(from.toString(), to.toString(), "500.00", """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"200.00"},
                 {"lineId":"L2","fundingSource":"SHORT_BREAKS","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"200.00"},
                 {"lineId":"L3","fundingSource":"CARER","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"100.00"}]""", "null");
        String of = "budget-v-actual?budgetId=" + ids.budgetId();
        JsonNode whole = get(of);
        assertThat(whole.path("items")).hasSize(3);
        assertThat(whole.has("next")).isTrue();
        assertThat(whole.path("next").isNull()).isTrue();

        JsonNode first = get(of + "&limit=2");
        assertThat(lineIds(first)).containsExactly("L1", "L2");
        assertThat(first.path("totals")).isEqualTo(whole.path("totals"));
        // what is recorded meanwhile is not on the pages to come
        pay(ids, "L1", "50.00", today.minusDays(20));
        String cursor = "&cursor=" + first.path("next").asString();
        JsonNode second = get(of + "&limit=2" + cursor);
        assertThat(lineIds(second)).containsExactly("L3");
        assertThat(second.path("next").isNull()).isTrue();
        assertThat(second.path("totals")).isEqualTo(whole.path("totals"));
        assertThat(second.path("position")).isEqualTo(first.path("position"));
        assertThat(lineIds(get(of + cursor))).containsExactly("L3");
        assertThat(get(of + "&limit=3").path("next").isNull()).isTrue();
        assertThat(get(of).at("/totals/paid").asString()).isEqualTo("50.00");
        refused("reports/balances?limit=2" + cursor, 400, "CURSOR_INVALID");
    }

    private static List<String> lineIds(JsonNode report) {
        return report.path("items")
                .valueStream()
                .map(row -> row.path("lineId").asString())
                .toList();
    }

    @Test
    void budgetAgainstActualAndOverspendsAreLineByLine() {
        Opened ids = opened(from.toString(), to.toString(), "300.00", """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"=CARE","annualAmount":"200.00"},
                 {"lineId":"L2","fundingSource":"SHORT_BREAKS","mode":"COUNCIL_MANAGED","category":"CARE","annualAmount":"100.00"}]""", "null");
        pay(ids, "L1", "150.00", today.minusDays(20));
        post(
                ids,
                "/expenditures",
                "'amount':'230.00','on':'" + today.minusDays(10) + "','payee':'Carer','lineId':'L1'");
        String of = "?budgetId=" + ids.budgetId();
        JsonNode budget = get("budget-v-actual" + of);
        assertThat(figures(budget.at("/items/0"), "lineId", "allocated", "paid", "spent", "unspent", "variance"))
                .containsExactly("L1", "200.00", "150.00", "230.00", "-80.00", "-30.00");
        assertThat(figures(budget.at("/items/1"), "budgetMode", "mode", "paid", "committed", "variance"))
                .containsExactly("COMBINATION", "COUNCIL_MANAGED", "0.00", "100.00", "0.00");
        assertThat(figures(budget.path("totals"), "allocated", "spent")).containsExactly("300.00", "230.00");
        assertThat(figures(
                        get("budget-v-actual" + of + "&asOf=" + today.minusDays(15))
                                .at("/items/0"),
                        "paid",
                        "spent"))
                .containsExactly("150.00", "0.00");
        JsonNode over = get("overspends" + of);
        assertThat(figures(over.at("/items/0"), "kind", "accountId", "belowZero"))
                .containsExactly("ACCOUNT_BELOW_ZERO", ids.accountId(), "80.00");
        assertThat(figures(over.at("/items/1"), "kind", "lineId", "abovePlan"))
                .containsExactly("LINE_ABOVE_PLAN", "L1", "30.00");
        assertThat(get("overspends" + of + "&asOf=" + today.minusDays(15)).path("items"))
                .isEmpty();
        String csv = ok(finance().get("/api/v1/reports/budget-v-actual" + of + "&format=csv"))
                .response()
                .body();
        assertThat(csv).contains(",'=CARE,", ",-80.00,-30.00,");
    }

    @Test
    void budgetAgainstActualOfAPeriodCountsWhatWasRecordedLateInTheFirstOpenMonth() {
        Opened ids = opened("2022-01-01", "2022-12-31", "3650.00");
        pay(ids, "L1", "500.00", LocalDate.parse("2022-02-10"));
        spend(ids, "E1", "100.00", LocalDate.parse("2022-02-20"));
        spend(ids, "E2", "10.00", LocalDate.parse("2022-03-20"));
        String of = "budget-v-actual?budgetId=" + ids.budgetId();
        String february = of + "&from=2022-02-01&to=2022-02-28";
        String march = of + "&from=2022-03-01&to=2022-03-31";
        assertThat(moved(february)).containsExactly("280.00", "500.00", "100.00", "400.00", "180.00");
        assertThat(moved(march)).containsExactly("310.00", "0.00", "10.00", "-10.00", "300.00");

        String known = Instant.now().toString();
        ok(finance().post("/api/v1/periods/2022-02/seal", "{}"));
        spend(ids, "E3", "7.00", LocalDate.parse("2022-02-21"));
        post(ids, "/expenditures/E1/reversal", "'reason':'not ours'");
        // the sealed month's figures stay, also those of a part of it; March has what came late
        assertThat(moved(february)).containsExactly("280.00", "500.00", "100.00", "400.00", "180.00");
        assertThat(moved(of + "&from=2022-02-20&to=2022-02-28"))
                .containsExactly("90.00", "0.00", "100.00", "-100.00", "-10.00");
        assertThat(moved(march)).containsExactly("310.00", "0.00", "-83.00", "83.00", "393.00");
        assertThat(moved(march + "&knownAt=" + known)).containsExactly("310.00", "0.00", "10.00", "-10.00", "300.00");
        // both together are what the days themselves say, and the year is what there is without a period
        assertThat(moved(of + "&from=2022-02-01&to=2022-03-31"))
                .containsExactly("590.00", "500.00", "17.00", "483.00", "573.00");
        assertThat(moved(of + "&from=2022-01-01&to=2022-12-31")).isEqualTo(moved(of));
        assertThat(moved(march + "&asOf=2022-02-28")).containsExactly("310.00", "0.00", "-93.00", "93.00", "403.00");
        assertThat(moved(march + "&asOf=2022-02-19")).containsExactly("310.00", "0.00", "0.00", "0.00", "310.00");
        assertThat(get(of + "&from=2021-01-01&to=2021-12-31").path("items")).isEmpty();
    }

    /** Rulebook 4.1. */
    @Test
    void budgetAgainstActualSaysWhoPaysASourceAndWhetherItIsRecoverable() {
        Opened ids = opened(from.toString(), to.toString(), "300.00", """
                [{"lineId":"L1","fundingSource":"NHS_CONTINUING_CARE","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"200.00"},
                 {"lineId":"L2","fundingSource":"PARENT_TOP_UP","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"100.00"}]""", "null");
        ok(Caller.as("admin", port)
                .tell(
                        "/api/v1/policies",
                        "{'effectiveFrom':'" + today
                                + "','settings':{'payerOrganisations':{'NHS_CONTINUING_CARE':'North ICB'},"
                                + "'recoverable':{'NHS_CONTINUING_CARE':false}}}"));
        String of = "budget-v-actual?budgetId=" + ids.budgetId();
        for (String by : List.of("", "&by=SOURCE")) {
            JsonNode items = get(of + by).path("items");
            assertThat(figures(items.path(0), "fundingSource", "payerOrganisation", "recoverable"))
                    .containsExactly("NHS_CONTINUING_CARE", "North ICB", "false");
            assertThat(figures(items.path(1), "fundingSource", "payerOrganisation", "recoverable"))
                    .containsExactly("PARENT_TOP_UP", "FAMILY", "false");
        }
        JsonNode before = get(of + "&asOf=" + today.minusDays(1)).at("/items/0");
        assertThat(before.path("payerOrganisation").isNull()).isTrue();
        assertThat(before.path("recoverable").asBoolean()).isTrue();
    }

    @Test
    void budgetAgainstActualIsAddedUpBySourceAndItsCostCentre() {
        Opened ids = opened(from.toString(), to.toString(), "600.00", """
                [{"lineId":"L1","fundingSource":"SHORT_BREAKS","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"200.00"},
                 {"lineId":"L2","fundingSource":"CARER","mode":"COUNCIL_MANAGED","category":"CARE","annualAmount":"100.00"},
                 {"lineId":"L3","fundingSource":"SHORT_BREAKS","mode":"DIRECT_PAYMENT","category":"REST","annualAmount":"300.00"}]""", "null");
        pay(ids, "L1", "150.00", today.minusDays(20));
        pay(ids, "L3", "20.00", today.minusDays(20));
        ok(Caller.as("admin", port)
                .tell(
                        "/api/v1/policies",
                        "{'effectiveFrom':'" + today + "','settings':{'costCentres':{'SHORT_BREAKS':'SB 1/2'}}}"));
        String of = "budget-v-actual?budgetId=" + ids.budgetId();
        JsonNode report = get(of + "&by=SOURCE");
        assertThat(report.path("items")).hasSize(2);
        assertThat(figures(report.at("/items/0"), "fundingSource", "costCentre", "allocated", "paid", "variance"))
                .containsExactly("SHORT_BREAKS", "SB 1/2", "500.00", "170.00", "500.00");
        assertThat(figures(report.at("/items/1"), "fundingSource", "allocated", "committed"))
                .containsExactly("CARER", "100.00", "100.00");
        assertThat(report.at("/items/0/lineId").isNull()).isTrue();
        assertThat(report.at("/items/1/costCentre").isNull()).isTrue();
        assertThat(report.path("totals")).isEqualTo(get(of).path("totals"));
        assertThat(get(of).at("/items/2/costCentre").asString()).isEqualTo("SB 1/2");
        // the cost centre of a period is the one at its end
        assertThat(get(of + "&from=" + from + "&to=" + today.minusDays(1))
                        .at("/items/0/costCentre")
                        .isNull())
                .isTrue();
    }

    private List<String> moved(String report) {
        return figures(get(report).at("/items/0"), "allocated", "paid", "spent", "unspent", "variance");
    }

    @Test
    void moneyToComeBackAndMoneyToComeInIsAged() {
        Opened ids = opened(from.toString(), to.toString(), "5200.00");
        post(
                ids,
                "/payments",
                "'lineId':'L1','amount':'2000.00','contribution':'40.00','on':'" + today.minusDays(100) + "'");
        String of = "?accountId=" + ids.accountId();
        JsonNode surplus = get("surpluses" + of + "&asOf=" + today.minusDays(1));
        assertThat(figures(surplus.at("/items/0"), "balance", "kept", "reclaimable", "days", "to180", "older"))
                .containsExactly("1960.00", "800.00", "1160.00", "99", "1160.00", "0.00");
        assertThat(figures(get("contribution-arrears" + of).at("/items/0"), "expected", "arrears", "to180"))
                .containsExactly("40.00", "40.00", "40.00");
        post(ids, "/recoveries", "'recoveryId':'R1','amount':'100.00'");
        ok(approver().post("/api/v1/accounts/" + ids.accountId() + "/recoveries/R1/approval", "{}"));
        post(ids, "/recoveries/R1/receipt", "'amount':'60.00','on':'" + today + "'");
        assertThat(figures(get("recoveries" + of).at("/items/0"), "state", "amount", "received", "outstanding"))
                .containsExactly("APPROVED", "100.00", "60.00", "40.00");
        assertThat(get("recoveries" + of + "&asOf=" + today.minusDays(1)).path("items"))
                .isEmpty();

        // what a recovery has asked for is not asked for again
        assertThat(figures(surplus.at("/items/0"), "unclaimed")).containsExactly("1160.00");
        JsonNode less = get("surpluses" + of);
        assertThat(figures(less.at("/items/0"), "reclaimable", "unclaimed")).containsExactly("1100.00", "1060.00");
        assertThat(less.at("/totals/unclaimed").asString()).isEqualTo("1060.00");
        assertThat(ok(finance().get("/api/v1/accounts/" + ids.accountId()))
                        .json()
                        .path("unclaimedSurplus")
                        .asString())
                .isEqualTo("1060.00");
    }

    /** Rulebook 3.8, 4.21, 7.10 number 9. */
    @Test
    void whatIsUpheldOfAFlagIsARecoveryFromThatDayOnUntilItIsSettled() {
        Opened ids = opened(from.toString(), to.toString(), "5200.00");
        post(
                ids,
                "/expenditures",
                "'expenditureId':'BET','amount':'100.00','on':'" + today.minusDays(40)
                        + "','payee':'Bets','mcc':'7995'");
        String of = "recoveries?accountId=" + ids.accountId();
        String id = get("flags?accountId=" + ids.accountId() + "&reason=GAMBLING")
                .at("/items/0/flagId")
                .asString();
        String flag = "/api/v1/flags/" + id;
        assertThat(get(of).path("items")).isEmpty();
        ok(finance()
                .tell(flag + "/upholding", "{'amount':'80.00','ground':'PROHIBITED','reason':'A bet','waiver':true}"));
        String[] columns = {
            "flagId", "recoveryId", "state", "proposedOn", "amount", "received", "writtenOff", "outstanding"
        };
        assertThat(figures(get(of).at("/items/0"), columns))
                .containsExactly(id, "", "UPHELD", "", "80.00", "0.00", "0.00", "80.00");
        String known = Instant.now().toString();
        ok(finance()
                .tell(
                        flag + "/repayment-request",
                        "{'amount':'50.00','due':'" + today.plusDays(28) + "','debtor':'Sam Quixwood'}"));
        ok(finance().tell(flag + "/repayments", "{'amount':'30.00','on':'" + today + "','method':'BANK_TRANSFER'}"));
        JsonNode report = get(of);
        assertThat(figures(report.at("/items/0"), columns))
                .containsExactly(id, "", "REPAYMENT_REQUESTED", today.toString(), "80.00", "30.00", "0.00", "50.00");
        assertThat(figures(report.path("totals"), "amount", "received", "outstanding"))
                .containsExactly("80.00", "30.00", "50.00");
        assertThat(report.toString()).doesNotContain("Quixwood");
        ok(finance()
                .tell(
                        flag + "/write-off",
                        "{'amount':'50.00','authority':'HEAD_OF_SERVICE','reason':'Cannot be had'}"));
        assertThat(figures(get(of).at("/items/0"), columns))
                .containsExactly(id, "", "WRITTEN_OFF", today.toString(), "80.00", "30.00", "50.00", "0.00");
        assertThat(figures(get(of + "&knownAt=" + known).at("/items/0"), columns))
                .containsExactly(id, "", "UPHELD", "", "80.00", "0.00", "0.00", "80.00");
        assertThat(get(of + "&asOf=" + today.minusDays(1)).path("items")).isEmpty();

        settled();
        jdbc.sql(
                        "INSERT INTO parked_event (processor, key, position, name, cause) VALUES ('flag-register', :key, :at, 'n', 'c')")
                .param("key", ids.personId())
                .param("at", head())
                .update();
        try {
            assertThat(get(of).at("/items/0/unavailable").asBoolean()).isTrue();
        } finally {
            jdbc.sql("DELETE FROM parked_event WHERE processor = 'flag-register'")
                    .update();
        }
    }

    @Test
    void whatWasPaidAfterADeathIsToBeRaisedUntilItCameBackOrSomebodyHas() {
        Opened ids = opened(from.toString(), to.toString(), "5200.00");
        String died = today.minusDays(40).toString();
        pay(ids, "L1", "100.00", today.minusDays(40));
        post(ids, "/payments", "'paymentId':'P1','lineId':'L1','amount':'70.00','on':'" + today.minusDays(39) + "'");
        post(ids, "/payments", "'paymentId':'P2','lineId':'L1','amount':'30.00','on':'" + today.minusDays(10) + "'");
        String of = "recoveries?accountId=" + ids.accountId();
        String known = Instant.now().toString();
        assertThat(get(of).path("items")).isEmpty();
        ok(finance().tell("/api/v1/people/" + ids.personId() + "/death", "{'on':'" + died + "'}"));

        JsonNode report = get(of);
        assertThat(report.path("items")).hasSize(1);
        assertThat(figures(report.at("/items/0"), "accountId", "state", "toRaise"))
                .containsExactly(ids.accountId(), "TO_RAISE", "100.00");
        assertThat(figures(report.path("totals"), "outstanding", "toRaise")).containsExactly("0.00", "100.00");
        assertThat(get(of + "&asOf=" + today.minusDays(11))
                        .at("/items/0/toRaise")
                        .asString())
                .isEqualTo("70.00");
        assertThat(get(of + "&asOf=" + today.minusDays(41)).path("items")).isEmpty();
        assertThat(get(of + "&knownAt=" + known).path("items")).isEmpty();

        post(ids, "/payments/P2/return", "'on':'" + today + "','reasonCode':'AC04'");
        assertThat(get(of).at("/items/0/toRaise").asString()).isEqualTo("70.00");
        post(ids, "/recoveries", "'recoveryId':'R1','amount':'50.00'");
        assertThat(figures(get(of).at("/items/0"), "recoveryId", "amount")).containsExactly("R1", "50.00");
        assertThat(figures(get(of).at("/items/1"), "state", "toRaise")).containsExactly("TO_RAISE", "20.00");
        post(ids, "/recoveries", "'recoveryId':'R2','amount':'120.00'");
        assertThat(get(of).path("items")).hasSize(2);
    }

    @Test
    void aSurplusTooSmallToChaseIsLeftOut() {
        Opened ids = opened(from.toString(), to.toString(), "520.00");
        pay(ids, "L1", "129.99", today.minusDays(3));
        String of = "surpluses?accountId=" + ids.accountId() + "&asOf=";
        assertThat(get(of + today.minusDays(2)).path("items")).isEmpty();
        pay(ids, "L1", "0.01", today.minusDays(1));
        assertThat(get(of + today.minusDays(1)).at("/items/0/reclaimable").asString())
                .isEqualTo("50.00");
    }

    @Test
    void instalmentsArePrepaidAndRunsHaveExceptions() {
        Opened ids = opened(from.toString(), to.toString(), "5200.00");
        post(
                ids,
                "/schedules",
                "'scheduleId':'S','lineId':'L1','frequency':'FOUR_WEEKLY','firstPayOn':'" + today.minusDays(14) + "'");
        pay(ids, "L1','instalmentId':'S.1", "400.00", today.minusDays(14));
        String of = "?accountId=" + ids.accountId();
        JsonNode accruals = get("accruals" + of);
        assertThat(figures(accruals.at("/items/0"), "instalmentId", "net", "prepaid", "accrued"))
                .containsExactly("S.1", "400.00", "185.71", "0.00");
        LocalDate payDate = payableFrom(today.plusDays(14));
        String run = fresh("RUN");
        ok(finance()
                .tell(
                        "/api/v1/payment-runs",
                        "{'runId':'" + run + "','cutOff':'" + payDate + "','payDate':'" + payDate + "'}"));
        JsonNode exceptions = get("payment-exceptions" + of);
        assertThat(figures(exceptions.at("/items/0"), "runId", "instalmentId", "state", "resolved"))
                .containsExactly(run, "S.2", "HELD", "false");
        assertThat(exceptions.at("/items/0/exceptions").asString()).contains("NO_BANK_DETAILS");
        assertThat(get("payment-exceptions" + of + "&asOf=" + today.minusDays(1))
                        .path("items"))
                .isEmpty();
    }

    /** Rulebook 4.7, 4.21: ten days of 100.00 a week, of which three are still to come, and one lies before the pay day. */
    @Test
    void ofAPartPeriodTheDaysThatItCoversArePrepaid() {
        Opened ids = opened(today.minusDays(6).toString(), today.plusDays(3).toString(), "5200.00");
        post(
                ids,
                "/schedules",
                "'scheduleId':'S','lineId':'L1','frequency':'FOUR_WEEKLY','firstPayOn':'" + today.minusDays(5)
                        + "','coversFrom':'" + today.minusDays(6) + "'");
        String of = "accruals?accountId=" + ids.accountId();
        assertThat(figures(get(of + "&asOf=" + today).at("/items/0"), "from", "to", "net", "accrued"))
                .containsExactly(
                        today.minusDays(6).toString(), today.plusDays(3).toString(), "142.86", "100.00");
        pay(ids, "L1','instalmentId':'S.1", "142.86", today.minusDays(5));
        assertThat(get(of).at("/items/0/prepaid").asString()).isEqualTo("42.86");
    }

    @Test
    void nothingIsAccruedForInstalmentsThatADeathHasStopped() {
        Opened ids = opened(from.toString(), to.toString(), "5200.00");
        post(
                ids,
                "/schedules",
                "'scheduleId':'S','lineId':'L1','frequency':'FOUR_WEEKLY','firstPayOn':'" + today.minusDays(60) + "'");
        String of = "?accountId=" + ids.accountId();
        String known = Instant.now().toString();
        List<String> all = List.of("S.1 400.00", "S.2 400.00", "S.3 71.43");
        assertThat(accrued(get("accruals" + of))).isEqualTo(all);
        ok(finance().tell("/api/v1/people/" + ids.personId() + "/death", "{'on':'" + today.minusDays(40) + "'}"));
        // 21 of its 28 days at 100.00 a week
        assertThat(accrued(get("accruals" + of))).containsExactly("S.1 300.00");
        assertThat(accrued(get("accruals" + of + "&knownAt=" + known))).isEqualTo(all);
    }

    private static List<String> accrued(JsonNode report) {
        return report.path("items")
                .valueStream()
                .map(row -> row.path("instalmentId").asString() + " "
                        + row.path("accrued").asString())
                .toList();
    }

    @Test
    void reviewsFlagsDaysAndRetentionAreListed() {
        Opened ids = opened(from.minusYears(2).toString(), to.toString(), "5200.00");
        pay(ids, "L1", "100.00", today.minusMonths(13));
        JsonNode review = get("reviews-due?budgetId=" + ids.budgetId()).at("/items/0");
        assertThat(figures(review, "firstPaidOn", "due", "overdue"))
                .containsExactly(
                        today.minusMonths(13).toString(),
                        today.minusMonths(13).plusMonths(12).toString(),
                        "true");
        assertThat(get("reviews-due?budgetId=" + ids.budgetId() + "&asOf=" + from.minusYears(1))
                        .path("items"))
                .isEmpty();

        post(
                ids,
                "/expenditures",
                "'expenditureId':'BET','amount':'100.00','on':'" + today.minusDays(40)
                        + "','payee':'Bets','mcc':'7995'");
        JsonNode flags = get("flags?accountId=" + ids.accountId() + "&severity=HIGH");
        assertThat(figures(flags.at("/items/0"), "transactionId", "state", "amount", "days", "detector"))
                .containsExactly("BET", "RAISED", "100.00", "40", "MCC");
        assertThat(get("flags?accountId=" + ids.accountId() + "&severity=MEDIUM")
                        .path("items"))
                .isEmpty();
        assertThat(get("flags?accountId=" + ids.accountId() + "&state=UPHELD").path("items"))
                .isEmpty();

        ok(finance().post("/api/v1/people/" + ids.personId() + "/residential-stays", """
                {"accountId":"%s","provider":"Home","setting":"CARE_HOME","admitted":"%s","discharged":"%s","fundedByDirectPayment":true,"status":"ACTUAL"}""".formatted(
                        ids.accountId(), today.minusDays(30), today.minusDays(20))));
        JsonNode days = get("residential-days?personId=" + ids.personId()).at("/items/0");
        JsonNode own = ok(finance().get("/api/v1/people/" + ids.personId() + "/residential-days"))
                .json();
        assertThat(figures(days, "basis", "childCountedTotal", "childRemaining", "childIn12MonthsToAsOf"))
                .containsExactly(
                        own.path("basis").asString(),
                        own.at("/child/countedTotal").asString(),
                        own.at("/child/remaining").asString(),
                        own.at("/child/in12MonthsToAsOf").asString());
        assertThat(get("residential-days?personId=" + ids.personId() + "&basis=INCLUSIVE_DAYS")
                        .at("/items/0/childCountedTotal")
                        .asInt())
                .isEqualTo(own.at("/child/countedTotal").asInt() + 1);

        Opened closed = opened(from.toString(), to.toString(), "1000.00");
        post(closed, "/closure", "'on':'" + today.minusDays(5) + "'");
        String of = "retention-due?accountId=" + closed.accountId();
        assertThat(figures(get(of).at("/items/0"), "closedOn", "keepUntil", "due"))
                .containsExactly(
                        today.minusDays(5).toString(),
                        today.minusDays(5).plusYears(7).toString(),
                        "false");
        assertThat(get(of + "&asOf=" + today.minusDays(6)).path("items")).isEmpty();
        assertThat(get(of + "&asOf=" + today.plusYears(7)).at("/items/0/due").asBoolean())
                .isTrue();
    }

    /** Rulebook 4.18. */
    @Test
    void nothingIsDueOfSomebodyWhoHasBeenErased() {
        Opened ids = opened(from.toString(), to.toString(), "1000.00");
        post(ids, "/closure", "'on':'" + today.minusDays(5) + "'");
        Opened other = opened(from.toString(), to.toString(), "1000.00");
        post(other, "/closure", "'on':'" + today.minusDays(5) + "'");
        String due = "retention-due?asOf=" + today.plusYears(8) + "&accountId=";
        String known = Instant.now().toString();
        assertThat(get(due + ids.accountId()).at("/items/0/due").asBoolean()).isTrue();
        ok(Caller.as("admin", port)
                .tell("/api/v1/people/" + ids.personId() + "/erasure", "{'reason':'Kept long enough'}"));
        assertThat(get(due + ids.accountId()).path("items")).isEmpty();
        assertThat(get(due + other.accountId()).at("/items/0/due").asBoolean()).isTrue();
        assertThat(get(due + ids.accountId() + "&knownAt=" + known).path("items"))
                .hasSize(1);
        // on the days before, the papers were there
        assertThat(get("retention-due?asOf=" + today.minusDays(1) + "&accountId=" + ids.accountId())
                        .path("items"))
                .hasSize(1);
    }

    @Test
    void whatIsPublishedHidesSmallCountsAndAdultsHaveADeliveryMechanism() {
        String person = adult();
        String budget = adultBudget(
                person,
                "900.00",
                "{'lineId':'L1','fundingSource':'ADULT_SOCIAL_CARE','mode':'DIRECT_PAYMENT','category':'CARE','annualAmount':'600.00'},"
                        + "{'lineId':'L2','fundingSource':'S117_AFTERCARE','mode':'THIRD_PARTY','category':'DAY','annualAmount':'300.00'}");
        JsonNode adults = get("client-level-data?budgetId=" + budget);
        assertThat(figures(adults.at("/items/0"), "deliveryMechanism", "directPayment", "annualAmount"))
                .containsExactly("Direct Payment", "PART", "600.00");
        assertThat(figures(adults.at("/items/1"), "deliveryMechanism", "directPayment"))
                .containsExactly("CASSR Managed Personal Budget", "PART");
        assertThat(get("client-level-data?budgetId=" + budget + "&asOf=" + to.plusDays(1))
                        .path("items"))
                .isEmpty();

        JsonNode counts = get("foi-counts");
        assertThat(counts.path("totals")).isEmpty();
        assertThat(counts.path("items")
                        .valueStream()
                        .filter(item -> item.path("fundingSource").asString("").equals("S117_AFTERCARE")))
                .isNotEmpty()
                .allSatisfy(item -> {
                    assertThat(item.path("suppressed").asBoolean()).isTrue();
                    assertThat(item.path("count").isNull()).isTrue();
                    assertThat(item.path("annualAmount").isNull()).isTrue();
                });
        assertThat(counts.path("items")
                        .valueStream()
                        .filter(item -> !item.path("count").isNull()))
                .allMatch(item -> item.path("count").asInt() >= SmallCounts.LEAST);
    }

    /** Rulebook 4.21. */
    @Test
    void somebodyWithADirectPaymentOnOneBudgetAndAManagedLineOnAnotherHasAPartDirectPaymentOnBoth() {
        String person = adult();
        String line =
                "{'lineId':'L1','fundingSource':'ADULT_SOCIAL_CARE','mode':'%s','category':'CARE','annualAmount':'600.00'}";
        String paid = adultBudget(person, "600.00", line.formatted("DIRECT_PAYMENT"));
        String of = "client-level-data?personId=" + person;
        assertThat(figures(get(of).at("/items/0"), "directPayment")).containsExactly("FULL");
        String managed = adultBudget(person, "600.00", line.formatted("COUNCIL_MANAGED"));
        assertThat(get(of).path("items"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(figures(row, "directPayment")).containsExactly("PART"));
        for (String one : List.of(paid, managed)) {
            JsonNode rows = get("client-level-data?budgetId=" + one).path("items");
            assertThat(rows).hasSize(1);
            assertThat(figures(rows.get(0), "budgetId", "directPayment")).containsExactly(one, "PART");
        }
    }

    /** Rulebook 4.21: the returns of 31 March count the budgets that end with the year. */
    @Test
    void onItsLastDayABudgetIsStillInForce() {
        String budget = adultBudget(
                adult(),
                "600.00",
                "{'lineId':'L1','fundingSource':'PERSONAL_TRAVEL','mode':'DIRECT_PAYMENT','category':'CARE','annualAmount':'600.00'}");
        ok(finance().tell("/api/v1/budgets/" + budget + "/end", "{'on':'" + today.minusDays(9) + "','cause':'Moved'}"));
        for (int after = 0; after <= 1; after++) {
            String asOf = "asOf=" + today.minusDays(9).plusDays(after);
            assertThat(get("client-level-data?budgetId=" + budget + "&" + asOf).path("items"))
                    .hasSize(1 - after);
            assertThat(get("foi-counts?" + asOf).path("items").valueStream())
                    .filteredOn(row -> row.path("fundingSource").asString("").equals("PERSONAL_TRAVEL"))
                    .hasSize(1 - after);
        }
    }

    /** Rulebook 1.6: the budget of the next year has its own. */
    @Test
    void noReviewIsDueOfABudgetWhosePeriodIsOver() {
        Opened ids = opened(from.toString(), to.toString(), "5200.00");
        pay(ids, "L1", "100.00", from.plusDays(1));
        for (int after = 0; after <= 1; after++) {
            String asOf = "asOf=" + to.plusDays(after);
            assertThat(get("reviews-due?budgetId=" + ids.budgetId() + "&" + asOf)
                            .path("items"))
                    .hasSize(1 - after);
            JsonNode budget = ok(finance().get("/api/v1/budgets/" + ids.budgetId() + "?" + asOf))
                    .json();
            assertThat(budget.path("reviewsDue")).hasSize(1 - after);
            assertThat(budget.path("status").asString()).isEqualTo("ACTIVE");
        }
    }

    private String adult() {
        String person = fresh("P");
        ok(finance()
                .tell(
                        "/api/v1/people",
                        "{'personId':'" + person + "','name':'Ann Example','dateOfBirth':'1980-01-01'}"));
        return person;
    }

    private String adultBudget(String person, String annual, String lines) {
        String budget = fresh("B");
        ok(finance()
                .tell(
                        "/api/v1/budgets",
                        "{'budgetId':'" + budget + "','personId':'" + person
                                + "','legalBasis':'ADULT_CARE_ACT','exclusionCheckedOn':'" + from + "','requestedOn':'"
                                + from + "','requestedBy':'self'}"));
        String period = "'from':'" + from + "','to':'" + to + "'";
        ok(finance()
                .tell(
                        "/api/v1/budgets/" + budget + "/indicative-amount",
                        "{'amount':'" + annual + "'," + period + ",'method':'RAS'}"));
        ok(approver()
                .tell(
                        "/api/v1/budgets/" + budget + "/panel-decision",
                        "{'outcome':'APPROVED','decidedOn':'" + from + "'}"));
        ok(finance()
                .tell(
                        "/api/v1/budgets/" + budget + "/finalisation",
                        "{" + period + ",'annualAmount':'" + annual + "','lines':[" + lines + "]}"));
        return budget;
    }

    @Test
    void aFigureThatCannotBeRightIsMarkedAndLeavesNoTotal() {
        Opened ids = opened(from.toString(), to.toString(), "1000.00");
        // what comes behind a letter is parked as well, and these letters are thrown away
        settled();
        String park =
                "INSERT INTO parked_event (processor, key, position, name, cause) VALUES (:processor, :key, :at, 'n', 'c')";
        Map<String, List<String>> affected = Map.of(
                "account-balances", List.of("balances", "overspends", "budget-v-actual", "surpluses"),
                "account-settlements", List.of("surpluses", "recoveries"),
                "account-schedules", List.of("accruals"),
                "contribution-arrears", List.of("contribution-arrears"));
        affected.forEach((processor, names) -> {
            jdbc.sql(park)
                    .param("processor", processor)
                    .param("key", ids.accountId())
                    .param("at", head())
                    .update();
            try {
                for (String name : names) {
                    JsonNode report = get(name + "?budgetId=" + ids.budgetId());
                    assertThat(report.at("/items/0/unavailable").asBoolean())
                            .as(name)
                            .isTrue();
                    assertThat(report.path("totals").valueStream()).as(name).allMatch(JsonNode::isNull);
                    assertThat(get(name).path("totals").valueStream()).as(name).allMatch(JsonNode::isNull);
                }
            } finally {
                jdbc.sql("DELETE FROM parked_event WHERE processor = :processor")
                        .param("processor", processor)
                        .update();
            }
        });
        jdbc.sql(park)
                .param("processor", "account-register")
                .param("key", "never-opened")
                .param("at", head())
                .update();
        jdbc.sql(park)
                .param("processor", "budget-register")
                .param("key", ids.personId())
                .param("at", head())
                .update();
        try {
            // an account that the register could not even open may hold anything
            JsonNode all = get("balances");
            assertThat(all.at("/totals/balance").isNull()).isTrue();
            assertThat(all.path("items")
                            .valueStream()
                            .filter(item -> item.path("accountId").asString().equals("never-opened")))
                    .hasSize(1);
            assertThat(get("balances?accountId=" + ids.accountId())
                            .at("/totals/balance")
                            .asString())
                    .isEqualTo("0.00");
            assertThat(get("foi-counts").path("items").valueStream())
                    .hasSize(3)
                    .allMatch(item -> item.path("unavailable").asBoolean());
            assertThat(get("budget-v-actual?personId=" + ids.personId())
                            .at("/items/0/unavailable")
                            .asBoolean())
                    .isTrue();
        } finally {
            jdbc.sql("DELETE FROM parked_event WHERE processor IN ('account-register', 'budget-register')")
                    .update();
        }
    }

    /** Rulebook 7.10, number 3: a later reduction may leave more paid than is allocated, and that is what is overpaid. */
    @Test
    void whatWasPaidBeforeAReductionAndIsMoreThanTheNewAmountIsOverpaid() {
        Opened ids = opened(from.toString(), to.toString(), "1200.00");
        pay(ids, "L1", "600.00", today.minusDays(100));
        String of = "overspends?budgetId=" + ids.budgetId();
        assertThat(get(of).path("items")).isEmpty();
        ok(finance()
                .tell(
                        "/api/v1/budgets/" + ids.budgetId() + "/lines/L1/revision",
                        "{'annualAmount':'500.00','from':'" + today.minusDays(50)
                                + "','reasons':'Fewer hours','noticeGivenOn':'" + today.minusDays(80) + "'}"));
        assertThat(figures(get(of).at("/items/0"), "kind", "accountId", "lineId", "abovePlan", "overpaid"))
                .containsExactly("LINE_OVERPAID", ids.accountId(), "L1", "", "100.00");
        assertThat(get(of).at("/totals/overpaid").asString()).isEqualTo("100.00");
        assertThat(get(of + "&asOf=" + today.minusDays(51)).path("items")).isEmpty();
    }

    /** Rulebook 4.16. */
    @Test
    void aBudgetThatHasEndedIsAllocatedNothingForTheYearsThatWouldHaveFollowed() {
        Opened ids = opened("2024-04-01", "2026-03-31", "9400.00", """
                [{"lineId":"L1","fundingSource":"SHORT_BREAKS","mode":"COUNCIL_MANAGED","category":"CARE","annualAmount":"9100.00"},
                 {"lineId":"L2","fundingSource":"CARER","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"300.00"}]""", "null");
        String spent = "'amount':'350.00','on':'2024-06-01','payee':'Carer','lineId':'L2'";
        post(ids, "/expenditures", spent);
        ok(finance().post("/api/v1/people/" + ids.personId() + "/death", "{\"on\":\"2024-10-01\"}"));
        for (String day : List.of("2024-10-02", "2025-03-31", "2025-05-01", "2026-04-01")) {
            JsonNode lines = ok(finance().get("/api/v1/budgets/" + ids.budgetId() + "?asOf=" + day))
                    .json()
                    .path("lines");
            assertThat(figures(lines.path(0), "allocated", "committed")).as(day).containsExactly("9100.00", "9100.00");
            assertThat(lines.at("/1/allocated").asString()).as(day).isEqualTo("300.00");
            String of = "?budgetId=" + ids.budgetId() + "&asOf=" + day;
            assertThat(figures(get("budget-v-actual" + of + "&by=SOURCE").path("totals"), "allocated", "committed"))
                    .as(day)
                    .containsExactly("9400.00", "9100.00");
            assertThat(figures(get("overspends" + of).at("/items/1"), "kind", "lineId", "abovePlan"))
                    .as(day)
                    .containsExactly("LINE_ABOVE_PLAN", "L2", "50.00");
        }
        String ofAPeriod = "budget-v-actual?budgetId=" + ids.budgetId() + "&from=%s-04-01&to=%s-03-31";
        assertThat(get(ofAPeriod.formatted(2024, 2025)).at("/totals/allocated").asString())
                .isEqualTo("9400.00");
        assertThat(get(ofAPeriod.formatted(2025, 2026)).at("/totals/allocated").asString())
                .isEqualTo("0.00");
        assertThat(get(ofAPeriod.formatted(2024, 2026)).at("/totals/allocated").asString())
                .isEqualTo("9400.00");
    }

    @Test
    void whatIsNotAReportAFormatOrAFilterIsRefused() {
        refused("reports/none", 404, "REPORT_NOT_FOUND");
        refused("reports/balances?format=pdf", 400, "FIELD_INVALID");
        refused("reports/balances?severity=HIGH", 400, "FIELD_UNKNOWN");
        refused("reports/flags?state=NONE", 400, "FIELD_INVALID");
        refused("reports/balances?limit=0", 400, "FIELD_INVALID");
        refused("reports/balances?limit=501", 400, "FIELD_INVALID");
        refused("reports/balances?cursor=abc", 400, "CURSOR_INVALID");
        refused("reports/balances?format=csv&limit=5", 400, "FIELD_UNKNOWN");
        refused("reports/balances?format=xlsx&cursor=abc", 400, "CURSOR_INVALID");
        refused("reports/balances?from=2026-01-01&to=2026-01-31", 400, "FIELD_UNKNOWN");
        refused("reports/balances?by=SOURCE", 400, "FIELD_UNKNOWN");
        refused("reports/budget-v-actual?from=2026-01-01", 400, "FIELD_INVALID");
        refused("reports/budget-v-actual?to=2026-01-01", 400, "FIELD_INVALID");
        refused("reports/budget-v-actual?from=2026-02-01&to=2026-01-31", 400, "FIELD_INVALID");
        refused("reports/budget-v-actual?from=2026-02-30&to=2026-03-31", 400, "FIELD_INVALID");
        refused("reports/budget-v-actual?by=COLOUR", 400, "FIELD_INVALID");
        refused("reports/balances?asof=2026-01-01", 400, "FIELD_UNKNOWN");
        refused("reports/balances?knownAt=2999-01-01T00:00:00Z", 400, "FIELD_INVALID");
        refused("reports/balances?accountId=a%20b", 400, "ID_INVALID");
        assertThat(Caller.as("support", port).get("/api/v1/reports/balances").status())
                .isEqualTo(403);
        assertThat(Caller.as("auditor", port).get("/api/v1/reports/balances").status())
                .isEqualTo(200);
        assertThat(Caller.as("", port).get("/api/v1/reports/balances").status()).isEqualTo(401);
    }

    private void refused(String path, int status, String code) {
        Caller.Answer answer = finance().get("/api/v1/" + path).refused(status, code);
        assertThat(answer.header("Content-Disposition")).isEmpty();
    }

    private static String cell(Column column, JsonNode item) {
        JsonNode value = item.path(column.name());
        String text = value.isNull() ? "" : value.asString();
        return column.type() == Column.Type.TEXT ? CsvReport.harmless(text) : text;
    }

    private static List<String> figures(JsonNode row, String... names) {
        return Arrays.stream(names).map(name -> row.path(name).asString()).toList();
    }

    private static List<List<String>> lines(Caller.Answer csv) {
        return CsvReader.builder().ofCsvRecord(csv.response().body()).stream()
                .map(CsvRecord::getFields)
                .toList();
    }

    private JsonNode get(String report) {
        return ok(finance().get("/api/v1/reports/" + report)).json();
    }

    private void pay(Opened ids, String line, String amount, LocalDate on) {
        post(ids, "/payments", "'lineId':'" + line + "','amount':'" + amount + "','on':'" + on + "'");
    }

    private void spend(Opened ids, String id, String amount, LocalDate on) {
        post(
                ids,
                "/expenditures",
                "'expenditureId':'" + id + "','amount':'" + amount + "','on':'" + on + "','payee':'Carer'");
    }
}
