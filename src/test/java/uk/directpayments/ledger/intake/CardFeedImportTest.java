package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.account.BankReference;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.TestPostgres;

/** Card feeds through the running service: what becomes of money, however the files come. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "ledger.statements.max-lines=20000")
class CardFeedImportTest {

    private static final String PATH = "/api/v1/statements";
    private static final String HEADER = "accountRef,txnId,settledAt,type,amount,currency,merchantName,mcc,cashback";

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

    @Autowired
    JdbcClient jdbc;

    private Caller finance;
    private CardHolders holders;

    /** Cards of this test alone. */
    private String cards;

    @BeforeEach
    void newCards() {
        finance = Caller.as("finance", port);
        holders = new CardHolders(commands, sealing, references, balances);
        cards = "C" + UUID.randomUUID().toString().substring(0, 8);
    }

    // ── the sample ───────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void afterTheSampleEveryBalanceIsTheFeedsClosingBalance() {
        Map<String, String> accounts = sampleAccounts();

        Answer sent = send(sample());

        assertThat(sent.status()).as(sent.toString()).isEqualTo(201);
        assertThat(sent.json().path("format").asString()).isEqualTo("card-feed");
        assertThat(sent.json().path("state").asString()).isEqualTo("FINISHED");
        assertCounts(sent, 416, 404, 12, 0, 0, 0);
        assertThat(sent.json().has("opening")).isTrue();
        assertThat(sent.json().path("closing").isNull()).isTrue();
        assertThat(sent.header("Location")).isEqualTo(PATH + "/" + id(sent));
        assertThat(finance.get(PATH + "/" + id(sent)).json()).isEqualTo(sent.json());
        assertSampleBalances(accounts);
    }

    @Test
    void theSampleSentAgainIsRefusedWholeForEveryLineOfItIsInTheLedger() {
        Map<String, String> accounts = sampleAccounts();
        send(sample());

        Answer again = send(sample());

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("STATEMENT_ALREADY_IMPORTED");
        assertSampleBalances(accounts);
    }

    @Test
    void aFeedInJsonIsKnownByItsContentAndItsTransactionsAreThoseOfTheCsv() {
        String accountId = holders.open(cards);
        String object =
                "{\"accountRef\":\"%1$s\",\"txnId\":\"%1$s-%2$d\",\"settledAt\":\"2026-03-02T12:00:00Z\",\"type\":\"PURCHASE\",\"amount\":-%2$d.50,\"currency\":\"GBP\",\"merchantName\":\"Shop\",\"mcc\":\"5411\"}";
        String json = "{\"transactions\":[%s,%s,{}]}".formatted(object.formatted(cards, 1), object.formatted(cards, 2));

        Answer sent = finance.upload(PATH, json);
        assertThat(sent.status()).as(sent.toString()).isEqualTo(201);
        assertThat(sent.json().path("format").asString()).isEqualTo("card-feed");
        assertCounts(sent, 3, 2, 0, 0, 0, 1);
        assertThat(sent.json().at("/rejected/0/line").asInt()).isEqualTo(3);
        assertThat(holders.balance(accountId)).isEqualTo("-4.00");

        Answer csv =
                send(HEADER + "\n%1$s,%1$s-1,2026-03-02T12:00:00Z,PURCHASE,-1.50,GBP,Shop,5411,\n".formatted(cards));
        assertCounts(csv, 1, 0, 0, 0, 1, 0);
        assertThat(holders.balance(accountId)).isEqualTo("-4.00");
    }

    @Test
    void aMappingOfAFeedInJsonServesForTheNextOne() {
        String accountId = holders.open(cards);
        String json =
                "[{\"card\":{\"ref\":\"%1$s\"},\"id\":\"%1$s-%2$d\",\"at\":\"2026-03-02T12:00:00Z\",\"what\":\"FEE\",\"value\":-1}]";
        String mapping =
                "{\"accountRef\":\"card.ref\",\"txnId\":\"id\",\"settledAt\":\"at\",\"type\":\"what\",\"amount\":\"value\"}";
        Answer first = finance.upload(PATH, json.formatted(cards, 1), "format", "card-feed", "mapping", mapping);
        assertCounts(first, 1, 1, 0, 0, 0, 0);
        Answer second = finance.upload(PATH, json.formatted(cards, 2), "format", "card-feed");
        assertCounts(second, 1, 1, 0, 0, 0, 0);
        assertThat(holders.balance(accountId)).isEqualTo("-2.00");
    }

    @Test
    void overlappingSlicesInAnyOrderMakeEveryExpenditureOnce() {
        Map<String, String> accounts = sampleAccounts();
        List<String> lines = Arrays.asList(sample().split("\r?\n"));
        List<String> body = lines.subList(1, lines.size());
        List<List<String>> slices = new ArrayList<>(List.of(
                body.subList(0, 200), body.subList(150, 320), body.subList(300, body.size()), body.subList(90, 350)));
        Collections.shuffle(slices, new Random(7));

        int recorded = 0;
        for (List<String> slice : slices) {
            Answer sent = send(lines.get(0) + "\n" + String.join("\n", slice) + "\n");
            assertThat(sent.status()).as(sent.toString()).isEqualTo(201);
            assertThat(sent.json().path("rejectedTotal").asInt()).isZero();
            recorded += sent.json().path("recorded").asInt();
        }

        assertThat(recorded).isEqualTo(404);
        assertSampleBalances(accounts);
    }

    @Test
    void twoUploadsOfTheSameFileAtOnceRecordItOnce() {
        Map<String, String> accounts = sampleAccounts();
        String sample = sample();

        CompletableFuture<Answer> other = CompletableFuture.supplyAsync(() -> send(sample));
        List<Integer> statuses = Stream.of(send(sample), other.join())
                .map(Answer::status)
                .sorted()
                .toList();

        assertThat(statuses).containsExactly(201, 409);
        assertSampleBalances(accounts);
    }

    // ── kinds of lines ───────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void moneyThatComesBackIsOfTheNewestPurchaseFromTheSamePayeeThatFits() {
        String account = holders.open(cards);

        Answer sent = send(
                HEADER,
                line("T1", "2026-03-02", "PURCHASE", "-30.00", "Corner Shop", "5411", "10.00"),
                line("T2", "2026-03-03", "PURCHASE", "-30.00", "CORNER  SHOP", "5411", ""),
                line("T3", "2026-03-04", "PURCHASE", "-99.00", "Elsewhere", "5411", ""),
                line("T4", "2026-03-05", "REFUND", "5.00", "Corner Shop", "5411", ""),
                line("T5", "2026-03-06", "REVERSAL", "30.00", "Corner Shop", "5411", ""),
                line("T6", "2026-03-07", "ATM", "-20.00", "", "", ""),
                line("T7", "2026-03-08", "FEE", "-1.50", "", "", ""),
                line("T8", "2026-03-09", "REVERSAL", "1.50", "", "", ""),
                line("T9", "2026-03-10", "REFUND", "500.00", "Corner Shop", "5411", ""));

        assertCounts(sent, 9, 8, 0, 1, 0, 0);
        assertThat(holders.balance(account)).isEqualTo("-144.00");
        assertThat(jdbc.sql(
                                "SELECT name FROM event_log WHERE stream_id = :s AND name LIKE 'account.%-re%' ORDER BY position")
                        .param("s", "account/" + account)
                        .query(String.class)
                        .list())
                .containsSubsequence(
                        "account.refund-received", "account.expenditure-reversed", "account.expenditure-reversed");
        JsonNode unmatched = lines(sent, "UNMATCHED").get(0);
        assertThat(unmatched.path("lineId").asString()).isEqualTo("10");
        assertThat(unmatched.path("payee").asString()).isEqualTo("Corner Shop");
        assertThat(unmatched.path("amount").asString()).isEqualTo("500.00");
    }

    @Test
    void moneyThatCameBackBeforeItWasSpentIsNoRefundAndWaits() {
        String account = holders.open(cards);

        Answer sent = send(
                HEADER,
                line("T1", "2026-03-05", "PURCHASE", "-30.00", "Corner Shop", "5411", ""),
                line("T2", "2026-03-04", "REFUND", "5.00", "Corner Shop", "5411", ""),
                line("T3", "2026-03-04", "REVERSAL", "30.00", "Corner Shop", "5411", ""));

        assertCounts(sent, 3, 1, 0, 2, 0, 0);
        assertThat(holders.balance(account)).isEqualTo("-30.00");
        assertThat(lines(sent, "UNMATCHED")).hasSize(2);
    }

    @Test
    void moneyBackThatSomebodyHasRecordedIsNotRecordedAgain() {
        String account = holders.open(cards);
        Answer bets = send(
                HEADER,
                line("T1", "2026-03-01", "PURCHASE", "-20.00", "Bets", "7995", ""),
                line("T2", "2026-03-10", "PURCHASE", "-20.00", "Bets", "7995", ""));
        refund(account, recorded(bets, 1), "20.00", "2026-03-12");

        assertCounts(send(HEADER, line("T3", "2026-03-13", "REFUND", "20.00", "BETS", "7995", "")), 1, 0, 1, 0, 0, 0);

        assertThat(holders.balance(account)).isEqualTo("-20.00");
        assertThat(flags(account, "GAMBLING")).containsExactly("RAISED", "WITHDRAWN");
    }

    @Test
    void ofTwoRefundsThatMoneyBackMayBeAPersonSaysWhich() {
        String account = holders.open(cards);
        Answer bought = send(
                HEADER,
                line("T1", "2026-03-02", "PURCHASE", "-9.00", "Shop", "5411", ""),
                line("T2", "2026-03-02", "PURCHASE", "-8.00", "Shop", "5411", ""));
        refund(account, recorded(bought, 0), "5.00", "2026-03-03");
        refund(account, recorded(bought, 1), "5.00", "2026-03-04");

        Answer back = send(HEADER, line("T3", "2026-03-04", "REFUND", "5.00", "Shop", "5411", ""));

        assertCounts(back, 1, 0, 0, 1, 0, 0);
        assertThat(lines(back, "SUGGESTED").get(0).path("candidates")).hasSize(2);
        assertThat(holders.balance(account)).isEqualTo("-7.00");
    }

    @Test
    void aLoadThatNoPaymentExplainsIsShownAndIsNoMoney() {
        String account = holders.open(cards);
        holders.pay(account, "100.00", "2026-03-01");

        Answer sent = send(
                HEADER,
                line("T1", "2026-03-04", "LOAD", "100.00", "", "", ""),
                line("T2", "2026-03-04", "LOAD", "100.00", "", "", ""),
                line("T3", "2026-03-05", "LOAD", "100.00", "", "", ""),
                line("T4", "2026-03-05", "UNLOAD", "-10.00", "", "", ""));

        assertCounts(sent, 4, 0, 1, 3, 0, 0);
        assertThat(holders.balance(account)).isEqualTo("100.00");
        assertThat(lines(sent, "UNMATCHED")).hasSize(3);
        assertThat(lines(sent, "MATCHED")).hasSize(1);
        assertThat(finance.get(PATH + "/" + id(sent) + "/lines?limit=3")
                        .json()
                        .path("next")
                        .isNull())
                .isFalse();
    }

    @Test
    void loadsAreMatchedWithTheNearestPaymentWithinThreeDaysEachOnce() {
        String account = holders.open(cards);
        String early = holders.pay(account, "100.00", "2026-03-01");
        String late = holders.pay(account, "100.00", "2026-03-05");
        holders.pay(account, "200.00", "2026-03-10");

        Answer sent = send(
                HEADER,
                line("T1", "2026-03-04", "LOAD", "100.00", "", "", ""),
                line("T2", "2026-03-04", "LOAD", "100.00", "", "", ""),
                line("T3", "2026-03-14", "LOAD", "200.00", "", "", ""));

        assertCounts(sent, 3, 0, 2, 1, 0, 0);
        List<JsonNode> matched = lines(sent, "MATCHED");
        assertThat(matched.get(0).path("transactionIds").get(0).asString()).isEqualTo(late);
        assertThat(matched.get(1).path("transactionIds").get(0).asString()).isEqualTo(early);
    }

    @Test
    void moneyTakenOffACardIsMatchedWithTheRecoveryThatItIs() {
        String account = holders.open(cards);
        String path = "/api/v1/accounts/" + account + "/recoveries";
        String on = BusinessDay.today(Clock.systemUTC()).toString();
        holders.pay(account, "50000.00", "2026-03-01");
        finance.post(path, "{\"recoveryId\":\"R1\",\"amount\":\"50.00\"}").ok();
        Caller.as("approver", port).post(path + "/R1/approval", "{}").ok();
        finance.post(path + "/R1/receipt", "{\"amount\":\"50.00\",\"on\":\"%s\"}".formatted(on))
                .ok();

        Answer sent = send(
                HEADER, line("T1", on, "UNLOAD", "-50.00", "", "", ""), line("T2", on, "UNLOAD", "-50.00", "", "", ""));

        assertCounts(sent, 2, 0, 1, 1, 0, 0);
        assertThat(lines(sent, "MATCHED").get(0).path("lineId").asString()).isEqualTo("2");
        assertThat(lines(sent, "UNMATCHED").get(0).path("lineId").asString()).isEqualTo("3");
    }

    @Test
    void whatMovedOnACardButIsNoPaymentAndNoRecoveryIsSuggestedToAPerson() {
        String account = holders.open(cards);
        holders.pay(account, "30.00", "2026-03-01");
        String path = "/api/v1/accounts/" + account;
        finance.post(path + "/contributions", "{\"amount\":\"30.00\",\"on\":\"2026-03-02\"}")
                .ok();
        finance.post(path + "/expenditures", "{\"amount\":\"7.00\",\"on\":\"2026-03-02\",\"payee\":\"Shop\"}")
                .ok();

        Answer sent = send(
                HEADER,
                line("T1", "2026-03-02", "LOAD", "30.00", "", "", ""),
                line("T2", "2026-03-02", "LOAD", "30.00", "", "", ""),
                line("T3", "2026-03-02", "UNLOAD", "-7.00", "", "", ""));

        assertCounts(sent, 3, 0, 1, 2, 0, 0);
        assertThat(lines(sent, "SUGGESTED").stream()
                        .map(line -> line.path("lineId").asString() + " "
                                + line.path("candidates").size()))
                .containsExactly("3 1", "4 1");
    }

    @Test
    void aLoadThatThePlatformTakesBackIsTheReturnOfItsPaymentAndNoSpending() {
        String account = holders.open(cards);
        String payment = holders.pay(account, "100.00", "2026-03-01");
        String load = line("T1", "2026-03-02", "LOAD", "100.00", "", "", "");
        String back = line("T2", "2026-03-05", "REVERSAL", "-100.00", "", "", "");
        assertCounts(send(HEADER, load), 1, 0, 1, 0, 0, 0);
        finance.post(
                        "/api/v1/accounts/" + account + "/payments/" + payment + "/return",
                        "{\"reasonCode\":\"0\",\"on\":\"2026-03-05\"}")
                .ok();

        assertCounts(send(HEADER, back), 1, 0, 1, 0, 0, 0);
        assertThat(holders.balance(account)).isEqualTo("0.00");
    }

    @Test
    void aLoadOfAPaymentThatCameBackIsNotThatPayment() {
        String account = holders.open(cards);
        String payment = holders.pay(account, "30.00", "2026-03-01");
        finance.post(
                        "/api/v1/accounts/" + account + "/payments/" + payment + "/return",
                        "{\"reasonCode\":\"0\",\"on\":\"2026-03-03\"}")
                .ok();

        Answer sent = send(
                HEADER,
                line("T1", "2026-03-02", "LOAD", "30.00", "", "", ""),
                line("T2", "2026-03-03", "UNLOAD", "-30.00", "", "", ""));

        assertThat(lines(sent, "UNMATCHED").get(0).path("lineId").asString()).isEqualTo("2");
        assertThat(lines(sent, "MATCHED").get(0).path("lineId").asString()).isEqualTo("3");
    }

    @Test
    void theLinesOfACardThatWasReplacedStillFindTheAccountThatHadItLast() {
        String old = "old" + cards;
        String first = holders.open(old);
        String second = holders.open(old);
        replace(second, "new2" + cards);
        replace(second, "new3" + cards);
        replace(first, "new1" + cards);
        String third = holders.open("new2" + cards);

        Answer sent = send(
                HEADER,
                "old" + line("T1", "2026-03-02", "PURCHASE", "-1.00", "Shop", "5411", ""),
                "new1" + line("T2", "2026-03-02", "PURCHASE", "-2.00", "Shop", "5411", ""),
                "new2" + line("T3", "2026-03-02", "PURCHASE", "-4.00", "Shop", "5411", ""),
                "never" + line("T4", "2026-03-02", "PURCHASE", "-8.00", "Shop", "5411", ""));

        assertCounts(sent, 4, 3, 0, 0, 0, 1);
        assertThat(sent.json().at("/rejected/0/line").asInt()).isEqualTo(5);
        assertThat(holders.balance(first)).isEqualTo("-3.00");
        assertThat(holders.balance(second)).isEqualTo("0.00");
        assertThat(holders.balance(third)).isEqualTo("-4.00");
    }

    @Test
    void aLineIsOfTheAccountThatHadTheCardOnItsDayWhoeverHasItBeforeOrAfter() {
        String may = "may" + cards;
        String closed = holders.open(may);
        finance.post("/api/v1/accounts/" + closed + "/closure", "{\"on\":\"2026-05-31\"}")
                .ok();
        String next = holders.open(may, LocalDate.of(2026, 6, 1));
        String now = "now" + cards;
        String open = holders.open(now);
        holders.open(now, BusinessDay.today(Clock.systemUTC()).plusMonths(1));

        Answer sent = send(
                HEADER,
                "may" + line("T1", "2026-05-28", "PURCHASE", "-1.00", "Shop", "5411", ""),
                "may" + line("T2", "2026-05-31", "PURCHASE", "-2.00", "Shop", "5411", ""),
                "may" + line("T3", "2026-06-01", "PURCHASE", "-4.00", "Shop", "5411", ""),
                "now" + line("T4", "2026-11-02", "PURCHASE", "-8.00", "Shop", "5411", ""));

        assertCounts(sent, 4, 4, 0, 0, 0, 0);
        assertThat(holders.balance(closed)).isEqualTo("-3.00");
        assertThat(holders.balance(next)).isEqualTo("-4.00");
        assertThat(holders.balance(open)).isEqualTo("-8.00");
    }

    @Test
    void aCardOnAnOpenAccountStaysThatPersonsThoughAnothersAccountIsGivenItToo() {
        String first = holders.open(cards);
        String second = holders.open("other" + cards);
        replace(second, cards);
        String today = BusinessDay.today(Clock.systemUTC()).toString();

        send(HEADER, line("T1", today, "PURCHASE", "-1.00", "Shop", "5411", ""));
        assertThat(holders.balance(first)).isEqualTo("-1.00");
        assertThat(holders.balance(second)).isEqualTo("0.00");

        replace(first, "new" + cards);
        send(HEADER, line("T2", today, "PURCHASE", "-2.00", "Shop", "5411", ""));
        assertThat(holders.balance(first)).isEqualTo("-1.00");
        assertThat(holders.balance(second)).isEqualTo("-2.00");
    }

    @Test
    void whatACardsFeedAndItsBanksExportBothTellCountsOnceInEitherOrder() {
        String feedFirst = holders.open(cards);
        String exportFirst = holders.open("x" + cards);
        String[] feed = {
            line("T1", "2026-03-02", "LOAD", "100.00", "", "", ""),
            line("T2", "2026-03-03", "PURCHASE", "-30.00", "Tesco Stores", "5411", ""),
            line("T3", "2026-03-03", "PURCHASE", "-2.00", "Bus", "4111", "")
        };
        String export =
                "Date,Description,Amount\n2026-03-02,TOP UP,100.00\n2026-03-03,TESCO,-30.00\n2026-03-03,BUS,-2.00\n";
        String more = export + "2026-03-03,BUS,-2.00\n";
        for (String account : List.of(feedFirst, exportFirst)) {
            holders.pay(account, "100.00", "2026-03-01");
        }
        assertCounts(send(HEADER, feed[0], feed[1], feed[2]), 3, 2, 1, 0, 0, 0);
        assertCounts(export(feedFirst, export), 3, 0, 0, 0, 3, 0);
        assertCounts(export(exportFirst, export), 3, 2, 1, 0, 0, 0);
        Answer preview = finance.upload(
                "/api/v1/statements/preview", HEADER + "\nx" + feed[0] + "\nx" + feed[1] + "\nx" + feed[2] + "\n");
        assertThat(preview.json().path("duplicates").asInt())
                .as(preview.toString())
                .isEqualTo(3);
        assertCounts(send(HEADER, "x" + feed[0], "x" + feed[1], "x" + feed[2]), 3, 0, 0, 0, 3, 0);

        // a bus more is one more, in whichever format it is told first, and overlapping files double nothing
        String fourth = line("T4", "2026-03-03", "PURCHASE", "-2.00", "Bus", "4111", "");
        for (String x : List.of("", "x")) {
            String account = x.isEmpty() ? feedFirst : exportFirst;
            assertCounts(export(account, more), 4, 1, 0, 0, 3, 0);
            assertCounts(send(HEADER, x + feed[2], x + fourth), 2, 0, 0, 0, 2, 0);
            assertCounts(send(HEADER, x + fourth, x + feed[1]), 2, 0, 0, 0, 2, 0);
            assertThat(holders.balance(account)).isEqualTo("66.00");
        }
    }

    @Test
    void aPurchaseThatSomebodyHasToldIsMatchedAndNotSpentTwice() {
        String account = holders.open(cards);
        String list = "accountId,on,amount,payee,reference\n%s,2026-03-02,20.00,Tesco,%s\n".formatted(account, cards);
        finance.upload("/api/v1/statements", list).ok();
        spend(account, "1.50", "2026-03-03", "Card fee");
        String other = spend(account, "7.00", "2026-03-03", "Shop");
        spend(account, "7.00", "2026-03-04", "Shop");
        spend(account, "9.00", "2026-03-04", "Cafe");
        String[] feed = {
            HEADER,
            line("T1", "2026-03-03", "PURCHASE", "-20.00", "TESCO", "5411", ""),
            line("T2", "2026-03-04", "PURCHASE", "-20.00", "TESCO", "5411", ""),
            line("T3", "2026-03-03", "FEE", "-1.50", "", "", ""),
            line("T4", "2026-03-03", "PURCHASE", "-7.00", "Shop", "5411", ""),
            line("T5", "2026-03-08", "PURCHASE", "-9.00", "Cafe", "5812", "")
        };
        Answer preview = finance.upload("/api/v1/statements/preview", String.join("\n", feed));
        assertThat(preview.json()
                        .path("items")
                        .valueStream()
                        .map(one -> one.path("becomes").asString()))
                .as(preview.toString())
                .containsExactly("MATCHED", "RECORDED", "MATCHED", "RECORDED", "RECORDED");

        assertCounts(send(feed), 5, 3, 2, 0, 0, 0);
        assertThat(holders.balance(account)).isEqualTo("-80.50");

        // what was matched is known by the card's reference when it comes again
        assertCounts(send(HEADER, feed[1], feed[3]), 2, 0, 0, 0, 2, 0);
        assertThat(holders.balance(account)).isEqualTo("-80.50");

        // what is not spent after all is no line's, and of two alike the one that is left is the next's
        finance.post(
                        "/api/v1/accounts/" + account + "/expenditures/" + other + "/reversal",
                        "{\"reason\":\"typed twice\"}")
                .ok();
        assertCounts(send(HEADER, line("T6", "2026-03-05", "PURCHASE", "-7.00", "Shop", "5411", "")), 1, 0, 1, 0, 0, 0);
        assertThat(holders.balance(account)).isEqualTo("-73.50");
    }

    @Test
    void anAccountIsNotClosedWhileALineOfItIsUnmatched() {
        String account = holders.open(cards);
        send(HEADER, line("T1", "2026-03-04", "LOAD", "100.00", "", "", ""));
        Answer closure = finance.post("/api/v1/accounts/" + account + "/closure", "{\"on\":\"2026-03-10\"}");
        assertThat(closure.status()).isEqualTo(409);
        assertThat(closure.code()).isEqualTo("UNRECONCILED_LINES");
    }

    @Test
    void whatExplainsALineMayComeLaterThanTheLine() {
        String account = holders.open(cards);
        Answer first = send(
                HEADER,
                line("T2", "2026-03-05", "REFUND", "5.00", "Corner Shop", "5411", ""),
                line("T3", "2026-03-06", "LOAD", "100.00", "", "", ""));
        assertCounts(first, 2, 0, 0, 2, 0, 0);
        holders.pay(account, "100.00", "2026-03-06");

        Answer second = send(HEADER, line("T1", "2026-03-02", "PURCHASE", "-30.00", "Corner Shop", "5411", ""));

        assertCounts(second, 1, 1, 0, 0, 0, 0);
        assertThat(holders.balance(account)).isEqualTo("75.00");
        assertCounts(finance.get(PATH + "/" + id(first)), 2, 1, 1, 0, 0, 0);
        assertThat(lines(first, "UNMATCHED")).isEmpty();
    }

    // ── what cannot be recorded ──────────────────────────────────────────────────────────────────────────────────

    @Test
    void everyRejectedLineSaysItsNumberCodeAndWordsAndTheOthersAreRecorded() {
        String account = holders.open(cards);

        Answer sent = send(
                HEADER,
                line("T1", "2026-03-02", "PURCHASE", "-30.00", "Corner Shop", "5411", ""),
                line("T2", "2025-12-31", "PURCHASE", "-1.00", "Corner Shop", "5411", ""),
                line("T3", "2026-03-02", "PURCHASE", "1.00", "Corner Shop", "5411", ""),
                "STRANGER-" + line("T4", "2026-03-02", "PURCHASE", "-1.00", "Secret Payee", "5411", ""),
                line("T5", "", "PURCHASE", "-1.00", "Corner Shop", "5411", ""),
                line("T1", "2026-03-02", "PURCHASE", "-30.00", "Corner Shop", "5411", ""));

        assertCounts(sent, 6, 1, 0, 0, 1, 4);
        assertThat(sent.json()
                        .path("rejected")
                        .valueStream()
                        .map(r -> r.path("line").asInt() + " " + r.path("code").asString()))
                .containsExactly(
                        "3 DATE_BEFORE_OPENING", "4 AMOUNT_SIGN_WRONG", "5 ACCOUNT_NOT_FOUND", "6 LINE_NOT_SETTLED");
        assertThat(sent.json().path("rejected").valueStream())
                .allSatisfy(r -> assertThat(r.path("detail").asString()).matches("\\S.+\\."));
        assertThat(holders.balance(account)).isEqualTo("-30.00");
    }

    @Test
    void aFileWithRejectedLinesMayBeSentAgainOnceTheyCanBeRecorded() {
        String account = holders.open(cards);
        String[] file = {
            HEADER,
            line("T1", "2026-03-02", "PURCHASE", "-30.00", "Corner Shop", "5411", ""),
            "x" + line("T2", "2026-03-02", "PURCHASE", "-7.00", "Corner Shop", "5411", "")
        };
        assertCounts(send(file), 2, 1, 0, 0, 0, 1);
        String other = holders.open("x" + cards);

        assertCounts(send(file), 2, 1, 0, 0, 1, 0);
        assertThat(send(file).code()).isEqualTo("STATEMENT_ALREADY_IMPORTED");
        assertThat(holders.balance(account)).isEqualTo("-30.00");
        assertThat(holders.balance(other)).isEqualTo("-7.00");
    }

    @Test
    void aSupportOrganisationDoesNotKnowAccountsThatAreNotItsOwn() {
        String account = holders.open(cards);
        Caller support = Caller.as("support", port);
        String file = HEADER + "\n" + line("T1", "2026-03-02", "PURCHASE", "-30.00", "Corner Shop", "5411", "");

        Answer sent = support.upload(PATH, file);

        assertCounts(sent, 1, 0, 0, 0, 0, 1);
        assertThat(sent.json().path("rejected").get(0).path("code").asString()).isEqualTo("ACCOUNT_NOT_FOUND");
        assertThat(holders.balance(account)).isEqualTo("0.00");
        assertThat(support.get(PATH + "/" + id(sent)).status()).isEqualTo(200);
        Answer financeSent = send(file);
        assertThat(support.get(PATH + "/" + id(financeSent)).code()).isEqualTo("STATEMENT_NOT_FOUND");
        assertThat(support.get(PATH + "/" + id(financeSent) + "/lines").status())
                .isEqualTo(404);
    }

    @Test
    void aRefusedFileLeavesNothing() {
        String account = holders.open(cards);
        long before = count("SELECT count(*) FROM event_log");
        String good = line("T1", "2026-03-02", "PURCHASE", "-30.00", "Corner Shop", "5411", "");

        send(HEADER, good, good.replace("GBP", "EUR").replace("T1", "T2")).refused(422, "CURRENCY_NOT_SUPPORTED");
        send("a,b", "1,2").refused(422, "STATEMENT_UNREADABLE");
        send("").refused(422, "STATEMENT_UNREADABLE");
        send(HEADER + ",runningBalance", good + ",1.00", good.replace("T1", "T2") + ",1.00")
                .refused(422, "STATEMENT_DOES_NOT_BALANCE");
        send(HEADER + "\n" + (good + "\n").repeat(20_001)).refused(413, "TOO_LARGE");
        finance.upload(PATH, HEADER + "\n" + good, "accountId", account).refused(400, "FIELD_INVALID");
        finance.upload(PATH, HEADER + "\n" + good, "format", "fax").refused(400, "FIELD_INVALID");
        finance.upload(PATH, HEADER + "\n" + good, "format", "mt940").refused(422, "STATEMENT_UNREADABLE");
        send("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.04\"><Stmt><Acct><Ccy>EUR</Ccy></Acct></Stmt></Document>")
                .refused(422, "CURRENCY_NOT_SUPPORTED");
        send("OFXHEADER:100\n\n<OFX><CURDEF>AUD</OFX>").refused(422, "CURRENCY_NOT_SUPPORTED");
        send("OFXHEADER:100\n\n<OFX><CURDEF>GBP</OFX>").refused(422, "STATEMENT_UNREADABLE");
        finance.get("/api/v1/statements/nobody-sent-this").refused(404, "STATEMENT_NOT_FOUND");

        assertThat(count("SELECT count(*) FROM event_log")).isEqualTo(before);
        assertThat(holders.balance(account)).isEqualTo("0.00");
    }

    // ── repeats, secrets ─────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void theSameKeyAnswersTheSameAgainAndAnIdIsUsedOnce() {
        String account = holders.open(cards);
        String file = HEADER + "\n" + line("T1", "2026-03-05", "REFUND", "5.00", "Corner Shop", "5411", "") + "\n"
                + line("T2", "2026-03-05", "PURCHASE", "-9.00", "Corner Shop", "5411", "");
        String more = HEADER + "\n" + line("T3", "2026-03-02", "PURCHASE", "-6.00", "Corner Shop", "5411", "");
        String key = UUID.randomUUID().toString();
        Answer first = sendOnce(key, file);
        send(more);
        long head = count("SELECT count(*) FROM event_log");

        Answer again = sendOnce(key, file);

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.json()).isEqualTo(first.json());
        sendOnce(key, more).refused(422, "IDEMPOTENCY_KEY_REUSED");
        finance.upload(PATH, more + "\n", "statementId", "S" + cards).refused(409, "ID_ALREADY_USED");
        assertThat(count("SELECT count(*) FROM event_log")).isEqualTo(head);
        assertThat(holders.balance(account)).isEqualTo("-10.00");
    }

    @Test
    void noTextOfALineIsKeptInClear() {
        holders.open(cards);
        String secret = "Zebedee" + cards;

        Answer sent = send(
                HEADER,
                line("T1", "2026-03-02", "PURCHASE", "-30.00", secret, "5411", ""),
                line("T2", "2026-03-02", "REFUND", "900.00", secret, "5411", ""),
                "unknown-" + line("T3", "2026-03-02", "PURCHASE", "-1.00", secret, "5411", ""));

        for (String table : List.of(
                "event_log",
                "statement_line_source",
                "statement_line",
                "statement_register",
                "match_entry",
                "account_transaction")) {
            assertThat(count("SELECT count(*) FROM " + table + " t WHERE t::text ILIKE '%Zebedee%'"))
                    .as(table)
                    .isZero();
        }
        assertThat(count("SELECT count(*) FROM event_log t WHERE stream_id = 'statement/" + id(sent)
                        + "' AND t::text LIKE '%" + cards + "%'"))
                .as("no card's reference in the statement's events")
                .isZero();
        assertThat(lines(sent, "MATCHED").get(0).path("payee").asString()).isEqualTo(secret);
    }

    @Test
    void theLinesOfAnErasedPersonAreErasedAndNewOnesRefused() {
        String account = holders.open(cards);
        Answer sent = send(HEADER, line("T1", "2026-03-02", "PURCHASE", "-30.00", "Corner Shop", "5411", ""));
        String personId = "P-" + account;
        jdbc.sql("DELETE FROM person_key WHERE person_id = :id")
                .param("id", personId)
                .update();
        sealing.forget(personId);

        assertThat(lines(sent, "MATCHED").get(0).path("payee").asString()).isEqualTo("[erased]");
        Answer later = send(HEADER, line("T2", "2026-03-03", "PURCHASE", "-7.00", "Corner Shop", "5411", ""));
        assertCounts(later, 1, 0, 0, 0, 0, 1);
        assertThat(later.json().path("rejected").get(0).path("code").asString()).isEqualTo("CONTENT_ERASED");
        assertThat(holders.balance(account)).isEqualTo("-30.00");
    }

    // ── helpers ──────────────────────────────────────────────────────────────────────────────────────────────────

    /** A second person approves another card for an account. */
    private Answer export(String account, String file) {
        Answer sent = finance.upload("/api/v1/statements", file, "accountId", account);
        assertThat(sent.status()).as(sent.toString()).isEqualTo(201);
        return sent;
    }

    private String spend(String account, String amount, String on, String payee) {
        return finance.post(
                        "/api/v1/accounts/" + account + "/expenditures",
                        "{\"amount\":\"%s\",\"on\":\"%s\",\"payee\":\"%s\"}".formatted(amount, on, payee))
                .ok()
                .json()
                .path("expenditureId")
                .asString();
    }

    private String recorded(Answer sent, int place) {
        return lines(sent, "MATCHED").get(place).path("transactionIds").path(0).asString();
    }

    private void refund(String account, String expenditure, String amount, String on) {
        finance.post(
                        "/api/v1/accounts/" + account + "/refunds",
                        "{\"expenditureId\":\"%s\",\"amount\":\"%s\",\"on\":\"%s\"}".formatted(expenditure, amount, on))
                .ok();
    }

    private List<String> flags(String account, String reason) {
        return finance.get("/api/v1/flags?accountId=" + account + "&reason=" + reason)
                .json()
                .path("items")
                .valueStream()
                .map(flag -> flag.path("state").asString())
                .sorted()
                .toList();
    }

    private void replace(String account, String cardRef) {
        String path = "/api/v1/accounts/" + account + "/bank-details";
        String change = finance.post(path, "{\"cardRef\":\"%s\"}".formatted(cardRef))
                .ok()
                .json()
                .path("changeId")
                .asString();
        Caller.as("approver", port)
                .post(path + "/" + change + "/approval", "{}")
                .ok();
    }

    /** The sample, for the cards of this test. */
    private String sample() {
        return new String(Heard.resource("card-feed.csv"), StandardCharsets.UTF_8).replace("CARD-7-", cards + "-");
    }

    private static JsonNode expected() {
        return new JsonMapper().readTree(Heard.resource("card-feed.expected.json"));
    }

    private Map<String, String> sampleAccounts() {
        Map<String, String> accounts = new LinkedHashMap<>();
        expected().properties().forEach(card -> {
            String account = holders.open(card.getKey().replace("CARD-7-", cards + "-"));
            holders.pay(account, card.getValue().path("load").asString(), "2026-03-01");
            accounts.put(card.getKey(), account);
        });
        return accounts;
    }

    private void assertSampleBalances(Map<String, String> accounts) {
        expected()
                .properties()
                .forEach(card -> assertThat(holders.balance(String.valueOf(accounts.get(card.getKey()))))
                        .as(card.getKey())
                        .isEqualTo(card.getValue().path("closing").asString()));
    }

    private String line(
            String txnId, String on, String type, String amount, String payee, String mcc, String cashback) {
        String settledAt = on.isEmpty() ? "" : on + "T12:00:00Z";
        return String.join(",", cards, txnId, settledAt, type, amount, "GBP", payee, mcc, cashback);
    }

    private Answer send(String... lines) {
        return finance.upload(PATH, String.join("\n", lines));
    }

    private Answer sendOnce(String key, String file) {
        byte[] form = Caller.form(file.getBytes(StandardCharsets.UTF_8), "statementId", "S" + cards);
        return finance.post(PATH, form, "Content-Type", Caller.FORM, "Idempotency-Key", key);
    }

    private List<JsonNode> lines(Answer sent, String state) {
        return finance.get(PATH + "/" + id(sent) + "/lines?state=" + state)
                .json()
                .path("items")
                .valueStream()
                .toList();
    }

    private static String id(Answer sent) {
        return sent.json().path("statementId").asString();
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    private static void assertCounts(
            Answer answer, int lines, int recorded, int matched, int unmatched, int duplicates, int rejected) {
        assertThat(Stream.of("lines", "recorded", "matched", "unmatched", "duplicates", "rejectedTotal")
                        .map(name -> answer.json().path(name).asInt()))
                .as(answer.toString())
                .containsExactly(lines, recorded, matched, unmatched, duplicates, rejected);
    }
}
