package uk.directpayments.ledger.web;

import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.report.Report;
import uk.directpayments.ledger.report.Reports;

/** Every report, each from its one definition: what it can be asked, its first rows, and the whole of it to take away. */
@Controller
class ReportPage {

    /** How many rows a page shows; the files have all. */
    private static final int SHOWN = 200;

    private final Ledger ledger;
    private final Reports reports;

    ReportPage(Ledger ledger, Reports reports) {
        this.ledger = ledger;
        this.reports = reports;
    }

    @GetMapping("/reports")
    String reports(Model model) {
        model.addAttribute("reports", reports.all());
        return "reports";
    }

    @GetMapping("/reports/{name}")
    String report(
            @PathVariable String name,
            @RequestParam Map<String, String> given,
            @ModelAttribute Dates dates,
            Model model) {
        Report report =
                reports.named(name).orElseThrow(() -> new RuleBroken("REPORT_NOT_FOUND", "There is no such report."));
        Object[] query = new Object[4 + 2 * report.filters().size()];
        int at = 0;
        for (String filter : report.filters()) {
            query[at++] = filter;
            query[at++] = given.getOrDefault(filter, "");
        }
        query[at++] = "asOf";
        query[at++] = dates.asOf() == null ? "" : dates.asOf();
        query[at++] = "knownAt";
        query[at] = dates.instant() == null ? "" : dates.instant();
        Map<String, Object> answer = ledger.read(Ledger.path("/reports/{name}", name), query);
        List<Map<String, Object>> rows = Ledger.items(answer);
        model.addAttribute("report", report);
        model.addAttribute("given", given);
        model.addAttribute("answer", answer);
        model.addAttribute("count", rows.size());
        model.addAttribute("rows", rows.stream().limit(SHOWN).toList());
        return "report";
    }

    /** The whole report as a file; the API makes it. */
    @GetMapping("/reports/{name}/file")
    String file(@PathVariable String name) {
        return ledger.download("/reports/{name}", name);
    }
}
