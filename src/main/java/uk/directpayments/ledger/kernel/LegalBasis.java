package uk.directpayments.ledger.kernel;

/** The statute under which a budget is given. Rulebook 1.1. */
public enum LegalBasis {
    /** Children Act 1989 s.17A; SI 2009/1887. */
    CHILD_S17A(FundingSource.SOCIAL_CARE_CHILD),
    /** Care Act 2014 ss.31 to 33; SI 2014/2871. */
    ADULT_CARE_ACT(FundingSource.ADULT_SOCIAL_CARE),
    /** Children and Families Act 2014 s.49; SI 2014/1652. Needs an EHC plan reference. */
    SEN_S49(FundingSource.EDUCATION_HIGH_NEEDS),
    /** NHS Act 2006 ss.12A to 12D; SI 2013/1617. */
    NHS_12A(FundingSource.NHS_CONTINUING_CARE),
    /** Education Act 1996 home-to-school travel; local policy. */
    TRAVEL(FundingSource.PERSONAL_TRAVEL);

    private final FundingSource usualSource;

    LegalBasis(FundingSource usualSource) {
        this.usualSource = usualSource;
    }

    /** The source that spending is booked to while the budget has no lines yet. */
    public FundingSource usualSource() {
        return usualSource;
    }
}
