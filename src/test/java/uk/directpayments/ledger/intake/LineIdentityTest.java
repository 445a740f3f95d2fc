package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static uk.directpayments.ledger.intake.BankFiles.camtOf;
import static uk.directpayments.ledger.intake.BankFiles.entry;
import static uk.directpayments.ledger.intake.BankFiles.mt940;
import static uk.directpayments.ledger.intake.BankFiles.statement;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.intake.StatementEvent.LineOutcome;
import uk.directpayments.ledger.intake.StatementEvent.Result;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** By what a line is the same line in a later file, and what becomes of one whose reference says something else there. */
class LineIdentityTest extends RunningLedger {

    private static final String PATH = "/api/v1/statements";
    private static final String CSV = "Date,Description,Amount,Reference\n";

    @Autowired
    Commands commands;

    private String card;
    private String account;
    private AccountAccess.Owner owner;

    @BeforeEach
    void anAccountOfItsOwn() {
        card = fresh("CARD-IDENTITY");
        Opened opened = opened(
                "2026-01-01",
                "2026-12-31",
                "1000.00",
                "[{\"lineId\":\"L1\",\"fundingSource\":\"SOCIAL_CARE_CHILD\",\"mode\":\"DIRECT_PAYMENT\",\"category\":\"CARE\",\"annualAmount\":\"1000.00\"}]",
                "{\"cardRef\":\"%s\"}".formatted(card));
        account = opened.accountId();
        owner = new AccountAccess.Owner(account, opened.personId(), opened.budgetId());
    }

    // ── references that are not the bank's ───────────────────────────────────────────────────────────────────────

    @Test
    void entriesOfMt940AreToldApartByTheReferenceOfWhoPaid() {
        String first = ":61:260302D2,00NTRFREF-AAA";
        String second = ":61:260302D2,00NTRFREF-BBB";
        String none = ":61:260302D2,00NTRFNONREF";
        counts(send(mt940("C260301GBP10,00", "C260302GBP8,00", first)), 1, 0, 0);
        counts(send(mt940("C260302GBP8,00", "C260302GBP6,00", second)), 1, 0, 0);
        counts(send(mt940("C260302GBP6,00", "C260302GBP4,00", none)), 1, 0, 0);
        counts(send(mt940("C260301GBP10,00", "C260302GBP4,00", first, second, none)), 0, 3, 0);
        // a standing order has the same reference each time, and may be paid twice on a day
        String order = ":61:260303D1,00NTRFRENT";
        counts(send(mt940("C260302GBP4,00", "C260303GBP2,00", order, order)), 2, 0, 0);
        counts(send(mt940("C260303GBP2,00", "C260304GBP1,00", order.replace("0303", "0304"))), 1, 0, 0);

        assertThat(balance()).as("what the bank has proved").isEqualTo("-9.00");
    }

    @Test
    void entriesOfCamtAreToldApartByTheReferencesThatTheyHave() {
        counts(send(day("10.00", "8.00", refs("<EndToEndId>E1</EndToEndId>", "1"))), 1, 0, 0);
        counts(send(day("8.00", "6.00", refs("<EndToEndId>E2</EndToEndId>", "1"))), 1, 0, 0);
        counts(send(day("6.00", "4.00", refs("<EndToEndId>NOTPROVIDED</EndToEndId><TxId>T3</TxId>", "1"))), 1, 0, 0);
        counts(send(day("4.00", "2.00", refs("<EndToEndId>NOTPROVIDED</EndToEndId>", "N4"))), 1, 0, 0);
        counts(send(day("2.00", "0.00", refs("<EndToEndId>NOTPROVIDED</EndToEndId>", "N5"))), 1, 0, 0);
        // NtryRef is a mere number within the file at some banks: it tells nothing where there is a better one
        counts(
                send(day(
                        "10.00",
                        "6.00",
                        refs("<EndToEndId>E1</EndToEndId>", "7"),
                        refs("<EndToEndId>E2</EndToEndId>", "8"))),
                0,
                2,
                0);

        assertThat(balance()).isEqualTo("-10.00");
    }

