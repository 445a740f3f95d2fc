package uk.directpayments.ledger.platform;

import org.jspecify.annotations.Nullable;

/**
 * The service cannot be started as it is configured, or where it is. The message is one sentence for whoever started it: what is
 * wrong and what to do. It is all that they are shown ({@link StartRefusedAnalyzer}).
 */
public final class StartRefused extends RuntimeException {

    public StartRefused(String sentence) {
        this(sentence, null);
    }

    public StartRefused(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
