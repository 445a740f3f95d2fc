package uk.directpayments.ledger.audit;

import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Carried;
import uk.directpayments.ledger.platform.StoredEvents;
import uk.directpayments.ledger.platform.StoredEvents.StoredEvent;

/**
 * Reads the whole log again and says whether it is what was signed, and where it first is not: a row that was changed, taken away, put in or
 * moved, a tail that was cut, an old backup put back. One at a time, in memory that does not grow; its progress is kept where every node sees it.
 */
@Component
class Verification {

    private static final Logger log = LoggerFactory.getLogger(Verification.class);
    private static final int PROGRESS = 5_000;

    /** One that says nothing for so long has died with its process. */
    private static final Duration STALE = Duration.ofMinutes(2);

    private final StoredEvents events;
    private final TransparencyLog transparency;
    private final SigningKeys keys;
    private final JdbcClient jdbc;
    private final Clock clock;

    /** The log is read in a transaction that may write nothing. */
    private final TransactionTemplate ownTransaction;

    private final AtomicBoolean busy = new AtomicBoolean();

    /** How many events are read between two words of progress. */
    private int progressEvents = PROGRESS;

    private final ExecutorService worker = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "verification");
        thread.setDaemon(true);
        return thread;
    });

    Verification(
            StoredEvents events,
            TransparencyLog transparency,
            SigningKeys keys,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.ownTransaction = new TransactionTemplate(transactions);
        this.ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.events = events;
        this.transparency = transparency;
        this.keys = keys;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    enum State {
        RUNNING,
        DONE,
        FAILED
    }

    /**
     * How far a verification has come.
     *
     * @param events           read so far, of {@code total}
     * @param rootHash         of the events read, once it is done
     * @param firstBadPosition where the log first is not what it was, as nearly as can be said
     */
    record Result(
            String verificationId,
            State state,
            long events,
            long total,
            @Nullable String rootHash,
            @Nullable Boolean ok,
            @Nullable Long firstBadPosition,
            @Nullable String problem) {}

    /** Something is wrong from a position on. */
    private static final class Bad extends RuntimeException {
        private final @Nullable Long position;

        Bad(@Nullable Long position, String problem) {
            super(problem, null, false, false);
            this.position = position;
        }
    }

    @PreDestroy
    void stop() {
        worker.shutdownNow();
    }

    /** @param repeated whether it was asked for before, under the same idempotency key */
    record Started(String verificationId, boolean repeated) {}

    /**
     * Begins to read the log.
     *
     * @throws RuleBroken {@code VERIFICATION_RUNNING}; {@code IDEMPOTENCY_KEY_REUSED}
     */
    Started start(Call call) {
        String id = call.id(null, "verification");
        if (answered(id, call)) {
            return new Started(id, true);
        }
        if (!busy.compareAndSet(false, true)) {
            throw new RuleBroken("VERIFICATION_RUNNING", "A verification is running; wait for it to end.");
        }
        boolean begun = false;
        try {
            begun = begin(id, call);
        } finally {
            if (!begun) {
                busy.set(false);
            }
        }
        if (!begun) {
            return new Started(id, answered(id, call));
        }
        worker.execute(Carried.over(() -> {
            try {
                run(id);
            } finally {
                busy.set(false);
            }
        }));
        return new Started(id, false);
    }

    private boolean answered(String id, Call call) {
        List<String> hashes = jdbc.sql("SELECT coalesce(request_hash, :request) FROM audit_verification WHERE id = :id")
                .param("id", id)
                .param("request", call.requestHash())
                .query(String.class)
                .list();
        if (hashes.stream().anyMatch(hash -> !hash.equals(call.requestHash()))) {
            throw new RuleBroken(
                    "IDEMPOTENCY_KEY_REUSED", "This idempotency key has already been used for another request.");
        }
        return !hashes.isEmpty();
    }

    /** False if the same request has begun it meanwhile, on another node. */
    private boolean begin(String id, Call call) {
        return jdbc.sql("""
                        INSERT INTO audit_verification (id, request_hash, state, events, total, updated_at)
                        VALUES (:id, :request, 'RUNNING', 0, :total, :at) ON CONFLICT (id) DO NOTHING""")
                        .param("id", id)
                        .param("request", call.requestHash())
                        .param("total", events.head())
                        .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                        .update()
                == 1;
    }

    Optional<Result> find(String id) {
        return jdbc.sql("""
                        SELECT id, CASE WHEN state = 'RUNNING' AND updated_at < :stale THEN 'FAILED' ELSE state END,
                               events, total, root_hash, ok, first_bad,
                               CASE WHEN state = 'RUNNING' AND updated_at < :stale THEN 'The ledger was stopped before it had ended.'
                                    ELSE problem END
                          FROM audit_verification WHERE id = :id""")
                .param("stale", OffsetDateTime.ofInstant(clock.instant().minus(STALE), ZoneOffset.UTC))
                .param("id", id)
                .query((row, i) -> new Result(
                        row.getString(1),
                        State.valueOf(row.getString(2)),
                        row.getLong(3),
                        row.getLong(4),
                        row.getString(5),
                        row.getObject(6, Boolean.class),
                        row.getObject(7, Long.class),
                        row.getString(8)))
                .optional();
    }

    private void save(Result result) {
        jdbc.sql("""
                        UPDATE audit_verification SET state = :state, events = :events, root_hash = :root, ok = :ok,
                                                      first_bad = :bad, problem = :problem, updated_at = :at WHERE id = :id""")
                .param("id", result.verificationId)
                .param("state", result.state.name())
                .param("events", result.events)
                .param("root", result.rootHash)
                .param("ok", result.ok)
                .param("bad", result.firstBadPosition)
                .param("problem", result.problem)
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .update();
    }

    /**
     * What the log must hold at the least: read before its head is, so that what is written meanwhile is no contradiction.
     *
     * @param known   events that were hashed
     * @param counted events that were recorded
     */
    private record Promised(Deque<Checkpoint> signed, long known, long counted) {}

    private void run(String id) {
        Merkle.Growing tree = new Merkle.Growing();
        long total = 0;
        try {
            Promised promised = promised();
            total = events.head();
            verify(id, promised, total, tree);
            save(new Result(id, State.DONE, tree.size(), total, hex(tree.root()), true, null, null));
        } catch (Bad bad) {
            log.error("VERIFICATION {} FAILED: {}", id, bad.getMessage());
            save(new Result(
                    id, State.DONE, tree.size(), total, hex(tree.root()), false, bad.position, bad.getMessage()));
        } catch (StoredEvents.NotTheOriginal not) {
            String problem =
                    "The event at position " + not.position() + " is not the one that Axon Server keeps there.";
            log.error("VERIFICATION {} FAILED: {}", id, problem);
            save(new Result(id, State.DONE, tree.size(), total, hex(tree.root()), false, not.position(), problem));
        } catch (RuntimeException e) {
            log.error(
                    "verification {} could not be finished: {}",
                    id,
                    e.getClass().getSimpleName());
            save(new Result(
                    id, State.FAILED, tree.size(), total, null, null, null, "The log could not be read to its end."));
        }
    }

    private Promised promised() {
        List<Checkpoint> all = new ArrayList<>(transparency.signed());
        transparency.lastSigned().ifPresent(all::add);
        all.sort(Comparator.comparingLong(Checkpoint::size));
        Deque<Checkpoint> signed = new ArrayDeque<>(all);
        Map<String, byte[]> known = keys();
        for (Checkpoint checkpoint : signed) {
            byte[] key = known.get(checkpoint.keyId());
            if (key != null && !checkpoint.isSignedBy(key)) {
                throw new Bad(
                        null, "The checkpoint of " + checkpoint.size() + " events was not signed by this ledger.");
            }
        }
        return new Promised(signed, transparency.known(), events.counted());
    }

    private Map<String, byte[]> keys() {
        try {
            return keys.known();
        } catch (SigningKeys.NotEndorsed e) {
            throw new Bad(e.position, String.valueOf(e.getMessage()));
        }
    }

    private void verify(String id, Promised promised, long total, Merkle.Growing tree) {
        long known = promised.known;
        Deque<Checkpoint> signed = promised.signed;
        Leaves leaves = new Leaves();
        events.streamOriginal(0, total, event -> {
            long expected = tree.size() + 1;
            if (event.position() != expected) {
                throw new Bad(
                        expected,
                        "The event at position " + expected + " is missing: the next is " + event.position() + ".");
            }
            SortedMap<String, String> metadata = metadata(event);
            byte[] leaf = leaf(event, metadata);
            if (expected <= known && !leaves.hold(expected, leaf)) {
                throw new Bad(
                        expected,
                        "The event at position " + expected + " is not the one that was hashed when it was recorded.");
            }
            if (event.requestKey() != null && !event.requestKey().equals(metadata.get("idempotency"))) {
                throw new Bad(expected, "The request key at position " + expected + " is not its event's.");
            }
            tree.add(leaf, (level, index, hash) -> {});
            requireAsSigned(signed, tree);
            if (tree.size() % progressEvents == 0) {
                Result soFar = new Result(id, State.RUNNING, tree.size(), total, null, null, null, null);
                ownTransaction.executeWithoutResult(status -> save(soFar));
            }
        });
        requireWhole(tree.size(), promised);
    }

    /** The hashes that were kept, read a page at a time. */
    private final class Leaves {

        private List<String> page = List.of();
        private long first = 1;

        boolean hold(long position, byte[] leaf) {
            if (position >= first + page.size()) {
                first = position;
                page = jdbc.sql(
                                "SELECT encode(hash, 'hex') FROM audit_node WHERE level = 0 AND index >= :index ORDER BY index LIMIT :limit")
                        .param("index", position - 1)
                        .param("limit", PROGRESS)
                        .query(String.class)
                        .list();
            }
            return !page.isEmpty() && page.get((int) (position - first)).equals(hex(leaf));
        }
    }

    private SortedMap<String, String> metadata(StoredEvent event) {
        try {
            return events.metadata(event);
        } catch (RuntimeException e) {
            throw new Bad(event.position(), "The metadata at position " + event.position() + " cannot be read.");
        }
    }

    private static byte[] leaf(StoredEvent event, SortedMap<String, String> metadata) {
        try {
            return Leaf.hash(event, metadata);
        } catch (RuntimeException e) {
            throw new Bad(
                    event.position(),
                    "The event at position " + event.position() + " is not as the ledger records one.");
        }
    }

    private static void requireAsSigned(Deque<Checkpoint> signed, Merkle.Growing tree) {
        while (!signed.isEmpty() && signed.peek().size() <= tree.size()) {
            Checkpoint checkpoint = signed.remove();
            if (checkpoint.size() == tree.size() && !checkpoint.rootHash().equals(hex(tree.root()))) {
                throw new Bad(
                        null,
                        "The first " + checkpoint.size() + " events are not those that were signed on "
                                + checkpoint.signedAt() + ", and their hashes have been changed to fit.");
            }
        }
    }

    private static void requireWhole(long read, Promised promised) {
        Checkpoint unread = promised.signed.peekLast();
        if (unread != null) {
            throw ends(read, unread.size() + " were signed.");
        }
        if (read < promised.known) {
            throw ends(read, promised.known + " were hashed.");
        }
        if (read < promised.counted) {
            throw ends(read, promised.counted + " were recorded.");
        }
    }

    private static Bad ends(long read, String but) {
        return new Bad(read + 1, "The log ends after " + read + " events; " + but);
    }

    private static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    static RuleBroken notFound() {
        return new RuleBroken("VERIFICATION_NOT_FOUND", "There is no such verification.");
    }
}
