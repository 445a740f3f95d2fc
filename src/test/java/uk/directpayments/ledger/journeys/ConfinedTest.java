package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;
import uk.directpayments.ledger.platform.EmbeddedPostgres;
import uk.directpayments.ledger.platform.Home;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.ChildLedger;

/**
 * The ledger as a container or a hardened service runs it: an ordinary user without a single capability, on a file system that nobody can write but
 * for the home and one directory for temporary files. As root only, where mount namespaces are allowed.
 */
class ConfinedTest {

    /** Has a name, which PostgreSQL asks for. */
    private static final int NOBODY = 65_534;

    /** Has none, as in clusters that give each service a number. */
    private static final int NUMBER = 47_110;

    /** The file system is shown to be read-only by root itself, before it becomes the user. */
    private static final String CONFINED = """
            set -e
            mount --bind "$1" "$1"
            mount --bind "$2" "$2"
            mount -t tmpfs -o size=64m,mode=1777 shm /dev/shm
            mount -o remount,bind,ro /
            ! touch /written-by-root "$1/../written-by-root" 2>/dev/null
            user=$3
            cd "$2"
            shift 3
            exec setpriv --reuid=$user --regid=$user --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
            """;

    private static Path place;
    private static String classPath;

    @BeforeAll
    static void thePlaceThatEverybodyMayEnter() throws Exception {
        place = Files.createTempDirectory("ledger-confined");
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
        assumeTrue(
                run("unshare", "-m", "sh", "-c", "mount --bind " + place + " " + place + " && setpriv --version"),
                "NOT TESTED: the read-only file system. Only root, where mount namespaces are allowed, can make one.");
        classPath = copied(place.resolve("lib"));
    }

    @AfterAll
    static void away() throws IOException {
        FileSystemUtils.deleteRecursively(place);
    }

