package uk.directpayments.ledger.web;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import uk.directpayments.ledger.kernel.Actor.Role;

/** A person's residential stays as a calendar of twelve months, with what is used of the limits and what is still free. */
@Controller
class StayPage {

    private static final int MONTHS = 12;

    /** The basis of a count by which the day of leaving is none. */
    private static final String NIGHTS = "NIGHTS";

    private static final Set<String> EXCEEDED = Set.of("OVER", "FORECAST");
    private static final String ADULT_LIMIT = "LINKED_28";

    private final Ledger ledger;

    StayPage(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * A day of the calendar.
     *
     * @param kind  {@code is-counted}, {@code is-planned}, {@code is-apart} (a day that counts towards no limit), or nothing
     * @param words the same, in words
     */
    record Day(@Nullable Integer number, String kind, String words) {

        private static final Day NONE = new Day(null, "", "");
    }

    /** A month: weeks from Monday to Sunday, and how many of its days count. */
    record Month(YearMonth month, List<List<Day>> weeks, long counted) {}

    /** Everybody who is near or over a limit today. */
    @GetMapping("/residential-days/near-limits")
    String nearLimits(@RequestParam(required = false) @Nullable String cursor, Model model) {
        model.addAttribute("near", ledger.read("/residential-days/near-limits", "cursor", cursor));
        return "near-limits";
    }

    @GetMapping("/people/{personId}/residential")
    String calendar(
            @PathVariable String personId,
            @ModelAttribute Dates dates,
            @ModelAttribute("today") LocalDate today,
            Authentication signedIn,
            Model model) {
        String path = Ledger.path("/people/{id}", personId);
        Object[] view = {"asOf", dates.asOf(), "knownAt", dates.instant()};
        List<Map<String, Object>> stays = ledger.all(path + "/residential-stays", view);
        LocalDate last = dates.day(today);
        model.addAttribute("person", ledger.read(path, view));
        model.addAttribute("stays", stays);
        Map<String, Object> days = ledger.read(path + "/residential-days", view);
        Map<String, Object> forecast = ledger.read(
                path + "/residential-days", "asOf", dates.asOf(), "knownAt", dates.instant(), "includePlanned", true);
        boolean adult = !last.isBefore(LocalDate.parse(String.valueOf(days.get("adultFrom"))));
        model.addAttribute("days", days);
        model.addAttribute("forecast", forecast);
        model.addAttribute("adult", adult);
        model.addAttribute("breach", breach(forecast, adult));
        // A support organisation may not read the policy: it is not told how many days may be.
        model.addAttribute(
                "settings",
                Frame.role(signedIn) == Role.SUPPORT
                        ? Map.of()
                        : ledger.read("/policies", view).getOrDefault("settings", Map.of()));
        List<Month> months = new ArrayList<>();
        for (int back = MONTHS - 1; back >= 0; back--) {
            months.add(month(YearMonth.from(last).minusMonths(back), stays, last, NIGHTS.equals(days.get("basis"))));
        }
        model.addAttribute("months", months);
        return "residential";
    }

    /**
     * The first day that is too many, of limits that are exceeded on the day or will be by what is planned: of an adult under the law for adults, of
     * a child under both, since it may come of age meanwhile.
     */
    private static @Nullable LocalDate breach(Map<String, Object> forecast, boolean adult) {
        return Ledger.items(forecast, "warnings").stream()
                .filter(warning -> EXCEEDED.contains(String.valueOf(warning.get("level")))
                        && (!adult || ADULT_LIMIT.equals(warning.get("limit"))))
                .map(warning -> LocalDate.parse(String.valueOf(warning.get("on"))))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static Month month(YearMonth month, List<Map<String, Object>> stays, LocalDate asOf, boolean byNight) {
        List<List<Day>> weeks = new ArrayList<>();
        List<Day> week = new ArrayList<>();
        for (int i = 1; i < month.atDay(1).getDayOfWeek().getValue(); i++) {
            week.add(Day.NONE);
        }
        long counted = 0;
        for (int number = 1; number <= month.lengthOfMonth(); number++) {
            LocalDate day = month.atDay(number);
            Day shown = day(day, stays, asOf, byNight);
            counted += shown.kind.equals("is-counted") ? 1 : 0;
            week.add(shown);
            if (day.getDayOfWeek() == DayOfWeek.SUNDAY) {
                weeks.add(week);
                week = new ArrayList<>();
            }
        }
        while (!week.isEmpty() && week.size() < DayOfWeek.values().length) {
            week.add(Day.NONE);
        }
        if (!week.isEmpty()) {
            weeks.add(week);
        }
        return new Month(month, weeks, counted);
    }

    /** A night is spent where one is at its beginning: by night the day of leaving is none. What counts and what is void, the API has said. */
    private static Day day(LocalDate day, List<Map<String, Object>> stays, LocalDate asOf, boolean byNight) {
        Day found = new Day(day.getDayOfMonth(), "", "");
        for (Map<String, Object> stay : stays) {
            LocalDate admitted = LocalDate.parse(String.valueOf(stay.get("admitted")));
            LocalDate last = last(stay, asOf, byNight);
            boolean planned = "PLANNED".equals(stay.get("status"));
            boolean there = !day.isBefore(admitted) && !day.isAfter(last) && (planned || !day.isAfter(asOf));
            if (!there || "VOIDED".equals(stay.get("status"))) {
                continue;
            }
            if (planned) {
                found = found.kind.isEmpty() ? new Day(day.getDayOfMonth(), "is-planned", "planned") : found;
            } else if (Boolean.TRUE.equals(stay.get("counts"))) {
                return new Day(day.getDayOfMonth(), "is-counted", "counted");
            } else {
                found = new Day(day.getDayOfMonth(), "is-apart", "away, not counted");
            }
        }
        return found;
    }

    private static LocalDate last(Map<String, Object> stay, LocalDate asOf, boolean byNight) {
        Object discharged = stay.get("discharged");
        if (discharged == null) {
            return asOf;
        }
        LocalDate left = LocalDate.parse(discharged.toString());
        return byNight ? left.minusDays(1) : left;
    }
}
