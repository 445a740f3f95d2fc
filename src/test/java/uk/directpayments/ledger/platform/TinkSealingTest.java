package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.prf.HmacPrfKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;

@ExtendWith(OutputCaptureExtension.class)
class TinkSealingTest extends TinkOnPostgres {

    // sealing and opening

    static Stream<String> texts() {
        return Stream.of(
                "",
                " ",
                "Ann Example",
                "Zoë Ó Súilleabháin 李小龙 🦉",
                "ends in a zero\0",
                "\u0080\0\0",
                "fifteen letters",
                "sixteen letters.",
                "x".repeat(2_000),
                "🦉".repeat(2_000));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void whatIsSealedOpensAgainAlsoAfterARestart(String text) {
        Sealed sealed = startWith("P1").seal("P1", text);

        assertThat(start().open("P1", sealed)).isEqualTo(text);
        assertThat(sealed.sealed()).matches("[A-Za-z0-9_-]+");
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        assertThat(sealed.sealed().length()).isLessThanOrEqualTo(bytes * 4 / 3 + 66);
    }

    @Test
    void textsOfLikeLengthSealToTheSameLength() {
        TinkSealing sealing = startWith("P1");

        assertThat(Stream.of("", "Ann", "Bartholomew Xyz")
                        .map(text -> sealing.seal("P1", text).sealed().length())
                        .distinct())
                .hasSize(1);
        assertThat(sealing.seal("P1", "sixteen letters.").sealed())
                .hasSizeGreaterThan(sealing.seal("P1", "Ann").sealed().length());
    }

    @Test
    void theSameTextSealsDifferentlyEachTime() {
        TinkSealing sealing = startWith("P1");

        assertThat(sealing.seal("P1", "Ann")).isNotEqualTo(sealing.seal("P1", "Ann"));
    }

    @Test
    void anotherPersonsTextIsRefused() {
        TinkSealing sealing = startWith("P1", "P2");
        Sealed sealed = sealing.seal("P1", "Ann");

        assertThatIllegalStateException()
                .isThrownBy(() -> sealing.open("P2", sealed))
                .withMessageContaining("person P2");
    }

    @Test
    void keysCopiedToAnotherPersonsRowAreRefused() {
        TinkSealing sealing = startWith("P1", "P2");
        jdbc.sql(
                        "update person_key set (wrapped_aead, wrapped_prf) ="
                                + " (select wrapped_aead, wrapped_prf from person_key where person_id = 'P1') where person_id = 'P2'")
                .update();

        assertThatIllegalStateException()
                .isThrownBy(() -> sealing.seal("P2", "Ann"))
                .withMessageContaining("does not unwrap");
    }

    @Test
    void anAlteredTextIsRefusedWhereverItWasAltered() {
        TinkSealing sealing = startWith("P1");
        byte[] bytes =
                Base64.getUrlDecoder().decode(sealing.seal("P1", "Ann Example").sealed());

        for (int i = 0; i < bytes.length; i++) {
            byte[] altered = bytes.clone();
            altered[i] ^= 1;
            Sealed sealed = new Sealed(Base64.getUrlEncoder().encodeToString(altered));
            assertThatIllegalStateException().isThrownBy(() -> sealing.open("P1", sealed));
        }
    }

    @ParameterizedTest
    @MethodSource("notSealed")
    void whatWasNeverSealedIsRefused(String text) {
        TinkSealing sealing = startWith("P1");

        assertThatIllegalStateException()
                .isThrownBy(() -> sealing.open("P1", new Sealed(text)))
                .withNoCause()
                .withMessageNotContaining("Smith");
    }

    static Stream<String> notSealed() {
        return Stream.of("", "A", "John Smith", "AAAA", "[erased]");
    }

    @Test
    void aTextBoundToAnotherPersonIsRefusedEvenUnderTheSameKey() throws Exception {
        TinkSealing sealing = startWith("P1");
        Aead key = keys("aead", "P1").getPrimitive(RegistryConfiguration.get(), Aead.class);
        byte[] padded = Arrays.copyOf("Ann\u0080".getBytes(StandardCharsets.ISO_8859_1), 16);

        assertThat(sealing.open("P1", encrypted(key, padded, "P1"))).isEqualTo("Ann");
        Sealed bound = encrypted(key, padded, "P2");
        assertThatIllegalStateException().isThrownBy(() -> sealing.open("P1", bound));
        for (String unpadded : List.of("", "Ann", "\0\0")) {
            Sealed without = encrypted(key, unpadded.getBytes(StandardCharsets.UTF_8), "P1");
            assertThatIllegalStateException().isThrownBy(() -> sealing.open("P1", without));
        }
    }

    private static Sealed encrypted(Aead key, byte[] bytes, String personId) throws Exception {
        byte[] sealed = key.encrypt(bytes, personId.getBytes(StandardCharsets.UTF_8));
        return new Sealed(Base64.getUrlEncoder().withoutPadding().encodeToString(sealed));
    }

    @Test
    void aKeyAddedToAKeysetSealsWhatIsNewAndWhatIsOldStillOpens() throws Exception {
        TinkSealing before = startWith("P1");
        Sealed old = before.seal("P1", "Ann");
        String payee = before.opaque("P1", "Acme Care");
        KeysetHandle rotated = KeysetHandle.newBuilder(keys("aead", "P1"))
                .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                        .withRandomId()
                        .makePrimary())
                .build();
        jdbc.sql("update person_key set wrapped_aead = ?")
                .param(TinkMasterKey.open(home, jdbc).wrap(rotated, "person_key/aead/P1"))
                .update();

        TinkSealing after = start();
        Sealed fresh = after.seal("P1", "Ann");

        assertThat(after.open("P1", old)).isEqualTo("Ann");
        assertThat(after.open("P1", fresh)).isEqualTo("Ann");
        assertThat(after.opaque("P1", "Acme Care")).isEqualTo(payee);
    }

