package uk.directpayments.ledger.report;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.platform.Pages;
import uk.directpayments.ledger.platform.View;

/** The accounts that a report is about, page by page: those opened by the view's day. */
@Component
class AccountPages {

    static final Set<String> FILTERS = Set.of("accountId", "budgetId", "personId", "organisationId");

    private final AccountRegister register;

    AccountPages(AccountRegister register) {
        this.register = register;
    }

    /** @param unavailable those of the accounts that the register cannot speak for at present */
    record Page(List<Entry> accounts, Set<String> unavailable) {

        List<String> ids() {
            return accounts.stream().map(Entry::accountId).toList();
        }

        boolean isUnavailable(Entry account) {
            return unavailable.contains(account.accountId());
        }
    }

    /** @param each gets also a row, of its id alone, for an account of which the register could not apply so much as the opening */
    void each(Question asked, Consumer<Page> page, Consumer<Row> each) {
        each(asked, null, page, each);
    }

    /** @param state only accounts in this state on the view's day, or null */
    void each(Question asked, AccountRegister.@Nullable State state, Consumer<Page> page, Consumer<Row> each) {
        View view = asked.view();
        Question.Filters wanted = asked.filters();
        Set<String> unavailable = register.unavailableAccounts(view);
        var filter = new AccountRegister.Filter(
                wanted.personId(),
                wanted.organisationId(),
                wanted.budgetId(),
                state,
                Optional.ofNullable(wanted.accountId()).map(Set::of));
        Pages.<Entry, String>each(
                after -> register.list(filter, after, Pages.SIZE, view),
                Entry::accountId,
                accounts -> page.accept(new Page(accounts, unavailable)));
        unknown(unavailable, wanted.accountId(), view).forEach(account -> each.accept(Row.unavailable(account)));
    }

    private Set<String> unknown(Set<String> unavailable, @Nullable String accountId, View view) {
        Set<String> unknown = new TreeSet<>(unavailable);
        register.among(new HashSet<>(unavailable), view).forEach(known -> unknown.remove(known.accountId()));
        unknown.removeIf(account -> accountId != null && !accountId.equals(account));
        return unknown;
    }
}
