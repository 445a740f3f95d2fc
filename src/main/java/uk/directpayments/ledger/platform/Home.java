package uk.directpayments.ledger.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds everything a ledger keeps on its own machine: the embedded PostgreSQL, if it has one, and keys. One
 * process at a time: {@code <home>/lock} is locked until {@link #close}, and the operating system lets go of it when the process
 * dies, however it dies.
 */
public final class Home implements AutoCloseable {

    /**
     * The homes open in this JVM. Asked before the lock file is touched: on POSIX systems closing any handle of a file drops every
     * lock that the process has on it, so a refused second opening would have freed the first.
     */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lockFile;

    private Home(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Opens a home, making it (for its owner alone) if it is not there yet.
     *
     * @throws StartRefused if another process has it, or if it cannot be written
     */
    public static Home open(Path directory) {
        Path path;
        try {
            path = make(directory.toAbsolutePath().normalize()).toRealPath();
        } catch (IOException e) {
            throw unusable(directory, e);
        }
        if (!OPEN.add(path)) {
            throw inUse(path, Long.toString(ProcessHandle.current().pid()));
        }
        try {
            return new Home(path, lock(path.resolve("lock")));
        } catch (IOException e) {
            OPEN.remove(path);
            throw unusable(path, e);
        } catch (RuntimeException e) {
            OPEN.remove(path);
            throw e;
        }
    }

    /** Absolute, without symbolic links. */
    public Path path() {
        return path;
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** Puts a file in another's place: the new content or the old one, whenever a crash or a power cut comes. */
    public void replace(String name, byte[] content) throws IOException {
        SecretFile.replace(resolve(name), content);
    }

    @Override
    public void close() throws IOException {
        if (OPEN.remove(path)) {
            lockFile.close();
        }
    }

    private static Path make(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return path;
        }
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        return Files.createDirectory(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
            if (lock == null) {
                throw inUse(file.getParent(), Files.readString(file).strip());
            }
            // For the sentence that a second process is refused with.
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return channel;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    private static StartRefused inUse(@Nullable Path path, String pid) {
        return new StartRefused("The home " + path + " is in use by another ledger (process " + pid
                + "): stop that one, or give this one a home of its own with --ledger.home=DIR.");
    }

    private static StartRefused unusable(Path path, IOException e) {
        return new StartRefused(
                "The home " + path + " cannot be used (" + e + "): name a directory that this user may write with"
                        + " --ledger.home=DIR.",
                e);
    }
}
