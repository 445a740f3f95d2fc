package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.journeys.HandWorked.Asked;
import uk.directpayments.ledger.journeys.HandWorked.Expected;
import uk.directpayments.ledger.journeys.HandWorked.Fact;
import uk.directpayments.ledger.journeys.HandWorked.Line;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.MovableClock;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * A budget year of ten people, paid by a run a week, against figures worked out by hand: rulebook 4.6 to 4.16, 4.21. The three tables in
 * {@code src/test/resources/journeys/year-of-ten} say what was agreed, what happened, and what must come of it, each figure with its sum.
 * The property gives it a ledger of its own: what it compares is of everybody.
 */
@TestPropertySource(properties = "ledger-of=ten")
@Import(MovableClock.class)
class YearOfTenTest extends RunningLedger {

    private static final LocalDate FIRST_RUN = LocalDate.of(2025, 4, 1);
    private static final LocalDate LAST_RUN = LocalDate.of(2026, 4, 7);
    private static final String ORGANISATION = "ORG-TEN";

    @Autowired
    private MovableClock clock;

    private final List<Line> lines = HandWorked.budgets();
    private final Map<LocalDate, Instant> known = new TreeMap<>();
    private final Map<String, JsonNode> reports = new LinkedHashMap<>();

    @Test
    void theYearComesOutAsItWasWorkedOutByHand() {
        Map<Asked, Map<String, Expected>> expected = HandWorked.expected();
        assertThat(expected.values().stream().flatMap(of -> of.values().stream()))
                .filteredOn(one -> !one.sum().equals(HandWorked.SUM))
                .allSatisfy(one ->
                        assertThat(HandWorked.workOut(one.sum())).as("%s", one).isEqualTo(one.pence()));
        play(expected);

        clock.moveToNow();
        SoftAssertions year = new SoftAssertions();
        expected.forEach((asked, figures) -> compare(asked, figures, year));
        year.assertAll();
        assertEachInstalmentIsPaidOnce();
        assertThat(jdbc.sql("SELECT coalesce(sum(pence), 0) FROM journal_line")
                        .query(Long.class)
                        .single())
                .as("the trial balance")
                .isZero();
    }

    // ── the year ─────────────────────────────────────────────────────────────────────────────────────────────────

    private void play(Map<Asked, Map<String, Expected>> expected) {
        List<LocalDate> checkpoints = expected.keySet().stream()
                .map(Asked::known)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        Map<LocalDate, List<Fact>> facts = HandWorked.facts().stream().collect(Collectors.groupingBy(Fact::day));
        clock.moveTo(FIRST_RUN);
        agree();
        LocalDate last = facts.keySet().stream().max(LocalDate::compareTo).orElseThrow();
        String run = null;
        for (LocalDate day = FIRST_RUN; !day.isAfter(last); day = day.plusDays(1)) {
            clock.moveTo(day);
            if (day.getDayOfWeek() == FIRST_RUN.getDayOfWeek() && !day.isAfter(LAST_RUN)) {
                if (run != null) {
                    act(finance(), "/payment-runs/" + run + "/close", "{}");
                }
                run = pay(day);
            }
            for (Fact fact : facts.getOrDefault(day, List.of())) {
                record(fact, run);
            }
            if (checkpoints.contains(day)) {
                known.put(day, lastRecorded());
            }
        }
    }

    /** The budgets, accounts and schedules, on the first day. */
    private void agree() {
        act(Caller.as("admin", port), "/organisations", "{'organisationId':'%s','name':'Ten Support'}", ORGANISATION);
        lines.stream()
                .collect(Collectors.groupingBy(Line::person, TreeMap::new, Collectors.toList()))
                .forEach((person, theirs) -> {
                    agreeBudget(person, theirs);
                    if (theirs.stream().anyMatch(Line::isPaid)) {
                        open(person, theirs);
                    }
                });
        act(
                Caller.as("admin", port),
                "/organisations/" + ORGANISATION + "/appointments",
                "{'accountId':'Dee','from':'2025-05-06'}");
    }

