package uk.directpayments.ledger.web;

import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** The periods of an account that agreed with its bank, beside the form that compares one: of those that no longer do, one has to. */
@Component
class ReconcilePage implements FormPage.Beside {

    private final Ledger ledger;

    ReconcilePage(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public String template() {
        return "reconcile";
    }

    @Override
    public void show(Map<String, Object> account, Map<String, String> typed, Model model) {
        model.addAttribute(
                "periods",
                ledger.all(Ledger.path("/accounts/{id}/reconciliations", String.valueOf(account.get("accountId")))));
    }
}
