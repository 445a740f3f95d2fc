package uk.directpayments.ledger.platform;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;

/** One connection beside those that all share: who holds one of these may be waiting for what is done over the other. */
final class OwnConnection {

    private OwnConnection() {}

    /**
     * To the same database.
     *
     * @param patience how long to try to get it
     */
    static HikariDataSource to(HikariDataSource others, String name, Duration patience) {
        HikariConfig own = new HikariConfig();
        own.setJdbcUrl(others.getJdbcUrl());
        own.setUsername(others.getUsername());
        own.setPassword(others.getPassword());
        own.setDataSourceProperties(others.getDataSourceProperties());
        own.setPoolName(name);
        own.setMaximumPoolSize(1);
        own.setConnectionTimeout(patience.toMillis());
        return new HikariDataSource(own);
    }
}
