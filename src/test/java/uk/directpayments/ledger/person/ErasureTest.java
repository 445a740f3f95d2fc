package uk.directpayments.ledger.person;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.platform.Signing;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** A person with words of their own in every field that takes any, erased; then every read and every table is searched for them. */
@ExtendWith(OutputCaptureExtension.class)
class ErasureTest extends RunningLedger {

    private static final String API = "/api/v1";
    private static final String ERASED = "[erased]";
    private static final String REASON = "{\"reason\":\"Kept for six years after the end\"}";

    /** In every personal text of this person, and nowhere else. */
    private static final String MARK = "Quixwood";

    private static final String BORN = "2011-07-19";
    private static final String SORT_CODE = "309950";
    private static final String ACCOUNT_NUMBER = "71936248";
    private static final String CARD = "CARD-QX-5519-7731";

    /** What must be found nowhere; the card's reference is known to nobody else either. */
    private static final List<String> SECRETS =
            List.of(MARK, MARK.toLowerCase(Locale.ROOT), BORN, ACCOUNT_NUMBER, CARD);

    private final LocalDate today = BusinessDay.today(Clock.systemUTC());

    @Test
    void nothingThatIsReadOrStoredSaysWhoThePersonWasAndEveryAmountStays(CapturedOutput output) {
        Life ids = aLife();
        List<String> paths = paths(ids);
        Map<String, JsonNode> before = read(paths);
        assertThat(before.toString()).contains("Robin " + MARK, BORN, "Stables " + MARK, "****6248", "-100.00");
        assertThat(tablesWith("PAYMENT")).as("the search finds what is there").isNotEmpty();

        String findings = "/audit/events?limit=500&type=audit.account-finding-recorded";
        assertThat(finding(findings)).isEqualTo("Receipt of Quixwood is missing");

        Answer erased = ok(admin().post(API + "/people/" + ids.personId() + "/erasure", REASON));
        assertThat(erased.status()).isEqualTo(201);
        assertThat(erased.header("Location")).isEqualTo(API + "/people/" + ids.personId() + "/erasure");

        Map<String, JsonNode> after = read(paths);
        List<String> wrong = new ArrayList<>();
        int[] leaves = new int[2];
        before.forEach((path, was) -> compare(path, was, after.get(path), wrong, leaves));
        assertThat(wrong).isEmpty();
        assertThat(leaves[0]).as("texts that are erased").isGreaterThan(15);
        assertThat(leaves[1]).as("figures, dates and words that stay").isGreaterThan(100);
        JsonNode person = after.get("/people/" + ids.personId());
        assertThat(person.path("name").asString()).isEqualTo(ERASED);
        assertThat(person.path("dateOfBirth").asString()).isEqualTo(ERASED);
        assertThat(person.path("reference").asString()).isEqualTo(ERASED);
        assertThat(person.path("eighteenOn").asString()).isEqualTo("2029-07-19");
        assertThat(person.path("erasedOn").asString()).isEqualTo(today.toString());

        for (String secret : SECRETS) {
            assertThat(tablesWith(secret)).as("tables that say " + secret).isEmpty();
            assertThat(after.toString()).doesNotContain(secret);
            assertThat(ok(admin().get(API + "/audit/events?limit=500&personId=" + ids.personId()))
                            .response()
                            .body())
                    .contains("person.erased")
                    .doesNotContain(secret);
            assertThat(output).doesNotContain(secret);
        }
        assertThat(jdbc.sql("SELECT count(*) FROM person_key WHERE person_id = :id")
                        .param("id", ids.personId())
                        .query(Long.class)
                        .single())
                .isZero();

        assertThat(finding(findings)).isEqualTo(ERASED);
        refusesWhatWouldNeedTheKey(ids);
    }

    private String finding(String path) {
        JsonNode items = ok(auditor().get(API + path)).json().path("items");
        assertThat(items).hasSize(1);
        return items.get(0).path("payload").path("finding").asString();
    }

