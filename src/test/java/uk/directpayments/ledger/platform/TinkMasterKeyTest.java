package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@ExtendWith(OutputCaptureExtension.class)
class TinkMasterKeyTest extends TinkOnPostgres {

    @Test
    void theMasterKeyIsMadeOnceAndOnlyItsOwnerMayReadIt() throws IOException {
        Path deeper = home.resolve("not/there/yet");
        start(deeper);
        Path file = deeper.resolve(TinkMasterKey.FILE);
        String made = Files.readString(file);

        start(deeper);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).isEqualTo(made);
        try (Stream<Path> files = Files.list(deeper)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aDatabaseOfAnotherMasterKeyIsRefusedAndTheFileLeftAlone(@TempDir Path elsewhere) throws IOException {
        startWith("P1");
        Path stranger = elsewhere.resolve(TinkMasterKey.FILE);
        empty();
        start(elsewhere);
        String before = Files.readString(stranger);
        empty();
        startWith("P1");

        assertThatExceptionOfType(StartRefused.class)
                .isThrownBy(() -> start(elsewhere))
                .withMessageContaining("another master key than " + stranger);
        assertThat(Files.readString(stranger)).isEqualTo(before);
    }

    @Test
    void aFileWhoseTokenKeysetIsAnothersIsRefused(@TempDir Path elsewhere) throws IOException {
        start(elsewhere);
        empty();
        startWith("P1");
        Path file = home.resolve(TinkMasterKey.FILE);
        var json = JsonMapper.shared();
        var mixed = (ObjectNode) json.readTree(Files.readString(file));
        mixed.set(
                "tokens",
                json.readTree(Files.readString(elsewhere.resolve(TinkMasterKey.FILE)))
                        .get("tokens"));
        Files.writeString(file, mixed.toString());

        assertThatExceptionOfType(StartRefused.class)
                .isThrownBy(this::start)
                .withMessageContaining("another master key");
    }

    @Test
    void aMissingMasterKeyIsNeverMadeAnew() throws IOException {
        startWith("P1");
        Files.delete(home.resolve(TinkMasterKey.FILE));

        assertThatExceptionOfType(StartRefused.class)
                .isThrownBy(this::start)
                .withMessageContaining("is missing: put back");
        assertThat(home).isEmptyDirectory();

        jdbc.sql("truncate sealing_check").update();
        assertThatExceptionOfType(StartRefused.class)
                .isThrownBy(this::start)
                .withMessageContaining("is missing: put back");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void aMissingMasterKeyIsNotMadeAnewEvenWhenEveryPersonIsErased() throws IOException {
        startWith("P1");
        jdbc.sql("delete from person_key").update();
        Files.delete(home.resolve(TinkMasterKey.FILE));

        assertThatExceptionOfType(StartRefused.class).isThrownBy(this::start).withMessageContaining("is missing");
    }

    @Test
    void aRotatedMasterKeyOpensEverythingAndTheOldOneNothingMore() throws IOException {
        TinkSealing before = startWith("P1", "P2");
        var text = before.seal("P1", "Robin");
        String token = before.token("Shop");
        before.destroy("P2", 7, Instant.EPOCH);
        Path file = home.resolve(TinkMasterKey.FILE);
        String old = Files.readString(file);
        String wrapped = wrappedKeys();

        TinkMasterKey.addKey(home);
        TinkSealing after = start();
        assertThat(after.open("P1", text)).isEqualTo("Robin");
        assertThat(after.token("Shop")).isEqualTo(token);
        assertThat(after.destroyed("P2")).isTrue();
        assertThat(wrappedKeys()).isNotEqualTo(wrapped);
        assertThat(Files.list(home).filter(each -> each.toString().endsWith(".retired.json")))
                .singleElement()
                .satisfies(retired -> assertThat(Files.readString(retired)).isEqualTo(old));

        assertThat(start().open("P1", text)).as("once more").isEqualTo("Robin");
        assertThat(Files.readString(home.resolve(ErasureList.FILE)))
                .as("the mark of an erasure is the same")
                .hasLineCount(1);
        Files.writeString(file, old);
        assertThatExceptionOfType(StartRefused.class)
                .isThrownBy(this::start)
                .withMessageContaining("another master key");
    }

    @Test
    void aRotationThatACrashEndedIsFinishedAtTheNextStart() throws IOException {
        var text = startWith("P1").seal("P1", "Robin");
        TinkMasterKey.addKey(home);
        String bothKeys = Files.readString(home.resolve(TinkMasterKey.FILE));
        start();
        Files.writeString(home.resolve(TinkMasterKey.FILE), bothKeys); // as if the old key had not been retired yet
        TinkSealing again = start();
        assertThat(again.open("P1", text)).isEqualTo("Robin");
        assertThat(Files.readString(home.resolve(TinkMasterKey.FILE))).isNotEqualTo(bothKeys);
    }

    private String wrappedKeys() {
        return jdbc.sql("select wrapped_aead from person_key where person_id = 'P1'")
                .query(String.class)
                .single();
    }

    @Test
    void keysOfPersonsWithoutTheCheckRowAreRefused() {
        startWith("P1");
        jdbc.sql("truncate sealing_check").update();

        assertThatExceptionOfType(StartRefused.class)
                .isThrownBy(this::start)
                .withMessageContaining("restore the database whole");
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void aDamagedMasterKeyIsRefusedWithoutQuotingIt(String content, CapturedOutput output) throws IOException {
        Path file = home.resolve(TinkMasterKey.FILE);
        Files.writeString(file, content);

        assertThatExceptionOfType(StartRefused.class)
                .isThrownBy(this::start)
                .withMessageContaining("is damaged")
                .withMessageNotContaining("c2VjcmV0")
                .withNoCause();
        assertThat(Files.readString(file)).isEqualTo(content);
        assertThat(output.getAll()).doesNotContain("c2VjcmV0").contains("chmod 600");
    }

    static Stream<String> damaged() {
        return Stream.of(
                "",
                "c2VjcmV0",
                "{}",
                "{\"wrapping\": {\"primaryKeyId\": 1, \"key\": [{\"keyData\": \"c2VjcmV0\"}]}}",
                "{\"wrapping\": \"c2VjcmV0\", \"tokens\": null}");
    }
}
