package uk.directpayments.ledger.platform;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Actor.Role;

/**
 * The users that a ledger on one's own machine has: everybody knows their password, so they exist only while nobody else can reach
 * the server. Bound to any address that is not loopback the service refuses to start. The password is compared as it is, in constant
 * time: a slow hash of a published word would only cost every request 60 ms.
 */
@Component
@WithoutIssuer
class LocalUsers implements AuthenticationProvider {

    private static final byte[] PASSWORD = "demo".getBytes(StandardCharsets.UTF_8);

    private static final Map<String, Actor> USERS = List.of(
                    new Actor("finance", Role.FINANCE, null),
                    new Actor("approver", Role.FINANCE, null),
                    new Actor("auditor", Role.AUDITOR, null),
                    new Actor("support", Role.SUPPORT, "ORG-DEMO"),
                    new Actor("admin", Role.ADMIN, null))
            .stream()
            .collect(Collectors.toUnmodifiableMap(Actor::userId, Function.identity()));

    /** @throws StartRefused if the server, or its management port, could be reached from elsewhere */
    LocalUsers(ServerProperties server, Environment environment) {
        requireLoopback("server.address", server.getAddress());
        if (ManagementPortType.get(environment) == ManagementPortType.DIFFERENT) {
            requireLoopback(
                    "management.server.address",
                    environment.getProperty("management.server.address", InetAddress.class));
        }
    }

    private static void requireLoopback(String property, @Nullable InetAddress address) {
        if (address == null || !address.isLoopbackAddress()) {
            throw new StartRefused(property + " lets others reach the ledger ("
                    + (address == null ? "every address" : address.getHostAddress())
                    + "), but the local users, whose password is public, may exist on a loopback address only: set "
                    + property
                    + " to 127.0.0.1 or ::1, or, to serve others, ledger.oidc.issuer to the OIDC issuer at which they sign in"
                    + " (src/docs/operating/signing-in.md).");
        }
    }

    @Override
    public Authentication authenticate(Authentication asked) {
        Actor actor = USERS.get(asked.getName());
        byte[] password = String.valueOf(asked.getCredentials()).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(PASSWORD, password) || actor == null) {
            throw new BadCredentialsException("no such user and password");
        }
        return UsernamePasswordAuthenticationToken.authenticated(SignedIn.of(actor), null, SignedIn.authorities(actor));
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return authentication == UsernamePasswordAuthenticationToken.class;
    }
}
