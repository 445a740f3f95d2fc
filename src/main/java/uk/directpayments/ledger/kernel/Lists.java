package uk.directpayments.ledger.kernel;

import java.util.ArrayList;
import java.util.List;

/** Lists that never change: one that grows is another. */
public final class Lists {

    private Lists() {}

    /** What a list holds, and one more. */
    public static <T> List<T> and(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return List.copyOf(longer);
    }
}
