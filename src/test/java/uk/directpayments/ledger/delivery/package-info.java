/** What is handed over with the ledger: the list of what it is made of, and how it is run. */
package uk.directpayments.ledger.delivery;
