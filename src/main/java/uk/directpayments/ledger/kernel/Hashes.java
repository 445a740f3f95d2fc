package uk.directpayments.ledger.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of texts, in the lengths that the ledger uses. Parts are length-prefixed, so no two lists of parts hash alike. */
public final class Hashes {

    private Hashes() {}

    /** 64 hexadecimal digits. */
    public static String hex(String... parts) {
        return HexFormat.of().formatHex(digest(parts));
    }

    /** The first 64 bits, for sets of references that must stay small in memory. */
    public static long bits64(String... parts) {
        return ByteBuffer.wrap(digest(parts)).getLong();
    }

    private static byte[] digest(String... parts) {
        MessageDigest sha = sha256();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            sha.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
            sha.update(bytes);
        }
        return sha.digest();
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
