package uk.directpayments.ledger.platform;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Counts commands and what they recorded. Axon's own metrics on this path cost a third of it; these cost a look into a map and an
 * addition. Every command, outcome and event known to the application stands at nought from the start, so that a first one is a rise.
 */
@Component
class Meters {

    private static final Logger logger = LoggerFactory.getLogger(Meters.class);

    /** The borders of the histogram of the time to durable. */
    static final Duration[] BORDERS = {
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    /** What came of a command. */
    enum Result {
        /** Events are durable. */
        RECORDED,
        /** An earlier command with the same key had recorded them. */
        REPEATED,
        /** It asked for what is so already. */
        UNCHANGED,
        /** A rule was broken, or {@code BUSY}: {@link MeterNames#REFUSALS} says which. */
        REFUSED,
        /** A technical error. */
        FAILED;

        static Result of(Outcome outcome) {
            if (outcome.isFailure()) {
                return FAILED;
            }
            if (outcome.refusal() != null) {
                return REFUSED;
            }
            if (outcome.replayed()) {
                return REPEATED;
            }
            return outcome.changedNothing() ? UNCHANGED : RECORDED;
        }
    }

    private final MeterRegistry registry;
    private final EventNames names;
    private final List<EventMeter> ofRooms;
    private final Map<Class<?>, Counter[]> commands = new ConcurrentHashMap<>();
    private final Map<Class<?>, Counter> events = new ConcurrentHashMap<>();
    private final Map<String, Counter> refusals = new ConcurrentHashMap<>();
    private final Counter streamsBusy;
    private final Timer timeToDurable;

    Meters(MeterRegistry registry, EventNames names, List<EventMeter> ofRooms, BeanFactory application) {
        this.registry = registry;
        this.names = names;
        this.ofRooms = ofRooms;
        this.streamsBusy = Counter.builder(MeterNames.STREAMS_BUSY)
                .description("Commands given up on streams that others write to")
                .register(registry);
        this.timeToDurable = Timer.builder(MeterNames.TIME_TO_DURABLE)
                .description("From the sending of a command to its commit")
                .serviceLevelObjectives(BORDERS)
                .register(registry);
        AutoConfigurationPackages.get(application).forEach(this::registerCommands);
        names.all().values().stream()
                .filter(type -> !LedgerStream.class.isAssignableFrom(type))
                .forEach(this::event);
        // The codes of rules stand where the rules stand; these are the platform's own.
        List.of("BUSY", "NOT_FOUND", "IDEMPOTENCY_KEY_REUSED").forEach(this::refusal);
    }

    private void registerCommands(String inPackage) {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AssignableTypeFilter(LedgerCommand.class));
        scanner.findCandidateComponents(inPackage)
                .forEach(found -> command(ClassUtils.resolveClassName(
                        String.valueOf(found.getBeanClassName()), Meters.class.getClassLoader())));
    }

    /** @param nanos since the command was sent */
    void decided(LedgerCommand command, Outcome outcome, long nanos) {
        Result result = Result.of(outcome);
        count(command, result);
        RuleBroken refusal = outcome.refusal();
        if (result == Result.REFUSED && refusal != null) {
            refusal(refusal.code()).increment();
        } else if (result != Result.REPEATED && !outcome.events().isEmpty()) {
            timeToDurable.record(nanos, TimeUnit.NANOSECONDS);
            outcome.events().forEach(this::recorded);
        }
    }

    void failed(LedgerCommand command) {
        count(command, Result.FAILED);
    }

    /** Every race for its stream was lost. */
    void gaveUp() {
        streamsBusy.increment();
    }

    /** What an automation asked for was refused: counted beside the refusal of the command, for nobody was told. */
    Counter automationRefused(String automation, String code) {
        return Counter.builder(MeterNames.AUTOMATION_REFUSED)
                .description("What automations asked for and were refused")
                .tags("automation", automation, "code", code)
                .register(registry);
    }

    private void recorded(Object event) {
        event(event.getClass()).increment();
        for (EventMeter room : ofRooms) {
            try {
                room.count(event);
            } catch (RuntimeException e) {
                // The event is durable: its sender must not be told otherwise because a count went wrong.
                logger.warn("an event was not counted: {}", ProjectionInvoker.describe(e));
            }
        }
    }

    private void count(LedgerCommand command, Result result) {
        command(command.getClass())[result.ordinal()].increment();
    }

    private Counter[] command(Class<?> type) {
        return commands.computeIfAbsent(type, command -> {
            Result[] results = Result.values();
            Counter[] counters = new Counter[results.length];
            for (Result result : results) {
                counters[result.ordinal()] = Counter.builder(MeterNames.COMMANDS)
                        .description("Commands by what came of them")
                        .tags(
                                "command",
                                command.getSimpleName(),
                                "outcome",
                                result.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
            return counters;
        });
    }

    private Counter event(Class<?> type) {
        return events.computeIfAbsent(
                type,
                event -> Counter.builder(MeterNames.EVENTS)
                        .description("Events recorded by this node")
                        .tag("name", names.typeOf(event).getName())
                        .register(registry));
    }

    private Counter refusal(String code) {
        return refusals.computeIfAbsent(
                code,
                known -> Counter.builder(MeterNames.REFUSALS)
                        .description("Refused commands by the code of the rule")
                        .tag("code", known)
                        .register(registry));
    }
}
