package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.account.AccountBalances.Balance;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.budget.BudgetEntry;
import uk.directpayments.ledger.kernel.Money;

/**
 * Accounts below zero, then budget lines on which more was spent, or was paid before a reduction, than is allocated by the day. Rulebook 4.13,
 * 7.10. The three have a column each: the same pounds may be in all.
 */
@Component
class OverspendReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("kind"),
            Column.text("accountId"),
            Column.text("budgetId"),
            Column.text("personId"),
            Column.text("lineId"),
            Column.text("fundingSource"),
            Column.money("belowZero"),
            Column.money("abovePlan"),
            Column.money("overpaid"));

    private enum Kind {
        ACCOUNT_BELOW_ZERO,
        LINE_ABOVE_PLAN,
        LINE_OVERPAID
    }

    private final AccountPages accounts;
    private final AccountBalances balances;
    private final BudgetPages budgets;

    OverspendReport(AccountPages accounts, AccountBalances balances, BudgetPages budgets) {
        super("overspends", COLUMNS, BudgetPages.FILTERS);
        this.accounts = accounts;
        this.balances = balances;
        this.budgets = budgets;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        accounts.each(
                asked,
                page -> accounts(page, balances.of(page.ids(), asked.view()), each),
                unknown -> each.accept(Row.unavailable(Kind.ACCOUNT_BELOW_ZERO, unknown.value(0))));
        LocalDate asOf = asked.view().asOf();
        budgets.each(
                asked,
                seen -> lines(seen, asOf, each),
                person -> each.accept(Row.unavailable(Kind.LINE_ABOVE_PLAN, null, null, person)));
    }

    private static void accounts(AccountPages.Page page, Map<String, Balance> held, Consumer<Row> each) {
        for (Entry account : page.accounts()) {
            Balance balance = held.get(account.accountId());
            if (balance == null || page.isUnavailable(account)) {
                each.accept(Row.unavailable(
                        Kind.ACCOUNT_BELOW_ZERO, account.accountId(), account.budgetId(), account.personId()));
            } else if (balance.total().isNegative()) {
                each.accept(Row.of(
                        Kind.ACCOUNT_BELOW_ZERO,
                        account.accountId(),
                        account.budgetId(),
                        account.personId(),
                        null,
                        null,
                        balance.total().negated(),
                        null,
                        null));
            }
        }
    }

    private static void lines(BudgetPages.Seen seen, LocalDate asOf, Consumer<Row> each) {
        BudgetEntry budget = seen.entry();
        if (!seen.hasFigures()) {
            each.accept(Row.unavailable(Kind.LINE_ABOVE_PLAN, null, budget.budgetId(), budget.personId()));
            return;
        }
        if (budget.agreedBy(asOf) == null) {
            return;
        }
        Terms terms = budget.terms();
        for (Terms.Line line : terms.lines()) {
            Money allocated = terms.allocation(line, asOf);
            Money above = seen.figure(line.lineId()).spent().minus(allocated);
            if (above.isPositive()) {
                each.accept(row(Kind.LINE_ABOVE_PLAN, budget, line, above, null));
            }
            Money overpaid = seen.figure(line.lineId()).paid().minus(allocated);
            if (overpaid.isPositive()) {
                each.accept(row(Kind.LINE_OVERPAID, budget, line, null, overpaid));
            }
        }
    }

    private static Row row(
            Kind kind, BudgetEntry budget, Terms.Line line, @Nullable Money abovePlan, @Nullable Money overpaid) {
        return Row.of(
                kind,
                line.accountId(),
                budget.budgetId(),
                budget.personId(),
                line.lineId(),
                line.source(),
                null,
                abovePlan,
                overpaid);
    }
}
