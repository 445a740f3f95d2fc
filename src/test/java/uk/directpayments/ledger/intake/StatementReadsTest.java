package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static uk.directpayments.ledger.intake.BankFiles.camt;
import static uk.directpayments.ledger.intake.BankFiles.camtOf;
import static uk.directpayments.ledger.intake.BankFiles.entry;
import static uk.directpayments.ledger.intake.BankFiles.statement;
import static uk.directpayments.ledger.intake.CardFeedRefusalsTest.feed;
import static uk.directpayments.ledger.intake.CardFeedRefusalsTest.good;
import static uk.directpayments.ledger.intake.CardFeedRefusalsTest.with;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** What is read of statements and their lines on the two dates, and how they must be sent. */
class StatementReadsTest extends RunningLedger {

    private static final String PATH = "/api/v1/statements";

    @Autowired
    Commands commands;

    @Autowired
    Sealing sealing;

    private String person;
    private String account;
    private String statement;
    private String before;

    @BeforeEach
    void aStatementOfThreeLines() {
        Opened opened = opened("2026-01-01", "2026-12-31", "1000.00");
        person = opened.personId();
        account = opened.accountId();
        spend("10.00", "2026-03-05");
        spend("10.00", "2026-03-06");
        before = Instant.now().toString();
        statement = PATH + "/"
                + ok(finance()
                                .upload(
                                        PATH,
                                        camt(
                                                "0.00",
                                                "-5.00",
                                                entry("2026-03-05", "-10.00", "Somebody", "R1"),
                                                entry("2026-03-10", "-2.00", "Bus", "R2"),
                                                entry("2026-03-14", "7.00", "Aunt", "R3")),
                                        "accountId",
                                        account))
                        .json()
                        .path("statementId")
                        .asString();
        counts("", 1, 0, 2, 0);
    }

    @Test
    void aFileThatIsNotSentAsAFormIsOfAWrongType() {
        for (String path : List.of(PATH, PATH + "/preview")) {
            for (String type : List.of("application/json", "text/csv", "application/octet-stream")) {
                Answer sent = finance().post(path, "{}", "Content-Type", type);
                assertThat(sent.status()).as(path + " " + type).isEqualTo(415);
                assertThat(sent.code()).isEqualTo("MEDIA_TYPE_UNSUPPORTED");
            }
            Answer untyped = finance().send("POST", path, BodyPublishers.ofString("x"));
            assertThat(untyped.code()).as(untyped.toString()).isEqualTo("MEDIA_TYPE_UNSUPPORTED");
        }
    }

    @Test
    void aLineBeforeItWasKnownOrBeforeItsDayIsEmptyAndNotMissing() {
        String line = statement + "/lines/3";
        assertThat(ok(finance().get(line)).json().path("amount").asString()).isEqualTo("7.00");
        for (String then : List.of("?knownAt=" + before, "?asOf=2026-03-13")) {
            JsonNode empty = ok(finance().get(line + then)).json();
            assertThat(empty.path("lineId").asString()).as(then).isEqualTo("3");
            assertThat(empty.path("amount").asString()).isEqualTo("0.00");
            assertThat(empty.path("transactionIds")).isEmpty();
            assertThat(empty.path("candidates")).isEmpty();
            for (String field : List.of("accountId", "kind", "on", "payee", "description", "state")) {
                assertThat(empty.path(field).isNull()).as(field).isTrue();
            }
            assertThat(finance().get(statement + "/lines/9" + then).code()).isEqualTo("LINE_NOT_FOUND");
        }
        assertThat(ok(finance().get(line + "?asOf=2026-03-14"))
                        .json()
                        .path("state")
                        .asString())
                .isEqualTo("UNMATCHED");
    }

