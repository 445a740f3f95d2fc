package uk.directpayments.ledger.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import uk.directpayments.ledger.kernel.Actor.Role;
import uk.directpayments.ledger.kernel.BusinessDay;

/** What stands around every page: who has signed in, where they may go, and what day it is. */
@ControllerAdvice(basePackageClasses = Frame.class)
class Frame {

    private static final Map<Role, List<Place>> PLACES = Map.of(
            Role.FINANCE,
            List.of(
                    new Place("/", "Today"),
                    new Place("/find", "Find"),
                    new Place("/flags", "Flags"),
                    new Place("/payment-runs", "Payment runs"),
                    new Place("/statements", "Statements"),
                    new Place("/reports", "Reports"),
                    new Place("/organisations", "Organisations"),
                    new Place("/policies", "Policies")),
            Role.AUDITOR,
            List.of(
                    new Place("/", "Audit"),
                    new Place("/find", "Find"),
                    new Place("/flags", "Flags"),
                    new Place("/payment-runs", "Payment runs"),
                    new Place("/reports", "Reports"),
                    new Place("/organisations", "Organisations"),
                    new Place("/policies", "Policies")),
            Role.SUPPORT,
            List.of(
                    new Place("/", "Clients"),
                    new Place("/flags", "Evidence"),
                    new Place("/statements", "Upload spending")),
            Role.ADMIN,
            List.of(
                    new Place("/", "Operations"),
                    new Place("/find", "Find"),
                    new Place("/policies", "Policies"),
                    new Place("/organisations", "Organisations"),
                    new Place("/reports", "Reports")));

    private final Clock clock;

    Frame(Clock clock) {
        this.clock = clock;
    }

    /** Where a role can go from anywhere. */
    record Place(String href, String text) {

        /** Whether a page lies there or below. */
        public boolean holds(String path) {
            return href.equals("/") ? path.equals("/") : path.equals(href) || path.startsWith(href + "/");
        }
    }

    /** Who has signed in. */
    record Me(String name, Role role) {

        public boolean is(String... roles) {
            return List.of(roles).contains(role.name());
        }

        public List<Place> places() {
            return PLACES.getOrDefault(role, List.of());
        }
    }

    @ModelAttribute("me")
    static @Nullable Me me(@Nullable Authentication signedIn) {
        return signedIn == null ? null : new Me(signedIn.getName(), role(signedIn));
    }

    static Role role(Authentication signedIn) {
        return signedIn.getAuthorities().stream()
                .map(authority -> String.valueOf(authority.getAuthority()))
                .filter(authority -> authority.startsWith("ROLE_"))
                .map(authority -> Role.valueOf(authority.substring("ROLE_".length())))
                .findFirst()
                .orElseThrow();
    }

    @ModelAttribute("path")
    static String path(HttpServletRequest request) {
        return request.getRequestURI();
    }

    @ModelAttribute("today")
    LocalDate today() {
        return BusinessDay.today(clock);
    }

    /** What was picked, on a page that has a picker. */
    @ModelAttribute("dates")
    Dates dates(
            @RequestParam(required = false) @Nullable String asOf,
            @RequestParam(required = false) @Nullable String knownAt) {
        return new Dates(asOf, knownAt, clock.instant());
    }
}
