package uk.directpayments.ledger.platform;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server of the ledger's own, kept under its home:
 *
 * <pre>
 * postgres/            the data
 * postgres-programs/   PostgreSQL itself, unpacked at the first start
 * postgres.port        its port on 127.0.0.1, the same at every start while nobody else takes it
 * postgres.password    of both its users, made at the first start; readable by its owner alone
 * postgres.log         what it said since the last start; postgres.log.1 since the start before
 * </pre>
 *
 * It starts only with every commit on disk before it is answered, and asks the running server whether that holds. A server that
 * outlived its ledger is found by its {@code postmaster.pid} and stopped before the new one starts.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private static final String ADMINISTRATOR = "postgres";
    private static final String LEDGER = "ledger";

    /** Longer than any recovery seen: after a crash the server replays its log before it answers. */
    private static final int SECONDS_TO_START_OR_STOP = 120;

    private static final int ATTEMPTS = 5;

    private static final long LEAST_BUFFERS_MB = 128;
    private static final long MOST_BUFFERS_MB = 2_048;

    private static final Map<String, String> DURABLE =
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");
    private static final Map<String, String> FORGETFUL =
            Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off");

    private final Home home;
    private final Path data;
    private final Path output;
    private final EmbeddedPostgresPrograms programs;
    private final EmbeddedPostgresAccount account;
    private final Map<String, String> durability;
    private final String password;
    private volatile int port;
    private volatile @Nullable ProcessHandle postmaster;

    private EmbeddedPostgres(Home home, EmbeddedPostgresAccount account, Map<String, String> durability)
            throws IOException {
        this.home = home;
        this.account = account;
        this.durability = durability;
        this.data = home.resolve("postgres");
        this.output = home.resolve("postgres.log");
        account.letThrough(home.path());
        this.programs = EmbeddedPostgresPrograms.unpack(home.resolve("postgres-programs"), account);
        this.password = rememberedPassword();
    }

    /** @throws StartRefused if it does not start, or does not keep what it acknowledges */
    public static EmbeddedPostgres start(Home home) {
        return start(home, EmbeddedPostgresAccount.find(), DURABLE);
    }

    /** For tests: the same server, but a crash may lose or destroy its data. */
    public static EmbeddedPostgres startForgetful(Home home) {
        return start(home, EmbeddedPostgresAccount.find(), FORGETFUL);
    }

    static EmbeddedPostgres startAs(EmbeddedPostgresAccount account, Home home) {
        return start(home, account, DURABLE);
    }

    private static EmbeddedPostgres start(Home home, EmbeddedPostgresAccount account, Map<String, String> durability) {
        try {
            EmbeddedPostgres server = new EmbeddedPostgres(home, account, durability);
            server.stopOrphan();
            server.initialise();
            server.startServer();
            try {
                server.createLedgerDatabase();
                server.assertDurability();
            } catch (SQLException | RuntimeException e) {
                server.close();
                throw e;
            }
            log.info("Embedded PostgreSQL runs on 127.0.0.1:{}, its data lie in {}", server.port, server.data);
            return server;
        } catch (IOException | SQLException e) {
            throw new StartRefused(
                    "The embedded PostgreSQL in " + home.path() + " cannot be used (" + e.getMessage()
                            + "): see postgres.log there, or name a PostgreSQL of your own with --spring.datasource.url.",
                    e);
        }
    }

    public int port() {
        return port;
    }

    /** Of the ledger's database. */
    public String url() {
        return url(LEDGER);
    }

    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Owns the ledger's database and may nothing else. */
    public String user() {
        return LEDGER;
    }

    /** May everything, on every database of this server. */
    public String administrator() {
        return ADMINISTRATOR;
    }

    /** Of both users. */
    public String password() {
        return password;
    }

    /** False once the server's process has ended, however it did. */
    boolean isRunning() throws IOException {
        ProcessHandle process = postmaster;
        return process != null && process.isAlive() && !isZombie(process.pid());
    }

    /** Starts the server again, on the same port, after it has ended: it recovers what it acknowledged. */
    void startAgain() throws IOException {
        stopOrphan();
        startServer();
    }

    /** Stops the server and waits until it has: open transactions are rolled back, all else is on disk. */
    @Override
    public void close() {
        log.info("Stopping embedded PostgreSQL");
        try {
            EmbeddedPostgresPrograms.Run stop = stop();
            if (stop.failed() && Files.exists(pidFile())) {
                log.warn("Embedded PostgreSQL did not stop ({}); the next start will stop it", stop.words());
            }
        } catch (IOException e) {
            log.warn("Embedded PostgreSQL could not be stopped; the next start will stop it", e);
        }
    }

    private EmbeddedPostgresPrograms.Run stop() throws IOException {
        return programs.run(
                "pg_ctl",
                List.of("stop", "-D", data.toString(), "-m", "fast", "-w", "-t", "" + SECONDS_TO_START_OR_STOP));
    }

    private Path pidFile() {
        return data.resolve("postmaster.pid");
    }

    /**
     * Stops the server of a ledger that died. The process id in {@code postmaster.pid} may since have gone to another process, and the
     * home may be a copy: only a process that was started on the data directory named there, which must be ours, is stopped. If
     * nothing can be learnt about the process, PostgreSQL is left to judge; it refuses to start beside a living server.
     */
    private void stopOrphan() throws IOException {
        if (!Files.exists(pidFile())) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile());
        if (lines.size() < 2 || !lines.get(0).matches("[1-9][0-9]{0,9}")) {
            return;
        }
        long pid = Long.parseLong(lines.get(0));
        Path directory = Path.of(lines.get(1));
        String[] arguments = ProcessHandle.of(pid)
                .flatMap(process -> process.info().arguments())
                .orElse(null);
        boolean ours = !Files.exists(directory) || Files.isSameFile(directory, data);
        if (arguments == null
                ? isZombie(pid)
                : !(ours && Arrays.asList(arguments).contains(directory.toString()))) {
            log.info("Process {} of {} is no longer PostgreSQL's", pid, pidFile());
            nameAnEndedProcess(lines);
        } else if (arguments != null) {
            log.info("An earlier ledger left its PostgreSQL running (process {}): stopping it", pid);
            EmbeddedPostgresPrograms.Run stop = stop();
            if (stop.failed()) {
                throw new StartRefused("The PostgreSQL that an earlier ledger left running (process " + pid
                        + ") does not stop (" + stop.words() + "): end it and start again.");
            }
        }
    }

    /** Ended, but never collected by its parent, as in containers whose first process is no init. */
    private static boolean isZombie(long pid) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        return Files.exists(stat) && Files.readString(stat).contains(") Z ");
    }

    /**
     * PostgreSQL takes any living process for its server. The file itself stays: by its last lines PostgreSQL sees whether children of
     * a killed server still run, and waits.
     */
    private void nameAnEndedProcess(List<String> lines) throws IOException {
        List<String> changed = new ArrayList<>(lines);
        changed.set(
                0, Long.toString(programs.run("postgres", List.of("--version")).pid()));
        Files.write(pidFile(), changed);
    }

    /** Makes the data directory beside its place and moves it there complete: a first start that dies leaves none. */
    private void initialise() throws IOException {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            return;
        }
        Path half = home.resolve("postgres-half-made");
        FileSystemUtils.deleteRecursively(half);
        Files.createDirectory(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        account.own(half);
        // The order of texts is that of their bytes: the same on every machine, whatever its locale.
        EmbeddedPostgresPrograms.Run initdb = programs.run(
                "initdb",
                List.of(
                        "--pgdata=" + half,
                        "--username=" + ADMINISTRATOR,
                        "--pwfile=" + home.resolve("postgres.password"),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--locale=C"));
        if (initdb.failed()) {
            throw new IOException(initdb.words());
        }
        Files.move(half, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** On the port that it had before, if it did: the pool knows no other. */
    private void startServer() throws IOException {
        boolean again = port != 0;
        Map<String, String> settings = new LinkedHashMap<>(durability);
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("unix_socket_directories", "''");
        settings.put("max_connections", "200");
        settings.put("shared_buffers", sharedBuffers() + "MB");
        settings.put("max_wal_size", "2GB");
        settings.put("checkpoint_timeout", "15min");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        // Its log must not hold what people entered: neither statements nor the keys and rows of violated constraints.
        settings.put("log_min_error_statement", "panic");
        settings.put("log_error_verbosity", "terse");
        settings.put("log_checkpoints", "off");
        String why = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            port = again ? port : freePort();
            StringBuilder options = new StringBuilder("-p " + port);
            settings.forEach((name, value) -> options.append(" -c ").append(name + "=" + value));
            rotateOutput();
            EmbeddedPostgresPrograms.Run start = programs.run(
                    "pg_ctl",
                    List.of(
                            "start",
                            "-D",
                            data.toString(),
                            "-l",
                            output.toString(),
                            "-o",
                            options.toString(),
                            "-w",
                            "-t",
                            "" + SECONDS_TO_START_OR_STOP));
            if (!start.failed()) {
                long pid = Long.parseLong(Files.readAllLines(pidFile()).get(0));
                postmaster = ProcessHandle.of(pid).orElse(null);
                return;
            }
            why = Files.readAllLines(output).stream()
                    .filter(line -> line.contains("FATAL:"))
                    .reduce((first, last) -> last)
                    .orElse(start.words());
            boolean portLost = why.contains("could not create any TCP/IP sockets");
            // Its children outlive a killed server by moments, and it will not start beside them.
            boolean childrenEnding = why.contains("pre-existing shared memory block");
            boolean tooMuchMemory = why.contains("could not map anonymous shared memory");
            if (tooMuchMemory && settings.remove("shared_buffers") != null) {
                log.warn(
                        "The embedded PostgreSQL was not given {} MB for its pages: it takes what it takes by itself",
                        sharedBuffers());
                continue;
            }
            if (!portLost && !childrenEnding) {
                break;
            }
            pause();
        }
        throw new IOException(why);
    }

    /**
     * A quarter of the machine's memory, as PostgreSQL's manual advises, within limits. An expenditure writes some fifteen pages of indexes, each account other ones: of some
     * thousands of accounts those do not fit into the 128 MB that it takes by itself, and each is fetched and written back each time.
     */
    private static long sharedBuffers() {
        long quarter =
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize() >> 22;
        return Math.max(LEAST_BUFFERS_MB, Math.min(quarter, MOST_BUFFERS_MB));
    }

    private static void pause() {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL was starting", e);
        }
    }

    /** The remembered port, unless somebody else has it by now; then another, which is remembered. */
    private int freePort() throws IOException {
        Path file = home.resolve("postgres.port");
        if (Files.exists(file)) {
            String remembered = Files.readString(file).strip();
            if (remembered.matches("[1-9][0-9]{0,4}") && isFree(Integer.parseInt(remembered))) {
                return Integer.parseInt(remembered);
            }
            log.warn("Port {} of the embedded PostgreSQL is taken: choosing another", remembered);
        }
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            Files.writeString(file, Integer.toString(any.getLocalPort()));
            return any.getLocalPort();
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As PostgreSQL does: connections of the server that just stopped still linger.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 1);
            return true;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private void rotateOutput() throws IOException {
        if (Files.exists(output)) {
            Files.move(output, home.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        createPrivately(output);
        account.own(output);
    }

    private String rememberedPassword() throws IOException {
        Path file = home.resolve("postgres.password");
        if (!Files.exists(file)) {
            if (Files.exists(data.resolve("PG_VERSION"))) {
                throw new IOException(file + " is missing");
            }
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            Path half = home.resolve("postgres.password-half-made");
            Files.deleteIfExists(half);
            createPrivately(half);
            Files.writeString(
                    half, HexFormat.of().formatHex(random), StandardOpenOption.SYNC, StandardOpenOption.WRITE);
            account.own(half);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }

    private static void createPrivately(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** The service's user is not the administrator: what gets at its connections cannot leave the database. */
    private void createLedgerDatabase() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(ADMINISTRATOR), ADMINISTRATOR, password);
                Statement statement = connection.createStatement()) {
            if (none(statement, "SELECT FROM pg_roles WHERE rolname = '" + LEDGER + "'")) {
                statement.execute("CREATE ROLE " + LEDGER + " LOGIN PASSWORD '" + password + "'");
            }
            if (none(statement, "SELECT FROM pg_database WHERE datname = '" + LEDGER + "'")) {
                statement.execute("CREATE DATABASE " + LEDGER + " OWNER " + LEDGER);
            }
        }
    }

    private static boolean none(Statement statement, String query) throws SQLException {
        try (ResultSet found = statement.executeQuery(query)) {
            return !found.next();
        }
    }

    /** Asked as the service's user on the service's database: a user or a database can have settings of its own. */
    private void assertDurability() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), LEDGER, password);
                Statement statement = connection.createStatement()) {
            for (Map.Entry<String, String> setting : durability.entrySet()) {
                try (ResultSet shown = statement.executeQuery("SHOW " + setting.getKey())) {
                    shown.next();
                    if (!setting.getValue().equals(shown.getString(1))) {
                        throw new StartRefused("The embedded PostgreSQL in " + home.path() + " runs with "
                                + setting.getKey() + "=" + shown.getString(1) + " where the ledger needs "
                                + setting.getValue()
                                + ": remove that setting from its configuration, database or user.");
                    }
                }
            }
        }
    }
}
