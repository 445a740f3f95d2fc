package uk.directpayments.ledger.report;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.account.Accruals;
import uk.directpayments.ledger.account.Accruals.Accrual;

/** Prepayments and accruals on a day, instalment by instalment. Rulebook 4.21. */
@Component
class AccrualReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("accountId"),
            Column.text("budgetId"),
            Column.text("personId"),
            Column.text("lineId"),
            Column.text("instalmentId"),
            Column.date("from"),
            Column.date("to"),
            Column.money("net"),
            Column.money("prepaid"),
            Column.money("accrued"));

    private final AccountPages accounts;
    private final Accruals accruals;

    AccrualReport(AccountPages accounts, Accruals accruals) {
        super("accruals", COLUMNS, AccountPages.FILTERS);
        this.accounts = accounts;
        this.accruals = accruals;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        accounts.each(
                asked,
                page -> {
                    Map<String, List<Accrual>> byAccount = accruals.of(page.ids(), asked.view());
                    for (Entry account : page.accounts()) {
                        List<Accrual> own = byAccount.get(account.accountId());
                        if (page.isUnavailable(account) || own == null) {
                            each.accept(Row.unavailable(account.accountId(), account.budgetId(), account.personId()));
                        } else {
                            own.forEach(accrual -> each.accept(row(account, accrual)));
                        }
                    }
                },
                each);
    }

    private static Row row(Entry account, Accrual accrual) {
        return Row.of(
                account.accountId(),
                account.budgetId(),
                account.personId(),
                accrual.lineId(),
                accrual.instalmentId(),
                accrual.from(),
                accrual.to(),
                accrual.net(),
                accrual.prepaid(),
                accrual.accrued());
    }
}
