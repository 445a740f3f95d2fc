/** The pages as people meet them: in a browser, by mouse and by keyboard, with and without scripts. */
package uk.directpayments.ledger.browser;
