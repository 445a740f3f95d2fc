package uk.directpayments.ledger.web;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What became of a file, line by line; and one line beside what the ledger has, to say which it is. */
@Controller
class StatementPage implements FormPage.Beside {

    private static final List<String> STATES = List.of("UNMATCHED", "SUGGESTED", "MATCHED", "IGNORED");

    /** How far from the bank's day an entry of the ledger is shown, and how many at most. */
    private static final int DAYS_AROUND = 14;

    private static final int ENTRIES = 200;

    private final Ledger ledger;

    StatementPage(Ledger ledger) {
        this.ledger = ledger;
    }

    @GetMapping("/statements/{statementId}")
    String statement(
            @PathVariable String statementId,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        String path = Ledger.path("/statements/{id}", statementId);
        model.addAttribute("statement", ledger.read(path));
        model.addAttribute("states", STATES);
        model.addAttribute("state", state);
        model.addAttribute("lines", ledger.read(path + "/lines", "state", state, "cursor", cursor));
        return "statement";
    }

    @Override
    public String template() {
        return "match";
    }

    /** The entries of the ledger around the line's day: first those of its amount that are matched with nothing. */
    @Override
    public void show(Map<String, Object> line, Model model) {
        Object account = line.get("accountId");
        Object on = line.get("on");
        List<?> candidates = line.get("candidates") instanceof List<?> list ? list : List.of();
        model.addAttribute("candidates", candidates);
        if (account == null || on == null) {
            model.addAttribute("entries", List.of());
            model.addAttribute("more", false);
            return;
        }
        LocalDate day = LocalDate.parse(on.toString());
        Map<String, Object> around = ledger.read(
                Ledger.path("/accounts/{id}/transactions", account),
                "from",
                day.minusDays(DAYS_AROUND),
                "to",
                day.plusDays(DAYS_AROUND),
                "limit",
                ENTRIES);
        model.addAttribute(
                "entries",
                Ledger.items(around).stream()
                        .sorted(Comparator.comparing(
                                (Map<String, Object> row) -> !candidates.contains(row.get("transactionId"))))
                        .toList());
        model.addAttribute("more", around.get("next") != null);
    }
}
