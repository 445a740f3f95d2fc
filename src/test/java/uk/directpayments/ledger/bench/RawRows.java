package uk.directpayments.ledger.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.bench.Rounds.Worker;

/** The least that can be made durable: one row of about an event's payload, inserted and committed alone, each worker on a connection of its own. */
final class RawRows {

    private final HikariDataSource pool;

    RawRows(JdbcClient jdbc, DataSource database) throws SQLException {
        jdbc.sql(
                        "CREATE TABLE raw_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, payload text NOT NULL)")
                .update();
        pool = database.unwrap(HikariDataSource.class);
    }

    Worker worker() throws SQLException {
        Connection connection = DriverManager.getConnection(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword());
        PreparedStatement insert = connection.prepareStatement("INSERT INTO raw_row (stream, payload) VALUES (?, ?)");
        String payload = "x".repeat(400);
        return new Worker() {
            @Override
            public void once() throws Exception {
                insert.setString(1, "account/1");
                insert.setString(2, payload);
                insert.executeUpdate();
            }

            @Override
            public void close() throws Exception {
                connection.close();
            }
        };
    }
}
