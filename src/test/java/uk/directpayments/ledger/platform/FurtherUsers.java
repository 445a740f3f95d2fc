package uk.directpayments.ledger.platform;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import uk.directpayments.ledger.kernel.Actor;

/**
 * More local users for a test, whose password is {@code demo} too: a static {@code @Bean} of its configuration. Spring takes one
 * provider of users and no second, so this one stands in front of the first.
 */
public final class FurtherUsers implements BeanPostProcessor {

    private final Map<String, Actor> users;

    public FurtherUsers(Actor... users) {
        this.users = Stream.of(users).collect(Collectors.toUnmodifiableMap(Actor::userId, Function.identity()));
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof LocalUsers local ? before(local) : bean;
    }

    private AuthenticationProvider before(LocalUsers local) {
        return new AuthenticationProvider() {
            @Override
            public Authentication authenticate(Authentication asked) {
                Actor actor = users.get(asked.getName());
                if (actor == null || !"demo".equals(asked.getCredentials())) {
                    return local.authenticate(asked);
                }
                return UsernamePasswordAuthenticationToken.authenticated(
                        SignedIn.of(actor), null, SignedIn.authorities(actor));
            }

            @Override
            public boolean supports(Class<?> authentication) {
                return local.supports(authentication);
            }
        };
    }
}
