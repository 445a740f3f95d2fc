package uk.directpayments.ledger.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The Axon Server that the contract is held against: {@code LEDGER_AXONSERVER=host:port} names its gRPC port, and
 * {@code LEDGER_AXONSERVER_HTTP} its HTTP address if that is not port 8024 of the same host. EVERYTHING IN IT IS ERASED, which it
 * allows in development mode only.
 */
public final class AxonServerUnderTest {

    private static final String VARIABLE = "LEDGER_AXONSERVER";
    private static final AtomicBoolean told = new AtomicBoolean();

    private AxonServerUnderTest() {}

    public static boolean isNamed() {
        return System.getenv(VARIABLE) != null;
    }

    public static String host() {
        return System.getenv(VARIABLE).split(":")[0];
    }

    public static int port() {
        return Integer.parseInt(System.getenv(VARIABLE).split(":")[1]);
    }

    /** Erases every event. */
    public static void empty() {
        String http = System.getenv().getOrDefault(VARIABLE + "_HTTP", "http://" + host() + ":8024");
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(http + "/v1/devmode/purge-events"))
                                    .DELETE()
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(http + " is not in development mode, its events cannot be erased: "
                        + answer.statusCode() + " " + answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Runs a class if a server is named. */
    public static final class OrSkipped implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (isNamed()) {
                return ConditionEvaluationResult.enabled(VARIABLE + " names a server");
            }
            if (told.compareAndSet(false, true)) {
                System.err.println("######## SKIPPED: THE CONTRACT ON AXON SERVER. Name one: " + VARIABLE
                        + "=host:port, see src/docs/operating/axon-server.md ########");
            }
            return ConditionEvaluationResult.disabled(VARIABLE + " names no server");
        }
    }

    /** Empties the server and points the ledger to it. */
    public static final class Emptied implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            empty();
            TestPropertyValues.of("axon.axonserver.servers=" + host() + ":" + port())
                    .applyTo(context);
        }
    }
}
