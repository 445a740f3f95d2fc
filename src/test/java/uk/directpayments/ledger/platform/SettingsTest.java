package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import uk.directpayments.ledger.LedgerApplication;

/** A setting that is misspelt is refused, and every setting that there is has its line in the docs. */
class SettingsTest {

    /** How the code asks for one. */
    private static final Pattern ASKED = Pattern.compile(
            "\\$\\{(ledger\\.[a-z.-]+)|ConditionalOnProperty\\((?:name = )?\"(ledger\\.[a-z.-]+)\"|ENDPOINT = \"(ledger\\.[a-z.-]+)\"");

    /** How {@link Issuer} asks for its own. */
    private static final Pattern ISSUERS =
            Pattern.compile("(?:getProperty\\(SETTING \\+ |required\\(settings, )\"([a-z-]+)\"");

    @Test
    void aMisspeltSettingIsRefusedAtTheStartWithThoseThatAreLikeIt() {
        assertThatThrownBy(() -> SpringApplication.run(LedgerApplication.class, "--ledger.demmo=false"))
                .isInstanceOf(StartRefused.class)
                .hasMessage("There is no setting ledger.demmo. There is ledger.demo, ledger.demo.people.");
    }

    @Test
    void aMisspeltProfileIsRefusedAtTheStart() {
        assertThatThrownBy(() -> SpringApplication.run(LedgerApplication.class, "--spring.profiles.active=axonservr"))
                .isInstanceOf(StartRefused.class)
                .hasMessageStartingWith("There is no profile axonservr. There are axonserver and drill;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"axonserver", "drill", "council"})
    void aProfileOfWhichThereIsAFileIsNot(String profile, @TempDir Path own) throws IOException {
        Files.writeString(own.resolve("application-council.yaml"), "ledger.demmo: false");
        assertThatThrownBy(() -> SpringApplication.run(
                        LedgerApplication.class,
                        "--spring.config.additional-location=file:" + own + "/",
                        "--spring.profiles.active=" + profile,
                        "--ledger.demmo=false"))
                .hasMessageStartingWith("There is no setting ledger.demmo.");
    }

    @Test
    void oneThatIsLikeNoneIsRefusedWithAllThatThereAre() {
        assertThatThrownBy(() -> given("ledger.xyz"))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("There is no setting ledger.xyz. There is ledger.axonserver")
                .hasMessageEndingWith("ledger.traces.share.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ledger.statements.max-lines", "ledger.statements.maxLines", "ledger.rotate[0]", "ledgers.demmo"
            })
    void whatSpringTakesForASettingAndWhatIsNotOursAreNotRefused(String name) {
        given(name);
    }

    @Test
    void variablesOfTheEnvironmentAreNotHeldAgainstIt() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new MapPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of("ledger.port", "tcp://10.0.0.1")));
        new Settings().postProcessEnvironment(environment, new SpringApplication());
    }

    @Test
    void theListHoldsWhatTheCodeAsksForAndNothingElse() throws IOException {
        Set<String> asked = new TreeSet<>();
        for (Path file : files("src/main")) {
            String text = Files.readString(file);
            ASKED.matcher(text)
                    .results()
                    .map(found -> found.group(1) != null
                            ? found.group(1)
                            : found.group(2) != null ? found.group(2) : found.group(3))
                    .forEach(asked::add);
            if (file.endsWith("Issuer.java")) {
                ISSUERS.matcher(text).results().forEach(found -> asked.add("ledger.oidc." + found.group(1)));
            }
        }
        Stream.of("admin", "auditor", "finance", "support").forEach(role -> asked.add("ledger.oidc.roles." + role));
        assertThat(Settings.NAMES).containsExactlyElementsOf(asked);
    }

    @Test
    void everySettingIsInTheDocs() throws IOException {
        String docs = Files.readString(Path.of("src/docs/operating/starting.md"))
                + Files.readString(Path.of("src/docs/operating/signing-in.md"));
        assertThat(Settings.NAMES)
                .allSatisfy(name -> assertThat(docs)
                        .containsAnyOf("`" + name + "`", "`…" + name.substring(name.lastIndexOf('.') + 1) + "`"));
    }

    private static void given(String name) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("given", Map.of(name, "1")));
        new Settings().postProcessEnvironment(environment, new SpringApplication());
    }

    private static List<Path> files(String below) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(below))) {
            return files.filter(file ->
                            file.toString().endsWith(".java") || file.toString().endsWith(".yaml"))
                    .toList();
        }
    }
}
