package uk.directpayments.ledger.journeys;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.ChildLedger;
import uk.directpayments.ledger.support.ChildNodes;

/**
 * How the users of a soak reach the ledger: each request goes to any node, and is repeated, on any node and under the same key, until it has been
 * decided; as a patient client does. Remembers what became of every write, and counts everything.
 */
final class SoakOffice {

    /** Longer than any fault lasts, and the start after it. */
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(4);

    /** What a ledger may say of itself while it is being ill-treated. */
    private static final Set<String> NOT_NOW =
            Set.of("BUSY", "OUTCOME_UNKNOWN", "POSITION_NOT_REACHED", "FIGURE_UNAVAILABLE");

    /**
     * A write that has been decided.
     *
     * @param key      as the log keeps it: the hash of user, method, path and idempotency key
     * @param accepted 2xx; otherwise 4xx
     * @param recorded whether, accepted, it must have left an event of its own
     */
    record Write(String kind, String path, String key, boolean accepted, boolean recorded, String answer) {}

    private final ChildNodes nodes;
    private final String seed;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Queue<Write> writes = new ConcurrentLinkedQueue<>();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
    private final Map<String, Boolean> refusals = new ConcurrentHashMap<>();
    private final AtomicLong longestMillis = new AtomicLong();
    private volatile boolean over;

    SoakOffice(ChildNodes nodes, long seed) {
        this.nodes = nodes;
        this.seed = Long.toString(seed);
    }

    /** An id or a key that nobody else has. */
    String fresh(String kind) {
        return kind + "-" + numbers.incrementAndGet();
    }

    /** Nothing new is begun; what has been begun is seen to its end. */
    void close() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    /** Until something else is done. @param most milliseconds */
    void pause(Random random, int most) {
        long until = System.nanoTime() + random.nextInt(most) * 1_000_000L;
        while (!isOver() && System.nanoTime() < until) {
            ChildLedger.sleep(Math.min(100, most));
        }
    }

    // ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────

    /** A write that leaves an event of its own when it is accepted. */
    Answer write(Random random, String user, String kind, String path, String body) {
        return write(random, user, kind, path, true, (caller, key) -> caller.post(api(path), body, key));
    }

    /** A write that may find nothing to record. */
    Answer writeIfNeedBe(Random random, String user, String kind, String path, String body) {
        return write(random, user, kind, path, false, (caller, key) -> caller.post(api(path), body, key));
    }

    /** A statement file. */
    Answer upload(Random random, String user, String file) {
        byte[] form = Caller.form(file.getBytes(StandardCharsets.UTF_8), "format", "card-feed");
        return write(
                random,
                user,
                "statement",
                "/statements",
                true,
                (caller, key) -> caller.post(api("/statements"), form, "Content-Type", Caller.FORM, key[0], key[1]));
    }

    private interface Send {
        Answer to(Caller caller, String... key);
    }

    private Answer write(Random random, String user, String kind, String path, boolean recorded, Send send) {
        String key = "soak-" + seed + "-" + numbers.incrementAndGet();
        Answer answer = decided(random, kind + " " + path, node -> send.to(node.as(user), "Idempotency-Key", key));
        boolean accepted = answer.status() / 100 == 2;
        writes.add(
                new Write(kind, path, Hashes.hex(user, "POST", api(path), key), accepted, recorded, answer.toString()));
        count((accepted ? "accepted " : "refused ") + kind);
        if (!accepted) {
            refusals.putIfAbsent(kind + " " + answer.status() + " " + answer.code(), true);
        }
        return answer;
    }

    /** A read that must be answered. */
    Answer read(Random random, String user, String path, String... headers) {
        Answer answer = decided(random, path, node -> node.as(user).get(api(path), headers));
        count("reads");
        if (answer.status() != 200) {
            surprise("read " + path + " as " + user + ": " + answer);
        }
        return answer;
    }

    /** What any node answers that is not "not now". */
    Answer decided(Random random, String what, Function<ChildLedger, Answer> ask) {
        long begun = System.nanoTime();
        while (true) {
            try {
                Answer answer = ask.apply(nodes.node(random.nextInt(nodes.count())));
                if (answer.status() < 500 && answer.status() != 429) {
                    longestMillis.accumulateAndGet(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun), Math::max);
                    return answer;
                }
                notNow(what, answer);
            } catch (UncheckedIOException e) {
                count(
                        e.getCause() instanceof ConnectException
                                ? "not taken"
                                : e.getCause() instanceof HttpTimeoutException
                                        ? "without an answer in 20 s"
                                        : "connections broken");
            }
            if (System.nanoTime() - begun > PATIENCE_NANOS) {
                surprise("not decided for minutes: " + what);
                throw new IllegalStateException("not decided: " + what);
            }
            ChildLedger.sleep(100 + random.nextInt(200));
        }
    }

    private void notNow(String what, Answer answer) {
        // An empty body is the container's, which is stopping.
        String code = answer.response().body().isEmpty() ? "stopping" : answer.code();
        count("answered " + answer.status() + " " + code);
        boolean says = code.equals("stopping")
                || NOT_NOW.contains(code) && !answer.header("Retry-After").isEmpty();
        if (answer.status() != 503 && answer.status() != 429 || !says && answer.status() != 429) {
            surprise(what + ": " + answer);
        }
    }

    private static String api(String path) {
        return "/api/v1" + path;
    }

    // ── remembering ──────────────────────────────────────────────────────────────────────────────────────────────

    void count(String what) {
        counts.computeIfAbsent(what, none -> new LongAdder()).increment();
    }

    void surprise(String what) {
        surprises.add(what);
    }

    List<String> surprises() {
        return List.copyOf(surprises);
    }

    List<Write> writes() {
        return List.copyOf(writes);
    }

    long count() {
        return writes.size();
    }

    /** What has been done and answered, one line a kind. */
    String report() {
        StringBuilder report = new StringBuilder();
        counts.forEach((what, count) -> report.append(String.format("%,10d  %s%n", count.sum(), what)));
        report.append(String.format("%,10d  ms: the longest that anything took to be decided%n", longestMillis.get()));
        report.append("Refusals: ")
                .append(String.join("; ", refusals.keySet().stream().sorted().toList()))
                .append('\n');
        return report.toString();
    }
}
