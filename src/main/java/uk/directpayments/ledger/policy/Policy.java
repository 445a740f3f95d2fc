package uk.directpayments.ledger.policy;

import java.time.LocalDate;

/**
 * One version of the council's policy.
 *
 * @param version       unique and stable: an answer that depends on the policy names it
 * @param effectiveFrom the first day on which it is in force; the earliest policy also answers for every day before
 */
public record Policy(String version, LocalDate effectiveFrom, Settings settings) {

    /** In force until the council publishes another. */
    public static Policy standard() {
        return DefaultPolicy.POLICY;
    }
}