    // keys that are not there

    @Test
    void nothingIsSealedForAPersonWhoWasNotAdmitted() {
        TinkSealing sealing = start();

        assertThatIllegalStateException().isThrownBy(() -> sealing.seal("P1", "Ann"));
        assertThatIllegalStateException().isThrownBy(() -> sealing.opaque("P1", "Ann"));
    }

    @Test
    void withoutItsKeyATextReadsErasedAndNothingNewIsSealed() {
        TinkSealing sealing = startWith("P1", "P2");
        Sealed ann = sealing.seal("P1", "Ann");
        Sealed bob = sealing.seal("P2", "Bob");

        sealing.destroy("P1", 7, Instant.parse("2026-05-04T10:00:00Z"));
        sealing.destroy("P1", 7, Instant.parse("2026-05-04T10:00:00Z"));

        assertThat(sealing.destroyed("P1")).isTrue();
        assertThat(sealing.destroyed("P2")).isFalse();
        assertThat(sealing.open("P1", ann)).isEqualTo(Sealing.ERASED);
        assertThat(start().open("P1", ann)).isEqualTo(Sealing.ERASED);
        assertThat(sealing.open("P2", bob)).isEqualTo("Bob");
        assertErased(() -> sealing.seal("P1", "Ann"));
        assertErased(() -> sealing.opaque("P1", "Ann"));
        assertErased(() -> sealing.admit("P1"));
    }

