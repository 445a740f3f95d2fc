package uk.directpayments.ledger.report;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A report: its columns, and its rows on two dates. Every format is made of this one definition. */
public interface Report {

    /** In the path: {@code /reports/{name}}. */
    String name();

    List<Column> columns();

    /** Which filters of a {@link Question} it heeds, by name. */
    Set<String> filters();

    /**
     * Hands over the rows, one after the other, in a stable order. Memory does not grow with their number.
     *
     * @param asked its view is pinned to a position of the log
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    void rows(Question asked, Consumer<Row> each);
}
