package uk.directpayments.ledger.policy;

/** What the policy makes of a kind of spending. Rulebook 3. */
public enum Decision {
    /** No flag, unless the amount reaches the line's threshold. */
    ALLOWED,
    /** A flag of medium severity: a question. */
    QUERY,
    /** A flag of high severity. */
    PROHIBITED
}
