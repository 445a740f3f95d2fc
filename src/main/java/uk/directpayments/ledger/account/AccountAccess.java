package uk.directpayments.ledger.account;

import java.time.LocalDate;
import uk.directpayments.ledger.kernel.Actor;

/** Who may see and write an account. */
public interface AccountAccess {

    /** What never changes about an account, and every write needs. */
    record Owner(String accountId, String personId, String budgetId) {}

    /** @throws uk.directpayments.ledger.kernel.RuleBroken {@code ACCOUNT_NOT_FOUND}: not there, or not theirs on that day */
    Owner owner(String accountId, Actor actor, LocalDate on);
}
