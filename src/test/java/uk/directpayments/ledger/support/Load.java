package uk.directpayments.ledger.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Users who write to a running ledger at once and remember every answer: payments, expenditures and their reversals on shared accounts,
 * each with an id and an idempotency key. Knows afterwards what the log must hold, and what it must not.
 */
public final class Load {

    /** How a write was answered, last. */
    public enum Fate {
        /** 2xx: it must be in the log, once. */
        ACKNOWLEDGED,
        /** 4xx: it must not be in the log. */
        REFUSED,
        /** 503: it may be in the log. */
        BUSY,
        /** The connection was refused: it must not be in the log. */
        NOT_TAKEN,
        /** The connection broke: it may be in the log. */
        UNANSWERED
    }

    /** A write as it was sent; its effect in pence, and where the log names it. */
    public static final class Write {
        final String account;
        final String path;
        final String body;
        final String event;
        final String id;
        final long pence;
        volatile Fate fate = Fate.UNANSWERED;
        volatile String words = "";

        Write(String account, String path, String body, String event, String id, long pence) {
            this.account = account;
            this.path = path;
            this.body = body;
            this.event = event;
            this.id = id;
            this.pence = pence;
        }

        public Fate fate() {
            return fate;
        }

        String inTheLog() {
            return account + " " + event + " " + id;
        }

        @Override
        public String toString() {
            return fate + " " + path + " " + body + " " + words;
        }
    }

    private static final int USERS = 8;
    private static final int ACCOUNTS = 3;
    private static final JsonMapper JSON = new JsonMapper();

    private final List<ChildLedger> nodes;
    private final Random seeds;
    private final List<String> accounts = new ArrayList<>();
    private final Queue<Write> writes = new ConcurrentLinkedQueue<>();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger turns = new AtomicInteger();
    private final List<Thread> users = new ArrayList<>();
    private volatile boolean going;
    private volatile boolean patient;
    private volatile long pause;

    /** Opens the accounts. */
    public Load(ChildLedger ledger, long seed) {
        this(List.of(ledger), seed);
    }

    /** Opens the accounts; each write goes to one of these nodes. */
    public Load(List<ChildLedger> nodes, long seed) {
        this.nodes = nodes;
        ChildLedger ledger = nodes.get(0);
        this.seeds = new Random(seed);
        for (int i = 0; i < ACCOUNTS; i++) {
            accounts.add(Openings.open(ledger.as("finance"), ledger.as("approver"), "X" + i));
        }
    }

    /** Users wait so long between two writes: for a long load that is worked through again afterwards. */
    public Load pausing(long millis) {
        pause = millis;
        return this;
    }

    /** @param patiently false to stop at the first connection that fails, as after a kill; true to go on, as through an outage */
    public void start(boolean patiently) {
        going = true;
        patient = patiently;
        for (int i = 0; i < USERS; i++) {
            Random random = new Random(seeds.nextLong());
            Thread user = new Thread(() -> use(random), "user-" + i);
            users.add(user);
            user.start();
        }
    }

    /** Lets every user finish what it has under way. */
    public void stop() throws InterruptedException {
        going = false;
        for (Thread user : users) {
            user.join(60_000);
            assertThat(user.isAlive())
                    .as("%s is still waiting for an answer", user.getName())
                    .isFalse();
        }
        users.clear();
        assertThat(surprises).as("answers that nobody may get").isEmpty();
    }

    private void use(Random random) {
        List<Write> spent = new ArrayList<>();
        while (going) {
            Write write = next(random, spent);
            writes.add(write);
            send(write);
            if (write.fate == Fate.ACKNOWLEDGED && write.event.equals("account.expenditure-recorded")) {
                spent.add(write);
            }
            if (write.fate == Fate.NOT_TAKEN || write.fate == Fate.UNANSWERED) {
                if (!patient) {
                    return;
                }
                ChildLedger.sleep(50);
            } else if (write.fate == Fate.BUSY) {
                ChildLedger.sleep(20);
            }
            if (pause > 0) {
                ChildLedger.sleep(pause);
            }
        }
    }

    private Write next(Random random, List<Write> spent) {
        String account = accounts.get(random.nextInt(accounts.size()));
        long pence = 1 + random.nextInt(5_000);
        String amount = pence / 100 + "." + (pence % 100 < 10 ? "0" : "") + pence % 100;
        String on = "2025-0" + (4 + random.nextInt(6)) + "-1" + random.nextInt(10);
        String id = "W-" + numbers.incrementAndGet();
        int what = random.nextInt(10);
        if (what < 2 && !spent.isEmpty()) {
            Write undone = spent.remove(random.nextInt(spent.size()));
            return new Write(
                    undone.account,
                    "/accounts/" + undone.account + "/expenditures/" + undone.id + "/reversal",
                    "{\"reason\":\"Wrong\"}",
                    "account.expenditure-reversed",
                    undone.id,
                    -undone.pence);
        }
        if (what < 5) {
            return new Write(
                    account,
                    "/accounts/" + account + "/payments",
                    "{\"paymentId\":\"%s\",\"lineId\":\"L1\",\"amount\":\"%s\",\"contribution\":\"0.00\",\"on\":\"%s\"}"
                            .formatted(id, amount, on),
                    "account.payment-issued",
                    id,
                    pence);
        }
        return new Write(
                account,
                "/accounts/" + account + "/expenditures",
                "{\"expenditureId\":\"%s\",\"amount\":\"%s\",\"on\":\"%s\",\"payee\":\"Payee\"}"
                        .formatted(id, amount, on),
                "account.expenditure-recorded",
                id,
                -pence);
    }

