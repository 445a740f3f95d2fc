package uk.directpayments.ledger.platform;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Where a page ended, opaque to callers. A check sum over its parts and the list it belongs to finds cursors that were mangled or
 * belong elsewhere; it needs no secret, since a cursor opens nothing that its reader may not ask for anyway.
 */
record Cursor(LocalDate asOf, @Nullable Instant knownAt, long position, String after) {

    private static final int CHECK_DIGITS = 16;
    private static final int LONGEST = 1_000;
    private static final Set<String> NOT_FILTERS = Set.of("limit", "cursor", "asOf", "knownAt");

    String write(String scope) {
        String parts = asOf + "\n" + (knownAt == null ? "" : knownAt) + "\n" + position + "\n" + after;
        String checked = check(scope, parts) + parts;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(checked.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws RuleBroken {@code CURSOR_INVALID} */
    static Cursor read(String text, String scope) {
        try {
            if (text.length() > LONGEST) {
                throw invalid();
            }
            String checked = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            String[] parts = checked.substring(CHECK_DIGITS).split("\n", 4);
            Cursor cursor = new Cursor(
                    LocalDate.parse(parts[0]),
                    parts[1].isEmpty() ? null : Instant.parse(parts[1]),
                    Long.parseLong(parts[2]),
                    parts[3]);
            if (cursor.write(scope).equals(text)) {
                return cursor;
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
            // not one of ours: refused below
        }
        throw invalid();
    }

    /** The list that a request asks for: its path and filters, but not the page. */
    static String scopeOf(HttpServletRequest request) {
        List<String> scope = new ArrayList<>(List.of(request.getServletPath()));
        for (Map.Entry<String, String[]> filter : new TreeMap<>(request.getParameterMap()).entrySet()) {
            if (!NOT_FILTERS.contains(filter.getKey())) {
                scope.add(filter.getKey() + Arrays.toString(filter.getValue()));
            }
        }
        return Hashes.hex(scope.toArray(String[]::new));
    }

    static RuleBroken invalid() {
        return new RuleBroken(
                "CURSOR_INVALID",
                "This cursor is not one that this list gave out for these dates and filters; begin again without it.",
                "cursor");
    }

    private static String check(String scope, String parts) {
        return Hashes.hex("cursor", scope, parts).substring(0, CHECK_DIGITS);
    }
}
