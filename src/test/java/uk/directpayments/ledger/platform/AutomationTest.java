package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import uk.directpayments.trial.TrialCommand;
import uk.directpayments.trial.TrialEcho;

class AutomationTest extends TrialTest {

    @Autowired
    MeterRegistry meters;

    private String openWithEcho(String kind) {
        String id = open(kind);
        String echo = "echo-of-" + id;
        commands.send(new TrialCommand.Open(echo, id), plain());
        return id;
    }

    @Test
    void aWriteThatFeedsAnAutomationAnswersOnceThatHasPassed() {
        String id = openWithEcho("settle");
        for (int i = 1; i <= 10; i++) {
            Outcome outcome = commands.sendAndSettle(new TrialCommand.Count(id, TrialEcho.ECHOED), plain());
            assertThat(eventsOf("echo-of-" + id)).isEqualTo(1 + i);
            assertThat(outcome.position()).isGreaterThanOrEqualTo(log.head());
        }
        assertThat(TrialEcho.insideAUnitOfWork).isFalse();
        assertThat(jdbc.sql(
                                "SELECT metadata::jsonb ->> 'causation' IS NOT NULL AND metadata::jsonb ->> 'correlation' = 'correlation'"
                                        + " AND metadata::jsonb ->> 'role' = 'LEDGER' FROM event_log WHERE stream_id = :s AND sequence = 5")
                        .param("s", "trial/echo-of-" + id)
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void theSameEventAnsweredAgainChangesNothing() {
        String id = openWithEcho("again");
        commands.sendAndSettle(new TrialCommand.Count(id, TrialEcho.ECHOED), plain());
        long events = eventsOf("echo-of-" + id);
        long position = log.head() - 1;
        assertThat(jdbc.sql("SELECT stream_id FROM event_log WHERE position = :p")
                        .param("p", position)
                        .query(String.class)
                        .single())
                .isEqualTo("trial/" + id);
        parked.park("trial-echo", id, position, "Counted", "asked for once more");
        assertThat(processors.drain("trial-echo")).isEqualTo(1);
        assertThat(eventsOf("echo-of-" + id)).isEqualTo(events);
    }

    @Test
    void aRefusalIsKeptAndCountedAndTheAutomationGoesOn() {
        String id = openWithEcho("refused");
        double before = refusals();
        commands.sendAndSettle(new TrialCommand.Count(id, TrialEcho.REFUSED, TrialEcho.ECHOED), plain());
        assertThat(refusals()).isEqualTo(before + 1);
        assertThat(jdbc.sql("SELECT code || ' ' || words FROM automation_refusal WHERE target = :t")
                        .param("t", "trial/echo-of-" + id)
                        .query(String.class)
                        .single())
                .isEqualTo("TOO_SMALL Not below zero.");
        assertThat(eventsOf("echo-of-" + id)).isEqualTo(2);
        assertThat(parked.counts()).doesNotContainKey("trial-echo");
    }

    @Test
    void aTechnicalErrorParksByPersonAndIsDrained() {
        TrialEcho.mended = false;
        String id = openWithEcho("broken");
        String other = openWithEcho("whole");
        commands.sendAndSettle(new TrialCommand.Count(id, TrialEcho.BROKEN), plain());
        commands.sendAndSettle(new TrialCommand.Count(id, TrialEcho.ECHOED), plain());
        commands.sendAndSettle(new TrialCommand.Count(other, TrialEcho.ECHOED), plain());
        assertThat(eventsOf("echo-of-" + id)).isEqualTo(1);
        assertThat(eventsOf("echo-of-" + other)).isEqualTo(2);
        assertThat(parked.letters("trial-echo", 10))
                .extracting(Parked.Letter::key)
                .containsExactly(id, id);

        assertThat(processors.drain("trial-echo")).isZero();
        TrialEcho.mended = true;
        // what it asks for is of the same person, so it may wait behind the letters, and is drained with them
        assertThat(processors.drain("trial-echo")).isBetween(2, 4);
        assertThat(eventsOf("echo-of-" + id)).isEqualTo(3);
        assertThat(parked.counts()).isEmpty();
    }

    /** As from another node, by way of Axon Server: the failure comes as an outcome. */
    @Test
    void aTechnicalErrorOfTheNodeThatDecidesIsNoRefusal() {
        TrialEcho.mended = false;
        String id = openWithEcho("elsewhere");
        commands.sendAndSettle(new TrialCommand.Count(id, TrialEcho.BROKEN_ELSEWHERE), plain());
        assertThat(eventsOf("echo-of-" + id)).isEqualTo(1);
        assertThat(jdbc.sql("SELECT count(*) FROM automation_refusal WHERE target = :t")
                        .param("t", "trial/echo-of-" + id)
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(parked.letters("trial-echo", 10))
                .extracting(Parked.Letter::key)
                .containsExactly(id);

        TrialEcho.mended = true;
        processors.drain("trial-echo");
        assertThat(eventsOf("echo-of-" + id)).isEqualTo(2);
        assertThat(parked.counts()).isEmpty();
    }

    @Test
    void aResetIsRefusedAndTheAutomationKeepsItsPlace() {
        open("reset");
        until("it has come to the end", () -> progress.reached("trial-echo") == log.head());
        assertThat(refusal(() -> processors.reset("trial-echo"))).isEqualTo("AUTOMATION_NOT_REPLAYED");
        assertThat(progress.reached("trial-echo")).isEqualTo(log.head());
        assertThat(processors.troubled()).isEmpty();
    }

    private double refusals() {
        return meters.counter("ledger.automation.refused", "automation", "trial-echo", "code", "TOO_SMALL")
                .count();
    }
}
