package uk.directpayments.ledger.intake;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * What every format asks of a field. A field that fails is a {@link RuleBroken} whose words name the column and never repeat
 * what stands in it; the reader makes a {@link RefusedLine} of it.
 */
final class StatementFields {

    /** The longest text taken from a statement, in characters; longer is {@code FIELD_INVALID}. */
    static final int LONGEST_TEXT = 255;

    /** 13 to 19 digits that stand alone, together or grouped as they are embossed on a card. */
    private static final Pattern LIKE_A_CARD_NUMBER = Pattern.compile(
            "(?<![0-9])(?:[0-9]{13,19}|[0-9]{4}([ -])[0-9]{4}\\1[0-9]{4}\\1[0-9]{1,7}|[0-9]{4}([ -])[0-9]{6}\\2[0-9]{5})(?![0-9])");

    /** No file is that old or that new, and no calendar of any zone ends between. */
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9998-12-31T23:59:59Z");

    private static final Pattern FOUR_DIGITS = Pattern.compile("[0-9]{4}");
    private static final Pattern BLANKS = Pattern.compile("[\\p{Cntrl}\\s]+");
    private static final Pattern LINE_BREAKS = Pattern.compile("[\\r\\n]+");

    private StatementFields() {}

    /** @throws RuleBroken {@code FIELD_INVALID} when missing, too long or with control characters */
    static String required(String column, String raw) {
        String text = optional(column, raw);
        if (text == null) {
            throw invalid(column, "is missing");
        }
        return text;
    }

    /**
     * @return the text without the spaces around it, or null if nothing is left
     * @throws RuleBroken {@code FIELD_INVALID} when too long or with control characters
     */
    static @Nullable String optional(String column, String raw) {
        if (raw.length() > LONGEST_TEXT) {
            throw invalid(column, "is longer than " + LONGEST_TEXT + " characters");
        }
        if (raw.chars().anyMatch(Character::isISOControl)) {
            throw invalid(column, "holds control characters");
        }
        String text = raw.strip();
        return text.isEmpty() ? null : text;
    }

    /** As {@link #optional}, but a line break within the text counts as a space: names of shops come with their town below. */
    static @Nullable String freeText(String column, String raw) {
        return optional(column, LINE_BREAKS.matcher(raw.strip()).replaceAll(" "));
    }

    /** @throws RuleBroken {@code FIELD_INVALID} if the text holds what could be a full card number: we must not keep those */
    static void withoutCardNumber(String column, @Nullable String text) {
        if (text == null) {
            return;
        }
        Matcher like = LIKE_A_CARD_NUMBER.matcher(text);
        while (like.find()) {
            if (passesLuhn(like.group())) {
                throw invalid(column, "holds what looks like a full card number");
            }
        }
    }

    /**
     * A text as banks write them, of any length: without line breaks, control characters and spaces in rows, cut at {@link #LONGEST_TEXT},
     * and of what looks like a full card number the last four digits alone.
     *
     * @return null if nothing is left
     */
    static @Nullable String bankText(@Nullable String raw) {
        if (raw == null) {
            return null;
        }
        String text = LIKE_A_CARD_NUMBER
                .matcher(BLANKS.matcher(raw).replaceAll(" "))
                .replaceAll(like -> passesLuhn(like.group())
                        ? "****" + like.group().substring(like.group().length() - 4)
                        : like.group())
                .strip();
        if (text.length() > LONGEST_TEXT) {
            boolean pair = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1));
            text = text.substring(0, pair ? LONGEST_TEXT - 1 : LONGEST_TEXT).strip();
        }
        return text.isEmpty() ? null : text;
    }

    /** @throws RuleBroken {@code MONEY_INVALID} unless pounds with at most two decimals, in the range of the contract */
    static Money money(String column, String raw) {
        Money money;
        try {
            money = Money.parse(raw.strip());
        } catch (RuleBroken refused) {
            throw new RuleBroken(refused.code(), column + " must be pounds with at most two decimals, like -12.30.");
        }
        if (Math.abs(money.pence()) > Money.LARGEST_REQUEST.pence()) {
            throw new RuleBroken("MONEY_INVALID", column + " is beyond " + Money.LARGEST_REQUEST + ".");
        }
        return money;
    }

    /** @throws RuleBroken {@code FIELD_INVALID} unless ISO 8601 with a zone: a time without one could be of two days */
    static Instant instant(String column, String raw) {
        Instant instant;
        try {
            instant = OffsetDateTime.parse(raw.strip()).toInstant();
        } catch (DateTimeException refused) {
            throw invalid(column, "must be an instant with a zone, like 2026-03-02T12:06:00Z");
        }
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw invalid(column, "must be from the year 2000 to 9998");
        }
        return instant;
    }

    /** @throws RuleBroken {@code FIELD_INVALID} unless four digits or nothing */
    static @Nullable String mcc(String column, String raw) {
        String text = raw.strip();
        if (!text.isEmpty() && !FOUR_DIGITS.matcher(text).matches()) {
            throw invalid(column, "must be four digits");
        }
        return text.isEmpty() ? null : text;
    }

    static RuleBroken invalid(String column, String words) {
        return new RuleBroken("FIELD_INVALID", column + " " + words + ".");
    }

    private static boolean passesLuhn(String number) {
        int sum = 0;
        boolean doubled = false;
        for (int i = number.length() - 1; i >= 0; i--) {
            int digit = number.charAt(i) - '0';
            if (digit < 0) {
                continue; // a space or hyphen between groups
            }
            int value = doubled ? digit * 2 : digit;
            sum += value > 9 ? value - 9 : value;
            doubled = !doubled;
        }
        return sum % 10 == 0;
    }
}
