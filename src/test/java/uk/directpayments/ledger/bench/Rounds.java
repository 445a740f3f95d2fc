package uk.directpayments.ledger.bench;

import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
import java.util.function.ToDoubleFunction;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sides that are measured in turn, round after round, on the same PostgreSQL and at the same load of the machine; what counts is the median over the
 * rounds of the ratio within each. {@code -Dbench.rounds=…}, {@code -Dbench.seconds=…} a side, {@code -Dbench.warm=…} at most before, {@code -Dbench.sides=…;…} for some of them. The result is also written to {@code target/bench}.
 */
final class Rounds {

    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 4);

    /** The most seconds for which a side is warmed: over the whole way of a request the compiler takes two minutes of two cores. */
    private static final int WARM = Integer.getInteger("bench.warm", 240);

    /** Something that is done again and again by so many at a time; {@code around} is told before and after it is measured. */
    record Side(String name, int outstanding, Callable<Worker> worker, Around around) {
        Side(String name, int outstanding, Callable<Worker> worker) {
            this(name, outstanding, worker, Around.NOTHING);
        }
    }

    /** What is to be so while a side is measured. */
    interface Around {
        Around NOTHING = new Around() {};

        default void before() throws Exception {}

        default void after() throws Exception {}

        /** Processors rest meanwhile. @param settled waits until they have come to the end again */
        static Around resting(SmartLifecycle processors, Runnable settled) {
            return new Around() {
                @Override
                public void before() {
                    processors.stop();
                }

                @Override
                public void after() {
                    processors.start();
                    settled.run();
                }
            };
        }
    }

    /** One of those that do it. */
    interface Worker extends AutoCloseable {
        void once() throws Exception;

        @Override
        default void close() throws Exception {}
    }

    /**
     * @param perSecond how many were done
     * @param jvm       microseconds of this JVM's processors for each
     * @param database  microseconds of PostgreSQL's processors for each
     * @param p50       in microseconds, as {@code p99}
     */
    record Figure(double perSecond, double jvm, double database, double p50, double p99) {
        double processors() {
            return jvm + database;
        }
    }

    /** @param must what it is to reach: at least, or for times and processors at most */
    private record Ratio(String side, String beside, String of, double ratio, double must) {}

    private final String name;
    private final long postmaster;
    private final List<Side> sides;
    private final Map<String, List<Figure>> figures = new LinkedHashMap<>();
    private final List<Ratio> ratios = new ArrayList<>();
    private final List<Map<String, Object>> machine = new ArrayList<>();

    /** @param backend a process of the PostgreSQL that all sides use */
    Rounds(String name, long backend, List<Side> sides) throws IOException {
        this.name = name;
        this.postmaster = stat(backend)[1];
        this.sides = new ArrayList<>(sides);
    }

    void measure() throws Exception {
        String only = System.getProperty("bench.only");
        if (only != null) {
            // to look at one side with a profiler
            Side side = sides.stream()
                    .filter(one -> one.name.equals(only))
                    .findFirst()
                    .orElseThrow();
            System.out.println("begins: " + only);
            System.out.println(run(side, ROUNDS * SECONDS));
            return;
        }
        String some = System.getProperty("bench.sides");
        if (some != null) {
            List<String> names = List.of(some.split(";"));
            sides.removeIf(side -> !names.contains(side.name));
        }
        for (Side side : sides) {
            warm(side);
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Side side : sides) {
                figures.computeIfAbsent(side.name, none -> new ArrayList<>()).add(run(side, SECONDS));
            }
            long sync = sync();
            double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
            machine.add(Map.of("syncMicros", sync, "load", load));
            System.out.printf("round %d: a sync of 4 KB: %d us; load %.1f%n", round + 1, sync, load);
        }
        figures.forEach((side, all) -> System.out.printf(
                "%s: %.0f a second, %.0f us of the JVM and %.0f us of PostgreSQL each, p50 %.1f ms, p99 %.1f ms%n",
                side,
                median(all, Figure::perSecond),
                median(all, Figure::jvm),
                median(all, Figure::database),
                median(all, Figure::p50) / 1_000,
                median(all, Figure::p99) / 1_000));
    }

    void rate(String side, String beside, double must) {
        ratio("rate", side, beside, must, Figure::perSecond);
    }

    void processors(String side, String beside, double must) {
        ratio("processors", side, beside, must, Figure::processors);
    }

    void p99(String side, String beside, double must) {
        ratio("p99", side, beside, must, Figure::p99);
    }

    void p50(String side, String beside, double must) {
        ratio("p50", side, beside, must, Figure::p50);
    }

    private void ratio(String of, String side, String beside, double must, ToDoubleFunction<Figure> value) {
        if (!figures.containsKey(side) || !figures.containsKey(beside)) {
            return;
        }
        double[] all = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            all[round] = value.applyAsDouble(figures.get(side).get(round))
                    / value.applyAsDouble(figures.get(beside).get(round));
        }
        Arrays.sort(all);
        ratios.add(new Ratio(side, beside, of, all[ROUNDS / 2], must));
        System.out.printf("%s of %s beside %s: %.2f (to reach: %.2f)%n", of, side, beside, all[ROUNDS / 2], must);
    }

    /** Everything as JSON, for machines. */
    void write() throws IOException {
        Path file = Path.of("target", "bench", name + ".json");
        Files.createDirectories(file.getParent());
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("bench", name);
        result.put("machine", machine);
        result.put("sides", figures);
        result.put("ratios", ratios);
        Files.writeString(
                file,
                JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(result));
    }

    private static double median(List<Figure> figures, ToDoubleFunction<Figure> value) {
        return median(figures.stream().mapToDouble(value).toArray());
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** A ledger runs for months, so what counts is its way once compiled: until the compiler takes less than a twentieth of the time. */
    private void warm(Side side) throws Exception {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        int step = Math.min(WARM, 5);
        int warmed = 0;
        long before;
        do {
            before = compiler.getTotalCompilationTime();
            run(side, step);
            warmed += step;
        } while (warmed < WARM && (compiler.getTotalCompilationTime() - before) * 20 > step * 1_000L);
        System.out.printf("%s: warmed for %d s%n", side.name, warmed);
    }

    private Figure run(Side side, int seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(side.outstanding);
        side.around.before();
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
            long jvm = jvm();
            long database = database();
            go.countDown();
            List<long[]> took = new ArrayList<>();
            for (Future<long[]> one : all) {
                took.add(one.get());
            }
            jvm = jvm() - jvm;
            database = database() - database;
            long[] sorted = took.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return new Figure(
                    (double) sorted.length / seconds,
                    jvm / 1e3 / sorted.length,
                    database / 1e3 / sorted.length,
                    sorted[sorted.length / 2] / 1e3,
                    sorted[(int) (sorted.length * 0.99)] / 1e3);
        } finally {
            threads.shutdownNow();
            side.around.after();
        }
    }

    private static long jvm() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Nanoseconds of processors that PostgreSQL has used: the postmaster, its processes, and those of them that have ended. */
    private long database() throws IOException {
        long ticks = 0;
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                try {
                    long[] stat = stat(pid);
                    if (pid == postmaster) {
                        ticks += stat[2] + stat[3];
                    } else if (stat[1] == postmaster) {
                        ticks += stat[2];
                    }
                } catch (IOException ended) {
                    // its time is among the postmaster's now
                }
            }
        }
        return ticks * 10_000_000;
    }

    /** Of a process: its id, its parent's, its own ticks, those of its children that have ended. Linux. */
    private static long[] stat(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new long[] {
            pid,
            Long.parseLong(fields[1]),
            Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
            Long.parseLong(fields[13]) + Long.parseLong(fields[14])
        };
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
