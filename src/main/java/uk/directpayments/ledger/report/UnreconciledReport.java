package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.intake.Unreconciled;

/**
 * What bank and ledger do not say alike: lines without a transaction, lines that an import refused, transactions without a line, gaps between
 * statements, and accounts of which no statement has told for the policy's {@code noSpendDays}. Rulebook 4.21.
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
            Column.text("code"),
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
        REFUSED_LINE,
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
        LocalDate since = heard.since(asked.view());
        accounts.each(
                asked,
                page -> page(page, untold, since, asked, each),
                unknown -> each.accept(Row.unavailable(null, unknown.value(0))));
        Question.Filters wanted = asked.filters();
        if (wanted.accountId() == null && wanted.budgetId() == null && wanted.personId() == null) {
            Rows rows = new Rows(Map.of(), asked.view().asOf(), each);
            unreconciled.refusedOfNobody(wanted.organisationId(), asked.view(), rows::refused);
        }
    }

    private void page(AccountPages.Page page, Set<String> untold, LocalDate since, Question asked, Consumer<Row> each) {
        Map<String, Entry> known = page.accounts().stream()
                .filter(account -> !page.isUnavailable(account) && !untold.contains(account.accountId()))
                .collect(Collectors.toMap(Entry::accountId, Function.identity()));
        page.accounts().stream()
                .filter(account -> !known.containsKey(account.accountId()))
                .forEach(account -> each.accept(
                        Row.unavailable(null, account.accountId(), account.budgetId(), account.personId())));
        Rows rows = new Rows(known, asked.view().asOf(), each);
        unreconciled.lines(known.keySet(), asked.view(), rows::line);
        unreconciled.refused(known.keySet(), asked.view(), rows::refused);
        unreconciled.transactions(known.keySet(), asked.view(), rows::transaction);
        unreconciled.gaps(known.keySet(), asked.view()).forEach(rows::gap);
        Map<String, LocalDate> told = heard.told(known.keySet(), asked.view());
        page.ids().stream()
                .map(known::get)
                .filter(Objects::nonNull)
                .forEach(account -> rows.silent(account, told.get(account.accountId()), since));
    }

    private record Rows(Map<String, Entry> accounts, LocalDate asOf, Consumer<Row> each) {

        void line(Unreconciled.BankLine line) {
            String state = line.suggested() ? "SUGGESTED" : "UNMATCHED";
            List<@Nullable Object> which = Arrays.asList(line.statementId(), line.lineId(), null, state, null);
            add(Kind.BANK_LINE, line.accountId(), which, line.on(), line.amount());
        }

        void refused(Unreconciled.RefusedLine line) {
            List<@Nullable Object> which = Arrays.asList(line.statementId(), line.lineId(), null, null, line.code());
            add(Kind.REFUSED_LINE, line.accountId(), which, line.since(), line.amount());
        }

        void transaction(Unreconciled.Unseen one) {
            List<@Nullable Object> which = Arrays.asList(null, null, one.transactionId(), null, null);
            add(Kind.LEDGER_TRANSACTION, one.accountId(), which, one.on(), null, one.amount());
        }

        void gap(Unreconciled.Gap gap) {
            List<@Nullable Object> which = Arrays.asList(gap.statementId(), null, null, null, null);
            add(
                    Kind.STATEMENT_GAP,
                    gap.accountId(),
                    which,
                    gap.began(),
                    null,
                    null,
                    gap.ended(),
                    gap.closing(),
                    gap.opening());
        }

        void silent(Entry account, @Nullable LocalDate last, LocalDate since) {
            LocalDate silent = LastHeard.silentSince(account, last, asOf, since);
            if (silent != null) {
                List<@Nullable Object> nothing = Arrays.asList(null, null, null, null, null);
                add(Kind.NO_STATEMENT, account.accountId(), nothing, silent, null, null, last);
            }
        }

        /**
         * @param accountId null if it is not known
         * @param which   from {@code statementId} to {@code code}
         * @param figures from {@code bankAmount} on
         */
        private void add(
                Kind kind,
                @Nullable String accountId,
                List<@Nullable Object> which,
                LocalDate on,
                @Nullable Object... figures) {
            Entry account = accountId == null ? null : Objects.requireNonNull(accounts.get(accountId));
            long days = ChronoUnit.DAYS.between(on, asOf);
            List<@Nullable Object> values = new ArrayList<>();
            values.addAll(Arrays.asList(
                    kind,
                    accountId,
                    account == null ? null : account.budgetId(),
                    account == null ? null : account.personId()));
            values.addAll(which);
            values.addAll(Arrays.asList(on, days, Age.band(days)));
            values.addAll(Arrays.asList(figures));
            each.accept(new Row(values, false));
        }
    }
}
