package uk.directpayments.ledger.web;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * The two dates of a page, as somebody picked them: the day, and the moment in London by which it had to be recorded. Either may be blank.
 * What is no date goes to the API as it is, which says so.
 *
 * @param now when the page was asked for
 */
record Dates(@Nullable String asOf, @Nullable String knownAt, Instant now) {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** The length of what a picker of minutes sends: {@code 2026-03-01T10:00}. */
    private static final int TO_THE_MINUTE = 16;

    /**
     * What the API takes as {@code knownAt}: the end of the minute that was picked, since a person picks minutes; of the minute that has not
     * ended yet, what there is of it.
     */
    @Nullable
    String instant() {
        if (knownAt == null || knownAt.isBlank()) {
            return null;
        }
        try {
            LocalDateTime picked = LocalDateTime.parse(knownAt);
            Instant begin = picked.atZone(BusinessDay.LONDON).toInstant();
            if (knownAt.length() > TO_THE_MINUTE || begin.isAfter(now)) {
                return begin.toString();
            }
            Instant end = begin.plus(MINUTE).minusNanos(1);
            return (end.isAfter(now) ? now : end).toString();
        } catch (DateTimeException e) {
            return knownAt;
        }
    }

    /** As {@link #instant}, for a page that picks by itself. */
    @Nullable
    Instant moment() {
        String text = instant();
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new RuleBroken("FIELD_INVALID", "knownAt must be a moment like 2026-03-01T10:00", "knownAt");
        }
    }

    /** The day asked about, or today. */
    LocalDate day(LocalDate today) {
        try {
            return asOf == null || asOf.isBlank() ? today : LocalDate.parse(asOf);
        } catch (DateTimeException e) {
            return today;
        }
    }

    public boolean given() {
        return isGiven(asOf) || isGiven(knownAt);
    }

    /** The same for a list that goes on: its cursor holds the moment that the list began with, and a minute may have ended since. */
    @Nullable
    String instant(@Nullable String cursor) {
        return isGiven(cursor) ? null : instant();
    }

    /** The end of a link to another page: what was picked, and nothing of what was not. @param first what its parameters begin with */
    public String forPage(String first) {
        return parameters(first, knownAt);
    }

    /** The end of a link to what the API makes to be taken away: the same, with the moment as the API takes it. */
    public String forFile(String first) {
        return parameters(first, instant());
    }

    private String parameters(String first, @Nullable String moment) {
        StringJoiner parameters = new StringJoiner("&", first, "").setEmptyValue("");
        if (isGiven(asOf)) {
            parameters.add("asOf=" + UriUtils.encode(String.valueOf(asOf), StandardCharsets.UTF_8));
        }
        if (isGiven(moment)) {
            parameters.add("knownAt=" + UriUtils.encode(String.valueOf(moment), StandardCharsets.UTF_8));
        }
        return parameters.toString();
    }

    private static boolean isGiven(@Nullable String text) {
        return text != null && !text.isBlank();
    }
}
