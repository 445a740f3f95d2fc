package uk.directpayments.ledger.platform;

import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;

/** The doors: HTTP Basic and no session for the API, a login form for everything that people look at. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    @Order(1)
    SecurityFilterChain api(
            HttpSecurity http,
            Problems problems,
            @Value("${ledger.http.requests-per-second:1000}") int requestsPerSecond) {
        return http.securityMatcher("/api/**")
                .authorizeHttpRequests(SecurityRules::forApi)
                .httpBasic(basic ->
                        basic.authenticationEntryPoint((request, response, e) -> problems.answer(e, request, response)))
                .exceptionHandling(errors -> errors.authenticationEntryPoint(
                                (request, response, e) -> problems.answer(e, request, response))
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

    /**
     * The pages. What they show and do is asked of the API in the name of who has signed in, so {@link SecurityRules} hold for them too.
     * The token against forged forms lives in a cookie: a form that is sent after the session ran out is known to be ours, is kept, and is
     * shown again once somebody has signed in.
     */
    @Bean
    @Order(3)
    SecurityFilterChain pages(HttpSecurity http) {
        return http.authorizeHttpRequests(may -> may.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                        .permitAll()
                        .requestMatchers("/login", "/assets/**", "/webjars/**")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(form -> form.loginPage("/login"))
                .logout(out -> out.logoutSuccessUrl("/login?out"))
                .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens()))
                .requestCache(cache -> cache.requestCache(keptUntilSignIn()))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(
                                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
                                        + " connect-src 'self'; form-action 'self'; base-uri 'none';"
                                        + " frame-ancestors 'none'"))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                        .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny))
                .build();
    }

    private static CookieCsrfTokenRepository csrfTokens() {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieCustomizer(cookie -> cookie.sameSite("Lax"));
        return tokens;
    }

    /** Pages, and forms that were sent: not what a script or a page's parts ask for. */
    private static HttpSessionRequestCache keptUntilSignIn() {
        HttpSessionRequestCache cache = new HttpSessionRequestCache();
        cache.setRequestMatcher(request -> {
            String accepted = request.getHeader(HttpHeaders.ACCEPT);
            return accepted != null
                    && accepted.contains(MediaType.TEXT_HTML_VALUE)
                    && !request.getServletPath().equals("/logout");
        });
        return cache;
    }

    /** Paths that the firewall refuses are answered like every other refusal. */
    @Bean
    RequestRejectedHandler rejectedByFirewall(Problems problems) {
        return (request, response, e) -> problems.answer(e, request, response);
    }
}