    /** By the next node in turn; where nobody takes the connection, or the container is stopping, by the one after it. */
    private Caller.Answer answered(Write write) {
        int turn = turns.getAndIncrement();
        for (int asked = 1; ; asked++) {
            try {
                Caller.Answer answer = nodes.get(Math.floorMod(turn + asked, nodes.size()))
                        .as("finance")
                        .post("/api/v1" + write.path, write.body, "Idempotency-Key", write.event + write.id);
                if (!isOfTheContainer(answer) || asked == nodes.size()) {
                    return answer;
                }
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof ConnectException) || asked == nodes.size()) {
                    throw e;
                }
            }
        }
    }

    /** Which is stopping, and says no more than that. */
    private static boolean isOfTheContainer(Caller.Answer answer) {
        return answer.status() == 503 && answer.response().body().isEmpty();
    }

    private void send(Write write) {
        try {
            Caller.Answer answer = answered(write);
            write.words = answer.toString();
            if (answer.status() / 100 == 2) {
                write.fate = Fate.ACKNOWLEDGED;
            } else if (answer.status() == 503) {
                write.fate = Fate.BUSY;
                if (!isOfTheContainer(answer)
                        && (!Set.of("BUSY", "OUTCOME_UNKNOWN", "POSITION_NOT_REACHED")
                                        .contains(answer.code())
                                || answer.header("Retry-After").isEmpty())) {
                    surprises.add(write.toString());
                }
            } else if (answer.status() / 100 == 4) {
                write.fate = Fate.REFUSED;
            } else {
                surprises.add(write.toString());
            }
        } catch (UncheckedIOException e) {
            write.fate = e.getCause() instanceof ConnectException ? Fate.NOT_TAKEN : Fate.UNANSWERED;
            write.words = e.getCause().toString();
        }
    }

    /** Sends every write that nobody has decided again, under the same key; all must be decided now. */
    public int repeatTheOpen() {
        List<Write> open = writes.stream()
                .filter(write -> write.fate != Fate.ACKNOWLEDGED && write.fate != Fate.REFUSED)
                .toList();
        for (Write write : open) {
            send(write);
            assertThat(write.fate).as(write.toString()).isIn(Fate.ACKNOWLEDGED, Fate.REFUSED);
        }
        return open.size();
    }

    /** Also repeats some of the acknowledged ones: nothing may come of it. */
    public void repeatSomeAcknowledged(int count) {
        writes.stream()
                .filter(write -> write.fate == Fate.ACKNOWLEDGED)
                .skip(Math.max(0, count(Fate.ACKNOWLEDGED) - count))
                .forEach(write -> {
                    send(write);
                    assertThat(write.fate).as(write.toString()).isEqualTo(Fate.ACKNOWLEDGED);
                });
    }

    public long count(Fate fate) {
        return writes.stream().filter(write -> write.fate == fate).count();
    }

    /** What the log names of a write of a fate. */
    public List<String> inTheLogOf(Fate fate) {
        return writes.stream()
                .filter(write -> write.fate == fate)
                .map(Write::inTheLog)
                .sorted()
                .toList();
    }

    /** What the log holds of payments, expenditures and reversals: one line an event. */
    public static List<String> log(ChildLedger ledger) {
        return ledger.ask(jdbc -> jdbc
                .sql("""
                        SELECT stream_id, name, payload FROM event_log
                         WHERE name IN ('account.payment-issued', 'account.expenditure-recorded', 'account.expenditure-reversed')""")
                .query((row, i) -> {
                    JsonNode event = JSON.readTree(row.getString("payload"));
                    String id = event.path("paymentId")
                            .asString(event.path("expenditureId").asString(""));
                    return row.getString("stream_id").replaceFirst("account/", "") + " " + row.getString("name") + " "
                            + id;
                })
                .list()
                .stream()
                .sorted()
                .toList());
    }

    /** The sum of what was acknowledged, by account, in pence. */
    public Map<String, Long> balances() {
        Map<String, Long> balances = new TreeMap<>();
        accounts.forEach(account -> balances.put(account, 0L));
        writes.stream()
                .filter(write -> write.fate == Fate.ACKNOWLEDGED)
                .forEach(write -> balances.merge(write.account, write.pence, Long::sum));
        return balances;
    }
}
