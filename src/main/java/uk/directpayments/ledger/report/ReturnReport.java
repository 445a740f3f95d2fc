package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.account.AccountReturns;

/**
 * The returns that accounts owe, asked for and not accepted, whether due or not: of a closed account, those that have come or were asked for since.
 * And the open accounts from which no return, no statement or no spending has come for the policy's {@code noSpendDays}. By the account's risk band on
 * the day. Rulebook 4.18, 4.21.
 */
@Component
class ReturnReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("kind"),
            Column.text("accountId"),
            Column.text("budgetId"),
            Column.text("personId"),
            Column.text("riskBand"),
            Column.text("returnId"),
            Column.text("period"),
            Column.text("state"),
            Column.date("due"),
            Column.yesNo("overdue"),
            Column.number("daysOverdue"),
            Column.number("reminders"),
            Column.date("lastReminder"),
            Column.date("silentSince"),
            Column.number("daysSilent"),
            Column.date("lastReturn"),
            Column.date("lastStatement"),
            Column.date("lastSpend"));

    private enum Kind {
        RETURN,
        NO_RETURN,
        NO_STATEMENT,
        NO_SPEND
    }

    private final AccountPages accounts;
    private final AccountReturns returns;
    private final LastHeard heard;

    ReturnReport(AccountPages accounts, AccountReturns returns, LastHeard heard) {
        super("returns-due", COLUMNS, AccountPages.FILTERS);
        this.accounts = accounts;
        this.returns = returns;
        this.heard = heard;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        Set<String> untold = returns.unavailable(asked.view());
        LocalDate since = heard.since(asked.view());
        accounts.each(
                asked,
                page -> page(page, untold, since, asked, each),
                unknown -> each.accept(Row.unavailable(null, unknown.value(0))));
    }

    private void page(AccountPages.Page page, Set<String> untold, LocalDate since, Question asked, Consumer<Row> each) {
        LocalDate asOf = asked.view().asOf();
        Map<String, List<AccountReturns.Entry>> open = returns.open(page.ids(), asked.view());
        LastHeard.Days days = heard.of(page.ids(), asked.view());
        for (Entry account : page.accounts()) {
            String id = account.accountId();
            if (page.isUnavailable(account) || untold.contains(id)) {
                each.accept(Row.unavailable(null, id, account.budgetId(), account.personId()));
                continue;
            }
            Rows rows = new Rows(
                    account,
                    days.returned().get(id),
                    days.told().get(id),
                    days.spent().get(id),
                    asOf,
                    since,
                    each);
            open.getOrDefault(id, List.of()).forEach(rows::owed);
            rows.silent(Kind.NO_RETURN, rows.returned);
            rows.silent(Kind.NO_STATEMENT, rows.told);
            rows.silent(Kind.NO_SPEND, rows.spent);
        }
    }

    /**
     * The rows of one account.
     *
     * @param since the first day of those within which something must have been heard of it
     */
    private record Rows(
            Entry account,
            @Nullable LocalDate returned,
            @Nullable LocalDate told,
            @Nullable LocalDate spent,
            LocalDate asOf,
            LocalDate since,
            Consumer<Row> each) {

        void owed(AccountReturns.Entry owed) {
            LocalDate closed = account.closedOn();
            if (closed != null && !closed.isAfter(asOf) && owed.lapsed(closed, asOf)) {
                return;
            }
            boolean overdue = owed.missing(asOf);
            List<LocalDate> reminders = owed.remindersBy(asOf);
            add(
                    Kind.RETURN,
                    owed.returnId(),
                    owed.period(),
                    owed.stateOn(asOf),
                    owed.due(),
                    overdue,
                    overdue ? ChronoUnit.DAYS.between(owed.due(), asOf) : 0,
                    reminders.size(),
                    reminders.isEmpty() ? null : reminders.get(reminders.size() - 1),
                    null,
                    null);
        }

        void silent(Kind kind, @Nullable LocalDate last) {
            LocalDate silent = LastHeard.silentSince(account, last, asOf, since);
            if (silent != null) {
                add(
                        kind,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        silent,
                        ChronoUnit.DAYS.between(silent, asOf));
            }
        }

        /** @param what from {@code returnId} to {@code daysSilent} */
        private void add(Kind kind, @Nullable Object... what) {
            String band =
                    account.riskBandOn(asOf).map(AccountRegister.RiskBand::band).orElse(AccountRegister.NO_BAND);
            List<@Nullable Object> values = new ArrayList<>();
            values.addAll(Arrays.asList(kind, account.accountId(), account.budgetId(), account.personId(), band));
            values.addAll(Arrays.asList(what));
            values.addAll(Arrays.asList(returned, told, spent));
            each.accept(new Row(values, false));
        }
    }
}
