package uk.directpayments.ledger.budget;

import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.Budgets;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Progress;
import uk.directpayments.ledger.platform.View;

/** What the account room asks of budgets, answered. */
@Component
class BudgetFacts implements Budgets {

    private final BudgetRegister register;
    private final Commands commands;
    private final Progress progress;
    private final Clock clock;

    BudgetFacts(BudgetRegister register, Commands commands, Progress progress, Clock clock) {
        this.progress = progress;
        this.register = register;
        this.commands = commands;
        this.clock = clock;
    }

    @Override
    public Optional<Facts> facts(String budgetId) {
        View view = now();
        return register.find(budgetId, view)
                .map(budget -> new Facts(
                        budgetId,
                        budget.personId(),
                        budget.request().legalBasis(),
                        budget.end().on(),
                        budget.refused(),
                        budget.terms(),
                        position(view)));
    }

    @Override
    public boolean disputed(String budgetId, LocalDate on) {
        return register.find(budgetId, now())
                .filter(budget -> budget.care().isDisputed(on))
                .isPresent();
    }

    @Override
    public void routeLine(String budgetId, String lineId, String accountId, Call call) {
        View view = now();
        BudgetEntry budget = register.find(budgetId, view)
                .orElseThrow(() -> new RuleBroken("BUDGET_NOT_FOUND", "There is no such budget."));
        String present = budget.line(lineId).map(Terms.Line::accountId).orElse(null);
        if (accountId.equals(present)) {
            // somebody else has just had it routed here: the account will know once the automation has passed
            progress.awaitAutomations(position(view));
            return;
        }
        boolean used = present != null && register.used(present, lineId, view);
        // The caller's idempotency key belongs to what is asked of the account; to route again changes nothing.
        Call routing = new Call(call.actor(), null, call.requestHash(), call.correlationId());
        commands.sendAndSettle(
                new BudgetCommand.RouteLine(budgetId, lineId, accountId, present, used, BusinessDay.today(clock)),
                routing);
    }

    private View now() {
        return register.pinned(View.now(BusinessDay.today(clock)));
    }

    private static long position(View pinned) {
        Long position = pinned.atPosition();
        return position == null ? 0 : position;
    }
}
