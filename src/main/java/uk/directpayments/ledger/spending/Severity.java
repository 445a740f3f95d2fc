package uk.directpayments.ledger.spending;

import uk.directpayments.ledger.policy.Decision;

/** How grave a flag is, by what the policy decides. API: Flags and policy. */
public enum Severity {
    HIGH,
    MEDIUM;

    static Severity of(Decision decision) {
        return decision == Decision.PROHIBITED ? HIGH : MEDIUM;
    }
}
