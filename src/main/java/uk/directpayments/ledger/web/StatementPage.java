package uk.directpayments.ledger.web;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

    /** How far from the bank's day an entry of the ledger is shown, and how many are shown at a time. */
    private static final int DAYS_AROUND = 14;

    private static final int ENTRIES = 200;

    private static final Pattern PAGE = Pattern.compile("[0-9]{1,6}");

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

    /**
     * The entries of the ledger around the line's day, a page of them: those of its amount that are matched with nothing come before all
     * others. What is ticked on another page is shown too, so it stays ticked.
     */
    @Override
    public void show(Map<String, Object> line, Map<String, String> typed, Model model) {
        Object account = line.get("accountId");
        Object on = line.get("on");
        List<?> candidates = line.get("candidates") instanceof List<?> list ? list : List.of();
        Set<String> ticked = Set.copyOf(
                Arrays.asList(typed.getOrDefault("transactionIds", "").split(",")));
        List<Map<String, Object>> around = account == null || on == null
                ? List.of()
                : ledger.all(
                        Ledger.path("/accounts/{id}/transactions", account),
                        "from",
                        LocalDate.parse(on.toString()).minusDays(DAYS_AROUND),
                        "to",
                        LocalDate.parse(on.toString()).plusDays(DAYS_AROUND));
        List<Map<String, Object>> sorted = around.stream()
                .sorted(Comparator.comparing(row -> !candidates.contains(row.get("transactionId"))))
                .toList();
        int pages = Math.max(1, (sorted.size() + ENTRIES - 1) / ENTRIES);
        String turned = typed.getOrDefault(FormPage.TURN, "1");
        int page = PAGE.matcher(turned).matches() ? Math.max(1, Math.min(Integer.parseInt(turned), pages)) : 1;
        List<Map<String, Object>> shown =
                sorted.subList(Math.min((page - 1) * ENTRIES, sorted.size()), Math.min(page * ENTRIES, sorted.size()));
        model.addAttribute("candidates", candidates);
        model.addAttribute("count", around.size());
        model.addAttribute("pages", pages);
        model.addAttribute("page", page);
        model.addAttribute(
                "entries",
                Stream.concat(
                                sorted.stream()
                                        .filter(row -> ticked.contains(row.get("transactionId")))
                                        .filter(row -> !shown.contains(row)),
                                shown.stream())
                        .toList());
    }
}
