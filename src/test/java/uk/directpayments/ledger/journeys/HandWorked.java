package uk.directpayments.ledger.journeys;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tables of {@link YearOfTenTest}: what ten people's budgets are, what happened, and what an accountant makes of it by hand. */
final class HandWorked {

    static final String TOTAL = "TOTAL";
    static final String SUM = "SUM";

    private static final Path TABLES = Path.of("src/test/resources/journeys/year-of-ten");

    private HandWorked() {}

    /** A line of a budget; {@code account} and {@code frequency} are empty where the council manages it. */
    record Line(
            String person,
            String basis,
            LocalDate from,
            LocalDate to,
            String account,
            String holder,
            String line,
            String source,
            String mode,
            long annual,
            String frequency,
            long contribution) {

        boolean isPaid() {
            return !frequency.isEmpty();
        }
    }

    /** Something that happened on a day, and was recorded on that or another. */
    record Fact(LocalDate day, String person, String what, long pence, String of, LocalDate on) {

        String id() {
            return person + "-" + day;
        }
    }

    /** On which two days a figure is asked for; {@code known} is null for all that has been recorded. */
    record Asked(LocalDate asOf, @Nullable LocalDate known, String figure) {}

    /** What the ledger must say of somebody; {@code sum} is how it comes about. */
    record Expected(Asked asked, String person, long pence, String sum) {}

    static List<Line> budgets() {
        return read("budgets.csv").stream()
                .map(row -> new Line(
                        row.getField("person"),
                        row.getField("basis"),
                        LocalDate.parse(row.getField("from")),
                        LocalDate.parse(row.getField("to")),
                        row.getField("account"),
                        row.getField("holder"),
                        row.getField("line"),
                        row.getField("source"),
                        row.getField("mode"),
                        Long.parseLong(row.getField("annual")),
                        row.getField("frequency"),
                        Long.parseLong(row.getField("contribution"))))
                .toList();
    }

    static List<Fact> facts() {
        return read("facts.csv").stream()
                .map(row -> {
                    LocalDate day = LocalDate.parse(row.getField("day"));
                    String pence = row.getField("pence");
                    String on = row.getField("on");
                    return new Fact(
                            day,
                            row.getField("person"),
                            row.getField("what"),
                            pence.isEmpty() ? 0 : Long.parseLong(pence),
                            row.getField("of"),
                            on.isEmpty() ? day : LocalDate.parse(on));
                })
                .toList();
    }

    /** By the days that are asked about and the figure, what is expected of whom. */
    static Map<Asked, Map<String, Expected>> expected() {
        Map<Asked, Map<String, Expected>> all = new LinkedHashMap<>();
        for (NamedCsvRecord row : read("expected.csv")) {
            String known = row.getField("known");
            Asked asked = new Asked(
                    LocalDate.parse(row.getField("asOf")),
                    known.isEmpty() ? null : LocalDate.parse(known),
                    row.getField("figure"));
            Expected expected = new Expected(
                    asked, row.getField("person"), Long.parseLong(row.getField("pence")), row.getField("sum"));
            if (all.computeIfAbsent(asked, none -> new TreeMap<>()).put(expected.person, expected) != null) {
                throw new IllegalStateException("twice in expected.csv: " + expected);
            }
        }
        return all;
    }

    private static List<NamedCsvRecord> read(String table) {
        try (CsvReader<NamedCsvRecord> reader =
                CsvReader.builder().commentStrategy(CommentStrategy.SKIP).ofNamedCsvRecord(TABLES.resolve(table))) {
            return reader.stream().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Works out a sum of products and quotients of whole pence, {@code 2 × 10000 + 10000 × 1 ÷ 7}, rounded half up once. */
    static long workOut(String sum) {
        BigDecimal total = BigDecimal.ZERO;
        for (String term : sum.replace("−", "+ −").split("\\+")) {
            String words = term.replace("−", " ").strip();
            if (!words.isEmpty()) {
                BigDecimal product = product(words.split(" +"));
                total = term.contains("−") ? total.subtract(product) : total.add(product);
            }
        }
        return total.setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    private static BigDecimal product(String[] words) {
        BigDecimal product = new BigDecimal(words[0]);
        for (int i = 1; i < words.length; i += 2) {
            BigDecimal next = new BigDecimal(words[i + 1]);
            product = switch (words[i]) {
                case "×" -> product.multiply(next);
                case "÷" -> product.divide(next, MathContext.DECIMAL128);
                default -> throw new IllegalArgumentException("neither × nor ÷: " + words[i]);
            };
        }
        return product;
    }
}
