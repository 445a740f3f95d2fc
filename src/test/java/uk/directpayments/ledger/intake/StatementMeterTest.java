package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.intake.StatementEvent.LineMatched;
import uk.directpayments.ledger.intake.StatementEvent.LineOutcome;
import uk.directpayments.ledger.intake.StatementEvent.LinesProcessed;
import uk.directpayments.ledger.intake.StatementEvent.Result;
import uk.directpayments.ledger.intake.StatementEvent.StatementFinished;
import uk.directpayments.ledger.intake.StatementEvent.StatementReceived;
import uk.directpayments.ledger.intake.StatementEvent.Totals;
import uk.directpayments.ledger.platform.MeterNames;

class StatementMeterTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final StatementMeter meter = new StatementMeter(registry);

    private double count(String name, String label, String value) {
        return registry.get(name).tag(label, value).counter().count();
    }

    private static LineOutcome line(int number, Result result) {
        return new LineOutcome(number, null, null, result, null, null, null, null, null, null);
    }

    @Test
    void filesAndLinesAreCountedByWhatBecameOfThem() {
        meter.count(new StatementReceived("S1", "card-feed", "0".repeat(64), 10, 3, null, 0));
        meter.count(new LinesProcessed(
                List.of(line(1, Result.RECORDED), line(2, Result.UNMATCHED), line(3, Result.UNMATCHED))));
        assertThat(count(MeterNames.STATEMENTS, "state", "finished")).isZero();
        meter.count(new StatementFinished(Totals.NONE));
        meter.count(new LineMatched(2, Result.MATCHED, "T1"));
        meter.count("an event of another room");

        assertThat(count(MeterNames.STATEMENTS, "state", "received")).isEqualTo(1);
        assertThat(count(MeterNames.STATEMENTS, "state", "finished")).isEqualTo(1);
        assertThat(count(MeterNames.STATEMENT_LINES, "outcome", "recorded")).isEqualTo(1);
        assertThat(count(MeterNames.STATEMENT_LINES, "outcome", "unmatched")).isEqualTo(2);
        assertThat(count(MeterNames.STATEMENT_LINES, "outcome", "matched")).isZero();
        assertThat(count(MeterNames.STATEMENT_LINES, "outcome", "matched_later"))
                .isEqualTo(1);
        assertThat(count(MeterNames.STATEMENT_LINES, "outcome", "rejected")).isZero();
    }
}
