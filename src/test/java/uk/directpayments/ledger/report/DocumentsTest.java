package uk.directpayments.ledger.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureElement;
import org.apache.pdfbox.pdmodel.documentinterchange.logicalstructure.PDStructureNode;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** Papers for people who never see the ledger: each is read back as a PDF, for what it says and how it is built. */
class DocumentsTest extends RunningLedger {

    // ── how every paper is built ─────────────────────────────────────────────────────────────────────────────────

    @Test
    void everyPaperIsTaggedHasItsTitleItsLanguageAndItsHeadingsAndCarriesItsTypeface() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String flag = repaymentAsked(opened);
        String refused = refused("CHILD_S17A", "null");
        for (String path : List.of(
                "/accounts/" + opened.accountId() + "/statement.pdf",
                "/accounts/" + opened.accountId() + "/final-account.pdf",
                "/flags/" + flag + "/evidence-request.pdf",
                "/flags/" + flag + "/repayment-request.pdf",
                "/budgets/" + refused + "/refusal.pdf")) {
            Paper paper = paper(path);
            assertThat(paper.language).as(path).isEqualTo("en-GB");
            assertThat(paper.title).as(path).isNotBlank().isEqualTo(paper.firstHeading());
            assertThat(paper.showsTitle).as(path).isTrue();
            assertThat(paper.marked).as(path).isTrue();
            assertThat(paper.metadata).as(path).contains("pdfuaid");
            assertThat(paper.fontsEmbedded).as(path).isTrue();
            assertThat(paper.structure).as(path).contains("H1", "P", "Table", "TH", "TD");
            assertThat(paper.structure.stream().filter("H1"::equals)).as(path).hasSize(1);
            assertThat(paper.structure.indexOf("H1")).as(path).isLessThan(paper.structure.indexOf("Table"));
            assertThat(paper.flat())
                    .as(path)
                    .contains("large print", "the council’s direct payments team", "Page 1 of");
        }
        assertThat(paper("/flags/" + flag + "/evidence-request.pdf").structure).contains("H2", "L", "LI");
    }

    @Test
    void aNameOfLettersThatNoEnglishKeyboardHasIsPrintedAndNoTextIsTakenForMarkup() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        ok(finance()
                .post(
                        "/api/v1/people/" + opened.personId() + "/correction",
                        "{\"name\":\"Łukasz Ó Żółć <b>&amp;\",\"reason\":\"Spelling\"}"));
        assertThat(paper("/accounts/" + opened.accountId() + "/statement.pdf").text)
                .contains("Łukasz Ó Żółć <b>&amp;");
    }

    // ── refusal ──────────────────────────────────────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @CsvSource({
        "SEN_S49, Special Educational Needs (Personal Budgets) Regulations 2014, Local Government and Social Care Ombudsman",
        "NHS_12A, National Health Service (Direct Payments) Regulations 2013, Parliamentary and Health Service Ombudsman",
        "CHILD_S17A, section 17A of the Children Act 1989, Local Government and Social Care Ombudsman",
        "ADULT_CARE_ACT, Care Act 2014, Local Government and Social Care Ombudsman",
        "TRAVEL, policy for travel to school, Local Government and Social Care Ombudsman"
    })
    void aRefusalSaysWhyAndWhatOneCanDoByTheLawThatItWasMadeUnder(String basis, String law, String ombudsman) {
        Paper paper = paper("/budgets/" + refused(basis, "\"2025-05-03\"") + "/refusal.pdf");
        assertThat(paper.title).isEqualTo("We have decided not to give a personal budget");
        assertThat(paper.flat())
                .contains(
                        "Sam Example",
                        "Robin Example",
                        "2 May 2025",
                        "The needs can be met at school",
                        "If you do not agree",
                        "look at this decision again",
                        law,
                        ombudsman,
                        "right to a review on 3 May 2025");
    }

    @Test
    void aBudgetThatWasNotRefusedHasNoRefusalNorHasOneThatIsNotThere() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        Answer none = finance().get("/api/v1/budgets/" + opened.budgetId() + "/refusal.pdf");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.code()).isEqualTo("REFUSAL_NOT_FOUND");
        assertThat(finance().get("/api/v1/budgets/none/refusal.pdf").code()).isEqualTo("BUDGET_NOT_FOUND");
        String refused = refused("CHILD_S17A", "null");
        assertThat(finance()
                        .get("/api/v1/budgets/" + refused + "/refusal.pdf?asOf=2025-05-01")
                        .code())
                .as("the day before it was refused")
                .isEqualTo("REFUSAL_NOT_FOUND");
        assertThat(paper("/budgets/" + refused + "/refusal.pdf").text).doesNotContain("right to a review on");
    }

    // ── evidence and repayment ───────────────────────────────────────────────────────────────────────────────────

    @Test
    void anEvidenceRequestSaysWhatIsAskedByWhenAndAboutWhichSpending() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String flag = flagged(opened);
        String path = "/flags/" + flag + "/evidence-request.pdf";
        assertThat(finance().get("/api/v1" + path).code()).isEqualTo("EVIDENCE_REQUEST_NOT_FOUND");
        ok(finance()
                .post(
                        "/api/v1/flags/" + flag + "/evidence-request",
                        "{\"due\":\"" + soon() + "\",\"letterRef\":\"DP/2026/17\"}"));
        Paper paper = paper(path);
        assertThat(paper.flat())
                .contains(
                        "Please show us what this money was spent on",
                        "Sam Example",
                        "Robin Example",
                        opened.accountId(),
                        "DP/2026/17",
                        "1 May 2025",
                        "Betting shop",
                        "£1,020.00",
                        Document.day(soon()),
                        "a receipt or an invoice")
                .doesNotContain("This is a copy", "GAMBLING");
        ok(finance().post("/api/v1/flags/" + flag + "/dismissal", "{\"reason\":\"A raffle\"}"));
        assertThat(paper(path).flat()).contains("This is a copy. It has been settled since: you need do nothing more.");
        ok(finance().post("/api/v1/flags/" + flag + "/reopening", "{\"reason\":\"No raffle\"}"));
        assertThat(paper(path).flat())
                .as("looked at again: it has been asked for all the same")
                .contains("DP/2026/17", Document.day(soon()));
        assertThat(ok(finance().get("/api/v1/flags/" + flag))
                        .json()
                        .path("evidenceDue")
                        .asString())
                .isEqualTo(soon().toString());
    }

    @Test
    void aRepaymentRequestSaysHowMuchWhyByWhomByWhenAndHowToObject() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String flag = repaymentAsked(opened);
        Paper paper = paper("/flags/" + flag + "/repayment-request.pdf");
        assertThat(paper.title).isEqualTo("Please pay back £1,000.50");
        assertThat(paper.flat())
                .contains(
                        "Sam the Debtor",
                        "Robin Example",
                        "Betting shop",
                        "£1,020.00",
                        "£1,000.50",
                        Document.day(soon()),
                        "a direct payment may never be spent on",
                        "It was a bet",
                        "You can ask us, once, to look at this decision again")
                .doesNotContain("This is a copy");
    }

    @Test
    void aDecisionThatWasOpenedAgainAsksNobodyForMoneyAndTheNextOneCannotBeLookedAtOnceMore() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String flag = repaymentAsked(opened);
        String path = "/flags/" + flag + "/repayment-request.pdf";
        Answer asked = finance().get("/api/v1/flags/" + flag);
        String before = Instant.now().toString();
        pause();
        ok(finance().post("/api/v1/flags/" + flag + "/reopening", "{\"reason\":\"On appeal\"}"));
        assertThat(asked.json().path("state").asString()).isEqualTo("REPAYMENT_REQUESTED");
        assertThat(finance().get("/api/v1" + path).code()).isEqualTo("REPAYMENT_REQUEST_NOT_FOUND");
        assertThat(paper(path + "?knownAt=" + before).title)
                .as("as it was known then, it can still be read")
                .isEqualTo("Please pay back £1,000.50");
        uphold(flag);
        assertThat(finance().get("/api/v1" + path).code())
                .as("upheld, but nothing asked yet")
                .isEqualTo("REPAYMENT_REQUEST_NOT_FOUND");
        askBack(flag);
        assertThat(paper(path).flat())
                .contains("we will not do so a second time")
                .doesNotContain("You can ask us, once");
        ok(finance()
                .post(
                        "/api/v1/flags/" + flag + "/repayments",
                        "{\"amount\":\"1000.50\",\"on\":\"2026-11-01\",\"method\":\"bank transfer\"}"));
        assertThat(paper(path).flat()).contains("This is a copy. The money has been paid back since");
    }

    // ── final account ────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aFinalAccountRunsFromAllThatWasPaidInToNothing() {
        Opened opened = opened("2025-04-01", "2026-03-31", "12000.00");
        String account = "/api/v1/accounts/" + opened.accountId();
        pay(account, "1000.00", "2025-04-01");
        ok(finance().post(account + "/contributions", "{\"amount\":\"50.00\",\"on\":\"2025-04-02\"}"));
        ok(
                finance()
                        .post(
                                account + "/expenditures",
                                "{\"expenditureId\":\"E-1\",\"amount\":\"700.00\",\"on\":\"2025-05-01\",\"payee\":\"Carer\",\"category\":\"CARE_AND_SUPPORT\",\"mcc\":\"8398\"}"));
        ok(finance()
                .post(account + "/refunds", "{\"expenditureId\":\"E-1\",\"amount\":\"20.00\",\"on\":\"2025-05-09\"}"));
        ok(
                finance()
                        .post(
                                account + "/liabilities",
                                "{\"liabilityId\":\"L-1\",\"kind\":\"Wages\",\"amount\":\"70.00\",\"due\":\"2026-12-20\",\"payee\":\"Alex Carer\"}"));
        String path = "/accounts/" + opened.accountId() + "/final-account.pdf";

        Paper draft = paper(path);
        assertThat(draft.title).isEqualTo("Draft of the final account of a direct payment");
        assertThat(draft.flat())
                .contains(
                        "Paid in by the council £1,000.00",
                        "(contributions) £50.00",
                        "Spent -£700.00",
                        "Refunds of what was spent £20.00",
                        "Left in the account £370.00",
                        "Wages Alex Carer 20 December 2026 £70.00",
                        "Any bills are paid first")
                .doesNotContain("Returned to", "Written off", "death");

        ok(finance().post(account + "/liabilities/L-1/settlement", "{\"on\":\"2026-11-02\"}"));
        spend(account, "70.00");
        ok(finance()
                .post("/api/v1/budgets/" + opened.budgetId() + "/end", "{\"on\":\"2026-03-31\",\"cause\":\"Moved\"}"));
        recover(account, "300.00");
        settleFlags(opened);
        ok(finance().post(account + "/closure", "{\"on\":\"2026-11-28\"}"));

        Paper last = paper(path);
        assertThat(last.title).isEqualTo("Final account of a direct payment");
        assertThat(last.flat())
                .contains(
                        "Closed 28 November 2026",
                        "Spent -£770.00",
                        "Left in the account £0.00",
                        "Nothing is left in the account, and it is closed.",
                        "still to be paid from the account None.")
                .doesNotContain("Draft");
        assertThat(last.money("Paid in by the council")
                        + last.money("(contributions)")
                        + last.money("Spent")
                        + last.money("Refunds of what was spent")
                        + last.money("Returned to the council")
                        + last.money("Returned to you, of your own money"))
                .as(last.text)
                .isZero();
        assertThat(paper(path + "?asOf=2026-03-01").title).startsWith("Draft");
    }

    @Test
    void theFinalAccountOfAClosedAccountSaysWhatIsLeftOfMoneyThatMovedAfterwards() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String account = "/api/v1/accounts/" + opened.accountId();
        String path = "/accounts/" + opened.accountId() + "/final-account.pdf";
        pay(account, "70.00", "2025-04-01");
        ok(
                finance()
                        .post(
                                account + "/expenditures",
                                "{\"expenditureId\":\"E-1\",\"amount\":\"70.00\",\"on\":\"2025-05-01\",\"payee\":\"Carer\",\"category\":\"CARE_AND_SUPPORT\",\"mcc\":\"8398\"}"));
        settleFlags(opened);
        ok(finance().post(account + "/closure", "{\"on\":\"2026-11-28\"}"));
        ok(finance()
                .post(account + "/refunds", "{\"expenditureId\":\"E-1\",\"amount\":\"15.00\",\"on\":\"2026-11-29\"}"));
        assertThat(paper(path).flat())
                .contains(
                        "Closed 28 November 2026",
                        "Left in the account £15.00",
                        "The account is closed, but £15.00 is still in it. Please do not spend it: ask the council’s direct payments team how"
                                + " to return it.")
                .doesNotContain("Nothing is left", "nothing more");
        spend(account, "40.00");
        assertThat(paper(path).flat())
                .contains(
                        "Left in the account -£25.00",
                        "The account is closed, but more was spent than was paid in. Ask the council’s direct payments team what happens about"
                                + " that before you pay anything.")
                .doesNotContain("Nothing is left", "nothing more", "still in it");
    }

    @Test
    void aFinalAccountAfterADeathSaysWhoseTheMoneyIs() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        pay("/api/v1/accounts/" + opened.accountId(), "100.00", "2025-04-01");
        ok(finance().post("/api/v1/people/" + opened.personId() + "/death", "{\"on\":\"2026-10-01\"}"));
        assertThat(paper("/accounts/" + opened.accountId() + "/final-account.pdf")
                        .flat())
                .contains("death of Robin Example on 1 October 2026", "cannot pay for a funeral", "Sam Example");
        assertThat(paper("/accounts/" + opened.accountId() + "/final-account.pdf?asOf=2026-09-30")
                        .flat())
                .doesNotContain("death");
    }

    @Test
    void nothingIsWrittenToThePersonWhoDied() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        ok(finance()
                .post(
                        "/api/v1/people/" + opened.personId() + "/correction",
                        "{\"dateOfBirth\":\"1990-05-01\",\"reason\":\"misread\"}"));
        ok(finance()
                .post(
                        "/api/v1/budgets/" + opened.budgetId() + "/consents",
                        "{\"recipientType\":\"ADULT\",\"recipientName\":\"Robin Example\",\"on\":\"2025-04-02\"}"));
        String flag = flagged(opened);
        ok(finance().post("/api/v1/flags/" + flag + "/evidence-request", "{\"due\":\"" + soon() + "\"}"));
        ok(finance().post("/api/v1/people/" + opened.personId() + "/death", "{\"on\":\"2026-10-01\"}"));
        String path = "/accounts/" + opened.accountId() + "/final-account.pdf";
        assertThat(paper(path).flat())
                .contains("The representatives of Robin Example")
                .doesNotContain("your own money");
        assertThat(paper("/flags/" + flag + "/evidence-request.pdf").flat())
                .contains("The representatives of Robin Example");
        assertThat(paper(path + "?asOf=2026-09-30").flat()).doesNotContain("representatives");
    }

    @Test
    void soDoesOneOfAnAccountThatWasClosedBeforeAnybodyKnew() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String account = "/api/v1/accounts/" + opened.accountId();
        pay(account, "500.00", "2026-09-01");
        ok(finance().post(account + "/expenditures", """
                {"amount":"500.00","on":"2026-10-15","payee":"Alex Carer","category":"PERSONAL_CARE","lineId":"L1"}"""));
        settleFlags(opened);
        ok(finance().post(account + "/closure", "{\"on\":\"2026-10-20\"}"));
        assertThat(surplus(account, "2026-10-10")).isEqualTo("315.38");
        ok(finance().post("/api/v1/people/" + opened.personId() + "/death", "{\"on\":\"2026-10-01\"}"));
        assertThat(paper("/accounts/" + opened.accountId() + "/final-account.pdf")
                        .flat())
                .contains("death of Robin Example on 1 October 2026");
        assertThat(surplus(account, "2026-10-10"))
                .as("nothing is kept for weeks to come")
                .isEqualTo("500.00");
    }

    private String surplus(String account, String asOf) {
        return ok(finance().get(account + "?asOf=" + asOf))
                .json()
                .path("surplus")
                .asString();
    }

    // ── who gets them ────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aPaperAboutSomebodyWhoWasErasedIsGone() {
        Opened opened = opened("2025-04-01", "2027-03-31", "1200.00");
        String flag = flagged(opened);
        ok(finance().post("/api/v1/flags/" + flag + "/evidence-request", "{}"));
        uphold(flag);
        askBack(flag);
        String account = "/api/v1/accounts/" + opened.accountId();
        ok(finance()
                .post(
                        "/api/v1/flags/" + flag + "/repayments",
                        "{\"amount\":\"1000.50\",\"on\":\"2026-11-01\",\"method\":\"bank transfer\"}"));
        ok(finance().post(account + "/expenditures/" + opened.accountId() + "-bet/reversal", "{\"reason\":\"x\"}"));
        String payment = finance()
                .get(account + "/transactions")
                .json()
                .at("/items/0/transactionId")
                .asString();
        ok(finance()
                .post(account + "/payments/" + payment + "/return", "{\"on\":\"2025-04-03\",\"reasonCode\":\"0\"}"));
        settleFlags(opened);
        ok(finance().post(account + "/closure", "{\"on\":\"2026-11-28\"}"));
        Caller admin = Caller.as("admin", port);
        ok(admin.post("/api/v1/people/" + opened.personId() + "/erasure", "{\"reason\":\"asked\"}"));
        for (String path : List.of(
                account + "/statement.pdf",
                account + "/final-account.pdf",
                "/api/v1/flags/" + flag + "/evidence-request.pdf",
                "/api/v1/flags/" + flag + "/repayment-request.pdf")) {
            Answer gone = finance().get(path);
            assertThat(gone.status()).as(path + gone).isEqualTo(410);
            assertThat(gone.code()).as(path).isEqualTo("CONTENT_ERASED");
        }
    }

    @Test
    void theApiDescribesThemAsPdf() {
        JsonNode paths = Caller.as("", port).get("/v3/api-docs").json().path("paths");
        for (String path : List.of(
                "/api/v1/accounts/{accountId}/statement.pdf",
                "/api/v1/accounts/{accountId}/final-account.pdf",
                "/api/v1/flags/{flagId}/evidence-request.pdf",
                "/api/v1/flags/{flagId}/repayment-request.pdf",
                "/api/v1/budgets/{budgetId}/refusal.pdf")) {
            assertThat(paths.path(path)
                            .path("get")
                            .path("responses")
                            .path("200")
                            .path("content")
                            .propertyNames())
                    .as(path)
                    .containsExactly("application/pdf");
        }
    }

    // ── acting ───────────────────────────────────────────────────────────────────────────────────────────────────

    private String refused(String basis, String notified) {
        String person = fresh("P");
        String budget = fresh("B");
        ok(finance()
                .post(
                        "/api/v1/people",
                        "{\"personId\":\"%s\",\"name\":\"Robin Example\",\"dateOfBirth\":\"2012-05-01\"}"
                                .formatted(person)));
        ok(finance().post("/api/v1/budgets", """
                {"budgetId":"%s","personId":"%s","legalBasis":"%s","ehcPlanRef":"EHC-1","requestedOn":"2025-04-01","requestedBy":"Sam Example"}""".formatted(budget, person, basis)));
        boolean needed = basis.equals("SEN_S49") || basis.equals("NHS_12A");
        ok(finance()
                .post(
                        "/api/v1/budgets/" + budget + "/refusal",
                        "{\"reasons\":\"The needs can be met at school\",\"reviewRightNotifiedOn\":%s,\"on\":\"2025-05-02\"}"
                                .formatted(needed ? "\"2025-05-03\"" : notified)));
        return budget;
    }

    private String flagged(Opened opened) {
        String account = "/api/v1/accounts/" + opened.accountId();
        pay(account, "1200.00", "2025-04-01");
        ok(finance()
                .post(
                        account + "/expenditures",
                        "{\"expenditureId\":\"%s-bet\",\"amount\":\"1020.00\",\"on\":\"2025-05-01\",\"payee\":\"Betting shop\",\"mcc\":\"7995\"}"
                                .formatted(opened.accountId())));
        return finance()
                .get("/api/v1/flags?reason=GAMBLING&accountId=" + opened.accountId())
                .json()
                .at("/items/0/flagId")
                .asString();
    }

    private String repaymentAsked(Opened opened) {
        String flag = flagged(opened);
        ok(finance().post("/api/v1/flags/" + flag + "/evidence-request", "{}"));
        uphold(flag);
        askBack(flag);
        return flag;
    }

    private void uphold(String flag) {
        ok(
                finance()
                        .post(
                                "/api/v1/flags/" + flag + "/upholding",
                                "{\"amount\":\"1000.50\",\"ground\":\"PROHIBITED\",\"reason\":\"It was a bet\",\"waiver\":\"Admitted\"}"));
    }

    private void askBack(String flag) {
        ok(finance()
                .post(
                        "/api/v1/flags/" + flag + "/repayment-request",
                        "{\"amount\":\"1000.50\",\"due\":\"" + soon() + "\",\"debtor\":\"Sam the Debtor\"}"));
    }

    /** A letter cannot ask for something by a day that is over. */
    private static LocalDate soon() {
        return LocalDate.now(BusinessDay.LONDON).plusDays(30);
    }

    private void pay(String account, String amount, String on) {
        ok(finance()
                .post(
                        account + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"%s\",\"on\":\"%s\"}".formatted(amount, on)));
    }

    private void spend(String account, String amount) {
        ok(finance()
                .post(
                        account + "/expenditures",
                        "{\"amount\":\"%s\",\"on\":\"2026-03-02\",\"payee\":\"Carer\",\"category\":\"CARE_AND_SUPPORT\",\"mcc\":\"8398\"}"
                                .formatted(amount)));
    }

    private void recover(String account, String amount) {
        String recovery = ok(finance().post(account + "/recoveries", "{\"amount\":\"%s\"}".formatted(amount)))
                .json()
                .path("recoveryId")
                .asString();
        ok(approver().post(account + "/recoveries/" + recovery + "/approval", "{}"));
        ok(finance()
                .post(
                        account + "/recoveries/" + recovery + "/receipt",
                        "{\"amount\":\"%s\",\"on\":\"2026-11-20\"}".formatted(amount)));
    }

    private void settleFlags(Opened opened) {
        for (JsonNode flag : finance()
                .get("/api/v1/flags?accountId=" + opened.accountId())
                .json()
                .path("items")) {
            if (flag.path("state").asString().equals("RAISED")) {
                ok(finance()
                        .post(
                                "/api/v1/flags/" + flag.path("flagId").asString() + "/dismissal",
                                "{\"reason\":\"In order\"}"));
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    private record Paper(
            String text,
            String title,
            String language,
            boolean marked,
            boolean showsTitle,
            boolean fontsEmbedded,
            String metadata,
            List<String> structure) {

        /** The text as it is read, whatever lines it was broken into. */
        private String flat() {
            return text.replaceAll("\\s+", " ");
        }

        private String firstHeading() {
            return flat().contains(title) ? title : "no heading like the title";
        }

        /** The pence that stand after some words. */
        private long money(String words) {
            String after = flat().substring(flat().indexOf(words) + words.length());
            String amount = after.replaceFirst("^\\s*(-?)£([0-9,.]+).*", "$1$2").replace(",", "");
            return new BigDecimal(amount).movePointRight(2).longValueExact();
        }
    }

    private Paper paper(String path) {
        byte[] bytes = Caller.as("auditor", port).bytes("/api/v1" + path);
        try (PDDocument pdf = Loader.loadPDF(bytes)) {
            List<String> structure = new ArrayList<>();
            collect(pdf.getDocumentCatalog().getStructureTreeRoot(), structure);
            boolean embedded = true;
            for (PDPage page : pdf.getPages()) {
                for (var font : page.getResources().getFontNames()) {
                    embedded &= page.getResources().getFont(font).isEmbedded();
                }
            }
            return new Paper(
                    new PDFTextStripper().getText(pdf),
                    pdf.getDocumentInformation().getTitle(),
                    pdf.getDocumentCatalog().getLanguage(),
                    pdf.getDocumentCatalog().getMarkInfo().isMarked(),
                    pdf.getDocumentCatalog().getViewerPreferences().displayDocTitle(),
                    embedded,
                    new String(
                            Objects.requireNonNull(pdf.getDocumentCatalog().getMetadata())
                                    .toByteArray(),
                            StandardCharsets.UTF_8),
                    structure);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": " + new String(bytes, StandardCharsets.UTF_8), e);
        }
    }

    private static void collect(PDStructureNode node, List<String> types) {
        for (Object kid : node.getKids()) {
            if (kid instanceof PDStructureElement element) {
                types.add(element.getStandardStructureType());
                collect(element, types);
            }
        }
    }
}
