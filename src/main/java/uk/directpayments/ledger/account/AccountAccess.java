package uk.directpayments.ledger.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.person.PersonAccess;
import uk.directpayments.ledger.platform.View;

/**
 * Who sees which account, and through it which budget and person. What somebody does not see is not there for them: 404, never 403,
 * so that nobody learns what exists. A support user sees and writes what its organisation is appointed to on the day in question: the
 * day of the fact for a write, {@code asOf} for a read. On a day that has not come it must be appointed today as well: who will be
 * appointed may not look ahead. Appointments count as they are known now, whatever {@code knownAt} a read asks for.
 */
@Component
public class AccountAccess implements PersonAccess {

    /** How many accounts' owners are kept in memory: a write then need not wait for the register. */
    private static final int KEPT = 100_000;

    private final AccountRegister register;
    private final Organisations organisations;
    private final Clock clock;
    private final Cache<String, Owner> owners =
            Caffeine.newBuilder().maximumSize(KEPT).build();

    AccountAccess(AccountRegister register, Organisations organisations, Clock clock) {
        this.register = register;
        this.organisations = organisations;
        this.clock = clock;
    }

    /** What never changes about an account, and every write needs. */
    public record Owner(String accountId, String personId, String budgetId) {

        private static Owner of(AccountRegister.Entry entry) {
            return new Owner(entry.accountId(), entry.personId(), entry.budgetId());
        }
    }

    /**
     * The owner of an account that is about to be written to.
     *
     * @param on the business day of what is written
     * @throws RuleBroken {@code ACCOUNT_NOT_FOUND}: there is none, or none that they may see on that day
     */
    public Owner owner(String accountId, Actor actor, LocalDate on) {
        if (!sees(actor, accountId, on)) {
            throw notFound();
        }
        return known(accountId, on);
    }

    /** The budget of an account, whoever asks: for what the ledger itself decides. */
    String budgetOf(String accountId) {
        return known(accountId, BusinessDay.today(clock)).budgetId();
    }

    private Owner known(String accountId, LocalDate on) {
        Owner known = owners.getIfPresent(accountId);
        if (known == null) {
            known = register.find(accountId, View.now(on))
                    .map(seen -> Owner.of(seen.entry()))
                    .orElseThrow(AccountAccess::notFound);
            owners.put(accountId, known);
        }
        return known;
    }

    /**
     * The owner of an account that is about to be read, opened by the view's day or not.
     *
     * @throws RuleBroken {@code ACCOUNT_NOT_FOUND}: there is none, or none that they may see on that day
     */
    Owner visible(String accountId, View view, Actor actor) {
        return Owner.of(seen(accountId, view, actor));
    }

    /**
     * An account that they may see, opened by the view's day or not.
     *
     * @throws RuleBroken {@code ACCOUNT_NOT_FOUND}: there is none, or none that they may see
     */
    public AccountRegister.Entry seen(String accountId, View view, Actor actor) {
        if (!sees(actor, accountId, view.asOf())) {
            throw notFound();
        }
        return register.find(accountId, view).map(AccountRegister.Seen::entry).orElseThrow(AccountAccess::notFound);
    }

    private Collection<Owner> owners(Set<String> accountIds) {
        View now = View.now(BusinessDay.today(clock));
        return owners.getAll(
                        accountIds,
                        unknown -> register.among(Set.copyOf(unknown), now).stream()
                                .collect(Collectors.toMap(AccountRegister.Entry::accountId, Owner::of)))
                .values();
    }

    static RuleBroken notFound() {
        return new RuleBroken("ACCOUNT_NOT_FOUND", "There is no such account.");
    }

    /** Whether somebody sees, and may so far as their role goes write to, an account on a business day, if there is such an account. */
    public boolean sees(Actor actor, String accountId, LocalDate on) {
        String organisationId = actor.organisationId();
        LocalDate today = BusinessDay.today(clock);
        return seesAll(actor)
                || (organisationId != null
                        && organisations.appointed(organisationId, accountId, on)
                        && (!on.isAfter(today) || organisations.appointed(organisationId, accountId, today)));
    }

    /** Whether somebody sees a budget on a business day, if there is such a budget. */
    public boolean seesBudget(Actor actor, String budgetId, LocalDate on) {
        return budgets(actor, on).map(seen -> seen.contains(budgetId)).orElse(true);
    }

    @Override
    public Optional<Set<String>> persons(Actor actor, LocalDate on) {
        return accounts(actor, on)
                .map(seen -> owners(seen).stream().map(Owner::personId).collect(Collectors.toSet()));
    }

    /** The accounts that somebody's lists are limited to on a day; not present if they see all. */
    public Optional<Set<String>> accounts(Actor actor, LocalDate on) {
        if (seesAll(actor)) {
            return Optional.empty();
        }
        String organisationId = actor.organisationId();
        if (organisationId == null) {
            return Optional.of(Set.of());
        }
        Set<String> seen = new HashSet<>(organisations.accounts(organisationId, on));
        LocalDate today = BusinessDay.today(clock);
        if (on.isAfter(today)) {
            seen.retainAll(organisations.accounts(organisationId, today));
        }
        return Optional.of(seen);
    }

    /** The budgets that somebody's lists are limited to on a day: those of their accounts; not present if they see all. */
    public Optional<Set<String>> budgets(Actor actor, LocalDate on) {
        return accounts(actor, on)
                .map(seen -> owners(seen).stream().map(Owner::budgetId).collect(Collectors.toSet()));
    }

    /** Whether somebody sees every account, on every day. */
    static boolean seesAll(Actor actor) {
        return actor.role() != Actor.Role.SUPPORT;
    }
}
