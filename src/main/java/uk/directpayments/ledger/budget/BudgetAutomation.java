package uk.directpayments.ledger.budget;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountCommand;
import uk.directpayments.ledger.account.AccountEvent.AccountClosed;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.LineRefunded;
import uk.directpayments.ledger.account.AccountEvent.LineReleased;
import uk.directpayments.ledger.account.AccountSettlements;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.budget.BudgetEvent.AccountAttached;
import uk.directpayments.ledger.budget.BudgetEvent.AccountDetached;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetFinalised;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRequested;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.DisputeClosed;
import uk.directpayments.ledger.budget.BudgetEvent.DisputeOpened;
import uk.directpayments.ledger.budget.BudgetEvent.LineRevised;
import uk.directpayments.ledger.budget.BudgetEvent.LineRouteRequested;
import uk.directpayments.ledger.budget.BudgetEvent.LineRouted;
import uk.directpayments.ledger.budget.BudgetEvent.PaidBeforeReduced;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.person.PersonDirectory;
import uk.directpayments.ledger.person.PersonEvent.PersonDied;
import uk.directpayments.ledger.platform.Automation;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/**
 * Keeps budgets and their accounts in step: accounts learn what the budget allows, the budget learns of accounts, a death reaches both.
 * A line moves from one account to another in three steps: the budget asks, the old account lets go and says what it has paid, the
 * budget routes the line.
 */
@Component
class BudgetAutomation extends Automation {

    private final BudgetRegister register;
    private final PersonDirectory persons;
    private final AccountSettlements settlements;

    BudgetAutomation(BudgetRegister register, PersonDirectory persons, AccountSettlements settlements) {
        super("budget-to-account");
        this.register = register;
        this.settlements = settlements;
        this.persons = persons;
    }

    // ── what a budget allows its accounts ────────────────────────────────────────────────────────────────────────

    @When
    void on(BudgetFinalised e, Recorded at) {
        carry(at);
    }

    @When
    void on(LineRevised e, Recorded at) {
        carry(at);
    }

    @When
    void on(ConsentRecorded e, Recorded at) {
        carry(at);
    }

    @When
    void on(ConsentWithdrawn e, Recorded at) {
        carry(at);
    }

    @When
    void on(BudgetEnded e, Recorded at) {
        carry(at);
    }

    @When
    void on(AccountAttached e, Recorded at) {
        carry(at);
    }

    @When
    void on(AccountDetached e, Recorded at) {
        carry(at);
    }

    @When
    void on(LineRouted e, Recorded at) {
        carry(at);
    }

    @When
    void on(PaidBeforeReduced e, Recorded at) {
        carry(at);
    }

    @When
    void on(DisputeOpened e, Recorded at) {
        disputed(e.disputeId(), at);
    }

    @When
    void on(DisputeClosed e, Recorded at) {
        disputed(e.disputeId(), at);
    }

    private void disputed(String disputeId, Recorded at) {
        BudgetEntry budget = budgetAt(at);
        if (budget.holds(disputeId)) {
            carry(budget, at);
        }
    }

