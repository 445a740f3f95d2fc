package uk.directpayments.ledger.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;

/** Adds up the columns of a report that can be. One row that is unavailable makes every total unavailable. */
final class Totals {

    private final List<Column> columns;
    private final Money[] sums;
    private boolean unavailable;

    Totals(List<Column> columns) {
        this.columns = columns;
        this.sums = new Money[columns.size()];
        java.util.Arrays.fill(sums, Money.ZERO);
    }

    void add(Row row) {
        unavailable |= row.unavailable();
        for (int i = 0; i < sums.length; i++) {
            if (columns.get(i).totalled() && row.value(i) instanceof Money amount) {
                sums[i] = sums[i].plus(amount);
            }
        }
    }

    /** Whether a column is added up. */
    boolean has(int column) {
        return columns.get(column).totalled();
    }

    /** The total of a column, counted from 0, that is added up; null if it cannot be given. */
    @Nullable
    Money of(int column) {
        return unavailable ? null : sums[column];
    }

    Map<String, @Nullable Money> byName() {
        Map<String, @Nullable Money> totals = new LinkedHashMap<>();
        for (int i = 0; i < sums.length; i++) {
            if (has(i)) {
                totals.put(columns.get(i).name(), of(i));
            }
        }
        return totals;
    }
}
