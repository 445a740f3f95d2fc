package uk.directpayments.ledger.platform;

import io.github.bucket4j.Bucket;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Actor.Role;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * The council's own sign-in service, in place of the {@link LocalUsers}: an OpenID Connect issuer, whose access tokens the API takes and through
 * which people sign in to the pages. It is asked when it is needed, so the ledger starts while it is away. Settings: {@code signing-in.md}.
 */
@Component
@ConditionalOnProperty("ledger.oidc.issuer")
class Issuer implements ClientRegistrationRepository, SmartInitializingSingleton {

    /** By this name, in the addresses of the sign-in. */
    static final String NAME = "council";

    /** What a sign-in without exactly one of the ledger's roles is refused as. */
    static final String NO_ROLE = "no_role";

    private static final Logger LOG = LoggerFactory.getLogger(Issuer.class);

    /** That the issuer is away every request finds out, whoever sends it: said once a minute. */
    private static final Bucket TOLD = Bucket.builder()
            .addLimit(limit -> limit.capacity(1).refillIntervally(1, Duration.ofMinutes(1)))
            .build();

    private static final String SETTING = "ledger.oidc.";
    private static final String ORGANISATION = "organisation_id";
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(60);
    private static final Duration TRIED_AGAIN = Duration.ofSeconds(2);

    /** Printed without blanks, so that it stands in logs and events as it is. */
    private static final Pattern USER = Pattern.compile("[!-~]{1,200}");

    private static final Pattern ORGANISATION_ID = Pattern.compile(Id.PATTERN);
    private static final List<Role> ROLES = List.of(Role.FINANCE, Role.AUDITOR, Role.SUPPORT, Role.ADMIN);

    private final String issuer;
    private final String audience;
    private final String clientId;
    private final @Nullable String clientSecret;
    private final List<String> scopes;
    private final String userClaim;
    private final List<String> rolesClaim;
    private final Map<Role, Set<String>> names = new EnumMap<>(Role.class);
    private final Supplier<JwtDecoder> decoder = once(this::findDecoder);
    private final Supplier<ClientRegistration> registration = once(this::findRegistration);

    /** @throws StartRefused if a setting is missing, or the issuer's address can be listened to */
    Issuer(Environment settings) {
        issuer = required(settings, "issuer");
        requireSafe(issuer);
        audience = required(settings, "audience");
        clientId = required(settings, "client-id");
        clientSecret = settings.getProperty(SETTING + "client-secret");
        scopes = list(settings.getProperty(SETTING + "scopes", "openid"));
        if (!scopes.contains("openid")) {
            throw new StartRefused(SETTING + "scopes must hold openid: without it nobody is told who signs in.");
        }
        userClaim = settings.getProperty(SETTING + "user-claim", "sub");
        rolesClaim =
                List.of(settings.getProperty(SETTING + "roles-claim", "roles").split("\\."));
        for (Role role : ROLES) {
            String name = role.name().toLowerCase(java.util.Locale.ROOT);
            names.put(role, Set.copyOf(list(settings.getProperty(SETTING + "roles." + name, name))));
        }
    }

    private static List<String> list(String text) {
        return Stream.of(text.split(","))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .toList();
    }

    private static String required(Environment settings, String name) {
        String value = settings.getProperty(SETTING + name);
        if (value == null || value.isBlank()) {
            throw new StartRefused("People are to sign in at " + SETTING + "issuer, but " + SETTING + name
                    + " is not set: see src/docs/operating/signing-in.md.");
        }
        return value;
    }

    private static void requireSafe(String address) {
        try {
            URI uri = URI.create(address);
            boolean here = uri.getHost() != null
                    && "http".equals(uri.getScheme())
                    && InetAddress.getByName(uri.getHost()).isLoopbackAddress();
            if (uri.getHost() != null && ("https".equals(uri.getScheme()) || here)) {
                return;
            }
        } catch (IllegalArgumentException | UnknownHostException noAddress) {
            // refused below, whatever the reason
        }
        throw new StartRefused(SETTING + "issuer must be an https address, but is " + address + ".");
    }

    /** Where the issuer is, as a content security policy names it. */
    String origin() {
        URI uri = URI.create(issuer);
        return uri.getScheme() + "://" + uri.getAuthority();
    }

    // ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────

    /**
     * Reads a token that the issuer has signed for this ledger.
     *
     * @throws BadJwtException it has not, or not for this ledger, or the token's time is over
     * @throws RuleBroken      {@code BUSY}: its keys cannot be had
     */
    Jwt decode(String token) {
        try {
            return decoder.get().decode(token);
        } catch (BadJwtException refused) {
            throw refused;
        } catch (JwtException unreachable) {
            throw away(unreachable);
        }
    }

    /** @throws RuleBroken {@code FORBIDDEN}: the token names no role of the ledger */
    AbstractAuthenticationToken signedIn(Jwt token) {
        Actor actor = actor(token.getClaims());
        return UsernamePasswordAuthenticationToken.authenticated(SignedIn.of(actor), null, SignedIn.authorities(actor));
    }

