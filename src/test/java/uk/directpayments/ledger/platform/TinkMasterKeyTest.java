package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
