package uk.directpayments.ledger.residential;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Sealed;

/**
 * What has happened to the record of a person's stays. Limits that are approached or exceeded are no events: they follow from these, see
 * {@link LimitSpan}.
 */
public sealed interface ResidentialEvent {

    /**
     * What never changes about a stay.
     *
     * @param accountId       the payment account it is, or would be, paid from
     * @param share           the part that the direct payment pays, as it was stated; a part-funded day counts as a whole one
     * @param sourceAuthority the council whose direct payment paid, if another's
     */
    record Particulars(
            String stayId,
            String accountId,
            Sealed provider,
            @Nullable BigDecimal share,
            @Nullable Sealed sourceAuthority) {}

    /**
     * A stay is planned, and may never happen.
     *
     * @param limitAcknowledged whether whoever planned it acknowledged that it would exceed a limit
     */
    @EventName("residential.stay-planned")
    record StayPlanned(Particulars stay, Stay.Facts facts, boolean limitAcknowledged) implements ResidentialEvent {}

    /** A stay has happened or has begun: never refused for a limit. */
    @EventName("residential.stay-recorded")
    record StayRecorded(Particulars stay, Stay.Facts facts) implements ResidentialEvent {}

    /** A planned stay has happened or has begun, on these days. */
    @EventName("residential.stay-confirmed")
    record StayConfirmed(
            String stayId, LocalDate admitted, @Nullable LocalDate discharged) implements ResidentialEvent {}

    /** The person left. */
    @EventName("residential.stay-discharged")
    record StayDischarged(String stayId, LocalDate discharged) implements ResidentialEvent {}

    /** What had been recorded wrongly was corrected. */
    @EventName("residential.stay-amended")
    record StayAmended(String stayId, Stay.Facts was, Stay.Facts now, Sealed reason) implements ResidentialEvent {}

    /** The stay never was: it counts no longer. */
    @EventName("residential.stay-voided")
    record StayVoided(String stayId, Sealed reason) implements ResidentialEvent {}

    /** An expenditure of an account is the payment for a stay; a later link of the same expenditure replaces this one. */
    @EventName("residential.payment-linked")
    record PaymentLinked(String accountId, String expenditureId, String stayId) implements ResidentialEvent {}

    /**
     * The council decided that the law for children goes on after the 18th birthday (rulebook 2.7). A later one replaces it.
     *
     * @param until the last day, that day included
     */
    @EventName("residential.regime-overridden")
    record RegimeOverridden(Regime regime, LocalDate until, Sealed reason) implements ResidentialEvent {}

    /**
     * Stays that began on these days are judged anew, by a policy that was published for days gone by. Who then came near or over a limit follows.
     *
     * @param until the first day that is not meant, or null: for good
     */
    @EventName("residential.stays-reassessed")
    record StaysReassessed(
            String policyVersion, LocalDate from, @Nullable LocalDate until) implements ResidentialEvent {

        /** Whether a stay that began on a day is judged anew. */
        public boolean covers(LocalDate admitted) {
            return !admitted.isBefore(from) && (until == null || admitted.isBefore(until));
        }
    }

    /** Which law counts the days. */
    enum Regime {
        CHILD
    }
}
