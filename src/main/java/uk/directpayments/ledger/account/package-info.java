/** Payment accounts: what is allocated, paid, spent, owed and taken back, and every balance that follows. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.account;