    @Test
    void theLinesAreThoseUpToTheDay() {
        assertThat(lines("?asOf=2026-03-01")).isEmpty();
        assertThat(lines("?asOf=2026-03-05")).containsExactly("1");
        assertThat(lines("?asOf=2026-03-13")).containsExactly("1", "2");
        assertThat(lines("?asOf=2026-03-13&state=UNMATCHED")).isEmpty();
        assertThat(lines("?asOf=2026-03-14&state=UNMATCHED")).containsExactly("3");
        assertThat(lines("?limit=2&asOf=2026-03-10")).containsExactly("1", "2");
        assertThat(lines("")).containsExactly("1", "2", "3");
    }

    @Test
    void whatALineMayBeLiesOnOrBeforeTheDay() {
        assertThat(candidates("")).hasSize(2);
        assertThat(candidates("?asOf=2026-03-06")).hasSize(2);
        assertThat(candidates("?asOf=2026-03-05"))
                .containsExactly(candidates("").get(0));
    }

    @Test
    void theCountsSayHowTheLinesStandAlsoWhatPersonsHaveSaidOfThem() {
        String then = Instant.now().toString();
        String own = ok(finance().get(statement + "/lines/2"))
                .json()
                .path("transactionIds")
                .path(0)
                .asString();
        say("3/ignore", "{\"reason\":\"her own money\"}");
        counts("", 1, 0, 1, 1);
        say("1/split", "{\"amounts\":[\"4.00\",\"6.00\"]}");
        counts("", 1, 0, 2, 1);
        say("3/unmatch", "{\"reason\":\"it is not\"}");
        counts("", 1, 0, 3, 0);
        spend("4.00", "2026-03-05");
        String four = ok(finance().get(statement + "/lines/1"))
                .json()
                .path("candidates")
                .path(0)
                .asString();
        say("1/match", "{\"transactionIds\":[\"%s\"]}".formatted(four));
        counts("", 1, 1, 2, 0);
        say("2/unmatch", "{\"reason\":\"wrong\"}");
        counts("", 0, 1, 3, 0);
        say("2/match", "{\"transactionIds\":[\"%s\"]}".formatted(own));
        counts("", 1, 1, 2, 0);
        counts("?knownAt=" + then, 1, 0, 2, 0);
    }

    @Test
    void theReasonsThatWereGivenForLinesAndForAGapAreReadInTheLogUntilThePersonIsErased() {
        long since = head();
        say("3/ignore", "{\"reason\":\"her own money\"}");
        say("3/unmatch", "{\"reason\":\"it is not\"}");
        String later = camtOf(statement("S2", "2026-04-01", "1.00", "2026-04-30", "1.00"));
        ok(finance().upload(PATH, later, "accountId", account, "reason", "first pages lost"));
        // as versions recorded it that did not say whose the statement is
        commands.send(
                new LineCommand.IgnoreRejected(
                        statement.substring(PATH.length() + 1),
                        "3",
                        false,
                        sealing.seal(person, "as before"),
                        null,
                        BusinessDay.today(Clock.systemUTC())),
                CardHolders.CALL);
        String nobodys = ok(finance().upload(PATH, feed(with(good("T-1"), "accountRef", fresh("CARD-NOBODY")))))
                .json()
                .path("statementId")
                .asString();
        ok(finance().post(PATH + "/" + nobodys + "/lines/2/ignore", "{\"reason\":\"not ours\"}"));
        assertThat(reasons("?limit=500&after=" + since))
                .containsExactly("her own money", "it is not", "first pages lost", "as before", "not ours");
        assertThat(reasons("?limit=500&accountId=" + account))
                .containsExactly("her own money", "it is not", "first pages lost");
        assertThat(reasons("?limit=500&personId=" + person))
                .containsExactly("her own money", "it is not", "first pages lost");

        sealing.destroy(person, head(), Instant.now());
        assertThat(reasons("?limit=500&after=" + since))
                .containsExactly("[erased]", "[erased]", "[erased]", "[erased]", "not ours");
    }