    private static void assertErased(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RuleBroken.class, refusal -> assertThat(refusal.code()).isEqualTo("CONTENT_ERASED"));
    }

    @Test
    void aPersonAdmittedByAnotherNodeCanBeSealedForAtOnce() {
        TinkSealing here = start();
        TinkSealing there = start();
        here.warm(List.of("P1"));
        there.admit("P1");

        Sealed sealed = here.seal("P1", "Ann");

        assertThat(here.open("P1", sealed)).isEqualTo("Ann");
        assertThat(there.open("P1", sealed)).isEqualTo("Ann");
    }

    @Test
    void admittingTwiceKeepsTheKey() {
        TinkSealing sealing = startWith("P1");
        Sealed sealed = sealing.seal("P1", "Ann");

        sealing.admit("P1");

        assertThat(sealing.open("P1", sealed)).isEqualTo("Ann");
    }

    @Test
    void anAdmittedPersonStaysWhenTheCallerRollsBack() {
        TinkSealing sealing = start();
        new TransactionTemplate(new DataSourceTransactionManager(database)).executeWithoutResult(status -> {
            sealing.admit("P1");
            sealing.seal("P1", "Ann");
            status.setRollbackOnly();
        });

        assertThat(persons()).isEqualTo(1);
    }

    @Test
    void sixteenCallersOnTwoNodesAdmitOnePersonWithOneKey() throws Exception {
        List<TinkSealing> nodes = List.of(start(), start());
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            for (int round = 0; round < 5; round++) {
                String person = "P" + round;
                CountDownLatch together = new CountDownLatch(1);
                List<Future<Sealed>> answers = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    TinkSealing node = nodes.get(i % 2);
                    answers.add(threads.submit(() -> {
                        together.await();
                        node.admit(person);
                        return node.seal(person, "Ann");
                    }));
                }
                together.countDown();
                TinkSealing later = start();
                for (Future<Sealed> answer : answers) {
                    assertThat(later.open(person, answer.get())).isEqualTo("Ann");
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(persons()).isEqualTo(5);
    }

    @Test
    void manyPersonsAreFetchedInOneQuery() {
        List<String> ids = IntStream.range(0, 50).mapToObj(i -> "P" + i).toList();
        TinkSealing first = startWith(ids.toArray(String[]::new));
        List<Sealed> sealed = ids.stream().map(id -> first.seal(id, id)).toList();
        jdbc.sql("delete from person_key where person_id = 'P7'").update();

        TinkSealing sealing = start();
        sealing.warm(ids);
        // whatever is not in memory by now would read as erased or fail
        jdbc.sql("truncate person_key").update();

        for (int i = 0; i < 50; i++) {
            assertThat(sealing.open(ids.get(i), sealed.get(i))).isEqualTo(i == 7 ? Sealing.ERASED : ids.get(i));
        }
        sealing.warm(List.of());
    }

    @Test
    void aCacheOfNoKeysIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TinkSealing(home, 0, jdbc, new DataSourceTransactionManager(database)))
                .withMessageContaining("ledger.sealing.cached-keys");
    }

    // stand-ins

    @Test
    void aStandInIsStableOverRestartsAndTellsNothingAcrossPersons() {
        TinkSealing sealing = startWith("P1", "P2");
        String payee = sealing.opaque("P1", "Acme Care");

        assertThat(payee).matches("[0-9a-f]{32}").isEqualTo(start().opaque("P1", "Acme Care"));
        assertThat(sealing.opaque("P2", "Acme Care")).isNotEqualTo(payee);
        assertThat(sealing.opaque("P1", "Acme Cares")).isNotEqualTo(payee);
        assertThat(sealing.token("Acme Care")).isNotEqualTo(payee);
    }

    @Test
    void aTokenIsTheSameForEveryPersonAndOverRestarts(@TempDir Path elsewhere) {
        String card = start().token("4929 1234");

        assertThat(card).matches("[0-9a-f]{32}").isEqualTo(start().token("4929 1234"));
        assertThat(start().token("4929 1235")).isNotEqualTo(card);
        empty();
        assertThat(start(elsewhere).token("4929 1234")).isNotEqualTo(card);
    }

    @ParameterizedTest
    @MethodSource("writtenAlike")
    void caseAndBlanksAndFormsOfALetterDoNotCount(String text) {
        TinkSealing sealing = startWith("P1");

        assertThat(sealing.opaque("P1", text)).isEqualTo(sealing.opaque("P1", "Zoë Care"));
        assertThat(sealing.token(text)).isEqualTo(sealing.token("Zoë Care"));
    }

    static Stream<String> writtenAlike() {
        return Stream.of(
                "zoë care", "Ｚｏë Care", "  ZOË \t\n CARE ", "Zoe\u0308\u00a0Care", "\u2003Zoë\u2003\u2003care\u3000");
    }

    @Test
    void anEmptyTextHasAStandInToo() {
        TinkSealing sealing = startWith("P1");

        assertThat(sealing.opaque("P1", " "))
                .isEqualTo(sealing.opaque("P1", ""))
                .hasSize(32);
    }

    // secrets

    @Test
    void neitherTextsNorKeysShowAnywhere(CapturedOutput output) throws Exception {
        TinkSealing sealing = startWith("P1", "P2");
        Sealed sealed = sealing.seal("P1", "Ann Example");
        StringBuilder shown = new StringBuilder(sealing + " " + sealed);
        for (Runnable failure : List.<Runnable>of(
                () -> sealing.open("P2", sealed),
                () -> sealing.seal("P3", "Ann Example"),
                () -> sealing.opaque("P3", "Ann Example"))) {
            try {
                failure.run();
            } catch (IllegalStateException e) {
                var words = new StringWriter();
                e.printStackTrace(new PrintWriter(words));
                shown.append(words);
            }
        }
        String stored = jdbc.sql("select string_agg(person_key::text, ' ') from person_key")
                        .query(String.class)
                        .single()
                + jdbc.sql("select wrapped from sealing_check")
                        .query(String.class)
                        .single();
        String everything = shown + stored + output.getAll();

        assertThat(everything).doesNotContain("Ann Example");
        assertThat(keysInEveryWriting()).hasSize(4 * 6).noneMatch(everything::contains);
    }

    /** The bytes of the master's two keys and of both persons' two, as hexadecimal and in the forms of base64. */
    private Set<String> keysInEveryWriting() throws Exception {
        var json = JsonMapper.shared().readTree(Files.readString(home.resolve(TinkMasterKey.FILE)));
        List<byte[]> keys = new ArrayList<>();
        for (String keyset : List.of("wrapping", "tokens")) {
            keys.add(bytesOf(
                    TinkJsonProtoKeysetFormat.parseKeyset(json.get(keyset).toString(), InsecureSecretKeyAccess.get())));
        }
        for (String person : List.of("P1", "P2")) {
            keys.add(bytesOf(keys("aead", person)));
            keys.add(bytesOf(keys("prf", person)));
        }
        Set<String> written = new HashSet<>();
        for (byte[] key : keys) {
            assertThat(key).hasSize(32);
            written.add(HexFormat.of().formatHex(key));
            // inside a longer base64 the bytes may begin at any of three offsets
            for (int skip = 0; skip < 3; skip++) {
                byte[] rest = Arrays.copyOfRange(key, skip, skip + 27);
                written.add(Base64.getEncoder().withoutPadding().encodeToString(rest));
            }
        }
        return written;
    }

    private KeysetHandle keys(String use, String person) throws Exception {
        String wrapped = jdbc.sql("select wrapped_" + use + " from person_key where person_id = ?")
                .param(person)
                .query(String.class)
                .single();
        return TinkMasterKey.open(home, jdbc).unwrap(wrapped, "person_key/" + use + "/" + person);
    }

    private static byte[] bytesOf(KeysetHandle keys) {
        var key = keys.getPrimary().getKey();
        return key instanceof AesGcmKey aes
                ? aes.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get())
                : ((HmacPrfKey) key).getKeyBytes().toByteArray(InsecureSecretKeyAccess.get());
    }

    private long persons() {
        return jdbc.sql("select count(*) from person_key").query(Long.class).single();
    }
}
