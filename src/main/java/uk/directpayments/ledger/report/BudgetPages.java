package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.LineFigures;
import uk.directpayments.ledger.account.LineFigures.Figure;
import uk.directpayments.ledger.budget.BudgetEntry;
import uk.directpayments.ledger.budget.BudgetRegister;
import uk.directpayments.ledger.budget.BudgetStatus;
import uk.directpayments.ledger.platform.Pages;
import uk.directpayments.ledger.platform.View;

/** The budgets that a report is about, page by page: those requested by the view's day, with what was paid and spent on them. */
@Component
class BudgetPages {

    static final Set<String> FILTERS = Set.of("budgetId", "personId");

    private final BudgetRegister register;
    private final LineFigures figures;

    BudgetPages(BudgetRegister register, LineFigures figures) {
        this.register = register;
        this.figures = figures;
    }

    /**
     * @param entry        the budget
     * @param status       on the view's day
     * @param firstPaidOn  the day of its first payment, or null
     * @param moved        what was paid and spent, in the period asked for, by account and line
     * @param isKnown      false if the register cannot speak for the budget at present
     */
    record Seen(
            BudgetEntry entry,
            @Nullable BudgetStatus status,
            @Nullable LocalDate firstPaidOn,
            Map<String, Map<String, Figure>> moved,
            boolean isKnown) {

        /** Whether what was paid and spent can be given. */
        boolean hasFigures() {
            return isKnown && moved.keySet().containsAll(accounts(entry));
        }

        /** Of a line, over all accounts that have paid it. */
        Figure figure(String lineId) {
            return accounts(entry).stream()
                    .map(account -> moved.getOrDefault(account, Map.of()).getOrDefault(lineId, Figure.NOTHING))
                    .reduce(Figure.NOTHING, Figure::plus);
        }
    }

    private static List<String> accounts(BudgetEntry budget) {
        return budget.accounts().stream().map(BudgetEntry.Account::accountId).toList();
    }

    /** @param unknown gets the persons of whom the register knows no budget because it could not apply an event */
    void each(Question asked, Consumer<Seen> each, Consumer<String> unknown) {
        View view = asked.view();
        Question.Filters wanted = asked.filters();
        Set<String> unavailable = register.unavailablePersons(view);
        Set<String> unseen = new TreeSet<>(unavailable);
        Pages.<BudgetEntry, String>each(
                after -> register.list(
                        wanted.personId(),
                        null,
                        Optional.ofNullable(wanted.budgetId()).map(Set::of),
                        view,
                        after,
                        Pages.SIZE),
                BudgetEntry::budgetId,
                budgets -> {
                    budgets.forEach(budget -> unseen.remove(budget.personId()));
                    if (wanted.budgetId() != null) {
                        unseen.clear(); // there it is: nobody else has one of that id
                    }
                    page(budgets, unavailable, asked, each);
                });
        unseen.stream()
                .filter(person -> wanted.personId() == null || wanted.personId().equals(person))
                .forEach(unknown);
    }

    private void page(List<BudgetEntry> budgets, Set<String> unavailable, Question asked, Consumer<Seen> each) {
        View view = asked.view();
        Question.Period period = asked.filters().period();
        List<String> accounts = budgets.stream()
                .map(BudgetPages::accounts)
                .flatMap(Collection::stream)
                .toList();
        Map<String, LocalDate> firstPaidOn = register.firstPaidOn(accounts, view);
        Map<String, Map<String, Figure>> moved = period == null
                ? figures.of(accounts, view)
                : figures.within(period.from(), period.to(), accounts, view);
        for (BudgetEntry budget : budgets) {
            LocalDate paidOn = accounts(budget).stream()
                    .map(firstPaidOn::get)
                    .filter(Objects::nonNull)
                    .min(LocalDate::compareTo)
                    .orElse(null);
            each.accept(new Seen(
                    budget,
                    budget.status(view.asOf(), paidOn),
                    paidOn,
                    moved,
                    !unavailable.contains(budget.personId())));
        }
    }
}
