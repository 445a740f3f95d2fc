package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import uk.directpayments.ledger.support.ChildJvm;

class HomeTest {

    @TempDir
    Path directory;

    @Test
    void aHomeIsMadeForItsOwnerAlone() throws IOException {
        try (Home home = Home.open(directory.resolve("new/home"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.path())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aSecondProcessOnTheSameHomeIsRefusedInOneSentence() throws Exception {
        try (ChildJvm first = ChildJvm.start(HomeChild.class, List.of(), directory.toString())) {
            String pid = first.await("opened by");

            assertThatThrownBy(() -> Home.open(directory))
                    .isInstanceOf(StartRefused.class)
                    .hasMessage("The home " + directory.toRealPath() + " is in use by another ledger (process " + pid
                            + "): stop that one, or give this one a home of its own with --ledger.home=DIR.");
        }
    }

    @Test
    void aHomeIsFreeAgainWhenItsProcessIsKilled() throws Exception {
        try (ChildJvm first = ChildJvm.start(HomeChild.class, List.of(), directory.toString())) {
            first.await("opened by");
        }
        try (Home home = Home.open(directory)) {
            assertThat(home.resolve("lock")).exists();
        }
    }

    @Test
    void aRefusedSecondOpeningInTheSameProcessDoesNotFreeTheFirst() throws Exception {
        Path link =
                Files.createSymbolicLink(directory.resolve("link"), Files.createDirectory(directory.resolve("real")));
        try (Home home = Home.open(directory.resolve("real"))) {
            assertThatThrownBy(() -> Home.open(link)).isInstanceOf(StartRefused.class);

            try (ChildJvm other =
                    ChildJvm.start(HomeChild.class, List.of(), home.path().toString())) {
                assertThat(other.await("refused:")).contains("is in use by another ledger");
            }
        }
    }

    @Test
    void aHomeCanBeOpenedAgainOnceItIsClosed() throws IOException {
        Home.open(directory).close();
        Home.open(directory).close();
    }

    @Test
    void aHomeThatIsAFileIsRefusedInOneSentence() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> Home.open(file))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("cannot be used")
                .hasMessageContaining("--ledger.home=DIR");
    }

    @Test
    void aRestoreOfWhichNoBackupIsNamedIsRefusedInOneSentence() {
        assertThatThrownBy(() -> new HomeConfiguration().scratch(directory, null, null, false))
                .isInstanceOf(StartRefused.class)
                .hasMessageStartingWith("To try a restore, name ledger.drill.backup");
    }

    @Test
    void aRestoreIsNotTriedOnTheAxonServerThatIsInUse() {
        assertThatThrownBy(() -> new HomeConfiguration().scratch(directory, directory, null, true))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("leave out the profile axonserver");
    }

    @Test
    void aCopyOfABackupHasANameOfItsOwn() throws IOException {
        String living;
        try (Home home = Home.open(directory.resolve("home"))) {
            living = NodeName.of(home).home();
        }
        Path checkpoint = Files.writeString(directory.resolve("home/checkpoint"), "signed");
        try (ScratchHome scratch = ScratchHome.of(directory.resolve("home"), checkpoint, null);
                Home home = Home.open(scratch.path())) {
            assertThat(home.resolve("checkpoint")).hasContent("signed");
            assertThat(NodeName.of(home).home()).isNotEqualTo(living);
        }
    }

    @Test
    void aFileIsReplacedWholeAndForItsOwnerAlone() throws IOException {
        try (Home home = Home.open(directory)) {
            home.replace("checkpoint", "one".getBytes(StandardCharsets.US_ASCII));
            home.replace("checkpoint", "two".getBytes(StandardCharsets.US_ASCII));
            assertThat(home.resolve("checkpoint")).hasContent("two");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("checkpoint"))))
                    .isEqualTo("rw-------");
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).hasSize(2);
            }
        }
    }
}
