package uk.directpayments.ledger.platform;

import io.axoniq.axonserver.connector.event.AppendEventsTransaction;
import io.axoniq.axonserver.connector.event.EventChannel;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.axonframework.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import uk.directpayments.ledger.platform.AxonServerCopy.Distrusted;
import uk.directpayments.ledger.platform.AxonServerCopy.Original;
import uk.directpayments.ledger.platform.StoredEvents.StoredEvent;

/**
 * Gives Axon Server events that the table has and it has not, in order, text for text, with the times at which they were recorded: what it has lost, or,
 * when a ledger moves there from PostgreSQL, all of them. Only to a server that holds exactly the beginning of what the table holds, be it nothing; so
 * what was interrupted is simply done again.
 */
final class AxonServerFilling {

    private static final Logger logger = LoggerFactory.getLogger(AxonServerFilling.class);

    /** How many events are read at a time to be compared. */
    private static final int BATCH = 500;

    /** How many events are given in one transaction, which has to fit into memory there. */
    private static final int GIVEN_AT_ONCE = 100;

    private static final long TOLD_EVERY = 10_000;

    private final Supplier<EventChannel> channel;
    private final LongFunction<Original> originals;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final Serializer serializer;
    private final Orders orders;

    /**
     * What an operator has allowed.
     *
     * @param restore    to give back what was lost
     * @param move       to give the whole log of a database that has kept it until now
     * @param otherNodes the nodes that live beside this one: a log does not move under them
     */
    record Orders(boolean restore, boolean move, Supplier<Collection<String>> otherNodes) {

        static final Orders NONE = new Orders(false, false, List::of);
    }

    /** @param originals Axon Server's events after a position */
    AxonServerFilling(
            Supplier<EventChannel> channel,
            LongFunction<Original> originals,
            JdbcTemplate jdbc,
            TransactionTemplate transaction,
            Serializer serializer,
            Orders orders) {
        this.channel = channel;
        this.originals = originals;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.serializer = serializer;
        this.orders = orders;
    }

    boolean isToRestore() {
        return orders.restore;
    }

    /** Until it has moved. */
    boolean isToMove() {
        return orders.move
                && EventLog.ON_POSTGRESQL.equals(jdbc.queryForObject("SELECT home FROM event_log_head", String.class));
    }

    /**
     * Axon Server gets back what it has lost, if what it has is the beginning of what was copied. Nobody copies meanwhile; and nobody writes, for it has
     * not been trusted yet.
     */
    void giveBack(long held) {
        requireSame(0, held, false);
        transaction.executeWithoutResult(alone -> {
            long position = lockedHead();
            logger.warn("Axon Server has lost what follows position {}: it is given back, up to {}", held, position);
            give(held, position);
            requireSame(held, position, false);
            logger.warn("Axon Server has everything again; verify the log");
        });
    }

    /**
     * The log moves from PostgreSQL to Axon Server. No node starts meanwhile and none may live beside this one, for it would write past the log. Every event is
     * read back before the database belongs to Axon Server; until then nothing has changed for it.
     */
    void moveHere(long held) {
        transaction.executeWithoutResult(alone -> {
            jdbc.queryForList("SELECT pg_advisory_xact_lock(?)", Nodes.LOCK);
            Collection<String> others = orders.otherNodes.get();
            if (!others.isEmpty()) {
                throw new Distrusted("the log cannot move to it while other nodes run on this database: " + others
                        + "; stop them (one that was killed counts as gone after "
                        + Nodes.SILENCE.toSeconds() + " s).");
            }
            long position = lockedHead();
            if (held > position) {
                throw new Distrusted("it has " + held + " events, and this log has " + position
                        + ": a log moves to an empty server only.");
            }
            requireSame(0, held, true);
            logger.warn("the log moves to Axon Server: {} events, of which it has {}", position, held);
            give(held, position);
            requireSame(0, position, true);
            jdbc.update("UPDATE event_log_head SET home = ?", EventLog.ON_AXON_SERVER);
            logger.warn("the log has moved: Axon Server keeps its {} events, each read back and the same", position);
        });
    }

    private long lockedHead() {
        return Objects.requireNonNull(
                jdbc.queryForObject("SELECT position FROM event_log_head FOR UPDATE", Long.class));
    }

    private void give(long held, long position) {
        if (AxonServerLog.answer(channel.get().getLastToken()) + 1 != held) {
            throw new Distrusted("somebody else writes to it.");
        }
        for (long given = held; given < position; ) {
            long before = given;
            AppendEventsTransaction append = channel.get().startAppendEventsTransaction();
            for (StoredEvent event : stored(given, (int) Math.min(GIVEN_AT_ONCE, position - given))) {
                append.appendEvent(AxonServerEvents.toServer(event, serializer));
                given = event.position();
            }
            if (!AxonServerLog.answer(append.commit()).getSuccess()) {
                throw new Distrusted("it has not taken what follows position " + before + ".");
            }
            if (given / TOLD_EVERY > before / TOLD_EVERY) {
                logger.info("{} of {} events are given", given, position);
            }
        }
    }

    /**
     * The events after a position up to another must be the same here and there.
     *
     * @param timed see {@link Original#holds(StoredEvent, boolean)}
     * @throws Distrusted at the first that is not
     */
    void requireSame(long after, long upTo, boolean timed) {
        if (after >= upTo) {
            return;
        }
        try (Original original = originals.apply(after)) {
            for (long read = after; read < upTo; ) {
                for (StoredEvent event : stored(read, (int) Math.min(BATCH, upTo - read))) {
                    if (!original.holds(event, timed)) {
                        throw new Distrusted(
                                "its event at position " + event.position() + " is not the one that was copied.");
                    }
                    read = event.position();
                }
            }
        }
    }

    private List<StoredEvent> stored(long after, int count) {
        return jdbc.query(
                StoredEventLog.SELECT + "WHERE position > ? ORDER BY position LIMIT ?",
                StoredEventLog::event,
                after,
                count);
    }
}
