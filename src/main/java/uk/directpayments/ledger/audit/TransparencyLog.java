package uk.directpayments.ledger.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Home;
import uk.directpayments.ledger.platform.LogSeen;
import uk.directpayments.ledger.platform.MeterNames;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.Signing;
import uk.directpayments.ledger.platform.StoredEvents;
import uk.directpayments.ledger.platform.StoredEvents.StoredEvent;

/**
 * The transparency log: a Merkle tree of RFC 6962 over the event log, whose root is signed. A leaf costs one hash more for each complete subtree
 * that it finishes, two on average. Of the levels every fourth is kept, from the leaves on: what lies between is hashed again from at most eight
 * of them, and an event takes a third of the room. Proofs read at most two nodes a level. One signer at a time, whatever nodes there are. The last signed
 * checkpoint, whichever node signed it, is kept beside the key, outside the database: a log that is smaller than it, or different, is never signed again.
 */
@Component
class TransparencyLog implements Merkle.Nodes {

    private static final Logger log = LoggerFactory.getLogger(TransparencyLog.class);
    private static final String SIGNED = "SELECT size, root_hash, signed_at, key_id, signature FROM audit_checkpoint";
    private static final String FILE = "checkpoint";
    private static final int BATCH = 2_000;

    /** Every so many levels of the tree are kept. */
    private static final int APART = 4;

    /** Of PostgreSQL's advisory locks: who holds it signs. */
    private static final long SIGNER = 0x6c656467_6572L;

    private final StoredEvents events;
    private final Signing signing;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Home home;
    private final Path file;

    TransparencyLog(
            StoredEvents events,
            Signing signing,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Home home,
            Clock clock,
            LogSeen seen,
            MeterRegistry meters) {
        this.events = events;
        this.signing = signing;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        this.home = home;
        this.file = home.resolve(FILE);
        Gauge.builder(MeterNames.UNSIGNED_EVENTS, this, tree -> tree.unsigned(seen.position()))
                .description("Events after the last signed checkpoint")
                .register(meters);
    }

    /** What was seen may be older than what was signed since. */
    private double unsigned(double seen) {
        return Math.max(0, seen - lastSigned().map(Checkpoint::size).orElse(0L));
    }

    /** The newest checkpoint, signed now if the log has grown. */
    Checkpoint checkpoint() {
        return java.util.Objects.requireNonNull(transaction.execute(open -> {
            lock();
            long size = extend();
            Checkpoint last = lastOfAll(size);
            if (last != null && last.size() == size && last.keyId().equals(signing.keyId())) {
                return last;
            }
            Checkpoint next =
                    Checkpoint.sign(size, root(size), clock.instant().truncatedTo(ChronoUnit.MILLIS), signing);
            keep(next);
            tell(next);
            return next;
        }));
    }

    /**
     * Keeps in this home, too, what another node has signed since: each node has a home of its own, and one that was behind would sign what was changed
     * meanwhile. Not before that much of the tree is there to hold it against.
     */
    void adopt() {
        if (newer(lastSigned().orElse(null))
                .filter(newer -> newer.size() <= known())
                .isPresent()) {
            transaction.executeWithoutResult(open -> {
                lock();
                lastOfAll(known());
            });
        }
    }

    /** The last checkpoint that this node or another has signed; a tree of that size continues it, and what was kept here before. */
    private @Nullable Checkpoint lastOfAll(long size) {
        Checkpoint last = lastSigned().orElse(null);
        if (last != null) {
            requireContinued(last, size);
        }
        Checkpoint newer = newer(last).orElse(null);
        if (newer == null) {
            return last;
        }
        requireContinued(newer, size);
        keep(newer);
        return newer;
    }

    /** The newest that this node's key has signed, of those that are newer. */
    private Optional<Checkpoint> newer(@Nullable Checkpoint last) {
        return jdbc
                .sql(SIGNED + " WHERE size > :size AND key_id = :key ORDER BY size DESC")
                .param("size", last == null ? 0 : last.size())
                .param("key", signing.keyId())
                .query(TransparencyLog::told)
                .list()
                .stream()
                .filter(checkpoint -> checkpoint.isSignedBy(signing.publicKey()))
                .findFirst();
    }

