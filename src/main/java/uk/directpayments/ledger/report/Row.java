package uk.directpayments.ledger.report;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of a report.
 *
 * @param values      in the order of the columns; columns beyond the last value are empty
 * @param unavailable true if its figures cannot be given at present: then it says only whose they would be
 */
public record Row(List<@Nullable Object> values, boolean unavailable) {

    static Row of(@Nullable Object... values) {
        return new Row(Collections.unmodifiableList(Arrays.asList(values)), false);
    }

    /** @param values of the first columns */
    static Row unavailable(@Nullable Object... values) {
        return new Row(Collections.unmodifiableList(Arrays.asList(values)), true);
    }

    /** The value in a column, counted from 0; null if there is none. */
    public @Nullable Object value(int column) {
        return column < values.size() ? values.get(column) : null;
    }
}
