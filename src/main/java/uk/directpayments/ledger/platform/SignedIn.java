package uk.directpayments.ledger.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.AuthenticatedPrincipal;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import uk.directpayments.ledger.kernel.Actor;

/** Who has signed in, as Spring Security carries it about: the principal of every authentication. */
interface SignedIn extends AuthenticatedPrincipal {

    Actor actor();

    static SignedIn of(Actor actor) {
        return new Known(actor);
    }

    /** @throws AuthenticationCredentialsNotFoundException if nobody has */
    static Actor actor(@Nullable Authentication authentication) {
        if (authentication != null && authentication.getPrincipal() instanceof SignedIn signedIn) {
            return signedIn.actor();
        }
        throw new AuthenticationCredentialsNotFoundException("nobody has signed in");
    }

    static List<GrantedAuthority> authorities(Actor actor) {
        return List.of(new SimpleGrantedAuthority("ROLE_" + actor.role()));
    }

    /** Of whom nothing else need be known. */
    record Known(Actor actor) implements SignedIn {

        @Override
        public String getName() {
            return actor.userId();
        }
    }
}