    @Test
    void whatIsSaidOfABanksStatementAndOfALineIsAmongTheEventsOfItsAccountAndInItsEvidencePack() throws Exception {
        say("1/split", "{\"amounts\":[\"4.00\",\"6.00\"]}");
        spend("4.00", "2026-03-05");
        say("1/match", "{\"transactionIds\":[\"%s\"]}".formatted(candidates("").get(0)));
        say("1.2/ignore", "{\"reason\":\"twice\"}");
        say("1.2/unmatch", "{\"reason\":\"not twice\"}");
        ok(finance()
                .post(
                        "/api/v1/accounts/" + account + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"7.00\",\"on\":\"2026-03-14\"}"));
        String later = camtOf(statement(
                "S2",
                "2026-03-31",
                "-5.00",
                "2026-04-30",
                "-5.00",
                entry("2026-03-14", "7.00", "Aunt", "R3"),
                entry("2026-04-02", "-7.00", "Bus", "R4")));
        ok(finance().upload(PATH, later, "accountId", account));
        // a card platform's file is of many accounts, and names none
        ok(finance().upload(PATH, feed(with(good("T-1"), "accountRef", fresh("CARD-NOBODY")))));

        List<JsonNode> told = logged("?limit=500&accountId=" + account)
                .filter(event -> event.path("stream").asString().startsWith("statement/"))
                .toList();
        assertThat(told)
                .extracting(event -> event.path("type").asString().substring("statement.".length()))
                .containsExactly(
                        "received",
                        "bank-balances-told",
                        "lines-processed",
                        "finished",
                        "line-split",
                        "line-reconciled",
                        "line-ignored",
                        "line-unmatched",
                        "received",
                        "bank-balances-told",
                        "lines-processed",
                        "line-matched",
                        "finished");
        assertThat(told).allMatch(event -> event.path("personId").asString().equals(person));
        try (ZipInputStream pack = new ZipInputStream(new ByteArrayInputStream(
                Caller.as("auditor", port).bytes("/api/v1/audit/evidence-pack?accountId=" + account)))) {
            while (!pack.getNextEntry().getName().equals("events.jsonl")) {
                pack.closeEntry();
            }
            assertThat(new String(pack.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .filteredOn(line -> line.contains("\"name\":\"statement."))
                    .hasSameSizeAs(told);
        }
    }

    private List<String> reasons(String query) {
        return logged(query)
                .filter(event -> event.path("stream").asString().startsWith("statement/"))
                .map(event -> event.path("payload").path("reason"))
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .toList();
    }

    private Stream<JsonNode> logged(String query) {
        return ok(Caller.as("auditor", port).get("/api/v1/audit/events" + query))
                .json()
                .path("items")
                .valueStream();
    }

    /** Of the first line, which both of its reads tell alike. */
    private List<String> candidates(String view) {
        JsonNode one = ok(finance().get(statement + "/lines/1" + view)).json();
        JsonNode listed = ok(finance().get(statement + "/lines" + view)).json();
        assertThat(listed.path("items").path(0)).isEqualTo(one);
        return one.path("candidates").valueStream().map(JsonNode::asString).toList();
    }

    private void counts(String view, int recorded, int matched, int unmatched, int ignored) {
        JsonNode told = ok(finance().get(statement + view)).json();
        assertThat(List.of(
                        told.path("recorded").asInt(),
                        told.path("matched").asInt(),
                        told.path("unmatched").asInt(),
                        told.path("ignored").asInt(),
                        told.path("lines").asInt()))
                .as(told.toString())
                .containsExactly(recorded, matched, unmatched, ignored, 3);
    }

    private void say(String what, String body) {
        ok(finance().post(statement + "/lines/" + what, body));
    }

    private void spend(String amount, String on) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + account + "/expenditures",
                        "{\"amount\":\"%s\",\"on\":\"%s\",\"payee\":\"Shop\"}".formatted(amount, on)));
    }

    private List<String> lines(String query) {
        return ok(finance().get(statement + "/lines" + query))
                .json()
                .path("items")
                .valueStream()
                .map(line -> line.path("lineId").asString())
                .toList();
    }
}
