package uk.directpayments.ledger.web;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What is in question: a list to work through, and each flag with what can be decided about it. */
@Controller
class FlagPage {

    private static final List<String> STATES = List.of(
            "RAISED",
            "EVIDENCE_REQUESTED",
            "EVIDENCE_RECEIVED",
            "UPHELD",
            "REPAYMENT_REQUESTED",
            "DISMISSED",
            "WITHDRAWN",
            "REPAID",
            "RECOVERED_FROM_FUTURE_PAYMENTS",
            "WRITTEN_OFF",
            "REFERRED_FRAUD");

    private final Ledger ledger;

    FlagPage(Ledger ledger) {
        this.ledger = ledger;
    }

    @GetMapping("/flags")
    String flags(
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String severity,
            @RequestParam(required = false) @Nullable String accountId,
            @RequestParam(required = false) @Nullable String personId,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        model.addAttribute("states", STATES);
        model.addAttribute("state", state);
        model.addAttribute("severity", severity);
        model.addAttribute("accountId", accountId);
        model.addAttribute("personId", personId);
        model.addAttribute(
                "flags",
                ledger.read(
                        "/flags",
                        "state",
                        state,
                        "severity",
                        severity,
                        "accountId",
                        accountId,
                        "personId",
                        personId,
                        "cursor",
                        cursor));
        return "flags";
    }

    @GetMapping("/flags/{flagId}")
    String flag(@PathVariable String flagId, Model model) {
        Map<String, Object> flag = ledger.read(Ledger.path("/flags/{id}", flagId));
        model.addAttribute("flag", flag);
        model.addAttribute("unpaid", isUnpaid(flag));
        return "flag";
    }

    /** Whether something of what is upheld has neither been paid nor written off, though the spending may have come back and nothing be outstanding. */
    private static boolean isUnpaid(Map<String, Object> flag) {
        return flag.get("upheld") != null
                && amount(flag, "upheld")
                                .subtract(amount(flag, "repaid"))
                                .subtract(amount(flag, "recovered"))
                                .subtract(amount(flag, "writtenOff"))
                                .signum()
                        > 0;
    }

    private static BigDecimal amount(Map<String, Object> flag, String name) {
        return new BigDecimal(String.valueOf(flag.get(name)));
    }

    @GetMapping("/flags/{flagId}/evidence-request.pdf")
    String evidenceRequest(@PathVariable String flagId) {
        return ledger.download("/flags/{id}/evidence-request.pdf", flagId);
    }

    @GetMapping("/flags/{flagId}/repayment-request.pdf")
    String repaymentRequest(@PathVariable String flagId) {
        return ledger.download("/flags/{id}/repayment-request.pdf", flagId);
    }
}
