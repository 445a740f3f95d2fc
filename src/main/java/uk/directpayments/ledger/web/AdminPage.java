package uk.directpayments.ledger.web;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What an administrator works with: the council's rules, organisations, and what runs behind the figures. */
@Controller
class AdminPage {

    private final Ledger ledger;

    AdminPage(Ledger ledger) {
        this.ledger = ledger;
    }

    String operations(Model model) {
        model.addAttribute("operations", ledger.read("/operations/processors"));
        return "operations";
    }

    @GetMapping("/policies")
    String policies(Model model) {
        model.addAttribute("versions", Ledger.items(ledger.read("/policies/versions")));
        model.addAttribute("inForce", ledger.read("/policies"));
        return "policies";
    }

    /** A setting that two versions have differently. */
    record Change(
            String setting,
            @Nullable Object before,
            @Nullable Object after) {}

    /** A version, and what it changed of another: the one before it, unless somebody picks one. */
    @GetMapping("/policies/{version}")
    String policy(@PathVariable String version, @RequestParam(required = false) @Nullable String against, Model model) {
        Map<String, Object> policy = ledger.read(Ledger.path("/policies/{version}", version));
        List<Map<String, Object>> versions = Ledger.items(ledger.read("/policies/versions"));
        String other = against;
        for (int i = 1; other == null && i < versions.size(); i++) {
            if (version.equals(versions.get(i).get("version"))) {
                other = String.valueOf(versions.get(i - 1).get("version"));
            }
        }
        model.addAttribute("policy", policy);
        model.addAttribute("versions", versions);
        model.addAttribute("against", other);
        model.addAttribute(
                "changes",
                other == null ? List.of() : changes(ledger.read(Ledger.path("/policies/{version}", other)), policy));
        return "policy";
    }

    @SuppressWarnings("unchecked")
    private static List<Change> changes(Map<String, Object> before, Map<String, Object> after) {
        Map<String, Object> old = (Map<String, Object>) before.getOrDefault("settings", Map.of());
        Map<String, Object> now = (Map<String, Object>) after.getOrDefault("settings", Map.of());
        Map<String, Object> all = new TreeMap<>(old);
        all.putAll(now);
        return all.keySet().stream()
                .filter(name -> !Objects.equals(old.get(name), now.get(name)))
                .map(name -> new Change(name, old.get(name), now.get(name)))
                .toList();
    }

    @GetMapping("/organisations")
    String organisations(@RequestParam(required = false) @Nullable String cursor, Model model) {
        model.addAttribute("organisations", ledger.read("/organisations", "cursor", cursor));
        return "organisations";
    }

    @GetMapping("/organisations/{organisationId}")
    String organisation(
            @PathVariable String organisationId, @RequestParam(required = false) @Nullable String cursor, Model model) {
        String path = Ledger.path("/organisations/{id}", organisationId);
        model.addAttribute("organisation", ledger.read(path));
        model.addAttribute("accounts", ledger.read(path + "/accounts", "cursor", cursor));
        model.addAttribute("compared", ledger.all(path + "/client-money"));
        return "organisation";
    }
}
