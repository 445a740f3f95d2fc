package uk.directpayments.ledger.payout;

import java.time.YearMonth;
import uk.directpayments.ledger.kernel.EventName;

/** What has happened to an accounting period: a calendar month. Rulebook 7.8. */
sealed interface PeriodEvent {

    /**
     * A period's books are closed.
     *
     * @param lastPosition  of the log, when it was sealed
     * @param lastEventHash SHA-256 of the event there, 64 hexadecimal digits: see {@link uk.directpayments.ledger.platform.Positions#fingerprint}
     */
    @EventName("period.sealed")
    record PeriodSealed(YearMonth period, long lastPosition, String lastEventHash, String sealedBy)
            implements PeriodEvent {}
}
