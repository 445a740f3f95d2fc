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

    private final Map<Long, Long> contentByTransaction = new HashMap<>();

    Sight see(StatementLine line) {
        long transaction = Hashes.bits64(StatementLine.orEmpty(line.accountRef()), line.externalRef());
        long content = Hashes.bits64(line.content());
        Long before = contentByTransaction.putIfAbsent(transaction, content);
        if (before == null) {
            return Sight.NEW;
        }
        return before == content ? Sight.REPEATED : Sight.CONTRADICTED;
    }
}
