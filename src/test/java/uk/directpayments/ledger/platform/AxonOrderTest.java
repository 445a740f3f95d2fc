package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.axonframework.commandhandling.gateway.RetryScheduler;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.timeout.HandlerTimeoutHandlerEnhancerDefinition;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.axonframework.springboot.updates.UpdateCheckConfiguration;
import org.axonframework.updates.configuration.UsagePropertyProvider;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/** How Axon finds itself put together on Boot 4. */
class AxonOrderTest extends TrialTest {

    @Autowired
    ApplicationContext context;

    @Test
    void axonUsesSpringsTransactionsTheLogAndTheTokenTable() {
        assertThat(context.getBean(TransactionManager.class)).isInstanceOf(SpringTransactionManager.class);
        assertThat(context.getBeanNamesForType(ConnectionProvider.class)).hasSize(1);
        assertThat(context.getBean(TokenStore.class)).isInstanceOf(JdbcTokenStore.class);
        assertThat(context.getBean(EventStorageEngine.class)).isSameAs(log);
    }

    /** The order comes from this one line: Axon's own names classes that Boot 4 has moved. */
    @Test
    void theOrderIsRegisteredAndNamesClassesThatExist() {
        assertThat(ImportCandidates.load(
                        org.springframework.boot.autoconfigure.AutoConfiguration.class,
                        getClass().getClassLoader()))
                .contains(AxonOrder.class.getName());
        var order = AxonOrder.class.getAnnotation(org.springframework.boot.autoconfigure.AutoConfiguration.class);
        assertThat(order.afterName())
                .allMatch(name -> ClassUtils.isPresent(name, getClass().getClassLoader()));
        assertThat(order.beforeName())
                .allMatch(name -> ClassUtils.isPresent(name, getClass().getClassLoader()));
    }

    @Test
    void nothingOfAxonTimesCountsRetriesOrPhonesHome() {
        assertThat(context.getBeansOfType(HandlerTimeoutHandlerEnhancerDefinition.class))
                .isEmpty();
        assertThat(context.getBeansOfType(RetryScheduler.class)).isEmpty();
        assertThat(ClassUtils.isPresent("org.axonframework.micrometer.GlobalMetricRegistry", null))
                .isFalse();
        assertThat(ClassUtils.isPresent("org.axonframework.metrics.GlobalMetricRegistry", null))
                .isFalse();
        // Axon leaves its update check out of every test, so only what it would be told can be asked.
        assertThat(UsagePropertyProvider.create(context.getBean(UpdateCheckConfiguration.class))
                        .getDisabled())
                .isTrue();
        assertThat(System.getProperty("disable-axoniq-console-message")).isEqualTo("true");
    }
}
