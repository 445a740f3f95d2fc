package uk.directpayments.ledger.platform;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.PrfSet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Timestamp;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Sealed;

/**
 * {@link Sealing} with Google Tink. Each person has two keysets in {@code person_key}, wrapped by {@link TinkMasterKey} and bound
 * to the person's id: AES-256-GCM for texts, HMAC-SHA-256 for opaque stand-ins.
 *
 * <p>A sealed text is the base64url of Tink's ciphertext, which names its key. Rotation adds a key to the AES keyset, waits
 * {@link #KEPT} for every node to have read it, makes it primary, and rewrites nothing. The person's id is the text's associated
 * data, so it opens for no one else. The text is padded to a multiple of 16 bytes (ISO/IEC 7816-4: a byte 0x80, then zeros), so
 * its length says little.
 *
 * <p>Erasing a person deletes the row, for ever: the person's id is kept in {@code erased_person} and, against the restore of an older
 * backup, in the {@link ErasureList}. At start, what either knows the other is told, and a key that has come back is destroyed again; what
 * other nodes erase afterwards this node's list is told by {@link ErasedElsewhere}.
 *
 * <p>Unwrapped keys are cached for {@link #KEPT}: that is how long another node may still open texts of a person who was erased.
 */
final class TinkSealing implements Sealing {

    static final Duration KEPT = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(TinkSealing.class);
    private static final int BLOCK = 16;
    private static final int OPAQUE_BYTES = 16;
    private static final int REWRAPPED_AT_A_TIME = 500;
    private static final Pattern BLANKS = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private final JdbcClient jdbc;
    private final TransactionTemplate ownTransaction;
    private final TinkMasterKey master;
    private final ErasureList erasures;
    private final int cachedKeys;
    // Filled beside the cache, never by its loader: a loader's lock, held while waiting for a connection, could meet a
    // transaction that holds the last connection and waits for the lock.
    private final Cache<String, Optional<PersonKeys>> cache;

    /**
     * @param home       the ledger's home ({@code ledger.home}), where the master key lies
     * @param cachedKeys how many persons' keys are kept in memory ({@code ledger.sealing.cached-keys}), 1 or more
     * @throws StartRefused if the database was made with another master key, its master key is missing, or the list of erasures is
     *     damaged
     */
    TinkSealing(Path home, int cachedKeys, JdbcClient jdbc, PlatformTransactionManager transactions) {
        if (cachedKeys < 1) {
            throw new IllegalArgumentException("ledger.sealing.cached-keys must be 1 or more, not " + cachedKeys);
        }
        this.jdbc = jdbc;
        this.cachedKeys = cachedKeys;
        ownTransaction = new TransactionTemplate(transactions);
        ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        cache = Caffeine.newBuilder()
                .maximumSize(cachedKeys)
                .expireAfterWrite(KEPT)
                .build();
        master = TinkMasterKey.open(home, jdbc);
        erasures = new ErasureList(home, mark());
        if (master.isBeingRotated()) {
            rewrap(home);
        }
        eraseAgain();
    }

    /** Made of the row that was written when the database was first started, and kept when that is wrapped anew: it is in all of its backups. */
    private String mark() {
        return jdbc.sql("select mark, wrapped from sealing_check")
                .query((row, i) -> Objects.requireNonNullElse(
                        row.getString(1), Hashes.hex(row.getString(2)).substring(0, 16)))
                .single();
    }

    /** Wraps every key anew, a page at a time; begun again after a crash, for the old master key goes only after the last. */
    private void rewrap(Path home) {
        String after = "";
        int rewrapped = 0;
        for (List<String> page = page(after); !page.isEmpty(); page = page(after)) {
            List<String> ids = page;
            ownTransaction.executeWithoutResult(status -> ids.forEach(this::rewrap));
            rewrapped += ids.size();
            after = ids.get(ids.size() - 1);
        }
        String mark = mark();
        try {
            jdbc.sql("update sealing_check set mark = ?, wrapped = ?")
                    .param(mark)
                    .param(master.wrappedCheck())
                    .update();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the check of the master key could not be wrapped anew", e);
        }
        master.retireOldKeys(home);
        LOG.info("the master key was rotated: the keys of {} persons are wrapped anew", rewrapped);
    }

    private List<String> page(String after) {
        return jdbc.sql("select person_id from person_key where person_id > ? order by person_id limit "
                        + REWRAPPED_AT_A_TIME)
                .param(after)
                .query(String.class)
                .list();
    }

