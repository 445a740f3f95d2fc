package uk.directpayments.ledger.kernel;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** The conditions that aggregates and reads ask of what they are told, with the code and the words that each is refused with. */
public final class Require {

    private Require() {}

    /** {@code AMOUNT_NOT_POSITIVE}. @param field the request's field that holds the amount */
    public static void positive(Money amount, String field) {
        if (!amount.isPositive()) {
            throw new RuleBroken("AMOUNT_NOT_POSITIVE", "The amount must be more than nothing.", field);
        }
    }

    /** {@code REASONS_REQUIRED}. Gives back the reason, as one that is there. */
    public static <T> T reason(@Nullable T reason) {
        if (reason == null) {
            throw new RuleBroken("REASONS_REQUIRED", "This needs a reason.", "reason");
        }
        return reason;
    }

    /** {@code FIELD_INVALID}: a period does not end before it begins. One without a first or a last day is open there. */
    public static void inOrder(@Nullable LocalDate from, @Nullable LocalDate to) {
        if (from != null && to != null && to.isBefore(from)) {
            throw new RuleBroken("FIELD_INVALID", "to lies before from.", "to");
        }
    }

    /** {@code DATE_IN_FUTURE}: a fact lies today or before. */
    public static void notFuture(LocalDate on, LocalDate today) {
        if (on.isAfter(today)) {
            throw new RuleBroken("DATE_IN_FUTURE", "What has happened cannot lie in the future.", "on");
        }
    }
}