    /** A log that is smaller than what was signed, or another, is not signed again. */
    private void requireContinued(Checkpoint last, long size) {
        boolean smaller = size < last.size();
        if (smaller || !HexFormat.of().formatHex(root(last.size())).equals(last.rootHash())) {
            log.error(
                    "THE LOG IS NOT WHAT WAS SIGNED: {} events were signed on {}, and the log {}. Nothing is signed until this is explained.",
                    last.size(),
                    last.signedAt(),
                    smaller ? "has " + size : "differs in them");
            throw new RuleBroken(
                    "FIGURE_UNAVAILABLE",
                    "The log is not what was signed: " + last.size() + " events were signed, and it "
                            + (smaller ? "has only " + size + "." : "differs in them.")
                            + " Nothing is signed until this is explained; verify the log.");
        }
    }

    /** The last checkpoint that was signed, as far as this node knows: kept beside the key. */
    Optional<Checkpoint> lastSigned() {
        try {
            return Files.exists(file) ? Optional.of(Checkpoint.parse(Files.readString(file))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On the disk before the database says that it was signed: a power cut must not bring back an older one. */
    private void keep(Checkpoint next) {
        try {
            home.replace(FILE, next.line().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tell(Checkpoint next) {
        jdbc.sql("""
                        INSERT INTO audit_checkpoint (size, root_hash, signed_at, key_id, signature)
                        VALUES (:size, :root, :at, :key, :signature) ON CONFLICT (size) DO NOTHING""")
                .param("size", next.size())
                .param("root", next.rootHash())
                .param("at", next.signedAt().atOffset(java.time.ZoneOffset.UTC))
                .param("key", next.keyId())
                .param("signature", next.signature())
                .update();
    }

    /** Every checkpoint that was signed, the smallest first. */
    List<Checkpoint> signed() {
        return jdbc.sql(SIGNED + " ORDER BY size").query(TransparencyLog::told).list();
    }

    private static Checkpoint told(ResultSet row, int i) throws SQLException {
        return new Checkpoint(
                row.getLong(1),
                row.getString(2),
                row.getObject(3, java.time.OffsetDateTime.class).toInstant(),
                row.getString(4),
                row.getString(5));
    }

    /** Brings the tree up to the log's head and answers its size. */
    long size() {
        return java.util.Objects.requireNonNull(transaction.execute(open -> {
            lock();
            return extend();
        }));
    }

    private void lock() {
        jdbc.sql("SELECT 1 FROM (SELECT pg_advisory_xact_lock(:lock)) AS held")
                .param("lock", SIGNER)
                .query(Integer.class)
                .single();
    }

    /** How many events have been hashed. */
    long known() {
        return jdbc.sql("SELECT coalesce(max(index) + 1, 0) FROM audit_node WHERE level = 0")
                .query(Long.class)
                .single();
    }

    private long extend() {
        long known = known();
        long head = events.head();
        if (known >= head) {
            return head;
        }
        Merkle.Growing tree = Merkle.Growing.from(this, known);
        List<Object[]> nodes = new ArrayList<>();
        events.stream(known, head, event -> {
            requireNext(event, tree.size() + 1);
            tree.add(leaf(event), (level, index, hash) -> {
                if (level % APART == 0) {
                    nodes.add(new Object[] {level, index, "\\x" + HexFormat.of().formatHex(hash)});
                }
            });
            if (nodes.size() >= BATCH) {
                write(nodes);
            }
        });
        write(nodes);
        return tree.size();
    }

    /** Over a hole the tree would grow with every leaf in another's place, and would be signed so. */
    private static void requireNext(StoredEvent event, long expected) {
        if (event.position() != expected) {
            log.error(
                    "THE LOG HAS A HOLE: the event at position {} is missing, and the next is {}. Nothing is signed until this is explained.",
                    expected,
                    event.position());
            throw new RuleBroken(
                    "FIGURE_UNAVAILABLE",
                    "The log has a hole: the event at position " + expected
                            + " is missing. Nothing is signed until this is explained; verify the log.");
        }
    }

    private byte[] leaf(StoredEvent event) {
        try {
            return Leaf.hash(event, events.metadata(event));
        } catch (RuntimeException e) {
            log.error(
                    "THE LOG IS NOT WHAT WAS RECORDED: the event at position {} cannot be read. Nothing is signed until this is explained.",
                    event.position());
            throw new RuleBroken(
                    "FIGURE_UNAVAILABLE",
                    "The log is not what was recorded: the event at position " + event.position()
                            + " cannot be read. Nothing is signed until this is explained; verify the log.");
        }
    }

    private void write(List<Object[]> nodes) {
        Rows rows = new Rows("audit_node", "level integer", "index bigint", "hash bytea");
        nodes.forEach(rows::add);
        rows.insert(jdbc);
        nodes.clear();
    }

    // ── hashes and proofs ────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public byte[] hash(int level, long index) {
        List<Node> below = below(level, index);
        return whole(below, read(below));
    }

    /** A hash that is kept. */
    private record Node(int level, long index) {}

    /** What is kept of a subtree: its own hash, or those of the next level below that is kept. */
    private static List<Node> below(int level, long index) {
        int above = level % APART;
        long first = index << above;
        return LongStream.range(first, first + (1L << above))
                .mapToObj(kept -> new Node(level - above, kept))
                .toList();
    }

    private static byte[] whole(List<Node> below, Map<Node, byte[]> kept) {
        if (!kept.keySet().containsAll(below)) {
            throw new RuleBroken("FIGURE_UNAVAILABLE", "The transparency log has lost hashes of the log; verify it.");
        }
        return Merkle.whole(below.stream().map(kept::get).toList());
    }

    private Map<Node, byte[]> read(Collection<Node> nodes) {
        Map<Node, byte[]> kept = new HashMap<>();
        jdbc.sql(
                        "SELECT level, index, hash FROM audit_node JOIN unnest(:levels::int[], :indexes::bigint[]) AS asked (level, index)"
                                + " USING (level, index)")
                .param("levels", nodes.stream().map(Node::level).toArray(Integer[]::new))
                .param("indexes", nodes.stream().map(Node::index).toArray(Long[]::new))
                .query((row, i) -> kept.put(new Node(row.getInt(1), row.getLong(2)), row.getBytes(3)))
                .list();
        return kept;
    }

    byte[] root(long size) {
        return Merkle.root(this, 0, size);
    }

    /** The hash of the event at a position, from 1. */
    byte[] leaf(long position) {
        return hash(0, position - 1);
    }

    /**
     * The hash of an event that is about to be shown beside it. What was hashed once is not read again to sign more, so this is where a changed row is met.
     *
     * @throws RuleBroken {@code FIGURE_UNAVAILABLE}: it is not the event that was hashed
     */
    byte[] leafOf(StoredEvent event) {
        byte[] kept = leaf(event.position());
        if (!Arrays.equals(kept, leaf(event))) {
            log.error(
                    "THE LOG IS NOT WHAT WAS RECORDED: the event at position {} is not the one that was hashed.",
                    event.position());
            throw new RuleBroken(
                    "FIGURE_UNAVAILABLE",
                    "The log is not what was recorded: the event at position " + event.position()
                            + " is not the one that was hashed. It is not shown until this is explained; verify the log.");
        }
        return kept;
    }

    List<String> inclusion(long position, long size) {
        return hex(Merkle.inclusion(this, position - 1, size));
    }

    /** The proofs of a page of events, by position: what they need of the tree is collected, and read by one statement. */
    Map<Long, List<String>> inclusions(Collection<Long> positions, long size) {
        Set<Node> needed = new HashSet<>();
        Merkle.Nodes collecting = (level, index) -> {
            needed.addAll(below(level, index));
            return Merkle.EMPTY;
        };
        positions.forEach(position -> Merkle.inclusion(collecting, position - 1, size));
        Map<Node, byte[]> kept = read(needed);
        Merkle.Nodes reading = (level, index) -> whole(below(level, index), kept);
        Map<Long, List<String>> proofs = new HashMap<>();
        positions.forEach(position -> proofs.put(position, hex(Merkle.inclusion(reading, position - 1, size))));
        return proofs;
    }

    List<String> consistency(long from, long to) {
        return hex(Merkle.consistency(this, from, to));
    }

    private static List<String> hex(List<byte[]> hashes) {
        return hashes.stream().map(HexFormat.of()::formatHex).toList();
    }
}
