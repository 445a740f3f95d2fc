package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;
import uk.directpayments.ledger.support.ChildLedger;

/** A version that is put in the place of another, by its migrations: one that fails, one that works, and the way back from both. */
class UpgradeTest {

    private static final String PERSON =
            "{\"personId\":\"%s\",\"name\":\"Robin Example\",\"dateOfBirth\":\"2012-05-01\"}";

    @Test
    void aMigrationThatFailsLeavesTheDatabaseToTheVersionBeforeAndSoDoesOneThatWorked() throws Exception {
        Path place = Path.of("target", "upgrade").toAbsolutePath();
        FileSystemUtils.deleteRecursively(place);
        Path home = place.resolve("home");
        Path migrations = Files.createDirectories(place.resolve("migrations"));
        String newer = "--spring.flyway.locations=classpath:db/migration,filesystem:" + migrations;
        works(home, "P-OLD");

        Path migration = migrations.resolve("V9999__of_the_next_version.sql");
        Files.writeString(
                migration, "CREATE TABLE of_the_next_version (id int);\nSELECT no_such_column FROM event_log;\n");
        assertThatThrownBy(() -> ChildLedger.start(home, newer).close()).hasMessageContaining("is not ready");
        String said = Files.readString(place.resolve("output.log"));
        assertThat(said).contains("APPLICATION FAILED TO START", "V9999__of_the_next_version.sql", "42703");
        assertThat(said)
                .contains("The database is as it was before that migration.", "Start the version that ran before again")
                .doesNotContain("Robin Example", "\tat ");
        works(home, "P-AFTER-A-FAILURE");

        Files.writeString(migration, "CREATE TABLE of_the_next_version (id int);\n");
        works(home, "P-NEW", newer);
        works(home, "P-BACK");
        try (ChildLedger again = ChildLedger.start(home, newer)) {
            for (String person : new String[] {"P-OLD", "P-AFTER-A-FAILURE", "P-NEW", "P-BACK"}) {
                assertThat(again.as("finance").get("/api/v1/people/" + person).status())
                        .as(person)
                        .isEqualTo(200);
            }
        }
    }

    private static void works(Path home, String person, String... settings) throws Exception {
        try (ChildLedger ledger = ChildLedger.start(home, settings)) {
            assertThat(ledger.as("finance")
                            .post("/api/v1/people", PERSON.formatted(person))
                            .status())
                    .isEqualTo(201);
            assertThat(ledger.<Boolean>ask(jdbc -> jdbc.sql("SELECT to_regclass('of_the_next_version') IS NOT NULL")
                            .query(Boolean.class)
                            .single()))
                    .isEqualTo(person.equals("P-NEW") || person.equals("P-BACK"));
        }
    }
}
