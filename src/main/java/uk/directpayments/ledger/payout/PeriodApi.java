package uk.directpayments.ledger.payout;

import jakarta.validation.Valid;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.payout.PeriodEvent.PeriodSealed;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Nothing;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Tells;

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

    /** @param lastPosition of the log, when the period was sealed */
    record Sealed(String period, long lastPosition) {}

    /** The months that are sealed, from the first. */
    @Tells(Tells.Of.NOBODY)
    @GetMapping
    Page<Sealed> sealed(Paging paging) {
        String after = paging.after();
        List<Sealed> some = periods.lastPositions(paging.view()).entrySet().stream()
                .map(one -> new Sealed(one.getKey().toString(), one.getValue()))
                .sorted(Comparator.comparing(Sealed::period))
                .filter(one -> after == null || one.period().compareTo(after) > 0)
                .limit(paging.fetch())
                .toList();
        return paging.page(some, Sealed::period);
    }

    @PostMapping("/{period}/seal")
    ResponseEntity<SealedPeriod> seal(@PathVariable String period, @Valid @RequestBody Nothing body, Call call) {
        Outcome outcome = periods.seal(month(period), call);
        PeriodSealed sealed = outcome.event(PeriodSealed.class);
        return Answers.ok(
                outcome, new SealedPeriod(sealed.period().toString(), sealed.lastPosition(), sealed.lastEventHash()));
    }

    private static YearMonth month(String period) {
        try {
            YearMonth month = YearMonth.parse(period);
            if (BusinessDay.isOfYear(month.getYear())) {
                return month;
            }
        } catch (DateTimeParseException e) {
            // no month: refused below
        }
        throw new RuleBroken("FIELD_INVALID", "must be a month like 2025-04, of the years 1900 to 2200", "period");
    }
}
