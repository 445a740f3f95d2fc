package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.account.AccountSettlements;
import uk.directpayments.ledger.account.AccountSettlements.Receipt;
import uk.directpayments.ledger.account.AccountSettlements.Recovery;
import uk.directpayments.ledger.account.AccountTransactions;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.spending.FlaggedSpending;
import uk.directpayments.ledger.spending.FlaggedSpending.Claim;

/**
 * Recoveries raised, paid and written off, account by account; the client's share of what was paid is shown beside it. What is to come back
 * because a flag was upheld, asked for or not: from whom stands, sealed, in the flag's own papers, since reports hold no names. And what was paid
 * after a death and nobody has raised yet, while the account is not closed. Rulebook 3.8, 4.11, 4.12, 4.16, 4.21.
 */
@Component
class RecoveryReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("accountId"),
            Column.text("budgetId"),
            Column.text("personId"),
            Column.text("recoveryId"),
            Column.text("flagId"),
            Column.text("state"),
            Column.date("proposedOn"),
            Column.date("approvedOn"),
            Column.money("amount"),
            Column.money("received"),
            Column.money("refundedToClient"),
            Column.money("writtenOff"),
            Column.money("outstanding"),
            Column.money("toRaise"));

    private static final String TO_RAISE = "TO_RAISE";

    private final AccountPages accounts;
    private final AccountSettlements settlements;
    private final AccountTransactions transactions;
    private final FlaggedSpending flags;

    RecoveryReport(
            AccountPages accounts,
            AccountSettlements settlements,
            AccountTransactions transactions,
            FlaggedSpending flags) {
        super("recoveries", COLUMNS, AccountPages.FILTERS);
        this.accounts = accounts;
        this.settlements = settlements;
        this.transactions = transactions;
        this.flags = flags;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        Set<String> unavailable = flags.unavailablePersons(asked.view());
        accounts.each(
                asked,
                page -> {
                    Map<String, List<Claim>> claims = flags.claims(page.ids(), asked.view()).stream()
                            .collect(Collectors.groupingBy(Claim::accountId));
                    Map<String, AccountSettlements.Entry> settled = settlements.of(page.ids(), asked.view());
                    Map<String, LocalDate> died = died(page, asked.view().asOf());
                    Map<String, Money> paidAfter = transactions.paidAfter(died, asked.view());
                    page.accounts().forEach(account -> {
                        String id = account.accountId();
                        AccountSettlements.Entry of = settled.get(id);
                        LocalDate diedOn = died.get(id);
                        Money paid = diedOn == null ? Money.ZERO : paidAfter.get(id);
                        boolean uncertain = page.isUnavailable(account) || unavailable.contains(account.personId());
                        if (of == null || paid == null || uncertain) {
                            each.accept(Row.unavailable(id, account.budgetId(), account.personId()));
                        } else {
                            of.recoveries().forEach(recovery -> recovery(account, recovery, asked, each));
                            claims.getOrDefault(id, List.of()).forEach(claim -> claim(account, claim, each));
                            if (diedOn != null) {
                                toRaise(account, paid.minus(raised(of, diedOn, asked)), each);
                            }
                        }
                    });
                },
                each);
    }

    /** Of the accounts that are not closed on a day, whose person had died by then: when. */
    private static Map<String, LocalDate> died(AccountPages.Page page, LocalDate asOf) {
        Map<String, LocalDate> died = new HashMap<>();
        for (Entry account : page.accounts()) {
            LocalDate day = account.diedOn();
            if (day != null && !day.isAfter(asOf) && account.stateOn(asOf) != AccountRegister.State.CLOSED) {
                died.put(account.accountId(), day);
            }
        }
        return died;
    }

    private static Money raised(AccountSettlements.Entry of, LocalDate since, Question asked) {
        return of.recoveries().stream()
                .filter(recovery -> isRaised(recovery, asked.view().asOf())
                        && !recovery.proposedOn().isBefore(since))
                .map(Recovery::amount)
                .reduce(Money.ZERO, Money::plus);
    }

    /** One that was given up before anybody approved it has raised nothing. */
    private static boolean isRaised(Recovery recovery, LocalDate day) {
        var state = recovery.stateOn(day);
        return state != null
                && (state != AccountSettlements.RecoveryState.WRITTEN_OFF || recovery.approvedBy(day) != null);
    }

    private static void toRaise(Entry account, Money amount, Consumer<Row> each) {
        if (amount.isPositive()) {
            each.accept(Row.of(
                    account.accountId(),
                    account.budgetId(),
                    account.personId(),
                    null,
                    null,
                    TO_RAISE,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    amount));
        }
    }

    private static void recovery(Entry account, Recovery recovery, Question asked, Consumer<Row> each) {
        LocalDate asOf = asked.view().asOf();
        var state = recovery.stateOn(asOf);
        if (state != null) {
            each.accept(Row.of(
                    account.accountId(),
                    account.budgetId(),
                    account.personId(),
                    recovery.recoveryId(),
                    null,
                    state,
                    recovery.proposedOn(),
                    by(asOf, recovery.approvedOn()),
                    recovery.amount(),
                    recovery.received(asOf),
                    recovery.receipts().stream()
                            .filter(receipt ->
                                    !receipt.writtenOff() && !receipt.on().isAfter(asOf))
                            .map(Receipt::ofClient)
                            .reduce(Money.ZERO, Money::plus),
                    recovery.writtenOff(asOf),
                    recovery.outstanding(asOf)));
        }
    }

    private static void claim(Entry account, Claim claim, Consumer<Row> each) {
        each.accept(Row.of(
                account.accountId(),
                account.budgetId(),
                account.personId(),
                null,
                claim.flagId(),
                claim.state(),
                claim.askedOn(),
                null,
                claim.upheld(),
                claim.received(),
                null,
                claim.writtenOff(),
                claim.outstanding()));
    }

    private static @Nullable LocalDate by(LocalDate asOf, @Nullable LocalDate on) {
        return on == null || on.isAfter(asOf) ? null : on;
    }
}
