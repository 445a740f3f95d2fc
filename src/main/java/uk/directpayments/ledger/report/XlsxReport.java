package uk.directpayments.ledger.report;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;

/**
 * A workbook: the rows, their totals, and a sheet that says what was asked. Texts are text cells, never formulas; money and days are numbers
 * that a spreadsheet can reckon with. What does not fit on one sheet goes on on the next.
 */
final class XlsxReport implements ReportWriter {

    /** Rows kept in memory before they are written. */
    private static final int KEPT = 500;

    private static final String MONEY = "#,##0.00";
    private static final String DAY = "yyyy-mm-dd";
    private static final double WIDTH = 20;

    private final Workbook workbook;
    private final ReportHead head;
    private final int lastRow;
    private Worksheet sheet;
    private int sheets;
    private int row;

    XlsxReport(OutputStream out, ReportHead head) throws IOException {
        this(out, head, Worksheet.MAX_ROWS - 1);
    }

    /** @param lastRow of a sheet, counted from 0: the totals stand there if nowhere before */
    XlsxReport(OutputStream out, ReportHead head, int lastRow) throws IOException {
        this.workbook = new Workbook(out, "direct-payment-ledger", null);
        this.head = head;
        this.lastRow = lastRow;
        this.sheet = nextSheet();
    }

    private Worksheet nextSheet() throws IOException {
        sheets++;
        Worksheet next = workbook.newWorksheet(sheets == 1 ? head.report() : head.report() + " " + sheets);
        for (int i = 0; i < head.columns().size(); i++) {
            next.width(i, WIDTH);
            next.inlineString(0, i, head.columns().get(i).name());
            next.style(0, i).bold().set();
        }
        next.width(head.columns().size(), WIDTH);
        next.inlineString(0, head.columns().size(), "unavailable");
        next.style(0, head.columns().size()).bold().set();
        next.freezePane(0, 1);
        row = 1;
        return next;
    }

    @Override
    public void row(Row values) throws IOException {
        if (row == lastRow) {
            sheet.finish();
            sheet = nextSheet();
        }
        for (int i = 0; i < head.columns().size(); i++) {
            cell(i, values.value(i));
        }
        if (values.unavailable()) {
            sheet.value(row, head.columns().size(), Boolean.TRUE);
        }
        row++;
        if (row % KEPT == 0) {
            sheet.flush();
        }
    }

    private void cell(int column, @Nullable Object value) {
        if (value instanceof Money amount) {
            sheet.value(row, column, BigDecimal.valueOf(amount.pence(), 2));
            sheet.style(row, column).format(MONEY).set();
        } else if (value instanceof LocalDate day) {
            sheet.value(row, column, day);
            sheet.style(row, column).format(DAY).set();
        } else if (value instanceof Number number) {
            sheet.value(row, column, number);
        } else if (value instanceof Boolean yes) {
            sheet.value(row, column, yes);
        } else if (value != null) {
            sheet.inlineString(row, column, value.toString());
        }
    }

    @Override
    public void end(Totals totals, @Nullable String next) throws IOException {
        if (!totals.byName().isEmpty()) {
            sheet.inlineString(row, 0, "Total");
            sheet.style(row, 0).bold().set();
            for (int i = 0; i < head.columns().size(); i++) {
                if (totals.has(i)) {
                    Money total = totals.of(i);
                    cell(i, total == null ? "unavailable" : total);
                    sheet.style(row, i).bold().format(MONEY).set();
                }
            }
        }
        sheet.finish();
        about();
        workbook.finish();
    }

    private void about() throws IOException {
        Worksheet about = workbook.newWorksheet("About");
        List<List<String>> lines = List.of(
                List.of("report", head.report()),
                List.of("asOf", head.asOf().toString()),
                List.of("knownAt", head.knownAt() == null ? "" : head.knownAt().toString()),
                List.of("position", Long.toString(head.position())));
        for (int i = 0; i < lines.size(); i++) {
            about.inlineString(i, 0, lines.get(i).get(0));
            about.inlineString(i, 1, lines.get(i).get(1));
        }
        about.width(1, 2 * WIDTH);
        about.finish();
    }
}