    @Test
    void aLineOfAnOlderLogIsKnownWithoutTheReferenceThatWasDroppedThen() {
        olderLog(olderReference("2026-03-02", "-2.00"), "-2.00", "2026-03-02");
        String same = ":61:260302D2,00NTRFREF-AAA";

        counts(send(mt940("C260301GBP10,00", "C260302GBP8,00", same)), 0, 1, 0);
        counts(send(mt940("C260301GBP10,00", "C260302GBP6,00", same, same.replace("AAA", "BBB"))), 1, 1, 0);
        counts(send(mt940("C260302GBP8,00", "C260302GBP6,00", same.replace("AAA", "BBB"))), 0, 1, 0);
        Answer preview = ok(upload("/preview", mt940("C260301GBP10,00", "C260302GBP8,00", same)));
        assertThat(preview.json().path("duplicates").asInt()).isEqualTo(1);
        assertThat(balance()).isEqualTo("-2.00");
    }

    @Test
    void noHashOfWhatALineSaysStandsInTheLogWithoutAKeyAndOlderOnesAreKnown() {
        String spent = "accountId,on,amount,payee\n" + account + ",2026-03-04,3.00,Shop\n";
        String ofSpending =
                "content:" + hash(account, account, "2026-03-04", "3.00", "Shop", "", "", "", "", "", "") + ":1";
        String unnumbered = "2026-03-02,Bus,-2.00,\n";
        String ofUnnumbered = "entry:" + hash("2026-03-02", "-2.00", "Bus", "", "") + ":1";
        String card = "2026-03-03,Taxi,-4.00,4111111111111111\n";
        String ofCard = "reference:" + hash("4111111111111111");
        String csv = "Date,Payee,Amount,Reference\n";
        String mapping = "{\"date\":\"Date\",\"payee\":\"Payee\",\"amount\":\"Amount\",\"reference\":\"Reference\"}";

        counts(finance().upload(PATH, csv + unnumbered + card, "accountId", account, "mapping", mapping), 2, 0, 0);
        counts(finance().upload(PATH, spent), 1, 0, 0);
        for (String reference : List.of(ofSpending, ofUnnumbered, ofCard)) {
            assertThat(jdbc.sql("SELECT count(*) FROM event_log WHERE payload LIKE :text OR payload LIKE :bits")
                            .param("text", "%" + reference + "%")
                            .param("bits", "%" + MatchEntries.reference(reference) + "%")
                            .query(Integer.class)
                            .single())
                    .as(reference)
                    .isZero();
        }
        // a line more each time, or the file would be refused
        counts(
                finance().upload(PATH, csv + unnumbered + card + "2026-03-05,A,-1.00,X1\n", "accountId", account),
                1,
                2,
                0);
        counts(finance().upload(PATH, spent + account + ",2026-03-05,1.00,Shop\n"), 1, 1, 0);

        anAccountOfItsOwn();
        olderLog(MatchEntries.reference(ofUnnumbered), "-2.00", "2026-03-02");
        olderLog(MatchEntries.reference(ofCard), "-4.00", "2026-03-03");
        counts(finance().upload(PATH, csv + unnumbered + card, "accountId", account, "mapping", mapping), 0, 2, 0);
        counts(
                finance().upload(PATH, csv + card.replace("4.00", "5.00"), "accountId", account, "mapping", mapping),
                0,
                0,
                1);
        olderLog(
                StatementLine.Kind.SPENDING,
                MatchEntries.reference("content:"
                        + hash(account, account, "2026-03-04", "3.00", "Shop", "", "", "", "", "", "")
                        + ":1"),
                "-3.00",
                "2026-03-04");
        counts(finance().upload(PATH, "accountId,on,amount,payee\n" + account + ",2026-03-04,3.00,Shop\n"), 0, 1, 0);
    }

    private static String hash(String... parts) {
        return Hashes.hex(parts).substring(0, 32);
    }

    @Test
    void aLineIsMatchedByTheReferenceOfWhoPaid() {
        spend("2.00", "2026-03-02", "REF-AAA");
        spend("2.00", "2026-03-02", "REF-BBB");

        Answer sent = ok(send(mt940("C260301GBP10,00", "C260302GBP8,00", ":61:260302D2,00NTRFREF-AAA")));

        assertThat(sent.json().path("matched").asInt()).as(sent.toString()).isEqualTo(1);
        assertThat(balance()).isEqualTo("-4.00");
    }

    // ── the same reference with other content ────────────────────────────────────────────────────────────────────

