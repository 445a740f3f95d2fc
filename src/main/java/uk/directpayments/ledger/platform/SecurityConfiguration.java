package uk.directpayments.ledger.platform;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.logout.HeaderWriterLogoutHandler;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.writers.ClearSiteDataHeaderWriter;
import org.springframework.security.web.header.writers.ClearSiteDataHeaderWriter.Directive;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * The doors: no session for the API, a sign-in for everything that people look at. Who comes in is told by the {@link Issuer} if there is one, by
 * bearer tokens and its own sign-in; else these are the {@link LocalUsers}, by HTTP Basic and a form.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    /** Each of the doors' two dozen filters would be timed on its own, for every request; the whole of it is, by its route. */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    /** Within the edge, which answers what it refuses; before anybody is let in. */
    @Bean
    @WithoutIssuer
    FilterRegistrationBean<OwnNames> ownNames() {
        FilterRegistrationBean<OwnNames> names = new FilterRegistrationBean<>(new OwnNames());
        names.setOrder(Ordered.HIGHEST_PRECEDENCE + 11);
        return names;
    }

    @Bean
    @Order(1)
    SecurityFilterChain api(
            HttpSecurity http,
            Problems problems,
            ObjectProvider<Issuer> issuers,
            @Value("${ledger.http.requests-per-second:1000}") int requestsPerSecond) {
        Issuer issuer = issuers.getIfAvailable();
        AuthenticationEntryPoint refusal = (request, response, e) -> problems.answer(e, request, response);
        if (issuer == null) {
            http.httpBasic(basic -> basic.authenticationEntryPoint(refusal));
        } else {
            http.oauth2ResourceServer(tokens -> tokens.authenticationEntryPoint(refusal)
                    .jwt(jwt -> jwt.decoder(issuer::decode).jwtAuthenticationConverter(issuer::signedIn)));
        }
        return http.securityMatcher("/api/**")
                .authorizeHttpRequests(SecurityRules::forApi)
                .exceptionHandling(errors -> errors.authenticationEntryPoint(refusal)
                        .accessDeniedHandler((request, response, e) -> problems.answer(e, request, response)))
                // A page that hands a request on to the API keeps its session as it is.
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS)
                        .sessionFixation(fixation -> fixation.none()))
                .csrf(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.contentSecurityPolicy(
                        policy -> policy.policyDirectives("default-src 'none'; frame-ancestors 'none'")))
                .addFilterBefore(new OtherSites(), BasicAuthenticationFilter.class)
                .addFilterAfter(new RateLimit(requestsPerSecond), BasicAuthenticationFilter.class)
                .build();
    }

    /** What anybody may fetch: health, the description of the API. Swagger's page sets styles from its script, hence the one relaxation. */
    @Bean
    @Order(2)
    SecurityFilterChain descriptions(HttpSecurity http) {
        return http.securityMatcher("/actuator/**", "/v3/api-docs/**", "/swagger-ui/**", "/swagger-ui.html")
                .authorizeHttpRequests(may -> may.requestMatchers("/actuator/health/**", "/actuator/prometheus")
                        .permitAll()
                        .requestMatchers("/actuator/**")
                        .denyAll()
                        .anyRequest()
                        .permitAll())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(
                                "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
                                        + " object-src 'none'; base-uri 'self'; form-action 'self';"
                                        + " frame-ancestors 'none'"))
                        .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny))
                .build();
    }

    @Bean
    Strangers strangers() {
        return new Strangers();
    }

    /**
     * The pages. What they show and do is asked of the API in the name of who has signed in, so {@link SecurityRules} hold for them too.
     * The token against forged forms lives in a cookie: a form that is sent after the session ran out is known to be ours, is kept, and is
     * shown again once somebody has signed in.
     */
    @Bean
    @Order(3)
    SecurityFilterChain pages(
            HttpSecurity http,
            ObjectProvider<Issuer> issuers,
            Strangers strangers,
            @Value("${ledger.pages.longest-session:12h}") Duration longestSession) {
        Issuer issuer = issuers.getIfAvailable();
        if (issuer == null) {
            http.formLogin(form -> form.loginPage("/login")
                            .successHandler(strangers.signedIn())
                            .failureHandler(SecurityConfiguration::signInFailed))
                    .logout(out -> out.logoutSuccessUrl("/login?out"));
        } else {
            OidcClientInitiatedLogoutSuccessHandler out = new OidcClientInitiatedLogoutSuccessHandler(issuer);
            out.setPostLogoutRedirectUri("{baseUrl}/login?out");
            out.setDefaultTargetUrl("/login?out");
            http.oauth2Login(login -> login.loginPage("/login")
                            .clientRegistrationRepository(issuer)
                            .userInfoEndpoint(user -> user.oidcUserService(issuer::person))
                            .successHandler(strangers.signedIn())
                            .failureHandler(SecurityConfiguration::signInFailed))
                    .logout(logout -> logout.logoutSuccessHandler(out))
                    .addFilterBefore(
                            (request, response, chain) -> {
                                issuer.requireThere((HttpServletRequest) request);
                                chain.doFilter(request, response);
                            },
                            OAuth2AuthorizationRequestRedirectFilter.class);
        }
        // Signing out ends in a redirect to the issuer, which browsers hold to this directive too.
        String formsTo = "form-action 'self'" + (issuer == null ? "" : " " + issuer.origin()) + ";";
        return http.authorizeHttpRequests(may -> may.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                        .permitAll()
                        .requestMatchers("/login", "/assets/**", "/webjars/**")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .addFilterBefore(new LongestSession(longestSession), SecurityContextHolderFilter.class)
                .addFilterBefore(new NoUploadsFromStrangers(), CsrfFilter.class)
                .logout(logout -> logout.addLogoutHandler(new HeaderWriterLogoutHandler(
                        new ClearSiteDataHeaderWriter(Directive.CACHE, Directive.STORAGE))))
                .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens()))
                .requestCache(cache -> cache.requestCache(strangers.kept()))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(
                                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
                                        + " connect-src 'self'; " + formsTo + " base-uri 'none';"
                                        + " frame-ancestors 'none'"))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                        .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny))
                .build();
    }

    private static void signInFailed(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException refused)
            throws IOException {
        SecurityLog.signInRefused(refused, request);
        boolean noRole = refused instanceof OAuth2AuthenticationException told
                && told.getError().getErrorCode().equals(Issuer.NO_ROLE);
        response.sendRedirect(request.getContextPath() + "/login?" + (noRole ? "role" : "error"));
    }

    private static CookieCsrfTokenRepository csrfTokens() {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieCustomizer(cookie -> cookie.sameSite("Lax"));
        return tokens;
    }

    /** Paths that the firewall refuses are answered like every other refusal. */
    @Bean
    RequestRejectedHandler rejectedByFirewall(Problems problems) {
        return (request, response, e) -> problems.answer(e, request, response);
    }
}
