package uk.directpayments.ledger.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A key's file under the ledger's home: for its owner alone (mode 600), written once, and replaced only when it is rotated. */
final class SecretFile {

    private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private SecretFile() {}

    /** The file's text; a warning is logged if others than its owner can read it. */
    static String read(Path file) throws IOException {
        if (isPosix(file) && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            LOG.warn("{} can be read by others than its owner: chmod 600 it", file);
        }
        return Files.readString(file);
    }

    /** Whole or not at all, on the disk before it is returned, and never over a file that is there. */
    static void writeOnce(Path file, byte[] content) throws IOException {
        write(file, content); // no REPLACE_EXISTING: fails if another process was faster
    }

    /** The new content or the old one, whenever a crash comes. */
    static void replace(Path file, byte[] content) throws IOException {
        write(file, content, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(Path file, byte[] content, CopyOption... how) throws IOException {
        Path home = Files.createDirectories(file.toAbsolutePath().getParent());
        Path draft = Files.createTempFile(home, "." + file.getFileName(), ".draft", ownerOnly(home));
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(draft, file, how);
            force(home);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** What a file is created with so that nobody but its owner can read it. */
    static FileAttribute<?>[] ownerOnly(Path home) {
        return isPosix(home)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    /** Puts a directory's entries on the disk. */
    static void force(Path directory) throws IOException {
        if (isPosix(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
