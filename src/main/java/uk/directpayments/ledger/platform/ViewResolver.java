package uk.directpayments.ledger.platform;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Hands a {@link View} to handlers that read, and a {@link Paging} to those that answer with a list.
 * A read as at a past position must have reached that position: {@link View#atLeast()} is never less than it.
 */
final class ViewResolver implements HandlerMethodArgumentResolver {

    static final String LEDGER_POSITION = "Ledger-Position";

    private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}");
    private static final Pattern LIMIT = Pattern.compile("[0-9]{1,4}");

    private final Positions positions;
    private final Clock clock;

    ViewResolver(Positions positions, Clock clock) {
        this.positions = positions;
        this.clock = clock;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == View.class || parameter.getParameterType() == Paging.class;
    }

    /** @throws RuleBroken {@code FIELD_INVALID}, {@code CURSOR_INVALID} */
    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest webRequest,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest request = CallResolver.requestOf(webRequest);
        return parameter.getParameterType() == View.class ? view(request) : paging(request);
    }

    private View view(HttpServletRequest request) {
        LocalDate asOf = asOf(request);
        Instant knownAt = knownAt(request);
        Long at = knownAt == null ? null : positions.knownAt(knownAt);
        return new View(
                asOf == null ? BusinessDay.today(clock) : asOf,
                knownAt,
                at,
                Math.max(atLeast(request), at == null ? 0 : at));
    }

    private Paging paging(HttpServletRequest request) {
        int limit = limit(request);
        String scope = Cursor.scopeOf(request);
        String given = request.getParameter("cursor");
        if (given == null) {
            View view = view(request);
            // Pinned from the first page on, and only once its projections have come so far: pages never mix.
            long pin = view.atPosition() == null ? positions.head() : view.atPosition();
            return new Paging(pinned(view.at(pin), pin), limit, null, scope);
        }
        Cursor cursor = Cursor.read(given, scope);
        LocalDate asOf = asOf(request);
        Instant knownAt = knownAt(request);
        if ((asOf != null && !asOf.equals(cursor.asOf()))
                || (knownAt != null && !knownAt.equals(cursor.knownAt()))
                || cursor.position() > positions.head()) {
            throw Cursor.invalid();
        }
        View view = new View(cursor.asOf(), cursor.knownAt(), cursor.position(), atLeast(request));
        return new Paging(pinned(view, cursor.position()), limit, cursor.after(), scope);
    }

    private static View pinned(View view, long pin) {
        return new View(view.asOf(), view.knownAt(), pin, Math.max(view.atLeast(), pin));
    }

    private static @Nullable LocalDate asOf(HttpServletRequest request) {
        String text = request.getParameter("asOf");
        return text == null ? null : named("asOf", () -> HttpText.date(text));
    }

    private @Nullable Instant knownAt(HttpServletRequest request) {
        String text = request.getParameter("knownAt");
        if (text == null) {
            return null;
        }
        // A plus sign that was not escaped arrives as a blank; an instant holds no other blank.
        Instant instant = named("knownAt", () -> HttpText.instant(text.replace(' ', '+')));
        if (instant.isAfter(clock.instant())) {
            throw new RuleBroken("FIELD_INVALID", "knownAt is in the future: nobody can know yet.", "knownAt");
        }
        return instant;
    }

    private static long atLeast(HttpServletRequest request) {
        String text = request.getHeader(LEDGER_POSITION);
        if (text == null) {
            return 0;
        }
        if (!POSITION.matcher(text).matches()) {
            throw new RuleBroken("FIELD_INVALID", "must be a position of the log, 0 or more", LEDGER_POSITION);
        }
        return Long.parseLong(text);
    }

    private static int limit(HttpServletRequest request) {
        String text = request.getParameter("limit");
        if (text == null) {
            return Paging.DEFAULT_LIMIT;
        }
        int limit = LIMIT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > Paging.MOST) {
            throw new RuleBroken("FIELD_INVALID", "limit must be a number from 1 to " + Paging.MOST, "limit");
        }
        return limit;
    }

    private static <T> T named(String field, java.util.function.Supplier<T> read) {
        try {
            return read.get();
        } catch (RuleBroken e) {
            throw new RuleBroken(e.code(), e.words(), field);
        }
    }
}
