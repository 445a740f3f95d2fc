package uk.directpayments.ledger.intake;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.RuleBroken;

/** The formats that statements may come in. */
final class StatementFormats {

    /** How much of a file is looked at to guess its format. */
    static final int HEAD_BYTES = 8192;

    private final List<StatementReader> readers;

    /** @param readers asked in this order when a format is guessed: the choosy ones first */
    StatementFormats(List<StatementReader> readers) {
        this.readers = List.copyOf(readers);
    }

    /**
     * Finds the reader of a file.
     *
     * @param format the name that the sender gave, or null to guess it
     * @param head   the file's first bytes, {@link #HEAD_BYTES} of them or the whole file
     * @throws RuleBroken {@code FIELD_INVALID} for a name that is not known, {@code STATEMENT_UNREADABLE} if nothing fits
     */
    StatementReader reader(@Nullable String format, byte[] head) {
        if (format == null) {
            return guess(head)
                    .orElseThrow(() -> new RuleBroken(
                            "STATEMENT_UNREADABLE",
                            "The file begins like none of the formats that can be read: " + names() + "."));
        }
        return readers.stream()
                .filter(reader -> reader.format().equals(format))
                .findFirst()
                .orElseThrow(() -> new RuleBroken("FIELD_INVALID", "format must be one of " + names() + ".", "format"));
    }

    /** Whether a file that begins like this is of a format that can be told from that. */
    boolean recognise(byte[] head) {
        return guess(head).isPresent();
    }

    private Optional<StatementReader> guess(byte[] head) {
        return readers.stream().filter(reader -> reader.recognises(head)).findFirst();
    }

    private String names() {
        return readers.stream().map(StatementReader::format).collect(Collectors.joining(", "));
    }
}
