package uk.directpayments.ledger.bench;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.support.ChildLedger;

/**
 * How long it takes from the start of the JVM to readiness, with a warm home and a PostgreSQL of its own: of the jar as it is built, taken apart,
 * and with an archive of its classes, as the installation of the service has it. In turn, {@code -Dbench.rounds=…}. Wants the jar: {@code ./mvnw package}.
 */
class StartBench {

    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
    private static final String JAR = "direct-payment-ledger.jar";
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private Path place = Path.of("target");

    @Test
    void fromTheStartToReadiness() throws Exception {
        Path jar = Path.of("target", JAR).toAbsolutePath();
        assumeTrue(Files.exists(jar), "NOT MEASURED: there is no " + jar);
        place = Files.createTempDirectory(Path.of("target"), "start").toAbsolutePath();
        String apart = place.resolve("apart").resolve(JAR).toString();
        String archive = place.resolve("ledger.jsa").toString();
        run(List.of(JAVA, "-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", place + "/apart"));
        run(ledger("-XX:ArchiveClassesAtExit=" + archive, "-Dspring.context.exit=onRefresh", "-jar", apart));

        Map<String, List<String>> ways = new LinkedHashMap<>();
        ways.put("the jar", ledger("-jar", jar.toString()));
        ways.put("taken apart", ledger("-jar", apart));
        ways.put("with an archive", ledger("-XX:SharedArchiveFile=" + archive, "-jar", apart));
        Map<String, double[]> seconds = new LinkedHashMap<>();
        ways.keySet().forEach(way -> seconds.put(way, new double[ROUNDS]));
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, List<String>> way : ways.entrySet()) {
                seconds.get(way.getKey())[round] = ready(way.getValue());
            }
        }
        double[] first = seconds.values().iterator().next();
        seconds.forEach((way, took) -> {
            double[] ratios = new double[ROUNDS];
            Arrays.setAll(ratios, round -> took[round] / first[round]);
            System.out.printf(
                    "%-16s ready after %.1f s, %.2f of the jar%n", way, Rounds.median(took), Rounds.median(ratios));
        });
    }

    private List<String> ledger(String... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx1g"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--ledger.demo=false", "--ledger.home=" + place.resolve("home")));
        return command;
    }

    private double ready(List<String> ledger) throws Exception {
        int port = ChildLedger.freePort();
        List<String> command = new ArrayList<>(ledger);
        command.add("--server.port=" + port);
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest readiness = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness"))
                .build();
        long begun = System.nanoTime();
        Process process = started(command);
        while (!isReady(http, readiness)) {
            if (!process.isAlive()) {
                throw new IllegalStateException("it ended: see output.log in " + place);
            }
            Thread.sleep(20);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        process.destroy();
        process.waitFor();
        return seconds;
    }

    private static boolean isReady(HttpClient http, HttpRequest readiness) throws InterruptedException {
        try {
            return http.send(readiness, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void run(List<String> command) throws Exception {
        if (started(command).waitFor() != 0) {
            throw new IllegalStateException(command + " failed: see output.log in " + place);
        }
    }

    private Process started(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        place.resolve("output.log").toFile()))
                .start();
    }
}
