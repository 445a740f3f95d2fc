package uk.directpayments.ledger.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import uk.directpayments.ledger.platform.EmbeddedPostgres;
import uk.directpayments.ledger.platform.Home;

/**
 * Several nodes of the whole ledger, each a JVM of its own with a home of its own, on one durable PostgreSQL and under one master key: as a council
 * runs them. To be killed, frozen, stopped and started one by one, and their PostgreSQL with them.
 */
public final class ChildNodes implements AutoCloseable {

    private final Path directory;
    private final Home databaseHome;
    private final List<ChildLedger> nodes = new ArrayList<>();
    private EmbeddedPostgres database;
    private List<ProcessHandle> frozen = List.of();

    private ChildNodes(Path directory) {
        this.directory = directory;
        this.databaseHome = Home.open(directory.resolve("database"));
        this.database = EmbeddedPostgres.start(databaseHome);
    }

    /**
     * Starts PostgreSQL, and nodes one after the other.
     *
     * @param directory empty, or not there
     */
    public static ChildNodes start(Path directory, int count, String... settings) throws IOException {
        ChildNodes all = new ChildNodes(directory);
        for (int i = 0; i < count; i++) {
            all.add(settings);
        }
        return all;
    }

    /** Another node, once it is ready. */
    public ChildLedger add(String... settings) throws IOException {
        Path home = directory.resolve("node-" + nodes.size()).resolve("home");
        if (!nodes.isEmpty()) {
            shareKeys(directory.resolve("node-0").resolve("home"), home);
        }
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("--spring.datasource.url=" + database.url());
        all.add("--spring.datasource.username=" + database.user());
        all.add("--spring.datasource.password=" + database.password());
        ChildLedger node = ChildLedger.start(home, all.toArray(String[]::new));
        nodes.add(node);
        return node;
    }

    /** What the first node's home holds, but for what is a node's own. */
    public static void shareKeys(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (!name.equals("lock") && !name.equals("node")) {
                    Files.copy(file, to.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    public ChildLedger node(int number) {
        return nodes.get(number);
    }

    /** All of them, in the order in which they were added. */
    public List<ChildLedger> all() {
        return List.copyOf(nodes);
    }

    public int count() {
        return nodes.size();
    }

    public void awaitReady() {
        nodes.forEach(ChildLedger::awaitReady);
    }

    /** SIGKILL to PostgreSQL's first process and to all its children. */
    public void killPostgres() throws IOException {
        List<ProcessHandle> processes = postgres();
        processes.forEach(ProcessHandle::destroyForcibly);
    }

    /** On the same port, after it has been killed. */
    public void startPostgresAgain() {
        database = EmbeddedPostgres.start(databaseHome);
    }

    /** SIGSTOP to PostgreSQL's first process and to all its children. */
    public void freezePostgres() throws IOException {
        frozen = postgres();
        frozen.forEach(process -> ChildLedger.signal("STOP", process));
    }

    /** SIGCONT. */
    public void thawPostgres() {
        frozen.forEach(process -> ChildLedger.signal("CONT", process));
        frozen = List.of();
    }

    /** The first process, then its children. */
    private List<ProcessHandle> postgres() throws IOException {
        ProcessHandle postmaster = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(databaseHome.resolve("postgres/postmaster.pid"))
                                .get(0)))
                .orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    }

    /** Ends all, the clean way while they can; PostgreSQL last. */
    @Override
    public void close() throws InterruptedException, IOException {
        thawPostgres();
        for (ChildLedger node : nodes) {
            node.thaw();
            node.close();
        }
        database.close();
        databaseHome.close();
    }
}
