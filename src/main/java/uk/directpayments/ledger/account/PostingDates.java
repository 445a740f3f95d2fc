package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Map;

/**
 * In which period something counts. What is recorded of a sealed period afterwards keeps its own day, and is posted to the first day that was
 * open then: so a sealed period's report never changes, and the late fact is in the next one. Rulebook, precedence note.
 *
 * @param sealedAt the position of the log at which each sealed period was sealed
 */
public record PostingDates(Map<YearMonth, Long> sealedAt) {

    /** @param position at which the fact was recorded */
    public LocalDate of(LocalDate on, long position) {
        YearMonth period = YearMonth.from(on);
        if (!isSealed(period, position)) {
            return on;
        }
        while (isSealed(period, position)) {
            period = period.plusMonths(1);
        }
        return period.atDay(1);
    }

    private boolean isSealed(YearMonth period, long position) {
        Long at = sealedAt.get(period);
        return at != null && at < position;
    }
}