    @Test
    void aReferenceThatComesAgainWithAnotherAmountOrDayIsRefusedAloud() {
        String bus = "2026-03-02,Bus,-2.00,B1\n";
        String mapping =
                "{\"date\":\"Date\",\"payee\":\"Description\",\"amount\":\"Amount\",\"reference\":\"Reference\"}";
        counts(finance().upload(PATH, CSV + bus, "accountId", account, "mapping", mapping), 1, 0, 0);

        Answer other = send(CSV + bus.replace("2.00", "7.00") + "2026-03-03,Taxi,-3.00,B2\n");
        counts(other, 1, 0, 1);
        assertThat(other.json().at("/rejected/0/line").asInt()).isEqualTo(2);
        assertThat(other.json().at("/rejected/0/code").asString()).isEqualTo("DUPLICATE_TRANSACTION");
        assertThat(other.json().at("/rejected/0/detail").asString()).contains("another amount");
        counts(send(CSV + bus.replace("03-02", "03-04")), 0, 0, 1);
        counts(send(CSV + bus + "2026-03-03,Taxi,-3.00,B2\n"), 0, 2, 0);
        Answer preview = ok(upload("/preview", CSV + bus.replace("2.00", "7.00")));
        assertThat(preview.json().path("fresh").asInt()).as(preview.toString()).isZero();
        assertThat(preview.json().path("duplicates").asInt()).isZero();
        assertThat(preview.json().at("/rejected/0/code").asString()).isEqualTo("DUPLICATE_TRANSACTION");
        assertThat(preview.json().at("/items/0/becomes").asString()).isEqualTo("REJECTED");

        assertThat(balance()).isEqualTo("-5.00");
        assertThat(doublesRefused()).as("they wait for a person").hasSize(2);
    }

    private List<String> doublesRefused() {
        return ok(finance().get("/api/v1/reports/unreconciled?accountId=" + account))
                .json()
                .path("items")
                .valueStream()
                .map(Object::toString)
                .filter(row -> row.contains(account) && row.contains("DUPLICATE_TRANSACTION"))
                .toList();
    }

    @Test
    void twoEntriesUnderOneReferenceThatTheBalancesCountAreNotTakenForOne() {
        String bus = ":61:260302D2,00NTRFBUS//B1";
        String zeros = ":61:260303D2,00NTRFBUS//000000";
        String first = mt940("C260301GBP10,00", "C260302GBP6,00", bus, bus);
        Answer sent = send(first);
        counts(sent, 1, 0, 1);
        assertThat(sent.json().at("/rejected/0/code").asString()).isEqualTo("DUPLICATE_TRANSACTION");
        counts(send(first + mt940("C260302GBP6,00", "C260303GBP2,00", zeros, zeros)), 2, 1, 1);
        counts(send(mt940("C260302GBP6,00", "C260303GBP2,00", zeros, zeros) + "\r\n"), 0, 2, 0);
        // two statements of one file that overlap tell the same entry
        String third = mt940("C260303GBP2,00", "C260304GBP0,00", bus.replace("B1", "B2"));
        counts(finance().upload(PATH, third + third, "accountId", account, "reason", "they overlap"), 1, 1, 0);

        assertThat(balance()).isEqualTo("-8.00");
        assertThat(doublesRefused()).as("it waits for a person, once").hasSize(1);
    }

    @Test
    void aLineOfAnOlderLogIsKnownByTheZerosThatStoodForItsReference() {
        olderLog(MatchEntries.reference("000000"), "-2.00", "2026-03-02");
        String zeros = ":61:260302D2,00NTRFBUS//000000";

        counts(send(mt940("C260301GBP10,00", "C260302GBP8,00", zeros)), 0, 1, 0);
        counts(send(mt940("C260301GBP10,00", "C260302GBP6,00", zeros, zeros)), 1, 1, 0);
        counts(send(mt940("C260302GBP6,00", "C260303GBP4,00", zeros.replace("0302", "0303"))), 1, 0, 0);
    }

