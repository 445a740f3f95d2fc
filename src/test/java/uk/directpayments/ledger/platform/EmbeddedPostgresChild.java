package uk.directpayments.ledger.platform;

import java.nio.file.Path;
import java.sql.DriverManager;

/** Starts the embedded PostgreSQL on a home, commits one row, says so, and stays until it is killed. */
class EmbeddedPostgresChild {

    public static void main(String[] arguments) throws Exception {
        EmbeddedPostgres server = EmbeddedPostgres.start(Home.open(Path.of(arguments[0])));
        try (var connection = DriverManager.getConnection(server.url(), server.user(), server.password());
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS kept (word text)");
            statement.execute("INSERT INTO kept VALUES ('acknowledged')");
        }
        System.out.println("committed " + server.port());
        Thread.currentThread().join();
    }
}
