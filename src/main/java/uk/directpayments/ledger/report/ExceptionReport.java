package uk.directpayments.ledger.report;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.payout.RunRegister;
import uk.directpayments.ledger.payout.RunRegister.Exceptional;
import uk.directpayments.ledger.payout.RunRegister.Place;
import uk.directpayments.ledger.platform.Pages;

/** Instalments of payment runs that stood out, are held, were refused or rejected, and what became of them. Rulebook 4.21. */
@Component
class ExceptionReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("runId"),
            Column.date("createdOn"),
            Column.text("accountId"),
            Column.text("personId"),
            Column.text("lineId"),
            Column.text("instalmentId"),
            Column.date("payOn"),
            Column.money("net"),
            Column.text("state"),
            Column.text("exceptions"),
            Column.text("code"),
            Column.yesNo("resolved"));

    private final RunRegister runs;

    ExceptionReport(RunRegister runs) {
        super("payment-exceptions", COLUMNS, Set.of("accountId", "personId"));
        this.runs = runs;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        Question.Filters wanted = asked.filters();
        Pages.<Exceptional, Place>each(
                after -> runs.exceptions(Objects.requireNonNullElse(after, Place.START), Pages.SIZE, asked.view()),
                item -> new Place(item.runId(), item.number()),
                page -> page.stream()
                        .filter(Exceptional::isException)
                        .filter(item -> !item.createdOn().isAfter(asked.view().asOf()))
                        .filter(item ->
                                wanted.accountId() == null || wanted.accountId().equals(item.accountId()))
                        .filter(item ->
                                wanted.personId() == null || wanted.personId().equals(item.personId()))
                        .forEach(item -> each.accept(row(item))));
    }

    private static Row row(Exceptional item) {
        return Row.of(
                item.runId(),
                item.createdOn(),
                item.accountId(),
                item.personId(),
                item.lineId(),
                item.instalmentId(),
                item.payOn(),
                item.net(),
                item.state(),
                item.remarks().replace(',', ' '),
                item.code(),
                item.resolved());
    }
}
