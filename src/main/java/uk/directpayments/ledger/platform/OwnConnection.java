package uk.directpayments.ledger.platform;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One connection beside those that all share: who holds one of these may be waiting for what is done over the other. */
final class OwnConnection {

    /** Between two statements of a transaction of who writes the log, milliseconds apart as a rule. */
    static final Duration MOST_SILENCE = Duration.ofSeconds(10);

    private OwnConnection() {}

    /**
     * For who writes the log: while it is in a transaction it has the head locked, and every node waits for it. If it falls silent there, for its process is
     * frozen, PostgreSQL ends its session; see {@link Outage}.
     */
    static HikariDataSource toWrite(HikariDataSource others, Duration patience) {
        return new HikariDataSource(configuration(others, "log", patience, MOST_SILENCE));
    }

    /**
     * To the same database.
     *
     * @param patience how long to try to get it
     */
    static HikariDataSource to(HikariDataSource others, String name, Duration patience) {
        return new HikariDataSource(configuration(others, name, patience, null));
    }

    private static HikariConfig configuration(
            HikariDataSource others, String name, Duration patience, @Nullable Duration silence) {
        HikariConfig own = new HikariConfig();
        own.setJdbcUrl(others.getJdbcUrl());
        own.setUsername(others.getUsername());
        own.setPassword(others.getPassword());
        own.setDataSourceProperties(others.getDataSourceProperties());
        own.setPoolName(name);
        own.setMaximumPoolSize(1);
        own.setConnectionTimeout(patience.toMillis());
        if (silence != null) {
            own.setConnectionInitSql("SET idle_in_transaction_session_timeout = " + silence.toMillis());
        }
        return own;
    }
}
