package uk.directpayments.ledger.platform;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for. A handler takes it in place of a {@link View}; the read method fetches, in the order of a
 * unique key, up to {@link #fetch()} rows after {@link #after()} as at {@link #view()}, and {@link #page} makes the answer.
 *
 * @param view  what to read, pinned to the position of the first page
 * @param limit the most items of the page, 1 to 500
 * @param after the key of the last row of the page before, null on the first; in the words that {@link #page} was given, so a
 *              read method that parses it may rely on its form
 * @param scope the list and its filters, hashed: a cursor is good for them alone
 */
public record Paging(View view, int limit, @Nullable String after, String scope) {

    public static final int DEFAULT_LIMIT = 50;
    public static final int MOST = 500;

    /** How many rows to read: one more than the page has tells whether there is a next page. */
    public int fetch() {
        return limit + 1;
    }

    /**
     * @param rows at most {@link #fetch()}, in the order of the key
     * @param key  the row's place in that order: unique, not personal, at most 200 characters
     */
    public <T> Page<T> page(List<T> rows, Function<? super T, String> key) {
        if (rows.size() <= limit) {
            return new Page<>(List.copyOf(rows), null);
        }
        List<T> items = List.copyOf(rows.subList(0, limit));
        return new Page<>(items, next(key.apply(items.get(limit - 1))));
    }

    /**
     * The cursor of the page after this one.
     *
     * @param last the place of this page's last row, as in {@link #page}
     */
    public String next(String last) {
        Long position = view.atPosition();
        if (position == null) {
            throw new IllegalStateException("a page's view must be pinned");
        }
        return new Cursor(view.asOf(), view.knownAt(), position, last).write(scope);
    }
}
