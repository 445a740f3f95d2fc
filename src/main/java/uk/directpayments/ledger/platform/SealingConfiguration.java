package uk.directpayments.ledger.platform;

import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** Seals and signs with the keys that lie under the home. */
@Configuration(proxyBeanMethods = false)
class SealingConfiguration {

    /** A key that is rotated when the ledger is started with {@code --ledger.rotate=master-key,signing-key}. */
    enum KeyFile {
        MASTER_KEY,
        SIGNING_KEY
    }

    @Bean
    Sealing sealing(
            Home home,
            @Value("${ledger.rotate:}") Set<KeyFile> rotated,
            @Value("${ledger.sealing.cached-keys:10000}") int cachedKeys,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        if (rotated.contains(KeyFile.MASTER_KEY)) {
            TinkMasterKey.addKey(home.path());
        }
        return new TinkSealing(home.path(), cachedKeys, jdbc, transactions);
    }

    @Bean
    Signing signing(Home home, @Value("${ledger.rotate:}") Set<KeyFile> rotated) {
        if (rotated.contains(KeyFile.SIGNING_KEY)) {
            Signing.rotate(home.path());
        }
        return Signing.open(home.path());
    }
}