    private void rewrap(String personId) {
        jdbc.sql("select wrapped_aead, wrapped_prf from person_key where person_id = ? for update")
                .param(personId)
                .query((row, i) -> List.of(
                        rewrapped(row.getString(1), bound("aead", personId)),
                        rewrapped(row.getString(2), bound("prf", personId))))
                .optional()
                .ifPresent(wrapped -> jdbc.sql(
                                "update person_key set wrapped_aead = ?, wrapped_prf = ? where person_id = ?")
                        .param(wrapped.get(0))
                        .param(wrapped.get(1))
                        .param(personId)
                        .update());
    }

    private String rewrapped(String wrapped, String bound) {
        try {
            return master.wrap(master.unwrap(wrapped, bound), bound);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a row of person_key does not unwrap (" + bound + "): it is damaged", e);
        }
    }

    /** Whoever was erased stays erased, whichever backup of the database or of the home this is. */
    private void eraseAgain() {
        List<ErasureList.Erasure> listed = erasures.read();
        List<String> revived = new ArrayList<>();
        ownTransaction.executeWithoutResult(
                status -> listed.stream().filter(this::deleteKey).forEach(erasure -> revived.add(erasure.personId())));
        if (!revived.isEmpty()) {
            LOG.warn(
                    "ERASED AGAIN: {} persons on the list of erasures had a key, as after the restore of an older backup. Their keys have"
                            + " been destroyed. Repeat the erasure of those whose record does not say so: {}",
                    revived.size(),
                    revived);
        }
        listErasures();
    }

    @Override
    public void listErasures() {
        // The table first: what this node erases meanwhile is on its list before it is in the table.
        List<ErasureList.Erasure> erased = jdbc.sql(
                        "select person_id, position, erased_at from erased_person order by position")
                .query((row, i) -> new ErasureList.Erasure(
                        row.getString(1), row.getLong(2), row.getTimestamp(3).toInstant()))
                .list();
        Set<String> known = new HashSet<>();
        erasures.read().forEach(erasure -> known.add(erasure.personId()));
        List<ErasureList.Erasure> unlisted = erased.stream()
                .filter(erasure -> !known.contains(erasure.personId()))
                .toList();
        if (!unlisted.isEmpty()) {
            erasures.add(unlisted);
        }
    }

    @Override
    public void admit(String personId) {
        // its own transaction: a key must outlive the caller's rollback, for texts may already have been sealed under
        // it
        ownTransaction.executeWithoutResult(status -> {
            if (read(List.of(personId)).isEmpty()) {
                if (destroyed(personId)) {
                    throw Sealing.erased();
                }
                insertKeys(personId);
            }
        });
        cache.invalidate(personId);
    }

