/** People, their keys and their erasure. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.person;
