package uk.directpayments.ledger.payout;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.PostingDates;
import uk.directpayments.ledger.account.SealedPeriods;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.NodesLock;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Positions;
import uk.directpayments.ledger.platform.Streams;
import uk.directpayments.ledger.platform.View;

/**
 * Keeps the council's own acts out of sealed periods, also those under way while a period is being sealed. A month that has not ended cannot be sealed,
 * so acts of this month and later need no lock; an earlier one holds a lock with others of its kind, and sealing holds it alone. Whether a
 * period is sealed is asked of its stream, which is never behind.
 */
@Component
class Periods implements SealedPeriods {

    private static final long KEY = 0x506572696F647321L;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PeriodRegister register;
    private final Commands commands;
    private final Positions positions;
    private final Streams streams;
    private final Clock clock;
    private final NodesLock lock;

    Periods(
            PeriodRegister register,
            Commands commands,
            Positions positions,
            Streams streams,
            Clock clock,
            DataSource database) {
        this.register = register;
        this.commands = commands;
        this.positions = positions;
        this.streams = streams;
        this.clock = clock;
        this.lock = new NodesLock(database, KEY, "A period is being sealed. Please repeat the request in a while.");
    }

    @Override
    public Outcome act(LocalDate on, Call call, Supplier<Outcome> act) {
        LocalDate today = BusinessDay.today(clock);
        YearMonth period = YearMonth.from(on);
        if (!period.isBefore(YearMonth.from(today))) {
            return act.get();
        }
        return lock.withOthers(PATIENCE, () -> {
            if (streams.lastSequence(AccountingPeriod.streamOf(period)) >= 0) {
                return commands.refuse(
                        new RuleBroken(
                                "PERIOD_SEALED",
                                "The books of " + period + " are closed: nothing of the council's own is dated there."),
                        call);
            }
            return act.get();
        });
    }

    /** @throws RuleBroken {@code PERIOD_SEALED}, {@code PERIOD_NOT_ENDED}, {@code BUSY} */
    Outcome seal(YearMonth period, Call call) {
        return lock.alone(PATIENCE, () -> {
            long head = positions.head();
            return commands.send(
                    new AccountingPeriod.SealPeriod(
                            period,
                            head,
                            positions.fingerprint(head),
                            call.actor().userId(),
                            BusinessDay.today(clock)),
                    call);
        });
    }

    /** The sealed periods, and the last position of the log when each was sealed, see {@link PeriodEvent.PeriodSealed}. */
    Map<YearMonth, Long> lastPositions(View view) {
        return register.lastPositions(view);
    }

    @Override
    public PostingDates postingDates(View view) {
        return new PostingDates(register.sealed(view));
    }
}
