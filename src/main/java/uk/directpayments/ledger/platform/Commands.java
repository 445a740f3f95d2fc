package uk.directpayments.ledger.platform;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.NoHandlerForCommandException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.caching.Cache;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Sends commands: the one way into the ledger. Signs them with who asks, decides a lost race again, and answers with the position
 * that a read must have reached to see the effect.
 */
@Component
public class Commands {

    private static final Logger logger = LoggerFactory.getLogger(Commands.class);

    /** How often a command that lost a race is decided again before the answer is {@code BUSY}. */
    static final int ATTEMPTS = 10;

    /** How long a command waits for a node that decides it. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long PAUSE_NANOS = 50_000_000;

    private final CommandGateway gateway;
    private final EventLog log;
    private final IdempotencyKeys keys;
    private final Progress progress;
    private final Meters meters;
    private final Traces traces;
    private final Cache streams;

    Commands(
            CommandGateway gateway,
            EventLog log,
            IdempotencyKeys keys,
            Progress progress,
            Meters meters,
            Traces traces,
            Cache streams) {
        this.traces = traces;
        this.streams = streams;
        this.meters = meters;
        this.progress = progress;
        this.gateway = gateway;
        this.log = log;
        this.keys = keys;
    }

    /**
     * Sends a command and waits until it is decided and durable.
     *
     * @throws RuleBroken the refusal; {@code NOT_FOUND} if the stream must exist and does not; {@code BUSY};
     *     {@code OUTCOME_UNKNOWN} if the database or Axon Server was lost meanwhile
     */
    public Outcome send(LedgerCommand command, Call call) {
        return send(command, call, null);
    }

    /**
     * As {@link #send(LedgerCommand, Call)}, for what feeds an automation: answers once that has passed, so that the next command
     * sees its effect, on whichever aggregate.
     */
    public Outcome sendAndSettle(LedgerCommand command, Call call) {
        Outcome outcome = send(command, call, null);
        try {
            progress.awaitAutomations(outcome.position());
            return outcome.at(log.head());
        } catch (RuntimeException e) {
            // It is stored, but what follows from it cannot be seen just now.
            boolean late = e instanceof RuleBroken refusal && refusal.code().equals("POSITION_NOT_REACHED");
            throw late || Outage.is(e) ? Outage.outcomeUnknown() : e;
        }
    }

    /**
     * As {@link #sendAndSettle(LedgerCommand, Call)}, for what no other command rests on: what follows from it is waited for as long as anybody waits, and
     * goes on behind the answer if it takes longer.
     */
    public Outcome sendAndFollow(LedgerCommand command, Call call) {
        Outcome outcome = send(command, call, null);
        try {
            return progress.followed(outcome.position()) ? outcome.at(log.head()) : outcome;
        } catch (RuntimeException e) {
            throw Outage.is(e) ? Outage.outcomeUnknown() : e;
        }
    }

    /**
     * Refuses what an Api already knows cannot be; but the repeat of an accepted request is answered as it was.
     *
     * @throws RuleBroken the refusal; {@code IDEMPOTENCY_KEY_REUSED}
     */
    public Outcome refuse(RuleBroken refusal, Call call) {
        Outcome earlier = keys.answered(call);
        return settled(earlier == null ? Outcome.refused(refusal) : earlier);
    }

    /** As {@link #send(LedgerCommand, Call)}, for an automation: {@code causation} is the event that it answers. */
    public Outcome send(LedgerCommand command, Call call, @Nullable String causation) {
        try (Carried.Line ignored = Carried.line(call.correlationId());
                Traces.Step step = traces.command(command, call)) {
            long sent = System.nanoTime();
            Outcome outcome;
            try {
                outcome = outcomeOf(command, call, causation);
            } catch (RuleBroken refusal) {
                outcome = Outcome.refused(refusal);
            } catch (RuntimeException e) {
                meters.failed(command);
                step.failed(e);
                throw e;
            }
            meters.decided(command, outcome, System.nanoTime() - sent);
            step.decided(outcome);
            logger.debug(
                    "{} on {}: {}",
                    command.getClass().getSimpleName(),
                    command.streamId(),
                    outcome.refusal() == null
                            ? Meters.Result.of(outcome)
                            : outcome.refusal().code());
            return settled(outcome);
        }
    }

    private Outcome outcomeOf(LedgerCommand command, Call call, @Nullable String causation) {
        CommandMessage<?> message =
                GenericCommandMessage.asCommandMessage(command).withMetaData(MetaData.from(metadata(call, causation)));
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Outcome outcome = decide(message);
            if (outcome == null || outcome.events().isEmpty()) {
                // A lost race, a refusal, nothing to record: perhaps because the key is spent and the stream does not
                // remember it.
                Outcome earlier = keys.answered(call);
                outcome = earlier != null ? earlier : outcome;
            }
            if (outcome != null) {
                return outcome;
            }
        }
        meters.gaveUp();
        throw new RuleBroken(
                "BUSY", "Others are writing to the same stream at this moment. Please repeat the request.");
    }

    /** Null if the race was lost: another write to the stream, or under the same key, came first. */
    private @Nullable Outcome decide(CommandMessage<?> message) {
        Outcome outcome;
        try {
            outcome = log.durable(() -> sendToSomebody(message));
        } catch (RuntimeException e) {
            // The state that was decided on, or led to, may never have been.
            streams.remove(((LedgerCommand) message.getPayload()).streamId());
            outcome = Outcome.of(e);
        }
        RuleBroken refusal = outcome.refusal();
        if (refusal != null && outcome.isOpen()) {
            throw refusal;
        }
        return outcome.isLostRace() ? null : outcome;
    }

    /** Axon Server knows of no node that decides commands until they have told it so, after a start of theirs or of its own. */
    private Outcome sendToSomebody(CommandMessage<?> message) {
        log.requireOpen();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return gateway.sendAndWait(message);
            } catch (NoHandlerForCommandException nobody) {
                if (!log.isRouted()) {
                    throw nobody;
                }
                if (System.nanoTime() > deadline) {
                    return Outcome.refused(Outage.busy());
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private Outcome settled(Outcome outcome) {
        RuleBroken refusal = outcome.refusal();
        if (refusal != null) {
            throw refusal;
        }
        // What this node has just written it knows to be durable; of other nodes' writes the log has to be asked.
        boolean own = !outcome.replayed() && !outcome.events().isEmpty();
        try {
            return outcome.at(own ? log.settledHere() : log.settled());
        } catch (RuntimeException e) {
            // It is recorded, and cannot be read just now.
            throw own && Outage.is(e) ? Outage.outcomeUnknown() : e;
        }
    }

    private Map<String, String> metadata(Call call, @Nullable String causation) {
        Map<String, String> metadata = new HashMap<>();
        metadata.put(Metadata.ACTOR, call.actor().userId());
        metadata.put(Metadata.ROLE, call.actor().role().name());
        metadata.put(Metadata.CORRELATION, call.correlationId());
        if (causation != null) {
            metadata.put(Metadata.CAUSATION, causation);
        }
        String here = traces.here();
        if (here != null) {
            metadata.put(Metadata.TRACE, here);
        }
        if (call.idempotencyHash() != null) {
            metadata.put(Metadata.IDEMPOTENCY, call.idempotencyHash());
            metadata.put(Metadata.REQUEST, call.requestHash());
        }
        return metadata;
    }
}
