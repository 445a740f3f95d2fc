package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Lists;

/**
 * A time in which nothing is paid into an account.
 *
 * @param until the day it was resumed, itself no longer suspended; null while nobody has resumed it
 */
public record Suspension(LocalDate from, @Nullable LocalDate until) {

    public boolean covers(LocalDate day) {
        return !day.isBefore(from) && (until == null || day.isBefore(until));
    }

    /** Those there have been, and one that begins. */
    public static List<Suspension> begun(List<Suspension> earlier, LocalDate from) {
        return Lists.and(earlier, new Suspension(from, null));
    }

    /** Those there have been, none of which lasts any longer. */
    public static List<Suspension> ended(List<Suspension> all, LocalDate on) {
        return all.stream()
                .map(one -> one.until == null ? new Suspension(one.from, on) : one)
                .toList();
    }
}
