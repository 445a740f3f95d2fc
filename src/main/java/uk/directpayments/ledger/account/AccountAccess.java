package uk.directpayments.ledger.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.LocalDate;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.View;

/**
 * Who sees which account. What somebody does not see is not there for them: 404, never 403, so that nobody learns what exists. A
 * support user sees only accounts that its organisation is appointed to, and nobody has appointed one yet.
 */
@Component
public class AccountAccess {

    /** How many accounts' owners are kept in memory: a write then need not wait for the register. */
    private static final int KEPT = 100_000;

    private final AccountRegister register;
    private final Cache<String, Owner> owners =
            Caffeine.newBuilder().maximumSize(KEPT).build();

    AccountAccess(AccountRegister register) {
        this.register = register;
    }

    /** What never changes about an account, and every write needs. */
    public record Owner(String accountId, String personId, String budgetId) {}

    /**
     * The owner of an account that is about to be written to.
     *
     * @param on the business day of what is written
     * @throws RuleBroken {@code ACCOUNT_NOT_FOUND}: there is none, or none that they may see on that day
     */
    public Owner owner(String accountId, Actor actor, LocalDate on) {
        Owner known = seesAll(actor) ? owners.getIfPresent(accountId) : null;
        if (known != null) {
            return known;
        }
        AccountRegister.Entry entry = register.find(accountId, View.now(on))
                .map(AccountRegister.Seen::entry)
                .filter(account -> sees(actor, account, on))
                .orElseThrow(AccountAccess::notFound);
        Owner owner = new Owner(entry.accountId(), entry.personId(), entry.budgetId());
        owners.put(accountId, owner);
        return owner;
    }

    static RuleBroken notFound() {
        return new RuleBroken("ACCOUNT_NOT_FOUND", "There is no such account.");
    }

    /** Whether somebody sees, and may so far as their role goes write to, an account on a business day. */
    boolean sees(Actor actor, AccountRegister.Entry account, LocalDate on) {
        return seesAll(actor);
    }

    /** Whether somebody sees every account: lists need not look at each. */
    boolean seesAll(Actor actor) {
        return actor.role() != Actor.Role.SUPPORT;
    }
}