    private JwtDecoder findDecoder() {
        NimbusJwtDecoder found = NimbusJwtDecoder.withIssuerLocation(issuer)
                .restOperations(new IssuerKeys())
                .build();
        found.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(CLOCKS_DIFFER),
                new JwtIssuerValidator(issuer),
                new JwtAudienceValidator(audience)));
        return found;
    }

    // ── signing in to the pages ──────────────────────────────────────────────────────────────────────────────────

    @Override
    public @Nullable ClientRegistration findByRegistrationId(String name) {
        return NAME.equals(name) ? registration.get() : null;
    }

    /**
     * To be called on the way to the issuer: what goes wrong a step later is 500 to Spring's filter.
     *
     * @throws RuleBroken {@code BUSY}: it cannot be reached
     */
    void requireThere(HttpServletRequest request) {
        if (request.getServletPath()
                .startsWith(OAuth2AuthorizationRequestRedirectFilter.DEFAULT_AUTHORIZATION_REQUEST_BASE_URI)) {
            registration.get();
        }
    }

    private ClientRegistration findRegistration() {
        return ClientRegistrations.fromIssuerLocation(issuer)
                .registrationId(NAME)
                .clientId(clientId)
                .clientSecret(clientSecret)
                .scope(scopes)
                .build();
    }

    /** Somebody who has signed in at the issuer. */
    private static final class Person extends DefaultOidcUser implements SignedIn {

        private static final long serialVersionUID = 1L;

        private final transient Actor actor;

        Person(Actor actor, OidcIdToken token, @Nullable OidcUserInfo info) {
            super(SignedIn.authorities(actor), token, info);
            this.actor = actor;
        }

        @Override
        public Actor actor() {
            return actor;
        }

        @Override
        public String getName() {
            return actor.userId();
        }
    }

    /** @throws OAuth2AuthenticationException {@link #NO_ROLE} */
    OidcUser person(OidcUserRequest request) {
        OidcUser user = new OidcUserService().loadUser(request);
        try {
            return new Person(actor(user.getClaims()), user.getIdToken(), user.getUserInfo());
        } catch (RuleBroken refused) {
            throw new OAuth2AuthenticationException(new OAuth2Error(NO_ROLE, refused.words(), null), refused);
        }
    }

    // ── who it is ────────────────────────────────────────────────────────────────────────────────────────────────

    private Actor actor(Map<String, Object> claims) {
        if (!(claims.get(userClaim) instanceof String user)
                || !USER.matcher(user).matches()
                || user.equals(Actor.LEDGER.userId())) {
            throw forbidden("Its claim " + userClaim + " names no user.");
        }
        Set<String> values = Set.copyOf(texts(value(claims)));
        List<Role> roles = ROLES.stream()
                .filter(role -> names.getOrDefault(role, Set.of()).stream().anyMatch(values::contains))
                .toList();
        if (roles.size() != 1) {
            throw forbidden("Its claim " + String.join(".", rolesClaim)
                    + (roles.isEmpty() ? " names no role of the ledger." : " names more than one role of the ledger."));
        }
        Role role = roles.get(0);
        return new Actor(user, role, role == Role.SUPPORT ? organisation(claims) : null);
    }

    private static String organisation(Map<String, Object> claims) {
        if (claims.get(ORGANISATION) instanceof String organisation
                && ORGANISATION_ID.matcher(organisation).matches()) {
            return organisation;
        }
        throw forbidden("Its claim " + ORGANISATION + " does not say for which support organisation.");
    }

    private static RuleBroken forbidden(String why) {
        return new RuleBroken("FORBIDDEN", "Whoever signed this in has not let it use the ledger. " + why);
    }

    private @Nullable Object value(Map<String, Object> claims) {
        String whole = String.join(".", rolesClaim);
        if (claims.containsKey(whole)) {
            return claims.get(whole);
        }
        Object at = claims;
        for (String part : rolesClaim) {
            at = at instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return at;
    }

    private static List<String> texts(@Nullable Object value) {
        Stream<?> all = value instanceof Collection<?> many ? many.stream() : Stream.ofNullable(value);
        return all.map(String::valueOf).toList();
    }

    // ── reaching it ──────────────────────────────────────────────────────────────────────────────────────────────

    /**
     * Asks once, at the start: an address at which something else answers is a mistake of whoever set it, and nobody could ever sign in.
     *
     * @throws StartRefused no issuer of that name is there
     */
    @Override
    public void afterSingletonsInstantiated() {
        try {
            findRegistration();
        } catch (IllegalArgumentException | IllegalStateException e) {
            boolean away =
                    e.getCause() instanceof ResourceAccessException || e.getCause() instanceof HttpServerErrorException;
            if (!away) {
                throw new StartRefused(
                        SETTING + "issuer is " + issuer + ", but what answers there is no issuer of that name ("
                                + e.getMessage() + "): set it exactly as its tokens name it (iss).",
                        e);
            }
            LOG.warn("The sign-in service {} cannot be reached; nobody can sign in until it can", issuer);
        }
    }

    /** Found when it is first needed; until then tried again, by one request at a time and not sooner than {@link #TRIED_AGAIN} after a failure. */
    private static <T> Supplier<T> once(Supplier<T> find) {
        return new Supplier<>() {

            private volatile @Nullable T found;
            private @Nullable RuntimeException failure;
            private long failedAt;

            @Override
            public T get() {
                T known = found;
                return known == null ? find() : known;
            }

            private synchronized T find() {
                T known = found;
                if (known != null) {
                    return known;
                }
                if (failure == null || System.nanoTime() - failedAt > TRIED_AGAIN.toNanos()) {
                    try {
                        known = find.get();
                        found = known;
                        return known;
                    } catch (IllegalArgumentException | IllegalStateException unreachable) {
                        failure = unreachable;
                        failedAt = System.nanoTime();
                    }
                }
                throw away(failure);
            }
        };
    }

    private static RuleBroken away(RuntimeException cause) {
        if (TOLD.tryConsume(1)) {
            LOG.warn("The sign-in service cannot be reached", cause);
        }
        return new RuleBroken("BUSY", "The council's sign-in service cannot be reached.");
    }
}
