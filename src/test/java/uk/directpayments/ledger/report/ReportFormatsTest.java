package uk.directpayments.ledger.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Pages;

/** One definition, three formats, and what each must not do. No service is needed to see it. */
class ReportFormatsTest {

    private static final List<Column> COLUMNS = List.of(
            Column.text("who"), Column.money("amount"), Column.number("days"), Column.date("on"), Column.yesNo("due"));

    private static final Row WHOLE = Row.of("A-1", Money.parse("-12.30"), 7, LocalDate.of(2026, 3, 31), true);

    private final Totals totals = new Totals(COLUMNS);

    @Test
    void jsonHasTheHeadTheItemsAndTheTotals() {
        assertThat(text("json", WHOLE)).isEqualTo("""
                {"report":"sample","asOf":"2026-04-01","knownAt":null,"position":9,"columns":[{"name":"who","type":"TEXT"},\
                {"name":"amount","type":"MONEY"},{"name":"days","type":"NUMBER"},{"name":"on","type":"DATE"},\
                {"name":"due","type":"YES_NO"}],"items":[{"who":"A-1","amount":"-12.30","days":7,"on":"2026-03-31","due":true}],\
                "next":null,"totals":{"amount":"-12.30"}}""");
    }

    @Test
    void oneRowThatIsUnavailableLeavesNoTotal() {
        assertThat(text("json", WHOLE, Row.unavailable("A-2"))).contains("""
                {"who":"A-2","amount":null,"days":null,"on":null,"due":null,"unavailable":true}],"next":null,"totals":{"amount":null}}""");
        assertThat(text("csv", Row.unavailable("A-2"))).endsWith("\r\nA-2,,,,,true\r\n");
        // the head of the last column, and the total
        assertThat(sheets(bytes("xlsx", totals, Row.unavailable("A-2")))
                        .get("xl/worksheets/sheet1.xml")
                        .split("<t>unavailable</t>"))
                .hasSize(3);
    }

    @Test
    void whatASpreadsheetWouldTakeForAFormulaIsTextInCsvAndAmountsStayNumbers() {
        for (String formula : List.of("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")) {
            String line = text("csv", Row.of(formula, Money.parse("-12.30"), -7, null, false));
            assertThat(line.substring(line.indexOf("\r\n") + 2))
                    .as(formula)
                    .startsWith(formula.startsWith("\r") ? "\"'" : "'")
                    .endsWith(formula + (formula.startsWith("\r") ? "\"" : "") + ",-12.30,-7,,false,\r\n");
        }
        assertThat(text("csv", Row.of("Care, \"personal\"", Money.ZERO, 0, null, true)))
                .endsWith("\"Care, \"\"personal\"\"\",0.00,0,,true,\r\n");
    }

    @Test
    void aWorkbookHoldsTextsAsTextsAndAmountsAsNumbers() {
        String sheet = sheets(bytes("xlsx", totals, Row.of("=1+1", Money.parse("-12.30"), 7, null, true)))
                .get("xl/worksheets/sheet1.xml");
        assertThat(sheet)
                .contains("t=\"inlineStr\"", "=1+1</t>", "<v>-12.30</v>")
                .doesNotContain("<f>");
    }