    private void refusesWhatWouldNeedTheKey(Life ids) {
        String person = ids.personId();
        Map.of(
                        "/people/" + person + "/correction",
                        "{\"name\":\"Ann\",\"reason\":\"Misheard\"}",
                        "/budgets",
                        "{\"personId\":\"%s\",\"legalBasis\":\"CHILD_S17A\",\"requestedOn\":\"2025-03-01\",\"requestedBy\":\"A\"}"
                                .formatted(person),
                        "/accounts",
                        "{\"budgetId\":\"%s\",\"type\":\"PREPAID_CARD\",\"holderType\":\"PARENT\",\"openedOn\":\"2025-04-02\"}"
                                .formatted(ids.budgetId()),
                        "/accounts/" + ids.accountId() + "/expenditures",
                        "{\"amount\":\"1.00\",\"on\":\"2025-05-01\",\"payee\":\"Pool\"}",
                        "/people/" + person + "/regime-override",
                        "{\"regime\":\"CHILD\",\"until\":\"2030-01-01\",\"reason\":\"Plan\"}")
                .forEach((path, body) -> {
                    long head = head();
                    Answer answer = finance().post(API + path, body);
                    assertThat(answer.status()).as(path + " " + answer).isEqualTo(410);
                    assertThat(answer.code()).isEqualTo("CONTENT_ERASED");
                    assertThat(head()).isEqualTo(head);
                });
    }

