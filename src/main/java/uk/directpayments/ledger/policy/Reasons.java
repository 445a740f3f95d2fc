package uk.directpayments.ledger.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What the reason codes of rulebook 3.2 mean, in a sentence for a layman. */
public final class Reasons {

    /** Those that the policy file does not have. */
    private static final Map<String, String> MORE = Map.of(
            "OVERSPEND", "More was spent than the account held.",
            "DUPLICATE", "This looks like a payment that was made twice.",
            "SELF_PAYMENT", "The money was paid to whoever receives the direct payment.",
            "RESIDENTIAL_SINGLE_PERIOD_EXCEEDED",
                    "A child's residential care lasted longer than four weeks at a stretch.",
            "RESIDENTIAL_120_EXCEEDED", "A child's residential care came to more than 120 days in twelve months.",
            "RESIDENTIAL_LINKED_EXCEEDED",
                    "An adult's linked stays in care homes came to more than four weeks in twelve months.",
            "OVERLAPPING_STAY", "Somebody cannot sleep in two places in one night.",
            "TRANSITION_REVIEW_DUE",
                    "The 18th birthday falls within the stay: another law counts its days from then on.");

    private static final Map<String, String> WORDS = load();

    private Reasons() {}

    /** Whether there is such a code: rulebook 3.2, and the note on precedence at its end. */
    public static boolean isKnown(String reason) {
        return WORDS.containsKey(reason);
    }

    public static String words(String reason) {
        return WORDS.getOrDefault(reason, "Reason " + reason + ".");
    }

    private static Map<String, String> load() {
        Map<String, String> words = new TreeMap<>(MORE);
        try (InputStream file = Objects.requireNonNull(Reasons.class.getResourceAsStream(DefaultPolicy.FILE))) {
            JsonNode policy = Settings.JSON.readTree(file);
            for (String kind : new String[] {"reasons", "nonMccReasons"}) {
                policy.path(kind)
                        .properties()
                        .forEach(reason ->
                                words.put(reason.getKey(), reason.getValue().asString()));
            }
            return Map.copyOf(words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
