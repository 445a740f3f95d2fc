package uk.directpayments.ledger.kernel;

/** Where the money of a budget line or payment comes from. Rulebook 4.1. */
public enum FundingSource {
    EDUCATION_HIGH_NEEDS,
    NHS_CONTINUING_CARE,
    SOCIAL_CARE_CHILD,
    SHORT_BREAKS,
    ADULT_SOCIAL_CARE,
    CARER,
    PERSONAL_TRAVEL,
    S117_AFTERCARE,
    COUNCIL_TOP_UP,
    /** The family's own money: ring-fenced, refunded first on closure. */
    PARENT_TOP_UP,
    /** The client's own money, paid into the account under a financial assessment. */
    CLIENT_CONTRIBUTION;

    /** Whether it is the family's own money, which no organisation pays and none takes back. */
    public boolean isOfTheFamily() {
        return this == PARENT_TOP_UP || this == CLIENT_CONTRIBUTION;
    }
}
