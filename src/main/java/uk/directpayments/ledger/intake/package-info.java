/** Statements in: one reader a format, their lines matched with what the ledger has, periods reconciled. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.intake;