    @Override
    public Sealed seal(String personId, String text) {
        try {
            byte[] sealed = keysOf(personId).aead().encrypt(pad(utf8(text)), utf8(personId));
            return new Sealed(Base64.getUrlEncoder().withoutPadding().encodeToString(sealed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a text of person " + personId + " could not be sealed", e);
        }
    }

    @Override
    public String open(String personId, Sealed sealed) {
        Optional<PersonKeys> known = cache.getIfPresent(personId);
        PersonKeys keys = known == null ? load(List.of(personId)).get(personId) : known.orElse(null);
        if (keys == null) {
            return ERASED;
        }
        try {
            byte[] padded = keys.aead().decrypt(Base64.getUrlDecoder().decode(sealed.sealed()), utf8(personId));
            return new String(unpad(padded), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // without its cause: a decoder quotes what it read
            throw new IllegalStateException("a sealed text does not open with the key of person " + personId
                    + ": it is damaged, or another person's");
        }
    }

    @Override
    public String opaque(String personId, String text) {
        try {
            return hex(keysOf(personId).prf().computePrimary(normalised(text), OPAQUE_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a stand-in for a text of person " + personId + " could not be made", e);
        }
    }

    @Override
    public String token(String text) {
        try {
            return hex(master.token(normalised(text), OPAQUE_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a stand-in for a text could not be made", e);
        }
    }

    @Override
    public void warm(Collection<String> personIds) {
        List<String> missing = personIds.stream()
                .distinct()
                .filter(id -> cache.getIfPresent(id) == null)
                .limit(cachedKeys)
                .toList();
        if (!missing.isEmpty()) {
            load(missing);
        }
    }

    @Override
    public void destroy(String personId, long position, Instant at) {
        ErasureList.Erasure erasure = new ErasureList.Erasure(personId, position, at);
        // First: what is on the list is destroyed at the next start, wherever a crash comes.
        erasures.add(List.of(erasure));
        ownTransaction.executeWithoutResult(status -> deleteKey(erasure));
        forget(personId);
    }

    /** Whether there was a key. */
    private boolean deleteKey(ErasureList.Erasure erasure) {
        jdbc.sql("insert into erased_person (person_id, position, erased_at) values (?, ?, ?) on conflict do nothing")
                .param(erasure.personId())
                .param(erasure.position())
                .param(Timestamp.from(erasure.at()))
                .update();
        return jdbc.sql("delete from person_key where person_id = ?")
                        .param(erasure.personId())
                        .update()
                > 0;
    }

    @Override
    public boolean destroyed(String personId) {
        return jdbc.sql("select exists (select 1 from erased_person where person_id = ?)")
                .param(personId)
                .query(Boolean.class)
                .single();
    }

    @Override
    public void forget(String personId) {
        cache.invalidate(personId);
    }

    /** For writing: that a key was missing a moment ago is not believed, since another node may have admitted the person. */
    private PersonKeys keysOf(String personId) {
        Optional<PersonKeys> known = cache.getIfPresent(personId);
        if (known != null && known.isPresent()) {
            return known.get();
        }
        PersonKeys keys = read(List.of(personId)).get(personId);
        if (keys == null) {
            if (destroyed(personId)) {
                throw Sealing.erased();
            }
            throw new IllegalStateException("person " + personId + " has no key: never admitted");
        }
        cache.put(personId, Optional.of(keys));
        return keys;
    }

    /** For reading: a text to open was sealed after its person was admitted, so a missing key means erased and is remembered. */
    private Map<String, PersonKeys> load(List<String> personIds) {
        Map<String, PersonKeys> found = read(personIds);
        personIds.forEach(id -> cache.put(id, Optional.ofNullable(found.get(id))));
        return found;
    }

    private Map<String, PersonKeys> read(List<String> personIds) {
        Map<String, PersonKeys> found = new HashMap<>();
        jdbc.sql("select person_id, wrapped_aead, wrapped_prf from person_key where person_id = any (?)")
                .param(personIds.toArray(String[]::new))
                .query(row -> {
                    String id = row.getString(1);
                    found.put(id, unwrap(id, row.getString(2), row.getString(3)));
                });
        return found;
    }

    private void insertKeys(String personId) {
        try {
            KeysetHandle aead = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
            KeysetHandle prf = KeysetHandle.generateNew(PredefinedPrfParameters.HMAC_SHA256_PRF);
            jdbc.sql(
                            "insert into person_key (person_id, wrapped_aead, wrapped_prf) values (?, ?, ?) on conflict do nothing")
                    .param(personId)
                    .param(master.wrap(aead, bound("aead", personId)))
                    .param(master.wrap(prf, bound("prf", personId)))
                    .update();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key could be made for person " + personId, e);
        }
    }

    private PersonKeys unwrap(String personId, String aead, String prf) {
        try {
            return new PersonKeys(
                    master.unwrap(aead, bound("aead", personId)).getPrimitive(RegistryConfiguration.get(), Aead.class),
                    master.unwrap(prf, bound("prf", personId)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the key of person " + personId + " does not unwrap: its row is damaged", e);
        }
    }

    private static String bound(String use, String personId) {
        return "person_key/" + use + "/" + personId;
    }

    private static byte[] pad(byte[] text) {
        byte[] padded = Arrays.copyOf(text, (text.length / BLOCK + 1) * BLOCK);
        padded[text.length] = (byte) 0x80;
        return padded;
    }

    private static byte[] unpad(byte[] padded) throws GeneralSecurityException {
        int end = padded.length - 1;
        while (end >= 0 && padded[end] == 0) {
            end--;
        }
        if (end < 0 || padded[end] != (byte) 0x80) {
            throw new GeneralSecurityException("no padding");
        }
        return Arrays.copyOf(padded, end);
    }

    /** One form for what people write alike: compatibility forms (NFKC), case, blanks at the ends and runs of blanks do not count. */
    private static byte[] normalised(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return utf8(BLANKS.matcher(folded).replaceAll(" ").strip());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** @param prfKeys kept as keys: Tink's HMAC holds a Mac per thread, which would live as long as the cached entry */
    private record PersonKeys(Aead aead, KeysetHandle prfKeys) {

        PrfSet prf() throws GeneralSecurityException {
            return prfKeys.getPrimitive(RegistryConfiguration.get(), PrfSet.class);
        }

        @Override
        public String toString() {
            return "[keys of a person]";
        }
    }
}
