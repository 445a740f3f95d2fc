package uk.directpayments.ledger.web;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/** The start page of each role: what waits for it today. */
@Controller
class TodayPage {

    private static final int SHOWN = 10;
    private static final int MOST_CHANGES = 50;
    private static final int AHEAD_DAYS = 28;

    private final Ledger ledger;
    private final ClientPage clients;
    private final AuditPage audit;
    private final AdminPage admin;

    TodayPage(Ledger ledger, ClientPage clients, AuditPage audit, AdminPage admin) {
        this.ledger = ledger;
        this.clients = clients;
        this.audit = audit;
        this.admin = admin;
    }

    @GetMapping("/")
    String start(
            Authentication signedIn,
            @RequestParam(defaultValue = "1") int page,
            @ModelAttribute("today") LocalDate today,
            Model model) {
        return switch (Frame.role(signedIn)) {
            case SUPPORT -> clients.clients(page, model);
            case AUDITOR -> audit.audit(model);
            case ADMIN -> admin.operations(model);
            default -> finance(today, model);
        };
    }

    private String finance(LocalDate today, Model model) {
        model.addAttribute("runs", ledger.all("/payment-runs", "state", "CREATED"));
        model.addAttribute("approved", ledger.all("/payment-runs", "state", "APPROVED"));

        Map<String, Object> flags = ledger.read("/flags/summary");
        model.addAttribute("waiting", flags.get("ages"));
        model.addAttribute("flagCount", flags.get("count"));
        model.addAttribute("flags", Ledger.items(flags));

        List<Map<String, Object>> surpluses = Ledger.items(ledger.read("/reports/surpluses"));
        model.addAttribute("surplusCount", surpluses.size());
        model.addAttribute(
                "surplusTotal",
                surpluses.stream().anyMatch(row -> row.containsKey("unavailable"))
                        ? null
                        : surpluses.stream()
                                .map(row -> AccountPage.pounds(row.get("reclaimable")))
                                .reduce(BigDecimal.ZERO, BigDecimal::add));
        model.addAttribute(
                "surpluses",
                surpluses.stream()
                        .sorted(Comparator.comparing(
                                (Map<String, Object> row) -> AccountPage.pounds(row.get("reclaimable")),
                                Comparator.reverseOrder()))
                        .limit(SHOWN)
                        .toList());

        List<Map<String, Object>> reviews = Ledger.items(ledger.read("/reports/reviews-due")).stream()
                .filter(row -> row.get("due") != null
                        && LocalDate.parse(row.get("due").toString()).isBefore(today.plusDays(AHEAD_DAYS)))
                .sorted(Comparator.comparing(row -> String.valueOf(row.get("due"))))
                .toList();
        model.addAttribute("reviewCount", reviews.size());
        model.addAttribute("reviews", reviews.stream().limit(SHOWN).toList());
        model.addAttribute("returnCount", owed(Ledger.items(ledger.read("/reports/returns-due"))));
        List<Map<String, Object>> changes = ledger.all("/accounts", "awaiting", "BANK_DETAILS_APPROVAL");
        model.addAttribute("changeCount", changes.size());
        model.addAttribute("changes", changes.stream().limit(MOST_CHANGES).toList());
        List<Map<String, Object>> proposed = Ledger.items(ledger.read("/reports/recoveries")).stream()
                .filter(row -> "PROPOSED".equals(row.get("state")))
                .toList();
        model.addAttribute("proposedCount", proposed.size());
        model.addAttribute("proposed", proposed.stream().limit(MOST_CHANGES).toList());
        model.addAttribute("near", ledger.read("/residential-days/near-limits", "limit", SHOWN));
        model.addAttribute("unavailable", unavailable());
        return "today";
    }

    /** Returns that are owed, and accounts that are silent: one may be so in several ways, with a row of the report for each. */
    private static long owed(List<Map<String, Object>> rows) {
        return rows.stream()
                .map(row -> "RETURN".equals(row.get("kind")) ? row : row.get("accountId"))
                .distinct()
                .count();
    }

    /** Whose figures cannot be given at present, and because of what: parked events, and processors that stand. */
    private List<Map<String, Object>> unavailable() {
        List<Map<String, Object>> found = new ArrayList<>();
        for (Map<String, Object> processor : Ledger.items(ledger.read("/operations/processors"))) {
            boolean parked = processor.get("parked") instanceof Number count && count.longValue() > 0;
            if (parked || Boolean.FALSE.equals(processor.get("running"))) {
                found.add(processor);
            }
        }
        return found;
    }
}
