package uk.directpayments.ledger.platform;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The ledger's settings, all of them: one that is given under another name is refused at the start, for a limit that is misspelt is no limit. So is a profile.
 * Variables of the environment are not held against it, as other programs put theirs there (Kubernetes sets {@code LEDGER_PORT} beside a service of
 * that name). What each means and its default: {@code src/docs/operating/starting.md}. Listed in {@code META-INF/spring.factories}.
 */
class Settings implements EnvironmentPostProcessor, Ordered {

    private static final String OURS = "ledger.";

    static final Set<String> NAMES = Stream.of(
                    "axonserver.move",
                    "axonserver.restore",
                    "bank.modulus-weights",
                    "demo",
                    "demo.people",
                    "documents.contact",
                    "documents.council",
                    "drill.backup",
                    "drill.checkpoint",
                    "drill.erasures",
                    "home",
                    "http.max-json-bytes",
                    "http.max-upload-bytes",
                    "http.requests-per-second",
                    "oidc.audience",
                    "oidc.client-id",
                    "oidc.client-secret",
                    "oidc.issuer",
                    "oidc.roles.admin",
                    "oidc.roles.auditor",
                    "oidc.roles.finance",
                    "oidc.roles.support",
                    "oidc.roles-claim",
                    "oidc.scopes",
                    "oidc.user-claim",
                    "pages.longest-session",
                    "pages.most-items",
                    "payout.account-number",
                    "payout.cards.account-number",
                    "payout.cards.name",
                    "payout.cards.sort-code",
                    "payout.most-items",
                    "payout.name",
                    "payout.service-user-number",
                    "payout.sort-code",
                    "payout.threads",
                    "processors.segments",
                    "processors.threads",
                    "reads.retention",
                    "rebuild.events",
                    "rebuild.threads",
                    "rotate",
                    "sealing.cached-keys",
                    "statements.max-accounts",
                    "statements.max-line-characters",
                    "statements.max-lines",
                    "statements.threads",
                    "statements.wait",
                    "streams.cached",
                    "traces.endpoint",
                    "traces.share")
            .map(OURS::concat)
            .collect(Collectors.toCollection(TreeSet::new));

    /** After the files of the configuration have been read. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        requireProfiles(environment);
        Set<String> known = NAMES.stream().map(Settings::plain).collect(Collectors.toSet());
        environment.getPropertySources().stream()
                .filter(source -> !source.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME))
                .filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> Arrays.stream(((EnumerablePropertySource<?>) source).getPropertyNames()))
                .filter(name -> name.startsWith(OURS) && !known.contains(plain(name)))
                .findFirst()
                .ifPresent(name -> {
                    throw new StartRefused("There is no setting " + name + ". There is " + near(name) + ".");
                });
    }

    /** Spring starts under any name: the log of a misspelt {@code axonserver} would be PostgreSQL's, a misspelt {@code drill} would be the service itself. */
    private static void requireProfiles(ConfigurableEnvironment environment) {
        for (String profile : environment.getActiveProfiles()) {
            if (environment.getPropertySources().stream()
                    .noneMatch(source -> source.getName().contains("application-" + profile + "."))) {
                throw new StartRefused(
                        "There is no profile %1$s. There are axonserver and drill; one of your own has a file application-%1$s.yaml."
                                .formatted(profile));
            }
        }
    }

    /** Spring takes {@code max-lines}, {@code maxLines} and {@code max_lines} for one, and {@code rotate[0]} for a part of {@code rotate}. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("\\[.*", "").replaceAll("[-_]", "");
    }

    private static String near(String name) {
        String beginning = name.substring(0, Math.min(name.length(), OURS.length() + 2));
        List<String> near =
                NAMES.stream().filter(each -> each.startsWith(beginning)).toList();
        return String.join(", ", near.isEmpty() ? NAMES : near);
    }
}
