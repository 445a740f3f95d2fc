package uk.directpayments.ledger.platform;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A PostgreSQL with the tables of sealing, emptied before each test, and a home for the master key. */
abstract class TinkOnPostgres {

    private static EmbeddedPostgres postgres;
    static DataSource database;

    @TempDir
    Path home;

    final JdbcClient jdbc = JdbcClient.create(database);

    @BeforeAll
    static void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.start();
        database = postgres.getPostgresDatabase();
        new JdbcTemplate(database).execute(migration("V2__sealing.sql"));
        new JdbcTemplate(database).execute(migration("V13__erasures.sql"));
        new JdbcTemplate(database).execute(migration("V40__key_rotation.sql"));
    }

    @AfterAll
    static void stopPostgres() throws IOException {
        postgres.close();
    }

    private static String migration(String file) throws IOException {
        try (var sql = TinkOnPostgres.class.getResourceAsStream("/db/migration/" + file)) {
            return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @BeforeEach
    void empty() {
        jdbc.sql("truncate person_key, sealing_check, erased_person").update();
    }

    TinkSealing start() {
        return start(home);
    }

    TinkSealing start(Path home) {
        return new TinkSealing(home, 10_000, jdbc, new DataSourceTransactionManager(database));
    }

    TinkSealing startWith(String... personIds) {
        TinkSealing sealing = start();
        Stream.of(personIds).forEach(sealing::admit);
        return sealing;
    }
}