    @Test
    void theReceiptIsSignedAndStandsInTheEvent() throws Exception {
        String person = register();
        assertThat(finance().get(API + "/people/" + person + "/erasure").code()).isEqualTo("ERASURE_NOT_FOUND");
        String path = API + "/people/" + person + "/erasure";
        Answer first = ok(admin().post(path, REASON, "Idempotency-Key", "erase-" + person));
        JsonNode receipt = auditor().get(path).json();
        assertThat(receipt).isEqualTo(first.json());
        assertThat(receipt.path("reason").asString()).isEqualTo("Kept for six years after the end");
        assertThat(receipt.path("erasedBy").asString()).isEqualTo("admin");

        byte[] text = receipt.path("text").asString().getBytes(StandardCharsets.UTF_8);
        byte[] key = Base64.getDecoder().decode(receipt.path("publicKey").asString());
        byte[] signature = Base64.getDecoder().decode(receipt.path("signature").asString());
        assertThat(Signing.verify(key, text, signature)).isTrue();
        assertThat(Signing.keyId(key)).isEqualTo(receipt.path("keyId").asString());
        assertThat(HexFormat.of().formatHex(Hashes.sha256().digest(text)))
                .isEqualTo(receipt.path("sha256").asString());
        assertThat(receipt.path("text").asString()).contains("person: " + person, "erased on: " + today, "six years");
        assertThat(jdbc.sql("SELECT payload FROM event_log WHERE stream_id = :id AND name = 'person.erased'")
                        .param("id", "person/" + person)
                        .query(String.class)
                        .single())
                .contains(receipt.path("signature").asString());

        Answer again = admin().post(path, REASON, "Idempotency-Key", "erase-" + person);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.json()).isEqualTo(first.json());
        admin().post(path, REASON).refused(409, "ALREADY_ERASED");
        finance().get(path + "?asOf=" + today.minusDays(1)).refused(404, "ERASURE_NOT_FOUND");
    }

    @Test
    void anErasureIsTheAdministratorsWithAReasonAndOnlyWhenEveryAccountIsClosed() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1000.00");
        String path = API + "/people/" + ids.personId() + "/erasure";
        for (String user : List.of("finance", "approver", "auditor", "support")) {
            Caller.as(user, port).post(path, REASON).refused(403, "FORBIDDEN");
        }
        Caller.as("support", port).get(path).refused(403, "FORBIDDEN");
        admin().post(API + "/people/nobody/erasure", REASON).refused(404, "PERSON_NOT_FOUND");
        admin().get(API + "/people/nobody/erasure").refused(404, "PERSON_NOT_FOUND");
        admin().post(path, "{\"reason\":\"  \"}").refused(422, "REASONS_REQUIRED");
        admin().post(path, "{}").refused(422, "REASONS_REQUIRED");
        admin().post(path, "{\"reason\":\"" + "x".repeat(501) + "\"}").refused(400, "FIELD_INVALID");
        admin().post(path, REASON).refused(409, "ACCOUNT_NOT_CLOSED");
        assertThat(finance()
                        .get(API + "/people/" + ids.personId())
                        .json()
                        .path("name")
                        .asString())
                .isEqualTo("Robin Example");

        ok(finance().post(API + "/accounts/" + ids.accountId() + "/closure", "{\"on\":\"2025-05-01\"}"));
        ok(admin().post(path, REASON));
    }

    @Test
    void theIdOfWhomWasErasedStaysTakenAndARepeatedRegistrationIsAnsweredAsItWas() {
        String person = fresh("P");
        String body = "{\"personId\":\"%s\",\"name\":\"Ann\",\"dateOfBirth\":\"2000-01-01\"}".formatted(person);
        ok(finance().post(API + "/people", body, "Idempotency-Key", "register-" + person));
        ok(admin().post(API + "/people/" + person + "/erasure", REASON));

        finance().post(API + "/people", body).refused(409, "ID_ALREADY_USED");
        Answer repeated = finance().post(API + "/people", body, "Idempotency-Key", "register-" + person);
        assertThat(repeated.status()).isEqualTo(201);
        assertThat(repeated.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(finance().get(API + "/people/" + person).json().path("name").asString())
                .isEqualTo(ERASED);
    }

    @Test
    void aMerchantListOfLaterIsNotComparedWithNamesThatAreGoneAndWhatWasJudgedStays() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1000.00");
        String account = API + "/accounts/" + ids.accountId();
        ok(finance().post(account + "/payments", "{\"amount\":\"20.00\",\"on\":\"2025-04-02\",\"lineId\":\"L1\"}"));
        ok(finance()
                .post(
                        account + "/expenditures",
                        "{\"amount\":\"20.00\",\"on\":\"2025-04-03\",\"payee\":\"Acorn Bets\"}"));
        ok(finance().post(account + "/closure", "{\"on\":\"2025-05-01\"}"));
        ok(admin().post(API + "/people/" + ids.personId() + "/erasure", REASON));
        String list =
                "{\"effectiveFrom\":\"2025-04-01\",\"retrospective\":true,\"reason\":\"Found late\",\"settings\":{"
                        + "\"merchants.acorn\":{\"names\":[\"Acorn Bets\"],\"decision\":\"PROHIBITED\",\"reasonCode\":\"GAMBLING\"}}}";
        ok(admin().post(API + "/policies", list));

        assertThat(finance()
                        .get(API + "/flags?accountId=" + ids.accountId())
                        .json()
                        .path("items"))
                .isEmpty();
        assertThat(jdbc.sql(
                                "SELECT payload FROM event_log WHERE stream_id = :id AND name = 'account.spending-reassessed'")
                        .param("id", "account/" + ids.accountId())
                        .query(String.class)
                        .single())
                .as("the earliest policy answers for every day before it too")
                .contains("\"from\":\"1900-01-01\"")
                .doesNotContain("listed");
    }

    // ── the life of a person who is to be erased ─────────────────────────────────────────────────────────────────

    private String register() {
        String person = fresh("P");
        ok(finance()
                .post(
                        API + "/people",
                        "{\"personId\":\"%s\",\"name\":\"Ann\",\"dateOfBirth\":\"2000-01-01\"}".formatted(person)));
        return person;
    }

    private record Life(String personId, String budgetId, String accountId, String statementId) {}

    private Life aLife() {
        Life ids = new Life(fresh("P"), fresh("B"), fresh("A"), fresh("S"));
        String person = "/people/" + ids.personId();
        String budget = "/budgets/" + ids.budgetId();
        String account = "/accounts/" + ids.accountId();
        post("/people", """
                {"personId":"%s","name":"Robin Mistaken-Quixwood","dateOfBirth":"2011-07-19","reference":"Quixwood-1"}""", ids.personId());
        post(person + "/correction", """
                {"name":"Robin Quixwood","reason":"Quixwoods told us"}""");
        post("/budgets", """
                {"budgetId":"%s","personId":"%s","legalBasis":"CHILD_S17A","requestedOn":"2025-03-01","requestedBy":"Mother Quixwood"}""", ids.budgetId(), ids.personId());
        post(budget + "/indicative-amount", """
                {"amount":"1000.00","from":"2025-04-01","to":"2026-03-31","method":"RAS"}""");
        ok(approver().post(API + budget + "/panel-decision", """
                {"outcome":"APPROVED","decidedOn":"2025-03-10","reasons":"Needs of Quixwood","conditions":"Quixwood must ride"}"""));
        post(budget + "/finalisation", """
                {"from":"2025-04-01","to":"2026-03-31","annualAmount":"1000.00","lines":[{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD",
                "mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"1000.00","outcome":"Quixwood rides"}]}""");
        post(budget + "/top-ups", """
                {"source":"PARENT_TOP_UP","amount":"10.00","purpose":"Saddle of Quixwood","agreedOn":"2025-04-01"}""");
        post(budget + "/reviews", """
                {"on":"2025-05-20","kind":"FINANCIAL","findings":"Quixwood does well"}""");
        post(budget + "/disputes", """
                {"disputeId":"D1","stage":"COMPLAINT","on":"2025-05-20","reason":"Quixwood disagrees"}""");
        post(budget + "/consents", """
                {"recipientType":"PARENT","recipientName":"Sam Quixwood","on":"2025-04-01","documentRef":"Quixwood.pdf"}""");
        post("/accounts", """
                {"accountId":"%s","budgetId":"%s","type":"PREPAID_CARD","holderType":"PARENT","openedOn":"2025-04-01",
                "bankDetails":{"cardRef":"%s"}}""", ids.accountId(), ids.budgetId(), CARD);
        post(account + "/payments", """
                {"paymentId":"P1","lineId":"L1","amount":"500.00","on":"2025-04-07"}""");
        post(account + "/expenditures", """
                {"expenditureId":"E1","amount":"100.00","on":"2025-04-20","payee":"Stables Quixwood","description":"For Quixwood"}""");
        post(account + "/expenditures/E1/reclassification", """
                {"category":"ACTIVITY","reason":"Quixwood said so"}""");
        post(account + "/expenditures", """
                {"expenditureId":"E2","amount":"30.00","on":"2025-04-21","payee":"Quixwood Twice"}""");
        post(account + "/expenditures/E2/reversal", """
                {"reason":"Quixwood paid once"}""");
        ok(upload(ids.statementId()));
        post(account + "/reserves", """
                {"reserveId":"R1","kind":"HOLIDAY_PAY","amount":"30.00","until":"2027-01-01","reason":"Carer of Quixwood"}""");
        post(account + "/reserves/R1/release", "{}");
        post(account + "/liabilities", """
                {"liabilityId":"l","kind":"PAYE","amount":"20.00","due":"2025-06-01","payee":"Tax of Quixwood"}""");
        post(account + "/liabilities/l/settlement", """
                {"on":"2025-06-01"}""");
        post(account + "/suspension", """
                {"from":"2025-06-01","cause":"HOSPITAL","reason":"Quixwood away"}""");
        post(account + "/resumption", """
                {"on":"2025-06-10"}""");
        post(person + "/residential-stays", """
                {"stayId":"S1","accountId":"%s","provider":"Quixwood House","setting":"CARE_HOME","admitted":"2025-05-01",
                "discharged":"2025-05-04","fundedByDirectPayment":true,"sourceAuthority":"Quixwoodshire","status":"ACTUAL"}""", ids.accountId());
        post(person + "/residential-stays/S1/amendment", """
                {"discharged":"2025-05-05","reason":"Quixwood stayed"}""");
        post(account + "/bank-details", """
                {"sortCode":"%s","accountNumber":"%s"}""", SORT_CODE, ACCOUNT_NUMBER);
        String change = jdbc.sql(
                        "SELECT payload::jsonb ->> 'changeId' FROM event_log WHERE stream_id = :id AND name LIKE '%bank-details-proposed'")
                .param("id", "account/" + ids.accountId())
                .query(String.class)
                .single();
        ok(approver().post(API + account + "/bank-details/" + change + "/approval", "{}"));
        String left =
                finance().get(API + account + "/balance").json().path("balance").asString();
        post(account + "/expenditures", """
                {"expenditureId":"E9","amount":"%s","on":"2025-07-01","payee":"Last Quixwood"}""", left);
        decideFlags(ids);
        post(account + "/closure", "{\"on\":\"2025-08-01\"}");
        ok(auditor().post(API + "/audits", "{\"auditId\":\"%s\",\"seed\":1,\"size\":1}".formatted(ids.statementId())));
        ok(auditor().post(API + "/audits/" + ids.statementId() + "/findings", """
                {"accountId":"%s","finding":"Receipt of Quixwood is missing"}""".formatted(ids.accountId())));
        return ids;
    }

    private void decideFlags(Life ids) {
        boolean first = true;
        for (JsonNode flag : ok(finance().get(API + "/flags?accountId=" + ids.accountId()))
                .json()
                .path("items")) {
            String path = "/flags/" + flag.path("flagId").asString();
            post(path + "/evidence-request", """
                    {"letterRef":"Quixwood 1"}""");
            post(path + "/evidence", """
                    {"sha256":"%s","name":"Receipt of Quixwood.pdf"}""", "ab".repeat(32));
            if (first) {
                post(path + "/upholding", """
                        {"amount":"1.00","ground":"OFF_PLAN","reason":"Quixwood explained nothing"}""");
                post(path + "/fraud-referral", """
                        {"reference":"R v Quixwood"}""");
            } else {
                post(path + "/dismissal", """
                        {"reason":"Quixwood explained it"}""");
            }
            first = false;
        }
    }

    private Answer upload(String statementId) {
        String feed =
                "provider,accountRef,cardLast4,txnId,authAt,settledAt,type,amount,currency,merchantName,merchantId,mcc,country,entryMode,"
                        + "cashback,runningBalance\nDEMOCARD," + CARD
                        + ",1000,QX-1,2025-05-02T16:06:00Z,2025-05-02T17:06:00Z,PURCHASE,-12.34,GBP,Quixwood Shop,M1,5411,GBR,CHIP,0.00,94.00\n";
        return finance().upload(API + "/statements", feed, "statementId", statementId);
    }

    private List<String> paths(Life ids) {
        String person = "/people/" + ids.personId();
        String account = "/accounts/" + ids.accountId();
        return List.of(
                person,
                person + "/residential-stays",
                person + "/residential-days",
                "/budgets/" + ids.budgetId(),
                "/budgets?personId=" + ids.personId(),
                account,
                "/accounts?personId=" + ids.personId(),
                account + "/balance",
                account + "/balance?asOf=2025-06-01",
                account + "/transactions",
                account + "/liabilities",
                account + "/recoveries",
                account + "/schedules",
                "/flags?personId=" + ids.personId(),
                "/statements/" + ids.statementId() + "/lines");
    }

    // ── reading and searching ────────────────────────────────────────────────────────────────────────────────────

    private Map<String, JsonNode> read(List<String> paths) {
        Map<String, JsonNode> answers = new LinkedHashMap<>();
        paths.forEach(path -> answers.put(path, ok(finance().get(API + path)).json()));
        return answers;
    }

    /** Every leaf is what it was, or was personal and is erased. */
    private static void compare(String where, JsonNode was, JsonNode is, List<String> wrong, int[] leaves) {
        if (was.isObject()) {
            was.propertyNames()
                    .forEach(name -> compare(where + "." + name, was.get(name), is.path(name), wrong, leaves));
        } else if (was.isArray()) {
            if (was.size() != is.size()) {
                wrong.add(where + " had " + was.size() + " items and has " + is.size());
            }
            for (int i = 0; i < was.size(); i++) {
                compare(where + "[" + i + "]", was.get(i), is.path(i), wrong, leaves);
            }
        } else if (was.isString() && isPersonal(was.asString())) {
            leaves[0]++;
            if (!is.asString("").equals(ERASED)) {
                wrong.add(where + " was personal and is " + is);
            }
        } else if (where.endsWith(".description")
                && was.isNull()
                && is.asString("").equals(ERASED)) {
            // a line's texts are sealed together: nobody can tell any more which of them there were
            leaves[1]++;
        } else if (!was.equals(is) && !where.endsWith(".erasedOn") && !where.endsWith(".position")) {
            wrong.add(where + " was " + was + " and is " + is);
        } else {
            leaves[1]++;
        }
    }

    private static boolean isPersonal(String text) {
        return text.startsWith("****") || SECRETS.stream().anyMatch(text::contains);
    }

    private List<String> tablesWith(String text) {
        return jdbc
                .sql("SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public'")
                .query(String.class)
                .list()
                .stream()
                .filter(table -> jdbc.sql("SELECT EXISTS (SELECT 1 FROM " + table + " t WHERE t::text ILIKE :text)")
                        .param("text", "%" + text + "%")
                        .query(Boolean.class)
                        .single())
                .toList();
    }

    private void post(String path, String json, Object... values) {
        ok(finance().post(API + path, json.formatted(values)));
    }

    private Caller admin() {
        return Caller.as("admin", port);
    }

    private Caller auditor() {
        return Caller.as("auditor", port);
    }
}
