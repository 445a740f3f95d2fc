package uk.directpayments.ledger.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import uk.directpayments.ledger.kernel.Hashes;

/**
 * Signs what the ledger vouches for (receipts of erasures, checkpoints of the log) with Ed25519 (RFC 8032). The key lies outside the
 * database in {@code <home>/signing-key.pem} (a PKCS #8 private key and its public key, mode 600), is made at first use and
 * replaced only by {@link #rotate}. Who verifies needs the public key alone.
 */
public final class Signing {

    /** The bytes of a public key. */
    public static final int PUBLIC_KEY_BYTES = 32;

    static final String FILE = "signing-key.pem";

    private static final Logger LOG = LoggerFactory.getLogger(Signing.class);
    private static final String ALGORITHM = "Ed25519";
    private static final String PREDECESSOR = "PREDECESSOR";
    private static final String ENDORSEMENT = "ENDORSEMENT";
    private static final byte[] PROBE = "direct-payment-ledger".getBytes(StandardCharsets.US_ASCII);

    /** What stands before the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final PrivateKey key;
    private final byte[] publicKey;
    private final String keyId;
    private final List<Succession> successions;

    /**
     * What the key before this one said of it.
     *
     * @param publicKey of the key before
     * @param signature by it, of {@link #successor} of the key that followed
     */
    public record Endorsement(byte[] publicKey, byte[] signature) {

        /** Whether it is of that key. */
        public boolean isOf(byte[] next) {
            return verify(publicKey, successor(next), signature);
        }
    }

    /**
     * A key that followed another.
     *
     * @param publicKey of the key that followed
     * @param by        the one before
     */
    public record Succession(byte[] publicKey, Endorsement by) {}

    private Signing(PrivateKey key, byte[] publicKey, List<Succession> successions) {
        this.key = key;
        this.publicKey = publicKey;
        this.successions = successions;
        keyId = keyId(publicKey);
    }

    /**
     * Reads the key, making it if there is none.
     *
     * @throws StartRefused if the file is damaged
     */
    static Signing open(Path home) {
        Path file = home.resolve(FILE);
        try {
            if (Files.notExists(file)) {
                KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
                SecretFile.writeOnce(file, text(pair).getBytes(StandardCharsets.US_ASCII));
                LOG.info("made a new signing key: {} (back it up beside the master key)", file);
            }
            return read(SecretFile.read(file), home);
        } catch (IOException e) {
            throw new UncheckedIOException("The signing key " + file + " cannot be read or written.", e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // without its cause: parsers quote what they read, and this is a key
            throw new StartRefused("The signing key " + file + " is damaged ("
                    + e.getClass().getSimpleName() + "): put back an intact copy.");
        }
    }

    /**
     * Makes a new key in the place of the present one, which signs it as its last act and is then no more: its public key alone is kept, in
     * {@code signing-key.<id>.retired.pem}, with what the key before it said of it: the start may end before the log is told, and be repeated.
     *
     * @throws StartRefused if the present key is damaged
     */
    static void rotate(Path home) {
        Signing last = open(home);
        Path file = home.resolve(FILE);
        try {
            KeyPair next = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            byte[] endorsement = last.sign(successor(raw(next.getPublic().getEncoded())));
            Path retired = retired(home, last.publicKey);
            if (Files.notExists(retired)) {
                String kept = pem("PUBLIC KEY", encoded(last.publicKey)) + last.endorsementText();
                SecretFile.writeOnce(retired, kept.getBytes(StandardCharsets.US_ASCII));
            }
            String text = text(next) + text(new Endorsement(last.publicKey, endorsement));
            SecretFile.replace(file, text.getBytes(StandardCharsets.US_ASCII));
            LOG.info(
                    "the signing key was rotated: {} follows {}",
                    keyId(raw(next.getPublic().getEncoded())),
                    last.keyId);
        } catch (IOException e) {
            throw new UncheckedIOException("The signing key " + file + " cannot be written.", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make Ed25519 keys", e);
        }
    }

    /** What a key signs of the one that follows it. */
    private static byte[] successor(byte[] publicKey) {
        return ("direct-payment-ledger\nthe next signing key\n"
                        + Base64.getEncoder().encodeToString(publicKey) + "\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** How this key came of those before it, the earliest first, as far as the home knows; empty of a first key. */
    public List<Succession> successions() {
        return successions;
    }

    private String endorsementText() {
        return successions.isEmpty() ? "" : text(successions.get(successions.size() - 1).by);
    }

    private static String text(Endorsement by) {
        return pem(PREDECESSOR, encoded(by.publicKey)) + pem(ENDORSEMENT, by.signature);
    }

    private static Path retired(Path home, byte[] publicKey) {
        return home.resolve("signing-key." + keyId(publicKey) + ".retired.pem");
    }

    /** The signature, 64 bytes: the same for the same message. */
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot sign with Ed25519", e);
        }
    }

    /** The public key, {@link #PUBLIC_KEY_BYTES} bytes as RFC 8032 writes them. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** The public key in its X.509 form, in base64: what other programs read. */
    public String publicKeyText() {
        return publicKeyText(publicKey);
    }

    /** As {@link #publicKeyText()}, of any public key. */
    public static String publicKeyText(byte[] publicKey) {
        return Base64.getEncoder().encodeToString(encoded(publicKey));
    }

    /** Names the key: the first 16 hexadecimal digits of its public key's SHA-256. */
    public String keyId() {
        return keyId;
    }

    /** The id of a public key, see {@link #keyId()}. */
    public static String keyId(byte[] publicKey) {
        return HexFormat.of().formatHex(Hashes.sha256().digest(publicKey), 0, 8);
    }

    /** Whether a signature is that key's, of that message; false too for what is no key or no signature. */
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(publicKeyOf(publicKey));
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static PublicKey publicKeyOf(byte[] raw) throws GeneralSecurityException {
        return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded(raw)));
    }

