package uk.directpayments.ledger.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows derived from events: one class, with its tables, its event handlers and its read methods. Handlers are methods
 * {@code @When void on(SomeEvent event, Recorded at, B buffer)}: they check and buffer, nothing else. The buffer of a batch is
 * written in few statements under a savepoint; if that fails, event by event, and the one that fails is parked. Anybody may drop
 * the rows and have them built again, the same.
 *
 * @param <B> what a batch of events is buffered in: {@link Rows}, {@link Versions.Changes} or a record of several
 */
public abstract class Projection<B> {

    /** What must stay in order: events of one account, of one person, or all of them (then nothing is parked: it stops). */
    public enum Order {
        BY_ACCOUNT,
        BY_PERSON,
        BY_LOG
    }

    private final String name;
    private final Order order;
    private final List<String> tables;

    @Autowired
    private @Nullable JdbcClient jdbc;

    @Autowired
    private @Nullable Progress progress;

    /**
     * @param name   stable: how far it has come is stored under it
     * @param tables the tables it owns, emptied by a reset; nobody else writes or joins them
     */
    protected Projection(String name, Order order, String... tables) {
        this.name = name;
        this.order = order;
        this.tables = List.of(tables);
    }

    public final String name() {
        return name;
    }

    final Order order() {
        return order;
    }

    final List<String> tables() {
        return tables;
    }

    /** An empty buffer. */
    protected abstract B buffer();

    /** Writes what has been buffered, in few statements. */
    protected abstract void write(B buffer);

    /**
     * The rows of a buffer that has nothing else, if what {@link #write} does is the same however events are cut into batches, and it looks at the
     * rows in statements alone: a rebuild then writes far larger batches, their rows in the database. Empty if not. A buffer that is rows
     * must be of that kind.
     */
    protected List<Rows> rows(B buffer) {
        return buffer instanceof Rows all ? List.of(all) : List.of();
    }

    final boolean isOfRows() {
        return !rows(buffer()).isEmpty();
    }

    protected final JdbcClient jdbc() {
        return java.util.Objects.requireNonNull(jdbc);
    }

    /**
     * The position that a read of this projection answers at, having waited for it.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}, {@code FIGURE_UNAVAILABLE}
     */
    protected final long position(View view) {
        return java.util.Objects.requireNonNull(progress).position(this, view);
    }

    /**
     * Refuses a figure that cannot be right: an event of this key, at or before the position, could not be applied.
     *
     * @param key the account's or person's id, as the {@link Order} says
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}
     */
    protected final void require(String key, long position) {
        java.util.Objects.requireNonNull(progress).require(this, key, position);
    }

    /** The keys, of all there are, whose figures are unavailable at a position: lists mark their rows. */
    protected final java.util.Set<String> unavailable(long position) {
        return java.util.Objects.requireNonNull(progress).unavailable(this, position);
    }
}
