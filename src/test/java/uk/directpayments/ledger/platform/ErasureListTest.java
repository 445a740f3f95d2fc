package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;

/** Whoever was erased stays erased, whatever is restored. */
@ExtendWith(OutputCaptureExtension.class)
class ErasureListTest extends TinkOnPostgres {

    private static final Instant AT = Instant.parse("2026-05-04T10:00:00.123Z");

    private Path list;

    @BeforeEach
    void aTableForTheBackup() {
        list = home.resolve(ErasureList.FILE);
        jdbc.sql("create table if not exists backup as select * from person_key with no data")
                .update();
        jdbc.sql("truncate backup").update();
    }

    @Test
    void aKeyThatAnOlderBackupBroughtBackIsDestroyedAgainAtTheStart(CapturedOutput output) {
        TinkSealing sealing = startWith("P1", "P2", "P3");
        Sealed ann = sealing.seal("P1", "Ann Distinctive");
        Sealed bob = sealing.seal("P2", "Bob");
        backUp();
        sealing.destroy("P1", 7, AT);
        sealing.destroy("P3", 8, AT);
        start();
        assertThat(output).doesNotContain("ERASED AGAIN");

        restore();
        TinkSealing restarted = start();

        assertThat(restarted.open("P1", ann)).isEqualTo(Sealing.ERASED);
        assertThat(restarted.open("P2", bob)).isEqualTo("Bob");
        assertThat(restarted.destroyed("P1")).isTrue();
        assertThatThrownBy(() -> restarted.admit("P1")).isInstanceOf(RuleBroken.class);
        assertThat(keys()).isEqualTo(1);
        assertThat(output)
                .containsOnlyOnce("ERASED AGAIN: 2 persons")
                .contains("[P1, P3]")
                .doesNotContain("Distinctive");
    }

    @Test
    void aListThatWasLostOrThatAnotherNodeWroteIsMadeUpFromTheDatabase() throws Exception {
        TinkSealing sealing = startWith("P1", "P2");
        sealing.destroy("P1", 7, AT);
        sealing.destroy("P2", 9, AT);
        String before = Files.readString(list);
        assertThat(before.lines()).hasSize(2).first().asString().matches("[0-9a-f]{16} 7 2026-05-04T10:00:00.123Z P1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(list)))
                .isEqualTo("rw-------");

        Files.delete(list);
        start();
        assertThat(Files.readString(list)).isEqualTo(before);
        start();
        assertThat(Files.readString(list)).isEqualTo(before);
    }

    @Test
    void whomOneNodeErasesEveryOtherListsWithoutBeingStartedAgain() throws Exception {
        TinkSealing sealing = startWith("P1", "P2");
        Sealed ann = sealing.seal("P1", "Ann");
        Path otherHome = Files.createDirectory(home.resolve("other"));
        Files.copy(home.resolve(TinkMasterKey.FILE), otherHome.resolve(TinkMasterKey.FILE));
        TinkSealing other = start(otherHome);
        backUp();
        sealing.destroy("P1", 7, AT);
        for (int times = 0; times < 2; times++) {
            sealing.listErasures();
            other.listErasures();
            assertThat(otherHome.resolve(ErasureList.FILE)).hasSameTextualContentAs(list);
            assertThat(Files.readAllLines(list)).hasSize(1);
        }

        restore();
        assertThat(start(otherHome).open("P1", ann)).isEqualTo(Sealing.ERASED);
    }

    @Test
    void aCrashBetweenTheListAndTheDatabaseIsFinishedAtTheStart() throws Exception {
        TinkSealing sealing = startWith("P1");
        Sealed ann = sealing.seal("P1", "Ann");
        backUp();
        sealing.destroy("P1", 7, AT);
        restore();
        // and the next line was cut off
        Files.writeString(list, Files.readString(list) + Files.readString(list).substring(0, 20));

        assertThat(start().open("P1", ann)).isEqualTo(Sealing.ERASED);
        assertThat(Files.readString(list)).endsWith(" P1\n");
    }

    @Test
    void aLineThatADiskHadNoRoomForLeavesNoHalfOfItself() throws Exception {
        ErasureList erasures = new ErasureList(home, "0123456789abcdef");
        for (int times = 0; times < 2; times++) {
            assertThatThrownBy(() -> erasures.append(channel -> {
                        channel.write(
                                ByteBuffer.wrap("0123456789abcdef 7 2026-05".getBytes(StandardCharsets.US_ASCII)));
                        throw new IOException("No space left on device");
                    }))
                    .hasMessageContaining("cannot be written");
            assertThat(Files.readString(list).lines()).hasSize(times);
            erasures.add(List.of(new ErasureList.Erasure("P" + times, 7 + times, AT)));
        }
        assertThat(erasures.read())
                .containsExactly(new ErasureList.Erasure("P0", 7, AT), new ErasureList.Erasure("P1", 8, AT));
    }

    @Test
    void theListOfAnotherDatabaseInTheSameHomeErasesNobody() {
        TinkSealing sealing = startWith("P1");
        sealing.destroy("P1", 7, AT);

        jdbc.sql("truncate person_key, sealing_check, erased_person").update();
        TinkSealing another = startWith("P1");
        Sealed zoe = another.seal("P1", "Zoe");

        assertThat(start().open("P1", zoe)).isEqualTo("Zoe");
    }

    @Test
    void aLineThatCannotBeReadStopsTheStart() throws Exception {
        startWith("P1").destroy("P1", 7, AT);
        String line = Files.readString(list);
        for (String damaged :
                new String[] {"\n", "nonsense\n", line.replace("2026", "20x6"), line.replace(" 7 ", " -7 ")}) {
            Files.writeString(list, line + damaged, StandardOpenOption.TRUNCATE_EXISTING);
            assertThatThrownBy(this::start)
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("Line 2 of the list of erasures");
        }
    }

    @Test
    void nothingIsDestroyedIfTheListCannotBeWritten() throws Exception {
        TinkSealing sealing = startWith("P1");
        Sealed ann = sealing.seal("P1", "Ann");
        Files.createDirectory(list);

        assertThatThrownBy(() -> sealing.destroy("P1", 7, AT)).hasMessageContaining("cannot be written");
        assertThat(sealing.open("P1", ann)).isEqualTo("Ann");
        assertThat(sealing.destroyed("P1")).isFalse();
    }

    private void backUp() {
        jdbc.sql("insert into backup select * from person_key").update();
    }

    private void restore() {
        jdbc.sql("truncate person_key, erased_person").update();
        jdbc.sql("insert into person_key select * from backup").update();
    }

    private long keys() {
        return jdbc.sql("select count(*) from person_key").query(Long.class).single();
    }
}