    private static byte[] encoded(byte[] raw) {
        byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + raw.length);
        System.arraycopy(raw, 0, encoded, X509_PREFIX.length, raw.length);
        return encoded;
    }

    private static byte[] raw(byte[] encoded) {
        return Arrays.copyOfRange(encoded, X509_PREFIX.length, encoded.length);
    }

    private static Signing read(String pem, Path home) throws IOException, GeneralSecurityException {
        PrivateKey key =
                KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(block(pem, "PRIVATE KEY")));
        byte[] raw = raw(block(pem, "PUBLIC KEY"));
        Endorsement endorsement = endorsement(pem, raw);
        Signing signing = new Signing(key, raw, endorsement == null ? List.of() : successions(raw, endorsement, home));
        if (raw.length != PUBLIC_KEY_BYTES || !verify(raw, PROBE, signing.sign(PROBE))) {
            throw new GeneralSecurityException("the two keys do not belong together");
        }
        return signing;
    }

    private static List<Succession> successions(byte[] publicKey, Endorsement endorsement, Path home)
            throws IOException {
        List<Succession> found = new ArrayList<>(List.of(new Succession(publicKey, endorsement)));
        Path file = retired(home, endorsement.publicKey);
        try {
            while (Files.exists(file)) {
                byte[] before = found.get(0).by.publicKey;
                Endorsement by = endorsement(Files.readString(file), before);
                if (by == null) {
                    break;
                }
                found.add(0, new Succession(before, by));
                file = retired(home, by.publicKey);
            }
        } catch (GeneralSecurityException | IllegalArgumentException | CharacterCodingException damaged) {
            LOG.warn("{} is damaged: what the key before it said of it is not known here", file);
        }
        return List.copyOf(found);
    }

    /** Null if the text has none. */
    private static @Nullable Endorsement endorsement(String pem, byte[] of) throws GeneralSecurityException {
        if (!pem.contains(PREDECESSOR)) {
            return null;
        }
        Endorsement endorsement = new Endorsement(raw(block(pem, PREDECESSOR)), block(pem, ENDORSEMENT));
        if (!endorsement.isOf(of)) {
            throw new GeneralSecurityException("the key before it has not signed it");
        }
        return endorsement;
    }

    private static String text(KeyPair pair) {
        return "Secret: whoever has this file can sign in the name of this ledger. The public key at its end may be given away.\n"
                + pem("PRIVATE KEY", pair.getPrivate().getEncoded())
                + pem("PUBLIC KEY", pair.getPublic().getEncoded());
    }

    private static String pem(String what, byte[] encoded) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded), what);
    }

    private static byte[] block(String pem, String what) throws GeneralSecurityException {
        Matcher found = Pattern.compile(
                        "-----BEGIN %s-----\\s([A-Za-z0-9+/=\\s]+)-----END %s-----".formatted(what, what))
                .matcher(pem);
        if (!found.find()) {
            throw new GeneralSecurityException("no " + what);
        }
        return Base64.getDecoder().decode(found.group(1).replaceAll("\\s", ""));
    }
}
