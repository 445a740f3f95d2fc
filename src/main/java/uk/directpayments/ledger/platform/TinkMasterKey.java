package uk.directpayments.ledger.platform;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.PrfConfig;
import com.google.crypto.tink.prf.PrfSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The master key: two Tink keysets in {@code <home>/master-key.json}, one that wraps the keys of persons and one for
 * {@link Sealing#token}. Made when a ledger first starts and replaced only when it is rotated;
 * that rewraps the keys of persons and changes no text. The keyset for tokens stays: what it made is stored. A database that was made with another master
 * key, or whose master key is missing, stops the start with one sentence.
 */
final class TinkMasterKey {

    static final String FILE = "master-key.json";

    private static final Logger LOG = LoggerFactory.getLogger(TinkMasterKey.class);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final byte[] CHECK = "sealing_check".getBytes(StandardCharsets.UTF_8);

    private static final int CHECK_BYTES = 32;

    private final KeysetHandle wrappingKeys;
    private final Aead wrapping;
    private final PrfSet tokens;

    private TinkMasterKey(KeysetHandle wrapping, KeysetHandle tokens) throws GeneralSecurityException {
        wrappingKeys = wrapping;
        this.wrapping = wrapping.getPrimitive(RegistryConfiguration.get(), Aead.class);
        this.tokens = tokens.getPrimitive(RegistryConfiguration.get(), PrfSet.class);
    }

    /** @throws StartRefused if the database and the file do not belong together */
    static TinkMasterKey open(Path home, JdbcClient jdbc) {
        registerAlgorithms();
        Path file = home.resolve(FILE);
        if (Files.notExists(file)) {
            if (anythingWrapped(jdbc)) {
                throw new StartRefused("The database holds personal text sealed under a master key, but " + file
                        + " is missing: put back the " + FILE + " that belongs to this database.");
            }
            create(file);
        }
        TinkMasterKey key = read(file);
        key.checkAgainst(jdbc, file);
        return key;
    }

    /** With Tink, once a process; again does no harm. */
    private static void registerAlgorithms() {
        try {
            AeadConfig.register();
            PrfConfig.register();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink cannot be used: AES-GCM or HMAC is missing from this Java.", e);
        }
    }

    /**
     * Puts a new wrapping key before the present one, which still unwraps until {@link #retireOldKeys}. The file as it was is kept, as
     * {@code master-key.<primary key's number>.retired.json}: backups of the database made until now need it.
     */
    static void addKey(Path home) {
        registerAlgorithms();
        Path file = home.resolve(FILE);
        try {
            if (Files.notExists(file)) {
                throw new StartRefused("There is no " + file + " to rotate.");
            }
            KeysetHandle present = read(file).wrappingKeys;
            Path retired = home.resolve(
                    "master-key.%d.retired.json".formatted(present.getPrimary().getId()));
            if (Files.notExists(retired)) {
                SecretFile.writeOnce(retired, Files.readAllBytes(file));
            }
            replaceWrapping(
                    file,
                    KeysetHandle.newBuilder(present)
                            .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                                    .withRandomId()
                                    .makePrimary())
                            .build());
        } catch (IOException e) {
            throw new UncheckedIOException("The master key " + file + " cannot be written.", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make keys for AES-256-GCM", e);
        }
    }

    /** Whether what an older key wrapped may still be there. */
    boolean isBeingRotated() {
        return wrappingKeys.size() > 1;
    }

    /** Once everything is wrapped by the newest key. */
    void retireOldKeys(Path home) {
        try {
            KeysetHandle.Entry newest = wrappingKeys.getPrimary();
            replaceWrapping(
                    home.resolve(FILE),
                    KeysetHandle.newBuilder()
                            .addEntry(KeysetHandle.importKey(newest.getKey()).makePrimary())
                            .build());
        } catch (IOException e) {
            throw new UncheckedIOException("The master key cannot be written.", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the newest master key cannot be kept alone", e);
        }
    }

    private static void replaceWrapping(Path file, KeysetHandle keys) throws IOException, GeneralSecurityException {
        ObjectNode json = (ObjectNode) JSON.readTree(Files.readString(file));
        json.set(
                "wrapping",
                JSON.readTree(TinkJsonProtoKeysetFormat.serializeKeyset(keys, InsecureSecretKeyAccess.get())));
        SecretFile.replace(file, utf8(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n"));
    }

    /** The check row of {@link #checkAgainst}, by the newest key. */
    String wrappedCheck() throws GeneralSecurityException {
        return Base64.getEncoder().encodeToString(wrapping.encrypt(tokens.computePrimary(CHECK, CHECK_BYTES), CHECK));
    }

    /** Encrypts a person's keyset; {@code bound} says whose it is and what for, and is needed to unwrap it. */
    String wrap(KeysetHandle keys, String bound) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(keys, wrapping, utf8(bound));
    }

    KeysetHandle unwrap(String wrapped, String bound) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.parseEncryptedKeyset(wrapped, wrapping, utf8(bound));
    }

    byte[] token(byte[] text, int bytes) throws GeneralSecurityException {
        return tokens.computePrimary(text, bytes);
    }

    private static boolean anythingWrapped(JdbcClient jdbc) {
        return jdbc.sql("select exists (select 1 from sealing_check) or exists (select 1 from person_key)")
                .query(Boolean.class)
                .single();
    }

    /** The check row is a value of the token keyset wrapped by the other one, so it vouches for both. */
    private void checkAgainst(JdbcClient jdbc, Path file) {
        try {
            byte[] expected = tokens.computePrimary(CHECK, CHECK_BYTES);
            if (!anythingWrapped(jdbc)) {
                jdbc.sql("insert into sealing_check (wrapped) values (?) on conflict do nothing")
                        .param(wrappedCheck())
                        .update();
            }
            List<String> rows = jdbc.sql("select wrapped from sealing_check")
                    .query(String.class)
                    .list();
            if (rows.isEmpty()) {
                throw new StartRefused("The database holds the keys of persons, but its table sealing_check is empty:"
                        + " restore the database whole.");
            }
            byte[] found = wrapping.decrypt(Base64.getDecoder().decode(rows.get(0)), CHECK);
            if (!MessageDigest.isEqual(expected, found)) {
                throw new GeneralSecurityException("the keyset for tokens is another one");
            }
        } catch (GeneralSecurityException e) {
            throw new StartRefused(
                    "The database holds personal text sealed under another master key than " + file + ": put back the "
                            + FILE + " that belongs to this database.",
                    e);
        }
    }

    private static TinkMasterKey read(Path file) {
        try {
            JsonNode json = JSON.readTree(SecretFile.read(file));
            return new TinkMasterKey(keyset(json, "wrapping"), keyset(json, "tokens"));
        } catch (IOException e) {
            throw new UncheckedIOException("The master key " + file + " cannot be read.", e);
        } catch (JacksonException | GeneralSecurityException e) {
            // without its cause: parsers quote what they read, and this is a key
            throw new StartRefused("The master key " + file + " is damaged ("
                    + e.getClass().getSimpleName() + "): put back an intact copy.");
        }
    }

    private static KeysetHandle keyset(JsonNode json, String name) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.parseKeyset(json.path(name).toString(), InsecureSecretKeyAccess.get());
    }

    private static void create(Path file) {
        try {
            ObjectNode json = JSON.createObjectNode();
            json.put(
                    "about",
                    "Secret. Back it up, apart from the database: without this file every personal text of the ledger is lost.");
            json.set("wrapping", JSON.readTree(fresh(PredefinedAeadParameters.AES256_GCM)));
            json.set("tokens", JSON.readTree(fresh(PredefinedPrfParameters.HMAC_SHA256_PRF)));
            SecretFile.writeOnce(
                    file, utf8(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n"));
            LOG.info("made a new master key: {} (back it up, apart from the database)", file);
        } catch (IOException e) {
            throw new UncheckedIOException("The master key " + file + " cannot be written.", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make keys for AES-256-GCM and HMAC-SHA-256", e);
        }
    }

    private static String fresh(Parameters parameters) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeKeyset(
                KeysetHandle.generateNew(parameters), InsecureSecretKeyAccess.get());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
