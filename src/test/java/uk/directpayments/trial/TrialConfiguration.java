package uk.directpayments.trial;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Brings the trial room into a context: its events' names, its tables, its beans. */
@TestConfiguration(proxyBeanMethods = false)
@AutoConfigurationPackage
@Import({Trial.class, TrialRows.class, TrialStates.class, TrialLog.class, TrialEcho.class})
public class TrialConfiguration {

    @Bean
    InitializingBean trialTables(JdbcClient jdbc) {
        return () -> jdbc.sql("""
                        CREATE TABLE IF NOT EXISTS trial_rows (position bigint PRIMARY KEY, id text NOT NULL, number int NOT NULL,
                            recorded_at timestamptz NOT NULL);
                        CREATE TABLE IF NOT EXISTS trial_states (id text, from_position bigint, until_position bigint NOT NULL,
                            document jsonb NOT NULL, PRIMARY KEY (id, from_position));
                        CREATE TABLE IF NOT EXISTS trial_log (position bigint PRIMARY KEY, number int NOT NULL);
                        """).update();
    }
}
