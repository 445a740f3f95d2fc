package uk.directpayments.ledger.web;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What an auditor works with: everything that happened, proof that it is all there, and packs to take away. */
@Controller
class AuditPage {

    private final Ledger ledger;

    AuditPage(Ledger ledger) {
        this.ledger = ledger;
    }

    String audit(Model model) {
        model.addAttribute("checkpoint", ledger.read("/audit/checkpoint"));
        return "audit";
    }

    /** Everything that was recorded of an account, in the order of the log, up to the moment that was picked. */
    @GetMapping("/accounts/{accountId}/timeline")
    String timeline(
            @PathVariable String accountId,
            @RequestParam(required = false) @Nullable String after,
            @ModelAttribute Dates dates,
            Model model) {
        model.addAttribute("account", ledger.read(Ledger.path("/accounts/{id}", accountId)));
        Map<String, Object> events = ledger.read("/audit/events", "accountId", accountId, "after", after, "limit", 100);
        Instant until = dates.moment();
        List<Map<String, Object>> known = Ledger.items(events).stream()
                .filter(event -> until == null
                        || !Instant.parse(String.valueOf(event.get("recordedAt")))
                                .isAfter(until))
                .toList();
        model.addAttribute("events", known);
        model.addAttribute("next", known.size() < Ledger.items(events).size() ? null : events.get("next"));
        return "timeline";
    }

    @GetMapping("/audit/verifications/{verificationId}")
    String verification(@PathVariable String verificationId, Model model) {
        model.addAttribute("work", ledger.read(Ledger.path("/audit/verifications/{id}", verificationId)));
        return "verification";
    }

    @GetMapping("/audit/rebuilds/{rebuildId}")
    String rebuild(@PathVariable String rebuildId, Model model) {
        model.addAttribute("work", ledger.read(Ledger.path("/audit/rebuilds/{id}", rebuildId)));
        return "rebuild";
    }

    /** That an event is in the log that was signed, or that one signed log goes on from another. */
    @GetMapping("/audit/proofs")
    String proofs(
            @RequestParam(required = false) @Nullable String position,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            Model model) {
        model.addAttribute("checkpoint", ledger.read("/audit/checkpoint"));
        if (position != null && !position.isBlank()) {
            model.addAttribute("inclusion", ledger.read("/audit/proofs/inclusion", "position", position));
        }
        if (from != null && !from.isBlank()) {
            model.addAttribute("consistency", ledger.read("/audit/proofs/consistency", "from", from, "to", to));
        }
        return "proofs";
    }

    @GetMapping("/audits")
    String audits(@RequestParam(required = false) @Nullable String cursor, Model model) {
        model.addAttribute("audits", ledger.read("/audits", "cursor", cursor));
        return "audits";
    }

    /** The accounts that were drawn, and what was found. */
    @GetMapping("/audits/{auditId}")
    String sample(@PathVariable String auditId, Model model) {
        model.addAttribute("sample", ledger.read(Ledger.path("/audits/{id}", auditId)));
        return "sample";
    }

    /** Who has read whose personal data. */
    @GetMapping("/audit/reads")
    String reads(
            @RequestParam(defaultValue = "") String personId,
            @RequestParam(defaultValue = "") String accountId,
            @RequestParam(defaultValue = "") String user,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String to,
            @RequestParam(required = false) @Nullable String after,
            Model model) {
        Map<String, String> asked = Map.of(
                "personId",
                personId.strip(),
                "accountId",
                accountId.strip(),
                "user",
                user.strip(),
                "from",
                from,
                "to",
                to);
        model.addAttribute("asked", asked);
        model.addAttribute(
                "reads",
                ledger.read(
                        "/audit/reads",
                        "personId",
                        asked.get("personId"),
                        "accountId",
                        asked.get("accountId"),
                        "user",
                        asked.get("user"),
                        "from",
                        from,
                        "to",
                        to,
                        "after",
                        after));
        return "reads";
    }

    /** The journal in plain text, for other people's programs; the API makes it. */
    @GetMapping("/audit/journal")
    String journal() {
        return ledger.download("/audit/journal");
    }

    /** A zip that can be checked without this service; the API makes it. */
    @GetMapping("/audit/evidence-pack")
    String evidencePack() {
        return ledger.download("/audit/evidence-pack");
    }
}
