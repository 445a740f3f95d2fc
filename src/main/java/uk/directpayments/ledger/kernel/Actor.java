package uk.directpayments.ledger.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Who acts: a signed-in user, or the ledger itself.
 *
 * @param userId         the login name, stable, not a person's name
 * @param organisationId the support organisation of a {@link Role#SUPPORT} user, otherwise null
 */
public record Actor(String userId, Role role, @Nullable String organisationId) {

    /** Who may do what: see the table in the API's documentation. */
    public enum Role {
        FINANCE,
        AUDITOR,
        SUPPORT,
        ADMIN,
        /** Automations and imports that the ledger finishes by itself. */
        LEDGER
    }

    /** The ledger itself: an automation acts. */
    public static final Actor LEDGER = new Actor("ledger", Role.LEDGER, null);
}
