package uk.directpayments.ledger.web;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;

/** The start page of each role: what waits for it today. */
@Controller
class TodayPage {

    /** The states of a flag in which somebody has still to decide. */
    static final List<String> UNDECIDED = List.of("RAISED", "EVIDENCE_REQUESTED", "EVIDENCE_RECEIVED");

    private static final int SHOWN = 10;
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

    /** Flags that have waited so long. */
    record Waiting(String words, int count, BigDecimal amount) {

        private static Waiting of(
                String words, List<Map<String, Object>> flags, long from, long until, LocalDate today) {
            List<BigDecimal> amounts = flags.stream()
                    .filter(flag -> {
                        long days = ChronoUnit.DAYS.between(LocalDate.parse(String.valueOf(flag.get("on"))), today);
                        return days >= from && days < until;
                    })
                    .map(flag -> AccountPage.pounds(flag.get("amount")))
                    .toList();
            return new Waiting(words, amounts.size(), amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add));
        }
    }

    @GetMapping("/")
    String start(Authentication signedIn, @ModelAttribute("today") LocalDate today, Model model) {
        return switch (Frame.role(signedIn)) {
            case SUPPORT -> clients.clients(model);
            case AUDITOR -> audit.audit(model);
            case ADMIN -> admin.operations(model);
            default -> finance(today, model);
        };
    }

    private String finance(LocalDate today, Model model) {
        model.addAttribute("runs", Ledger.items(ledger.read("/payment-runs", "state", "CREATED")));
        model.addAttribute("approved", Ledger.items(ledger.read("/payment-runs", "state", "APPROVED")));

        List<Map<String, Object>> flags = UNDECIDED.stream()
                .flatMap(state -> ledger.all("/flags", "state", state).stream())
                .toList();
        model.addAttribute(
                "waiting",
                List.of(
                        Waiting.of("Up to 28 days", flags, Long.MIN_VALUE, 29, today),
                        Waiting.of("29 to 90 days", flags, 29, 91, today),
                        Waiting.of("More than 90 days", flags, 91, Long.MAX_VALUE, today)));
        model.addAttribute("flagCount", flags.size());
        model.addAttribute(
                "flags",
                flags.stream()
                        .sorted(Comparator.comparing(
                                (Map<String, Object> flag) -> AccountPage.pounds(flag.get("amount")),
                                Comparator.reverseOrder()))
                        .limit(SHOWN)
                        .toList());

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
        model.addAttribute(
                "returnCount", Ledger.items(ledger.read("/reports/returns-due")).size());
        model.addAttribute("unavailable", unavailable());
        return "today";
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
