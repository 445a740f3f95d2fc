package uk.directpayments.ledger.support;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.authorization.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A real OpenID Connect issuer on a port of its own, at {@code localhost}, so that its cookies are not the ledger's: Spring Authorization Server.
 * Its users are the keys of {@link #CLAIMS}, their password is {@code word}.
 */
public final class TestIssuer implements AutoCloseable {

    public static final String AUDIENCE = "https://ledger.council.example";
    public static final String CLIENT = "ledger-pages";
    public static final String SECRET = "kept-by-the-council";
    public static final String PASSWORD = "word";

    /** What the issuer tells of each user beside its name. */
    public static final Map<String, Map<String, Object>> CLAIMS = Map.of(
            "amina", Map.of("roles", List.of("staff", "dp-finance")),
            "ben", Map.of("roles", List.of("dp-finance")),
            "carol", Map.of("roles", List.of("auditor")),
            "dan", Map.of("roles", "support", "organisation_id", "ORG-OIDC"),
            "eve", Map.of("roles", List.of("admin")),
            "frank", Map.of("roles", List.of("staff")),
            "gina", Map.of("roles", List.of("dp-finance", "admin")));

    private final ConfigurableApplicationContext server;

    public TestIssuer() {
        server = new SpringApplicationBuilder(Server.class).run("--server.port=0", "--server.address=127.0.0.1");
    }

    /** Lets people come from the pages of a ledger and go back there. */
    public void knows(String ledger) {
        server.getBean(Clients.class).client = RegisteredClient.withId("1")
                .clientId(CLIENT)
                .clientSecret("{noop}" + SECRET)
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUri(ledger + "/login/oauth2/code/council")
                .postLogoutRedirectUri(ledger + "/login?out")
                .scope("openid")
                .build();
    }

    public String address() {
        return "http://localhost:" + server.getEnvironment().getProperty("local.server.port");
    }

    /** The settings with which a ledger trusts it. */
    public Map<String, String> settings() {
        return Map.of(
                "ledger.oidc.issuer", address(),
                "ledger.oidc.audience", AUDIENCE,
                "ledger.oidc.client-id", CLIENT,
                "ledger.oidc.client-secret", SECRET,
                "ledger.oidc.roles.finance", "finance, dp-finance, dp-finance");
    }

    /** An access token of one of its users for the ledger. */
    public String token(String user) {
        return token(user, claims -> {});
    }

    /** @param change what is otherwise than usual about the token */
    public String token(String user, Consumer<JwtClaimsSet.Builder> change) {
        JwtClaimsSet.Builder claims = JwtClaimsSet.builder()
                .issuer(address())
                .subject(user)
                .audience(List.of(AUDIENCE))
                .issuedAt(Instant.now())
                .expiresAt(Instant.now().plusSeconds(300));
        CLAIMS.getOrDefault(user, Map.of()).forEach(claims::claim);
        change.accept(claims);
        return server.getBean(JwtEncoder.class)
                .encode(JwtEncoderParameters.from(claims.build()))
                .getTokenValue();
    }

    /** How often its keys have been fetched. */
    public int keysFetched() {
        return server.getBean(Fetches.class).ofKeys.get();
    }

    @Override
    public void close() {
        server.close();
    }

    /** Asked for by the protocol: the one client there is. */
    static class Clients implements RegisteredClientRepository {

        private volatile @Nullable RegisteredClient client;

        @Override
        public void save(RegisteredClient saved) {
            client = saved;
        }

        @Override
        public @Nullable RegisteredClient findById(String id) {
            return client;
        }

        @Override
        public @Nullable RegisteredClient findByClientId(String clientId) {
            return CLIENT.equals(clientId) ? client : null;
        }
    }

    /** Counts what is asked of it. */
    static class Fetches extends OncePerRequestFilter {

        private final AtomicInteger ofKeys = new AtomicInteger();

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            if (request.getServletPath().equals("/oauth2/jwks")) {
                ofKeys.incrementAndGet();
            }
            chain.doFilter(request, response);
        }
    }

    @EnableWebSecurity
    @ImportAutoConfiguration({
        TomcatServletWebServerAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        WebMvcAutoConfiguration.class
    })
    static class Server {

        @Bean
        @Order(1)
        SecurityFilterChain protocol(HttpSecurity http) {
            OAuth2AuthorizationServerConfigurer server = new OAuth2AuthorizationServerConfigurer();
            return http.securityMatcher(server.getEndpointsMatcher())
                    .with(server, all -> all.oidc(Customizer.withDefaults()))
                    .authorizeHttpRequests(may -> may.anyRequest().authenticated())
                    .exceptionHandling(errors -> errors.defaultAuthenticationEntryPointFor(
                            new LoginUrlAuthenticationEntryPoint("/login"),
                            new MediaTypeRequestMatcher(MediaType.TEXT_HTML)))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain form(HttpSecurity http) {
            return http.authorizeHttpRequests(may -> may.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(CLAIMS.keySet().stream()
                    .map(name -> User.withUsername(name)
                            .password("{noop}" + PASSWORD)
                            .build())
                    .toList());
        }

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        Fetches fetches() {
            return new Fetches();
        }

        @Bean
        Clients clients() {
            return new Clients();
        }

        @Bean
        OAuth2TokenCustomizer<JwtEncodingContext> roles() {
            return token -> CLAIMS.getOrDefault(token.getPrincipal().getName(), Map.of())
                    .forEach((name, value) -> token.getClaims().claim(name, value));
        }

        @Bean
        JWKSource<SecurityContext> keys() throws NoSuchAlgorithmException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            return new ImmutableJWKSet<>(new JWKSet(new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                    .privateKey((RSAPrivateKey) pair.getPrivate())
                    .keyID("1")
                    .build()));
        }

        @Bean
        JwtEncoder encoder(JWKSource<SecurityContext> keys) {
            return new NimbusJwtEncoder(keys);
        }

        @Bean
        JwtDecoder decoder(JWKSource<SecurityContext> keys) {
            return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
        }

        @Bean
        AuthorizationServerSettings addresses() {
            return AuthorizationServerSettings.builder().build();
        }
    }
}
