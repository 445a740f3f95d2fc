package uk.directpayments.ledger.platform;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** Seals and signs with the keys that lie under the home. */
@Configuration(proxyBeanMethods = false)
class SealingConfiguration {

    @Bean
    Sealing sealing(
            Home home,
            @Value("${ledger.sealing.cached-keys:10000}") int cachedKeys,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        return new TinkSealing(home.path(), cachedKeys, jdbc, transactions);
    }

    @Bean
    Signing signing(Home home) {
        return Signing.open(home.path());
    }
}
