package uk.directpayments.ledger.intake;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.reducing;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static uk.directpayments.ledger.intake.Heard.resource;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.intake.StatementLine.Kind;
import uk.directpayments.ledger.kernel.Money;

class CardFeedReaderTest {

    private static final String HEADER = "accountRef,txnId,settledAt,type,amount,currency,merchantName,mcc\n";

    private final CardFeedReader reader = new CardFeedReader(StatementLimits.DEFAULT, null);

    @Test
    void theSampleFeedAddsUpToTheExpectedBalanceOfEveryAccount() {
        Heard heard = Heard.from(reader, resource("card-feed.csv"));
        JsonNode expected = JsonMapper.shared().readTree(resource("card-feed.expected.json"));

        Map<String, Long> count = heard.lines.stream().collect(groupingBy(StatementLine::accountRef, counting()));
        Map<String, Money> total = heard.lines.stream()
                .collect(groupingBy(
                        StatementLine::accountRef, reducing(Money.ZERO, StatementLine::amount, Money::plus)));
        Map<String, Money> loads = heard.lines.stream()
                .filter(line -> line.kind() == Kind.LOAD)
                .collect(groupingBy(
                        StatementLine::accountRef, reducing(Money.ZERO, StatementLine::amount, Money::plus)));
        assertThat(count).hasSize(12).hasSize(expected.size());
        assertThat(heard.balances).hasSize(expected.size());
        for (StatementBalances told : heard.balances) {
            JsonNode account = expected.get(told.accountRef());
            Money closing = Money.parse(account.get("closing").asString());
            assertThat(told.opening()).isNull();
            assertThat(told.closing()).isEqualTo(closing);
            assertThat(total.get(told.accountRef())).isEqualTo(closing);
            assertThat(loads.get(told.accountRef()))
                    .isEqualTo(Money.parse(account.get("load").asString()));
            assertThat(told.lines()).isEqualTo(account.get("lines").asInt());
            assertThat(count.get(told.accountRef())).isEqualTo(told.lines());
        }
        assertThat(heard.refusals).isEmpty();
        assertThat(heard.repeats).isEmpty();
    }

    @Test
    void everyExpectedFlagOfTheSampleFindsItsLineAndCategory() {
        Map<String, StatementLine> byRef = Heard.from(reader, resource("card-feed.csv")).lines.stream()
                .collect(toMap(StatementLine::externalRef, Function.identity()));
        JsonNode expected = JsonMapper.shared().readTree(resource("card-feed.expected.json"));
        int flags = 0;
        for (JsonNode account : expected) {
            for (JsonNode flag : account.get("flags")) {
                assertThat(byRef.get(flag.get("txnId").asString()).mcc())
                        .isEqualTo(flag.get("mcc").asString());
                flags++;
            }
        }
        assertThat(flags).isPositive();
    }

    @Test
    void readingTwiceSaysTheSameTwice() {
        Heard first = Heard.from(reader, resource("card-feed.csv"));
        Heard second = Heard.from(reader, resource("card-feed.csv"));

        assertThat(second.lines).isEqualTo(first.lines);
        assertThat(second.balances).isEqualTo(first.balances);
    }

