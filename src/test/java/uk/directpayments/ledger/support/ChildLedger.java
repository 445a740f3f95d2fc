package uk.directpayments.ledger.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import uk.directpayments.ledger.LedgerApplication;

/**
 * The whole ledger in a JVM of its own, on a home of its own, with the durable PostgreSQL of that home: to be killed, stopped and
 * started again. What it writes goes to {@code output.log} beside the home.
 */
public final class ChildLedger implements AutoCloseable {

    private static final int SECONDS_TO_START = 180;
    private static final int SECONDS_TO_END = 90;

    private final List<String> before;
    private final String classPath;
    private final Path home;
    private List<String> settings;
    private final int port;
    private Process process;

    private ChildLedger(List<String> before, String classPath, Path home, List<String> settings) throws IOException {
        this.before = before;
        this.classPath = classPath;
        this.home = home.toAbsolutePath();
        this.settings = settings;
        this.port = freePort();
        this.process = launch();
    }

    /** A port of this machine that nobody listens at now. */
    public static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    /** Starts it and waits until it is ready. @param settings of the ledger, which begin with {@code --}, and of its JVM ({@code -Xmx…}) */
    public static ChildLedger start(Path home, String... settings) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), home, settings);
    }

    /** @param before what goes before the command {@code java}, to confine it */
    public static ChildLedger start(List<String> before, String classPath, Path home, String... settings)
            throws IOException {
        ChildLedger ledger = new ChildLedger(before, classPath, home, List.of(settings));
        ledger.awaitReady();
        return ledger;
    }

    private Process launch() throws IOException {
        Files.createDirectories(home.getParent());
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(
                settings.stream().filter(setting -> setting.startsWith("-X")).toList());
        command.addAll(List.of(
                "-cp",
                classPath,
                LedgerApplication.class.getName(),
                "--ledger.demo=false",
                "--ledger.home=" + home,
                "--server.port=" + port));
        command.addAll(
                settings.stream().filter(setting -> setting.startsWith("--")).toList());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolveSibling("output.log").toFile()))
                .start();
    }

    /** Once more on the same home and port, after it has ended. */
    public void startAgain() throws IOException {
        startAgainSoon();
        awaitReady();
    }

    /** As {@link #startAgain}, without waiting until it is ready. */
    public void startAgainSoon() throws IOException {
        process = launch();
    }

    /** As {@link #startAgainSoon}, with other settings from now on. */
    public void startAgainSoonWith(String... others) throws IOException {
        settings = List.of(others);
        startAgainSoon();
    }

    /** Everything that it has written, in all its lives. */
    public String output() {
        try {
            return Files.readString(home.resolveSibling("output.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void awaitReady() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
        while (!isReady()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("the child is not ready, see output.log beside " + home + ": " + says());
            }
            sleep(100);
        }
    }

    public boolean isReady() {
        try {
            return as("").get("/actuator/health/readiness").status() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** Of the JVM; what went before it has become it. */
    public long pid() {
        return process.pid();
    }

    /** What it says of its processors, if anything. */
    private String says() {
        try {
            return as("admin").get("/api/v1/operations/processors").response().body();
        } catch (UncheckedIOException e) {
            return String.valueOf(e.getCause());
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public Caller as(String user) {
        return Caller.as(user, port);
    }

    public int port() {
        return port;
    }

    /** SIGKILL to the JVM alone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGTERM, as an operator stops a service. */
    public void terminate() {
        process.toHandle().destroy();
    }

    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
            throw new AssertionError("the child did not end");
        }
        return process.exitValue();
    }

    /** SIGKILL to PostgreSQL's first process and to all its children. */
    public void killPostgres() throws IOException {
        ProcessHandle postmaster = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(postmasterFile()).get(0)))
                .orElseThrow();
        List<ProcessHandle> children = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** There while PostgreSQL runs; left behind if it was killed. */
    public Path postmasterFile() {
        return home.resolve("postgres/postmaster.pid");
    }

    /** SIGSTOP: it holds everything it has, and does nothing. */
    public void freeze() {
        signal("STOP", process.toHandle());
    }

    /** SIGCONT. */
    public void thaw() {
        signal("CONT", process.toHandle());
    }

    /** Sends a signal to a process of the same user. */
    static void signal(String name, ProcessHandle to) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(to.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Its database, as the service's own user sees it: the one that its settings name, else the embedded one. */
    public <T> T ask(Function<JdbcClient, T> question) {
        boolean own = setting("url").isEmpty();
        try (Connection connection = DriverManager.getConnection(
                own ? "jdbc:postgresql://127.0.0.1:" + read("postgres.port") + "/ledger" : setting("url"),
                own ? "ledger" : setting("username"),
                own ? read("postgres.password") : setting("password"))) {
            return question.apply(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String setting(String name) {
        String beginning = "--spring.datasource." + name + "=";
        return settings.stream()
                .filter(setting -> setting.startsWith(beginning))
                .map(setting -> setting.substring(beginning.length()))
                .findFirst()
                .orElse("");
    }

    private String read(String file) {
        try {
            return Files.readString(home.resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends it, the clean way while it can, so that it takes its PostgreSQL with it. */
    @Override
    public void close() throws InterruptedException {
        terminate();
        if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
