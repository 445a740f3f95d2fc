package uk.directpayments.ledger.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.ApiFromWithin.Said;
import uk.directpayments.ledger.report.Report;
import uk.directpayments.ledger.report.Reports;

/** Every report, each from its one definition: what it can be asked, its first rows, and the whole of it to take away. */
@Controller
class ReportPage {

    /** How many rows a page shows at a time; the files have all. */
    private static final int SHOWN = 200;

    /** Refusals of what the report is asked: it can be asked otherwise. */
    private static final Set<Integer> OTHERWISE = Set.of(400, 413, 422);

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
            HttpServletResponse response,
            Model model) {
        Report report =
                reports.named(name).orElseThrow(() -> new RuleBroken("REPORT_NOT_FOUND", "There is no such report."));
        Object[] query = new Object[8 + 2 * report.filters().size()];
        int at = 0;
        for (String filter : report.filters()) {
            query[at++] = filter;
            query[at++] = given.getOrDefault(filter, "");
        }
        query[at++] = "asOf";
        query[at++] = dates.asOf() == null ? "" : dates.asOf();
        query[at++] = "knownAt";
        String cursor = given.getOrDefault("cursor", "");
        query[at++] = Objects.requireNonNullElse(dates.instant(cursor), "");
        query[at++] = "limit";
        query[at++] = SHOWN;
        query[at++] = "cursor";
        query[at] = cursor;
        Said said = ledger.ask(Ledger.path("/reports/{name}", name), query);
        model.addAttribute("report", report);
        model.addAttribute("given", given);
        if (OTHERWISE.contains(said.status())) {
            response.setStatus(said.status());
            model.addAttribute("refused", said.body().path("detail").asString(""));
        } else {
            model.addAttribute("answer", ledger.facts(said.orRefuse()));
        }
        return "report";
    }

    /** The whole report as a file; the API makes it. */
    @GetMapping("/reports/{name}/file")
    String file(@PathVariable String name) {
        return ledger.download("/reports/{name}", name);
    }
}
