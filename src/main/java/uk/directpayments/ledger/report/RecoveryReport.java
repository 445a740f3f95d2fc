package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.account.AccountSettlements;
import uk.directpayments.ledger.account.AccountSettlements.Receipt;
import uk.directpayments.ledger.account.AccountSettlements.Recovery;
import uk.directpayments.ledger.kernel.Money;

/** Recoveries raised, paid and written off, account by account; the client's share of what was paid is shown beside it. Rulebook 4.11, 4.12. */
@Component
class RecoveryReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("accountId"),
            Column.text("budgetId"),
            Column.text("personId"),
            Column.text("recoveryId"),
            Column.text("state"),
            Column.date("proposedOn"),
            Column.date("approvedOn"),
            Column.money("amount"),
            Column.money("received"),
            Column.money("refundedToClient"),
            Column.money("writtenOff"),
            Column.money("outstanding"));

    private final AccountPages accounts;
    private final AccountSettlements settlements;

    RecoveryReport(AccountPages accounts, AccountSettlements settlements) {
        super("recoveries", COLUMNS, AccountPages.FILTERS);
        this.accounts = accounts;
        this.settlements = settlements;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        accounts.each(
                asked,
                page -> {
                    Map<String, AccountSettlements.Entry> settled = settlements.of(page.ids(), asked.view());
                    page.accounts().forEach(account -> {
                        AccountSettlements.Entry of = settled.get(account.accountId());
                        if (of == null || page.isUnavailable(account)) {
                            each.accept(Row.unavailable(account.accountId(), account.budgetId(), account.personId()));
                        } else {
                            of.recoveries().forEach(recovery -> recovery(account, recovery, asked, each));
                        }
                    });
                },
                each);
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

    private static @Nullable LocalDate by(LocalDate asOf, @Nullable LocalDate on) {
        return on == null || on.isAfter(asOf) ? null : on;
    }
}
