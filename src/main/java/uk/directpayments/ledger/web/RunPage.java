package uk.directpayments.ledger.web;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Payment runs, from the selection of what is due to the file for the bank. */
@Controller
class RunPage {

    private final Ledger ledger;

    RunPage(Ledger ledger) {
        this.ledger = ledger;
    }

    @GetMapping("/payment-runs")
    String runs(@RequestParam(required = false) @Nullable String cursor, Model model) {
        model.addAttribute("runs", ledger.read("/payment-runs", "cursor", cursor));
        return "runs";
    }

    @GetMapping("/payment-runs/{runId}")
    String run(@PathVariable String runId, @RequestParam(required = false) @Nullable String cursor, Model model) {
        Map<String, Object> run = ledger.read(Ledger.path("/payment-runs/{id}", runId), "cursor", cursor);
        model.addAttribute("run", run);
        model.addAttribute(
                "exceptional",
                Ledger.items(run, "exceptions").stream()
                        .map(one -> one.get("accountId") + " " + one.get("instalmentId"))
                        .distinct()
                        .count());
        return "run";
    }

    /** The months of the council's books that are sealed. */
    @GetMapping("/periods")
    String periods(Model model) {
        model.addAttribute("periods", ledger.all("/periods"));
        return "periods";
    }

    /** The file for the bank, the same bytes each time; the API makes it. */
    @GetMapping("/payment-runs/{runId}/file")
    String file(@PathVariable String runId) {
        return ledger.download("/payment-runs/{id}/file", runId);
    }
}
