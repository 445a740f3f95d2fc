package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningTest {

    private static final byte[] MESSAGE = "a receipt".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path home;

    @Test
    void theKeyIsMadeOnceForItsOwnerAloneAndSurvivesARestart() throws Exception {
        Signing first = Signing.open(home);
        byte[] signature = first.sign(MESSAGE);

        Signing second = Signing.open(home);
        assertThat(second.sign(MESSAGE)).hasSize(64).isEqualTo(signature);
        assertThat(second.publicKey()).hasSize(32).isEqualTo(first.publicKey());
        assertThat(second.keyId()).matches("[0-9a-f]{16}").isEqualTo(Signing.keyId(first.publicKey()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(Signing.FILE))))
                .isEqualTo("rw-------");
    }

    @Test
    void aSignatureIsThatKeysOfThatMessage() {
        Signing signing = Signing.open(home);
        byte[] signature = signing.sign(MESSAGE);
        assertThat(Signing.verify(signing.publicKey(), MESSAGE, signature)).isTrue();

        byte[] another = Signing.open(home.resolve("another")).publicKey();
        assertThat(Signing.verify(another, MESSAGE, signature)).isFalse();
        assertThat(Signing.verify(signing.publicKey(), "A receipt".getBytes(StandardCharsets.UTF_8), signature))
                .isFalse();
        signature[10] ^= 1;
        assertThat(Signing.verify(signing.publicKey(), MESSAGE, signature)).isFalse();
        assertThat(Signing.verify(new byte[3], MESSAGE, signature)).isFalse();
        assertThat(Signing.verify(signing.publicKey(), MESSAGE, new byte[0])).isFalse();
    }

    @Test
    void aRotatedKeyIsEndorsedByTheOneBeforeWhoseSecretIsGone() throws Exception {
        Signing first = Signing.open(home);
        assertThat(first.successions()).isEmpty();
        Signing.rotate(home);
        Signing second = Signing.open(home);
        assertThat(second.keyId()).isNotEqualTo(first.keyId());
        Signing.Endorsement by = second.successions().get(0).by();
        assertThat(by.publicKey()).isEqualTo(first.publicKey());
        assertThat(by.isOf(second.publicKey())).isTrue();
        assertThat(by.isOf(first.publicKey())).isFalse();
        assertThat(Files.readString(home.resolve("signing-key." + first.keyId() + ".retired.pem")))
                .contains("PUBLIC KEY")
                .doesNotContain("PRIVATE");
    }

    @Test
    void aKeyThatIsRotatedTwiceBeforeAnybodyWasToldTellsOfBothSuccessions() throws Exception {
        Signing first = Signing.open(home);
        Signing.rotate(home);
        Signing second = Signing.open(home);
        Signing.rotate(home);
        Signing third = Signing.open(home);
        assertThat(third.successions())
                .extracting(succession -> Signing.keyId(succession.publicKey()))
                .containsExactly(second.keyId(), third.keyId());
        assertThat(third.successions())
                .extracting(succession -> Signing.keyId(succession.by().publicKey()))
                .containsExactly(first.keyId(), second.keyId());
        assertThat(third.successions()).allMatch(succession -> succession.by().isOf(succession.publicKey()));

        Path retired = home.resolve("signing-key." + second.keyId() + ".retired.pem");
        Files.writeString(retired, Files.readString(retired).replace("END ENDORSEMENT", "END"));
        assertThat(Signing.open(home).successions())
                .as("a public key that is damaged does not stop the start")
                .hasSize(1);
    }

    @Test
    void aKeyWithAnEndorsementOfAnotherKeyStopsTheStart() throws Exception {
        Signing.open(home);
        Signing.rotate(home);
        String rotated = Files.readString(home.resolve(Signing.FILE));
        Signing.rotate(home);
        Path file = home.resolve(Signing.FILE);
        String other = Files.readString(file);
        int own = other.indexOf("-----BEGIN PREDECESSOR");
        Files.writeString(file, other.substring(0, own) + rotated.substring(rotated.indexOf("-----BEGIN PREDECESSOR")));
        assertThatThrownBy(() -> Signing.open(home))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("damaged");
    }

    /** RFC 8032, section 7.1, test 2. */
    @Test
    void theKnownAnswerOfTheStandardVerifies() {
        byte[] publicKey = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        byte[] signature = hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
        assertThat(Signing.verify(publicKey, hex("72"), signature)).isTrue();
        assertThat(Signing.verify(publicKey, hex("73"), signature)).isFalse();
    }

    @Test
    void aDamagedKeyStopsTheStartAndIsNotQuoted() throws Exception {
        Signing.open(home);
        Path file = home.resolve(Signing.FILE);
        String pem = Files.readString(file);
        Signing.open(home.resolve("another"));
        String foreign = Files.readString(home.resolve("another").resolve(Signing.FILE));
        String mixed = pem.substring(0, pem.indexOf("-----BEGIN PUBLIC"))
                + foreign.substring(foreign.indexOf("-----BEGIN PUBLIC"));
        for (String damaged : new String[] {"", pem.substring(0, pem.length() - 30), pem.replace('M', '!'), mixed}) {
            Files.writeString(file, damaged);
            assertThatThrownBy(() -> Signing.open(home))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("damaged")
                    .hasNoCause();
        }
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
