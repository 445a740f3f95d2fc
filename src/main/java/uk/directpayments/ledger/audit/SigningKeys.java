package uk.directpayments.ledger.audit;

import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Signing;
import uk.directpayments.ledger.platform.StoredEvents;
import uk.directpayments.ledger.platform.StoredEvents.Filter;
import uk.directpayments.ledger.platform.StoredEvents.StoredEvent;
import uk.directpayments.ledger.platform.Timers;

/** The keys that have signed for this ledger: the present one, and those before it, as the log tells. */
@Component
class SigningKeys implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);

    /** Of a ledger's life. */
    private static final int MOST = 500;

    /** The log tells of a key that the one before it has not signed. */
    static final class NotEndorsed extends RuntimeException {

        private static final long serialVersionUID = 1;

        final long position;

        NotEndorsed(long position) {
            super("The key that is told of at position " + position + " was not signed by the key before it.");
            this.position = position;
        }
    }

    private final Signing signing;
    private final StoredEvents events;
    private final Commands commands;
    private final Clock clock;
    private final ScheduledExecutorService tries = Timers.named("signing-key-told");

    SigningKeys(Signing signing, StoredEvents events, Commands commands, Clock clock) {
        this.signing = signing;
        this.events = events;
        this.commands = commands;
        this.clock = clock;
    }

    /**
     * A key that followed another says so in the log, once; also for one before it that was followed before any start told of it. Later, if the log
     * is away at the start.
     */
    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        try {
            recordRotation();
        } catch (RuleBroken refusal) {
            if (!isAway(refusal)) {
                throw refusal;
            }
            log.warn(
                    "the log is away, so it cannot tell yet that the signing key was rotated; it is tried every minute");
            tries.scheduleWithFixedDelay(this::tryAgain, 1, 1, TimeUnit.MINUTES);
        }
    }

    private void tryAgain() {
        try {
            recordRotation();
            log.info("the log tells now that the signing key was rotated");
            tries.shutdown();
        } catch (RuntimeException e) {
            if (!(e instanceof RuleBroken away && isAway(away))) {
                log.error(
                        "the log could not be told that the signing key was rotated; it is tried again in a minute", e);
            }
        }
    }

    private static boolean isAway(RuleBroken refusal) {
        return refusal.code().equals("BUSY") || refusal.code().equals("OUTCOME_UNKNOWN");
    }

    void recordRotation() {
        for (Signing.Succession succession : signing.successions()) {
            String keyId = Signing.keyId(succession.publicKey());
            Signing.Endorsement by = succession.by();
            commands.send(
                    new SigningKeyCommand.RecordRotation(
                            keyId,
                            text(succession.publicKey()),
                            Signing.keyId(by.publicKey()),
                            text(by.publicKey()),
                            text(by.signature()),
                            BusinessDay.today(clock)),
                    Call.byLedger("signing-key", keyId, keyId));
        }
    }

    /**
     * A key that followed another, as the log tells.
     *
     * @param previous the public key before it
     * @param next     its public key
     * @param signed   by the one before: see {@link Signing.Endorsement}
     */
    record Change(long position, byte[] previous, byte[] next, byte[] signed) {}

    /**
     * How the present key came of the first one.
     *
     * @throws NotEndorsed if what the log tells cannot be read
     */
    List<Change> changes() {
        return events.page(0, MOST, new Filter(null, null, null, SigningKeyEvent.ROTATED)).stream()
                .map(this::change)
                .toList();
    }

    private Change change(StoredEvent rotation) {
        JsonNode told = events.opened(rotation);
        return new Change(
                rotation.position(),
                bytes(told, "previousPublicKey", rotation),
                bytes(told, "publicKey", rotation),
                bytes(told, "endorsement", rotation));
    }

    /**
     * Public keys by their ids.
     *
     * @throws NotEndorsed if the log tells of a key that the one before it has not signed
     */
    Map<String, byte[]> known() {
        Map<String, byte[]> known = new HashMap<>();
        known.put(signing.keyId(), signing.publicKey());
        for (Change change : changes()) {
            if (!new Signing.Endorsement(change.previous, change.signed).isOf(change.next)) {
                throw new NotEndorsed(change.position);
            }
            known.put(Signing.keyId(change.next), change.next);
            known.put(Signing.keyId(change.previous), change.previous);
        }
        return known;
    }

    @Override
    public void destroy() {
        tries.shutdownNow();
    }

    private static byte[] bytes(JsonNode told, String field, StoredEvent rotation) {
        try {
            return Base64.getDecoder().decode(told.path(field).asString());
        } catch (IllegalArgumentException notBase64) {
            throw new NotEndorsed(rotation.position());
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
