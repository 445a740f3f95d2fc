package uk.directpayments.ledger.report;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which counts of one table must not be published. Those under 5; and if that is a single one, the smallest of the others too, or else whoever
 * knows the sum knows it. Pure.
 */
final class SmallCounts {

    static final int LEAST = 5;

    private SmallCounts() {}

    /** @return the places, counted from 0, of the counts to be left out */
    static Set<Integer> hidden(List<Integer> counts) {
        Set<Integer> hidden = new TreeSet<>();
        IntStream.range(0, counts.size())
                .filter(place -> counts.get(place) < LEAST)
                .forEach(hidden::add);
        if (hidden.size() == 1) {
            IntStream.range(0, counts.size())
                    .filter(place -> !hidden.contains(place))
                    .boxed()
                    .min(Comparator.comparing(counts::get))
                    .ifPresent(hidden::add);
        }
        return hidden;
    }
}
