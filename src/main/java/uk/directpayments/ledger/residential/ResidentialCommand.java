package uk.directpayments.ledger.residential;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.LedgerCommand;
import uk.directpayments.ledger.residential.ResidentialEvent.Particulars;
import uk.directpayments.ledger.residential.ResidentialEvent.Regime;

/**
 * What may be asked of the record of a person's stays. {@code today} is the business day on which it is asked, {@code policyVersion} the
 * version of the council's policy by which what is recorded is judged. Beside what each names,
 * whatever speaks of a stay is refused with {@code STAY_NOT_FOUND}, and what would change one with {@code STAY_ALREADY_VOIDED}.
 */
public sealed interface ResidentialCommand extends LedgerCommand {

    String personId();

    String policyVersion();

    @Override
    default String streamId() {
        return "residential/" + personId();
    }

    /**
     * Refused: {@code ID_ALREADY_USED}, {@code TOO_MANY_STAYS}, {@code STAY_ENDS_BEFORE_START}, {@code FIELD_INVALID} (longer than
     * {@link ResidentialRules#LONGEST_YEARS} years), {@code LIMIT_ACKNOWLEDGEMENT_REQUIRED}.
     *
     * @param eighteenOn see {@link DayCount.Question}
     * @param policy     by which the forecast is made
     */
    record PlanStay(
            String personId,
            Particulars stay,
            Stay.Facts facts,
            boolean acknowledgeLimit,
            LocalDate eighteenOn,
            ResidentialPolicy policy,
            LocalDate today)
            implements ResidentialCommand {

        @Override
        public String policyVersion() {
            return policy.version();
        }
    }

    /**
     * Refused: {@code ID_ALREADY_USED}, {@code TOO_MANY_STAYS}, {@code STAY_ENDS_BEFORE_START}, {@code ACTUAL_STAY_IN_FUTURE},
     * {@code FIELD_INVALID}. Never for a limit.
     */
    record RecordStay(String personId, Particulars stay, Stay.Facts facts, LocalDate today, String policyVersion)
            implements ResidentialCommand {}

    /**
     * Refused: {@code STAY_ALREADY_CONFIRMED}, {@code STAY_ENDS_BEFORE_START}, {@code ACTUAL_STAY_IN_FUTURE}, {@code FIELD_INVALID}.
     */
    record ConfirmStay(
            String personId,
            String stayId,
            LocalDate admitted,
            @Nullable LocalDate discharged,
            LocalDate today,
            String policyVersion)
            implements ResidentialCommand {}

    /**
     * Refused: {@code STAY_STILL_PLANNED}, {@code STAY_ALREADY_DISCHARGED}, {@code STAY_ENDS_BEFORE_START},
     * {@code ACTUAL_STAY_IN_FUTURE}, {@code FIELD_INVALID}.
     */
    record DischargeStay(String personId, String stayId, LocalDate discharged, LocalDate today, String policyVersion)
            implements ResidentialCommand {}

    /**
     * What is null stays as it is. Refused: {@code REASONS_REQUIRED}, {@code FIELD_INVALID} (nothing to amend; too long),
     * {@code STAY_ENDS_BEFORE_START}, {@code ACTUAL_STAY_IN_FUTURE}.
     */
    record AmendStay(
            String personId,
            String stayId,
            @Nullable LocalDate admitted,
            @Nullable LocalDate discharged,
            Stay.@Nullable Setting setting,
            @Nullable Boolean fundedByDirectPayment,
            @Nullable Sealed reason,
            LocalDate today,
            String policyVersion)
            implements ResidentialCommand {}

    /** Refused: {@code REASONS_REQUIRED}. */
    record VoidStay(
            String personId, String stayId, @Nullable Sealed reason, LocalDate today, String policyVersion)
            implements ResidentialCommand {}

    /** The account's owner is {@code personId}: whoever sends this has made sure of it. */
    record LinkPayment(
            String personId,
            String accountId,
            String expenditureId,
            String stayId,
            LocalDate today,
            String policyVersion)
            implements ResidentialCommand {}

    /** Refused: {@code REASONS_REQUIRED}. */
    record OverrideRegime(
            String personId,
            Regime regime,
            LocalDate until,
            @Nullable Sealed reason,
            LocalDate today,
            String policyVersion)
            implements ResidentialCommand {}

    /**
     * From the automation: a policy changes what has been judged before. Without a stay that began on one of these days it does nothing.
     *
     * @param until the first day that is not meant, or null: for good
     */
    record ReassessStays(
            String personId, LocalDate from, @Nullable LocalDate until, LocalDate today, String policyVersion)
            implements ResidentialCommand {}
}
