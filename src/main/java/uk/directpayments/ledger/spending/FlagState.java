package uk.directpayments.ledger.spending;

/** Where a flag stands. API: Flags and policy; rulebook 3.8. */
public enum FlagState {
    RAISED,
    EVIDENCE_REQUESTED,
    EVIDENCE_RECEIVED,
    UPHELD,
    DISMISSED,
    WITHDRAWN,
    REPAYMENT_REQUESTED,
    REPAID,
    RECOVERED_FROM_FUTURE_PAYMENTS,
    WRITTEN_OFF,
    REFERRED_FRAUD;

    /** Whether nobody has decided yet. */
    boolean undecided() {
        return this == RAISED || this == EVIDENCE_REQUESTED || this == EVIDENCE_RECEIVED;
    }

    /** Whether something is still to be done about it: an account is not closed before. */
    boolean open() {
        return undecided() || this == UPHELD || this == REPAYMENT_REQUESTED;
    }

    /** Whether something of it may still be to come back: a referral closes no claim. */
    boolean claimed() {
        return this == UPHELD || this == REPAYMENT_REQUESTED || this == REFERRED_FRAUD;
    }
}
