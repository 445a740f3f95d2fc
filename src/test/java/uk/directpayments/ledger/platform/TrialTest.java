package uk.directpayments.ledger.platform;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import uk.directpayments.ledger.LedgerApplication;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.support.TestPostgres;
import uk.directpayments.trial.TrialCommand;
import uk.directpayments.trial.TrialConfiguration;
import uk.directpayments.trial.TrialEcho;
import uk.directpayments.trial.TrialLog;
import uk.directpayments.trial.TrialRows;
import uk.directpayments.trial.TrialStates;

/** The whole ledger with the trial room, on a PostgreSQL that the classes below share: each test makes trials of its own. */
@SpringBootTest(
        classes = {LedgerApplication.class, TrialConfiguration.class},
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
abstract class TrialTest {

    static final Actor FINANCE = new Actor("finance", Actor.Role.FINANCE, null);
    private static final AtomicInteger trials = new AtomicInteger();

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.properties(registry);
    }

    @Autowired
    Environment environment;

    @Autowired
    Commands commands;

    @Autowired
    EventLog log;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    StreamCache cache;

    @Autowired
    Processors processors;

    @Autowired
    Progress progress;

    @Autowired
    Parked parked;

    @Autowired
    TrialRows rows;

    @Autowired
    TrialStates states;

    @Autowired
    TrialLog wholeLog;

    @Autowired
    TrialEcho echo;

    /** A trial's id that nobody has used. */
    static String fresh(String kind) {
        return kind + "-" + trials.incrementAndGet();
    }

    /** A call without a key. */
    static Call plain() {
        return new Call(FINANCE, null, "body", "correlation");
    }

    static Call keyed(String key) {
        return keyed(key, "body");
    }

    static Call keyed(String key, String body) {
        return new Call(FINANCE, key, body, "correlation");
    }

    static String freshKey() {
        return UUID.randomUUID().toString();
    }

    /** Opens a trial whose person has the same id. */
    String open(String kind) {
        String id = fresh(kind);
        commands.send(new TrialCommand.Open(id, id), plain());
        return id;
    }

    /** The position after counting. */
    long count(String id, int... numbers) {
        return commands.send(new TrialCommand.Count(id, numbers), plain()).position();
    }

    long eventsOf(String id) {
        return log.lastSequence("trial/" + id) + 1;
    }

    static View now() {
        return View.now(TrialCommand.DAY);
    }

    static View at(long position) {
        return now().at(position);
    }

    /** The code of a refusal; fails if nothing is refused. */
    static String refusal(Runnable attempt) {
        try {
            attempt.run();
        } catch (RuleBroken refused) {
            return refused.code();
        }
        throw new AssertionError("nothing was refused");
    }

    /** Waits for what is bound to come, with a bound of its own. */
    static void until(String what, BooleanSupplier happened) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never: " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