    @Test
    void aCardsTransactionThatComesAgainWithAnotherAmountIsRefusedAloud() {
        counts(feed(purchase("T1", "-2.00")), 1, 0, 0);
        spend("5.00", "2026-03-01", card + "-T2");
        spend("5.00", "2026-03-01", card + "-T3");

        counts(feed(purchase("T1", "-7.00")), 0, 0, 1);
        counts(feed(purchase("T1", "-2.00").replace("03-02", "03-05")), 0, 0, 1);
        counts(feed(purchase("T1", "-2.00") + "\n"), 0, 1, 0);
        Answer byHand = feed(purchase("T2", "-5.00") + purchase("T3", "-6.00"));
        counts(byHand, 0, 1, 1);
        assertThat(byHand.json().at("/rejected/0/line").asInt()).isEqualTo(3);
        assertThat(byHand.json().at("/rejected/0/code").asString()).isEqualTo("DUPLICATE_TRANSACTION");

        assertThat(balance()).isEqualTo("-12.00");
    }

    // ── with what ────────────────────────────────────────────────────────────────────────────────────────────────

    /** As a version wrote it that left the payer's reference out of what an entry is known by. */
    private static long olderReference(String on, String amount) {
        return MatchEntries.reference(
                "content:" + Hashes.hex(on, amount, "", "").substring(0, 32) + ":1");
    }

    /** A statement of one debit that was matched, as an older version recorded it. */
    private void olderLog(long refHash, String amount, String on) {
        olderLog(StatementLine.Kind.DEBIT, refHash, amount, on);
    }

    private void olderLog(StatementLine.Kind kind, long refHash, String amount, String on) {
        String statementId = fresh("OLDER");
        LocalDate today = BusinessDay.today(Clock.systemUTC());
        commands.send(
                new StatementCommand.ReceiveStatement(
                        statementId,
                        "mt940",
                        "ab".repeat(32),
                        100,
                        1,
                        null,
                        null,
                        0,
                        new StatementCommand.BankStatement(owner, null, null, null, null, List.of(), null, false, null),
                        null,
                        today),
                CardHolders.CALL);
        LineOutcome outcome = new LineOutcome(
                5,
                account,
                kind,
                Result.RECORDED,
                "EXP-OLDER",
                refHash,
                Money.parse(amount),
                LocalDate.parse(on),
                null,
                null);
        commands.send(
                new StatementCommand.RecordLines(statementId, 0, List.of(outcome), owner, today), CardHolders.CALL);
        commands.send(new StatementCommand.FinishStatement(statementId, owner, today), CardHolders.CALL);
    }

    private static String day(String opening, String closing, String... entries) {
        return camtOf(statement("S", "2026-03-02", opening, "2026-03-02", closing, entries));
    }

    private static String refs(String ofDetail, String ofEntry) {
        return entry("2026-03-02", "-2.00", "Bus", "")
                .replace("<BookgDt>", "<NtryRef>" + ofEntry + "</NtryRef><BookgDt>")
                .replace("<RltdPties>", "<Refs>" + ofDetail + "</Refs><RltdPties>");
    }

    private String purchase(String txn, String amount) {
        return "%1$s,%1$s-%2$s,2026-03-02T12:00:00Z,PURCHASE,%3$s,GBP,Shop,5411\n".formatted(card, txn, amount);
    }

    private Answer feed(String lines) {
        return finance().upload(PATH, "accountRef,txnId,settledAt,type,amount,currency,merchantName,mcc\n" + lines);
    }

    private void spend(String amount, String on, String externalRef) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + account + "/expenditures",
                        "{\"amount\":\"%s\",\"on\":\"%s\",\"payee\":\"Agency\",\"externalRef\":\"%s\"}"
                                .formatted(amount, on, externalRef)));
    }

    private Answer send(String file) {
        return upload("", file);
    }

    private Answer upload(String below, String file) {
        return finance().upload(PATH + below, file, "accountId", account);
    }

    private String balance() {
        return ok(finance().get("/api/v1/accounts/" + account + "/balance"))
                .json()
                .path("balance")
                .asString();
    }

    private static void counts(Answer sent, int recorded, int duplicates, int rejected) {
        assertThat(sent.status()).as(sent.toString()).isEqualTo(201);
        assertThat(List.of(
                        sent.json().path("recorded").asInt(),
                        sent.json().path("duplicates").asInt(),
                        sent.json().path("rejected").size()))
                .as(sent.toString())
                .containsExactly(recorded, duplicates, rejected);
    }
}
