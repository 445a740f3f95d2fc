package uk.directpayments.ledger.platform;

import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Hashes;

/**
 * One write as it was asked for: who, and under which idempotency key. Handed to every Api method that writes.
 *
 * @param actor           who asks
 * @param idempotencyHash hash of user, method, path and key, or null if the request carried no key
 * @param requestHash     hash of the request's body: a repeat must have the same
 * @param correlationId   stands in the answer and in every event that follows from this write
 */
public record Call(Actor actor, @Nullable String idempotencyHash, String requestHash, String correlationId) {

    /** A write of the ledger's own, repeated safely: its key is made of what caused it and what it is aimed at. */
    public static Call byLedger(String cause, String target, String correlationId) {
        String key = Hashes.hex("ledger", cause, target);
        return new Call(Actor.LEDGER, key, key, correlationId);
    }

    /**
     * The caller's id, or one that the ledger makes: from the idempotency key where there is one, so that a repeat makes the same.
     *
     * @param kind keeps apart the ids of one request: {@code "payment"}, {@code "line-2"}
     */
    public String id(@Nullable String given, String kind) {
        if (given != null) {
            return given;
        }
        if (idempotencyHash == null) {
            return UUID.randomUUID().toString();
        }
        byte[] hash = java.util.HexFormat.of().parseHex(Hashes.hex(idempotencyHash, kind));
        return UUID.nameUUIDFromBytes(hash).toString().toLowerCase(Locale.ROOT);
    }
}
