package uk.directpayments.ledger.intake;

import java.util.HashMap;
import java.util.Map;
import uk.directpayments.ledger.kernel.Hashes;

/**
 * Remembers the transactions of one file by 64 bits each, about 80 bytes a line. Should two references ever share their bits (one
 * chance in forty million for a file of a million lines) the second is refused aloud as other content, never dropped quietly.
 */
final class SeenLines {

    /** What a line is to those before it. */
    enum Sight {
        NEW,
        /** The same transaction, and what would be recorded of it is the same. */
        REPEATED,
        /** The same transaction, but it says something else now. */
        CONTRADICTED
    }

    private Map<Long, Long> inEarlierStatements = new HashMap<>();
    private Map<Long, Long> contentByTransaction = new HashMap<>();

    Sight see(StatementLine line) {
        long transaction = transaction(line);
        long content = Hashes.bits64(line.content());
        Long before = inEarlierStatements.get(transaction);
        if (before == null) {
            before = contentByTransaction.putIfAbsent(transaction, content);
        }
        if (before == null) {
            return Sight.NEW;
        }
        return before == content ? Sight.REPEATED : Sight.CONTRADICTED;
    }

    /** Whether a repeated line's first stands in the same statement of the file. */
    boolean isOfThisStatement(StatementLine line) {
        return contentByTransaction.containsKey(transaction(line));
    }

    /** The lines to come are of another statement. */
    void nextStatement() {
        if (inEarlierStatements.isEmpty()) {
            inEarlierStatements = contentByTransaction; // a file of one statement is held once
        } else {
            inEarlierStatements.putAll(contentByTransaction);
        }
        contentByTransaction = new HashMap<>();
    }

    private static long transaction(StatementLine line) {
        return Hashes.bits64(StatementLine.orEmpty(line.accountRef()), line.externalRef());
    }
}
