package uk.directpayments.ledger.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as the caller reads it, RFC 9457. The one place that knows which HTTP status a code has.
 *
 * @param type     a URN made of the code, stable
 * @param title    the code in human words
 * @param detail   what was wrong with this request, without personal data
 * @param code     what programs decide by
 * @param instance the path that was asked
 * @param errors   the fields to blame; absent from the answer when there is none
 */
record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable String instance,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Wrong> errors) {

    /** A field to blame: its dotted path, the code and what is wrong with it. */
    record Wrong(String field, String code, String detail) {}

    private static final Set<String> NOT_WELL_FORMED =
            Set.of("MONEY_INVALID", "FIELD_INVALID", "FIELD_UNKNOWN", "BODY_INVALID", "CURSOR_INVALID", "ID_INVALID");

    private static final Set<String> THE_REQUEST_ITSELF = Set.of(
            "REASONS_REQUIRED",
            "DATE_IN_FUTURE",
            "DATE_BEFORE_START",
            "DATE_AFTER_END",
            "DATE_BEFORE_OPENING",
            "ACTUAL_STAY_IN_FUTURE",
            "STAY_ENDS_BEFORE_START",
            "LINES_DO_NOT_SUM",
            "EHC_PLAN_REQUIRED",
            "RECIPIENT_NOT_PERMITTED",
            "DEDICATED_ACCOUNT_REQUIRED",
            "SCHOOL_PLACE_NOT_ALLOWED",
            "BANK_DETAILS_INVALID",
            "SETTING_OUT_OF_RANGE",
            "STATEMENT_DOES_NOT_BALANCE",
            "STATEMENT_UNREADABLE",
            "CURRENCY_NOT_SUPPORTED",
            "IDEMPOTENCY_KEY_REUSED");

    private static final Set<String> NOT_NOW =
            Set.of("BUSY", "POSITION_NOT_REACHED", "FIGURE_UNAVAILABLE", "OUTCOME_UNKNOWN");

    static Problem of(String code, String detail) {
        return of(code, detail, List.of());
    }

    static Problem of(String code, String detail, List<Wrong> errors) {
        String words = code.replace('_', ' ').toLowerCase(Locale.ROOT);
        return new Problem(
                "urn:ledger:problem:" + words.replace(' ', '-'),
                words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1),
                status(code),
                detail,
                code,
                null,
                errors);
    }

    /** One field is to blame. The whole names it, unless its words are a sentence or begin with its name. */
    static Problem of(String code, String field, String words) {
        return of(code, needsName(field, words) ? field + ": " + words : words, List.of(new Wrong(field, code, words)));
    }

    private static boolean needsName(String field, String words) {
        String first = words.split(" ", 2)[0];
        return !field.isEmpty() && !("." + field).endsWith("." + first) && Character.isLowerCase(words.codePointAt(0));
    }

    /** Several fields are to blame; the whole has their code if they agree on one. */
    static Problem ofAll(List<Wrong> errors) {
        if (errors.size() == 1) {
            Wrong only = errors.get(0);
            return of(only.code(), only.field(), only.detail());
        }
        List<String> codes = errors.stream().map(Wrong::code).distinct().toList();
        String detail = errors.size() + " fields are wrong: "
                + String.join(", ", errors.stream().map(Wrong::field).toList());
        return of(codes.size() == 1 ? codes.get(0) : "FIELD_INVALID", detail, errors);
    }

    /** What the container or a library refused by a status alone. */
    static Problem ofStatus(int status) {
        Problem known = of(codeOf(status), Problems.sentence(status));
        return new Problem(known.type, known.title, status, known.detail, known.code, null, List.of());
    }

    Problem at(String path) {
        return new Problem(type, title, status, detail, code, path, errors);
    }

    /** Whether the same request may succeed a little later. */
    boolean isPassing() {
        return status == 503 || status == 429;
    }

    /** The HTTP status of a code: a table for those that the contract names, 409 (the present state says no) for all others. */
    static int status(String code) {
        if (NOT_WELL_FORMED.contains(code)) {
            return 400;
        }
        if (THE_REQUEST_ITSELF.contains(code) || code.startsWith("AMOUNT_")) {
            return 422;
        }
        if (NOT_NOW.contains(code)) {
            return 503;
        }
        if (code.endsWith("_NOT_FOUND")) {
            return 404;
        }
        return switch (code) {
            case "UNAUTHENTICATED" -> 401;
            case "FORBIDDEN" -> 403;
            case "NOT_FOUND" -> 404;
            case "METHOD_NOT_ALLOWED" -> 405;
            case "NOT_ACCEPTABLE" -> 406;
            case "CONTENT_ERASED" -> 410;
            case "TOO_LARGE" -> 413;
            case "MEDIA_TYPE_UNSUPPORTED" -> 415;
            case "TOO_MANY_REQUESTS" -> 429;
            case "INTERNAL" -> 500;
            default -> 409;
        };
    }

    private static String codeOf(int status) {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "FORBIDDEN";
            case 404 -> "NOT_FOUND";
            case 405 -> "METHOD_NOT_ALLOWED";
            case 406 -> "NOT_ACCEPTABLE";
            case 409 -> "CONFLICT";
            case 410 -> "CONTENT_ERASED";
            case 413 -> "TOO_LARGE";
            case 415 -> "MEDIA_TYPE_UNSUPPORTED";
            case 429 -> "TOO_MANY_REQUESTS";
            case 503 -> "BUSY";
            case 501, 505 -> "NOT_IMPLEMENTED";
            default -> status < 500 ? "FIELD_INVALID" : "INTERNAL";
        };
    }
}
