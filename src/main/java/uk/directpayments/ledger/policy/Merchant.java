package uk.directpayments.ledger.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the council's merchant list: the setting {@code merchants.<id>}. Rulebook 3.5, 3.
 *
 * @param names      as they stand on statements; case, accents and signs do not matter
 * @param kind       what the merchant is known as, or null
 * @param decision   what is decided about spending there, or null: the category decides
 * @param reasonCode of the decision
 */
public record Merchant(
        List<@Nullable String> names,
        @Nullable Kind kind,
        @Nullable Decision decision,
        @Nullable String reasonCode) {

    /** Kinds of merchants that conditions and detectors ask for. */
    public enum Kind {
        HOME_CARE_AGENCY,
        EMPLOYERS_LIABILITY_INSURER,
        COUNCIL,
        HMRC
    }

    /** A name that says nothing is nobody's: one may stand in a version from before such were refused. */
    boolean is(String payee) {
        String plain = plain(payee);
        return names.stream().filter(Merchant::isName).map(Merchant::plain).anyMatch(plain::equals);
    }

    /** How long the longest of its names is that stands in a text as whole words, however these are parted there; 0 if none does. */
    int namedIn(String text) {
        List<String> words = Arrays.stream(text.split("[^\\p{L}\\p{M}\\p{N}]+"))
                .map(Merchant::plain)
                .toList();
        return names.stream()
                .filter(Merchant::isName)
                .map(Merchant::plain)
                .filter(name -> stands(name, words))
                .mapToInt(String::length)
                .max()
                .orElse(0);
    }

    private static boolean stands(String name, List<String> words) {
        for (int first = 0; first < words.size(); first++) {
            String run = "";
            for (int next = first; next < words.size() && run.length() < name.length(); next++) {
                run += words.get(next);
            }
            if (run.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is a letter or a digit in it, by which payees can be compared. */
    static boolean isName(@Nullable String name) {
        return name != null && !plain(name).isEmpty();
    }

    private static String plain(String name) {
        return java.text.Normalizer.normalize(name, java.text.Normalizer.Form.NFKD)
                .replaceAll("[^\\p{L}\\p{N}]+", "")
                .toUpperCase(Locale.ROOT);
    }
}
