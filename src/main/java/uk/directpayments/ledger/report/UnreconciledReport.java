package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.intake.Unreconciled;

/**
 * What bank and ledger do not say alike: lines without a transaction, transactions without a line, gaps between statements, and accounts of
 * which no statement has told for 90 days. Rulebook 4.21.
 */
@Component
class UnreconciledReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("kind"),
            Column.text("accountId"),
            Column.text("budgetId"),
            Column.text("personId"),
            Column.text("statementId"),
            Column.text("lineId"),
            Column.text("transactionId"),
            Column.text("state"),
            Column.date("on"),
            Column.number("days"),
            Column.text("age"),
            Column.money("bankAmount"),
            Column.money("ledgerAmount"),
            Column.date("lastEnded"),
            Column.money("lastClosing").notTotalled(),
            Column.money("opening").notTotalled());

    private enum Kind {
        BANK_LINE,
        LEDGER_TRANSACTION,
        STATEMENT_GAP,
        NO_STATEMENT
    }

    private final AccountPages accounts;
    private final Unreconciled unreconciled;
    private final LastHeard heard;

    UnreconciledReport(AccountPages accounts, Unreconciled unreconciled, LastHeard heard) {
        super("unreconciled", COLUMNS, AccountPages.FILTERS);
        this.accounts = accounts;
        this.unreconciled = unreconciled;
        this.heard = heard;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        Set<String> untold = unreconciled.unavailable(asked.view());
        accounts.each(
                asked,
                page -> page(page, untold, asked, each),
                unknown -> each.accept(Row.unavailable(null, unknown.value(0))));
    }

    private void page(AccountPages.Page page, Set<String> untold, Question asked, Consumer<Row> each) {
        Map<String, Entry> known = page.accounts().stream()
                .filter(account -> !page.isUnavailable(account) && !untold.contains(account.accountId()))
                .collect(Collectors.toMap(Entry::accountId, Function.identity()));
        page.accounts().stream()
                .filter(account -> !known.containsKey(account.accountId()))
                .forEach(account -> each.accept(
                        Row.unavailable(null, account.accountId(), account.budgetId(), account.personId())));
        Rows rows = new Rows(known, asked.view().asOf(), each);
        unreconciled.lines(known.keySet(), asked.view(), rows::line);
        unreconciled.transactions(known.keySet(), asked.view(), rows::transaction);
        unreconciled.gaps(known.keySet(), asked.view()).forEach(rows::gap);
        Map<String, LocalDate> told = heard.told(known.keySet(), asked.view());
        page.ids().stream()
                .map(known::get)
                .filter(java.util.Objects::nonNull)
                .forEach(account -> rows.silent(account, told.get(account.accountId())));
    }

    private record Rows(Map<String, Entry> accounts, LocalDate asOf, Consumer<Row> each) {

        void line(Unreconciled.BankLine line) {
            String state = line.suggested() ? "SUGGESTED" : "UNMATCHED";
            add(
                    Kind.BANK_LINE,
                    line.accountId(),
                    line.on(),
                    line.statementId(),
                    line.lineId(),
                    null,
                    state,
                    line.amount());
        }

        void transaction(Unreconciled.Unseen one) {
            add(
                    Kind.LEDGER_TRANSACTION,
                    one.accountId(),
                    one.on(),
                    null,
                    null,
                    one.transactionId(),
                    null,
                    null,
                    one.amount());
        }

        void gap(Unreconciled.Gap gap) {
            add(
                    Kind.STATEMENT_GAP,
                    gap.accountId(),
                    gap.began(),
                    gap.statementId(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    gap.ended(),
                    gap.closing(),
                    gap.opening());
        }

        void silent(Entry account, @Nullable LocalDate last) {
            LocalDate since = LastHeard.silentSince(account, last, asOf);
            if (since != null) {
                add(Kind.NO_STATEMENT, account.accountId(), since, null, null, null, null, null, null, last);
            }
        }

        /** @param further from {@code statementId} on */
        private void add(Kind kind, String accountId, LocalDate on, @Nullable Object... further) {
            Entry account = java.util.Objects.requireNonNull(accounts.get(accountId));
            long days = ChronoUnit.DAYS.between(on, asOf);
            each.accept(Row.of(
                    kind,
                    accountId,
                    account.budgetId(),
                    account.personId(),
                    further[0],
                    further[1],
                    further[2],
                    further[3],
                    on,
                    days,
                    Age.band(days),
                    at(further, 4),
                    at(further, 5),
                    at(further, 6),
                    at(further, 7),
                    at(further, 8)));
        }

        private static @Nullable Object at(@Nullable Object[] values, int i) {
            return i < values.length ? values[i] : null;
        }
    }
}
