package uk.directpayments.ledger.platform;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Puts the {@link ReadWatch} in its place. */
@Configuration(proxyBeanMethods = false)
class ReadConfiguration {

    /** Within the {@link HttpEdge}, which answers if a read cannot be recorded; outside the doors, to hear whom they turn away. */
    @Bean
    static FilterRegistrationBean<ReadWatch> readsAreWatched(ReadWatch watch) {
        FilterRegistrationBean<ReadWatch> filter = new FilterRegistrationBean<>(watch);
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 20);
        return filter;
    }
}
