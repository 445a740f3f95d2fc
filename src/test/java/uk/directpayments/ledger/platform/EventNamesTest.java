package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Status;
import uk.directpayments.trial.TrialCommand;
import uk.directpayments.trial.TrialEvent;

class EventNamesTest extends TrialTest {

    @Autowired
    EventNames names;

    @Autowired
    ProcessorsHealth health;

    @Test
    void everyMarkedClassOfTheApplicationHasItsName() {
        assertThat(names.all())
                .containsEntry("trial.counted.1", TrialEvent.Counted.class)
                .containsKeys("person.registered.1", "snapshot.person.1", "snapshot.trial.1");
    }

    @Test
    void twoClassesUnderOneNameAreRefused() {
        assertThatThrownBy(() -> EventNames.in(List.of("uk.directpayments.twins")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("share the stored name");
    }

    @Test
    void anEventThatThisVersionDoesNotKnowStopsStreamAndProcessorsUntilItDoes() {
        String id = open("unknown");
        count(id, 1, 2);
        long unknown = log.head();
        until("everything before is done", () -> progress.reached("trial-rows") == unknown);
        var before = at(unknown - 1);
        // as a newer version would have written it
        jdbc.sql("UPDATE event_log_head SET position = position + 1").update();
        jdbc.sql("""
                        INSERT INTO event_log (position, stream_id, sequence, stream_type, name, revision, event_id, payload, metadata, recorded_at)
                        SELECT position + 1, stream_id, sequence + 1, stream_type, 'trial.from-the-future', '1', 'future', payload, metadata,
                               recorded_at
                          FROM event_log WHERE position = :position""").param("position", unknown).update();
        cache.removeAll();

        assertThatThrownBy(() -> count(id, 3)).isInstanceOf(EventNames.UnknownEvent.class);
        until("readiness tells", () -> health.health().getStatus().equals(Status.DOWN));
        until(
                "nobody goes past it",
                () -> processors
                        .troubled()
                        .containsAll(List.of("trial-rows", "trial-states", "trial-log", "trial-echo")));
        until("everything before it is done", () -> progress.reached("trial-rows") == unknown);
        assertThat(refusal(() -> rows.total(id, now()))).isEqualTo("FIGURE_UNAVAILABLE");
        assertThat(rows.total(id, before)).isEqualTo(1);

        // as the newer version, back again, reads it
        jdbc.sql("UPDATE event_log SET name = 'trial.counted' WHERE event_id = 'future'")
                .update();
        until("readiness tells", () -> health.health().getStatus().equals(Status.UP));
        assertThat(rows.total(id, now())).isEqualTo(5);
        assertThat(commands.send(new TrialCommand.Count(id, 3), plain()).events())
                .hasSize(1);
    }
}
