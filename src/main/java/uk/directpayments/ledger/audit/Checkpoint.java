package uk.directpayments.ledger.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.platform.Signing;

/**
 * What the ledger has signed: that its log had this many events with this root. As a signed note of C2SP (tlog-checkpoint) it can be checked by
 * other people's programs.
 *
 * @param size     events; the last one's position
 * @param rootHash 64 hexadecimal digits
 */
record Checkpoint(long size, String rootHash, Instant signedAt, String keyId, String signature) {

    static final String ORIGIN = "direct-payment-ledger";
    private static final byte ED25519 = 1;

    static Checkpoint sign(long size, byte[] root, Instant at, Signing signing) {
        String rootHash = HexFormat.of().formatHex(root);
        byte[] signature = signing.sign(body(size, rootHash, at).getBytes(StandardCharsets.UTF_8));
        return new Checkpoint(
                size, rootHash, at, signing.keyId(), Base64.getEncoder().encodeToString(signature));
    }

    /** What is signed. */
    private static String body(long size, String rootHash, Instant at) {
        return ORIGIN + "\n" + size + "\n"
                + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(rootHash)) + "\nsigned " + at + "\n";
    }

    String body() {
        return body(size, rootHash, signedAt);
    }

    /** False too for what is no root or no signature. */
    boolean isSignedBy(byte[] publicKey) {
        try {
            return Signing.verify(
                    publicKey,
                    body().getBytes(StandardCharsets.UTF_8),
                    Base64.getDecoder().decode(signature));
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }

    /** The signed note: body, an empty line, and the signature with the key's name and hash. */
    String note(Signing signing) {
        byte[] signed = Base64.getDecoder().decode(signature);
        byte[] key = keyHash(signing.publicKey());
        byte[] line = ByteBuffer.allocate(key.length + signed.length)
                .put(key)
                .put(signed)
                .array();
        return body() + "\n\u2014 " + ORIGIN + " " + Base64.getEncoder().encodeToString(line) + "\n";
    }

    /** The note's verifier key: name, hash, and the key with its type. */
    static String verifierKey(byte[] publicKey) {
        byte[] typed = ByteBuffer.allocate(publicKey.length + 1)
                .put(ED25519)
                .put(publicKey)
                .array();
        return ORIGIN + "+" + HexFormat.of().formatHex(keyHash(publicKey)) + "+"
                + Base64.getEncoder().encodeToString(typed);
    }

    private static byte[] keyHash(byte[] publicKey) {
        var sha = Hashes.sha256();
        sha.update((ORIGIN + "\n").getBytes(StandardCharsets.UTF_8));
        sha.update(ED25519);
        return ByteBuffer.allocate(4).put(sha.digest(publicKey), 0, 4).array();
    }

    /** As it is kept beside the key. */
    String line() {
        return size + " " + rootHash + " " + signedAt + " " + keyId + " " + signature + "\n";
    }

    /** @throws IllegalArgumentException if it is something else, such as the text that is given to those who ask for a checkpoint */
    static Checkpoint parse(String line) {
        String[] parts = line.strip().split(" ");
        if (parts.length != 5 || !parts[0].matches("\\d{1,18}")) {
            throw new IllegalArgumentException(
                    "This is not the checkpoint as it is kept in a home, in the file of that name.");
        }
        return new Checkpoint(Long.parseLong(parts[0]), parts[1], Instant.parse(parts[2]), parts[3], parts[4]);
    }
}
