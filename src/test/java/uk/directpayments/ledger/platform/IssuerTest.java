package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;
import uk.directpayments.ledger.support.TestIssuer;

/** The ledger where people have accounts of the council's, and no local users: bearer tokens of a real issuer. */
@ExtendWith(OutputCaptureExtension.class)
class IssuerTest extends RunningLedger {

    private static final TestIssuer ISSUER = new TestIssuer();
    private static final String PERSON = "{\"name\":\"Robin Example\",\"dateOfBirth\":\"2012-05-01\"}";

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry registry) {
        ISSUER.settings().forEach((name, value) -> registry.add(name, () -> value));
    }

    @AfterAll
    static void close() {
        ISSUER.close();
    }

    @Override
    protected Caller finance() {
        return as("amina");
    }

    @Override
    protected Caller approver() {
        return as("ben");
    }

    private Caller as(String user) {
        return Caller.bearing(ISSUER.token(user), port);
    }

    private Caller as(String user, Consumer<JwtClaimsSet.Builder> change) {
        return Caller.bearing(ISSUER.token(user, change), port);
    }

    // ── who comes in ─────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aTokenOfTheIssuerSaysWhoActsInWhatRole() {
        String person =
                finance().post("/api/v1/people", PERSON).json().path("personId").asString();
        JsonNode event = as("carol")
                .get("/api/v1/audit/events?personId=" + person)
                .json()
                .path("items")
                .get(0);
        assertThat(event.path("recordedBy").asString()).isEqualTo("amina");
        assertThat(event.path("role").asString()).isEqualTo("FINANCE");
        as("carol").post("/api/v1/people", PERSON).refused(403, "FORBIDDEN");
        as("eve").post("/api/v1/people", PERSON).refused(403, "FORBIDDEN");
    }

    @Test
    void twoPeopleOfTheCouncilAreTwoForTheSeparationOfDuties() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1000.00");
        assertThat(finance().get("/api/v1/budgets/" + ids.budgetId()).status()).isEqualTo(200);
        String budget =
                "{\"personId\":\"%s\",\"legalBasis\":\"CHILD_S17A\",\"requestedOn\":\"2025-04-01\",\"requestedBy\":\"Sam\"}"
                        .formatted(ids.personId());
        String path = "/api/v1/budgets/"
                + finance()
                        .post("/api/v1/budgets", budget)
                        .json()
                        .path("budgetId")
                        .asString();
        ok(finance()
                .post(
                        path + "/indicative-amount",
                        "{\"amount\":\"1.00\",\"from\":\"2025-04-01\",\"to\":\"2026-03-31\",\"method\":\"RAS\"}"));
        String approved = "{\"outcome\":\"APPROVED\",\"decidedOn\":\"2025-04-01\"}";
        finance().post(path + "/panel-decision", approved).refused(409, "SEPARATION_OF_DUTIES");
        ok(approver().post(path + "/panel-decision", approved));
    }

    @Test
    void aSupportOrganisationIsTheOneThatItsTokenNamesAndSeesItsClientsAlone() {
        Opened ids = opened("2025-04-01", "2026-03-31", "1000.00");
        String account = "/api/v1/accounts/" + ids.accountId();
        as("dan").get(account).refused(404, "ACCOUNT_NOT_FOUND");
        ok(as("eve").post("/api/v1/organisations", "{\"organisationId\":\"ORG-OIDC\",\"name\":\"Helpers\"}"));
        ok(as("eve")
                .post(
                        "/api/v1/organisations/ORG-OIDC/appointments",
                        "{\"accountId\":\"%s\",\"from\":\"2025-04-01\"}".formatted(ids.accountId())));
        assertThat(as("dan").get(account).status()).isEqualTo(200);
        as("dan", claims -> claims.claim("organisation_id", "ORG-OTHER"))
                .get(account)
                .refused(404, "ACCOUNT_NOT_FOUND");
        assertThat(finance().get(account).status()).isEqualTo(200);
    }

    // ── who does not ─────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void theLocalUsersDoNotExist() {
        Caller.as("finance", port).get("/api/v1/accounts").refused(401, "UNAUTHENTICATED");
        Caller.as("", port).get("/api/v1/accounts").refused(401, "UNAUTHENTICATED");
    }

    @Test
    void aTokenThatIsNotOfThisIssuerForThisLedgerAndThisHourIsNobodys() {
        Caller.bearing("nonsense", port).get("/api/v1/accounts").refused(401, "UNAUTHENTICATED");
        Instant past = Instant.now().minusSeconds(600);
        List<Consumer<JwtClaimsSet.Builder>> wrong = List.of(
                claims -> claims.expiresAt(past).issuedAt(past.minusSeconds(300)),
                claims -> claims.notBefore(Instant.now().plusSeconds(600)),
                claims -> claims.audience(List.of("https://other.example")),
                claims -> claims.claims(all -> all.remove("aud")),
                claims -> claims.issuer("https://other.example"));
        for (Consumer<JwtClaimsSet.Builder> change : wrong) {
            as("amina", change).get("/api/v1/accounts").refused(401, "UNAUTHENTICATED");
        }
        try (TestIssuer other = new TestIssuer()) {
            String forged = other.token("amina", claims -> claims.issuer(ISSUER.address()));
            Caller.bearing(forged, port).get("/api/v1/accounts").refused(401, "UNAUTHENTICATED");
        }
        String[] parts = ISSUER.token("carol").split("\\.");
        String none = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes()) + "."
                + parts[1] + ".";
        Caller.bearing(none, port).get("/api/v1/accounts").refused(401, "UNAUTHENTICATED");
        String raised = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(new String(Base64.getUrlDecoder().decode(parts[1]))
                        .replace("auditor", "dp-finance")
                        .getBytes());
        Caller.bearing(parts[0] + "." + raised + "." + parts[2], port)
                .get("/api/v1/accounts")
                .refused(401, "UNAUTHENTICATED");
    }

    @Test
    void aRefusalAsksForATokenAndNotForAPassword() {
        assertThat(Caller.as("", port).get("/api/v1/accounts").header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"ledger\"");
    }

    @Test
    void tokensOfUnknownKeysDoNotBecomeAsManyRequestsToTheIssuer() {
        assertThat(finance().get("/api/v1/accounts").status()).isEqualTo(200);
        int before = ISSUER.keysFetched();
        String[] parts = ISSUER.token("amina").split("\\.");
        for (int i = 0; i < 50; i++) {
            String header = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString("{\"alg\":\"RS256\",\"kid\":\"unknown-%d\"}"
                            .formatted(i)
                            .getBytes());
            Caller.bearing(header + "." + parts[1] + "." + parts[2], port)
                    .get("/api/v1/accounts")
                    .refused(401, "UNAUTHENTICATED");
        }
        assertThat(ISSUER.keysFetched() - before).isLessThanOrEqualTo(5);
        assertThat(finance().get("/api/v1/accounts").status()).isEqualTo(200);
    }

    @Test
    void whoeverHasNoRoleOrTwoIsToldSoAndTheTokenIsNotLogged(CapturedOutput log) {
        words("frank", claims -> {}, "names no role of the ledger");
        words("frank", claims -> claims.claim("roles", "FINANCE"), "names no role of the ledger");
        words("gina", claims -> {}, "more than one role");
        words("dan", claims -> claims.claims(all -> all.remove("organisation_id")), "which support organisation");
        words("dan", claims -> claims.claim("organisation_id", "../ORG"), "which support organisation");
        words("amina", claims -> claims.subject("ledger"), "names no user");
        words("amina", claims -> claims.subject("two words"), "names no user");
        assertThat(log.getAll()).doesNotContain("eyJ");
    }

    private void words(String user, Consumer<JwtClaimsSet.Builder> change, String words) {
        Answer answer = as(user, change).get("/api/v1/accounts");
        answer.refused(403, "FORBIDDEN");
        assertThat(answer.json().path("detail").asString()).contains(words);
    }

    // ── starting ─────────────────────────────────────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @ValueSource(strings = {"issuer", "audience", "client-id"})
    void aSettingThatIsMissingStopsTheStart(String missing, CapturedOutput log) {
        assertThatThrownBy(() -> start(List.of("ledger.oidc." + missing + "=")))
                .hasRootCauseInstanceOf(StartRefused.class);
        assertThat(log.getAll())
                .contains("ledger.oidc." + missing + " is not set")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({"http://council.example", "ftp://localhost", "council.example"})
    void anIssuerThatCouldBeListenedToStopsTheStart(String address, CapturedOutput log) {
        assertThatThrownBy(() -> start(List.of("ledger.oidc.issuer=" + address)))
                .hasRootCauseInstanceOf(StartRefused.class);
        assertThat(log.getAll()).contains("must be an https address, but is " + address);
    }

    @Test
    void scopesThatDoNotAskWhoSignsInStopTheStart(CapturedOutput log) {
        assertThatThrownBy(() -> start(List.of("ledger.oidc.scopes=profile, email")))
                .hasRootCauseInstanceOf(StartRefused.class);
        assertThat(log.getAll()).contains("ledger.oidc.scopes must hold openid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/relm", "/", "/login"})
    void anAddressAtWhichNoIssuerOfThatNameAnswersStopsTheStart(String misspelt, CapturedOutput log) {
        assertThatThrownBy(() -> start(List.of("ledger.oidc.issuer=" + ISSUER.address() + misspelt)))
                .hasRootCauseInstanceOf(Exception.class);
        assertThat(log.getAll())
                .contains("what answers there is no issuer of that name")
                .contains("exactly as its tokens name it")
                .doesNotContain("\tat ");
    }

    @Test
    void theLedgerServesOthersAndStartsWhileTheIssuerIsAwayAndSaysSo() {
        try (ConfigurableApplicationContext started =
                start(List.of("server.address=0.0.0.0", "ledger.oidc.issuer=http://127.0.0.1:9"))) {
            int at = Integer.parseInt(String.valueOf(started.getEnvironment().getProperty("local.server.port")));
            Caller.bearing(ISSUER.token("amina"), at)
                    .get("/api/v1/accounts/A/slow")
                    .refused(503, "BUSY");
            Caller.as("", at).get("/api/v1/accounts/A/slow").refused(401, "UNAUTHENTICATED");
            Caller.as("", at).get("/oauth2/authorization/council").refused(503, "BUSY");
        }
    }

    @Test
    void secretsMayBeFilesThatAreNamedLikeTheirSettings(@TempDir Path secrets, CapturedOutput log) throws IOException {
        for (String name :
                List.of("ledger.oidc.client-secret", "spring.datasource.password", "axon.axonserver.token")) {
            Files.writeString(secrets.resolve(name), "secret of " + name + "\n");
            Files.setPosixFilePermissions(secrets.resolve(name), PosixFilePermissions.fromString("r--------"));
        }
        List<String> given = new ArrayList<>(List.of("spring.config.import=configtree:" + secrets + "/"));
        try (ConfigurableApplicationContext started = start(given, "ledger.oidc.client-secret")) {
            assertThat(started.getBean(Issuer.class)
                            .findByRegistrationId(Issuer.NAME)
                            .getClientSecret())
                    .isEqualTo("secret of ledger.oidc.client-secret");
            assertThat(started.getEnvironment().getProperty("spring.datasource.password"))
                    .isEqualTo("secret of spring.datasource.password");
            assertThat(started.getEnvironment().getProperty("axon.axonserver.token"))
                    .isEqualTo("secret of axon.axonserver.token");
        }
        assertThat(log.getAll()).doesNotContain("secret of");
    }

    private static ConfigurableApplicationContext start(List<String> given, String... left) {
        List<String> arguments = new ArrayList<>(List.of("--" + HttpTestApp.NO_DATABASE, "--server.port=0"));
        ISSUER.settings().forEach((name, value) -> arguments.add("--" + name + "=" + value));
        arguments.removeIf(known -> Stream.of(left).anyMatch(name -> known.startsWith("--" + name + "=")));
        given.forEach(one -> {
            arguments.removeIf(known -> known.startsWith("--" + one.substring(0, one.indexOf('=') + 1)));
            arguments.add("--" + one);
        });
        return SpringApplication.run(HttpTestApp.class, arguments.toArray(String[]::new));
    }
}
