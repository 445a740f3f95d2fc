package uk.directpayments.ledger.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;

/** A line of a synthetic budget. @param allows codes that the plan permits here, null for none */
record Line(
        String lineId,
        FundingSource source,
        String mode,
        String category,
        Money annualAmount,
        @Nullable List<String> allows) {

    static final String COUNCIL_MANAGED = "COUNCIL_MANAGED";
    static final String THIRD_PARTY = "THIRD_PARTY";

    /** A line that is paid out to the person. */
    static Line of(String lineId, FundingSource source, String category, int pounds) {
        return new Line(lineId, source, "DIRECT_PAYMENT", category, Money.ofPence(pounds * 100L), null);
    }

    Line managed(String mode) {
        return new Line(lineId, source, mode, category, annualAmount, allows);
    }

    Line allowing(String... codes) {
        return new Line(lineId, source, mode, category, annualAmount, List.of(codes));
    }
}
