package uk.directpayments.ledger.person;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Base64;
import java.util.HexFormat;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.platform.Signing;

/**
 * That a person was erased, signed: for whoever asked for it, and for the council's own proof. Stands in the event, so the log vouches
 * for it too. Nothing in it is sealed, for it must outlive the key.
 *
 * @param erasedBy  login name of who decided it
 * @param reason    1 to {@link #LONGEST_REASON} characters that do not say who the person was
 * @param knownTo   the position of the log at which every account of the person was closed
 * @param sha256    of {@link #text()}, 64 hexadecimal digits
 * @param keyId     see {@link Signing#keyId()}
 * @param publicKey Base64 of 32 bytes
 * @param signature Base64 of 64 bytes: Ed25519 over {@link #text()}
 */
public record ErasureReceipt(
        String personId,
        LocalDate erasedOn,
        String erasedBy,
        String reason,
        long knownTo,
        String sha256,
        String keyId,
        String publicKey,
        String signature) {

    static final int LONGEST_REASON = 500;

    static ErasureReceipt signed(
            String personId, LocalDate erasedOn, String erasedBy, String reason, long knownTo, Signing signing) {
        byte[] text = text(personId, erasedOn, erasedBy, reason, knownTo).getBytes(StandardCharsets.UTF_8);
        Base64.Encoder base64 = Base64.getEncoder();
        return new ErasureReceipt(
                personId,
                erasedOn,
                erasedBy,
                reason,
                knownTo,
                HexFormat.of().formatHex(Hashes.sha256().digest(text)),
                signing.keyId(),
                base64.encodeToString(signing.publicKey()),
                base64.encodeToString(signing.sign(text)));
    }

    /** What is signed. The reason is the last and may have lines of its own. */
    public String text() {
        return text(personId, erasedOn, erasedBy, reason, knownTo);
    }

    private static String text(String personId, LocalDate erasedOn, String erasedBy, String reason, long knownTo) {
        return """
                direct-payment-ledger: receipt of an erasure
                person: %s
                erased on: %s
                erased by: %s
                accounts closed at position: %d
                reason: %s
                """.formatted(personId, erasedOn, erasedBy, knownTo, reason);
    }
}
