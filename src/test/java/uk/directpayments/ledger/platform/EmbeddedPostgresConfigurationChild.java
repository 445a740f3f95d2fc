package uk.directpayments.ledger.platform;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The service's database with nothing else of the service: says how many migrations it sees, and stays until it is stopped. */
@Configuration(proxyBeanMethods = false)
@Import({HomeConfiguration.class, EmbeddedPostgresConfiguration.class})
@ImportAutoConfiguration({
    DataSourceAutoConfiguration.class,
    FlywayAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    JdbcClientAutoConfiguration.class
})
class EmbeddedPostgresConfigurationChild {

    public static void main(String[] arguments) throws Exception {
        SpringApplication application = new SpringApplication(EmbeddedPostgresConfigurationChild.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        JdbcClient database = application.run(arguments).getBean(JdbcClient.class);
        System.out.println("flyway has been here: "
                + database.sql("SELECT to_regclass('flyway_schema_history') IS NOT NULL")
                        .query(Boolean.class)
                        .single());
        Thread.currentThread().join();
    }
}
