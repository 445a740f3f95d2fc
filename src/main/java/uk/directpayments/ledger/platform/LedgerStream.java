package uk.directpayments.ledger.platform;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * What every aggregate of the ledger has in common: it records events with the ledger's metadata, answers a repeated
 * idempotency key with what it recorded the first time, and turns a broken rule into a refusal.
 *
 * @param <E> the aggregate's sealed event interface
 */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE,
        setterVisibility = Visibility.NONE)
public abstract class LedgerStream<E> {

    @AggregateIdentifier
    private @Nullable String streamId;

    private final Answered answered = new Answered();

    private transient @Nullable List<Object> recorded;

    /** The newest event that was decided in memory, and has perhaps not been written yet; null of a state that was read. */
    private transient @Nullable String lastDecided;

    /** Changes the state by one event: no decisions, no refusals. */
    protected abstract void evolve(E event, long sequence);

    /** The person whose budget this is, once known: stands in every event's metadata. */
    protected abstract @Nullable String personId();

    /** The payment account, if this stream is one's. */
    protected @Nullable String accountId() {
        return null;
    }

    /** Records an event that happened on a business day. */
    protected final void record(E event, LocalDate occurredOn) {
        record(event, occurredOn, personId(), accountId());
    }

    /** Records an event whose decision used a version of the council's policy. */
    protected final void record(E event, LocalDate occurredOn, String policyVersion) {
        record(event, occurredOn, personId(), accountId(), policyVersion);
    }

    /** Records the first event of a stream, which alone knows whom and what the stream concerns. */
    protected final void record(E event, LocalDate occurredOn, @Nullable String personId, @Nullable String accountId) {
        record(event, occurredOn, personId, accountId, null);
    }

    /** Records an event that names whom and what it concerns, and the version of the policy that its decision used. */
    protected final void record(
            E event,
            LocalDate occurredOn,
            @Nullable String personId,
            @Nullable String accountId,
            @Nullable String policyVersion) {
        append(event, occurredOn, personId, accountId, policyVersion);
    }

    private void append(
            Object event,
            LocalDate occurredOn,
            @Nullable String personId,
            @Nullable String accountId,
            @Nullable String policyVersion) {
        Map<String, String> metadata = new HashMap<>();
        metadata.put(Metadata.OCCURRED_ON, occurredOn.toString());
        if (personId != null) {
            metadata.put(Metadata.PERSON_ID, personId);
        }
        if (accountId != null) {
            metadata.put(Metadata.ACCOUNT_ID, accountId);
        }
        if (policyVersion != null) {
            metadata.put(Metadata.POLICY_VERSION, policyVersion);
        }
        if (recorded != null) {
            recorded.add(event);
        }
        AggregateLifecycle.apply(event, MetaData.from(metadata));
    }

    @CommandHandlerInterceptor
    Object decide(CommandMessage<?> command, InterceptorChain chain, Streams streams, Clock clock) throws Exception {
        if (streamId == null) {
            streamId = ((LedgerCommand) command.getPayload()).streamId();
        }
        if (lastDecided != null) {
            EventLog.decidingOn(streamId, lastDecided);
        }
        recorded = new ArrayList<>();
        try {
            Outcome earlier = answeredBefore(command.getMetaData(), streams);
            if (earlier == null) {
                chain.proceed();
                if (recorded.isEmpty() && hasKeyOfSomebody(command.getMetaData())) {
                    append(new RequestEvent.ChangedNothing(), BusinessDay.today(clock), personId(), accountId(), null);
                } else if (recorded.isEmpty()) {
                    confirm(streams);
                }
                return Outcome.recorded(recorded);
            }
            confirm(streams);
            return earlier;
        } catch (RuleBroken refusal) {
            if (!recorded.isEmpty()) {
                throw new IllegalStateException("a rule was broken after an event had been recorded", refusal);
            }
            confirm(streams);
            return Outcome.refused(refusal);
        } finally {
            recorded = null;
        }
    }

    /** A key of the ledger's own is made of what it asks for: nobody uses it again for something else. */
    private static boolean hasKeyOfSomebody(MetaData metadata) {
        return metadata.get(Metadata.IDEMPOTENCY) != null
                && !Actor.Role.LEDGER.name().equals(metadata.get(Metadata.ROLE));
    }

    private @Nullable Outcome answeredBefore(MetaData metadata, Streams streams) {
        String key = (String) metadata.get(Metadata.IDEMPOTENCY);
        Answered.Answer answer = key == null ? null : answered.find(key);
        if (answer == null || streamId == null) {
            return null;
        }
        if (!answer.request().equals(metadata.get(Metadata.REQUEST))) {
            throw Answered.keyReused();
        }
        return Outcome.repeated(streams.read(streamId, answer.firstSequence(), answer.events()));
    }

    /** What adds nothing to the stream, decided from a cached aggregate, must not rest on a state that another node has moved on. */
    private void confirm(Streams streams) {
        Long version = AggregateLifecycle.getVersion();
        if (streamId != null && streams.lastSequence(streamId) != (version == null ? -1 : version)) {
            throw new StaleStream();
        }
    }

    @EventSourcingHandler
    @SuppressWarnings("unchecked")
    void on(Object event, DomainEventMessage<?> message) {
        if (event instanceof LedgerStream) {
            // A snapshot: it has become this state already.
            return;
        }
        if (streamId == null) {
            streamId = message.getAggregateIdentifier();
        }
        if (recorded != null) {
            lastDecided = message.getIdentifier();
        }
        Object key = message.getMetaData().get(Metadata.IDEMPOTENCY);
        if (key != null) {
            answered.remember(
                    (String) key,
                    String.valueOf(message.getMetaData().get(Metadata.REQUEST)),
                    message.getSequenceNumber());
        }
        if (!(event instanceof RequestEvent)) {
            evolve((E) event, message.getSequenceNumber());
        }
    }

    /** The cached aggregate is older than the log: it is dropped and the command decided again. */
    static final class StaleStream extends RuntimeException {
        StaleStream() {
            super("the cached stream is older than the log", null, false, false);
        }
    }
}
