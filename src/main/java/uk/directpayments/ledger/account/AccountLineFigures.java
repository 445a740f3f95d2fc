package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.View;

/** What lines have been paid and spent, from the totals behind the balances. */
@Component
class AccountLineFigures implements LineFigures {

    private final AccountBalances balances;
    private final SealedPeriods periods;

    AccountLineFigures(AccountBalances balances, SealedPeriods periods) {
        this.balances = balances;
        this.periods = periods;
    }

    @Override
    public Map<String, Map<String, Figure>> of(Collection<String> accountIds, View view) {
        return balances.lines(accountIds, view);
    }

    @Override
    public Map<String, Map<String, Figure>> within(
            LocalDate from, LocalDate to, Collection<String> accountIds, View view) {
        View until = view.asOf(BusinessDay.earlier(to, view.asOf()));
        Map<String, Map<String, Figure>> figures = new TreeMap<>();
        balances.lines(accountIds, until).forEach((account, lines) -> figures.put(account, new TreeMap<>(lines)));
        balances.lines(accountIds, view.asOf(BusinessDay.earlier(from.minusDays(1), view.asOf())))
                .forEach((account, lines) ->
                        lines.forEach((line, before) -> add(figures, account, line, Figure.NOTHING.minus(before))));
        PostingDates posted = periods.postingDates(view);
        for (AccountBalances.Late late : balances.late(accountIds, posted, view)) {
            if (isWithin(late.on(), from, until.asOf())) {
                add(figures, late.accountId(), late.lineId(), Figure.NOTHING.minus(late.moved()));
            }
            if (isWithin(posted.of(late.on(), late.position()), from, to)) {
                add(figures, late.accountId(), late.lineId(), late.moved());
            }
        }
        return figures;
    }

    private static boolean isWithin(LocalDate day, LocalDate from, LocalDate to) {
        return !day.isBefore(from) && !day.isAfter(to);
    }

    private static void add(Map<String, Map<String, Figure>> figures, String accountId, String lineId, Figure moved) {
        Map<String, Figure> lines = figures.get(accountId);
        if (lines != null) {
            lines.merge(lineId, moved, Figure::plus);
        }
    }
}
