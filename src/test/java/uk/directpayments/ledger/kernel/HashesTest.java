package uk.directpayments.ledger.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HashesTest {

    /** Stored in metadata and snapshots: a changed hash would forget every key and reference. */
    @Test
    void theHashesNeverChange() {
        assertThat(Hashes.hex()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(Hashes.hex("abc")).isEqualTo(sha256(new byte[] {0, 0, 0, 3, 'a', 'b', 'c'}));
        assertThat(Hashes.hex("é", ""))
                .isEqualTo(sha256(new byte[] {0, 0, 0, 2, (byte) 0xc3, (byte) 0xa9, 0, 0, 0, 0}));
    }

    @Test
    void theShortHashIsTheBeginningOfTheLong() {
        assertThat(HexFormat.of().toHexDigits(Hashes.bits64("expenditure", "E-1")))
                .isEqualTo(Hashes.hex("expenditure", "E-1").substring(0, 16));
    }

    @Test
    void noTwoListsOfPartsHashAlike() {
        assertThat(new String[] {
                    Hashes.hex(),
                    Hashes.hex(""),
                    Hashes.hex("", ""),
                    Hashes.hex("ab", "c"),
                    Hashes.hex("a", "bc"),
                    Hashes.hex("abc"),
                    Hashes.hex("abc", "")
                })
                .doesNotHaveDuplicates();
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(Hashes.sha256().digest(bytes));
    }
}
