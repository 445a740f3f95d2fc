package uk.directpayments.ledger.web;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;

/** What a support organisation works with: its clients, and what is asked of it. */
@Controller
class ClientPage {

    private static final int SHOWN = 50;

    private final Ledger ledger;

    ClientPage(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Its clients' accounts, those with the least money first and the closed ones last, and the evidence that is awaited of it.
     *
     * @param page from 1
     */
    String clients(int page, Model model) {
        List<Map<String, Object>> accounts = ledger.all("/accounts").stream()
                .sorted(Comparator.comparing((Map<String, Object> row) -> isClosed(row))
                        .thenComparing(row -> AccountPage.pounds(row.get("balance"))))
                .toList();
        List<Map<String, Object>> shown = accounts.stream()
                .skip((Math.max(page, 1) - 1L) * SHOWN)
                .limit(SHOWN)
                .toList();
        model.addAttribute(
                "count", accounts.stream().filter(row -> !isClosed(row)).count());
        model.addAttribute("accounts", shown);
        model.addAttribute("next", (long) Math.max(page, 1) * SHOWN < accounts.size() ? Math.max(page, 1) + 1 : null);
        model.addAttribute("total", total(accounts));
        model.addAttribute("names", names(shown));
        model.addAttribute("asked", ledger.all("/flags", "state", "EVIDENCE_REQUESTED"));
        return "clients";
    }

    private static boolean isClosed(Map<String, Object> account) {
        return "CLOSED".equals(account.get("state"));
    }

    /** Null if the balance of any of them cannot be given. */
    private static @Nullable BigDecimal total(List<Map<String, Object>> accounts) {
        return accounts.stream().anyMatch(row -> row.get("balance") == null)
                ? null
                : accounts.stream()
                        .map(row -> AccountPage.pounds(row.get("balance")))
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private Map<String, String> names(List<Map<String, Object>> accounts) {
        if (accounts.isEmpty()) {
            return Map.of();
        }
        String ids = accounts.stream()
                .map(row -> String.valueOf(row.get("personId")))
                .distinct()
                .collect(Collectors.joining(","));
        return Ledger.items(ledger.read("/people", "personId", ids, "limit", SHOWN)).stream()
                .collect(Collectors.toMap(
                        row -> String.valueOf(row.get("personId")), row -> String.valueOf(row.get("name"))));
    }
}
