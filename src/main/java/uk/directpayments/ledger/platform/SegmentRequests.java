package uk.directpayments.ledger.platform;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Which node runs which segments of projections, as an operator asks: a row that every node reads within a second. Nobody can make a node claim a segment
 * but by having all others let go of it, so that is what each does; and the one that it is meant for claims it by itself. Automations stay where they are:
 * a write that feeds one is answered sooner by the node that runs it.
 */
final class SegmentRequests {

    /** For so long a node does not claim again what it has let go of: longer than all nodes take to hear of it, and the one it is for to claim it. */
    static final Duration LEFT_ALONE = Duration.ofSeconds(6);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_NANOS = 50_000_000;

    private final JdbcClient jdbc;
    private final Nodes nodes;
    private final Claims claims;
    private final SortedMap<String, PooledStreamingEventProcessor> projections;
    private long heard = -1;

    /** @param projections by name, in its order */
    SegmentRequests(
            JdbcClient jdbc, Nodes nodes, Claims claims, SortedMap<String, PooledStreamingEventProcessor> projections) {
        this.jdbc = jdbc;
        this.nodes = nodes;
        this.claims = claims;
        this.projections = projections;
    }

    /**
     * What was asked.
     *
     * @param projection that one node is to run alone; null if all are to be shared out among all nodes
     * @param node       the one
     */
    private record Request(
            long id, @Nullable String projection, @Nullable String node) {}

    /** Asks every node to run its share of all segments. */
    void balance() {
        ask(null, null);
    }

    /**
     * Has every other node let go of a projection.
     *
     * @throws RuleBroken {@code PROCESSOR_RUNS_ELSEWHERE} if one has not within some seconds
     */
    void gather(String projection) {
        if (isHeldElsewhere(projection)) {
            ask(projection, nodes.self());
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (isHeldElsewhere(projection)) {
                if (System.nanoTime() > deadline) {
                    throw runsElsewhere();
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    static RuleBroken runsElsewhere() {
        return new RuleBroken(
                "PROCESSOR_RUNS_ELSEWHERE", "Another node runs this projection and has not let go of it: ask again.");
    }

    private boolean isHeldElsewhere(String projection) {
        return claims.of(projection).values().stream()
                .anyMatch(claim -> claim.held() && !nodes.self().equals(claim.owner()));
    }

    private void ask(@Nullable String projection, @Nullable String node) {
        jdbc.sql("DELETE FROM segment_request WHERE asked_at < now() - interval '1 day'")
                .update();
        jdbc.sql("INSERT INTO segment_request (asked_at, projection, node) VALUES (now(), :projection, :node)")
                .param("projection", projection)
                .param("node", node)
                .update();
    }

    /** Does what has been asked since the last look; what was asked before the first is done. */
    synchronized void look() {
        if (heard < 0) {
            heard = jdbc.sql("SELECT coalesce(max(id), 0) FROM segment_request")
                    .query(Long.class)
                    .single();
            return;
        }
        for (Request request : jdbc.sql(
                        "SELECT id, projection, node FROM segment_request WHERE id > :heard ORDER BY id")
                .param("heard", heard)
                .query(Request.class)
                .list()) {
            if (request.projection == null) {
                letGoOfWhatIsNotMine();
            } else if (!nodes.self().equals(request.node)) {
                letGo(
                        request.projection,
                        claims.of(request.projection).keySet().stream().toList());
            }
            heard = request.id;
        }
    }

    /** Segments are dealt to the living nodes in turn, all in one order, so that every node comes to the same hands by itself. */
    private void letGoOfWhatIsNotMine() {
        List<String> living = nodes.living();
        int mine = living.indexOf(nodes.self());
        int turn = 0;
        for (String projection : projections.keySet()) {
            Map<Integer, Claims.Claim> segments = new TreeMap<>(claims.of(projection));
            List<Integer> notMine = new java.util.ArrayList<>();
            for (int segment : segments.keySet()) {
                if (turn++ % living.size() != mine) {
                    notMine.add(segment);
                }
            }
            letGo(projection, notMine);
        }
    }

    private void letGo(String projection, List<Integer> segments) {
        PooledStreamingEventProcessor processor = projections.get(projection);
        if (processor != null) {
            Consumer<Integer> leave =
                    segment -> processor.releaseSegment(segment, LEFT_ALONE.toMillis(), TimeUnit.MILLISECONDS);
            segments.forEach(leave);
        }
    }
}
