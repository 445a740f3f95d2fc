package uk.directpayments.ledger.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The list of erasures, {@code <home>/erasures.txt}: one line an erasure with the ledger's mark, the position of the event, the time and
 * the person's id. It is only ever appended to, and lies outside the database so that an older backup of that cannot bring a destroyed
 * key back. The mark says whose line it is: another database that is started in the same home has other persons under the same ids.
 */
final class ErasureList {

    static final String FILE = "erasures.txt";

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{16}) ([0-9]{1,18}) (\\S+) (\\S+)");

    private final Path home;
    private final Path file;
    private final String mark;

    /** @param position of the event in the log */
    record Erasure(String personId, long position, Instant at) {}

    /**
     * @param mark 16 hexadecimal digits: the same for a database and its backups, another for every other database
     */
    ErasureList(Path home, String mark) {
        this.home = home;
        this.file = home.resolve(FILE);
        this.mark = mark;
    }

    /**
     * What is listed of this ledger, in the order of the lines. A line that was cut off by a crash is dropped: what it was about to say is still
     * in the database.
     *
     * @throws StartRefused if a line cannot be read: a person on it might otherwise come back
     */
    synchronized List<Erasure> read() {
        try {
            if (Files.notExists(file)) {
                return List.of();
            }
            dropTornLine();
            List<Erasure> listed = new ArrayList<>();
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                Matcher parts = LINE.matcher(line);
                if (!parts.matches()) {
                    throw damaged(number);
                }
                if (parts.group(1).equals(mark)) {
                    listed.add(new Erasure(
                            parts.group(4), Long.parseLong(parts.group(2)), instant(parts.group(3), number)));
                }
            }
            return listed;
        } catch (IOException e) {
            throw new UncheckedIOException("The list of erasures " + file + " cannot be read.", e);
        }
    }

    /** Appends lines, and returns when they are on the disk. */
    synchronized void add(List<Erasure> erasures) {
        StringBuilder lines = new StringBuilder();
        erasures.forEach(erasure ->
                lines.append("%s %d %s %s\n".formatted(mark, erasure.position, erasure.at, erasure.personId)));
        ByteBuffer rest = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
        append(channel -> {
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        });
    }

    /** What is written at the end of the list. */
    interface Writing {
        void to(FileChannel channel) throws IOException;
    }

    /** Appends all of it or nothing: half a line would make one with the next, which nobody could read. */
    synchronized void append(Writing lines) {
        boolean first = Files.notExists(file);
        try {
            long size = first ? 0 : Files.size(file);
            try (FileChannel channel = FileChannel.open(
                    file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), SecretFile.ownerOnly(home))) {
                lines.to(channel);
                channel.force(true);
                if (first) {
                    SecretFile.force(home);
                }
            } catch (IOException e) {
                cut(size, e);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The list of erasures " + file + " cannot be written.", e);
        }
    }

    private void cut(long size, IOException because) {
        try {
            truncate(size);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private void truncate(long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
            channel.force(true);
        }
    }

    private void dropTornLine() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end < bytes.length) {
            truncate(end);
        }
    }

    private Instant instant(String text, int number) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw damaged(number);
        }
    }

    private StartRefused damaged(int number) {
        return new StartRefused("Line " + number + " of the list of erasures " + file
                + " cannot be read: put back an intact copy, so that nobody who was erased comes back.");
    }
}
