package uk.directpayments.ledger.platform;

import com.zaxxer.hikari.HikariDataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.caching.Cache;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.TokenSchema;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.eventsourcing.SnapshotterSpanFactory;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.correlation.SimpleCorrelationDataProvider;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.axonframework.spring.eventsourcing.SpringAggregateSnapshotter;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/** How Axon is put together here: log, serializers, cache, snapshots, metadata. */
@Configuration(proxyBeanMethods = false)
class AxonPlatform {

    static {
        // Axon reads this one from the system's properties only.
        System.setProperty("disable-axoniq-console-message", "true");
    }

    static final String BASE_PACKAGE = "uk.directpayments.ledger";

    /** What has a stored name in the application's packages. */
    @Bean
    EventNames eventNames(BeanFactory application) {
        return EventNames.in(AutoConfigurationPackages.get(application));
    }

    @Bean
    @Qualifier("eventSerializer")
    EventJson eventSerializer(EventNames names) {
        return new EventJson(names);
    }

    /** For tokens and messages: names of Axon's own classes and ours, and no others. */
    @Bean
    @Primary
    Serializer serializer() {
        return Jackson3Serializer.builder()
                .jsonMapperBuilderCustomizer(AxonPlatform::allowTokens)
                .build();
    }

    @Bean
    NodeName nodeName(Home home) {
        return NodeName.of(home);
    }

    @Bean
    TablesBeside tablesBeside(NodeName node, Environment environment) {
        return new TablesBeside(node, isDrill(environment));
    }

    /** This one among them, from here on. */
    @Bean(destroyMethod = "close")
    Nodes nodes(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            NodeName node,
            EventNames names,
            Flyway migrations) {
        Nodes nodes = new Nodes(jdbc, transactions, node, names.readable(), TablesBeside.of(migrations));
        nodes.register();
        return nodes;
    }

    @Bean
    EventKinds eventKinds(JdbcClient jdbc, Nodes nodes) {
        return new EventKinds(jdbc, nodes);
    }

    @Bean
    TokenStore tokenStore(ConnectionProvider connections, Serializer serializer, NodeName node, JdbcClient jdbc) {
        node.takeOver(jdbc);
        return JdbcTokenStore.builder()
                .connectionProvider(connections)
                .serializer(serializer)
                .schema(TokenSchema.builder()
                        .setTokenTable("token_entry")
                        .setProcessorNameColumn("processor_name")
                        .setTokenTypeColumn("token_type")
                        .build())
                .nodeId(node.owner())
                .build();
    }

    /** Axon's replay token holds an Object, which Jackson's default validator denies: a reset would jam its processor. */
    static void allowTokens(JsonMapper.Builder json) {
        json.addModule(LedgerJson.forEvents())
                .polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder()
                        .allowIfBaseType(TrackingToken.class)
                        .allowIfSubType("org.axonframework.")
                        .allowIfSubType(BASE_PACKAGE)
                        .build());
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnProperty(name = "axon.axonserver.enabled", havingValue = "false")
    EventLog eventLog(
            JdbcTemplate jdbc,
            HikariDataSource database,
            @Qualifier("eventSerializer") EventJson serializer,
            org.axonframework.config.Configuration axon,
            TransactionManager transactions,
            Traces traces,
            EventKinds kinds,
            Environment environment) {
        if (!(transactions instanceof SpringTransactionManager)) {
            throw new IllegalStateException("Axon must use Spring's transactions, not " + transactions.getClass());
        }
        EventLog log = new EventLog(
                jdbc, OwnConnection.toWrite(database, GroupCommit.PATIENCE), serializer, axon.upcasterChain());
        // A drill reads what was copied from Axon Server, and writes to a copy of that.
        log.requireHome(EventLog.ON_POSTGRESQL, isDrill(environment));
        log.traceWith(traces);
        log.admittedBy(kinds::admit);
        return log;
    }

    private static boolean isDrill(Environment environment) {
        return environment.matchesProfiles("drill");
    }

    /** Without a transaction around a command: all that it writes is one append. */
    @Bean
    @ConditionalOnProperty(name = "axon.axonserver.enabled", havingValue = "false")
    CommandBus commandBus(CorrelationDataProvider correlation) {
        SimpleCommandBus commands = SimpleCommandBus.builder().build();
        commands.registerHandlerInterceptor(new CorrelationDataInterceptor<>(correlation));
        return commands;
    }

    @Bean
    CorrelationDataProvider correlationDataProvider() {
        return new SimpleCorrelationDataProvider(Metadata.FROM_COMMAND.toArray(String[]::new));
    }

    /** @param streams the most aggregates kept in memory; {@code ledger.streams.cached}, default 10,000 */
    @Bean
    Cache streamCache(@Value("${ledger.streams.cached:10000}") int streams) {
        return new StreamCache(streams);
    }

    /** As Axon makes it, but for its thread. */
    @Bean
    SpringAggregateSnapshotter aggregateSnapshotter(
            org.axonframework.config.Configuration axon,
            HandlerDefinition handlers,
            ParameterResolverFactory parameters,
            EventStore events,
            TransactionManager transactions,
            SnapshotterSpanFactory spans,
            SnapshotThread thread) {
        return SpringAggregateSnapshotter.builder()
                .repositoryProvider(axon::repository)
                .handlerDefinition(handlers)
                .parameterResolverFactory(parameters)
                .eventStore(events)
                .transactionManager(transactions)
                .spanFactory(spans)
                .executor(thread::take)
                .build();
    }

    @Bean
    SnapshotTriggerDefinition growingSnapshots(Snapshotter snapshotter) {
        return new GrowingSnapshots(snapshotter);
    }
}
