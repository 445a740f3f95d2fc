/** Nights in residential care, counted by person under the law for children and for adults. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.residential;
