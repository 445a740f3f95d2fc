package uk.directpayments.ledger.report;

import java.io.IOException;

/** Writes one report in one format. Nothing closes it but {@link #end}: an answer that was cut short must not look whole. */
interface ReportWriter {

    void row(Row row) throws IOException;

    void end(Totals totals) throws IOException;
}