    private void agreeBudget(String person, List<Line> theirs) {
        Line first = theirs.get(0);
        boolean adult = first.basis().equals("ADULT_CARE_ACT");
        String annual = pounds(theirs.stream().mapToLong(Line::annual).sum());
        String budget = "/budgets/" + person;
        act(
                finance(),
                "/people",
                "{'personId':'%s','name':'%s Example','dateOfBirth':'%s'}",
                person,
                person,
                adult ? "1980-01-01" : "2012-05-01");
        act(
                finance(),
                "/budgets",
                "{'budgetId':'%s','personId':'%s','legalBasis':'%s','requestedOn':'2025-04-01','requestedBy':'Sam'%s}",
                person,
                person,
                first.basis(),
                first.basis().equals("SEN_S49") ? ",'ehcPlanRef':'EHC-1'" : "");
        act(
                finance(),
                budget + "/indicative-amount",
                "{'amount':'%s','from':'%s','to':'%s','method':'RAS'}",
                annual,
                first.from(),
                first.to());
        act(approver(), budget + "/panel-decision", "{'outcome':'APPROVED','decidedOn':'2025-04-01'}");
        act(
                finance(),
                budget + "/finalisation",
                "{'from':'%s','to':'%s','annualAmount':'%s','lines':[%s]}",
                first.from(),
                first.to(),
                annual,
                theirs.stream()
                        .map(line ->
                                "{'lineId':'%s','fundingSource':'%s','mode':'%s','category':'%s','annualAmount':'%s'}"
                                        .formatted(
                                                line.line(),
                                                line.source(),
                                                line.mode(),
                                                line.line(),
                                                pounds(line.annual())))
                        .collect(Collectors.joining(",")));
        act(
                finance(),
                budget + "/consents",
                "{'recipientType':'%s','recipientName':'%s Family','on':'2025-04-01'}",
                adult ? "ADULT" : "PARENT",
                person);
    }

    private void open(String person, List<Line> theirs) {
        Line first = theirs.get(0);
        act(
                finance(),
                "/accounts",
                "{'accountId':'%s','budgetId':'%s','type':'%s','holderType':'%s','openedOn':'%s','bankDetails':%s%s}",
                person,
                person,
                first.account(),
                first.holder(),
                first.from(),
                first.account().equals("PREPAID_CARD")
                        ? "{'cardRef':'CARD-" + person + "'}"
                        : "{'sortCode':'200000','accountNumber':'%08d'}".formatted(person.hashCode() % 100_000_000),
                first.holder().equals("ORGANISATION") ? ",'organisationId':'" + ORGANISATION + "'" : "");
        for (Line line : theirs) {
            if (line.isPaid()) {
                act(
                        finance(),
                        "/accounts/" + person + "/schedules",
                        "{'scheduleId':'%s-%s','lineId':'%s','frequency':'%s','firstPayOn':'%s','contributionPerInstalment':'%s'}",
                        person,
                        line.line(),
                        line.line(),
                        line.frequency(),
                        line.from(),
                        pounds(line.contribution()));
            }
        }
    }

    /** The run of a Tuesday, submitted; null if nothing is due that may be paid. */
    private @Nullable String pay(LocalDate day) {
        String runId = "RUN-" + day;
        Caller.Answer created = finance()
                .tell(
                        "/api/v1/payment-runs",
                        "{'runId':'%s','cutOff':'%s','payDate':'%s'}",
                        runId,
                        day.plusDays(6),
                        day);
        if (created.status() == 409) {
            assertThat(created.code()).as("%s", created).isEqualTo("EMPTY_RUN");
            return null;
        }
        ok(created);
        String run = "/payment-runs/" + runId;
        if (created.json().path("count").asInt() == 0) {
            act(finance(), run + "/close", "{}");
            return null;
        }
        act(approver(), run + "/approval", "{}");
        JsonNode progress = get(run).path("progress");
        assertThat(progress.path("toIssue").asInt() + progress.path("refused").asInt())
                .as("%s %s", runId, get(run))
                .isZero();
        act(finance(), run + "/submission", "{'on':'%s','channel':'FASTER_PAYMENTS'}", day);
        return runId;
    }

