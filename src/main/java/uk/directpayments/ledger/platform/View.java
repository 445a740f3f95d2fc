package uk.directpayments.ledger.platform;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * What a read wants to see: the two dates, and how far its projections must have come.
 *
 * @param asOf       what was true on this business day
 * @param knownAt    what had been recorded by this instant, or null for everything
 * @param atPosition the position that {@code knownAt} was mapped to, or that a cursor pins; null for the newest
 * @param atLeast    the caller's {@code Ledger-Position}: the answer must include it; 0 if the caller named none
 */
public record View(
        LocalDate asOf, @Nullable Instant knownAt, @Nullable Long atPosition, long atLeast) {

    /** The same view pinned to a position: further pages and further figures of one answer never mix. */
    public View at(long position) {
        return new View(asOf, knownAt, position, atLeast);
    }

    public View asOf(LocalDate day) {
        return new View(day, knownAt, atPosition, atLeast);
    }

    /**
     * The last day that can be shown of a period: its own, or the view's if that comes first.
     *
     * @throws RuleBroken {@code FIELD_INVALID} if the period begins after it
     */
    public LocalDate lastDay(@Nullable LocalDate from, @Nullable LocalDate to) {
        Require.inOrder(from, to);
        if (from != null && from.isAfter(asOf)) {
            throw new RuleBroken("FIELD_INVALID", "from lies after " + asOf + ", the last day that is shown.", "from");
        }
        return to == null ? asOf : BusinessDay.earlier(to, asOf);
    }

    /** What is known now, on a day: for an Api that reads the facts a decision needs. */
    public static View now(LocalDate today) {
        return new View(today, null, null, 0);
    }
}
