package uk.directpayments.ledger.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.common.AxonThreadFactory;

/** What a rebuild does on several threads. Whoever waits for it may be interrupted; nothing goes on once it is closed. */
final class SideBySide implements AutoCloseable {

    private final ExecutorService threads;

    SideBySide(int most) {
        this.threads = Executors.newFixedThreadPool(most, new AxonThreadFactory("rebuild"));
    }

    /** Does it now, and answers when asked. */
    <T> Supplier<T> one(Callable<T> work) {
        Future<T> begun = threads.submit(work);
        return () -> answer(begun);
    }

    /**
     * Does the same with each, and ends when all have ended: their answers in the order of the parts.
     *
     * @throws RuntimeException of the first part that failed
     */
    <P, T> List<T> all(List<P> parts, Function<P, T> work) {
        List<Future<T>> begun = new ArrayList<>();
        parts.forEach(part -> begun.add(threads.submit(() -> work.apply(part))));
        return begun.stream().map(SideBySide::answer).toList();
    }

    private static <T> T answer(Future<T> begun) {
        try {
            return begun.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw ShadowRebuild.stopped();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    /** Waits for what is under way: it writes tables that are about to be dropped. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = false;
        while (true) {
            try {
                if (threads.awaitTermination(1, TimeUnit.SECONDS)) {
                    break;
                }
            } catch (InterruptedException stopped) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
