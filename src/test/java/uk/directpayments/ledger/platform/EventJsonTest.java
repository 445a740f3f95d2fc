package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.trial.TrialCommand;
import uk.directpayments.trial.TrialEvent;

/** The two serializers: of events under their catalogued names, of tokens. */
class EventJsonTest {

    private final EventJson events = new EventJson(EventNames.in(List.of("uk.directpayments.trial")));
    private final Serializer tokens = new AxonPlatform().serializer();

    @Test
    void eventsAreStoredUnderChosenNamesMoneyAsPounds() {
        SerializedObject<String> stored =
                events.serialize(new TrialEvent.Counted("1", 2, Money.ofPence(1_250)), String.class);
        assertThat(stored.getType().getName()).isEqualTo("trial.counted");
        assertThat(stored.getType().getRevision()).isEqualTo("1");
        assertThat(stored.getData()).isEqualTo("{\"id\":\"1\",\"number\":2,\"amount\":\"12.50\"}");
        assertThat(events.<String, Object>deserialize(stored))
                .isEqualTo(new TrialEvent.Counted("1", 2, Money.ofPence(1_250)));
    }

    @Test
    void absentFieldsStayAbsentAndSealedTextStaysSealed() {
        assertThat(events.serialize(new TrialEvent.Opened("1", "P", null), String.class)
                        .getData())
                .isEqualTo("{\"id\":\"1\",\"person\":\"P\"}");
        var opened = new TrialEvent.Opened("1", "P", new Sealed("c2VhbGVk"));
        SerializedObject<String> stored = events.serialize(opened, String.class);
        assertThat(stored.getData()).contains("\"note\":\"c2VhbGVk\"");
        assertThat(events.<String, Object>deserialize(stored)).isEqualTo(opened);
    }

    @Test
    void aFieldThatThisVersionDoesNotKnowIsRefused() {
        assertThatThrownBy(() -> events.deserialize(
                        text("{\"id\":\"1\",\"number\":2,\"amount\":\"1.00\",\"tax\":1}", "trial.counted", "1")))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void aNameOrRevisionOutsideTheCatalogueIsRefusedBothWays() {
        assertThatThrownBy(() -> events.deserialize(text("{}", "trial.unheard-of", "1")))
                .isInstanceOf(EventNames.UnknownEvent.class);
        assertThatThrownBy(() -> events.deserialize(text("{}", "trial.counted", "2")))
                .isInstanceOf(EventNames.UnknownEvent.class);
        assertThatThrownBy(() -> events.deserialize(text("{}", TrialEvent.Counted.class.getName(), null)))
                .isInstanceOf(EventNames.UnknownEvent.class);
        assertThatThrownBy(() -> events.serialize(new TrialCommand.Count("1", 1), String.class))
                .isInstanceOf(EventNames.UnknownEvent.class);
    }

    /** Jackson's own validator denies the Object that a replay token holds: the processor would never start again. */
    @Test
    void tokensOfAReplayAreReadAgain() {
        for (Object context : new Object[] {"why"}) {
            TrackingToken reset = ReplayToken.createReplayToken(new GlobalSequenceTrackingToken(9), null, context);
            SerializedObject<byte[]> stored = tokens.serialize(reset, byte[].class);
            TrackingToken read = tokens.deserialize(stored);
            assertThat(read).isEqualTo(reset);
            assertThat(EventLog.positionOf(read)).isZero();
            assertThat(EventLog.positionOf(((ReplayToken) read).advancedTo(new GlobalSequenceTrackingToken(3))))
                    .isEqualTo(4);
        }
    }

    @Test
    void plainTokensAreStoredAsPlainPositions() {
        assertThat(tokens.serialize(new GlobalSequenceTrackingToken(41), String.class)
                        .getData())
                .isEqualTo("{\"globalIndex\":41}");
    }

    private static SimpleSerializedObject<String> text(String json, String name, String revision) {
        return new SimpleSerializedObject<>(json, String.class, new SimpleSerializedType(name, revision));
    }
}
