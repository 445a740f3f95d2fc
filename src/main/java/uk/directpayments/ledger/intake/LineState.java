package uk.directpayments.ledger.intake;

/** API: Statements in. */
enum LineState {
    UNMATCHED,
    SUGGESTED,
    MATCHED,
    IGNORED
}
