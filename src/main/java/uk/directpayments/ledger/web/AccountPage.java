package uk.directpayments.ledger.web;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** People and their accounts: found in one box, looked at on any two dates. */
@Controller
class AccountPage {

    private static final int POINTS = 26;
    private static final int DAYS_BETWEEN = 14;

    private final Ledger ledger;

    AccountPage(Ledger ledger) {
        this.ledger = ledger;
    }

    /** One box for whatever somebody has in hand: an id of an account, a person, a budget, a run or a statement, a name, a reference. */
    @GetMapping("/find")
    String find(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        String sought = q == null ? "" : q.strip();
        model.addAttribute("q", sought);
        if (sought.isEmpty()) {
            return "find";
        }
        if (sought.matches("[A-Za-z0-9._-]{1,64}")) {
            for (String kind : List.of("accounts", "people", "budgets", "payment-runs", "statements")) {
                if (ledger.find(Ledger.path("/" + kind + "/{id}", sought)).isPresent()) {
                    return "redirect:" + Ledger.path("/" + kind + "/{id}", sought);
                }
            }
        }
        model.addAttribute("found", ledger.read("/people", "name", sought, "limit", 50, "cursor", cursor));
        return "find";
    }

    @GetMapping("/people/{personId}")
    String person(@PathVariable String personId, Model model) {
        model.addAttribute("person", ledger.read(Ledger.path("/people/{id}", personId)));
        model.addAttribute("accounts", ledger.all("/accounts", "personId", personId));
        model.addAttribute("budgets", ledger.all("/budgets", "personId", personId));
        model.addAttribute("flags", ledger.read("/flags", "personId", personId));
        return "person";
    }

    @GetMapping("/accounts/{accountId}")
    String account(
            @PathVariable String accountId,
            @RequestParam(required = false) @Nullable String cursor,
            @ModelAttribute Dates dates,
            @ModelAttribute("today") LocalDate today,
            Model model) {
        String path = Ledger.path("/accounts/{id}", accountId);
        Object[] view = {"asOf", dates.asOf(), "knownAt", dates.instant()};
        Map<String, Object> account = ledger.read(path, view);
        model.addAttribute("account", account);
        model.addAttribute("balance", ledger.read(path + "/balance", view));
        model.addAttribute("person", ledger.find(Ledger.path("/people/{id}", String.valueOf(account.get("personId")))));
        Map<String, Object> transactions = ledger.read(
                path + "/transactions",
                "asOf",
                dates.asOf(),
                "knownAt",
                dates.instant(cursor),
                "limit",
                50,
                "cursor",
                cursor);
        model.addAttribute("transactions", transactions);
        model.addAttribute("schedules", ledger.all(path + "/schedules", view));
        model.addAttribute("recoveries", ledger.all(path + "/recoveries", view));
        model.addAttribute("changes", ledger.all(path + "/bank-details", view));
        model.addAttribute("reserves", ledger.all(path + "/reserves", view));
        model.addAttribute("liabilities", ledger.all(path + "/liabilities", view));
        model.addAttribute("returns", ledger.all(path + "/returns", view));
        model.addAttribute("chart", chart(path, account, dates, today));
        return "account";
    }

    private @Nullable Chart chart(String path, Map<String, Object> account, Dates dates, LocalDate today) {
        LocalDate last = dates.day(today);
        LocalDate opened = LocalDate.parse(String.valueOf(account.get("openedOn")));
        List<Chart.Point> points = new ArrayList<>();
        for (int back = POINTS; back >= 0; back--) {
            LocalDate day = last.minusDays((long) back * DAYS_BETWEEN);
            if (!day.isBefore(opened)) {
                // An organisation does not see the days before its appointment: they are not drawn.
                ledger.find(path + "/balance", "asOf", day, "knownAt", dates.instant())
                        .ifPresent(then -> points.add(new Chart.Point(day, pounds(then.get("balance")))));
            }
        }
        BigDecimal surplus = pounds(account.get("surplus"));
        BigDecimal kept = surplus.signum() > 0 ? pounds(account.get("balance")).subtract(surplus) : null;
        return points.size() < 2 ? null : new Chart(points, kept);
    }

    static BigDecimal pounds(@Nullable Object money) {
        return money == null ? BigDecimal.ZERO : new BigDecimal(money.toString());
    }

    /** Why the balance is what it is, event by event, and what has changed it since. */
    @GetMapping("/accounts/{accountId}/explanation")
    String explanation(
            @PathVariable String accountId,
            @RequestParam(required = false) @Nullable String cursor,
            @ModelAttribute Dates dates,
            Model model) {
        model.addAttribute(
                "why",
                ledger.read(
                        Ledger.path("/accounts/{id}/balance/explanation", accountId),
                        "asOf",
                        dates.asOf(),
                        "knownAt",
                        dates.instant(cursor),
                        "limit",
                        100,
                        "cursor",
                        cursor));
        return "explanation";
    }

    /** Pages of a statement that can be posted; the API makes it. */
    @GetMapping("/accounts/{accountId}/statement.pdf")
    String statement(@PathVariable String accountId) {
        return ledger.download("/accounts/{id}/statement.pdf", accountId);
    }

    @GetMapping("/accounts/{accountId}/final-account.pdf")
    String finalAccount(@PathVariable String accountId) {
        return ledger.download("/accounts/{id}/final-account.pdf", accountId);
    }
}