    @Test
    void rowsThatDoNotFitOnOneSheetGoOnOnTheNext() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        XlsxReport report = new XlsxReport(out, head(), 10);
        for (int i = 0; i < 20; i++) {
            report.row(Row.of("A-" + i));
        }
        report.end(totals, null);
        Map<String, String> sheets = sheets(out.toByteArray());
        assertThat(rows(sheets.get("xl/worksheets/sheet1.xml"))).isEqualTo(10);
        assertThat(rows(sheets.get("xl/worksheets/sheet2.xml"))).isEqualTo(10);
        // what is left, under its own heads, with the totals
        assertThat(rows(sheets.get("xl/worksheets/sheet3.xml"))).isEqualTo(4);
        assertThat(sheets.get("xl/worksheets/sheet4.xml")).contains("position");
    }

    @Test
    void aLongReportKeepsEveryRowInEveryFormat() {
        Row[] rows = IntStream.range(0, 2_345)
                .mapToObj(i -> Row.of("A-" + i, Money.ofPence(i), i, LocalDate.EPOCH.plusDays(i), i % 2 == 0))
                .toArray(Row[]::new);
        assertThat(text("csv", rows).lines()).hasSize(rows.length + 1);
        assertThat(rows(sheets(bytes("xlsx", new Totals(COLUMNS), rows)).get("xl/worksheets/sheet1.xml")))
                .isEqualTo(rows.length + 2);
        assertThat(text("json", rows)).endsWith("\"totals\":{\"amount\":\"27483.40\"}}");
    }

    @Test
    void aFormatIsOneOfThree() {
        assertThatThrownBy(() -> ReportFormat.of("JSON"))
                .isInstanceOfSatisfying(
                        RuleBroken.class, e -> assertThat(e.code()).isEqualTo("FIELD_INVALID"));
    }

    @Test
    void everyDayOfADebtFallsIntoOneBand() {
        Money amount = Money.parse("10.00");
        for (long days : new long[] {0, 1, 30, 31, 90, 91, 180, 181, 100_000}) {
            Money sum = Money.ZERO;
            for (Age band : Age.values()) {
                sum = sum.plus(band.share(amount, days));
            }
            assertThat(sum).as(days + " days").isEqualTo(amount);
        }
        assertThat(Age.TO_30.share(amount, 30)).isEqualTo(amount);
        assertThat(Age.TO_90.share(amount, 31)).isEqualTo(amount);
        assertThat(Age.OLDER.share(amount, 181)).isEqualTo(amount);
    }

    @Test
    void smallCountsAreHiddenAndNeverASingleOneThatASumWouldGiveAway() {
        assertThat(SmallCounts.hidden(List.of())).isEmpty();
        assertThat(SmallCounts.hidden(List.of(5, 6))).isEmpty();
        assertThat(SmallCounts.hidden(List.of(4))).containsExactly(0);
        assertThat(SmallCounts.hidden(List.of(30, 4, 12, 9))).containsExactly(1, 3);
        assertThat(SmallCounts.hidden(List.of(1, 20, 4))).containsExactly(0, 2);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int n = 0; n < 1_000; n++) {
            List<Integer> counts = random.ints(random.nextInt(8), 0, 12).boxed().toList();
            var hidden = SmallCounts.hidden(counts);
            assertThat(IntStream.range(0, counts.size()).filter(i -> !hidden.contains(i)))
                    .as("seed " + seed + " " + counts)
                    .allMatch(i -> counts.get(i) >= SmallCounts.LEAST);
            assertThat(hidden.size() == 1 && counts.size() > 1)
                    .as("seed " + seed + " " + counts)
                    .isFalse();
        }
    }

    @Test
    void pagesAreReadUntilOneIsNotFull() {
        List<Integer> read = new ArrayList<>();
        Pages.<Integer, Integer>each(
                after -> IntStream.range(after == null ? 0 : after + 1, 2 * Pages.SIZE)
                        .limit(Pages.SIZE)
                        .boxed()
                        .toList(),
                i -> i,
                read::addAll);
        assertThat(read).hasSize(2 * Pages.SIZE).doesNotHaveDuplicates();
    }

    private static ReportHead head() {
        return new ReportHead("sample", LocalDate.of(2026, 4, 1), null, 9, COLUMNS);
    }

    private String text(String format, Row... rows) {
        return new String(bytes(format, new Totals(COLUMNS), rows), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String format, Totals totals, Row... rows) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ReportWriter writer = ReportFormat.of(format).open(out, head());
            for (Row row : rows) {
                totals.add(row);
                writer.row(row);
            }
            writer.end(totals, null);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long rows(String sheet) {
        return Pattern.compile("<row ").matcher(sheet).results().count();
    }

    /** The parts of a workbook by name. */
    static Map<String, String> sheets(byte[] workbook) {
        Map<String, String> parts = new TreeMap<>();
        try {
            Path file = Files.createTempFile("report", ".xlsx");
            Files.write(file, workbook);
            try (ZipFile zip = new ZipFile(file.toFile())) {
                for (ZipEntry entry : Collections.list(zip.entries())) {
                    parts.put(
                            entry.getName(),
                            new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parts;
    }
}
