package uk.directpayments.ledger.platform;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Whether requests are traced: where {@code ledger.traces.endpoint} says where to. Otherwise nothing of what Spring Boot would set up for it is
 * even looked at, so that a ledger without traces is one that cannot trace.
 */
class TracesOn implements Condition, AutoConfigurationImportFilter, EnvironmentAware {

    static final String ENDPOINT = "ledger.traces.endpoint";

    private @Nullable Environment environment;

    private static boolean on(@Nullable Environment environment) {
        return environment != null && StringUtils.hasText(environment.getProperty(ENDPOINT));
    }

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return on(context.getEnvironment());
    }

    @Override
    public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
        boolean[] taken = new boolean[configurations.length];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = on(environment) || !isOfTraces(configurations[i]);
        }
        return taken;
    }

    private static boolean isOfTraces(@Nullable String configuration) {
        String name = configuration == null ? "" : configuration.toLowerCase(Locale.ROOT);
        return name.startsWith("org.springframework.boot.")
                && (name.contains(".opentelemetry.") || name.contains(".micrometer.tracing."));
    }

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }
}
