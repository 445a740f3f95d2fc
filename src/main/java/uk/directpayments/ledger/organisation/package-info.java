/** Support organisations: their appointments in time, which decide what their users see, and clients' money held together. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.organisation;
