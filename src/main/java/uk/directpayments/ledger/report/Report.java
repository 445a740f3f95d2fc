package uk.directpayments.ledger.report;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** A report: its columns, and its rows on two dates. Every format is made of this one definition. */
public abstract class Report {

    private final String name;
    private final List<Column> columns;
    private final Set<String> filters;

    /**
     * @param name    in the path: {@code /reports/{name}}
     * @param filters which filters of a {@link Question} it heeds, by name
     */
    Report(String name, List<Column> columns, Set<String> filters) {
        this.name = name;
        this.columns = columns;
        this.filters = filters;
    }

    public final String name() {
        return name;
    }

    public final List<Column> columns() {
        return columns;
    }

    public final Set<String> filters() {
        return filters;
    }

    /**
     * Hands over the rows, one after the other, in a stable order. Memory does not grow with their number.
     *
     * @param asked its view is pinned to a position of the log
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public abstract void rows(Question asked, Consumer<Row> each);
}
