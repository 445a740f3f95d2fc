package uk.directpayments.ledger.platform;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Up to where this node knows the log to be durable. The log never ends before that, unless its database has come back older: from a backup, or as a replica
 * that was behind. What the node keeps of the log in memory is then not in it, so it answers nothing more until it is started again.
 */
final class KnownEnd {

    private static final Logger logger = LoggerFactory.getLogger(KnownEnd.class);

    private final AtomicLong announced = new AtomicLong();
    private volatile boolean cut;

    /** Everything up to a position is durable. */
    void announce(long position) {
        announced.accumulateAndGet(position, Math::max);
    }

    long announced() {
        return announced.get();
    }

    /**
     * Reads where the log ends, and holds it against what was announced until then.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code BUSY} if the log has been found shorter than it was, then or before
     */
    long whole(LongSupplier head) {
        requireWhole();
        long known = announced.get();
        long found = head.getAsLong();
        if (isCut(found, known)) {
            throw Outage.cut();
        }
        return found;
    }

    /** @param head where the log ends, and nobody can make it longer just now */
    boolean isCutAt(long head) {
        return isCut(head, announced.get());
    }

    private boolean isCut(long head, long known) {
        if (head < known && !cut) {
            cut = true;
            logger.error(
                    "THE LOG HAS BECOME SHORTER: it ends at position {}, and went up to {}. This node answers nothing until it is started again",
                    head,
                    known);
        }
        return cut;
    }

    /** @throws uk.directpayments.ledger.kernel.RuleBroken {@code BUSY} if the log has been found shorter than it was */
    void requireWhole() {
        if (cut) {
            throw Outage.cut();
        }
    }

    boolean isCut() {
        return cut;
    }
}
