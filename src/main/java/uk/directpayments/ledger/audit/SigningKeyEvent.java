package uk.directpayments.ledger.audit;

import java.time.LocalDate;
import uk.directpayments.ledger.kernel.EventName;

/** What has happened to a key with which the ledger signs. Keys and signatures are in base64. */
public sealed interface SigningKeyEvent {

    String ROTATED = "key.rotated";

    /**
     * A key followed another.
     *
     * @param keyId             of the new key, see {@link uk.directpayments.ledger.platform.Signing#keyId()}
     * @param endorsement       the signature of the key before, of the new one: see {@link uk.directpayments.ledger.platform.Signing.Endorsement}
     */
    @EventName(ROTATED)
    record KeyRotated(
            String keyId,
            String publicKey,
            String previousKeyId,
            String previousPublicKey,
            String endorsement,
            LocalDate on)
            implements SigningKeyEvent {}
}
