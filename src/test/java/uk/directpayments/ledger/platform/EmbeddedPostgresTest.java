package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.OperatingSystemMXBean;
import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import uk.directpayments.ledger.support.ChildJvm;

class EmbeddedPostgresTest {

    /** The programs, unpacked once since that takes long, and a directory for each test. */
    @TempDir
    static Path shared;

    private Path temporary;

    /** Nothing is in it yet; its name has what breaks careless quoting. */
    private Path emptyDirectory;

    /** As if an earlier start had unpacked the programs. */
    private Path directory;

    @BeforeAll
    static void unpackPrograms() throws IOException {
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwx--x--x"));
        EmbeddedPostgresPrograms.unpack(shared.resolve("programs"), EmbeddedPostgresAccount.find());
    }

    @BeforeEach
    void makeDirectories(TestInfo test) throws IOException {
        temporary = Files.createDirectory(
                shared.resolve(test.getTestMethod().orElseThrow().getName()));
        emptyDirectory = temporary.resolve("a council's first home");
        directory = Files.createDirectory(temporary.resolve("a council's home"));
        Files.createSymbolicLink(directory.resolve("postgres-programs"), shared.resolve("programs"));
    }

    @Test
    void itKeepsEveryCommitAndListensToThisMachineOnly() throws Exception {
        try (Home home = Home.open(emptyDirectory);
                EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
            assertThat(show(server, "fsync")).isEqualTo("on");
            assertThat(show(server, "synchronous_commit")).isEqualTo("on");
            assertThat(show(server, "full_page_writes")).isEqualTo("on");
            assertThat(show(server, "listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(ask(server, "SELECT setting FROM pg_settings WHERE name = 'unix_socket_directories'"))
                    .isEmpty();
            assertThat(Path.of(ask(server, "SELECT setting FROM pg_settings WHERE name = 'data_directory'")))
                    .isEqualTo(home.resolve("postgres"));
        }
    }

    @Test
    void itTakesMoreMemoryForItsPagesThanByItselfWhereThereIsMore() throws Exception {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        assumeTrue(machine.getTotalMemorySize() > 2L << 30, "a small machine");
        try (Home home = Home.open(emptyDirectory);
                EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
            assertThat(Long.parseLong(ask(server, "SELECT pg_size_bytes(current_setting('shared_buffers'))")))
                    .isBetween(500L << 20, 2L << 30);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whereItIsNotGivenThatMuchMemoryItStartsWithLess() throws Exception {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        assumeTrue(machine.getTotalMemorySize() > 8L << 30, "a machine of which a quarter is less than the limit");
        try (ChildJvm child = ChildJvm.startWithin(2_000, EmbeddedPostgresChild.class, directory.toString())) {
            child.await("committed");
        }
        try (Home home = Home.open(directory);
                EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
            assertThat(ask(server, "SELECT word FROM kept")).isEqualTo("acknowledged");
        }
    }

    @Test
    void nobodyEntersWithoutThePasswordWhichItsOwnerAloneCanRead() throws Exception {
        try (Home home = Home.open(directory);
                EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
            for (String user : List.of(server.user(), server.administrator())) {
                assertThatThrownBy(() -> DriverManager.getConnection(server.url(), user, "wrong"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("password authentication failed");
            }
            assertThat(permissions(home.resolve("postgres.password"))).isEqualTo("rw-------");
            assertThat(permissions(home.resolve("postgres.log"))).isEqualTo("rw-------");
            assertThat(permissions(home.resolve("postgres"))).isEqualTo("rwx------");
        }
    }

    @Test
    void theServicesUserIsNoAdministrator() throws Exception {
        try (Home home = Home.open(directory);
                EmbeddedPostgres server = EmbeddedPostgres.start(home);
                Connection connection = connect(server)) {
            assertThatThrownBy(() -> connection.createStatement().execute("COPY (SELECT 1) TO PROGRAM 'cat'"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void textsAreOrderedByTheirBytesWhateverTheMachinesLocale() throws Exception {
        try (Home home = Home.open(directory);
                EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
            assertThat(ask(server, "SELECT string_agg(t, '' ORDER BY t) FROM unnest(ARRAY['b', 'é', 'a', 'B']) t"))
                    .isEqualTo("Babé");
        }
    }

    @Test
    void aCleanStopLeavesNoProcessAndTheNextStartHasTheSamePortAndData() throws Exception {
        try (Home home = Home.open(directory)) {
            EmbeddedPostgres first = EmbeddedPostgres.start(home);
            tell(first, "CREATE TABLE kept AS SELECT 'kept' AS word");
            ProcessHandle process = postmaster(home).orElseThrow();
            first.close();

            process.onExit().get(1, TimeUnit.MINUTES);
            assertThat(home.resolve("postgres/postmaster.pid")).doesNotExist();
            try (EmbeddedPostgres second = EmbeddedPostgres.start(home)) {
                assertThat(second.port()).isEqualTo(first.port());
                assertThat(ask(second, "SELECT word FROM kept")).isEqualTo("kept");
            }
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesTheKillingOfTheLedger() throws Exception {
        String port;
        try (ChildJvm child = ChildJvm.start(EmbeddedPostgresChild.class, List.of(), directory.toString())) {
            port = child.await("committed");
        }
        try (Home home = Home.open(directory)) {
            ProcessHandle orphan = postmaster(home).orElseThrow();

            try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
                orphan.onExit().get(1, TimeUnit.MINUTES);
                assertThat(server.port()).hasToString(port);
                assertThat(ask(server, "SELECT word FROM kept")).isEqualTo("acknowledged");
            }
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesTheKillingOfPostgres() throws Exception {
        try (Home home = Home.open(directory)) {
            EmbeddedPostgres killed = EmbeddedPostgres.start(home);
            tell(killed, "CREATE TABLE kept AS SELECT 'acknowledged' AS word");
            kill(postmaster(home).orElseThrow());
            assertThat(home.resolve("postgres/postmaster.pid")).exists();

            try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
                assertThat(server.port()).isEqualTo(killed.port());
                assertThat(ask(server, "SELECT word FROM kept")).isEqualTo("acknowledged");
            }
        }
    }

    /** After a restart of the machine, or of a container, the process id means somebody else. */
    @Test
    void aStrangerThatGotTheProcessIdOfAKilledPostgresIsLeftAlone() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            startAfterAKilledPostgresWhoseProcessIdIsNow(stranger.pid());
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aKilledPostgresThatNobodyCollectedIsNotTakenForALivingOne() throws Exception {
        Process careless = new ProcessBuilder("sh", "-c", "sleep 0 & echo $!; exec sleep 600").start();
        try {
            String zombie = careless.inputReader().readLine();
            Path stat = Path.of("/proc", zombie, "stat");
            for (int tries = 0; tries < 600 && !Files.readString(stat).contains(") Z "); tries++) {
                Thread.sleep(100);
            }
            assertThat(Files.readString(stat)).contains(") Z ");

            startAfterAKilledPostgresWhoseProcessIdIsNow(Long.parseLong(zombie));
        } finally {
            careless.destroyForcibly().waitFor();
        }
    }

    private void startAfterAKilledPostgresWhoseProcessIdIsNow(long pid) throws Exception {
        try (Home home = Home.open(directory)) {
            EmbeddedPostgres killed = EmbeddedPostgres.start(home);
            tell(killed, "CREATE TABLE kept AS SELECT 'acknowledged' AS word");
            ProcessHandle process = postmaster(home).orElseThrow();
            kill(process);
            Path pidFile = home.resolve("postgres/postmaster.pid");
            Files.writeString(pidFile, Files.readString(pidFile).replaceFirst("^" + process.pid(), Long.toString(pid)));

            try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
                assertThat(server.port()).isEqualTo(killed.port());
                assertThat(ask(server, "SELECT word FROM kept")).isEqualTo("acknowledged");
            }
        }
    }

    @Test
    void thePostgresOfAnotherHomeIsLeftAloneByACopyOfThatHome() throws Exception {
        try (Home home = Home.open(directory);
                EmbeddedPostgres server = EmbeddedPostgres.start(home);
                Home copy = Home.open(temporary.resolve("copy"))) {
            EmbeddedPostgres.start(copy).close();
            Files.copy(home.resolve("postgres/postmaster.pid"), copy.resolve("postgres/postmaster.pid"));
            Files.copy(
                    home.resolve("postgres.port"),
                    temporary.resolve("copy/postgres.port"),
                    StandardCopyOption.REPLACE_EXISTING);

            try (EmbeddedPostgres other = EmbeddedPostgres.start(copy)) {
                assertThat(other.port()).isNotEqualTo(server.port());
                assertThat(ask(server, "SELECT 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void aPortThatSomebodyElseTookMeanwhileIsLeftToThem() throws Exception {
        try (Home home = Home.open(directory)) {
            EmbeddedPostgres first = EmbeddedPostgres.start(home);
            tell(first, "CREATE TABLE kept AS SELECT 'kept' AS word");
            first.close();

            int moved;
            try (ServerSocket taken = new ServerSocket(first.port(), 1, InetAddress.getByName("127.0.0.1"));
                    EmbeddedPostgres second = EmbeddedPostgres.start(home)) {
                moved = second.port();
                assertThat(moved).isNotEqualTo(taken.getLocalPort());
                assertThat(ask(second, "SELECT word FROM kept")).isEqualTo("kept");
            }
            try (EmbeddedPostgres third = EmbeddedPostgres.start(home)) {
                assertThat(third.port()).isEqualTo(moved);
            }
        }
    }

    @Test
    void aServerThatWouldForgetIsRefusedInOneSentenceAndStopped() throws Exception {
        try (Home home = Home.open(directory)) {
            try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
                tell(server, "ALTER ROLE ledger SET synchronous_commit = off");
            }

            assertThatThrownBy(() -> EmbeddedPostgres.start(home))
                    .isInstanceOf(StartRefused.class)
                    .hasMessage("The embedded PostgreSQL in " + home.path()
                            + " runs with synchronous_commit=off where the ledger needs on: remove that setting from its"
                            + " configuration, database or user.");
            assertThat(home.resolve("postgres/postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void dataOfAnotherReleaseOfPostgresAreRefusedWithItsOwnWords() throws Exception {
        try (Home home = Home.open(directory)) {
            EmbeddedPostgres.start(home).close();
            Files.writeString(home.resolve("postgres/PG_VERSION"), "17\n");

            assertThatThrownBy(() -> EmbeddedPostgres.start(home))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("database files are incompatible with server")
                    .hasMessageContaining("--spring.datasource.url");
        }
    }

    @Test
    void aLostPasswordIsRefusedInOneSentence() throws Exception {
        try (Home home = Home.open(directory)) {
            EmbeddedPostgres.start(home).close();
            Files.delete(home.resolve("postgres.password"));

            assertThatThrownBy(() -> EmbeddedPostgres.start(home))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("postgres.password is missing");
        }
    }

    @Test
    void aFirstStartThatDiedHalfWayIsBegunAgain() throws Exception {
        try (Home home = Home.open(emptyDirectory)) {
            Files.createDirectories(home.resolve("postgres-half-made/base"));
            Files.createDirectories(home.resolve("postgres-programs/half-unpacked/bin"));
            Files.createFile(home.resolve("postgres.password-half-made"));

            try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
                assertThat(ask(server, "SELECT 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void whereNamespacesAreForbiddenRootStartsItAsNobody() throws Exception {
        assumeTrue(new UnixSystem().getUid() == 0, "needs root");
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));
        EmbeddedPostgresAccount nobody = EmbeddedPostgresAccount.nobody().orElseThrow();
        try (Home home = Home.open(emptyDirectory)) {
            try (EmbeddedPostgres server = EmbeddedPostgres.startAs(nobody, home)) {
                tell(server, "CREATE TABLE kept AS SELECT 'kept' AS word");
                assertThat(postmaster(home).orElseThrow().info().user()).contains("nobody");
                assertThat(permissions(home.path())).isEqualTo("rwx-----x");
            }
            try (EmbeddedPostgres server = EmbeddedPostgres.startAs(nobody, home)) {
                assertThat(ask(server, "SELECT word FROM kept")).isEqualTo("kept");
            }
        }
    }

    @Test
    void aHomeThatNobodyCannotReachIsRefusedInOneSentence() throws Exception {
        assumeTrue(new UnixSystem().getUid() == 0, "needs root");
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx------"));
        EmbeddedPostgresAccount nobody = EmbeddedPostgresAccount.nobody().orElseThrow();
        try (Home home = Home.open(emptyDirectory)) {
            assertThatThrownBy(() -> EmbeddedPostgres.startAs(nobody, home))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("does not run from")
                    .hasMessageContaining("use a home that the user it runs under can reach");
        }
    }

    private static Connection connect(EmbeddedPostgres server) throws SQLException {
        return DriverManager.getConnection(server.url(), server.user(), server.password());
    }

    private static String show(EmbeddedPostgres server, String setting) throws SQLException {
        return ask(server, "SHOW " + setting);
    }

    /** As the administrator, for whom no setting is hidden. */
    private static String ask(EmbeddedPostgres server, String query) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.url(), server.administrator(), server.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void tell(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = connect(server);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static Optional<ProcessHandle> postmaster(Home home) throws IOException {
        return ProcessHandle.of(Long.parseLong(
                Files.readAllLines(home.resolve("postgres/postmaster.pid")).get(0)));
    }

    private static void kill(ProcessHandle process) throws Exception {
        process.destroyForcibly();
        process.onExit().get(1, TimeUnit.MINUTES);
    }
}
