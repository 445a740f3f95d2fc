package uk.directpayments.ledger.intake;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.RuleBroken;

/** The records of a CSV file as they stream by, header included, however many fields each has. */
final class CsvRecords {

    private final Iterator<CsvRecord> records;
    private int line;

    CsvRecords(InputStream file, StatementLimits limits, char separator) {
        // a record within the limits of one line always fits; only a quotation over many lines can be larger
        int most = limits.lineCharacters();
        records = CsvReader.builder()
                .fieldSeparator(separator)
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(Math.max(4 * most, 65_536))
                .build(
                        CsvRecordHandler.of(handler ->
                                handler.maxFields(most + 1).maxFieldSize(most).maxRecordSize(most)),
                        new StatementText(file, limits))
                .iterator();
    }

    /**
     * The next record, or null at the end. The library's own words are dropped: they may repeat what the file holds.
     *
     * @throws RuleBroken {@code STATEMENT_UNREADABLE}, {@code TOO_LARGE}
     */
    @Nullable
    CsvRecord next() throws IOException {
        try {
            if (!records.hasNext()) {
                return null;
            }
            CsvRecord next = records.next();
            line = (int) next.getStartingLineNumber();
            return next;
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        } catch (CsvParseException malformed) {
            if (malformed.getCause() instanceof RuntimeException ours) {
                throw ours;
            }
            if (malformed.getCause() instanceof Error error) {
                throw error;
            }
            throw new RuleBroken(
                    "STATEMENT_UNREADABLE",
                    "The file is not well-formed CSV after line " + line
                            + ": a quotation mark is never closed, or text follows a closed one.");
        }
    }
}
