package uk.directpayments.ledger.platform;

import com.sun.security.auth.module.UnixSystem;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The account that PostgreSQL's programs run under. PostgreSQL refuses to run as root, so root starts it in a user namespace, in
 * which root is nobody and the files stay root's; where namespaces are forbidden (many containers), as the user nobody. It refuses
 * a user without a name too, as clusters number them: that one is also nobody in a namespace.
 *
 * @param prefix what goes before each command
 * @param owner  the user id that must own PostgreSQL's files, or null if they are ours anyway
 */
record EmbeddedPostgresAccount(
        List<String> prefix, @Nullable Integer owner) {

    private static final String NOBODY = "65534";
    private static final List<List<String>> DROPPING_PRIVILEGES = List.of(
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"),
            List.of("runuser", "-u", "nobody", "--"));

    /** @throws StartRefused if we are root or have no name, and can become nobody else here */
    static EmbeddedPostgresAccount find() {
        UnixSystem we = new UnixSystem();
        // Of a user without a name it says that they are root.
        boolean nameless = we.getUsername() == null;
        if (!nameless && we.getUid() != 0) {
            return new EmbeddedPostgresAccount(List.of(), null);
        }
        if (LinuxUtils.isUnshareAvailable()) {
            return new EmbeddedPostgresAccount(List.of("unshare", "-U"), null);
        }
        if (nameless) {
            throw new StartRefused(
                    "PostgreSQL does not run under a user without a name, and this one has none in /etc/passwd and cannot use"
                            + " unshare here: start the ledger as a user with a name, or name a PostgreSQL of your own with --spring.datasource.url.");
        }
        return nobody().orElseThrow(
                        () -> new StartRefused("PostgreSQL does not run as root, and root can use none of unshare,"
                                + " setpriv and runuser here: start the ledger as an ordinary user, or name a PostgreSQL of your"
                                + " own with --spring.datasource.url."));
    }

    static Optional<EmbeddedPostgresAccount> nobody() {
        for (List<String> prefix : DROPPING_PRIVILEGES) {
            try {
                List<String> command = new ArrayList<>(prefix);
                command.addAll(List.of("id", "-u"));
                Process process =
                        new ProcessBuilder(command).redirectErrorStream(true).start();
                String uid = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                if (process.waitFor() == 0 && uid.matches("[1-9][0-9]{0,8}")) {
                    return Optional.of(new EmbeddedPostgresAccount(prefix, Integer.valueOf(uid)));
                }
            } catch (IOException e) {
                // Not installed: the next may be.
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return Optional.empty();
    }

    /** Gives a file, or a directory with all that is in it, to the account. */
    void own(Path path) throws IOException {
        if (owner != null) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.setAttribute(file, "unix:uid", owner, java.nio.file.LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
    }

    /** Lets the account pass through a directory of ours to the files of its own in it; it still cannot list it. */
    void letThrough(Path directory) throws IOException {
        if (owner != null) {
            var permissions = Files.getPosixFilePermissions(directory);
            permissions.add(java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE);
            Files.setPosixFilePermissions(directory, permissions);
        }
    }
}
