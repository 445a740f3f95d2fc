package uk.directpayments.ledger.audit;

import jakarta.annotation.PreDestroy;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Carried;
import uk.directpayments.ledger.platform.NodesLock;
import uk.directpayments.ledger.platform.Positions;
import uk.directpayments.ledger.platform.ShadowRebuild;
import uk.directpayments.ledger.platform.ShadowRebuild.Difference;
import uk.directpayments.ledger.platform.ShadowRebuild.ParkedKey;
import uk.directpayments.ledger.platform.ShadowRebuild.Report;

/** Rebuilds as they are asked for: one at a time over all nodes, in the background, their progress and outcome kept where every node sees them. */
@Component
class Rebuilds {

    /** Whoever has just ended one, or looks whether it was interrupted, has not given the lock back yet. */
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Rebuilds.class);

    /** Of the lock over all nodes. */
    private static final long KEY = 0x5EBD_17D5L;

    /** How many are kept. */
    private static final int KEPT = 1_000;

    private static final long PROGRESS_NANOS = 500_000_000;
    private static final int STOP_SECONDS = 5;

    private final ShadowRebuild shadow;
    private final Positions positions;
    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;
    private final NodesLock lock;
    private final ExecutorService workers = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "rebuild");
        thread.setDaemon(true);
        return thread;
    });

    Rebuilds(
            ShadowRebuild shadow,
            Positions positions,
            JdbcClient jdbc,
            JsonMapper json,
            Clock clock,
            DataSource database) {
        this.shadow = shadow;
        this.positions = positions;
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
        this.lock = new NodesLock(database, KEY, "A rebuild is running.");
    }

    enum State {
        RUNNING,
        DONE,
        FAILED
    }

    /**
     * A rebuild.
     *
     * @param projections     what is rebuilt
     * @param swap            whether what differs is to be replaced
     * @param events          read so far, of {@code total}
     * @param eventsPerSecond read from the log for all these projections; some are written behind that
     * @param position        of the log at which they were compared, once it is done
     * @param rows            how many were compared
     * @param differing       how many do not agree
     * @param differences     the first hundred of them
     * @param parked          whose figures are unavailable for events that could not be applied
     * @param swapped         whether the live rows are now those that were rebuilt
     * @param problem         why it failed
     */
    record Rebuild(
            String rebuildId,
            State state,
            List<String> projections,
            boolean swap,
            long events,
            long total,
            long eventsPerSecond,
            @Nullable Long position,
            @Nullable Long rows,
            @Nullable Long differing,
            List<Difference> differences,
            List<ParkedKey> parked,
            boolean swapped,
            @Nullable String problem) {

        private Rebuild at(long read, long perSecond) {
            return new Rebuild(
                    rebuildId,
                    state,
                    projections,
                    swap,
                    read,
                    total,
                    perSecond,
                    null,
                    null,
                    null,
                    List.of(),
                    List.of(),
                    false,
                    null);
        }

        private Rebuild done(Report report) {
            return new Rebuild(
                    rebuildId,
                    State.DONE,
                    projections,
                    swap,
                    events,
                    total,
                    eventsPerSecond,
                    report.position(),
                    report.rows(),
                    report.differing(),
                    report.differences(),
                    report.parked(),
                    report.swapped(),
                    null);
        }

        private Rebuild failed(String why) {
            return new Rebuild(
                    rebuildId,
                    State.FAILED,
                    projections,
                    swap,
                    events,
                    total,
                    eventsPerSecond,
                    null,
                    null,
                    null,
                    List.of(),
                    List.of(),
                    false,
                    why);
        }
    }

    /** @param repeated whether the same request was answered before */
    record Started(String rebuildId, boolean repeated) {}

    @PreDestroy
    void stop() throws InterruptedException {
        workers.shutdownNow();
        workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Begins to rebuild one projection, or all.
     *
     * @throws RuleBroken {@code REBUILD_RUNNING}; {@code FIELD_INVALID} if there is no such projection; {@code IDEMPOTENCY_KEY_REUSED}
     */
    Started start(@Nullable String projection, boolean swap, Call call) {
        if (projection != null && !shadow.projections().contains(projection)) {
            throw new RuleBroken(
                    "FIELD_INVALID", "must be one of " + String.join(", ", shadow.projections()), "projection");
        }
        String id = call.id(null, "rebuild");
        if (answered(id, call)) {
            return new Started(id, true);
        }
        Rebuild fresh = new Rebuild(
                id,
                State.RUNNING,
                projection == null ? shadow.projections() : List.of(projection),
                swap,
                0,
                positions.head(),
                0,
                null,
                null,
                null,
                List.of(),
                List.of(),
                false,
                null);
        CompletableFuture<Started> started = new CompletableFuture<>();
        workers.execute(Carried.over(() -> runAlone(fresh, call, started)));
        try {
            return started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException refusal ? refusal : e;
        }
    }

    private boolean answered(String id, Call call) {
        return jdbc.sql("SELECT request_hash FROM audit_rebuild WHERE id = :id")
                .param("id", id)
                .query(String.class)
                .optional()
                .map(hash -> {
                    if (!hash.equals(call.requestHash())) {
                        throw new RuleBroken(
                                "IDEMPOTENCY_KEY_REUSED",
                                "This idempotency key has already been used for another request.");
                    }
                    return true;
                })
                .orElse(false);
    }

    private void runAlone(Rebuild fresh, Call call, CompletableFuture<Started> started) {
        try {
            lock.alone(A_MOMENT, () -> {
                closeInterrupted();
                if (answered(fresh.rebuildId, call)) {
                    started.complete(new Started(fresh.rebuildId, true));
                    return null;
                }
                insert(fresh, call);
                started.complete(new Started(fresh.rebuildId, false));
                run(fresh, call);
                return null;
            });
        } catch (RuleBroken busy) {
            started.completeExceptionally(
                    busy.code().equals("BUSY")
                            ? new RuleBroken("REBUILD_RUNNING", "A rebuild is running: one at a time.")
                            : busy);
        } catch (RuntimeException e) {
            started.completeExceptionally(e);
        }
    }

    private void run(Rebuild fresh, Call call) {
        Work work = new Work(fresh);
        log.info(
                "rebuild {} of {} by {}",
                fresh.rebuildId,
                fresh.projections,
                call.actor().userId());
        try {
            Report report = shadow.rebuild(fresh.projections, fresh.swap, work::read);
            work.now = work.now.done(report);
            if (report.differing() > 0) {
                log.error(
                        "REBUILD {} FOUND {} ROWS THAT DIFFER{}",
                        fresh.rebuildId,
                        report.differing(),
                        report.swapped() ? ", and replaced them" : "");
            }
        } catch (ShadowRebuild.Abandoned e) {
            work.now = work.now.failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.error("rebuild {} failed: {}", fresh.rebuildId, e.getClass().getSimpleName());
            work.now =
                    work.now.failed("It could not be finished: " + e.getClass().getSimpleName() + ".");
        }
        // an interrupted thread gets no connection, and the outcome is to be kept
        boolean interrupted = Thread.interrupted();
        save(work.now);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** How far a rebuild has come, saved now and then. */
    private final class Work {
        private Rebuild now;
        private long began = System.nanoTime();
        private long saved = began;

        Work(Rebuild fresh) {
            this.now = fresh;
        }

        void read(long events) {
            long nanos = System.nanoTime();
            began = events == 0 ? nanos : began;
            now = now.at(events, Math.round(events * 1e9 / Math.max(1, nanos - began)));
            if (nanos - saved > PROGRESS_NANOS) {
                save(now);
                saved = nanos;
            }
        }
    }

    Optional<Rebuild> find(String id) {
        Optional<Rebuild> found = read(id);
        if (found.isPresent() && found.get().state == State.RUNNING) {
            try {
                lock.alone(Duration.ZERO, () -> {
                    closeInterrupted();
                    return null;
                });
                return read(id);
            } catch (RuleBroken running) {
                return found;
            }
        }
        return found;
    }

    private Optional<Rebuild> read(String id) {
        return jdbc.sql("SELECT document FROM audit_rebuild WHERE id = :id")
                .param("id", id)
                .query((row, i) -> json.readValue(row.getString(1), Rebuild.class))
                .optional();
    }

    /** Nobody runs one now: what still says so was interrupted, and has perhaps left tables. */
    private void closeInterrupted() {
        shadow.clear();
        jdbc.sql("SELECT document FROM audit_rebuild WHERE state = 'RUNNING'")
                .query((row, i) -> json.readValue(row.getString(1), Rebuild.class))
                .list()
                .forEach(interrupted -> save(interrupted.failed("The node that ran it has ended.")));
        jdbc.sql("""
                        DELETE FROM audit_rebuild
                         WHERE started_at < (SELECT min(started_at) FROM (
                                   SELECT started_at FROM audit_rebuild ORDER BY started_at DESC LIMIT :kept) AS kept)""").param("kept", KEPT).update();
    }

    private void insert(Rebuild rebuild, Call call) {
        Instant now = clock.instant();
        jdbc.sql("""
                        INSERT INTO audit_rebuild (id, request_hash, state, started_at, document)
                        VALUES (:id, :request, :state, :at, :document::jsonb)""")
                .param("id", rebuild.rebuildId)
                .param("request", call.requestHash())
                .param("state", rebuild.state.name())
                .param("at", Timestamp.from(now))
                .param("document", json.writeValueAsString(rebuild))
                .update();
    }

    private void save(Rebuild rebuild) {
        jdbc.sql("UPDATE audit_rebuild SET state = :state, document = :document::jsonb WHERE id = :id")
                .param("id", rebuild.rebuildId)
                .param("state", rebuild.state.name())
                .param("document", json.writeValueAsString(rebuild))
                .update();
    }

    static RuleBroken notFound() {
        return new RuleBroken("REBUILD_NOT_FOUND", "There is no such rebuild.");
    }
}
