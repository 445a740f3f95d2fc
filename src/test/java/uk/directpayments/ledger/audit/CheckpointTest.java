package uk.directpayments.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The line of a home's file {@code checkpoint}. */
class CheckpointTest {

    private static final Checkpoint KEPT =
            new Checkpoint(2501, "00ff".repeat(16), Instant.parse("2026-11-30T03:19:54.269Z"), "key", "signature");

    @Test
    void whatIsKeptIsReadAgain() {
        assertThat(Checkpoint.parse(KEPT.line())).isEqualTo(KEPT);
    }

    @Test
    void whatIsNotACheckpointOfAHomeIsRefusedInWords() {
        for (String other : new String[] {
            "", "direct-payment-ledger\n2501\nroot\nsigned 2026-11-30T03:19:54.269Z", "1 2", "a b c d e"
        }) {
            assertThatThrownBy(() -> Checkpoint.parse(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not the checkpoint");
        }
    }
}
