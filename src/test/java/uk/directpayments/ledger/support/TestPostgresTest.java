package uk.directpayments.ledger.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class TestPostgresTest {

    @Test
    void everyDatabaseIsMigratedAndSeesNothingOfTheOthers() {
        try (var one = TestPostgres.freshDatabase();
                var other = TestPostgres.freshDatabase()) {
            JdbcClient.create(one).sql("CREATE TABLE mine (id int)").update();

            assertThat(tables(one, "mine")).isEqualTo(1);
            assertThat(tables(other, "mine")).isZero();
            assertThat(tables(other, "flyway_schema_history")).isEqualTo(1);
        }
    }

    @Test
    void aClosedDatabaseIsGone() throws SQLException {
        try (var survivor = TestPostgres.freshDatabase()) {
            var closed = TestPostgres.freshDatabase();
            String name;
            try (var connection = closed.getConnection()) {
                name = connection.getCatalog();
            }
            closed.close();

            assertThat(JdbcClient.create(survivor)
                            .sql("SELECT count(*) FROM pg_database WHERE datname = ?")
                            .param(name)
                            .query(Integer.class)
                            .single())
                    .isZero();
            assertThatThrownBy(closed::getConnection).isInstanceOf(SQLException.class);
        }
    }

    private static int tables(TestPostgres.Database database, String name) {
        return JdbcClient.create(database)
                .sql("SELECT count(*) FROM pg_tables WHERE tablename = ?")
                .param(name)
                .query(Integer.class)
                .single();
    }
}
