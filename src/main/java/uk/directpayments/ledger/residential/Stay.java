package uk.directpayments.ledger.residential;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A stay that is not voided, as the count of days sees it.
 *
 * @param planned true until somebody confirms that it has happened
 */
public record Stay(String stayId, Facts facts, boolean planned) {

    /**
     * What a correction can change of a stay.
     *
     * @param discharged null while the person has not left, or nobody knows when they will
     */
    public record Facts(
            Setting setting, LocalDate admitted, @Nullable LocalDate discharged, boolean fundedByDirectPayment) {

        /** Whether its days count towards the limits, rulebook 2.1: a part-funded day counts as a whole one. */
        public boolean counts() {
            return fundedByDirectPayment && setting.counts;
        }
    }

    /** Where somebody stays. Rulebook 2.1. */
    public enum Setting {
        CARE_HOME(true),
        NURSING_HOME(true),
        CHILDRENS_HOME(true),
        RESIDENTIAL_SHORT_BREAK_UNIT(true),
        HOSPITAL(false),
        NHS_HOSPICE(false),
        BOARDING_SCHOOL(false),
        FOSTER_SHORT_BREAK(false),
        SHARED_LIVES(false),
        HOLIDAY_ACCOMMODATION(false),
        OWN_HOME(false);

        private final boolean counts;

        Setting(boolean counts) {
            this.counts = counts;
        }
    }
}
