package uk.directpayments.ledger.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of names and a line a row, RFC 4180, UTF-8. There is no line of totals: whoever adds up the column would count them twice. A text
 * that a spreadsheet would take for a formula gets an apostrophe before it; figures are left as they are, also below zero.
 */
final class CsvReport implements ReportWriter {

    private static final String BEGINS_A_FORMULA = "=+-@\t\r\n";

    private final CsvWriter csv;
    private final List<Column> columns;

    CsvReport(OutputStream out, ReportHead head) {
        this.csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(out, StandardCharsets.UTF_8);
        this.columns = head.columns();
        List<String> names = new ArrayList<>();
        columns.forEach(column -> names.add(column.name()));
        names.add("unavailable");
        csv.writeRecord(names);
    }

    @Override
    public void row(Row row) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Object value = row.value(i);
            cells.add(columns.get(i).type() == Column.Type.TEXT ? harmless(value) : plain(value));
        }
        cells.add(row.unavailable() ? "true" : "");
        csv.writeRecord(cells);
    }

    @Override
    public void end(Totals totals, @Nullable String next) throws IOException {
        csv.close();
    }

    private static String plain(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    static String harmless(@Nullable Object value) {
        String text = plain(value);
        return !text.isEmpty() && BEGINS_A_FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
