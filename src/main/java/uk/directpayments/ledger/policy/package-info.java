/** The council's policy: dated, versioned settings with reasons, superseded and never edited. Rulebook 7.9. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.policy;
