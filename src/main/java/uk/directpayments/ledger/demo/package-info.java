/** A council that does not exist, so that a first start has something to show. Knows the ledger only as its users do: over HTTP. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.demo;
