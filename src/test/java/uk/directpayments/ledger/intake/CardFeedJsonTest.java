package uk.directpayments.ledger.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static uk.directpayments.ledger.intake.Heard.resource;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import uk.directpayments.ledger.kernel.RuleBroken;

/** Card feeds that are written as JSON. Rulebook 6. */
class CardFeedJsonTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String FIRST = """
            {"accountRef":"C-1","txnId":"T-1","settledAt":"2026-03-02T12:00:00Z","type":"LOAD","amount":100.00,"currency":"GBP"}""";
    private static final String SECOND = """
            {"accountRef":"C-1","txnId":"T-2","settledAt":"2026-03-03T12:00:00Z","type":"PURCHASE","amount":"-0.1","currency":"GBP",
             "merchantName":"Caf\\u00e9","mcc":5812,"cashback":null,"runningBalance":99.9,"tags":[1,{"a":[]}],"more":{"amount":7}}""";

    private final CardFeedReader reader = new CardFeedReader(StatementLimits.DEFAULT, null);

    @Test
    void theSampleFeedSaysTheSameInJsonAsInCsv() throws IOException {
        Heard csv = Heard.from(reader, resource("card-feed.csv"));
        List<String> records = new ArrayList<>();
        CsvRecords rows =
                new CsvRecords(new ByteArrayInputStream(resource("card-feed.csv")), StatementLimits.DEFAULT, ',');
        List<String> names = rows.next().getFields();
        for (CsvRecord row = rows.next(); row != null; row = rows.next()) {
            ObjectNode object = JSON.createObjectNode();
            for (int i = 0; i < names.size(); i++) {
                object.put(names.get(i), row.getField(i));
            }
            records.add(object.toString());
        }
        Heard json = heard("[" + String.join(",", records) + "]");

        assertThat(json.refusals).isEmpty();
        assertThat(json.balances).isEqualTo(csv.balances);
        assertThat(json.lines).hasSize(csv.lines.size());
        assertThat(json.lines.stream().map(CardFeedJsonTest::withoutNumber))
                .isEqualTo(
                        csv.lines.stream().map(CardFeedJsonTest::withoutNumber).toList());
        // the lines of a file without line breaks are numbered by their place
        assertThat(json.lines.get(415).lineNumber()).isEqualTo(416);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[%s,%s]",
                "%s\n%s\n",
                "\uFEFF \r\n[ %s , %s ] ",
                "{\"count\":2,\"transactions\":[%s,%s]}",
                "{\"data\":{\"none\":[],\"ids\":[[1]],\"items\":[%s,%s]},\"next\":null}"
            })
    void aListObjectsOneAfterTheOtherAndAListWithinAnObjectAreReadAlike(String form) {
        Heard heard = heard(form.formatted(FIRST, SECOND));

        assertThat(heard.refusals).isEmpty();
        assertThat(heard.lines)
                .extracting(
                        StatementLine::lineNumber,
                        StatementLine::externalRef,
                        line -> line.on().toString(),
                        line -> line.amount().toString(),
                        StatementLine::payee,
                        StatementLine::mcc)
                .containsExactly(
                        tuple(1, "T-1", "2026-03-02", "100.00", null, null),
                        tuple(2, "T-2", "2026-03-03", "-0.10", "Café", "5812"));
        assertThat(heard.balances).hasSize(1);
    }

    @Test
    void fieldsOfOneWithinAnotherAreMappedByBothNames() {
        CardMapping mapping = CardMapping.parse("""
                {"accountRef":"card.token","txnId":"id","settledAt":"booked","type":"kind","amount":"money.value","merchantName":"shop.name",
                 "currency":"money.currency","types":{"POS":"PURCHASE"},"unsigned":true,"localTime":true,"dateOrder":"DMY"}""");
        Heard heard = Heard.from(reader.mappedBy(mapping), """
                {"result":[{"id":7,"card":{"token":"C-1","id":"x"},"booked":"02/03/2026","kind":"POS","shop":{"name":"Bakery"},
                 "money":{"value":12.5,"currency":"GBP"},"amount":"-99.00"}]}""".getBytes(UTF_8));

        assertThat(heard.lines)
                .extracting(
                        StatementLine::accountRef,
                        StatementLine::externalRef,
                        line -> line.amount().toString())
                .containsExactly(tuple("C-1", "7", "-12.50"));
        assertThat(heard.lines.get(0).payee()).isEqualTo("Bakery");
    }

    @Test
    void aTransactionThatCannotBeRecordedIsRefusedAloneAndSaysWhy() {
        Heard heard = heard("["
                + String.join(
                        ",",
                        FIRST,
                        FIRST.replace("T-1", "T-2").replace("\"2026-03-02T12:00:00Z\"", "null"),
                        FIRST.replace("T-1", "T-3").replace("100.00", "1e2"),
                        FIRST.replace("T-1", "T-4").replace("100.00", "0"),
                        FIRST.replace("T-1", "T-5").replace("100.00", "[100.00]"),
                        FIRST.replace("\"T-1\"", "true"),
                        FIRST,
                        FIRST.replace("100.00", "100.01"),
                        "{}")
                + "]");

        assertThat(heard.lines).extracting(StatementLine::externalRef).containsExactly("T-1", "true");
        assertThat(heard.repeats).hasSize(1);
        assertThat(heard.refusals)
                .extracting(RefusedLine::lineNumber, RefusedLine::code)
                .containsExactly(
                        tuple(2, "LINE_NOT_SETTLED"),
                        tuple(3, "MONEY_INVALID"),
                        tuple(4, "AMOUNT_ZERO"),
                        tuple(5, "MONEY_INVALID"),
                        tuple(8, "DUPLICATE_TRANSACTION"),
                        tuple(9, "FIELD_INVALID"));
    }

    @Test
    void aFeedInAnotherCurrencyOrWithoutTheFieldsOrThatIsNoJsonIsRefusedWhole() {
        refused("CURRENCY_NOT_SUPPORTED", "[" + FIRST + "," + FIRST.replace("GBP", "EUR") + "]");
        refused("STATEMENT_UNREADABLE", "[{\"card\":\"C-1\",\"id\":1}]");
        refused("STATEMENT_UNREADABLE", "[" + FIRST);
        refused("STATEMENT_UNREADABLE", "[" + FIRST + ",7]");
        refused("STATEMENT_UNREADABLE", FIRST + "7");
        refused("STATEMENT_UNREADABLE", "[" + FIRST.replace("\"type\"", "\"txnId\":\"T-9\",\"type\"") + "]");
        refused("STATEMENT_UNREADABLE", FIRST.replace("100.00", "100.00,\"parts\":[{\"a\":1}]"));
        refused("STATEMENT_UNREADABLE", "[" + FIRST.replace("C-1", "C-\u0000") + "]");
        refused("TOO_LARGE", "[" + FIRST.replace("C-1", "C".repeat(100_000)) + "]");
        refused("TOO_LARGE", "[" + "{\"a\":".repeat(50) + "1" + "}".repeat(50) + "]");
        assertThat(heard("[]").lines).isEmpty();
    }

    @Test
    void moreTransactionsThanTheLimitAreRefused() {
        CardFeedReader small = new CardFeedReader(new StatementLimits(2, 1_000, 10), null);
        assertThat(Heard.from(small, (FIRST + SECOND).getBytes(UTF_8)).lines).hasSize(2);
        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> Heard.from(small, (FIRST + SECOND + SECOND).getBytes(UTF_8)))
                .matches(refusal -> refusal.code().equals("TOO_LARGE"));
    }

    @Test
    void aFeedInJsonIsKnownByItsFieldsAlsoWhereTheFirstBytesEndInTheMiddle() {
        assertThat(reader.recognises(("[" + FIRST + "," + SECOND.substring(0, 50)).getBytes(UTF_8)))
                .isTrue();
        assertThat(reader.recognises(FIRST.getBytes(UTF_8))).isTrue();
        assertThat(reader.recognises("[{\"card\":1}]".getBytes(UTF_8))).isFalse();
        assertThat(reader.recognises("[".getBytes(UTF_8))).isFalse();
        assertThat(reader.recognises("{}".getBytes(UTF_8))).isFalse();
        assertThat(reader.recognises("{1:20260302".getBytes(UTF_8))).isFalse();
    }

    private static StatementLine withoutNumber(StatementLine line) {
        return new StatementLine(
                0,
                line.accountRef(),
                line.externalRef(),
                line.on(),
                line.kind(),
                line.amount(),
                line.payee(),
                line.mcc(),
                line.cashback(),
                line.runningBalance(),
                line.description());
    }

    private Heard heard(String file) {
        return Heard.from(reader, file.getBytes(UTF_8));
    }

    private void refused(String code, String file) {
        assertThatExceptionOfType(RuleBroken.class)
                .as(file.substring(0, Math.min(200, file.length())))
                .isThrownBy(() -> heard(file))
                .matches(refusal -> refusal.code().equals(code), code)
                .matches(refusal -> !refusal.words().contains("C-1"), "no words of the file");
    }
}
