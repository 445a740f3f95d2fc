package uk.directpayments.ledger.platform;

import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the home, whichever database is used: the ledger's keys lie there too. */
@Configuration(proxyBeanMethods = false)
class HomeConfiguration {

    @Bean
    Home home(@Value("${ledger.home}") Path path) {
        return Home.open(path);
    }
}
