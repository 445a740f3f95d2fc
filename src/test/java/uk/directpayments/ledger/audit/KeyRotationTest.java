package uk.directpayments.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.LedgerApplication;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.TestPostgres;

/** A ledger whose keys are rotated: started anew with {@code --ledger.rotate}, and once more without. */
class KeyRotationTest {

    private static final String NO_ROOM = """
            CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER no_room BEFORE INSERT ON event_log FOR EACH ROW EXECUTE FUNCTION no_room()""";

    @TempDir
    Path home;

    @Test
    void bothKeysAreRotatedTheLogSaysSoAndWhatWasSignedAndSealedBeforeHolds() throws Exception {
        List<String> arguments = arguments();
        String keyBefore;
        String publicKeyBefore;
        try (ConfigurableApplicationContext ledger = started(arguments)) {
            Caller finance = caller(ledger, "finance");
            assertThat(finance.post(
                                    "/api/v1/people",
                                    "{\"personId\":\"P\",\"name\":\"Robin Example\",\"dateOfBirth\":\"2012-05-01\"}")
                            .status())
                    .isEqualTo(201);
            JsonNode signed = get(ledger, "/audit/checkpoint");
            keyBefore = signed.path("keyId").asString();
            publicKeyBefore = signed.path("publicKey").asString();
            ledger.getBean(JdbcClient.class).sql(NO_ROOM).update();
        }
        List<String> rotating = new ArrayList<>(arguments);
        rotating.add("--ledger.rotate=master-key,signing-key");
        startThatFailsAfterRotatingTheSigningKey(arguments);
        JsonNode after;
        try (ConfigurableApplicationContext ledger = started(rotating)) {
            assertThat(get(ledger, "/people/P").path("name").asString()).isEqualTo("Robin Example");
            assertThat(rotations(ledger)).as("the log is away at the start").isEmpty();
            ledger.getBean(JdbcClient.class)
                    .sql("DROP FUNCTION no_room() CASCADE")
                    .update();
            ledger.getBean(SigningKeys.class).recordRotation();
            after = get(ledger, "/audit/checkpoint");
            assertThat(after.path("keyId").asString()).isNotEqualTo(keyBefore);
            JsonNode told = rotations(ledger);
            assertThat(told).hasSize(2);
            assertThat(told.get(0).path("payload").path("previousKeyId").asString())
                    .isEqualTo(keyBefore);
            assertThat(told.get(1).path("payload").path("previousKeyId").asString())
                    .as("of the start that failed")
                    .isEqualTo(told.get(0).path("payload").path("keyId").asString());
            assertThat(told.get(1).path("payload").path("keyId").asString())
                    .isEqualTo(after.path("keyId").asString());
            assertThat(verified(ledger).path("ok").asBoolean()).isTrue();
            whoeverTrustsTheKeyBeforeChecksAPackWithIt(ledger, publicKeyBefore);
        }
        Path checkpoint = home.resolve("checkpoint");
        String signed = Files.readString(checkpoint);
        Files.delete(checkpoint);
        try (ConfigurableApplicationContext ledger = started(arguments)) {
            for (int i = 0; i < 100 && Files.notExists(checkpoint); i++) {
                Thread.sleep(100);
            }
            assertThat(checkpoint).as("taken over from the other nodes").hasContent(signed);
            assertThat(rotations(ledger)).as("recorded once").hasSize(2);
            assertThat(get(ledger, "/audit/checkpoint")).isEqualTo(after);
            assertThat(get(ledger, "/people/P").path("name").asString()).isEqualTo("Robin Example");
            ledger.getBean(JdbcClient.class)
                    .sql("UPDATE audit_checkpoint SET signed_at = signed_at + interval '1 s' WHERE key_id = ?")
                    .param(keyBefore)
                    .update();
            assertThat(verified(ledger).path("ok").asBoolean(true))
                    .as("what the key before has signed is checked too")
                    .isFalse();
        }
    }

    private static void startThatFailsAfterRotatingTheSigningKey(List<String> arguments) throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            List<String> failing = new ArrayList<>(arguments);
            failing.add("--ledger.rotate=signing-key");
            failing.replaceAll(argument ->
                    argument.startsWith("--server.port=") ? "--server.port=" + taken.getLocalPort() : argument);
            assertThatThrownBy(() -> started(failing)).hasStackTraceContaining("already in use");
        }
    }

    private void whoeverTrustsTheKeyBeforeChecksAPackWithIt(ConfigurableApplicationContext ledger, String key)
            throws Exception {
        Path pack = home.resolve("pack.zip");
        Files.write(pack, caller(ledger, "auditor").bytes("/api/v1/audit/evidence-pack?sample=1&seed=7"));
        Path program = home.resolve("Verify.java");
        try (ZipFile zip = new ZipFile(pack.toFile())) {
            Files.copy(zip.getInputStream(zip.getEntry("Verify.java")), program);
        }
        assertThat(checked(program, pack, key)).startsWith("OK: 0 events are in the log of ");
        try (FileSystem zip = FileSystems.newFileSystem(pack)) {
            Path keys = zip.getPath("keys.txt");
            String[] words = Files.readAllLines(keys).get(0).split(" ");
            byte[] other = Base64.getDecoder().decode(words[2]);
            other[0]++;
            Files.writeString(
                    keys, words[0] + " " + words[1] + " " + Base64.getEncoder().encodeToString(other) + "\n");
        }
        assertThat(checked(program, pack, key)).startsWith("NOT OK: a key in keys.txt was not signed");
    }

    private String checked(Path program, Path pack, String key) throws Exception {
        Path given = Files.writeString(home.resolve("given-key.txt"), key);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(java, program.toString(), pack.toString(), given.toString())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private List<String> arguments() {
        Map<String, Object> properties = new LinkedHashMap<>();
        TestPostgres.properties((name, value) -> properties.put(name, value.get()));
        properties.putAll(Map.of("ledger.demo", false, "server.port", 0, "ledger.home", home));
        List<String> arguments = new ArrayList<>();
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return arguments;
    }

    private static ConfigurableApplicationContext started(List<String> arguments) {
        return new SpringApplicationBuilder(LedgerApplication.class).run(arguments.toArray(String[]::new));
    }

    private static Caller caller(ConfigurableApplicationContext ledger, String user) {
        return Caller.as(user, Integer.parseInt(ledger.getEnvironment().getRequiredProperty("local.server.port")));
    }

    private static JsonNode get(ConfigurableApplicationContext ledger, String path) {
        Answer answer = caller(ledger, "auditor").get("/api/v1" + path);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }

    private static JsonNode rotations(ConfigurableApplicationContext ledger) {
        return get(ledger, "/audit/events?type=key.rotated").path("items");
    }

    private static JsonNode verified(ConfigurableApplicationContext ledger) throws InterruptedException {
        String id = caller(ledger, "auditor")
                .post("/api/v1/audit/verifications", "{}")
                .json()
                .path("verificationId")
                .asString();
        for (int i = 0; i < 300; i++) {
            JsonNode result = get(ledger, "/audit/verifications/" + id);
            if (!result.path("state").asString().equals("RUNNING")) {
                return result;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the verification did not end");
    }
}
