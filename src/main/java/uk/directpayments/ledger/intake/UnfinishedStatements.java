package uk.directpayments.ledger.intake;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.View;

/**
 * Goes on with imports that a crash or a failure interrupted: at the start, and once a minute in case it was another node's crash. Whoever
 * holds the lock of imports finds none but interrupted ones.
 */
@Component
class UnfinishedStatements implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(UnfinishedStatements.class);
    private static final int AT_A_TIME = 100;
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final StatementRegister register;
    private final StatementSources sources;
    private final StatementRun run;
    private final ImportLock lock;
    private final Clock clock;

    private @Nullable ScheduledExecutorService thread;

    /** Whether what a crash before this start left has been dropped. */
    private boolean tidied;

    UnfinishedStatements(
            StatementRegister register, StatementSources sources, StatementRun run, ImportLock lock, Clock clock) {
        this.register = register;
        this.sources = sources;
        this.run = run;
        this.lock = lock;
        this.clock = clock;
    }

    /** Finishes what was interrupted, unless an import is going on at this moment: it is looked for again. */
    void finishAll() {
        try {
            if (!tidied || !unfinished().isEmpty()) {
                lock.alone(Duration.ZERO, () -> {
                    if (!tidied) {
                        dropNeverReceived();
                        tidied = true;
                    }
                    unfinished().forEach(this::finish);
                    return true;
                });
            }
        } catch (RuleBroken notNow) {
            log.debug("interrupted imports wait: {}", notNow.code());
        } catch (RuntimeException failure) {
            log.warn(
                    "cannot look for interrupted imports: {}",
                    failure.getClass().getSimpleName());
        }
    }

    /** Lines that were kept just before a crash, of files that nobody was told are received. */
    void dropNeverReceived() {
        View now = View.now(BusinessDay.today(clock));
        sources.statementIds().stream()
                .filter(id -> register.find(id, now).isEmpty())
                .forEach(sources::drop);
    }

    private List<Statement> unfinished() {
        return register.unfinished(AT_A_TIME, View.now(BusinessDay.today(clock)));
    }

    private void finish(Statement statement) {
        try {
            run.finish(statement.statementId());
            log.info("finished the interrupted import of statement {}", statement.statementId());
        } catch (RuleBroken notNow) {
            log.warn("statement {} is still unfinished: {}", statement.statementId(), notNow.code());
        } catch (RuntimeException failure) {
            log.error(
                    "statement {} is still unfinished: {}",
                    statement.statementId(),
                    failure.getClass().getSimpleName());
        }
    }

    @Override
    public void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("unfinished-statements"));
        started.scheduleWithFixedDelay(this::finishAll, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        thread = started;
    }

    @Override
    public void stop() {
        if (thread != null) {
            thread.shutdownNow();
            thread = null;
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** After the processors, which its reads wait for. */
    @Override
    public int getPhase() {
        return 1_000_001;
    }
}
