package uk.directpayments.ledger.report;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes one report, or a page of one, in one format. Nothing closes it but {@link #end}: an answer that was cut short must not look whole.
 */
interface ReportWriter {

    void row(Row row) throws IOException;

    /**
     * @param totals of the whole report
     * @param next   the cursor of the next page, or null
     */
    void end(Totals totals, @Nullable String next) throws IOException;
}
