package uk.directpayments.ledger.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import uk.directpayments.ledger.LedgerApplication;
import uk.directpayments.trial.TrialConfiguration;

/** Another node: a whole application with a home of its own on the database of the first. */
final class SecondNode implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private SecondNode(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static SecondNode beside(Environment first, String... properties) {
        return beside(first, application -> {}, properties);
    }

    /** A node of an earlier version, which does not know a kind of event. */
    static SecondNode without(String kind, Environment first) {
        return beside(
                first,
                application -> application.initializers(context ->
                        context.addBeanFactoryPostProcessor(factory -> factory.addBeanPostProcessor(without(kind)))));
    }

    private static BeanPostProcessor without(String kind) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String beanName) {
                if (bean instanceof EventNames names) {
                    names.all().remove(kind);
                }
                return bean;
            }
        };
    }

    private static SecondNode beside(
            Environment first, Consumer<SpringApplicationBuilder> version, String... properties) {
        List<String> arguments =
                new ArrayList<>(List.of("--server.port=0", "--spring.jmx.enabled=false", "--ledger.demo=false"));
        for (String name : new String[] {"url", "username", "password"}) {
            arguments.add("--spring.datasource." + name + "=" + first.getProperty("spring.datasource." + name));
        }
        arguments.add("--spring.profiles.active=" + String.join(",", first.getActiveProfiles()));
        String servers = first.getProperty("axon.axonserver.servers");
        if (servers != null) {
            arguments.add("--axon.axonserver.servers=" + servers);
        }
        arguments.add("--spring.datasource.hikari.maximum-pool-size=8");
        String home = first.getProperty("ledger.home") + "-" + System.nanoTime();
        arguments.add("--ledger.home=" + home);
        for (String property : properties) {
            arguments.add("--" + property);
        }
        // The master key is the deployment's: a node without it cannot read what others have sealed, and does not
        // start.
        copyMasterKey(first.getProperty("ledger.home", ""), home);
        SpringApplicationBuilder application =
                new SpringApplicationBuilder(LedgerApplication.class, TrialConfiguration.class);
        version.accept(application);
        return new SecondNode(application.run(arguments.toArray(String[]::new)));
    }

    private static void copyMasterKey(String from, String to) {
        try {
            Path target = Path.of(to);
            Files.createDirectories(target);
            try (var files = Files.list(Path.of(from))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = file.getFileName().toString();
                    if (!name.equals("lock") && !name.equals("node")) {
                        Files.copy(file, target.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
