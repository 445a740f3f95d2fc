@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.payout;
