package uk.directpayments.ledger.account;

import java.util.Collection;
import java.util.Map;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.View;

/** What has been paid and spent on budget lines, for whoever shows a budget beside its allocation. */
public interface LineFigures {

    /**
     * @param paid  gross: issued less returned
     * @param spent expenditures less reversals and refunds, positive
     */
    record Figure(Money paid, Money spent) {}

    /**
     * The figures of every line that has moved, by line, over accounts of one budget (line ids are unique within it).
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    Map<String, Figure> of(Collection<String> accountIds, View view);
}
