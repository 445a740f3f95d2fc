/** Paying many: runs from selection to file, what the bank sends back, bank files, payables, sealed periods. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.payout;