    private void record(Fact fact, @Nullable String run) {
        String account = "/accounts/" + fact.person();
        String amount = pounds(fact.pence());
        switch (fact.what()) {
            case "SPEND" ->
                act(
                        finance(),
                        account + "/expenditures",
                        "{'expenditureId':'%s','amount':'%s','on':'%s','payee':'Payee of %s'%s}",
                        fact.id(),
                        amount,
                        fact.on(),
                        fact.id(),
                        fact.of().isEmpty() ? "" : ",'lineId':'" + fact.of() + "'");
            case "REVERSE" ->
                act(finance(), account + "/expenditures/" + fact.of() + "/reversal", "{'reason':'A nought too many'}");
            case "CONTRIBUTION" ->
                act(finance(), account + "/contributions", "{'amount':'%s','on':'%s'}", amount, fact.on());
            case "TOP_UP" ->
                act(
                        finance(),
                        account + "/top-ups",
                        "{'amount':'%s','source':'%s','on':'%s'}",
                        amount,
                        fact.of(),
                        fact.on());
            case "RESERVE" ->
                act(
                        finance(),
                        account + "/reserves",
                        "{'kind':'%s','amount':'%s','until':'%s','reason':'Agreed'}",
                        fact.of(),
                        amount,
                        fact.on());
            case "OWE" ->
                act(
                        finance(),
                        account + "/liabilities",
                        "{'liabilityId':'%s','kind':'%s','amount':'%s','due':'%s','payee':'Somebody'}",
                        fact.of(),
                        fact.of(),
                        amount,
                        fact.on());
            case "SETTLE" ->
                act(finance(), account + "/liabilities/" + fact.of() + "/settlement", "{'on':'%s'}", fact.on());
            case "RECOVER" -> {
                act(finance(), account + "/recoveries", "{'recoveryId':'BACK','amount':'%s'}", amount);
                act(approver(), account + "/recoveries/BACK/approval", "{}");
            }
            case "RECEIVE" ->
                act(finance(), account + "/recoveries/BACK/receipt", "{'amount':'%s','on':'%s'}", amount, fact.on());
            case "SUSPEND" ->
                act(finance(), account + "/suspension", "{'from':'%s','cause':'HOSPITAL','reason':'Away'}", fact.on());
            case "RESUME" -> act(finance(), account + "/resumption", "{'on':'%s'}", fact.on());
            case "BANK_REJECTS" ->
                act(
                        finance(),
                        "/payment-runs/" + run + "/rejections",
                        "{'rejections':[{'instalmentId':'%s','reasonCode':'AC04'}]}",
                        fact.of());
            case "END" ->
                act(finance(), "/budgets/" + fact.person() + "/end", "{'on':'%s','cause':'MOVED'}", fact.on());
            case "DIED" -> act(finance(), "/people/" + fact.person() + "/death", "{'on':'%s'}", fact.on());
            case "DISMISS_FLAGS" ->
                get("/flags?limit=500&state=RAISED&accountId=" + fact.person())
                        .path("items")
                        .forEach(flag -> act(
                                finance(),
                                "/flags/" + flag.path("flagId").asString() + "/dismissal",
                                "{'reason':'Wages of the last weeks'}"));
            case "CLOSE" -> act(finance(), account + "/closure", "{'on':'%s'}", fact.on());
            default -> throw new IllegalStateException("facts.csv: " + fact);
        }
    }

    private Instant lastRecorded() {
        return jdbc.sql("SELECT max(recorded_at) FROM event_log")
                .query((row, i) -> row.getTimestamp(1).toInstant())
                .single();
    }

    // ── comparing ────────────────────────────────────────────────────────────────────────────────────────────────

    private void compare(Asked asked, Map<String, Expected> expected, SoftAssertions year) {
        Map<String, Long> given = figures(asked);
        expected.forEach((person, one) -> year.assertThat(given.getOrDefault(person, 0L))
                .as("%s of %s: %s", asked, person, one.sum())
                .isEqualTo(one.pence()));
        Expected total = expected.get(HandWorked.TOTAL);
        if (total != null) {
            year.assertThat(given.keySet().stream()
                            .filter(person -> !person.contains("/") && given.get(person) != 0)
                            .filter(person -> !expected.containsKey(person)))
                    .as("%s of others", asked)
                    .isEmpty();
            if (total.sum().equals(HandWorked.SUM)) {
                year.assertThat(expected.values().stream()
                                .filter(one -> one != total && !one.person().contains("/"))
                                .mapToLong(Expected::pence)
                                .sum())
                        .as("the sum of %s", asked)
                        .isEqualTo(total.pence());
            }
        }
    }

