package uk.directpayments.ledger.budget;

/** How far a budget has come. Rulebook 4.2; API: Budgets. */
public enum BudgetStatus {
    REQUESTED,
    INDICATIVE,
    APPROVED,
    DEFERRED,
    REFUSED,
    FINAL,
    /** Final, and a first payment has been made. */
    ACTIVE,
    ENDED;

    /** True while the request waits for its decision: until then a person can make no other. */
    boolean undecided() {
        return this == REQUESTED || this == INDICATIVE || this == APPROVED || this == DEFERRED;
    }
}
