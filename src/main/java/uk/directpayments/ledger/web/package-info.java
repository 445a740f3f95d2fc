/** The pages: what people see and do who never call the API. All of it is asked of the API, in the name of who has signed in. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.ledger.web;
