package uk.directpayments.ledger.support;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.springframework.boot.SpringApplication;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.util.FileSystemUtils;
import uk.directpayments.ledger.platform.EmbeddedPostgres;
import uk.directpayments.ledger.platform.Home;
import uk.directpayments.ledger.platform.StartRefused;

/**
 * The PostgreSQL of the tests: one server a JVM, started when first asked for, and as many databases as tests want, each a copy of
 * one that Flyway migrated once. In a plain test:
 *
 * <pre>
 * try (TestPostgres.Database database = TestPostgres.freshDatabase()) { JdbcClient.create(database)… }
 * </pre>
 *
 * In a {@code @SpringBootTest}, a database and a home for the class:
 *
 * <pre>
 * &#64;DynamicPropertySource
 * static void database(DynamicPropertyRegistry registry) { TestPostgres.properties(registry); }
 * </pre>
 *
 * Nothing is made durable, unless {@code -Dtest.durable=true} says so, as benchmarks do. The server lives under {@code target/test-postgres} and is used again by the next run, which also stops it should this run die.
 */
public final class TestPostgres {

    private static final String TEMPLATE = "migrated";
    private static final int RUNS_AT_A_TIME = 8;
    private static final AtomicInteger databases = new AtomicInteger();

    private static final class Holder {
        static final TestPostgres INSTANCE = new TestPostgres();
    }

    private final Home home;
    private final EmbeddedPostgres server;
    private final Path homesOfTests;
    private volatile boolean usedByContexts;

    private TestPostgres() {
        home = freeHome();
        server = Boolean.getBoolean("test.durable")
                ? EmbeddedPostgres.start(home)
                : EmbeddedPostgres.startForgetful(home);
        // after the contexts, each of which would wait for a connection in vain; the other hook is for a run in which
        // there was none
        SpringApplication.getShutdownHandlers().add(server::close);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (!usedByContexts) {
                                server.close();
                            }
                        },
                        "test-postgres-stop"));
        homesOfTests = home.resolve("homes");
        try {
            FileSystemUtils.deleteRecursively(homesOfTests);
            Files.createDirectory(homesOfTests);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        leftOvers().forEach(this::drop);
        create(TEMPLATE, "template0");
        Flyway.configure()
                .dataSource(server.url(TEMPLATE), server.user(), server.password())
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    /** A new database with the ledger's tables, empty. */
    public static Database freshDatabase() {
        TestPostgres postgres = Holder.INSTANCE;
        return new Database(postgres, postgres.copyOfTemplate());
    }

    /** A fresh database and an empty home, for the context of one test class; both last as long as the JVM. */
    public static void properties(DynamicPropertyRegistry registry) {
        TestPostgres postgres = Holder.INSTANCE;
        postgres.usedByContexts = true;
        String name = postgres.copyOfTemplate();
        registry.add("spring.datasource.url", () -> postgres.server.url(name));
        registry.add("spring.datasource.username", postgres.server::user);
        registry.add("spring.datasource.password", postgres.server::password);
        registry.add("ledger.home", () -> postgres.homesOfTests.resolve(name).toString());
        registry.add("ledger.demo", () -> false);
        // Contexts are cached to the end of the run: those not in use shall not hold the server's connections.
        registry.add("spring.datasource.hikari.minimum-idle", () -> 1);
        registry.add("spring.datasource.hikari.idle-timeout", () -> 10_000);
    }

    /** A pool on a database of its own; closing it drops the database. */
    public static final class Database extends HikariDataSource {

        private final TestPostgres postgres;
        private final String name;

        private Database(TestPostgres postgres, String name) {
            super(configuration(postgres.server, name));
            this.postgres = postgres;
            this.name = name;
        }

        private static HikariConfig configuration(EmbeddedPostgres server, String name) {
            HikariConfig configuration = new HikariConfig();
            configuration.setJdbcUrl(server.url(name));
            configuration.setUsername(server.user());
            configuration.setPassword(server.password());
            configuration.setMaximumPoolSize(8);
            configuration.setMinimumIdle(1);
            configuration.addDataSourceProperty("reWriteBatchedInserts", "true");
            return configuration;
        }

        @Override
        public void close() {
            if (!isClosed()) {
                super.close();
                postgres.drop(name);
            }
        }
    }

    /** The first home that no other run has. */
    private static Home freeHome() {
        Path homes = Path.of("target", "test-postgres");
        for (int number = 1; number <= RUNS_AT_A_TIME; number++) {
            try {
                return Home.open(homes.resolve(Integer.toString(number)));
            } catch (StartRefused e) {
                // In use by another run.
                continue;
            }
        }
        return Home.open(homes.resolve(UUID.randomUUID().toString()));
    }

    private String copyOfTemplate() {
        String name = "test_" + databases.incrementAndGet();
        create(name, TEMPLATE);
        return name;
    }

    private void create(String name, String template) {
        // Copying the template's files beats writing them to the log while they are few and the server is forgetful.
        administer("CREATE DATABASE " + name + " OWNER " + server.user() + " TEMPLATE " + template
                + " STRATEGY file_copy");
    }

    private void drop(String name) {
        administer("DROP DATABASE " + name + " WITH (FORCE)");
    }

    private synchronized void administer(String statement) {
        try (Connection connection = connect();
                Statement jdbc = connection.createStatement()) {
            jdbc.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    private List<String> leftOvers() {
        List<String> names = new ArrayList<>();
        try (Connection connection = connect();
                Statement jdbc = connection.createStatement();
                ResultSet rows = jdbc.executeQuery(
                        "SELECT datname FROM pg_database WHERE datname = 'migrated' OR datname LIKE 'test\\_%'")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return names;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.url("postgres"), server.administrator(), server.password());
    }
}
