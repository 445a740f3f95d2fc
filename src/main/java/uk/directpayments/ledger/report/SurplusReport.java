package uk.directpayments.ledger.report;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.account.StartUp;
import uk.directpayments.ledger.account.Surplus;
import uk.directpayments.ledger.account.Surpluses;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.policy.Policies;

/**
 * What could be taken back, aged from the first day on which it could, and what of it is money to start with that falls due for its review. Less
 * than the policy's {@code minReclaimPence} is left out. Rulebook 4.9, 4.11.
 */
@Component
class SurplusReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("accountId"),
            Column.text("budgetId"),
            Column.text("personId"),
            Column.money("balance"),
            Column.money("owed"),
            Column.money("reserves"),
            Column.money("kept"),
            Column.number("weeks"),
            Column.money("startUpKept"),
            Column.money("startUpDue"),
            Column.number("startUpWeeks"),
            Column.date("startUpReviewOn"),
            Column.money("reclaimable"),
            Column.money("unclaimed"),
            Column.date("since"),
            Column.number("days"),
            Column.money("to30"),
            Column.money("to90"),
            Column.money("to180"),
            Column.money("older"),
            Column.text("policyVersion"));

    private final AccountPages accounts;
    private final Surpluses surpluses;
    private final Policies policies;

    SurplusReport(AccountPages accounts, Surpluses surpluses, Policies policies) {
        super("surpluses", COLUMNS, AccountPages.FILTERS);
        this.accounts = accounts;
        this.surpluses = surpluses;
        this.policies = policies;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        Money least = policies.on(asked.view().asOf(), asked.view()).settings().minReclaim();
        accounts.each(asked, page -> page(page, least, asked, each), each);
    }

    private void page(AccountPages.Page page, Money least, Question asked, Consumer<Row> each) {
        Map<String, Surpluses.Claimed> all = surpluses.of(page.ids(), asked.view());
        List<String> worthwhile = page.ids().stream()
                .filter(id -> all.containsKey(id)
                        && !least.isMoreThan(all.get(id).surplus().reclaimable()))
                .toList();
        Map<String, Surpluses.Aged> aged = surpluses.aged(worthwhile, asked.view());
        for (Entry account : page.accounts()) {
            Surpluses.Aged of = aged.get(account.accountId());
            if (page.isUnavailable(account) || !all.containsKey(account.accountId())) {
                each.accept(Row.unavailable(account.accountId(), account.budgetId(), account.personId()));
            } else if (of != null) {
                each.accept(row(account, of, all.get(account.accountId()).unclaimed()));
            }
        }
    }

    private static Row row(Entry account, Surpluses.Aged aged, Money unclaimed) {
        Surplus surplus = aged.surplus();
        Money amount = surplus.reclaimable();
        StartUp startUp = surplus.startUp();
        return Row.of(
                account.accountId(),
                account.budgetId(),
                account.personId(),
                surplus.balance(),
                surplus.owed(),
                surplus.reserves(),
                surplus.kept(),
                surplus.weeks(),
                startUp == null ? null : startUp.kept(),
                startUp == null ? null : startUp.due(),
                startUp == null ? null : startUp.weeks(),
                startUp == null ? null : startUp.reviewOn(),
                amount,
                unclaimed,
                aged.since(),
                aged.days(),
                Age.TO_30.share(amount, aged.days()),
                Age.TO_90.share(amount, aged.days()),
                Age.TO_180.share(amount, aged.days()),
                Age.OLDER.share(amount, aged.days()),
                surplus.policyVersion());
    }
}
