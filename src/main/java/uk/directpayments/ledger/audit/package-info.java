/** History that proves itself: the transparency log, verification, the log itself, the journal in plain text, evidence packs. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.audit;
