package uk.directpayments.ledger.intake;

import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.platform.NodesLock;

/**
 * One import at a time, over all nodes: matching must see what the one before has matched. A statement's own stream refuses whoever goes on
 * without it.
 */
@Component
class ImportLock {

    private static final long KEY = 0x53746174656D656EL;

    private final NodesLock lock;

    ImportLock(DataSource database) {
        this.lock = new NodesLock(
                database, KEY, "Another statement is being imported. Please send the file again in a while.");
    }

    /**
     * Does something while no other import goes on.
     *
     * @param patience how long to wait for others
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code BUSY} after that
     */
    <T> T alone(Duration patience, Supplier<T> work) {
        return lock.alone(patience, work);
    }
}