    @Test
    void anOrdinaryUserOnAReadOnlySystemKeepsALedgerAndItsPostgreSQLInTheHomeAlone() throws Exception {
        Path own = owned("embedded", NOBODY);
        try (ChildLedger ledger = ChildLedger.start(confined(own, NOBODY), classPath, own.resolve("home/ledger"))) {
            works(ledger);
            assertThat(status(ledger))
                    .contains("Uid:\t" + NOBODY + "\t" + NOBODY, "NoNewPrivs:\t1", "CapEff:\t0000000000000000");
            assertThat(Files.getPosixFilePermissions(own.resolve("home/ledger")))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            ledger.terminate();
            assertThat(ledger.awaitExit()).isEqualTo(143);
            ledger.startAgain();
            assertThat(ledger.as("finance").get("/api/v1/people/CONFINED").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aUserWithoutANameServesADatabaseElsewhereWhosePasswordIsInAFileOfItsOwnAndNowhereElse() throws Exception {
        Path own = owned("external", NUMBER);
        try (Home theirs = Home.open(place.resolve("database"));
                EmbeddedPostgres database = EmbeddedPostgres.start(theirs)) {
            Path secrets = own.resolve("secrets");
            Files.createDirectory(
                    secrets, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path secret = secrets.resolve("spring.datasource.password");
            Files.writeString(secret, database.password() + "\n");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--------"));
            owns(NUMBER, secrets);
            try (ChildLedger ledger = ChildLedger.start(
                    confined(own, NUMBER),
                    classPath,
                    own.resolve("home/ledger"),
                    "--spring.datasource.url=" + database.url(),
                    "--spring.datasource.username=" + database.user(),
                    "--spring.config.import=configtree:" + secrets + "/")) {
                works(ledger);
                assertThat(status(ledger)).contains("Uid:\t" + NUMBER + "\t" + NUMBER);
                for (String kept : List.of("cmdline", "environ")) {
                    assertThat(Files.readString(Path.of("/proc", "" + ledger.pid(), kept), StandardCharsets.ISO_8859_1))
                            .as(kept)
                            .doesNotContain(database.password());
                }
                for (String user : List.of("", "finance", "admin")) {
                    for (String path : List.of("env", "configprops", "heapdump", "beans", "info", "sbom", "")) {
                        Caller.Answer answer = ledger.as(user).get("/actuator/" + path);
                        assertThat(answer.status()).as(user + " " + path).isIn(302, 401, 403, 404);
                        assertThat(answer.response().body()).doesNotContain(database.password());
                    }
                }
                database.close();
                assertThat(ledger.as("finance")
                                .get("/api/v1/people/CONFINED")
                                .response()
                                .body())
                        .doesNotContain(database.password(), database.url(), "password");
                assertThat(ledger.output()).doesNotContain(database.password());
            }
        }
    }

    @Test
    void theEmbeddedPostgreSQLRunsUnderAUserWithoutANameWhereNamespacesAreAllowedAndElsewhereSaysWhyNot()
            throws Exception {
        Path own = owned("nameless", NUMBER);
        Path home = own.resolve("home/ledger");
        assertThatThrownBy(() -> ChildLedger.start(confined(own, NUMBER, "PATH=/nowhere"), classPath, home)
                        .close())
                .hasMessageContaining("is not ready");
        assertThat(Files.readString(own.resolve("home/output.log")))
                .contains("PostgreSQL does not run under a user without a name", "--spring.datasource.url");
        try (ChildLedger ledger = ChildLedger.start(confined(own, NUMBER), classPath, home)) {
            works(ledger);
        }
    }

    private static void works(ChildLedger ledger) {
        Caller finance = ledger.as("finance");
        assertThat(finance.post(
                                "/api/v1/people",
                                "{\"personId\":\"CONFINED\",\"name\":\"Robin Example\",\"dateOfBirth\":\"2012-05-01\"}")
                        .status())
                .isEqualTo(201);
        assertThat(finance.get("/api/v1/people/CONFINED").json().path("name").asString())
                .isEqualTo("Robin Example");
        // kept in the directory for temporary files while they are read or written
        assertThat(finance.upload("/api/v1/statements/preview", new byte[2_000_000])
                        .status())
                .isEqualTo(422);
        assertThat(finance.bytes("/api/v1/reports/balances?format=xlsx")).isNotEmpty();
    }

    private static String status(ChildLedger ledger) throws IOException {
        return Files.readString(Path.of("/proc", "" + ledger.pid(), "status"));
    }

    private static List<String> confined(Path own, int user, String... settings) {
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-m",
                "--propagation",
                "private",
                "sh",
                "-c",
                CONFINED,
                "confined",
                own.resolve("home").toString(),
                own.resolve("tmp").toString(),
                "" + user,
                "env",
                "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + own.resolve("tmp")));
        command.addAll(List.of(settings));
        return command;
    }

    /** A directory with one for the home, in which there is none yet, and one for temporary files. */
    private static Path owned(String name, int user) throws Exception {
        Path own = Files.createDirectory(place.resolve(name));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String writable : List.of("home", "tmp")) {
            owns(user, Files.createDirectory(own.resolve(writable)));
        }
        return own;
    }

    private static void owns(int user, Path path) throws Exception {
        assertThat(run("chown", "-R", user + ":" + user, path.toString())).isTrue();
    }

    /** The class path where everybody can read it, without what only tests need. */
    private static String copied(Path lib) throws Exception {
        Files.createDirectory(lib);
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path original = Path.of(entry);
            Path copy = lib.resolve(copies.size() + "-" + original.getFileName());
            if (original.toString().endsWith("test-classes")
                    || Stream.of("playwright", "prowide").anyMatch(entry::contains)) {
                continue;
            }
            if (Files.isDirectory(original)) {
                FileSystemUtils.copyRecursively(original, copy);
            } else if (Files.exists(original)) {
                Files.copy(original, copy);
            }
            copies.add(copy.toString());
        }
        assertThat(run("chmod", "-R", "a+rX", lib.toString())).isTrue();
        return String.join(File.pathSeparator, copies);
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
