/** What finance staff and auditors ask for, as rows: one definition a report, one writer a format. Rulebook 4.21. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.report;
