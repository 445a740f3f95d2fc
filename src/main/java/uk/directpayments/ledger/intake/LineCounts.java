package uk.directpayments.ledger.intake;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.intake.StatementEvent.Totals;

/**
 * How a statement's lines stand: what the ledger made of them, and what persons have said of them since. A line that was refused stays refused,
 * also when somebody ignores it; of a line that was split every part counts.
 *
 * @param unmatched those that wait, suggested ones among them
 */
record LineCounts(int recorded, int matched, int unmatched, int ignored, int duplicates, int rejected) {

    /** A line that a person has dealt with. @param before the ledger itself had made this of it; null of a part that a person has made */
    record Dealt(@Nullable Line before, Line now) {}

    private enum Stand {
        RECORDED,
        MATCHED,
        UNMATCHED,
        IGNORED
    }

    /** @param dealt every line that persons have dealt with */
    static LineCounts of(Totals totals, List<Dealt> dealt) {
        Map<Stand, Integer> counts = new TreeMap<>(Map.of(
                Stand.RECORDED, totals.recorded(),
                Stand.MATCHED, totals.matched(),
                Stand.UNMATCHED, totals.unmatched(),
                Stand.IGNORED, 0));
        for (Dealt one : dealt) {
            if (!one.now.isRejected()) {
                if (one.before != null) {
                    counts.merge(stand(one.before), -1, Integer::sum);
                }
                counts.merge(stand(one.now), 1, Integer::sum);
            }
        }
        return new LineCounts(
                counts.getOrDefault(Stand.RECORDED, 0),
                counts.getOrDefault(Stand.MATCHED, 0),
                counts.getOrDefault(Stand.UNMATCHED, 0),
                counts.getOrDefault(Stand.IGNORED, 0),
                totals.duplicates(),
                totals.rejected());
    }

    private static Stand stand(Line line) {
        if (line.state() == LineState.MATCHED) {
            return line.isOwn() ? Stand.RECORDED : Stand.MATCHED;
        }
        return line.state() == LineState.IGNORED ? Stand.IGNORED : Stand.UNMATCHED;
    }
}
