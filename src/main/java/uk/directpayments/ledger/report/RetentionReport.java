package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.person.PersonDirectory;
import uk.directpayments.ledger.policy.Policies;

/**
 * Closed accounts, until when their papers are kept, and whether that day has passed: the policy's {@code retentionYears} after closing. Of somebody
 * who has been erased nothing is kept that could be due, so their accounts are left out. Rulebook 4.18.
 */
@Component
class RetentionReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("accountId"),
            Column.text("budgetId"),
            Column.text("personId"),
            Column.date("closedOn"),
            Column.date("keepUntil"),
            Column.yesNo("due"));

    private final AccountPages accounts;
    private final PersonDirectory people;
    private final Policies policies;

    RetentionReport(AccountPages accounts, PersonDirectory people, Policies policies) {
        super("retention-due", COLUMNS, AccountPages.FILTERS);
        this.accounts = accounts;
        this.people = people;
        this.policies = policies;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        LocalDate asOf = asked.view().asOf();
        int years = policies.on(asOf, asked.view()).settings().number("retentionYears");
        Set<String> unavailable = people.unavailablePeople(asked.view());
        accounts.each(
                asked,
                AccountRegister.State.CLOSED,
                page -> {
                    Set<String> erased = people.erased(
                            page.accounts().stream().map(Entry::personId).toList(), asked.view());
                    for (Entry account : page.accounts()) {
                        if (page.isUnavailable(account) || unavailable.contains(account.personId())) {
                            each.accept(Row.unavailable(account.accountId(), account.budgetId(), account.personId()));
                        } else if (!erased.contains(account.personId())) {
                            each.accept(row(account, years, asOf));
                        }
                    }
                },
                each);
    }

    private static Row row(Entry account, int years, LocalDate asOf) {
        LocalDate closedOn = Objects.requireNonNull(account.closedOn());
        LocalDate keepUntil = closedOn.plusYears(years);
        return Row.of(
                account.accountId(),
                account.budgetId(),
                account.personId(),
                closedOn,
                keepUntil,
                asOf.isAfter(keepUntil));
    }
}
