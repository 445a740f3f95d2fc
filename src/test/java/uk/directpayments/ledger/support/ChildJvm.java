package uk.directpayments.ledger.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program in a JVM of its own, with this one's class path: for what must survive, or be refused to, another process. Reads what
 * it writes; ends it, the hard way, when closed.
 */
public final class ChildJvm implements AutoCloseable {

    private static final int SECONDS_TO_END = 120;

    private final Process process;
    private final BufferedReader output;
    private final List<String> lines = new ArrayList<>();

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    public static ChildJvm start(Class<?> main, List<String> options, String... arguments) throws IOException {
        return start(new ArrayList<>(), main, options, arguments);
    }

    /** One that, like whatever it starts, may not address more than so many megabytes. */
    public static ChildJvm startWithin(int megabytes, Class<?> main, String... arguments) throws IOException {
        List<String> limited = List.of(
                "bash", "-c", "ulimit -v $((%d * 1024)); MALLOC_ARENA_MAX=1 exec \"$0\" \"$@\"".formatted(megabytes));
        List<String> small = List.of(
                "-Xmx64m", "-XX:+UseSerialGC", "-XX:CompressedClassSpaceSize=32m", "-XX:ReservedCodeCacheSize=32m");
        return start(new ArrayList<>(limited), main, small, arguments);
    }

    private static ChildJvm start(List<String> command, Class<?> main, List<String> options, String... arguments)
            throws IOException {
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ChildJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Waits for a line that begins so, and answers the rest of it; fails with all that was written if the child ends before. */
    public String await(String beginning) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length()).strip();
            }
        }
        throw new AssertionError("the child ended without \"" + beginning + "\":\n" + String.join("\n", lines));
    }

    /** What it has written, to its end. */
    public String outputToTheEnd() throws IOException {
        output.lines().forEach(lines::add);
        return String.join("\n", lines);
    }

    /** SIGTERM, as an operator stops a service. */
    public void terminate() {
        // Process.destroy would also close what is still to be read.
        process.toHandle().destroy();
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
            throw new AssertionError("the child did not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
