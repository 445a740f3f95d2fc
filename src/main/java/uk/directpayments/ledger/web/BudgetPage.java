package uk.directpayments.ledger.web;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;

/** A budget: what was allocated, paid and spent of each source, and what was agreed about it. */
@Controller
class BudgetPage {

    private static final int WIDTH = 480;

    private final Ledger ledger;

    BudgetPage(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * A line's bar, in the units of the drawing: each part lies over the one before.
     *
     * @param allocated,paid,spent how wide
     */
    record Bar(
            String lineId,
            Object source,
            Object category,
            Map<String, Object> line,
            long allocated,
            long paid,
            long spent) {

        private static Bar of(Map<String, Object> line, BigDecimal most) {
            return new Bar(
                    String.valueOf(line.get("lineId")),
                    String.valueOf(line.get("fundingSource")),
                    String.valueOf(line.get("category")),
                    line,
                    width(line, "allocated", most),
                    width(line, "paid", most),
                    width(line, "spent", most));
        }

        private static long width(Map<String, Object> line, String name, BigDecimal most) {
            double share =
                    most.signum() == 0 ? 0 : AccountPage.pounds(line.get(name)).doubleValue() / most.doubleValue();
            return Math.max(0, Math.round(share * WIDTH));
        }
    }

    @GetMapping("/budgets/{budgetId}")
    @SuppressWarnings("unchecked")
    String budget(@PathVariable String budgetId, @ModelAttribute Dates dates, Model model) {
        Map<String, Object> budget =
                ledger.read(Ledger.path("/budgets/{id}", budgetId), "asOf", dates.asOf(), "knownAt", dates.instant());
        List<Map<String, Object>> lines = (List<Map<String, Object>>) budget.getOrDefault("lines", List.of());
        BigDecimal most = lines.stream()
                .flatMap(line ->
                        List.of("allocated", "paid", "spent").stream().map(name -> AccountPage.pounds(line.get(name))))
                .reduce(BigDecimal.ZERO, BigDecimal::max);
        model.addAttribute("budget", budget);
        model.addAttribute("person", ledger.find(Ledger.path("/people/{id}", String.valueOf(budget.get("personId")))));
        model.addAttribute(
                "bars", lines.stream().map(line -> Bar.of(line, most)).toList());
        return "budget";
    }

    @GetMapping("/budgets/{budgetId}/refusal.pdf")
    String refusal(@PathVariable String budgetId) {
        return ledger.download("/budgets/{id}/refusal.pdf", budgetId);
    }
}
