package uk.directpayments.ledger.platform;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;

/** One connection beside those that all share: who holds one of these may be waiting for what is done over the other. */
final class OwnConnection {

    /** Between two statements of a transaction of who writes the log, milliseconds apart as a rule. */
    static final Duration MOST_SILENCE = Duration.ofSeconds(10);

    /** For the answer to one statement of who writes the log. It may have to wait until another node's session has been ended for its silence. */
    static final Duration LONGEST_ANSWER = MOST_SILENCE.plusSeconds(5);

    private OwnConnection() {}

    /**
     * For who writes the log: while it is in a transaction it has the head locked, and every node waits for it. If it falls silent there, for its process is
     * frozen, PostgreSQL ends its session. And while it waits for an answer everybody on its node waits for it: if none comes, for the database's machine or the
     * way there has gone, the connection counts as lost; see {@link Outage}.
     */
    static HikariDataSource toWrite(HikariDataSource others, Duration patience) {
        return toWrite(others, patience, LONGEST_ANSWER);
    }

    /** @param answer in whole seconds */
    static HikariDataSource toWrite(HikariDataSource others, Duration patience, Duration answer) {
        HikariConfig own = configuration(others, "log", patience);
        own.setConnectionInitSql("SET idle_in_transaction_session_timeout = " + MOST_SILENCE.toMillis());
        own.addDataSourceProperty("socketTimeout", Long.toString(answer.toSeconds()));
        return new HikariDataSource(own);
    }

    /**
     * To the same database.
     *
     * @param patience how long to try to get it
     */
    static HikariDataSource to(HikariDataSource others, String name, Duration patience) {
        return new HikariDataSource(configuration(others, name, patience));
    }

    private static HikariConfig configuration(HikariDataSource others, String name, Duration patience) {
        HikariConfig own = new HikariConfig();
        own.setJdbcUrl(others.getJdbcUrl());
        own.setUsername(others.getUsername());
        own.setPassword(others.getPassword());
        own.setDataSourceProperties(others.getDataSourceProperties());
        own.setPoolName(name);
        own.setMaximumPoolSize(1);
        own.setConnectionTimeout(patience.toMillis());
        return own;
    }
}
