package uk.directpayments.ledger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;
import uk.directpayments.ledger.support.Visitor;

/** What a page says of codes and of what it is about, read as whoever opens it reads it. */
class PagesInWordsTest extends RunningLedger {

    private static final String API = "/api/v1";
    private static final LocalDate TODAY = BusinessDay.today(Clock.systemUTC());

    @Test
    void aReportSaysCodesAsWordsAndWhatSomebodyWroteAsItIs() {
        String account = opened("2026-02-01", "2027-01-31", "1200.00").accountId();
        ok(finance()
                .post(
                        API + "/accounts/" + account + "/returns",
                        "{\"returnId\":\"RETURN-ONE\",\"period\":\"H1\",\"due\":\"%s\"}"
                                .formatted(TODAY.minusDays(3))));
        assertThat(Visitor.as("finance", port)
                        .get("/reports/returns-due?accountId=" + account)
                        .body())
                .contains(">Return<", ">Requested<", ">RETURN-ONE<", ">H1<")
                .doesNotContain(">RETURN<", ">REQUESTED<");
    }

    @Test
    void namesOfReportsAndColumnsAreWordsWithSpacesAndCapitals() {
        Opened opened =
                opened(TODAY.minusDays(200).toString(), TODAY.plusDays(164).toString(), "1200.00");
        stayed(opened, TODAY.minusDays(50), TODAY.minusDays(45));
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get("/reports/foi-counts").body()).contains(">FOI counts<");
        assertThat(finance.get("/reports/residential-days?personId=" + opened.personId())
                        .body())
                .contains(
                        ">Child: days in the 12 months up to the day<",
                        ">Child: more than 120 days in 12 months on<",
                        ">Adult: most days of linked stays in 12 months<");
    }

    /** The council may count days inclusively: then the day of leaving is one of them, and the months add up to the count above them. */
    @Test
    void theMonthsOfACalendarOfStaysCountAsThePolicyOfTheDayDoes() {
        Opened opened =
                opened(TODAY.minusDays(200).toString(), TODAY.plusDays(164).toString(), "1200.00");
        String people = "/people/" + opened.personId();
        ok(finance()
                .post(
                        API + people + "/residential-stays",
                        "{\"stayId\":\"S\",\"accountId\":\"%s\",\"provider\":\"Home\",\"setting\":\"CHILDRENS_HOME\",\"admitted\":\"%s\",\"discharged\":\"%s\",\"fundedByDirectPayment\":true,\"status\":\"ACTUAL\"}"
                                .formatted(opened.accountId(), TODAY.minusDays(50), TODAY.minusDays(45))));
        LocalDate inclusive = TODAY.plusDays(100);
        ok(Caller.as("admin", port)
                .post(
                        API + "/policies",
                        "{\"effectiveFrom\":\"%s\",\"settings\":{\"dayCountBasis\":\"INCLUSIVE_DAYS\"}}"
                                .formatted(inclusive)));
        assertMonths(people, inclusive.minusDays(1), 5, "nights");
        assertMonths(people, inclusive, 6, "days");
    }

    private void assertMonths(String people, LocalDate day, int count, String unit) {
        assertThat(finance()
                        .get(API + people + "/residential-days?asOf=" + day)
                        .json()
                        .at("/child/in12MonthsToAsOf")
                        .asInt())
                .isEqualTo(count);
        String page = Visitor.as("finance", port)
                .get(people + "/residential?asOf=" + day)
                .body();
        assertThat(page).contains("Twelve months of " + unit);
        int[] sum = {0};
        Pattern.compile(">, ([0-9]+)</span><span class=\"govuk-visually-hidden\"> " + unit + " counted")
                .matcher(page)
                .results()
                .forEach(month -> sum[0] += Integer.parseInt(month.group(1)));
        assertThat(sum[0]).as(page).isEqualTo(count);
    }

    @Test
    void theReleaseOfAHeldPaymentSaysWhichPaymentItIs() {
        LocalDate payDate = payableFrom(TODAY.plusDays(10));
        LocalDate from = TODAY.minusDays(20);
        String account = opened(
                        from.toString(),
                        from.plusYears(1).minusDays(1).toString(),
                        "123.45",
                        "[{\"lineId\":\"L1\",\"fundingSource\":\"SOCIAL_CARE_CHILD\",\"mode\":\"DIRECT_PAYMENT\",\"category\":\"CARE\",\"annualAmount\":\"123.45\"}]",
                        "{\"sortCode\":\"112233\",\"accountNumber\":\"12345678\"}")
                .accountId();
        ok(finance()
                .post(
                        API + "/accounts/" + account + "/schedules",
                        "{\"lineId\":\"L1\",\"frequency\":\"ONE_OFF\",\"firstPayOn\":\"%s\"}".formatted(payDate)));
        String run = fresh("RUN");
        String path = API + "/payment-runs/" + run;
        ok(finance()
                .post(
                        API + "/payment-runs",
                        "{\"runId\":\"%s\",\"cutOff\":\"%2$s\",\"payDate\":\"%2$s\"}".formatted(run, payDate)));
        String instalment = finance()
                .get(path)
                .json()
                .path("items")
                .valueStream()
                .filter(item -> item.path("accountId").asString().equals(account))
                .map(item -> item.path("instalmentId").asString())
                .findFirst()
                .orElseThrow();
        ok(finance()
                .post(path + "/holds", "{\"instalmentId\":\"%s\",\"reason\":\"A call came\"}".formatted(instalment)));
        assertThat(Visitor.as("finance", port)
                        .get("/payment-runs/" + run + "/holds/" + instalment + "/release")
                        .body())
                .contains("Release this payment", instalment, account, "£123.45", "A call came");
    }

    @Test
    void whatCanBeRecordedOfAGoodPaymentAndAConsentIsNotSaidOfThem() {
        Opened ids = opened("2026-02-01", "2027-01-31", "1200.00");
        ok(finance()
                .post(
                        API + "/accounts/" + ids.accountId() + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"10.00\",\"on\":\"2026-03-02\"}"));
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get("/accounts/" + ids.accountId()).body())
                .contains("/return\">Record that it came back<")
                .doesNotContain(">It came back<");
        assertThat(finance.get("/budgets/" + ids.budgetId()).body())
                .contains("/withdrawal\">Record its withdrawal<")
                .doesNotContain(">It was withdrawn<");
    }

    @Test
    void thePageOfABudgetNamesThePersonAndSaysThatAReviewIsOverdue() {
        Opened ids = opened(TODAY.minusDays(400).toString(), TODAY.plusDays(60).toString(), "1200.00");
        String page = "/budgets/" + ids.budgetId();
        ok(finance()
                .post(
                        API + "/accounts/" + ids.accountId() + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"10.00\",\"on\":\"%s\"}".formatted(TODAY.minusDays(399))));
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get(page).body())
                .contains("href=\"/people/" + ids.personId() + "\">Robin Example<", "Next review", ">Overdue<");
        assertThat(finance.get(page + "?asOf=" + TODAY.minusDays(398)).body())
                .contains("Next review")
                .doesNotContain(">Overdue<");
    }

    @Test
    void anAmountWithACommaForThePointIsRefusedAndRecordsNothing() {
        String account = opened("2026-02-01", "2027-01-31", "1200.00").accountId();
        Visitor finance = Visitor.as("finance", port);
        String form = "/accounts/" + account + "/expenditures";
        finance.get(form);
        HttpResponse<String> answer = finance.post(
                form, "amount", "620,00", "on-day", "2", "on-month", "3", "on-year", "2026", "payee", "Swimming pool");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("620,00", "Swimming pool");
        assertThat(finance()
                        .get(API + "/accounts/" + account + "/transactions")
                        .json()
                        .path("items"))
                .isEmpty();
    }

    @Test
    void aLineThatAnotherAccountIsPaidSaysSoWhereItIsOffered() {
        Opened ids = opened("2026-02-01", "2027-01-31", "1200.00");
        String other = fresh("A");
        ok(finance().post(API + "/accounts", """
                {"accountId":"%s","budgetId":"%s","type":"PREPAID_CARD","holderType":"PARENT","openedOn":"2026-02-01"}""".formatted(other, ids.budgetId())));
        Visitor finance = Visitor.as("finance", port);
        String moves = "until now paid to " + ids.accountId();
        assertThat(finance.get("/accounts/" + other + "/payments").body()).contains("(L1), " + moves);
        assertThat(finance.get("/accounts/" + ids.accountId() + "/payments").body())
                .contains("(L1)")
                .doesNotContain(moves);
    }

    @Test
    void theDayOfADeathCanBeCorrectedOnThePages() {
        String person = opened("2026-02-01", "2027-01-31", "1200.00").personId();
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get("/people/" + person).body()).contains("Record a death");
        ok(finance().post(API + "/people/" + person + "/death", "{\"on\":\"2026-05-02\"}"));
        assertThat(finance.get("/people/" + person).body())
                .contains("Correct the day of the death", "/people/" + person + "/death")
                .doesNotContain("Record a death");
    }

    @Test
    void theLinksOfAnAccountKeepTheDatesThatWerePicked() {
        Opened opened = opened("2026-02-01", "2027-01-31", "1200.00");
        String account = "/accounts/" + opened.accountId();
        String minute = LocalDateTime.now(BusinessDay.LONDON)
                .truncatedTo(ChronoUnit.MINUTES)
                .toString();
        String day = TODAY.minusDays(1).toString();
        Visitor auditor = Visitor.as("auditor", port);
        for (String asOf : List.of("", day)) {
            List<String> links = links(auditor.get(account + "?asOf=" + asOf + "&knownAt=" + minute)
                            .body())
                    .filter(
                            link -> link.matches(
                                    ".*/(statement.pdf|final-account.pdf|evidence-pack|journal|timeline|explanation|budgets/[^/]+)([?].*)?"))
                    .toList();
            assertThat(links).hasSize(7);
            String days = asOf.isEmpty() ? "" : "asOf=" + asOf + "&";
            for (String link : links) {
                boolean page = link.matches(".*/(timeline|explanation|budgets/[^/]+)[?].*");
                assertThat(link)
                        .matches(".*[?&]" + days + "knownAt="
                                + (page ? minute.replace(":", "%3A") : "[0-9]{4}-[0-9A-F.T%-]+Z"));
                assertThat(link.contains("asOf")).as(link).isNotEqualTo(asOf.isEmpty());
                assertThat(auditor.get(link).statusCode()).as(link).isEqualTo(200);
            }
        }
        assertThat(links(auditor.get(account).body()).filter(link -> link.matches(".*(asOf|knownAt).*")))
                .isEmpty();
        assertThat(links(auditor.get(account + "/explanation?asOf=" + day).body()))
                .contains(account + "?asOf=" + day);
    }

    private static Stream<String> links(String page) {
        return Pattern.compile("href=\"([^\"]+)\"")
                .matcher(page)
                .results()
                .map(link -> link.group(1).replace("&amp;", "&"));
    }

    @Test
    void anAdultsCalendarSaysWhatIsUsedUnderTheLawForAdults() {
        Opened opened =
                opened(TODAY.minusDays(200).toString(), TODAY.plusDays(164).toString(), "1200.00");
        String people = "/people/" + opened.personId();
        ok(finance().post(API + people + "/correction", "{\"dateOfBirth\":\"1995-03-03\",\"reason\":\"Mistyped\"}"));
        stayed(opened, TODAY.minusDays(50), TODAY.minusDays(26));
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.get(people + "/residential").body())
                .contains(
                        ">24</p><p class=\"ledger-tile__words\">days of linked stays in twelve months, at the most; more than 28 is too many",
                        ">None</p><p class=\"ledger-tile__words\">limit exceeded",
                        "The law for adults applies since 3 March 2013")
                .doesNotContain("days used in the last twelve months", "remaining");
        ok(finance()
                .post(
                        API + people + "/regime-override",
                        "{\"regime\":\"CHILD\",\"until\":\"%s\",\"reason\":\"Not decided yet\"}"
                                .formatted(TODAY.plusDays(30))));
        assertThat(finance.get(people + "/residential").body())
                .contains(
                        ">24</p><p class=\"ledger-tile__words\">days used in the last twelve months",
                        ">96</p><p class=\"ledger-tile__words\">remaining");
    }

    @Test
    void theLimitThatWasExceededFirstIsTheOneThatACalendarTells() {
        Opened opened =
                opened(TODAY.minusDays(200).toString(), TODAY.plusDays(164).toString(), "1200.00");
        stayed(opened, TODAY.minusDays(150), TODAY.minusDays(50));
        stayed(opened, TODAY.minusDays(48), TODAY.minusDays(18));
        assertThat(Visitor.as("finance", port)
                        .get("/people/" + opened.personId() + "/residential")
                        .body())
                .contains(
                        ">%s</p><p class=\"ledger-tile__words\">limit exceeded"
                                .formatted(TODAY.minusDays(122)
                                        .format(DateTimeFormatter.ofPattern("d MMM yyyy", Locale.UK))),
                        "days in the longest stay; more than 28 is too long");
        Caller admin = Caller.as("admin", port);
        admin.post(API + "/organisations", "{\"organisationId\":\"ORG-DEMO\",\"name\":\"Demonstration\"}");
        ok(admin.post(
                API + "/organisations/ORG-DEMO/appointments",
                "{\"accountId\":\"%s\",\"from\":\"%s\"}".formatted(opened.accountId(), TODAY.minusDays(200))));
        assertThat(Visitor.as("support", port)
                        .get("/people/" + opened.personId() + "/residential")
                        .body())
                .as("who may not read the policy")
                .contains("days in the longest stay<");
    }

    private void stayed(Opened opened, LocalDate admitted, LocalDate discharged) {
        ok(finance()
                .post(
                        API + "/people/" + opened.personId() + "/residential-stays",
                        "{\"accountId\":\"%s\",\"provider\":\"Home\",\"setting\":\"CARE_HOME\",\"admitted\":\"%s\",\"discharged\":\"%s\",\"fundedByDirectPayment\":true,\"status\":\"ACTUAL\"}"
                                .formatted(opened.accountId(), admitted, discharged)));
    }

    @Test
    void theWordsOfADrawingOfABalanceAreOfTheDaysThatItShows() {
        String account = opened(
                        TODAY.minusDays(60).toString(), TODAY.plusDays(304).toString(), "1200.00")
                .accountId();
        assertThat(Visitor.as("finance", port).get("/accounts/" + account).body())
                .contains("Every two weeks: from £0.00", "; lowest of these £0.00", "in between is not shown.</desc>");
    }

    private HttpResponse<String> publish(Visitor admin, LocalDate from, String settings) {
        return admin.post(
                "/policies/new",
                "key",
                fresh("KEY"),
                "effectiveFrom-day",
                String.valueOf(from.getDayOfMonth()),
                "effectiveFrom-month",
                String.valueOf(from.getMonthValue()),
                "effectiveFrom-year",
                String.valueOf(from.getYear()),
                "settings",
                settings);
    }

    /** The first is the example that the form gives. */
    @Test
    void aPolicyIsPublishedByTheFormWithPartsOfACategoryAndTextsOfDigits() {
        Visitor admin = Visitor.as("admin", port);
        assertThat(admin.get("/policies/new").body()).contains("mcc.5311.decision = ALLOWED");
        LocalDate from = TODAY.plusDays(90);
        HttpResponse<String> published = publish(admin, from, """
                mcc.5311.decision = ALLOWED
                mcc.5311.queryOverPence = 7000
                costCentres.CARER = 40210
                recoverable.CARER = false
                surplusWeeks = 8""");
        assertThat(published.statusCode()).as(published.body()).isEqualTo(302);
        JsonNode settings = finance().get(API + "/policies?on=" + from).json().path("settings");
        assertThat(settings.at("/mcc.5311/decision").asString()).isEqualTo("ALLOWED");
        assertThat(settings.at("/mcc.5311/queryOverPence").asLong()).isEqualTo(7000);
        assertThat(settings.path("costCentres.CARER").asString()).isEqualTo("40210");
        assertThat(settings.path("recoverable.CARER").asBoolean()).isFalse();
        HttpResponse<String> takenAway = publish(admin, from, "costCentres.CARER = null\nrecoverable.CARER = true");
        assertThat(takenAway.statusCode()).as(takenAway.body()).isEqualTo(302);
        assertThat(finance()
                        .get(API + "/policies?on=" + from)
                        .json()
                        .path("settings")
                        .has("costCentres.CARER"))
                .isFalse();
    }

    @Test
    void whatNamesNothingThereIsComesBackOnTheFormWithAllThatWasTyped() {
        ok(Caller.as("admin", port)
                .post(API + "/organisations", "{\"organisationId\":\"ORG-WORDS\",\"name\":\"In words\"}"));
        Visitor admin = Visitor.as("admin", port);
        HttpResponse<String> appointed = admin.post(
                "/organisations/ORG-WORDS/appointments",
                "key",
                fresh("KEY"),
                "accountId",
                "MISTYPED",
                "from-day",
                "7",
                "from-month",
                "3",
                "from-year",
                "2026");
        assertThat(appointed.statusCode()).isEqualTo(404);
        assertThat(appointed.body())
                .contains(
                        "There is a problem",
                        "href=\"#accountId\">There is no such account.",
                        "id=\"accountId-error\"",
                        "value=\"MISTYPED\"",
                        "name=\"from-day\" value=\"7\"");
        opened("2026-02-01", "2027-01-31", "1200.00");
        String audit = ok(finance().post(API + "/audits", "{\"seed\":7,\"size\":1}"))
                .json()
                .path("auditId")
                .asString();
        assertThat(Visitor.as("finance", port)
                        .post(
                                "/audits/" + audit + "/findings",
                                "key",
                                fresh("KEY"),
                                "accountId",
                                "MISTYPED",
                                "finding",
                                "All in order")
                        .body())
                .contains("There is no such account.", "value=\"MISTYPED\"", "All in order");
        assertThat(admin.post("/organisations/NOBODY/appointments", "key", fresh("KEY"), "accountId", "MISTYPED")
                        .body())
                .contains("There is nothing here");
    }

    @Test
    void theErrorOfADateOrAChoiceDescribesIt() {
        Opened opened = opened("2026-02-01", "2027-01-31", "1200.00");
        Visitor finance = Visitor.as("finance", port);
        assertThat(finance.post(
                                "/accounts/" + opened.accountId() + "/expenditures",
                                "key",
                                fresh("KEY"),
                                "amount",
                                "5.00",
                                "payee",
                                "Pool",
                                "on-day",
                                "31",
                                "on-month",
                                "2",
                                "on-year",
                                "2026")
                        .body())
                .contains("aria-describedby=\"on-hint on-error\"", "id=\"on-error\"")
                .contains("id=\"amount\" name=\"amount\" value=\"5.00\">");
        assertThat(planned(finance, opened, "").body())
                .contains("aria-describedby=\"setting-error\"", "id=\"setting-error\"");
    }

    @Test
    void aFormIsRefusedInItsOwnWords() {
        Opened opened = opened("2026-02-01", "2027-01-31", "1200.00");
        Visitor finance = Visitor.as("finance", port);
        for (String month : List.of("April 2026", "2026/04")) {
            assertThat(finance.post("/periods/new", "period", month).body())
                    .contains("Which month: write it as the example does", "value=\"" + month + "\"");
        }
        assertThat(planned(finance, opened, "CARE_HOME").body())
                .contains(
                        "Say “I know that it would exceed a limit, and want to plan it”",
                        "aria-describedby=\"acknowledgeLimit-error\"")
                .doesNotContain("Say acknowledgeLimit");
        assertThat(finance.post(
                                "/accounts/" + opened.accountId() + "/bank-details",
                                "key",
                                fresh("KEY"),
                                "sortCode",
                                "112233")
                        .body())
                .contains("Give either “Sort code” and “Account number” or “Reference of the card, if it is one”.");
        for (String path : List.of("/statements", "/statements/preview")) {
            assertThat(finance.post(path, "accountId", opened.accountId()).body())
                    .contains("The file: choose a file", "value=\"" + opened.accountId() + "\"");
        }
    }

    /** Forty nights that are to come. @param setting may be left out */
    private static HttpResponse<String> planned(Visitor visitor, Opened opened, String setting) {
        LocalDate from = TODAY.plusDays(10);
        LocalDate to = from.plusDays(40);
        return visitor.post(
                "/people/" + opened.personId() + "/residential-stays",
                "key",
                fresh("KEY"),
                "accountId",
                opened.accountId(),
                "provider",
                "Home",
                "setting",
                setting,
                "status",
                "PLANNED",
                "fundedByDirectPayment",
                "true",
                "admitted-day",
                String.valueOf(from.getDayOfMonth()),
                "admitted-month",
                String.valueOf(from.getMonthValue()),
                "admitted-year",
                String.valueOf(from.getYear()),
                "discharged-day",
                String.valueOf(to.getDayOfMonth()),
                "discharged-month",
                String.valueOf(to.getMonthValue()),
                "discharged-year",
                String.valueOf(to.getYear()));
    }
}
