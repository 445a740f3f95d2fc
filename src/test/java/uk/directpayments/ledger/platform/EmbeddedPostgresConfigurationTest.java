package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import uk.directpayments.ledger.support.ChildJvm;
import uk.directpayments.ledger.support.TestPostgres;

class EmbeddedPostgresConfigurationTest {

    @TempDir
    Path home;

    @Test
    void withoutAServerNamedOneIsStartedMigratedAndStoppedWithTheService() throws Exception {
        try (ChildJvm service = start(List.of())) {
            assertThat(service.await("flyway has been here:")).isEqualTo("true");
            Path pidFile = home.resolve("postgres/postmaster.pid");
            assertThat(pidFile).exists();

            service.terminate();
            String output = service.outputToTheEnd();
            service.awaitExit();

            assertThat(pidFile).doesNotExist();
            assertThat(Files.readString(home.resolve("postgres.log"))).contains("database system is shut down");
            assertThat(output)
                    .as("the pool is closed first")
                    .containsSubsequence("HikariPool-1 - Shutdown completed", "Stopping embedded PostgreSQL")
                    .doesNotContain("ERROR")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void withAServerNamedNothingEmbeddedIsEvenLoadedButTheHomeIsLocked() throws Exception {
        try (TestPostgres.Database database = TestPostgres.freshDatabase();
                ChildJvm service = start(
                        List.of("-verbose:class"),
                        "--spring.datasource.url=" + database.getJdbcUrl(),
                        "--spring.datasource.username=" + database.getUsername(),
                        "--spring.datasource.password=" + database.getPassword())) {
            assertThat(service.await("flyway has been here:")).isEqualTo("true");
            try (ChildJvm second = ChildJvm.start(HomeChild.class, List.of(), home.toString())) {
                assertThat(second.await("refused:")).contains("is in use by another ledger");
            }

            service.terminate();
            assertThat(service.outputToTheEnd())
                    .contains("uk.directpayments.ledger.platform.Home ")
                    .doesNotContain("platform.EmbeddedPostgres ")
                    .doesNotContain("io.zonky");
            assertThat(home.resolve("postgres")).doesNotExist();
        }
    }

    @Test
    void aServiceThatCannotStartEndsWithOneSentenceAndNoStackTrace() throws Exception {
        try (Home taken = Home.open(home);
                ChildJvm service = start(List.of())) {
            String output = service.outputToTheEnd();

            assertThat(output)
                    .contains("APPLICATION FAILED TO START")
                    .contains("The home " + taken.path() + " is in use by another ledger (process "
                            + ProcessHandle.current().pid() + "): stop that one, or give this one a home of its own")
                    .doesNotContain("\tat ");
            assertThat(service.awaitExit()).isEqualTo(1);
        }
    }

    @Test
    void thePoolHasItsNamedSizeAndBatchesInserts() {
        try (TestPostgres.Database database = TestPostgres.freshDatabase()) {
            new ApplicationContextRunner()
                    .withInitializer(new ConfigDataApplicationContextInitializer())
                    .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
                    .withUserConfiguration(HomeConfiguration.class, EmbeddedPostgresConfiguration.class)
                    .withPropertyValues(
                            "ledger.home=" + home,
                            "spring.datasource.url=" + database.getJdbcUrl(),
                            "spring.datasource.username=" + database.getUsername(),
                            "spring.datasource.password=" + database.getPassword())
                    .run(context -> {
                        HikariDataSource pool =
                                context.getBean(DataSource.class).unwrap(HikariDataSource.class);
                        assertThat(pool.getMaximumPoolSize()).isEqualTo(16);
                        assertThat(pool.getDataSourceProperties()).containsEntry("reWriteBatchedInserts", "true");
                        assertThat(context).doesNotHaveBean(EmbeddedPostgres.class);
                    });
        }
    }

    private ChildJvm start(List<String> options, String... arguments) throws Exception {
        var all = new ArrayList<>(List.of("--ledger.home=" + home));
        all.addAll(List.of(arguments));
        return ChildJvm.start(EmbeddedPostgresConfigurationChild.class, options, all.toArray(String[]::new));
    }
}
