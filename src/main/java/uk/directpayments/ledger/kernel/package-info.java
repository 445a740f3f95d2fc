/** The words that all rooms share: money, funding sources, legal bases, who acts, a broken rule. Depends on nothing. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.kernel;
