package uk.directpayments.ledger.web;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    /** The choice of all flags in which somebody has still to decide, which the start page counts: no state of its own. */
    private static final String TO_DECIDE = "TO_DECIDE";

    private static final List<String> UNDECIDED = STATES.subList(0, 3);

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
        model.addAttribute(
                "states", Stream.concat(Stream.of(TO_DECIDE), STATES.stream()).toList());
        model.addAttribute("state", state);
        model.addAttribute("severity", severity);
        model.addAttribute("accountId", accountId);
        model.addAttribute("personId", personId);
        model.addAttribute(
                "flags",
                TO_DECIDE.equals(state)
                        ? toDecide(severity, accountId, personId, cursor)
                        : list(state, severity, accountId, personId, cursor));
        return "flags";
    }

    private Map<String, Object> list(
            @Nullable String state,
            @Nullable String severity,
            @Nullable String accountId,
            @Nullable String personId,
            @Nullable String cursor) {
        return ledger.read(
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
                cursor);
    }

    /** State by state, of each as many as the API gives at once: the cursor is the state's own, after its name. */
    private Map<String, Object> toDecide(
            @Nullable String severity, @Nullable String accountId, @Nullable String personId, @Nullable String cursor) {
        String place = cursor == null ? "" : cursor;
        int cut = place.indexOf('~');
        int at = Math.max(0, UNDECIDED.indexOf(place.substring(0, Math.max(0, cut))));
        String after = place.substring(cut + 1);
        List<Object> items = new ArrayList<>();
        Map<String, Object> some;
        do {
            some = list(UNDECIDED.get(at), severity, accountId, personId, after);
            items.addAll(Ledger.items(some));
            after = "";
        } while (some.get("next") == null && ++at < UNDECIDED.size());
        some.put("items", items);
        if (some.get("next") != null) {
            some.put("next", UNDECIDED.get(at) + "~" + some.get("next"));
        }
        return some;
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
