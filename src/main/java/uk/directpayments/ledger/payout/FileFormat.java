package uk.directpayments.ledger.payout;

import java.util.Arrays;
import uk.directpayments.ledger.kernel.RuleBroken;

/** The formats of bank files. API: Payment runs. */
enum FileFormat {
    PAIN_001_001_09("pain.001.001.09", "application/xml", "xml"),
    BACS_STANDARD_18("bacs-standard-18", "text/plain;charset=US-ASCII", "txt");

    private final String word;
    private final String mediaType;
    private final String extension;

    FileFormat(String word, String mediaType, String extension) {
        this.word = word;
        this.mediaType = mediaType;
        this.extension = extension;
    }

    /** @throws RuleBroken {@code FIELD_INVALID} */
    static FileFormat of(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word.equals(word))
                .findFirst()
                .orElseThrow(
                        () -> new RuleBroken("FIELD_INVALID", "must be pain.001.001.09 or bacs-standard-18", "format"));
    }

    String word() {
        return word;
    }

    String mediaType() {
        return mediaType;
    }

    String extension() {
        return extension;
    }
}
