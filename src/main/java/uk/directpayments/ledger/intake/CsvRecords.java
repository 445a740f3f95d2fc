package uk.directpayments.ledger.intake;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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

    /** The names of a header line as it stands at a file's beginning; none if this is no text, or empty. */
    static List<String> names(byte[] head, StatementLimits limits, char separator) {
        List<List<String>> first = first(1, head, limits, separator);
        return first.isEmpty() ? List.of() : first.get(0);
    }

    /** At most so many records as they stand at a file's beginning, as far as this is text; the last may be cut short. */
    static List<List<String>> first(int most, byte[] head, StatementLimits limits, char separator) {
        List<List<String>> first = new ArrayList<>();
        try {
            CsvRecords records = new CsvRecords(new ByteArrayInputStream(head), limits, separator);
            CsvRecord next;
            while (first.size() < most && (next = records.next()) != null) {
                first.add(next.getFields().stream().map(String::strip).toList());
            }
        } catch (RuleBroken notText) {
            return first;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return first;
    }

    /**
     * Where the columns stand that a header line names, in any order; others are not looked at.
     *
     * @param line what the header line is called where it lacks some
     * @throws RuleBroken {@code STATEMENT_UNREADABLE} if it lacks a required one, or names one twice
     */
    static Map<String, Integer> columns(CsvRecord header, List<String> required, List<String> optional, String line) {
        Map<String, Integer> columns = new HashMap<>();
        for (int i = 0; i < header.getFieldCount(); i++) {
            String name = header.getField(i).strip();
            boolean known = required.contains(name) || optional.contains(name);
            if (known && columns.putIfAbsent(name, i) != null) {
                throw new RuleBroken("STATEMENT_UNREADABLE", "The header names the column " + name + " twice.");
            }
        }
        List<String> missing =
                required.stream().filter(name -> !columns.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            throw new RuleBroken(
                    "STATEMENT_UNREADABLE", line + " lacks the columns " + String.join(", ", missing) + ".");
        }
        return columns;
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
