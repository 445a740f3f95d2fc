package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

class CardFeedRefusalsTest {

    private static final List<String> COLUMNS = List.of(
            "accountRef",
            "txnId",
            "authAt",
            "settledAt",
            "type",
            "amount",
            "currency",
            "merchantName",
            "mcc",
            "cashback",
            "runningBalance");

    @ParameterizedTest(name = "{0} = [{1}] is {2}")
    @CsvSource(delimiter = '|', textBlock = """
            accountRef     | ''                             | FIELD_INVALID
            accountRef     | 4111111111111111               | FIELD_INVALID
            accountRef     | 4111 1111 1111 1111            | FIELD_INVALID
            txnId          | ''                             | FIELD_INVALID
            settledAt      | ''                             | LINE_NOT_SETTLED
            settledAt      | 2026-04-05                     | FIELD_INVALID
            settledAt      | 2026-03-02T09:00:00            | FIELD_INVALID
            settledAt      | 02/03/2026 09:00               | FIELD_INVALID
            settledAt      | 2026-02-30T09:00:00Z           | FIELD_INVALID
            settledAt      | 1900-01-01T09:00:00Z           | FIELD_INVALID
            settledAt      | +1000000000-12-31T23:59:59Z    | FIELD_INVALID
            settledAt      | 2026-11-21T00:00:00Z           | DATE_IN_FUTURE
            type           | ''                             | FIELD_INVALID
            type           | PAYMENT                        | FIELD_INVALID
            type           | LOAD                           | AMOUNT_SIGN_WRONG
            type           | REFUND                         | AMOUNT_SIGN_WRONG
            amount         | ''                             | MONEY_INVALID
            amount         | -1.005                         | MONEY_INVALID
            amount         | -1e3                           | MONEY_INVALID
            amount         | -1,5                           | MONEY_INVALID
            amount         | --1.00                         | MONEY_INVALID
            amount         | £1.00                          | MONEY_INVALID
            amount         | NaN                            | MONEY_INVALID
            amount         | -1000000000.00                 | MONEY_INVALID
            amount         | -99999999999999999999          | MONEY_INVALID
            amount         | 0.00                           | AMOUNT_ZERO
            amount         | -0                             | AMOUNT_ZERO
            amount         | 10.00                          | AMOUNT_SIGN_WRONG
            currency       | ''                             | FIELD_INVALID
            merchantName   | PAID 4111-1111-1111-1111 TODAY | FIELD_INVALID
            merchantName   | AMEX 378282246310005           | FIELD_INVALID
            mcc            | 541                            | FIELD_INVALID
            mcc            | 54111                          | FIELD_INVALID
            mcc            | food                           | FIELD_INVALID
            cashback       | -1.00                          | MONEY_INVALID
            cashback       | 10.01                          | MONEY_INVALID
            cashback       | some                           | MONEY_INVALID
            runningBalance | much                           | MONEY_INVALID
            """)
    void aBadFieldRefusesItsLineAloneByNumberCodeAndColumn(String column, String value, String code) {
        Heard heard = Heard.fromCardFeed(feed(good("T-1"), with(good("T-2"), column, value), good("T-3")));

        assertThat(heard.lines).extracting(StatementLine::externalRef).containsExactly("T-1", "T-3");
        assertThat(heard.refusals).hasSize(1);
        RefusedLine refused = heard.refusals.get(0);
        assertThat(refused.lineNumber()).isEqualTo(3);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.words()).contains(column.equals("type") && code.startsWith("AMOUNT") ? "amount" : column);
        if (value.length() > 4) {
            assertThat(refused.words()).doesNotContain(value);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNLOAD", "FEE", "ATM", "PURCHASE"})
    void moneyComingInIsNoSpending(String type) {
        Heard heard = Heard.fromCardFeed(feed(with(with(good("T-1"), "type", type), "amount", "5.00")));

        assertThat(heard.refusals).extracting(RefusedLine::code).containsExactly("AMOUNT_SIGN_WRONG");
    }

    @Test
    void textsThatAreTooLongOrHoldControlCharactersAreRefused() {
        String long256 = "x".repeat(256);
        Heard heard = Heard.fromCardFeed(feed(
                with(good("T-1"), "merchantName", long256),
                with(good("T-2"), "accountRef", long256),
                with(good(long256), "mcc", "5411"),
                with(good("T-4"), "merchantName", "A\u0000B"),
                with(good("T-5"), "merchantName", "A\tB"),
                with(good("T-6\nT-7"), "mcc", "5411"),
                with(good("T-8"), "merchantName", "y".repeat(255))));

        assertThat(heard.refusals).extracting(RefusedLine::lineNumber).containsExactly(2, 3, 4, 5, 6, 7);
        assertThat(heard.refusals).extracting(RefusedLine::code).containsOnly("FIELD_INVALID");
        assertThat(heard.lines).extracting(StatementLine::lineNumber).containsExactly(9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TEL 0113 222 4444", "4111111111111112", "411111******1111", "41111111111111111111"})
    void digitsThatAreNoCardNumberMayStandInAName(String name) {
        assertThat(Heard.fromCardFeed(feed(with(good("T-1"), "merchantName", name))).lines)
                .extracting(StatementLine::payee)
                .containsExactly(name);
    }

    @Test
    void aLineWithFewerOrMoreFieldsThanTheHeaderIsRefused() {
        Heard heard = Heard.fromCardFeed(feed(good("T-1")) + "C-1,T-2\n" + row(good("T-3")) + ",more\n");

        assertThat(heard.refusals).extracting(RefusedLine::lineNumber).containsExactly(3, 4);
        assertThat(heard.refusals).extracting(RefusedLine::code).containsOnly("FIELD_INVALID");
        assertThat(heard.lines).hasSize(1);
    }

    @Test
    void aRefusedLineAfterOneOfTwoLinesKeepsItsNumberInTheFile() {
        Heard heard = Heard.fromCardFeed(feed(
                with(good("T-1"), "merchantName", "SHOP\nLEEDS"),
                with(good("T-2"), "amount", "none"),
                with(good("T-1"), "amount", "-11.00")));

        assertThat(heard.refusals).extracting(RefusedLine::lineNumber).containsExactly(4, 5);
    }

    @Test
    void todayIsNotTheFuture() {
        assertThat(Heard.fromCardFeed(feed(with(good("T-1"), "settledAt", "2026-11-20T23:59:59Z"))).lines)
                .hasSize(1);
    }

    @Test
    void aTransactionSaidTwiceAlikeIsARepeatAndSaidOtherwiseIsRefused() {
        Map<String, String> first = with(good("T-1"), "runningBalance", "90.00");
        Map<String, String> other = with(good("T-2"), "runningBalance", "80.00");
        Heard heard = Heard.fromCardFeed(feed(
                first,
                first,
                other,
                with(first, "runningBalance", ""),
                with(first, "amount", "-11.00"),
                with(first, "accountRef", "C-2")));

        assertThat(heard.lines).extracting(StatementLine::lineNumber).containsExactly(2, 4, 7);
        assertThat(heard.repeats).extracting(StatementLine::lineNumber).containsExactly(3, 5);
        assertThat(heard.refusals).extracting(RefusedLine::lineNumber).containsExactly(6);
        assertThat(heard.refusals).extracting(RefusedLine::code).containsExactly("DUPLICATE_TRANSACTION");
        assertThat(heard.balances).extracting(StatementBalances::lines).containsExactly(2, 1);
    }

    @Test
    void aRunningBalanceThatDoesNotFollowRefusesTheFileAndNamesTheFirstSuchLine() {
        String feed = feed(
                with(good("T-1"), "runningBalance", "90.00"),
                with(with(good("T-2"), "accountRef", "C-2"), "runningBalance", "7.00"),
                with(good("T-3"), "runningBalance", "80.01"),
                with(good("T-4"), "runningBalance", "0.00"));

        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> Heard.fromCardFeed(feed))
                .matches(refused -> refused.code().equals("STATEMENT_DOES_NOT_BALANCE"))
                .withMessageContaining("line 4")
                .matches(refused -> !refused.words().contains("80.01"));
    }

    @Test
    void aLineThatWasNotTakenBreaksTheProofOfItsAccountOnly() {
        Heard heard = Heard.fromCardFeed(feed(
                with(good("T-1"), "runningBalance", "90.00"),
                with(with(good("T-2"), "settledAt", ""), "runningBalance", "60.00"),
                with(good("T-3"), "runningBalance", "50.00"),
                with(good("T-4"), "runningBalance", "40.00")));
        assertThat(heard.lines).hasSize(3);
        assertThat(heard.balances.get(0).closing()).isEqualTo(Money.parse("40.00"));

        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> Heard.fromCardFeed(feed(
                        with(good("T-1"), "runningBalance", "90.00"),
                        with(with(good("T-2"), "accountRef", "C-2"), "amount", "none"),
                        with(good("T-3"), "runningBalance", "50.00"))))
                .withMessageContaining("line 4");
    }

    @Test
    void runningBalancesAreProvedNewestFirstTooButNotInBothDirectionsAtOnce() {
        String newestFirst = feed(
                with(good("T-3"), "runningBalance", "70.00"),
                with(with(good("T-9"), "accountRef", "C-2"), "runningBalance", "7.00"),
                with(good("T-2"), "runningBalance", "80.00"),
                with(good("T-1"), "runningBalance", "90.00"));

        assertThat(Heard.fromCardFeed(newestFirst).balances)
                .extracting(StatementBalances::closing)
                .containsExactly(Money.parse("70.00"), Money.parse("7.00"));
        for (String wrong : List.of("91.00", "70.00")) {
            assertThatExceptionOfType(RuleBroken.class)
                    .isThrownBy(() -> Heard.fromCardFeed(newestFirst.replace("90.00", wrong)))
                    .matches(refused -> refused.code().equals("STATEMENT_DOES_NOT_BALANCE"))
                    .withMessageContaining("line 5");
        }
    }

    @Test
    void aLineOfNoKnownAccountBreaksTheProofOfAll() {
        Heard heard = Heard.fromCardFeed(feed(
                with(good("T-1"), "runningBalance", "90.00"),
                with(good("T-2"), "accountRef", ""),
                with(good("T-3"), "runningBalance", "70.00")));

        assertThat(heard.lines).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EUR", "USD", "pounds"})
    void oneLineInAnotherCurrencyRefusesTheFileEvenIfItIsPending(String currency) {
        String feed = feed(good("T-1"), with(with(good("T-2"), "currency", currency), "settledAt", ""));

        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> Heard.fromCardFeed(feed))
                .matches(refused -> refused.code().equals("CURRENCY_NOT_SUPPORTED"))
                .withMessageContaining("Line 3");
    }

    @Test
    void aHeaderWithoutARequiredColumnOrWithOneTwiceIsUnreadable() {
        for (String column :
                List.of("accountRef", "txnId", "settledAt", "type", "amount", "currency", "merchantName", "mcc")) {
            String without = feed(good("T-1")).replaceFirst("\\b" + column + "\\b", "somethingElse");
            assertUnreadable(without, column);
        }
        assertUnreadable(feed(good("T-1")).replaceFirst("authAt", "amount"), "amount twice");
    }

    static void assertUnreadable(String feed, String words) {
        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> Heard.fromCardFeed(feed))
                .matches(refused -> refused.code().equals("STATEMENT_UNREADABLE"))
                .withMessageContaining(words);
    }

