package uk.directpayments.ledger.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.AuthenticatedPrincipal;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import uk.directpayments.ledger.kernel.Actor;

/** Who has signed in, as Spring Security carries it about. */
record SignedIn(Actor actor) implements AuthenticatedPrincipal {

    /** @throws AuthenticationCredentialsNotFoundException if nobody has */
    static Actor actor(@Nullable Authentication authentication) {
        if (authentication != null && authentication.getPrincipal() instanceof SignedIn signedIn) {
            return signedIn.actor;
        }
        throw new AuthenticationCredentialsNotFoundException("nobody has signed in");
    }

    List<GrantedAuthority> authorities() {
        return List.of(new SimpleGrantedAuthority("ROLE_" + actor.role()));
    }

    @Override
    public String getName() {
        return actor.userId();
    }
}
