package uk.directpayments.ledger.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.serialization.json.JacksonSerializer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * The smallest account there is, on Axon's own JDBC engine as it is shipped and with the cache of its aggregates: it knows no rules, keys, sealing or
 * projections. What a framework costs that nobody has worked on.
 */
final class StockLedger implements AutoCloseable {

    private final HikariDataSource pool;
    private final Configuration axon;
    private final List<String> accounts = new ArrayList<>();
    private final AtomicLong number = new AtomicLong();

    StockLedger(HikariDataSource database, int accountCount) {
        HikariConfig settings = new HikariConfig();
        settings.setJdbcUrl(database.getJdbcUrl());
        settings.setUsername(database.getUsername());
        settings.setPassword(database.getPassword());
        settings.setSchema("stock");
        settings.setConnectionInitSql("CREATE SCHEMA IF NOT EXISTS stock");
        settings.setMaximumPoolSize(32);
        pool = new HikariDataSource(settings);
        var transactions = new SpringTransactionManager(new JdbcTransactionManager(pool));
        var connections = new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(pool));
        var json = JacksonSerializer.defaultSerializer();
        JdbcEventStorageEngine engine = JdbcEventStorageEngine.builder()
                .connectionProvider(connections)
                .transactionManager(transactions)
                .eventSerializer(json)
                .snapshotSerializer(json)
                .build();
        transactions.executeInTransaction(() -> engine.createSchema(PostgresEventTableFactory.INSTANCE));
        axon = DefaultConfigurer.defaultConfiguration(false)
                .configureTransactionManager(none -> transactions)
                .configureSerializer(none -> json)
                .configureEmbeddedEventStore(none -> engine)
                .configureAggregate(
                        AggregateConfigurer.defaultConfiguration(Account.class).configureWeakReferenceCache())
                .buildConfiguration();
        axon.start();
        for (int a = 0; a < accountCount; a++) {
            String id = UUID.randomUUID().toString();
            axon.commandGateway().sendAndWait(new Open(id));
            accounts.add(id);
        }
    }

    Rounds.Worker worker(int account) {
        String id = accounts.get(account % accounts.size());
        return () -> axon.commandGateway()
                .sendAndWait(new Spend(id, number.incrementAndGet(), "Shop " + number.get() % 50, "CARE"));
    }

    @Override
    public void close() {
        axon.shutdown();
        pool.close();
    }

    record Open(String id) {}

    record Spend(@TargetAggregateIdentifier String id, long pence, String payee, String category) {}

    record Opened(String id) {}

    record Spent(String id, long pence, String payee, String category) {}

    static class Account {

        @AggregateIdentifier
        private @Nullable String id;

        private long spent;

        Account() {}

        @CommandHandler
        Account(Open command) {
            AggregateLifecycle.apply(new Opened(command.id));
        }

        @CommandHandler
        void spend(Spend command) {
            AggregateLifecycle.apply(new Spent(command.id, command.pence, command.payee, command.category));
        }

        @EventSourcingHandler
        void on(Opened event) {
            id = event.id;
        }

        @EventSourcingHandler
        void on(Spent event) {
            spent += event.pence;
        }
    }
}