    /** A purchase of ten pounds. */
    static Map<String, String> good(String txnId) {
        Map<String, String> line = new LinkedHashMap<>();
        COLUMNS.forEach(column -> line.put(column, ""));
        line.put("accountRef", "C-1");
        line.put("txnId", txnId);
        line.put("authAt", "2026-03-01T09:00:00Z");
        line.put("settledAt", "2026-03-02T09:00:00Z");
        line.put("type", "PURCHASE");
        line.put("amount", "-10.00");
        line.put("currency", "GBP");
        line.put("merchantName", "CORNER SHOP");
        line.put("mcc", "5411");
        return line;
    }

    static Map<String, String> with(Map<String, String> line, String column, String value) {
        Map<String, String> changed = new LinkedHashMap<>(line);
        changed.put(column, value);
        return changed;
    }

    @SafeVarargs
    static String feed(Map<String, String>... lines) {
        List<String> rows = new ArrayList<>();
        rows.add(String.join(",", COLUMNS));
        for (Map<String, String> line : lines) {
            rows.add(row(line));
        }
        return String.join("\n", rows) + "\n";
    }

    private static String row(Map<String, String> line) {
        return String.join(
                ",",
                line.values().stream()
                        .map(value -> '"' + value.replace("\"", "\"\"") + '"')
                        .toList());
    }
}
