/**
 * Is this what the money is for? Spending is classified by the council's policy and looked at by detectors; what comes of it are flags, questions
 * that a person decides. Rulebook 3.
 */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.spending;
