package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static uk.directpayments.ledger.intake.BankFiles.camt;
import static uk.directpayments.ledger.intake.BankFiles.camtOf;
import static uk.directpayments.ledger.intake.BankFiles.entry;
import static uk.directpayments.ledger.intake.BankFiles.mt940;
import static uk.directpayments.ledger.intake.BankFiles.ofx;
import static uk.directpayments.ledger.intake.BankFiles.ofxLine;
import static uk.directpayments.ledger.intake.BankFiles.statement;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.account.BankReference;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.TestPostgres;
import uk.directpayments.ledger.support.Visitor;

/** Statements of banks through the running service. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class BankStatementImportTest {

    private static final String MAPPING = "{\"date\":\"Date\",\"amount\":\"Amount\",\"payee\":\"Who\"}";
    private static final String PATH = "/api/v1/statements";

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.properties(registry);
    }

    @LocalServerPort
    int port;

    @Autowired
    Commands commands;

    @Autowired
    Sealing sealing;

    @Autowired
    BankReference references;

    @Autowired
    AccountBalances balances;

    private Caller finance;
    private CardHolders holders;
    private String account;

    @BeforeEach
    void newAccount() {
        finance = Caller.as("finance", port);
        holders = new CardHolders(commands, sealing, references, balances);
        account = holders.open("BANK-" + UUID.randomUUID());
    }

    @Test
    void aDebitBecomesSpendingAPaymentIsMatchedAndOtherMoneyWaitsForAPerson() {
        holders.pay(account, "500.00", "2026-03-02");

        Answer sent = send(camt(
                "0.00",
                "470.00",
                entry("2026-03-03", "500.00", "COUNCIL", "R1"),
                entry("2026-03-04", "-40.00", "Carer", "R2"),
                entry("2026-03-05", "10.00", "Aunt", "R3")));

        assertThat(sent.status()).as(sent.toString()).isEqualTo(201);
        assertCounts(sent, 3, 1, 1, 1, 0);
        assertThat(sent.json().path("format").asString()).isEqualTo("camt.053");
        assertThat(sent.json().path("opening").asString()).isEqualTo("0.00");
        assertThat(sent.json().path("closing").asString()).isEqualTo("470.00");
        assertThat(holders.balance(account)).isEqualTo("460.00");
    }

    @Test
    void aStatementBeforeItWasKnownIsEmptyAndNotMissing() {
        String before = Instant.now().minusSeconds(1).toString();
        Answer sent = send(camt("0.00", "-40.00", entry("2026-03-04", "-40.00", "Carer", "R2")));
        String path = PATH + "/" + sent.json().path("statementId").asString();
        Answer then = finance.get(path + "?knownAt=" + before);
        assertThat(then.status()).as(then.toString()).isEqualTo(200);
        assertThat(then.json().path("lines").asInt()).isZero();
        assertThat(then.json().path("recorded").asInt()).isZero();
        assertThat(then.json().path("closing").isNull()).isTrue();
        Answer lines = finance.get(path + "/lines?knownAt=" + before);
        assertThat(lines.status()).as(lines.toString()).isEqualTo(200);
        assertThat(lines.json().path("items")).isEmpty();
        assertThat(finance.get(PATH + "/NONE?knownAt=" + before).code()).isEqualTo("STATEMENT_NOT_FOUND");
    }

    @Test
    void anExpenditureRecordedByHandIsMatchedByItsPayeeAndNeverTwoCandidates() {
        holders.pay(account, "500.00", "2026-03-01");
        spend("40.00", "2026-03-03", "Carer");
        String shop = spend("7.00", "2026-03-03", "Shop");
        String near = spend("7.00", "2026-03-04", "Shop");
        String other = spend("9.00", "2026-03-04", "Somebody");

        Answer sent = send(ofx(
                "GBP",
                List.of(
                        ofxLine("20260304", "-40.00", "F1", "Carer"),
                        ofxLine("20260304", "-7.00", "F2", "Shop"),
                        ofxLine("20260304", "-9.00", "F3", "Other name"))));

        assertCounts(sent, 3, 0, 1, 2, 0);
        assertThat(holders.balance(account)).isEqualTo("437.00");
        var suggested = lines(sent, "SUGGESTED").json().path("items");
        assertThat(suggested).hasSize(2);
        assertThat(suggested.path(0).path("transactionIds")).isEmpty();
        assertThat(candidates(suggested.path(0))).containsExactly(near, shop);
        assertThat(candidates(suggested.path(1))).containsExactly(other);
        assertThat(lines(sent, "MATCHED").json().path("items")).hasSize(1);
    }

    @Test
    void whatABankTookBackIsTheRefundThatSomebodyHasRecorded() {
        String bought = spend("20.00", "2026-03-02", "Shop");
        finance.post(
                        "/api/v1/accounts/" + account + "/refunds",
                        "{\"expenditureId\":\"%s\",\"amount\":\"6.00\",\"on\":\"2026-03-04\"}".formatted(bought))
                .ok();

        Answer sent = send(camt(
                "20.00",
                "6.00",
                entry("2026-03-02", "-20.00", "Shop", "R1"),
                entry("2026-03-05", "6.00", "Shop", "R2").replace("<Sts>", "<RvslInd>true</RvslInd><Sts>")));

        assertCounts(sent, 2, 0, 2, 0, 0);
        assertThat(holders.balance(account)).isEqualTo("-14.00");
    }

    @Test
    void anExpenditureThatWasReversedIsNotTheSpendingThatABankShows() {
        reverse(spend("20.00", "2026-03-02", "Shop"));
        reverse(spend("5.00", "2026-03-02", "Cafe"));
        String corrected = spend("5.00", "2026-03-02", "Cafe");

        Answer sent = send(camt(
                "50.00",
                "25.00",
                entry("2026-03-02", "-20.00", "Shop", "R1"),
                entry("2026-03-02", "-5.00", "Cafe", "R2")));

        assertCounts(sent, 2, 1, 1, 0, 0);
        assertThat(holders.balance(account)).isEqualTo("-25.00");
        assertThat(lines(sent, "MATCHED").json().at("/items/1/transactionIds/0").asString())
                .isEqualTo(corrected);
    }

    @Test
    void whereABankHasOnlyWordsTheyAreThePayeeThatALineIsMatchedBy() {
        spend("4.00", "2026-03-03", "SHOP LTD");
        spend("6.00", "2026-03-03", "Cafe");

        Answer sent = send("Date,Description,Amount\n2026-03-04,Shop  Ltd,-4.00\n2026-03-04,COFFEE,-6.00\n");

        assertCounts(sent, 2, 0, 1, 1, 0);
        Answer other = send(mt940("C260301GBP20,00", "C260304GBP15,00", ":61:260304D5,00NTRFX//B1\r\n:86:SHOP LTD"));
        assertCounts(other, 1, 1, 0, 0, 0);
        Answer back = send(mt940("C260304GBP15,00", "C260305GBP20,00", ":61:260305RD5,00NTRFX//B2\r\n:86:SHOP LTD"));
        assertCounts(back, 1, 1, 0, 0, 0);
        assertThat(holders.balance(account)).isEqualTo("-10.00");
    }

    @Test
    void aSuggestedLineIsLookedAtAgainOnceOtherLinesHaveTakenWhatItMightHaveBeen() {
        spend("9.00", "2026-03-04", "Somebody");
        spend("7.00", "2026-03-04", "Shop");
        String shop = spend("7.00", "2026-03-04", "Shop");
        Answer first = send(ofx(
                "GBP",
                List.of(
                        ofxLine("20260304", "-9.00", "F1", "Other name"),
                        ofxLine("20260304", "-7.00", "F2", "Shop"),
                        ofxLine("20260304", "-7.00", "F3", "Shop"))));
        assertCounts(first, 3, 0, 0, 3, 0);
        finance.post(
                        PATH + "/" + first.json().path("statementId").asString() + "/lines/2/match",
                        "{\"transactionIds\":[\"%s\"]}".formatted(shop))
                .ok();

        assertCounts(send(ofx("GBP", List.of(ofxLine("20260305", "-9.00", "F4", "Somebody")))), 1, 0, 1, 0, 0);

        Answer now = finance.get(PATH + "/" + first.json().path("statementId").asString());
        assertThat(now.json().path("recorded").asInt()).as(now.toString()).isEqualTo(1);
        assertThat(now.json().path("matched").asInt()).isEqualTo(2);
        assertThat(now.json().path("unmatched").asInt()).isZero();
        assertThat(holders.balance(account)).isEqualTo("-32.00");
    }

    @Test
    void aBanksCashIsAskedAboutAndAListedNameIsFoundAmongItsWords() {
        retrospective("'merchants.bets':{'names':['Ladbrokes'],'decision':'PROHIBITED','reasonCode':'GAMBLING'}");
        holders.pay(account, "500.00", "2026-03-01");
        String memo =
                ofxLine("20260304", "-6.00", "F3", "CARD PURCHASE").replace("<NAME>", "<MEMO>LADBROKES ONLINE<NAME>");

        Answer sent = send(ofx(
                "GBP",
                List.of(
                        ofxLine("20260302", "-40.00", "F1", "LINK HIGH ST").replace("OTHER", "ATM"),
                        ofxLine("20260303", "-5.00", "F2", "LADBROKES 1234 LEEDS"),
                        memo,
                        ofxLine("20260305", "-7.00", "F4", "LADBROKESHAM PARISH"),
                        ofxLine("20260306", "-8.00", "F5", "CARD PURCHASE"))));

        assertCounts(sent, 5, 5, 0, 0, 0);
        assertThat(flags()).containsExactly("CASH 40.00", "GAMBLING 5.00", "GAMBLING 6.00");
        retrospective("'merchants.care':{'names':['Acme'],'kind':'HOME_CARE_AGENCY'}");
        assertThat(flags()).containsExactly("CASH 40.00", "GAMBLING 5.00", "GAMBLING 6.00");
        retrospective("'merchants.bets':{'names':['Somebody else'],'decision':'PROHIBITED','reasonCode':'GAMBLING'}");
        assertThat(flags()).containsExactly("CASH 40.00");
        retrospective("'merchants.bets':{'names':['LADBROKES'],'decision':'PROHIBITED','reasonCode':'GAMBLING'}");
        assertThat(flags()).containsExactly("CASH 40.00", "GAMBLING 5.00");
    }

    private void retrospective(String settings) {
        Caller.as("admin", port)
                .post(
                        "/api/v1/policies",
                        ("{'effectiveFrom':'2026-01-01','settings':{" + settings
                                        + "},'retrospective':true,'reason':'found on a statement'}")
                                .replace('\'', '"'))
                .ok();
    }

    private List<String> flags() {
        return finance.get("/api/v1/flags?state=RAISED&accountId=" + account)
                .json()
                .path("items")
                .valueStream()
                .map(flag -> flag.path("reason").asString() + " "
                        + flag.path("amount").asString())
                .sorted()
                .toList();
    }

    @Test
    void theSameEntriesInAnotherFormatAreNeverDoubledAndTwoThatAreAlikeStayTwo() {
        assertCounts(
                send(camt(
                        "10.00",
                        "4.00",
                        entry("2026-03-02", "-2.00", "Bus", "R1"),
                        entry("2026-03-02", "-2.00", "Bus", "R2"),
                        entry("2026-03-03", "-2.00", "Bus", "R3"))),
                3,
                3,
                0,
                0,
                0);
        String[] lines = {
            ofxLine("20260302", "-2.00", "F1", "BUS LTD"),
            ofxLine("20260302", "-2.00", "F2", "BUS LTD"),
            ofxLine("20260302", "-2.00", "F3", "BUS LTD"),
            ofxLine("20260304", "-2.00", "F4", "BUS LTD")
        };
        // a third of that day, and one of another, are new: the bank's first file cannot have had them
        assertCounts(send(ofx("GBP", List.of(lines))), 4, 2, 0, 0, 2);
        assertCounts(send(ofx("GBP", List.of(lines[1], lines[2]))), 2, 0, 0, 0, 2);
        assertCounts(
                send("Date,Who,Amount\n2026-03-02,BUS,-2.00\n2026-03-03,BUS,-2.00\n", "mapping", MAPPING),
                2,
                0,
                0,
                0,
                2);
        assertCounts(send("Date,Who,Amount\n" + "2026-03-02,BUS,-2.00\n".repeat(4), "mapping", MAPPING), 4, 1, 0, 0, 3);
        assertCounts(send(mt940("C260301GBP10,00", "C260303GBP8,00", ":61:260303D2,00NTRFX//B1")), 1, 0, 0, 0, 1);
        // the same format again: another reference is another entry
        assertCounts(
                send(camtOf(statement(
                        "S2", "2026-03-31", "4.00", "2026-03-31", "2.00", entry("2026-03-02", "-2.00", "Bus", "R9")))),
                1,
                0,
                0,
                0,
                1);
        assertThat(holders.balance(account)).isEqualTo("-12.00");
    }

    @Test
    void aStatementInAnotherFormatThatGoesOnFromTheLastHasEntriesOfItsOwn() {
        send(camtOf(statement(
                "S1", "2026-03-01", "10.00", "2026-03-02", "8.00", entry("2026-03-02", "-2.00", "Bus", "R1"))));

        assertCounts(send(mt940("C260302GBP8,00", "C260302GBP6,00", ":61:260302D2,00NTRFX//B1")), 1, 1, 0, 0, 0);
        assertCounts(send(mt940("C260301GBP10,00", "C260302GBP8,00", ":61:260302D2,00NTRFX//B0")), 1, 0, 0, 0, 1);
        assertThat(holders.balance(account)).isEqualTo("-4.00");
    }

    @Test
    void theSameFileIsRefusedAndOverlappingOnesDoubleNoLine() {
        String[] entries = {
            entry("2026-03-02", "-1.00", "BUS", ""),
            entry("2026-03-02", "-1.00", "BUS", ""),
            entry("2026-03-03", "-1.00", "BUS", ""),
            entry("2026-03-04", "5.00", "Aunt", "")
        };
        String first = camtOf(
                statement("S1", "2026-03-01", "10.00", "2026-03-03", "7.00", entries[0], entries[1], entries[2]));
        String all = camtOf(statement("S2", "2026-03-01", "10.00", "2026-03-04", "12.00", entries));

        assertCounts(send(first), 3, 3, 0, 0, 0);
        assertCounts(send(all), 4, 0, 0, 1, 3);
        Answer again = send(all);

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("STATEMENT_ALREADY_IMPORTED");
        assertThat(holders.balance(account)).isEqualTo("-3.00");
    }

    @Test
    void theSameBytesAreEveryAccountsOwnStatement() {
        // the simplest CSV says nothing of its account: two clients bought the same bus ticket
        String file = "Date,Description,Amount,Reference\n2026-03-31,Bus,-2.00,B1\n2026-03-31,Bus,-2.00,\n";
        String other = holders.open("BANK-" + UUID.randomUUID());
        Answer first = send(file);
        assertCounts(first, 2, 2, 0, 0, 0);

        Answer preview = finance.upload(PATH + "/preview", file, "accountId", other);
        assertThat(preview.json().path("fresh").asInt()).as(preview.toString()).isEqualTo(2);
        assertThat(preview.json().path("imported").asBoolean()).isFalse();
        assertThat(preview.json().path("importedAs").isNull()).isTrue();
        assertCounts(finance.upload(PATH, file, "accountId", other), 2, 2, 0, 0, 0);

        assertThat(holders.balance(account)).isEqualTo("-4.00");
        assertThat(holders.balance(other)).isEqualTo("-4.00");
        Answer again = send(file);
        again.refused(409, "STATEMENT_ALREADY_IMPORTED");
        assertThat(again.json().path("detail").asString())
                .contains(first.json().path("statementId").asString());
        Answer told = finance.upload(PATH + "/preview", file, "accountId", account);
        assertThat(told.json().path("imported").asBoolean()).isTrue();
        assertThat(told.json().path("importedAs").asString())
                .isEqualTo(first.json().path("statementId").asString());
    }

    @Test
    void ofTheSameBytesSentForManyAccountsAtOnceEveryAccountTakesOne() {
        String file = camt("0.00", "-2.00", entry("2026-03-31", "-2.00", "Bus", "B1"));
        List<String> accounts = Stream.generate(() -> holders.open("BANK-" + UUID.randomUUID()))
                .limit(4)
                .toList();

        List<CompletableFuture<Answer>> sent = Stream.concat(accounts.stream(), accounts.stream())
                .map(id -> CompletableFuture.supplyAsync(() -> finance.upload(PATH, file, "accountId", id)))
                .toList();

        assertThat(sent.stream().map(answer -> answer.join().status()))
                .containsExactlyInAnyOrder(201, 201, 201, 201, 409, 409, 409, 409);
        assertThat(accounts).allSatisfy(id -> assertThat(holders.balance(id)).isEqualTo("-2.00"));
    }

    @Test
    void aGapNeedsAReason() {
        send(camtOf(
                statement("S1", "2026-03-01", "0.00", "2026-03-31", "-5.00", entry("2026-03-02", "-5.00", "A", "R1"))));
        String next = camtOf(
                statement("S2", "2026-03-31", "20.00", "2026-04-30", "19.00", entry("2026-04-02", "-1.00", "A", "R2")));

        Answer gap = send(next);
        assertThat(gap.status()).isEqualTo(409);
        assertThat(gap.code()).isEqualTo("STATEMENT_GAP");
        assertThat(send(next, "reason", " ").code()).isEqualTo("REASONS_REQUIRED");
        assertThat(holders.balance(account)).isEqualTo("-5.00");
        assertThat(send(next, "reason", "April's first pages are lost").status())
                .isEqualTo(201);
        assertThat(send(camtOf(statement("S3", "2026-04-30", "19.00", "2026-05-31", "19.00")))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void twoFilesThatShareEntriesOfOneDayLeaveNoGap() {
        String head = "Date,Description,Amount,Balance\n";
        String shared = "2026-03-15,Fee,-5.00,975.00\n";
        String later = "2026-03-15,Bus,-2.00,973.00\n2026-03-16,Shop,-3.00,970.00\n";
        send(head + "2026-03-13,Shop,-20.00,980.00\n" + shared);

        String other = "2026-03-15,Fee,-6.00,974.00\n2026-03-16,Shop,-3.00,971.00\n";
        send(head + other).refused(409, "STATEMENT_GAP");
        assertCounts(send(head + shared + later), 3, 2, 0, 0, 1);
        // newest first, and in camt.053, where the day is that of the opening balance
        String newestFirst = "2026-03-17,Bus,-2.00,965.00\n2026-03-16,Bus,-3.00,967.00\n2026-03-16,Shop,-3.00,970.00\n";
        assertCounts(send(head + newestFirst), 3, 2, 0, 0, 1);
        String fee = entry("2026-03-18", "-1.00", "Fee", "R1");
        String bus = entry("2026-03-19", "-2.00", "Bus", "R2");
        String one = statement("S1", "2026-03-17", "965.00", "2026-03-18", "964.00", fee);
        String two = statement("S2", "2026-03-18", "965.00", "2026-03-19", "962.00", fee, bus);
        assertCounts(send(camtOf(one, two)), 3, 2, 0, 0, 1);
        assertThat(gaps()).isEmpty();
    }

    @Test
    void aBalanceOfTheFirstDayIsNoSignOfEntriesThatAnEarlierFileCannotHave() {
        String head = "Date,Description,Amount,Balance\n";
        send(head + "2026-03-14,Shop,-20.00,975.00\n");
        String next = head + "2026-03-15,Fee,-5.00,975.00\n2026-03-16,Bus,-2.00,973.00\n";

        send(next).refused(409, "STATEMENT_GAP");
        assertThat(send(next, "reason", "the bank has lost a day").status()).isEqualTo(201);
        assertThat(gaps()).containsExactly("980.00");
    }

    /** What each statement begins with that leaves a gap. */
    private List<String> gaps() {
        return finance.get("/api/v1/reports/unreconciled?accountId=" + account)
                .json()
                .path("items")
                .valueStream()
                .filter(row -> row.path("kind").asString().equals("STATEMENT_GAP"))
                .map(row -> row.path("opening").asString())
                .toList();
    }

    @Test
    void whatCannotBeTakenInLeavesNothing() {
        send(camt("0.00", "1.00", entry("2026-03-02", "-1.00", "A", "R1"))).refused(422, "STATEMENT_DOES_NOT_BALANCE");
        send(mt940("C260301USD1,00", "C260331USD1,00")).refused(422, "CURRENCY_NOT_SUPPORTED");
        send("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"/>")
                .refused(422, "STATEMENT_UNREADABLE");
        finance.upload(PATH, camt("0.00", "0.00")).refused(400, "FIELD_INVALID");
        finance.upload(PATH, camt("0.00", "0.00"), "accountId", "NOBODY").refused(404, "ACCOUNT_NOT_FOUND");
        send(camt("0.00", "0.00"), "mapping", "{}", "format", "ofx").refused(400, "FIELD_INVALID");
        assertThat(holders.balance(account)).isEqualTo("0.00");
    }

    @Test
    void aMappingIsRememberedForTheAccountsNextCsv() {
        String mapping = "{\"date\":\"Date\",\"amount\":\"Amount\",\"payee\":\"Who\",\"dateOrder\":\"DMY\"}";
        String head = "Date,Who,Amount\n";

        send(head + "03/04/2026,Shop,-1.00\n").refused(422, "STATEMENT_UNREADABLE");
        assertCounts(send(head + "03/04/2026,Shop,-1.00\n", "mapping", mapping), 1, 1, 0, 0, 0);
        assertCounts(send(head + "04/04/2026,Shop,-1.00\n03/04/2026,Shop,-1.00\n"), 2, 1, 0, 0, 1);
    }

    @Test
    void aMappingServesForTheNextCsvWhateverItsColumnsAreCalledAndForNoOther() {
        String mapping = "{\"date\":\"Booked\",\"amount\":\"Sum\",\"payee\":\"Who\"}";
        String head = "Booked;Sum;Who\n";
        send(head + "2026-03-01;-1.00;Shop\n").refused(422, "STATEMENT_UNREADABLE");
        assertCounts(send(head + "2026-03-01;-1.00;Shop\n", "mapping", mapping), 1, 1, 0, 0, 0);

        String next = head + "2026-03-02;-1.00;Shop\n";
        Answer preview = finance.upload(PATH + "/preview", next, "accountId", account);
        assertThat(preview.json().at("/mapping/amount").asString())
                .as(preview.toString())
                .isEqualTo("Sum");
        assertCounts(send(next), 1, 1, 0, 0, 0);
        // a file whose names say enough, and one of names that nobody has explained
        assertCounts(send("Date,Amount,Payee\n2026-03-03,-1.00,Shop\n"), 1, 1, 0, 0, 0);
        send("Booked;Sum\n2026-03-04;-1.00\n").refused(422, "STATEMENT_UNREADABLE");
        finance.upload(PATH, next, "accountId", holders.open("BANK-" + UUID.randomUUID()))
                .refused(422, "STATEMENT_UNREADABLE");
        finance.upload(PATH, next, "accountId", "NOBODY").refused(404, "ACCOUNT_NOT_FOUND");
        assertThat(holders.balance(account)).isEqualTo("-3.00");
    }

    @Test
    void whereAMappingSaysThatMoneyOutIsPositiveNoSignOfAnotherFileIsTrusted() {
        String mapping = "{\"date\":\"Date\",\"amount\":\"Amount\",\"payee\":\"Who\",\"negate\":true}";
        assertCounts(send("Date,Who,Amount\n2026-03-01,Shop,1.00\n", "mapping", mapping), 1, 1, 0, 0, 0);

        send("Date,Payee,Amount\n2026-03-02,Shop,1.00\n").refused(422, "STATEMENT_UNREADABLE");
        assertCounts(send("Date,Payee,DR/CR,Amount\n2026-03-02,Shop,DR,1.00\n"), 1, 1, 0, 0, 0);
    }

    @Test
    void mt940IsTakenInAndALineBeforeTheAccountsOpeningIsRejectedAlone() {
        Answer sent =
                send(mt940("C251201GBP5,00", "C260303GBP3,00", ":61:251202D1,00NTRFX//B1", ":61:260302D1,00NTRFX//B2"));

        assertCounts(sent, 2, 1, 0, 0, 0);
        assertThat(sent.json().path("rejected").path(0).path("code").asString()).isEqualTo("DATE_BEFORE_OPENING");
    }

    @Test
    void aPersonMatchesALineTakesThatBackSplitsItAndIgnoresWhatIsNone() {
        holders.pay(account, "30.00", "2026-02-01");
        String first = spend("4.00", "2026-03-03", "Shop");
        String second = spend("6.00", "2026-03-03", "Shop");
        spend("10.00", "2026-03-04", "Somebody");
        Answer sent = send(camt(
                "30.00",
                "25.00",
                entry("2026-03-03", "-10.00", "Both", "R1"),
                entry("2026-03-03", "5.00", "Aunt", "R2")));
        assertCounts(sent, 2, 0, 0, 2, 0);
        String lines = PATH + "/" + sent.json().path("statementId").asString() + "/lines/";
        String both = "{\"transactionIds\":[\"%s\",\"%s\"]}".formatted(first, second);

        finance.post(lines + "9/match", both).refused(404, "LINE_NOT_FOUND");
        finance.post(lines + "x/match", both).refused(404, "LINE_NOT_FOUND");
        finance.post(lines + "1/match", "{\"transactionIds\":[\"%s\"]}".formatted(first))
                .refused(409, "AMOUNTS_DIFFER");
        finance.post(lines + "1/match", "{\"transactionIds\":[\"NONE\"]}").refused(404, "TRANSACTION_NOT_FOUND");
        Answer matched = finance.post(lines + "1/match", both, "Idempotency-Key", "match-" + account);
        assertThat(matched.status()).as(matched.toString()).isEqualTo(200);
        assertThat(matched.json().path("state").asString()).isEqualTo("MATCHED");
        assertThat(finance.post(lines + "1/match", both, "Idempotency-Key", "match-" + account)
                        .json())
                .isEqualTo(matched.json());
        finance.post(lines + "1/match", both).refused(409, "LINE_ALREADY_MATCHED");
        finance.post(lines + "1/split", "{\"amounts\":[\"4.00\",\"6.00\"]}").refused(409, "LINE_ALREADY_MATCHED");
        finance.post(lines + "1/ignore", "{\"reason\":\"no\"}").refused(409, "LINE_ALREADY_MATCHED");
        finance.post(lines + "1/unmatch", "{}").refused(422, "REASONS_REQUIRED");
        assertThat(finance.post(lines + "1/unmatch", "{\"reason\":\"wrong\"}").status())
                .isEqualTo(200);
        finance.post(lines + "1/unmatch", "{\"reason\":\"wrong\"}").refused(409, "LINE_NOT_MATCHED");

        finance.post(lines + "1/split", "{\"amounts\":[\"4.00\",\"5.00\"]}").refused(409, "AMOUNTS_DIFFER");
        Answer split = finance.post(lines + "1/split", "{\"amounts\":[\"4.00\",\"6.00\"]}");
        assertThat(split.json().path("lines").path(1).path("lineId").asString())
                .as(split.toString())
                .isEqualTo("1.2");
        finance.post(lines + "1/split", "{\"amounts\":[\"1.00\",\"3.00\"]}").refused(409, "LINE_ALREADY_SPLIT");
        assertThat(finance.post(lines + "1/match", "{\"transactionIds\":[\"%s\"]}".formatted(first))
                        .status())
                .isEqualTo(200);
        finance.post(lines + "1.2/match", "{\"transactionIds\":[\"%s\"]}".formatted(first))
                .refused(409, "LINE_ALREADY_MATCHED");
        assertThat(finance.post(lines + "1.2/match", "{\"transactionIds\":[\"%s\"]}".formatted(second))
                        .status())
                .isEqualTo(200);

        finance.post(lines + "2/ignore", "{\"reason\":\" \"}").refused(422, "REASONS_REQUIRED");
        assertThat(finance.post(lines + "2/ignore", "{\"reason\":\"her own money\"}")
                        .status())
                .isEqualTo(200);
        assertThat(lines(sent, "IGNORED").json().path("items")).hasSize(1);
        assertThat(lines(sent, "MATCHED").json().path("items")).hasSize(2);
        assertThat(lines(sent, "UNMATCHED").json().path("items")).isEmpty();
        assertThat(holders.balance(account)).isEqualTo("10.00");
    }

    @Test
    void aPeriodThatWasReconciledSaysWhetherItStillAgrees() {
        holders.pay(account, "90.00", "2026-03-02");
        String path = "/api/v1/accounts/" + account + "/reconciliations";
        String period = "{\"from\":\"2026-03-01\",\"to\":\"2026-03-31\",\"bankBalance\":\"%s\"}";
        assertThat(finance.post(path, period.formatted("90.00")).status()).isEqualTo(201);
        spend("10.00", "2026-03-20", "Late");
        spend("3.00", "2026-04-01", "Later");
        assertThat(finance.post(path, period.formatted("80.00")).status()).isEqualTo(201);

        assertThat(finance.get(path).json().path("items").valueStream())
                .extracting(
                        one -> one.path("balance").asString(),
                        one -> one.path("ledgerBalanceNow").asString(),
                        one -> one.path("agrees").asBoolean())
                .containsExactly(tuple("90.00", "80.00", false), tuple("80.00", "80.00", true));
        assertThat(Visitor.as("finance", port)
                        .get("/accounts/" + account + "/reconciliations")
                        .body())
                .containsOnlyOnce("No: compare it again");
    }

    private static List<String> candidates(tools.jackson.databind.JsonNode line) {
        return line.path("candidates").valueStream().map(id -> id.asString()).toList();
    }

    private String spend(String amount, String on, String payee) {
        Answer spent = finance.post(
                "/api/v1/accounts/" + account + "/expenditures",
                "{\"amount\":\"%s\",\"on\":\"%s\",\"payee\":\"%s\"}".formatted(amount, on, payee));
        assertThat(spent.status()).as(spent.toString()).isEqualTo(201);
        return spent.json().path("expenditureId").asString();
    }

    private Answer send(String file, String... fields) {
        String[] all = Arrays.copyOf(fields, fields.length + 2);
        all[fields.length] = "accountId";
        all[fields.length + 1] = account;
        return finance.upload(PATH, file, all);
    }

    private Answer lines(Answer sent, String state) {
        return finance.get(PATH + "/" + sent.json().path("statementId").asString() + "/lines?state=" + state);
    }

    private static void assertCounts(Answer sent, int lines, int recorded, int matched, int unmatched, int duplicates) {
        assertThat(sent.status()).as(sent.toString()).isEqualTo(201);
        assertThat(List.of(
                        sent.json().path("lines").asInt(),
                        sent.json().path("recorded").asInt(),
                        sent.json().path("matched").asInt(),
                        sent.json().path("unmatched").asInt(),
                        sent.json().path("duplicates").asInt()))
                .as(sent.toString())
                .containsExactly(lines, recorded, matched, unmatched, duplicates);
    }

    private void reverse(String expenditure) {
        finance.post(
                        "/api/v1/accounts/" + account + "/expenditures/" + expenditure + "/reversal",
                        "{\"reason\":\"typed on the wrong account\"}")
                .ok();
    }
}
