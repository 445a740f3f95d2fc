package uk.directpayments.ledger.audit;

import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.platform.Call;

/**
 * Tries a restore, on a copy of a backup: reads the whole log again against the checkpoint that was kept elsewhere, builds every projection
 * anew and compares it with what the backup holds, balances among it, says a verdict and ends. Exit code 0 means that the backup restores to a ledger
 * that is whole up to the checkpoint and beyond.
 */
@Component
@Profile("drill")
class RestoreDrill implements ExitCodeGenerator {

    private static final Logger log = LoggerFactory.getLogger(RestoreDrill.class);
    private static final long POLL_MILLIS = 200;

    private final Verification verification;
    private final Rebuilds rebuilds;
    private final TransparencyLog transparency;
    private final ConfigurableApplicationContext ledger;

    private volatile boolean restored;

    RestoreDrill(
            Verification verification,
            Rebuilds rebuilds,
            TransparencyLog transparency,
            ConfigurableApplicationContext ledger) {
        this.verification = verification;
        this.rebuilds = rebuilds;
        this.transparency = transparency;
        this.ledger = ledger;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        new Thread(this::run, "restore-drill").start();
    }

    private void run() {
        try {
            boolean whole = isWhole();
            restored = isRebuilt() && whole;
            log.info("RESTORE DRILL: {}", restored ? "the backup restores" : "THE BACKUP DOES NOT RESTORE, see above");
        } catch (RuntimeException | InterruptedException e) {
            log.error("RESTORE DRILL: it could not be carried out", e);
        }
        System.exit(SpringApplication.exit(ledger));
    }

    @Override
    public int getExitCode() {
        return restored ? 0 : 1;
    }

    /** It holds what was signed when the checkpoint was kept, which may be less than it has. */
    private boolean isWhole() throws InterruptedException {
        long kept = transparency.lastSigned().orElseThrow().size();
        String id = verification.start(call("verification")).verificationId();
        Verification.Result result = verification.find(id).orElseThrow();
        while (result.state() == Verification.State.RUNNING) {
            Thread.sleep(POLL_MILLIS);
            result = verification.find(id).orElseThrow();
        }
        boolean ok = Boolean.TRUE.equals(result.ok());
        log.info(
                "restore drill: the log has {} events, {} were signed when the checkpoint was kept: {}",
                result.total(),
                kept,
                ok ? "it is whole" : result.problem());
        return ok;
    }

    private boolean isRebuilt() throws InterruptedException {
        String id = rebuilds.start(null, false, call("rebuild")).rebuildId();
        Rebuilds.Rebuild result = rebuilds.find(id).orElseThrow();
        while (result.state() == Rebuilds.State.RUNNING) {
            Thread.sleep(POLL_MILLIS);
            result = rebuilds.find(id).orElseThrow();
        }
        log.info(
                "restore drill: {} projections were built again from the log, {} rows compared, {} differ{}",
                result.projections().size(),
                result.rows(),
                result.differing(),
                result.problem() == null ? "" : ": " + result.problem());
        result.differences().forEach(difference -> log.info("restore drill: {}", difference));
        return result.state() == Rebuilds.State.DONE && Long.valueOf(0).equals(result.differing());
    }

    private static Call call(String what) {
        return Call.byLedger("restore-drill", what + UUID.randomUUID(), "restore-drill");
    }
}
