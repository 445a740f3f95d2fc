package uk.directpayments.ledger.platform;

import com.zaxxer.hikari.HikariDataSource;
import io.axoniq.axonserver.connector.event.EventChannel;
import java.util.function.Supplier;
import org.axonframework.axonserver.connector.AxonServerConnectionManager;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** What is otherwise where Axon Server keeps the log and routes commands: profile {@code axonserver}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("axon.axonserver.enabled")
class AxonServerPlatform {

    @Bean
    AxonServerCopy axonServerCopy(
            AxonServerConnectionManager servers,
            HikariDataSource database,
            @Qualifier("eventSerializer") EventJson serializer,
            Nodes nodes,
            @Value("${ledger.axonserver.restore:false}") boolean restore,
            @Value("${ledger.axonserver.move:false}") boolean move) {
        return new AxonServerCopy(
                channel(servers), database, serializer, new AxonServerFilling.Orders(restore, move, nodes::others));
    }

    @Bean
    EventLog eventLog(
            JdbcTemplate jdbc,
            @Qualifier("eventSerializer") EventJson serializer,
            org.axonframework.config.Configuration axon,
            AxonServerConnectionManager servers,
            AxonServerCopy copy,
            PlatformTransactionManager transactions,
            Traces traces,
            EventKinds kinds,
            @Value("${ledger.axonserver.move:false}") boolean move) {
        EventLog log = new AxonServerLog(jdbc, serializer, axon.upcasterChain(), channel(servers), copy, transactions);
        log.requireHome(EventLog.ON_AXON_SERVER, move);
        log.traceWith(traces);
        log.admittedBy(kinds::admit);
        return log;
    }

    private static Supplier<EventChannel> channel(AxonServerConnectionManager servers) {
        return () -> servers.getConnection().eventChannel();
    }

    /** Commands and outcomes between nodes. */
    @Bean
    @Qualifier("messageSerializer")
    Serializer messageSerializer(@Qualifier("eventSerializer") EventJson events) {
        return Jackson3Serializer.builder()
                .jsonMapperBuilderCustomizer(
                        json -> json.addModule(LedgerJson.forEvents()).addModule(new OutcomeJson(events)))
                .build();
    }

    /** Where this node decides the commands that Axon Server routes to it. */
    @Bean
    @Qualifier("localSegment")
    CommandBus localCommands(TransactionManager transactions, CorrelationDataProvider correlation) {
        RoutedCommands commands = new RoutedCommands(transactions);
        commands.registerHandlerInterceptor(new CorrelationDataInterceptor<>(correlation));
        // the request is served by a thread of another node, perhaps
        commands.registerHandlerInterceptor((unit, chain) -> {
            try (Carried.Line ignored =
                    Carried.line((String) unit.getMessage().getMetaData().get(Metadata.CORRELATION))) {
                return chain.proceed();
            }
        });
        return commands;
    }

    @Bean
    AxonServerHealth axonServerHealthIndicator(AxonServerConnectionManager servers, AxonServerCopy copy) {
        return new AxonServerHealth(servers, copy);
    }
}
