package uk.directpayments.ledger.platform;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a long list page by page, so that nobody holds all of it. */
public final class Pages {

    public static final int SIZE = 500;

    private Pages() {}

    /**
     * @param read the rows after a place, or from the first if it is null: at most {@link #SIZE}
     * @param place of a row
     */
    public static <T, P> void each(
            Function<@Nullable P, List<T>> read, Function<? super T, P> place, Consumer<? super List<T>> page) {
        P after = null;
        while (true) {
            List<T> rows = read.apply(after);
            if (!rows.isEmpty()) {
                page.accept(rows);
            }
            if (rows.size() < SIZE) {
                return;
            }
            after = place.apply(rows.get(rows.size() - 1));
        }
    }
}
