package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.platform.Pages;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.spending.FlaggedSpending;
import uk.directpayments.ledger.spending.FlaggedSpending.Flagged;

/** What is in question, by state, age, value and reason. Rulebook 3.8, 4.21. */
@Component
class FlagReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("flagId"),
            Column.text("accountId"),
            Column.text("personId"),
            Column.text("transactionId"),
            Column.text("stayId"),
            Column.text("reason"),
            Column.text("severity"),
            Column.text("decision"),
            Column.text("state"),
            Column.date("on"),
            Column.number("days"),
            Column.money("amount"),
            Column.text("detector"),
            Column.text("policyVersion"));

    private final FlaggedSpending flags;
    private final AccountRegister accounts;

    FlagReport(FlaggedSpending flags, AccountRegister accounts) {
        super("flags", COLUMNS, Set.of("accountId", "personId", "state", "reason", "severity"));
        this.flags = flags;
        this.accounts = accounts;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        View view = asked.view();
        Question.Filters given = asked.filters();
        var filter = new FlaggedSpending.Filter(
                given.state(), given.reason(), given.severity(), given.accountId(), given.personId());
        Set<String> unavailable = flags.unavailablePersons(view);
        Set<String> unseen = new TreeSet<>(unavailable);
        Pages.<Flagged, String>each(
                after -> flags.list(filter, after, Pages.SIZE, view),
                Flagged::flagId,
                page -> page.forEach(flag -> {
                    unseen.remove(flag.personId());
                    each.accept(
                            unavailable.contains(flag.personId())
                                    ? Row.unavailable(flag.flagId(), flag.accountId(), flag.personId())
                                    : row(flag, view.asOf()));
                }));
        // Whoever has no flag may only lack the one that could not be raised.
        unseen.stream()
                .filter(person -> mayHave(person, given, view))
                .forEach(person -> each.accept(Row.unavailable(null, null, person)));
    }

    private boolean mayHave(String personId, Question.Filters given, View view) {
        return (given.personId() == null || given.personId().equals(personId))
                && (given.accountId() == null
                        || accounts.among(Set.of(given.accountId()), view).stream()
                                .allMatch(account -> account.personId().equals(personId)));
    }

    private static Row row(Flagged flag, LocalDate asOf) {
        return Row.of(
                flag.flagId(),
                flag.accountId(),
                flag.personId(),
                flag.transactionId(),
                flag.stayId(),
                flag.reason(),
                flag.severity(),
                flag.decision(),
                flag.state(),
                flag.on(),
                ChronoUnit.DAYS.between(flag.on(), asOf),
                flag.amount(),
                flag.detector(),
                flag.policyVersion());
    }
}