    @Test
    void everyTypeIsReadWithItsSignItsLondonDayAndItsLineInTheFile() {
        Heard heard = Heard.from(reader, resource("card-feed-every-type.csv"));

        assertThat(heard.refusals).isEmpty();
        assertThat(heard.lines)
                .extracting(
                        StatementLine::lineNumber,
                        StatementLine::accountRef,
                        StatementLine::externalRef,
                        StatementLine::on,
                        StatementLine::kind,
                        line -> line.amount().toString())
                .containsExactly(
                        tuple(2, "CARD-A", "E-1", LocalDate.of(2026, 3, 2), Kind.LOAD, "200.00"),
                        tuple(3, "CARD-A", "E-2", LocalDate.of(2026, 3, 3), Kind.PURCHASE, "-30.00"),
                        tuple(4, "CARD-B", "E-3", LocalDate.of(2026, 3, 4), Kind.LOAD, "50.00"),
                        tuple(5, "CARD-A", "E-4", LocalDate.of(2026, 3, 5), Kind.CASH, "-20.00"),
                        tuple(6, "CARD-A", "E-5", LocalDate.of(2026, 3, 29), Kind.FEE, "-1.50"),
                        // summer time has begun: half past eleven at night in UTC is the next day in London
                        tuple(7, "CARD-A", "E-6", LocalDate.of(2026, 3, 30), Kind.REFUND, "5.00"),
                        tuple(10, "CARD-A", "E-7", LocalDate.of(2026, 3, 30), Kind.REVERSAL, "1.50"),
                        tuple(11, "CARD-A", "E-8", LocalDate.of(2026, 3, 31), Kind.UNLOAD, "-55.00"),
                        tuple(12, "CARD-B", "E-9", LocalDate.of(2026, 3, 31), Kind.PURCHASE, "-12.50"));
        StatementLine purchase = heard.lines.get(1);
        assertThat(purchase.payee()).isEqualTo("Corner \"Shop\", Leeds");
        assertThat(purchase.mcc()).isEqualTo("5411");
        assertThat(purchase.cashback()).isEqualTo(Money.parse("10.00"));
        assertThat(purchase.runningBalance()).isEqualTo(Money.parse("170.00"));
        assertThat(heard.lines.get(0).payee()).isNull();
        assertThat(heard.lines.get(0).mcc()).isNull();
        assertThat(heard.lines.get(5).payee()).isEqualTo("Corner \"Shop\" Leeds");
        assertThat(heard.lines.get(8).payee()).isEqualTo("Métro Paris");
        assertThat(heard.balances)
                .containsExactly(
                        new StatementBalances("CARD-A", null, Money.parse("100.00"), 7),
                        new StatementBalances("CARD-B", null, Money.parse("37.50"), 2));
    }

    @Test
    void windowsLineEndsAByteOrderMarkAndEmptyLinesAtTheEndChangeNothing() {
        String unix = new String(resource("card-feed-every-type.csv"), StandardCharsets.UTF_8);
        String windows = "\uFEFF" + unix.replace("\n", "\r\n") + "\r\n\r\n,,,,,,,,,,,\r\n   \r\n";

        Heard heard = Heard.fromCardFeed(windows);

        assertThat(heard.lines).isEqualTo(Heard.fromCardFeed(unix).lines);
        assertThat(heard.refusals).isEmpty();
    }

    @Test
    void aFileInTheOldWindowsEncodingReadsTheSame() {
        String feed = HEADER + "C-1,T-1,2026-03-02T09:00:00Z,PURCHASE,-1.00,GBP,Café £1 – “Zoë”,5812\n";

        Heard heard = Heard.from(reader, feed.getBytes(Charset.forName("windows-1252")));

        assertThat(heard.lines).isEqualTo(Heard.fromCardFeed(feed).lines);
        assertThat(heard.lines.get(0).payee()).isEqualTo("Café £1 – “Zoë”");
    }

    @Test
    void aFeedWithOnlyTheRequiredColumnsIsReadWithoutProof() {
        Heard heard = Heard.fromCardFeed(HEADER + "C-1,T-1,2026-03-02T09:00:00Z,FEE,-1.00,GBP,,");

        assertThat(heard.lines.get(0).cashback()).isEqualTo(Money.ZERO);
        assertThat(heard.lines.get(0).runningBalance()).isNull();
        assertThat(heard.balances).containsExactly(new StatementBalances("C-1", null, null, 1));
    }

    @Test
    void aHeaderAloneIsAFeedWithoutLines() {
        Heard heard = Heard.fromCardFeed(HEADER);

        assertThat(heard.lines).isEmpty();
        assertThat(heard.refusals).isEmpty();
    }

    @Test
    void whatALogWouldShowOfALineIsItsNumberAlone() {
        assertThat(Heard.from(reader, resource("card-feed-every-type.csv"))
                        .lines
                        .get(1))
                .hasToString("statement line 3");
    }
}
