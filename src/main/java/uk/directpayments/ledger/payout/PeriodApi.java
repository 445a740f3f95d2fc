package uk.directpayments.ledger.payout;

import jakarta.validation.Valid;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.payout.PeriodEvent.PeriodSealed;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Nothing;
import uk.directpayments.ledger.platform.Outcome;

/** {@code /periods}: months of the council's books. */
@RestController
@RequestMapping("/api/v1/periods")
class PeriodApi {

    private final Periods periods;

    PeriodApi(Periods periods) {
        this.periods = periods;
    }

    /**
     * @param lastPosition  of the log, when the period was sealed
     * @param lastEventHash SHA-256 of the event there
     */
    record SealedPeriod(String period, long lastPosition, String lastEventHash) {}

    @PostMapping("/{period}/seal")
    ResponseEntity<SealedPeriod> seal(@PathVariable String period, @Valid @RequestBody Nothing body, Call call) {
        Outcome outcome = periods.seal(month(period), call);
        PeriodSealed sealed = outcome.event(PeriodSealed.class);
        return Answers.ok(
                outcome, new SealedPeriod(sealed.period().toString(), sealed.lastPosition(), sealed.lastEventHash()));
    }

    private static YearMonth month(String period) {
        try {
            return YearMonth.parse(period);
        } catch (DateTimeParseException e) {
            throw new RuleBroken("FIELD_INVALID", "must be a month like 2025-04", "period");
        }
    }
}
