package uk.directpayments.ledger.payout;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.payout.RunEvent.Item;
import uk.directpayments.ledger.payout.RunEvent.Originator;
import uk.directpayments.ledger.payout.RunEvent.Outcome;
import uk.directpayments.ledger.payout.RunEvent.Rejection;
import uk.directpayments.ledger.platform.LedgerCommand;

/** What may be asked of a payment run: rulebook 7.5. {@code today} is the business day on which it is asked. */
sealed interface RunCommand extends LedgerCommand {

    String runId();

    @Override
    default String streamId() {
        return "run/" + runId();
    }

    /**
     * Refused: {@code ID_ALREADY_USED}, {@code PAY_DATE_NOT_WORKING_DAY}, {@code EMPTY_RUN}.
     *
     * @param items   in the order of their numbers, from 1
     * @param knownTo the position at which they were due and in no other run
     */
    record CreateRun(
            String runId,
            LocalDate cutOff,
            LocalDate payDate,
            Originator originator,
            List<Item> items,
            long knownTo,
            String by,
            LocalDate today)
            implements RunCommand {}

    /** Refused: {@code RUN_LOCKED}, {@code ALREADY_HELD}, {@code REASONS_REQUIRED}. */
    record HoldItem(String runId, int number, @Nullable Sealed reason, LocalDate today) implements RunCommand {}

    /** Refused: {@code RUN_LOCKED}, {@code NOT_HELD}, {@code NO_BANK_DETAILS}. */
    record ReleaseItem(String runId, int number, LocalDate today) implements RunCommand {}

    /**
     * Refused: {@code SEPARATION_OF_DUTIES}, {@code RUN_LOCKED}, {@code EMPTY_RUN}, {@code CONTROL_TOTAL_MISMATCH}.
     *
     * @param total what the approver saw, or null if they did not say
     */
    record ApproveRun(
            String runId, @Nullable Money total, @Nullable Integer count, String by, LocalDate today)
            implements RunCommand {}

    /** From the automation. Changes nothing if these items have been dealt with. */
    record RecordIssued(String runId, List<Outcome> outcomes, LocalDate today) implements RunCommand {}

    /** From the automation. Changes nothing the second time. Refused: {@code CONTROL_TOTAL_MISMATCH}. */
    record RecordFile(String runId, FileFormat format, String sha256, Money controlTotal, int count, LocalDate today)
            implements RunCommand {}

    /**
     * Refused: {@code RUN_NOT_APPROVED}, {@code RUN_LOCKED}, {@code BUSY}, {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_START}, {@code CUT_OFF_PASSED}.
     *
     * @param approvedOn the business day of the run's approval, or null if nobody has approved it
     */
    record SubmitRun(
            String runId,
            LocalDate on,
            String channel,
            @Nullable LocalDate approvedOn,
            LocalDate today) implements RunCommand {}

    /** Refused: {@code RUN_NOT_SUBMITTED}, {@code RUN_LOCKED}, {@code PAYMENT_NOT_FOUND}, {@code ALREADY_RETURNED}. */
    record RecordRejections(String runId, List<Rejection> rejections, LocalDate today) implements RunCommand {}

    /**
     * Refused: {@code RUN_LOCKED}, {@code RUN_NOT_SUBMITTED}, {@code BUSY}.
     *
     * @param reasonCode with which the payments of an approved run are given back that never went to the bank and no longer can; null if none are
     */
    record CloseRun(String runId, @Nullable String reasonCode, LocalDate today) implements RunCommand {}
}
