package uk.directpayments.ledger.account;

import java.util.Collection;
import java.util.Map;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.platform.View;

/** What lines have been paid and spent, from the totals behind the balances. */
@Component
class AccountLineFigures implements LineFigures {

    private final AccountBalances balances;

    AccountLineFigures(AccountBalances balances) {
        this.balances = balances;
    }

    @Override
    public Map<String, Map<String, Figure>> of(Collection<String> accountIds, View view) {
        return balances.lines(accountIds, view);
    }
}
