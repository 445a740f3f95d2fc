package uk.directpayments.ledger.platform;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.regex.Pattern;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;

/** How texts, business dates and instants are read from requests, wherever they stand: body, query or header. */
final class HttpText {

    /** The longest text that a field may hold, in UTF-16 units. */
    static final int LONGEST = 2_000;

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter INSTANT =
            DateTimeFormatter.ISO_OFFSET_DATE_TIME.withResolverStyle(ResolverStyle.STRICT);

    static final String DATE_WORDS = "must be a date, yyyy-MM-dd, of the years 1900 to 2200";
    static final String INSTANT_WORDS =
            "must be an instant with Z or an offset, like 2026-04-01T09:30:00Z, of the years 1900 to 2200";

    private HttpText() {}

    /** @throws RuleBroken {@code FIELD_INVALID}: too long, a control character other than tab and line ends, half a surrogate pair */
    static String text(String text) {
        if (text.length() > LONGEST) {
            throw invalid("must not be longer than " + LONGEST + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r') {
                throw invalid("must not hold control characters");
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw invalid("holds half of a character");
            }
        }
        return text;
    }

    /** @throws RuleBroken {@code FIELD_INVALID} */
    static LocalDate date(String text) {
        try {
            if (DATE.matcher(text).matches()) {
                LocalDate day = LocalDate.parse(text, DAY);
                if (BusinessDay.isOfYear(day.getYear())) {
                    return day;
                }
            }
        } catch (DateTimeException e) {
            // no such day: refused below, in our own words
        }
        throw invalid(DATE_WORDS);
    }

    /** @throws RuleBroken {@code FIELD_INVALID} */
    static Instant instant(String text) {
        try {
            Instant instant = OffsetDateTime.parse(text, INSTANT).toInstant();
            if (BusinessDay.isOfYear(instant.atOffset(ZoneOffset.UTC).getYear())) {
                return instant;
            }
        } catch (DateTimeException e) {
            // no such instant: refused below, in our own words
        }
        throw invalid(INSTANT_WORDS);
    }

    private static RuleBroken invalid(String words) {
        return new RuleBroken("FIELD_INVALID", words);
    }
}
