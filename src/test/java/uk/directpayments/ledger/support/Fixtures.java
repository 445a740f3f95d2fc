package uk.directpayments.ledger.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.axonframework.test.matchers.Matchers.matches;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.LedgerCommand;
import uk.directpayments.ledger.platform.LedgerStream;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Streams;

/**
 * Axon's aggregate fixture in the ledger's words: {@code Fixtures.of(Budget.class).given(requested).when(refuse).refuses("REASONS_REQUIRED")}.
 * The stream that the aggregate may read is exactly what was given.
 */
public final class Fixtures<T extends LedgerStream<?>> {

    private final Class<T> aggregate;
    private final List<Object> history;

    private Fixtures(Class<T> aggregate, List<Object> history) {
        this.aggregate = aggregate;
        this.history = history;
    }

    /** A stream without events. */
    public static <T extends LedgerStream<?>> Fixtures<T> of(Class<T> aggregate) {
        return new Fixtures<>(aggregate, List.of());
    }

    /** The same stream with more events. */
    public Fixtures<T> given(Object... events) {
        return new Fixtures<>(
                aggregate, Stream.concat(history.stream(), Stream.of(events)).toList());
    }

    public Verdict when(LedgerCommand command) {
        var fixture = new AggregateTestFixture<>(aggregate);
        fixture.registerInjectableResource(new GivenStream(command.streamId(), history));
        fixture.registerInjectableResource(Clock.systemUTC());
        // A refused first command leaves an aggregate without events, which the fixture would take for a deleted one.
        fixture.setReportIllegalStateChange(!history.isEmpty());
        var given = history.isEmpty() ? fixture.givenNoPriorActivity() : fixture.given(history);
        return new Verdict(given.when(command));
    }

    /** What came of the command. */
    public static final class Verdict {

        private final ResultValidator<?> result;

        private Verdict(ResultValidator<?> result) {
            this.result = result;
        }

        /** Refused with this code, in words, and nothing was recorded. */
        public void refuses(String code) {
            expect(outcome -> {
                RuleBroken refusal = outcome.refusal();
                assertThat(refusal).as("accepted: " + outcome.events()).isNotNull();
                assertThat(refusal.code()).as(refusal.words()).isEqualTo(code);
                assertThat(refusal.words()).matches("[A-Z].+\\.");
            });
            result.expectNoEvents();
        }

        /** Accepted; exactly these events were recorded, and answered. */
        public Verdict records(Object... events) {
            expect(outcome -> {
                assertThat(outcome.refusal()).isNull();
                assertThat(outcome.events()).containsExactly(events);
            });
            result.expectEvents(events);
            return this;
        }

        /** The business day in the metadata of what was recorded. */
        public Verdict occurredOn(LocalDate day) {
            result.expectEventsMatching(matches((List<EventMessage<?>> events) -> {
                assertThat(events)
                        .isNotEmpty()
                        .allSatisfy(
                                event -> assertThat(event.getMetaData()).containsEntry("occurredOn", day.toString()));
                return true;
            }));
            return this;
        }

        /** Accepted, though there was nothing to record. */
        public void recordsNothing() {
            records();
        }

        private void expect(Consumer<Outcome> that) {
            result.expectResultMessagePayloadMatching(matches((Outcome outcome) -> {
                that.accept(outcome);
                return true;
            }));
        }
    }

    private record GivenStream(String streamId, List<Object> events) implements Streams {

        @Override
        public List<Object> read(String stream, long firstSequence, int count) {
            assertThat(stream).isEqualTo(streamId);
            return events.subList((int) firstSequence, (int) firstSequence + count);
        }

        @Override
        public long lastSequence(String stream) {
            assertThat(stream).isEqualTo(streamId);
            return events.size() - 1L;
        }
    }
}
