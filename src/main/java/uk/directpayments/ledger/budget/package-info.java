/** Personal budgets: from the request to the last day, their lines by funding source, reviews, consents, disputes. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.budget;
