package uk.directpayments.ledger.payout;

import java.time.LocalDate;
import java.time.YearMonth;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.payout.PeriodEvent.PeriodSealed;
import uk.directpayments.ledger.platform.LedgerCommand;
import uk.directpayments.ledger.platform.LedgerStream;

/** A calendar month of the council's books: open, until somebody seals it for ever. Rulebook 7.8. */
@Aggregate(cache = "streamCache")
@EventName("snapshot.period")
class AccountingPeriod extends LedgerStream<PeriodEvent> {

    private boolean done;

    /** Refused: {@code PERIOD_SEALED}, {@code PERIOD_NOT_ENDED}. */
    record SealPeriod(YearMonth period, long lastPosition, String lastEventHash, String by, LocalDate today)
            implements LedgerCommand {

        @Override
        public String streamId() {
            return streamOf(period);
        }
    }

    /** Has events once the period is sealed. */
    static String streamOf(YearMonth period) {
        return "period/" + period;
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(SealPeriod c) {
        if (done) {
            throw new RuleBroken("PERIOD_SEALED", "The period " + c.period() + " has been sealed already.");
        }
        if (!c.period().atEndOfMonth().isBefore(c.today())) {
            throw new RuleBroken("PERIOD_NOT_ENDED", "The period " + c.period() + " has not ended.");
        }
        record(new PeriodSealed(c.period(), c.lastPosition(), c.lastEventHash(), c.by()), c.today());
    }

    @Override
    protected void evolve(PeriodEvent event, long sequence) {
        done = true;
    }

    @Override
    protected @Nullable String personId() {
        return null;
    }
}
