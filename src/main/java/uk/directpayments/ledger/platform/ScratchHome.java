package uk.directpayments.ledger.platform;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * A backup of a home, copied to where a restore can be tried: with the checkpoint and the list of erasures that were kept elsewhere in the place of
 * its own. Deleted when the ledger that used it has ended.
 */
final class ScratchHome implements AutoCloseable {

    /** What belongs to the ledger that ran there, not to what it kept: with its name the drill would take over what it holds. */
    private static final Set<String> LEFT_OUT = Set.of(
            "lock",
            NodeName.FILE,
            "postgres.port",
            "postmaster.pid",
            "postgres-programs",
            "postgres.log",
            "postgres.log.1");

    private final Path path;

    private ScratchHome(Path path) {
        this.path = path;
    }

    /**
     * Copies a backup.
     *
     * @param checkpoint the file {@code checkpoint} of the home, as it was kept elsewhere
     * @param erasures   the newest list of erasures, or null: the backup's own
     * @throws StartRefused if one of them cannot be read, or there is no room
     */
    static ScratchHome of(Path backup, Path checkpoint, @Nullable Path erasures) {
        try {
            ScratchHome scratch = new ScratchHome(Files.createTempDirectory("ledger-drill"));
            Files.walkFileTree(backup.toRealPath(), scratch.new Copy(backup.toRealPath()));
            scratch.replace("checkpoint", checkpoint);
            if (erasures != null) {
                scratch.replace(ErasureList.FILE, erasures);
            }
            return scratch;
        } catch (IOException e) {
            throw new StartRefused("The backup cannot be copied to a scratch place (" + e + ").", e);
        }
    }

    private void replace(String file, Path with) throws IOException {
        Files.copy(with, path.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        FileSystemUtils.deleteRecursively(path);
    }

    private final class Copy extends SimpleFileVisitor<Path> {

        private final Path from;

        Copy(Path from) {
            this.from = from;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (LEFT_OUT.contains(directory.getFileName().toString())) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            if (!directory.equals(from)) {
                copy(directory);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (!LEFT_OUT.contains(file.getFileName().toString())) {
                copy(file);
            }
            return FileVisitResult.CONTINUE;
        }

        /** With its owner and mode: PostgreSQL insists on them. */
        private void copy(Path file) throws IOException {
            Files.copy(
                    file,
                    path.resolve(from.relativize(file)),
                    StandardCopyOption.COPY_ATTRIBUTES,
                    LinkOption.NOFOLLOW_LINKS);
        }
    }
}
