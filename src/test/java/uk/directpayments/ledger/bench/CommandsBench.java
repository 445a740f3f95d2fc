package uk.directpayments.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import uk.directpayments.ledger.account.AccountCommand.RecordExpenditure;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * What a command costs beside a raw commit of one row: in rounds, the sides of each round one after the other on the same PostgreSQL with the
 * same durability; the median over the rounds of the ratios within each. {@code -Dbench.rounds=…}, {@code -Dbench.seconds=…} a side.
 */
class CommandsBench extends RunningLedger {

    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 4);
    private static final int ACCOUNTS = 256;
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 2);

    @Autowired
    private Commands commands;

    @Autowired
    private Sealing sealing;

    @Autowired
    private DataSource database;

    private final List<Opened> accounts = new ArrayList<>();
    private final AtomicLong number = new AtomicLong();

    /** Something that is done again and again by so many at a time. */
    private record Side(String name, int outstanding, Callable<Worker> worker) {}

    private interface Worker extends AutoCloseable {
        void once() throws Exception;

        @Override
        default void close() throws Exception {}
    }

    /** @param perSecond how many were done; {@code cpu} microseconds of this JVM for each; {@code p99} in microseconds */
    private record Figure(double perSecond, double cpu, double p99) {}

    @Test
    void commandsBesideRawCommitsOfOneRow() throws Exception {
        assertThat(jdbc.sql("SHOW fsync").query(String.class).single()).isEqualTo("on");
        assertThat(jdbc.sql("SHOW synchronous_commit").query(String.class).single())
                .isEqualTo("on");
        for (int a = 0; a < ACCOUNTS; a++) {
            accounts.add(opened("2026-01-01", "2026-12-31", "100000.00"));
        }
        jdbc.sql(
                        "CREATE TABLE raw_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, payload text NOT NULL)")
                .update();
        AtomicInteger next = new AtomicInteger();
        List<Side> sides = List.of(
                new Side("raw, 1", 1, this::raw),
                new Side("commands, 1", 1, () -> gateway(next.getAndIncrement())),
                new Side("raw, 64", 64, this::raw),
                new Side("commands, 64", 64, () -> gateway(next.getAndIncrement())),
                new Side("commands, 256", 256, () -> gateway(next.getAndIncrement())),
                new Side("commands, 32", 32, () -> gateway(next.getAndIncrement())),
                new Side("one account, 32", 32, () -> gateway(0)),
                new Side("HTTP, 64", 64, () -> http(next.getAndIncrement())));
        System.out.printf("a sync of 4 KB: %d us; load %.1f%n", sync(), load());
        String only = System.getProperty("bench.only");
        if (only != null) {
            // to look at one side with a profiler
            System.out.println(run(
                    sides.stream()
                            .filter(side -> side.name.equals(only))
                            .findFirst()
                            .orElseThrow(),
                    ROUNDS * SECONDS));
            return;
        }
        sides.forEach(side -> run(side, 2));
        Map<String, List<Figure>> rounds = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Side side : sides) {
                rounds.computeIfAbsent(side.name, none -> new ArrayList<>()).add(run(side, SECONDS));
            }
            System.out.printf("round %d: a sync of 4 KB: %d us; load %.1f%n", round + 1, sync(), load());
        }
        rounds.forEach((name, figures) -> System.out.printf(
                "%s: %.0f a second, %.0f us of this JVM's processors each, p99 %.1f ms%n",
                name,
                median(figures.stream().mapToDouble(Figure::perSecond)),
                median(figures.stream().mapToDouble(Figure::cpu)),
                median(figures.stream().mapToDouble(Figure::p99)) / 1_000));
        ratio(rounds, "commands, 1", "raw, 1");
        ratio(rounds, "commands, 64", "raw, 64");
        ratio(rounds, "commands, 256", "commands, 64");
        ratio(rounds, "one account, 32", "commands, 32");
        ratio(rounds, "HTTP, 64", "raw, 64");
    }

    private static void ratio(Map<String, List<Figure>> rounds, String side, String beside) {
        double[] rates = new double[ROUNDS];
        double[] tails = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            rates[i] = rounds.get(side).get(i).perSecond / rounds.get(beside).get(i).perSecond;
            tails[i] = rounds.get(side).get(i).p99 / rounds.get(beside).get(i).p99;
        }
        System.out.printf(
                "{\"side\":\"%s\",\"beside\":\"%s\",\"rate\":%.2f,\"p99\":%.2f}%n",
                side, beside, median(Arrays.stream(rates)), median(Arrays.stream(tails)));
    }

    private static double median(java.util.stream.DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private Figure run(Side side, int seconds) {
        ExecutorService threads = Executors.newFixedThreadPool(side.outstanding);
        try {
            CountDownLatch ready = new CountDownLatch(side.outstanding);
            CountDownLatch go = new CountDownLatch(1);
            long length = seconds * 1_000_000_000L;
            List<Future<long[]>> all = new ArrayList<>();
            for (int i = 0; i < side.outstanding; i++) {
                all.add(threads.submit(() -> {
                    List<Long> took = new ArrayList<>();
                    try (Worker worker = side.worker.call()) {
                        ready.countDown();
                        go.await();
                        long end = System.nanoTime() + length;
                        for (long begun = System.nanoTime(); begun < end; ) {
                            worker.once();
                            long now = System.nanoTime();
                            took.add(now - begun);
                            begun = now;
                        }
                    }
                    return took.stream().mapToLong(Long::longValue).toArray();
                }));
            }
            ready.await();
            long cpu = cpu();
            go.countDown();
            List<long[]> took = new ArrayList<>();
            for (Future<long[]> one : all) {
                took.add(one.get());
            }
            cpu = cpu() - cpu;
            long[] sorted = took.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return new Figure(
                    (double) sorted.length / seconds,
                    cpu / 1e3 / sorted.length,
                    sorted[(int) (sorted.length * 0.99)] / 1e3);
        } catch (Exception e) {
            throw new IllegalStateException(side.name, e);
        } finally {
            threads.shutdownNow();
        }
    }

    private Worker raw() throws Exception {
        Connection connection = java.sql.DriverManager.getConnection(
                database.unwrap(com.zaxxer.hikari.HikariDataSource.class).getJdbcUrl(),
                database.unwrap(com.zaxxer.hikari.HikariDataSource.class).getUsername(),
                database.unwrap(com.zaxxer.hikari.HikariDataSource.class).getPassword());
        PreparedStatement insert = connection.prepareStatement("INSERT INTO raw_row (stream, payload) VALUES (?, ?)");
        String payload = "x".repeat(400);
        return new Worker() {
            @Override
            public void once() throws Exception {
                insert.setString(1, "account/1");
                insert.setString(2, payload);
                insert.executeUpdate();
            }

            @Override
            public void close() throws Exception {
                connection.close();
            }
        };
    }

    private Worker gateway(int account) {
        Opened ids = accounts.get(account % ACCOUNTS);
        Actor actor = new Actor("finance", Actor.Role.FINANCE, null);
        String version = Policy.standard().version();
        return () -> {
            long n = number.incrementAndGet();
            String key = "%064x".formatted(n);
            commands.send(
                    new RecordExpenditure(
                            ids.accountId(),
                            "E" + n,
                            Money.ofPence(100 + n % 1000),
                            day(n),
                            sealing.seal(ids.personId(), "Shop " + n % 50),
                            sealing.opaque(ids.personId(), "Shop " + n % 50),
                            "CARE",
                            null,
                            SpendType.PURCHASE,
                            null,
                            "R" + n,
                            null,
                            null,
                            null,
                            null,
                            version,
                            TODAY),
                    new Call(actor, key, key, "bench"));
        };
    }

    private Worker http(int account) {
        Opened ids = accounts.get(account % ACCOUNTS);
        return () -> {
            long n = number.incrementAndGet();
            ok(finance()
                    .post(
                            "/api/v1/accounts/" + ids.accountId() + "/expenditures",
                            "{\"amount\":\"%d.00\",\"on\":\"%s\",\"payee\":\"Shop %d\",\"category\":\"CARE\"}"
                                    .formatted(1 + n % 9, day(n), n % 50)));
        };
    }

    /** One of three hundred. */
    private static LocalDate day(long n) {
        return TODAY.minusDays(n % 300);
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** The median, in microseconds. */
    private static long sync() throws IOException {
        Path file = Files.createTempFile(Path.of("target"), "sync", "");
        long[] took = new long[101];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < took.length; i++) {
                long begun = System.nanoTime();
                channel.write(ByteBuffer.allocate(4_096), i * 4_096L);
                channel.force(false);
                took[i] = (System.nanoTime() - begun) / 1_000;
            }
        }
        Files.delete(file);
        Arrays.sort(took);
        return took[took.length / 2];
    }
}