    /** By person, by person and line, and in all, what the ledger says. */
    private Map<String, Long> figures(Asked asked) {
        return switch (asked.figure()) {
            case "balance" -> balances(asked);
            case "surplus" -> surpluses(asked);
            case "sent" -> sent();
            case "unpaid" -> unpaid(asked);
            case "allocated", "committed", "paid", "spent", "unspent" ->
                reported("budget-v-actual", asked.figure(), asked);
            case "prepaid", "accrued" -> reported("accruals", asked.figure(), asked);
            case "arrears", "to30", "to90", "to180" -> reported("contribution-arrears", asked.figure(), asked);
            case "received", "refundedToClient", "outstanding", "toRaise" ->
                reported("recoveries", asked.figure(), asked);
            case "belowZero" -> reported("overspends", asked.figure(), asked);
            default -> reported("balances", asked.figure(), asked);
        };
    }

    /** As the report has them; each account's own answer must be the same. */
    private Map<String, Long> balances(Asked asked) {
        Map<String, Long> figures = reported("balances", "balance", asked);
        lines.stream()
                .filter(Line::isPaid)
                .map(Line::person)
                .distinct()
                .forEach(person -> assertThat(pence(get("/accounts/" + person + "/balance?" + query(asked)), "balance"))
                        .as("%s's own balance, %s", person, asked)
                        .isEqualTo(figures.getOrDefault(person, 0L)));
        return figures;
    }

    /** Of accounts by themselves, in all by the report: that leaves out what is too little to be asked for. */
    private Map<String, Long> surpluses(Asked asked) {
        Map<String, Long> figures = new TreeMap<>();
        get("/accounts?limit=500&" + query(asked))
                .path("items")
                .forEach(account -> figures.put(account.path("accountId").asString(), pence(account, "surplus")));
        figures.put(
                HandWorked.TOTAL, reported("surpluses", "reclaimable", asked).get(HandWorked.TOTAL));
        return figures;
    }

    private Map<String, Long> unpaid(Asked asked) {
        Map<String, Long> unpaid = new TreeMap<>(reported("budget-v-actual", "allocated", asked));
        for (String less : List.of("committed", "paid")) {
            reported("budget-v-actual", less, asked).forEach((who, pence) -> unpaid.merge(who, -pence, Long::sum));
        }
        return unpaid;
    }

    private Map<String, Long> sent() {
        long sent = 0;
        for (JsonNode run : get("/payment-runs?limit=500").path("items")) {
            for (JsonNode file :
                    get("/payment-runs/" + run.path("runId").asString()).path("files")) {
                sent += file.path("format").asString().equals("pain.001.001.09") ? pence(file, "controlTotal") : 0;
            }
        }
        return Map.of(HandWorked.TOTAL, sent);
    }

    private Map<String, Long> reported(String report, String figure, Asked asked) {
        JsonNode rows = reports.computeIfAbsent("/reports/" + report + "?" + query(asked), this::get);
        Map<String, Long> figures = new TreeMap<>();
        for (JsonNode row : rows.path("items")) {
            String person = row.path("personId").asString();
            long pence = pence(row, figure);
            figures.merge(person, pence, Long::sum);
            if (!row.path("lineId").asString("").isEmpty()) {
                figures.merge(person + "/" + row.path("lineId").asString(), pence, Long::sum);
            }
        }
        figures.put(HandWorked.TOTAL, pence(rows.path("totals"), figure));
        return figures;
    }

    private String query(Asked asked) {
        return "asOf=" + asked.asOf() + (asked.known() == null ? "" : "&knownAt=" + known.get(asked.known()));
    }

    /** Rulebook 7.12: every instalment has been issued once more than it has come back, or as often if it is not paid. */
    private void assertEachInstalmentIsPaidOnce() {
        assertThat(jdbc.sql("""
                        SELECT payload::jsonb ->> 'instalmentId' FROM event_log
                         WHERE name IN ('account.payment-issued', 'account.payment-returned')
                         GROUP BY stream_id, payload::jsonb ->> 'instalmentId'
                        HAVING sum(CASE name WHEN 'account.payment-issued' THEN 1 ELSE -1 END) NOT IN (0, 1)""").query(String.class).list()).isEmpty();
    }

    // ── calling ──────────────────────────────────────────────────────────────────────────────────────────────────

    private JsonNode get(String path) {
        return ok(finance().get("/api/v1" + path)).json();
    }

    private static void act(Caller who, String path, String body, Object... values) {
        ok(who.tell("/api/v1" + path, body, values));
    }

    private static String pounds(long pence) {
        return BigDecimal.valueOf(pence, 2).toPlainString();
    }

    private static long pence(JsonNode of, String figure) {
        String pounds = of.path(figure).asString("0");
        return new BigDecimal(pounds).movePointRight(2).longValueExact();
    }
}
