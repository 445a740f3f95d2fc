package uk.directpayments.ledger.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.platform.View;

/** All reports, by name. */
@Component
public class Reports {

    private final Map<String, Report> byName = new TreeMap<>();
    private final AccountRegister register;

    Reports(List<Report> reports, AccountRegister register) {
        reports.forEach(report -> byName.put(report.name(), report));
        this.register = register;
    }

    public List<Report> all() {
        return List.copyOf(byName.values());
    }

    public Optional<Report> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The same view, pinned to one position for every figure of a report. */
    public View pinned(View view) {
        return view.at(register.positionOf(view));
    }
}