    private BudgetEntry budgetAt(Recorded at) {
        return budgets(at, atTheEvent(at)).stream()
                .filter(entry -> entry.budgetId().equals(at.id()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no budget at position " + at.position()));
    }

    private void carry(Recorded at) {
        carry(budgetAt(at), at);
    }

    private void carry(BudgetEntry budget, Recorded at) {
        Terms terms = budget.terms().paidOnce(paidOnce(budget, at));
        for (String accountId : budget.openAccounts()) {
            send(new AccountCommand.CarryAllocation(accountId, terms, BusinessDay.of(at.recordedAt())), at);
        }
    }

    /**
     * What an account has agreed on a line, the one to which it goes must know: money to start with is no week's money there either. Of an account
     * whose agreements cannot be told nobody knows: a gap of one that was closed long ago must not keep an end or a consent from the others.
     */
    private Map<String, Boolean> paidOnce(BudgetEntry budget, Recorded at) {
        Map<String, Boolean> once = new HashMap<>();
        if (budget.accounts().size() > 1) {
            for (BudgetEntry.Account account : budget.accounts()) {
                known(() -> settlements.of(account.accountId(), atTheEvent(at))).ifPresent(agreed -> {
                    agreed.oneOff().forEach(line -> once.putIfAbsent(line, true));
                    agreed.regular().forEach(line -> once.put(line, false));
                });
            }
        }
        return once;
    }

    // ── accounts come, go, and let go of lines ───────────────────────────────────────────────────────────────────

    @When
    void on(AccountOpened e, Recorded at) {
        send(new BudgetCommand.AttachAccount(e.budgetId(), e.accountId(), e.openedOn()), at);
        diedOn(at).ifPresent(day -> send(new AccountCommand.NoteDeath(e.accountId(), day), at));
    }

    @When
    void on(AccountClosed e, Recorded at) {
        budgetOfAccount(at)
                .ifPresent(budget ->
                        send(new BudgetCommand.DetachAccount(budget.budgetId(), at.account(), e.paid(), e.on()), at));
    }

    @When
    void on(LineRouteRequested e, Recorded at) {
        send(new AccountCommand.ReleaseLine(e.from(), e.lineId(), BusinessDay.of(at.recordedAt())), at);
    }

    @When
    void on(LineReleased e, Recorded at) {
        budgetOfAccount(at)
                .ifPresent(budget -> send(
                        new BudgetCommand.HandOverLine(
                                budget.budgetId(), e.lineId(), at.account(), e.paid(), at.occurredOn()),
                        at));
    }

    /** The account may be closed: what it paid counts against the line wherever that is paid through since. */
    @When
    void on(LineRefunded e, Recorded at) {
        budgets(at, newest(at)).stream()
                .filter(budget -> budget.accounts().stream()
                        .anyMatch(account -> account.accountId().equals(at.account())))
                .findFirst()
                .ifPresent(budget -> send(
                        new BudgetCommand.ReducePaidBefore(
                                budget.budgetId(), e.lineId(), at.account(), e.amount(), at.occurredOn()),
                        at));
    }

    private Optional<BudgetEntry> budgetOfAccount(Recorded at) {
        return budgets(at, newest(at)).stream()
                .filter(budget -> budget.openAccounts().contains(at.account()))
                .findFirst();
    }

    // ── death ────────────────────────────────────────────────────────────────────────────────────────────────────

    @When
    void on(PersonDied e, Recorded at) {
        for (BudgetEntry budget : budgets(at, newest(at))) {
            send(new BudgetCommand.EndByDeath(budget.budgetId(), e.on()), at);
            // a closed one too: it may have been closed after that day, before anybody knew
            for (BudgetEntry.Account account : budget.accounts()) {
                send(new AccountCommand.NoteDeath(account.accountId(), e.on()), at);
            }
        }
    }

    /** Of somebody whose death was known before. */
    @When
    void on(BudgetRequested e, Recorded at) {
        diedOn(at).ifPresent(day -> send(new BudgetCommand.EndByDeath(at.id(), day), at));
    }

    // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    private static View atTheEvent(Recorded at) {
        return newest(at).at(at.position());
    }

    private static View newest(Recorded at) {
        return new View(BusinessDay.of(at.recordedAt()), null, null, at.position());
    }

    private List<BudgetEntry> budgets(Recorded at, View view) {
        return complete(() -> register.ofPerson(at.person(), view));
    }

    private Optional<LocalDate> diedOn(Recorded at) {
        return complete(() -> persons.find(at.person(), newest(at))).map(PersonDirectory.Entry::diedOn);
    }

    private static <T> Optional<T> known(Supplier<Optional<T>> read) {
        try {
            return read.get();
        } catch (RuleBroken e) {
            if (e.code().equals("FIGURE_UNAVAILABLE")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** What cannot be shown of a person must not hold up everybody else: the event is parked with its person's. */
    private static <T> T complete(Supplier<T> read) {
        try {
            return read.get();
        } catch (RuleBroken e) {
            if (e.code().equals("FIGURE_UNAVAILABLE")) {
                throw new IllegalStateException("what is known of this person is not complete", e);
            }
            throw e;
        }
    }
}
