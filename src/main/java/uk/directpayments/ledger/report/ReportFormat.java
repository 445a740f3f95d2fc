package uk.directpayments.ledger.report;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import uk.directpayments.ledger.kernel.RuleBroken;

/** The formats of reports. API: Reports. */
enum ReportFormat {
    JSON(ReportFormat.JSON_TYPE, JsonReport::new),
    CSV(ReportFormat.CSV_TYPE, CsvReport::new),
    XLSX(ReportFormat.XLSX_TYPE, XlsxReport::new);

    static final String JSON_TYPE = "application/json";
    static final String CSV_TYPE = "text/csv;charset=UTF-8";
    static final String XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /** Begins a report: its head has been written, or will be at its end. */
    private interface Opening {
        ReportWriter open(OutputStream out, ReportHead head) throws IOException;
    }

    private final String mediaType;
    private final Opening opening;

    ReportFormat(String mediaType, Opening opening) {
        this.mediaType = mediaType;
        this.opening = opening;
    }

    /** @throws RuleBroken {@code FIELD_INVALID} */
    static ReportFormat of(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new RuleBroken("FIELD_INVALID", "must be json, csv or xlsx", "format"));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    String mediaType() {
        return mediaType;
    }

    ReportWriter open(OutputStream out, ReportHead head) throws IOException {
        return opening.open(out, head);
    }
}
