package uk.directpayments.ledger.report;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.account.ContributionArrears;
import uk.directpayments.ledger.account.ContributionArrears.Arrears;

/** Contributions expected against received, of every account that has any, aged. Below zero a client has paid ahead. Rulebook 4.8. */
@Component
class ArrearsReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("accountId"),
            Column.text("budgetId"),
            Column.text("personId"),
            Column.money("expected"),
            Column.money("received"),
            Column.money("arrears"),
            Column.date("oldest"),
            Column.money("to30"),
            Column.money("to90"),
            Column.money("to180"),
            Column.money("older"));

    private final AccountPages accounts;
    private final ContributionArrears contributions;

    ArrearsReport(AccountPages accounts, ContributionArrears contributions) {
        super("contribution-arrears", COLUMNS, AccountPages.FILTERS);
        this.accounts = accounts;
        this.contributions = contributions;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        accounts.each(
                asked,
                page -> {
                    Map<String, Arrears> all = contributions.of(page.ids(), asked.view());
                    for (Entry account : page.accounts()) {
                        Arrears of = all.get(account.accountId());
                        if (of == null || page.isUnavailable(account)) {
                            each.accept(Row.unavailable(account.accountId(), account.budgetId(), account.personId()));
                        } else if (!of.expected().isZero() || !of.received().isZero()) {
                            each.accept(row(account, of));
                        }
                    }
                },
                each);
    }

    private static Row row(Entry account, Arrears of) {
        return Row.of(
                account.accountId(),
                account.budgetId(),
                account.personId(),
                of.expected(),
                of.received(),
                of.arrears(),
                of.oldest(),
                of.to30(),
                of.to90(),
                of.to180(),
                of.older());
    }
}
