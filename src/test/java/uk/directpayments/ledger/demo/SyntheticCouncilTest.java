package uk.directpayments.ledger.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.LedgerApplication;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.platform.Home;
import uk.directpayments.ledger.platform.Positions;
import uk.directpayments.ledger.support.TestPostgres;

/** The first people of the synthetic council, written twice: at one go, and with an interruption. */
class SyntheticCouncilTest {

    private static final int PEOPLE = 13;

    /**
     * Without what is random, or made from what is (ciphertexts, and keyed hashes under a key of the person's own), and without positions of
     * the log: several people are written at a time.
     */
    private static final String WITHOUT_SECRETS = """
            SELECT stream_id || ' ' || sequence || ' ' || name || ' '
                   || regexp_replace(payload::text, '"[A-Za-z0-9_-]{60,}"|"[a-z]*Key": ?"[^"]*"|"[a-z]*[tT]oken": ?"[^"]*"|"termsAt": ?[0-9]+|"refHash": ?-?[0-9]+|"entry:[0-9a-f:]+"', '*', 'g')
              FROM event_log ORDER BY stream_id, sequence""";

    private static List<String> properties;
    private static ConfigurableApplicationContext ledger;

    @BeforeAll
    static void theCouncilIsLoaded() throws InterruptedException {
        properties = properties();
        ledger = started(properties);
        ledger.getBean(SyntheticCouncil.class).await();
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    private static List<String> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        TestPostgres.properties((name, value) -> properties.put(name, value.get()));
        properties.putAll(Map.of("ledger.demo", true, "ledger.demo.people", PEOPLE, "server.port", 0));
        List<String> arguments = new ArrayList<>();
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return arguments;
    }

    private static ConfigurableApplicationContext started(List<String> properties) {
        return new SpringApplicationBuilder(LedgerApplication.class).run(properties.toArray(String[]::new));
    }

    private static boolean finished(ConfigurableApplicationContext ledger) {
        return ledger.getBean(Positions.class).head() > 0
                && Files.notExists(ledger.getBean(Home.class).resolve(SyntheticCouncil.UNFINISHED));
    }

    private static List<String> strings(String sql) {
        return ledger.getBean(JdbcClient.class).sql(sql).query(String.class).list();
    }

    @Test
    void whereACouncilSignsInAtAnIssuerNobodyIsLoaded() {
        new ApplicationContextRunner()
                .withUserConfiguration(SyntheticCouncil.class)
                .withPropertyValues("ledger.demo=true", "ledger.oidc.issuer=https://login.council.example/realm")
                .run(started -> assertThat(started).doesNotHaveBean(SyntheticCouncil.class));
    }

    @Test
    void nothingIsRefusedAndEveryBasisAndModeIsThere() {
        assertThat(finished(ledger)).isTrue();
        assertThat(strings("SELECT stream_id FROM event_log WHERE name = 'person.registered'"))
                .hasSize(PEOPLE);
        assertThat(
                        strings(
                                "SELECT DISTINCT payload::jsonb ->> 'legalBasis' FROM event_log WHERE name = 'budget.requested'"))
                .hasSameSizeAs(LegalBasis.values());
        assertThat(strings("""
                        SELECT DISTINCT line ->> 'mode' FROM event_log, jsonb_array_elements(payload::jsonb -> 'lines') line
                         WHERE name = 'budget.finalised'""")).containsExactlyInAnyOrder("DIRECT_PAYMENT", "COUNCIL_MANAGED", "THIRD_PARTY");
        assertThat(strings("SELECT DISTINCT name FROM event_log"))
                .contains(
                        "budget.refused",
                        "person.died",
                        "account.payment-returned",
                        "account.expenditure-reversed",
                        "account.expenditure-reclassified",
                        "account.refund-received",
                        "account.contribution-received",
                        "account.suspended",
                        "account.resumed",
                        "residential.stay-recorded",
                        "flag.upheld",
                        "flag.dismissed",
                        "run.closed",
                        "run.payments-rejected",
                        "statement.line-reconciled",
                        "reconciliation.period-reconciled",
                        "account.return-accepted",
                        "organisation.client-money-reconciled",
                        "organisation.appointed");
    }

    @Test
    void theBooksBalance() {
        assertThat(strings("SELECT position::text FROM journal_line GROUP BY position HAVING sum(pence) <> 0"))
                .isEmpty();
        assertThat(strings("SELECT position::text FROM journal_line")).hasSizeGreaterThan(PEOPLE);
    }

    @Test
    void aSecondStartLoadsNobodyAndAnInterruptedOneGoesOnToTheSameEvents() throws InterruptedException {
        List<String> once = strings(WITHOUT_SECRETS);
        ledger.close();
        ledger = started(properties);
        ledger.getBean(SyntheticCouncil.class).await();
        assertThat(strings(WITHOUT_SECRETS)).as("after a second start").isEqualTo(once);

        List<String> others = properties();
        try (ConfigurableApplicationContext first = started(others)) {
            Positions positions = first.getBean(Positions.class);
            while (positions.head() < once.size() / 3) {
                Thread.sleep(20);
            }
        }
        try (ConfigurableApplicationContext second = started(others)) {
            assertThat(finished(second)).as("interrupted").isFalse();
            second.getBean(SyntheticCouncil.class).await();
            assertThat(finished(second)).isTrue();
            assertThat(Set.copyOf(second.getBean(JdbcClient.class)
                            .sql(WITHOUT_SECRETS)
                            .query(String.class)
                            .list()))
                    .isEqualTo(Set.copyOf(once));
        }
    }
}
