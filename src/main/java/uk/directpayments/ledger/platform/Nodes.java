package uk.directpayments.ledger.platform;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The nodes that live on this database, of whichever version: each has a row that says which events it reads and which tables it knows, and renews
 * it every {@link #BEAT}. A node does not start beside one that it does not fit, nor on a log that holds what it cannot read; see {@link EventKinds} for
 * the other half of that.
 */
final class Nodes implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Nodes.class);

    /** Of PostgreSQL's advisory locks: who registers, and who admits a kind of event, does so alone. */
    static final long LOCK = 0x6c656467_6e64L;

    /** How often a node says that it lives. */
    static final Duration BEAT = Duration.ofSeconds(2);

    /** After so long without a word a node counts as gone. */
    static final Duration SILENCE = Duration.ofSeconds(10);

    /** Rows of nodes that were killed are kept as long as this. */
    private static final Duration KEPT = Duration.ofDays(1);

    private final JdbcClient jdbc;
    private final TransactionTemplate alone;
    private final NodeName name;
    private final String[] reads;
    private final Tables tables;
    private final Duration silence;
    private final Map<String, Seen> heard = new HashMap<>();
    private final ScheduledExecutorService heart = Timers.named("node-heart");
    private long lastBeat = System.nanoTime();

    /**
     * Which migrations a version has.
     *
     * @param known  the newest
     * @param needed the newest beside which no version may run that does not have it; see {@link TablesBeside}
     */
    record Tables(String known, String needed) {}

    /** When a node was last heard of: by the database's clock as it said itself, and here since when that has not changed. */
    private record Seen(OffsetDateTime at, long sinceNanos) {}

    /** @param reads every name and revision that this version reads, see {@link EventNames#readable} */
    Nodes(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            NodeName name,
            Collection<String> reads,
            Tables tables) {
        this(jdbc, transactions, name, reads, tables, SILENCE);
    }

    Nodes(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            NodeName name,
            Collection<String> reads,
            Tables tables,
            Duration silence) {
        this.jdbc = jdbc;
        this.alone = new TransactionTemplate(transactions);
        this.alone.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.name = name;
        this.reads = reads.toArray(String[]::new);
        this.tables = tables;
        this.silence = silence;
    }

    /**
     * Takes this node among the living.
     *
     * @throws StartRefused if the log holds what it cannot read, or a living node's tables are not its own
     */
    void register() {
        enter();
        heart.scheduleWithFixedDelay(
                this::beat, 0, Math.min(BEAT.toMillis(), silence.toMillis() / 5), TimeUnit.MILLISECONDS);
    }

    private void enter() {
        alone.executeWithoutResult(locked -> {
            lock();
            List<String> unread = jdbc.sql("SELECT kind FROM event_kind WHERE NOT kind = ANY(:reads) ORDER BY kind")
                    .param("reads", reads)
                    .query(String.class)
                    .list();
            if (!unread.isEmpty()) {
                throw new StartRefused("The log holds events that this version does not know (" + unread.get(0)
                        + (unread.size() > 1 ? " and " + (unread.size() - 1) + " more kinds" : "")
                        + "): start the version that recorded them, or a later one.");
            }
            TablesBeside.require(jdbc, name.home(), tables);
            jdbc.sql("""
                            INSERT INTO node (process, started_at, seen_at, reads, tables_known, tables_needed)
                            VALUES (:process, clock_timestamp(), clock_timestamp(), :reads, :known, :needed)""")
                    .param("process", name.owner())
                    .param("reads", reads)
                    .param("known", tables.known)
                    .param("needed", tables.needed)
                    .update();
            // A home has one process at a time.
            jdbc.sql(
                            "DELETE FROM node WHERE process <> :process AND (starts_with(process, :home || '/') OR seen_at < clock_timestamp() - make_interval(secs => :kept))")
                    .param("process", name.owner())
                    .param("home", name.home())
                    .param("kept", KEPT.toSeconds())
                    .update();
        });
    }

    void lock() {
        jdbc.sql("SELECT pg_advisory_xact_lock(:lock)")
                .param("lock", LOCK)
                .query((row, i) -> i)
                .list();
    }

    /** Does something in a transaction of its own while no node registers and no kind of event is admitted. */
    void alone(Runnable work) {
        alone.executeWithoutResult(locked -> {
            lock();
            work.run();
        });
    }

    // ── hearing of others ────────────────────────────────────────────────────────────────────────────────────────

    private synchronized void beat() {
        if (heart.isShutdown()) {
            return;
        }
        long now = System.nanoTime();
        boolean wasAway = now - lastBeat > silence.toNanos();
        lastBeat = now;
        try {
            int known = jdbc.sql("UPDATE node SET seen_at = clock_timestamp() WHERE process = :process")
                    .param("process", name.owner())
                    .update();
            if (known == 0) {
                // so long silent, for its machine was suspended, that others have forgotten it
                enter();
            }
            if (wasAway) {
                // nor has anybody been heard meanwhile
                heard.clear();
            }
            Map<String, OffsetDateTime> said = new HashMap<>();
            jdbc.sql("SELECT process, seen_at FROM node")
                    .query((row, i) -> said.put(row.getString(1), row.getObject(2, OffsetDateTime.class)))
                    .list();
            heard.keySet().retainAll(said.keySet());
            said.forEach((process, at) -> heard.merge(
                    process, new Seen(at, now), (before, later) -> before.at.equals(later.at) ? before : later));
        } catch (StartRefused stranger) {
            log.error("this node must be stopped: {}", stranger.getMessage());
        } catch (RuntimeException away) {
            heard.clear();
            log.debug("cannot say that this node lives: {}", ProjectionInvoker.describe(away));
        }
    }

    /**
     * The living nodes that do not read a kind of event. One that was not heard of while the database itself could not be reached lives until it has
     * had the time to speak again.
     */
    synchronized Set<String> thatDoNotRead(String kind) {
        long now = System.nanoTime();
        return Set.copyOf(jdbc
                .sql("""
                        SELECT process, seen_at < clock_timestamp() - make_interval(secs => :silence) AS silent
                          FROM node WHERE NOT :kind = ANY(reads)""")
                .param("silence", silence.toSeconds())
                .param("kind", kind)
                .query((row, i) -> {
                    Seen seen = heard.get(row.getString("process"));
                    boolean gone =
                            row.getBoolean("silent") && seen != null && now - seen.sinceNanos > silence.toNanos();
                    return gone ? "" : row.getString("process");
                })
                .list()
                .stream()
                .filter(process -> !process.isEmpty())
                .toList());
    }

    /** This node's name: the owner of its claims. */
    String self() {
        return name.owner();
    }

    /** The living nodes, this one among them, in the order of their names. */
    List<String> living() {
        return jdbc.sql("""
                        SELECT process FROM node
                         WHERE process = :process OR seen_at > clock_timestamp() - make_interval(secs => :silence)
                         ORDER BY process COLLATE "C\"""")
                .param("process", name.owner())
                .param("silence", silence.toSeconds())
                .query(String.class)
                .list();
    }

    /** The living nodes but for this one. */
    List<String> others() {
        return living().stream().filter(process -> !process.equals(self())).toList();
    }

    /** Says that this node is no more. */
    @Override
    public synchronized void close() {
        heart.shutdownNow();
        try {
            jdbc.sql("DELETE FROM node WHERE process = :process")
                    .param("process", name.owner())
                    .update();
        } catch (RuntimeException away) {
            log.warn("cannot say that this node has ended; others notice within {} s", SILENCE.toSeconds());
        }
    }
}
