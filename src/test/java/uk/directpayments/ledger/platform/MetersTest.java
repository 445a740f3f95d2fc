package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.CannotCreateTransactionException;
import uk.directpayments.trial.TrialCommand;

class MetersTest extends TrialTest {

    @Autowired
    MeterRegistry registry;

    @Autowired
    Meters meters;

    @Autowired
    CommandBus bus;

    @Autowired
    ProcessorMeters processorMeters;

    private double commands(String command, String outcome) {
        return registry.get(MeterNames.COMMANDS)
                .tags("command", command, "outcome", outcome)
                .counter()
                .count();
    }

    private double events(String name) {
        return registry.get(MeterNames.EVENTS).tag("name", name).counter().count();
    }

    private double refusals(String code) {
        return registry.counter(MeterNames.REFUSALS, "code", code).count();
    }

    private long timed() {
        return registry.get(MeterNames.TIME_TO_DURABLE).timer().count();
    }

    @Test
    void whatIsRecordedIsCountedOnceHoweverOftenItIsSent() {
        String id = open("metered");
        Call call = keyed(freshKey());
        commands.send(new TrialCommand.Count(id, 1, 2, 3), call);
        double recorded = commands("Count", "recorded");
        double repeated = commands("Count", "repeated");
        double events = events("trial.counted");
        long timed = timed();

        commands.send(new TrialCommand.Count(id, 1, 2, 3), call);
        assertThat(commands("Count", "repeated")).isEqualTo(repeated + 1);
        assertThat(commands("Count", "recorded")).isEqualTo(recorded);
        assertThat(events("trial.counted")).isEqualTo(events);
        assertThat(timed()).isEqualTo(timed);

        count(id, 4, 5);
        assertThat(commands("Count", "recorded")).isEqualTo(recorded + 1);
        assertThat(events("trial.counted")).isEqualTo(events + 2);
        assertThat(timed()).isEqualTo(timed + 1);
    }

    @Test
    void aRefusalIsCountedByItsCode() {
        String id = open("metered");
        count(id, 1);
        double refused = commands("Count", "refused");
        double recorded = commands("Count", "recorded");
        double tooSmall = refusals("TOO_SMALL");
        double notFound = refusals("NOT_FOUND");
        assertThat(refusal(() -> count(id, -1))).isEqualTo("TOO_SMALL");
        assertThat(refusal(() -> count(fresh("nowhere"), 1))).isEqualTo("NOT_FOUND");
        assertThat(commands("Count", "refused")).isEqualTo(refused + 2);
        assertThat(refusals("TOO_SMALL")).isEqualTo(tooSmall + 1);
        assertThat(refusals("NOT_FOUND")).isEqualTo(notFound + 1);
        assertThat(commands("Count", "recorded")).isEqualTo(recorded);
    }

    @Test
    void aCommandThatChangesNothingAndOneThatFailsAreCountedAsSuch() {
        String id = open("metered");
        commands.send(new TrialCommand.CountOnce(id, 7), plain());
        double unchanged = commands("CountOnce", "unchanged");
        commands.send(new TrialCommand.CountOnce(id, 7), plain());
        assertThat(commands("CountOnce", "unchanged")).isEqualTo(unchanged + 1);

        LedgerCommand nobodyHandles = new Unheard("trial/" + id);
        assertThatThrownBy(() -> commands.send(nobodyHandles, plain())).isInstanceOf(RuntimeException.class);
        assertThat(commands("Unheard", "failed")).isEqualTo(1);

        double refused = commands("Count", "refused");
        double failed = commands("Count", "failed");
        assertThat(refusal(() -> count(id, TrialCommand.FAILING))).isEqualTo("INTERNAL");
        assertThat(commands("Count", "failed")).as("on the node that decides").isEqualTo(failed + 1);
        assertThat(commands("Count", "refused")).isEqualTo(refused);
    }

    private record Unheard(String streamId) implements LedgerCommand {}

    @Test
    void aCommandThatLosesEveryRaceIsCountedApartFromWhatIsBusyInAnOutage() {
        double streamsBusy = registry.get(MeterNames.STREAMS_BUSY).counter().count();
        double busy = refusals("BUSY");
        var others = bus.subscribe(Raced.class.getName(), command -> {
            throw new ConcurrencyException("another write came first");
        });
        try {
            assertThat(refusal(() -> commands.send(new Raced("trial/raced"), plain())))
                    .isEqualTo("BUSY");
        } finally {
            others.cancel();
        }
        assertThat(registry.get(MeterNames.STREAMS_BUSY).counter().count()).isEqualTo(streamsBusy + 1);

        var outage = bus.subscribe(Raced.class.getName(), command -> {
            throw new CannotCreateTransactionException("the database is away");
        });
        try {
            assertThat(refusal(() -> commands.send(new Raced("trial/raced"), plain())))
                    .isEqualTo("BUSY");
        } finally {
            outage.cancel();
        }
        assertThat(registry.get(MeterNames.STREAMS_BUSY).counter().count()).isEqualTo(streamsBusy + 1);
        assertThat(refusals("BUSY")).isEqualTo(busy + 2);
    }

    private record Raced(String streamId) implements LedgerCommand {}

    @Test
    void everyCommandAndEventOfTheLedgerStandsAtNoughtBeforeItsFirst() {
        for (String outcome : new String[] {"recorded", "repeated", "unchanged", "refused", "failed"}) {
            assertThat(commands("CloseAccount", outcome)).isZero();
        }
        assertThat(events("account.closed")).isZero();
        assertThat(registry.find(MeterNames.EVENTS)
                        .tag("name", "snapshot.account")
                        .counter())
                .isNull();
    }

    @Test
    void whatIsParkedAndWhatWaitsIsSeen() {
        String id = open("behind");
        progress.awaitAutomations(log.head());
        until(
                "all have come to the end",
                () -> processors.status().stream().allMatch(status -> status.position() == log.head()));
        assertThat(processorMeters.look().get("trial-echo")).isEqualTo(new ProcessorMeters.Reading(1, 0, 0, 0));

        long position = log.head();
        parked.park("trial-echo", id, position, "Opened", "to be seen");
        processors.stop();
        try {
            count(id, 1, 2);
            ProcessorMeters.Reading behind = processorMeters.look().get("trial-echo");
            assertThat(behind.running()).isZero();
            // what it had handled last may not have been stored before it stopped
            assertThat(behind.lagPositions()).isBetween(2.0, 10.0);
            assertThat(behind.lagSeconds()).isBetween(0.0, 60.0);
            assertThat(behind.parkedStreams()).isEqualTo(1);
        } finally {
            parked.release("trial-echo", id, position);
            processors.start();
        }
        assertThat(registry.get(MeterNames.LOG_POSITION).gauge().value()).isGreaterThanOrEqualTo(position + 2);
    }

    @Test
    void aDatabaseClockThatWasPutBackIsSeen() {
        processorMeters.look();
        assertThat(registry.get(MeterNames.LOG_AHEAD).gauge().value()).isLessThan(1);
        jdbc.sql("UPDATE event_log_head SET recorded_at = clock_timestamp() + interval '10 s'")
                .update();
        processorMeters.look();
        assertThat(registry.get(MeterNames.LOG_AHEAD).gauge().value()).isBetween(1.0, 10.0);
    }
}
