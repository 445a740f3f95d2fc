package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.intake.StatementLine.Kind;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;

/** Random feeds, written as another program would write them, must read back as they were. A failure prints its seed. */
class CardFeedRoundTripTest {

    private static final Map<Kind, String> TYPES = Map.of(
            Kind.PURCHASE, "PURCHASE",
            Kind.CASH, "ATM",
            Kind.LOAD, "LOAD",
            Kind.UNLOAD, "UNLOAD",
            Kind.FEE, "FEE",
            Kind.REFUND, "REFUND",
            Kind.REVERSAL, "REVERSAL");

    private static final List<String> NAMES =
            List.of("SHOP", "\"Quoted\"", "A, B", "Zoë", "商店", "a\"b", "=1+1", "o'clock", "🛒", "; x", "#hash");

    @Test
    void whateverIsWrittenReadsBackEqual() throws IOException {
        for (int round = 0; round < 300; round++) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            List<StatementLine> expected = new ArrayList<>();
            String file = write(random, expected);

            Heard heard = Heard.from(
                    new CardFeedReader(StatementLimits.DEFAULT, null), file.getBytes(StandardCharsets.UTF_8));

            assertThat(heard.refusals).as("seed %d", seed).isEmpty();
            assertThat(heard.lines).as("seed %d", seed).isEqualTo(expected);
            Map<String, Money> closing = new HashMap<>();
            expected.forEach(line -> closing.put(line.accountRef(), line.runningBalance()));
            assertThat(heard.balances)
                    .as("seed %d", seed)
                    .hasSize(closing.size())
                    .allSatisfy(told -> assertThat(told.closing()).isEqualTo(closing.get(told.accountRef())));
        }
    }

    private static String write(Random random, List<StatementLine> lines) throws IOException {
        List<String> columns = new ArrayList<>(List.of(
                "accountRef",
                "txnId",
                "settledAt",
                "type",
                "amount",
                "currency",
                "merchantName",
                "mcc",
                "cashback",
                "runningBalance",
                "unknown"));
        Collections.shuffle(columns, random);
        boolean windows = random.nextBoolean();
        StringWriter file = new StringWriter();
        CsvWriter csv = CsvWriter.builder()
                .lineDelimiter(windows ? LineDelimiter.CRLF : LineDelimiter.LF)
                .build(file);
        if (random.nextBoolean()) {
            file.write('\uFEFF');
        }
        csv.writeRecord(columns);
        int lineNumber = 2;
        Map<String, Money> balances = new HashMap<>();
        int count = random.nextInt(60);
        for (int i = 0; i < count; i++) {
            StatementLine line = line(random, lineNumber, i, balances);
            lines.add(line);
            String unknown = random.nextInt(4) == 0 ? (windows ? "two\r\nlines" : "two\nlines") : "x";
            Map<String, String> fields = Map.of(
                    "accountRef", line.accountRef(),
                    "txnId", line.externalRef(),
                    "settledAt", settledAt(random, line),
                    "type", TYPES.get(line.kind()),
                    "amount", line.amount().toString(),
                    "currency", "GBP",
                    "merchantName", line.payee() == null ? "" : line.payee(),
                    "mcc", line.mcc() == null ? "" : line.mcc(),
                    "cashback", line.cashback().toString());
            csv.writeRecord(columns.stream()
                    .map(column -> switch (column) {
                        case "runningBalance" -> line.runningBalance().toString();
                        case "unknown" -> unknown;
                        default -> fields.get(column);
                    })
                    .toList());
            lineNumber += unknown.equals("x") ? 1 : 2;
        }
        csv.flush();
        return file.toString();
    }

    private static StatementLine line(Random random, int lineNumber, int index, Map<String, Money> balances) {
        String account = "CARD-" + random.nextInt(4);
        Kind kind = List.copyOf(TYPES.keySet()).get(random.nextInt(TYPES.size()));
        Money size = Money.ofPence(1 + random.nextLong(random.nextBoolean() ? 100 : 1_000_000_000L));
        Money amount = kind.moneyIn() ? size : size.negated();
        Money balance = balances.merge(account, amount, Money::plus);
        return new StatementLine(
                lineNumber,
                account,
                "T-" + index,
                Heard.TODAY.minusDays(random.nextInt(800)),
                kind,
                amount,
                random.nextInt(5) == 0 ? null : name(random),
                random.nextInt(5) == 0 ? null : String.format("%04d", random.nextInt(10_000)),
                random.nextBoolean() ? Money.ZERO : Money.ofPence(random.nextLong(size.pence() + 1)),
                balance,
                null);
    }

    private static String name(Random random) {
        return String.join(
                " ",
                IntStream.rangeClosed(0, random.nextInt(4))
                        .mapToObj(i -> NAMES.get(random.nextInt(NAMES.size())))
                        .toList());
    }

    /** Any moment of the line's day in London, in UTC or with the zone's offset. */
    private static String settledAt(Random random, StatementLine line) {
        var moment = line.on()
                .atTime(LocalTime.ofSecondOfDay(random.nextInt(86_400)))
                .atZone(BusinessDay.LONDON)
                .truncatedTo(ChronoUnit.SECONDS);
        return random.nextBoolean()
                ? moment.toInstant().toString()
                : moment.toOffsetDateTime().toString();
    }
}
