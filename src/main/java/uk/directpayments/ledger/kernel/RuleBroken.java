package uk.directpayments.ledger.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A refusal: the code that the public contract fixes, and words for the person who asked. The words never hold personal
 * data. What HTTP status a code has, {@code platform.Problems} alone knows.
 */
public final class RuleBroken extends RuntimeException {

    private final String code;
    private final @Nullable String field;

    public RuleBroken(String code, String words) {
        this(code, words, null);
    }

    /** @param field the request's field that is to blame, dotted (<code>lines[0].annualAmount</code>), or null */
    public RuleBroken(String code, String words, @Nullable String field) {
        super(words, null, false, false);
        this.code = code;
        this.field = field;
    }

    public String code() {
        return code;
    }

    public String words() {
        String words = getMessage();
        return words == null ? code : words;
    }

    public @Nullable String field() {
        return field;
    }

    @Override
    public String toString() {
        return code + ": " + words();
    }
}
