package uk.directpayments.ledger.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.account.AccountBalances.Balance;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;

/** What every account holds, in total and by funding source; the totals are the journal's. Rulebook 2.8, 4.21. */
@Component
class BalancesReport extends Report {

    private static final List<Column> COLUMNS = Stream.concat(
                    Stream.of(
                            Column.text("accountId"),
                            Column.text("budgetId"),
                            Column.text("personId"),
                            Column.text("type"),
                            Column.text("holderType"),
                            Column.text("organisationId"),
                            Column.text("state"),
                            Column.money("balance")),
                    Arrays.stream(FundingSource.values()).map(source -> Column.money(camelCase(source))))
            .toList();

    private final AccountPages accounts;
    private final AccountBalances balances;

    BalancesReport(AccountPages accounts, AccountBalances balances) {
        super("balances", COLUMNS, AccountPages.FILTERS);
        this.accounts = accounts;
        this.balances = balances;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        accounts.each(
                asked,
                page -> {
                    Map<String, Balance> held = balances.of(page.ids(), asked.view());
                    for (Entry account : page.accounts()) {
                        Balance balance = page.isUnavailable(account) ? null : held.get(account.accountId());
                        each.accept(row(account, balance, asked));
                    }
                },
                each);
    }

    private static Row row(Entry account, @Nullable Balance balance, Question asked) {
        List<@Nullable Object> values = new ArrayList<>(Arrays.<@Nullable Object>asList(
                account.accountId(),
                account.budgetId(),
                account.personId(),
                account.type(),
                account.holderType(),
                account.organisationId()));
        if (balance == null) {
            return new Row(values, true);
        }
        values.add(account.stateOn(asked.view().asOf()));
        values.add(balance.total());
        for (FundingSource source : FundingSource.values()) {
            values.add(balance.bySource().getOrDefault(source, Money.ZERO));
        }
        return new Row(values, false);
    }

    /** {@code SOCIAL_CARE_CHILD} is {@code socialCareChild}. */
    static String camelCase(Enum<?> word) {
        StringBuilder name = new StringBuilder();
        for (String part : word.name().toLowerCase(Locale.ROOT).split("_")) {
            name.append(name.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
        }
        return name.toString();
    }
}
