package uk.directpayments.ledger.residential;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.residential.DayCount.Question;

/** What is refused, rulebook 2.9 and 7.3: what cannot be true, never what has happened. */
final class ResidentialRules {

    /** The most stays of one person, voided ones included: a weekly break for 38 years. */
    static final int MOST_STAYS = 2_000;

    /** The longest stay that is believed of what is told of it at once, and by how much one that has happened may be made longer: years mistyped. */
    static final int LONGEST_YEARS = 10;

    private ResidentialRules() {}

    /** {@code STAY_ENDS_BEFORE_START}, {@code ACTUAL_STAY_IN_FUTURE}. */
    static void requirePossible(Stay.Facts facts, boolean planned, LocalDate today) {
        LocalDate admitted = facts.admitted();
        LocalDate discharged = facts.discharged();
        if (discharged != null && discharged.isBefore(admitted)) {
            throw new RuleBroken(
                    "STAY_ENDS_BEFORE_START", "A stay cannot end before the day of admission.", "discharged");
        }
        if (!planned && admitted.isAfter(today)) {
            throw inFuture("admitted");
        }
        if (!planned && discharged != null && discharged.isAfter(today)) {
            throw inFuture("discharged");
        }
    }

    /** {@code FIELD_INVALID}: told whole, in one go. One that is known to be open may have lasted for however long. */
    static void requireBelievable(Stay.Facts facts) {
        requireBelievable(facts, 0, "discharged");
    }

    /**
     * {@code FIELD_INVALID}: told otherwise than before. What is only planned is told anew; one that has happened may have lasted for however long.
     *
     * @param field that holds a day in the request
     */
    static void requireBelievable(Stay.Facts now, Stay.Facts known, boolean planned, LocalDate today, String field) {
        LocalDate until = Objects.requireNonNullElse(known.discharged(), today);
        requireBelievable(now, planned ? 0 : ChronoUnit.DAYS.between(known.admitted(), until), field);
    }

    private static void requireBelievable(Stay.Facts facts, long knownDays, String field) {
        LocalDate discharged = facts.discharged();
        if (discharged != null
                && discharged.isAfter(facts.admitted().plusYears(LONGEST_YEARS).plusDays(knownDays))) {
            throw new RuleBroken(
                    "FIELD_INVALID",
                    "A stay cannot be longer than " + LONGEST_YEARS + " years"
                            + (knownDays > 0 ? " more than it is known to be." : "."),
                    field);
        }
    }

    private static RuleBroken inFuture(String field) {
        return new RuleBroken(
                "ACTUAL_STAY_IN_FUTURE", "What has not happened yet is a planned stay, not an actual one.", field);
    }

    /** {@code LIMIT_ACKNOWLEDGEMENT_REQUIRED}: with everything that is planned, this stay too, more days exceed a limit. */
    static void requireAcknowledged(Question forecast, Stay planned) {
        if (DayCount.exceedsWith(forecast, planned)) {
            throw new RuleBroken(
                    "LIMIT_ACKNOWLEDGEMENT_REQUIRED",
                    "With this planned stay the person would exceed a limit on residential days. Say acknowledgeLimit"
                            + " to plan it all the same.",
                    "acknowledgeLimit");
        }
    }

    /** {@code TOO_MANY_STAYS}, {@code ID_ALREADY_USED}. */
    static void requireRoom(boolean used, int stays) {
        if (used) {
            throw new RuleBroken("ID_ALREADY_USED", "This person already has a stay with this id.", "stayId");
        }
        if (stays >= MOST_STAYS) {
            throw new RuleBroken(
                    "TOO_MANY_STAYS", "The record of a person holds at most " + MOST_STAYS + " residential stays.");
        }
    }

    /** {@code FIELD_INVALID}: the amendment names nothing. */
    static void requireSomething(List<@Nullable Object> changes) {
        if (changes.stream().allMatch(change -> change == null)) {
            throw new RuleBroken(
                    "FIELD_INVALID",
                    "An amendment names at least one of admitted, discharged, setting and fundedByDirectPayment.");
        }
    }
}
