package uk.directpayments.ledger.web;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What a support organisation works with: its clients, what is asked of it, and the statements that it uploads. */
@Controller
class ClientPage {

    private final Ledger ledger;

    ClientPage(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Its clients' accounts, those with the least money first, and the evidence that is awaited of it. */
    String clients(Model model) {
        List<Map<String, Object>> accounts = ledger.all("/accounts").stream()
                .sorted(Comparator.comparing(row -> AccountPage.pounds(row.get("balance"))))
                .toList();
        model.addAttribute("accounts", accounts);
        model.addAttribute(
                "total",
                accounts.stream()
                        .map(row -> AccountPage.pounds(row.get("balance")))
                        .reduce(BigDecimal.ZERO, BigDecimal::add));
        model.addAttribute(
                "names",
                ledger.all("/people").stream()
                        .collect(Collectors.toMap(
                                row -> String.valueOf(row.get("personId")), row -> String.valueOf(row.get("name")))));
        model.addAttribute("asked", Ledger.items(ledger.read("/flags", "state", "EVIDENCE_REQUESTED")));
        return "clients";
    }

    /** What became of a file, line by line. */
    @GetMapping("/statements/{statementId}")
    String statement(
            @PathVariable String statementId,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        String path = Ledger.path("/statements/{id}", statementId);
        model.addAttribute("statement", ledger.read(path));
        model.addAttribute("state", state);
        model.addAttribute("lines", ledger.read(path + "/lines", "state", state, "cursor", cursor));
        return "statement";
    }
}
