package uk.directpayments.ledger.platform;

import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.OPTIONS;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;

/**
 * Who may do what, all of it. The first rule that fits decides; what no rule fits is not there (404) for anybody. Which
 * accounts a support organisation sees is decided where accounts are known, and separation of duties by the domain.
 */
final class SecurityRules {

    private static final String FINANCE = "FINANCE";
    private static final String AUDITOR = "AUDITOR";
    private static final String SUPPORT = "SUPPORT";
    private static final String ADMIN = "ADMIN";

    /** What concerns the whole council: a support organisation has no accounts of its own in it. */
    private static final List<String> OF_THE_COUNCIL = List.of(
            "/audit/**",
            "/audits/**",
            "/people/*/erasure",
            "/budgets/*/refusal.pdf",
            "/payment-runs/**",
            "/periods/**",
            "/reports/**",
            "/policies/**",
            "/residential-days/**",
            "/operations/**");

    private static final List<String> OF_ACCOUNTS =
            List.of("/people/**", "/budgets/**", "/accounts/**", "/flags/**", "/statements/**", "/organisations/**");

    private SecurityRules() {}

    static void forApi(AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry may) {
        // who read what is for those to know who look after the readers
        may.requestMatchers(path("/audit/reads/**")).hasRole(AUDITOR);
        // reads
        for (HttpMethod read : List.of(GET, HEAD, OPTIONS)) {
            may.requestMatchers(read, paths(OF_THE_COUNCIL)).hasAnyRole(FINANCE, AUDITOR, ADMIN);
            may.requestMatchers(read, paths(OF_ACCOUNTS)).hasAnyRole(FINANCE, AUDITOR, SUPPORT, ADMIN);
        }
        // writes: whatever is not a read
        may.requestMatchers(path("/audit/rebuilds/**")).hasAnyRole(FINANCE, AUDITOR, ADMIN);
        may.requestMatchers(path("/audit/**"), path("/audits/**")).hasAnyRole(FINANCE, AUDITOR);
        may.requestMatchers(path("/organisations/*/client-money")).hasAnyRole(FINANCE, ADMIN);
        may.requestMatchers(
                        path("/policies/**"),
                        path("/organisations/**"),
                        path("/operations/**"),
                        path("/people/*/erasure"))
                .hasRole(ADMIN);
        may.requestMatchers(
                        path("/accounts/*/expenditures/**"),
                        path("/accounts/*/refunds"),
                        path("/people/*/residential-stays/**"),
                        path("/flags/*/evidence"),
                        path("/statements/**"))
                .hasAnyRole(FINANCE, SUPPORT);
        may.requestMatchers(paths(Stream.concat(OF_ACCOUNTS.stream(), OF_THE_COUNCIL.stream())
                        .toList()))
                .hasRole(FINANCE);
        may.anyRequest().access((user, request) -> new Unmapped());
    }

    private static String path(String pattern) {
        return "/api/v1" + pattern;
    }

    private static String[] paths(List<String> patterns) {
        return patterns.stream().map(SecurityRules::path).toArray(String[]::new);
    }

    static boolean isUnmapped(AccessDeniedException denied) {
        return denied instanceof AuthorizationDeniedException decided
                && decided.getAuthorizationResult() instanceof Unmapped;
    }

    /** Denied because no rule knows the path. */
    private record Unmapped() implements AuthorizationResult {
        @Override
        public boolean isGranted() {
            return false;
        }
    }
}
