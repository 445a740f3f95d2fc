package uk.directpayments.ledger.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.intake.StatementEvent.LineMatched;
import uk.directpayments.ledger.intake.StatementEvent.LinesProcessed;
import uk.directpayments.ledger.intake.StatementEvent.Result;
import uk.directpayments.ledger.intake.StatementEvent.StatementFinished;
import uk.directpayments.ledger.intake.StatementEvent.StatementReceived;
import uk.directpayments.ledger.platform.EventMeter;
import uk.directpayments.ledger.platform.MeterNames;

/** Counts statements and what became of their lines. A line explained later counts twice: as unmatched, and as matched later. */
@Component
class StatementMeter implements EventMeter {

    private final Counter received;
    private final Counter finished;
    private final Counter[] lines = new Counter[Result.values().length];
    private final Counter matchedLater;

    StatementMeter(MeterRegistry registry) {
        received = statements(registry, "received");
        finished = statements(registry, "finished");
        for (Result result : Result.values()) {
            lines[result.ordinal()] = lines(registry, result.name().toLowerCase(Locale.ROOT));
        }
        matchedLater = lines(registry, "matched_later");
    }

    private static Counter statements(MeterRegistry registry, String state) {
        return Counter.builder(MeterNames.STATEMENTS)
                .description("Statement files by state")
                .tag("state", state)
                .register(registry);
    }

    private static Counter lines(MeterRegistry registry, String outcome) {
        return Counter.builder(MeterNames.STATEMENT_LINES)
                .description("Lines of statements by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public void count(Object event) {
        if (event instanceof StatementReceived) {
            received.increment();
        } else if (event instanceof LinesProcessed e) {
            e.outcomes().forEach(line -> lines[line.result().ordinal()].increment());
        } else if (event instanceof LineMatched) {
            matchedLater.increment();
        } else if (event instanceof StatementFinished) {
            finished.increment();
        }
    }
}
