package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.Set;

/**
 * What the account room asks of support organisations, as of everything recorded so far. The organisation room answers: it knows
 * accounts, accounts do not know it, so that the rooms stand in one order.
 */
public interface Organisations {

    boolean exists(String organisationId);

    /** Whether an organisation manages an account on a day. */
    boolean appointed(String organisationId, String accountId, LocalDate on);

    /** The accounts that an organisation manages on a day. */
    Set<String> accounts(String organisationId, LocalDate on);
}
