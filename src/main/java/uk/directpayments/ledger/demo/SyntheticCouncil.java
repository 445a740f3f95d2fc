package uk.directpayments.ledger.demo;

import static uk.directpayments.ledger.demo.Office.fields;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.Home;
import uk.directpayments.ledger.platform.Positions;
import uk.directpayments.ledger.platform.WithoutIssuer;

/**
 * Fills an empty ledger, on its very first start, with a council that does not exist: {@code ledger.demo}. It is written beside the running
 * service through its own API, as its local users would write it, and is the same every time for the same business day, stream by stream:
 * several people's stories are written at a time, so it is not the same whose event comes first in the log.
 *
 * <p>While it is under way the home holds a file with that day. A start that finds the file goes on: the same requests are sent again,
 * and those that were answered before, by their idempotency keys, write nothing.
 */
@Component
@ConditionalOnProperty("ledger.demo")
@WithoutIssuer
class SyntheticCouncil {

    /** The organisation that the local user {@code support} belongs to. */
    static final String ORGANISATION = "ORG-DEMO";

    /** In the home, until everything is written: the business day of the first start. */
    static final String UNFINISHED = "synthetic-council";

    private static final Logger LOG = LoggerFactory.getLogger(SyntheticCouncil.class);
    private static final int PEOPLE_A_LINE = 5;

    /** How many stories are written at a time: events that come together cost the projections little more than one of them. */
    private static final int CLERKS = 4;

    private final Positions positions;
    private final Home home;
    private final ServerProperties server;
    private final Environment environment;
    private final Clock clock;
    private final int people;

    private volatile @Nullable Thread writing;

    /** @param people {@code ledger.demo.people}: how many, up to and by default 40 */
    SyntheticCouncil(
            Positions positions,
            Home home,
            ServerProperties server,
            Environment environment,
            Clock clock,
            @Value("${ledger.demo.people:40}") int people) {
        this.positions = positions;
        this.home = home;
        this.server = server;
        this.environment = environment;
        this.clock = clock;
        this.people = Math.min(people, Stories.ALL.size());
    }

    /** Neither readiness nor anybody's request waits for it. */
    @EventListener(ApplicationReadyEvent.class)
    void start() {
        String port = environment.getProperty("local.server.port");
        Path unfinished = home.resolve(UNFINISHED);
        if (port == null || (positions.head() > 0 && Files.notExists(unfinished))) {
            return;
        }
        String host = server.getAddress() instanceof Inet6Address ? "[::1]" : "127.0.0.1";
        Thread thread =
                new Thread(() -> load(new Office("http://" + host + ":" + port), unfinished), "synthetic-council");
        thread.setDaemon(true);
        writing = thread;
        thread.start();
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        Thread thread = writing;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Waits until the writing has come to its end, whichever, if it has begun. */
    void await() throws InterruptedException {
        Thread thread = writing;
        if (thread != null) {
            thread.join();
        }
    }

    private void load(Office office, Path unfinished) {
        Instant start = Instant.now();
        try {
            write(office, day(unfinished));
            Files.deleteIfExists(unfinished);
            LOG.info(
                    "Synthetic council loaded: {} people, {} requests, {} s",
                    people,
                    office.requests(),
                    Duration.between(start, Instant.now()).toSeconds());
        } catch (CancellationException e) {
            LOG.info("Synthetic council interrupted after {} requests: the next start goes on", office.requests());
        } catch (Office.Refused | IOException | UncheckedIOException | IllegalStateException e) {
            LOG.error(
                    "Synthetic council stopped after {} requests: {}. The next start tries again; --ledger.demo=false leaves it",
                    office.requests(),
                    e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** The business day of the history: today, or the day on which an unfinished one was begun. */
    private LocalDate day(Path unfinished) throws IOException {
        if (positions.head() > 0) {
            return LocalDate.parse(Files.readString(unfinished).strip());
        }
        LocalDate today = BusinessDay.today(clock);
        Files.writeString(unfinished, today.toString());
        return today;
    }

    private void write(Office office, LocalDate today) throws IOException {
        FinancialYears years = new FinancialYears(today);
        LOG.info("Loading a synthetic council of {} people, {} to {}", people, years.lastFrom(), today);
        office.post(
                "admin",
                "/organisations",
                fields("organisationId", ORGANISATION, "name", "Demonstration Support Services"));
        List<CaseFile> files = told(office, years);
        files.forEach(CaseFile::correct);
        new Desk(office, years).work();
    }

    /** Everybody's story, each told from its beginning to its end, several at a time. */
    private List<CaseFile> told(Office office, FinancialYears years) {
        ExecutorService clerks = Executors.newFixedThreadPool(CLERKS, SyntheticCouncil::clerk);
        try {
            List<Future<CaseFile>> stories = IntStream.rangeClosed(1, people)
                    .mapToObj(number -> clerks.submit(() -> told(number, new CaseFile(office, years, number))))
                    .toList();
            List<CaseFile> files = new ArrayList<>();
            for (Future<CaseFile> story : stories) {
                files.add(story.get());
                if (files.size() % PEOPLE_A_LINE == 0) {
                    LOG.info(
                            "Synthetic council: {} of {} people, {} requests", files.size(), people, office.requests());
                }
            }
            return files;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            clerks.shutdownNow();
        }
    }

    private static Thread clerk(Runnable stories) {
        Thread thread = new Thread(stories, "synthetic-council-clerk");
        thread.setDaemon(true);
        return thread;
    }

    private static CaseFile told(int number, CaseFile file) {
        Stories.tell(number, file);
        return file;
    }
}
