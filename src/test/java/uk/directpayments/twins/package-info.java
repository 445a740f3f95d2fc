/** Two events under one name: a mistake, to be refused. */
@org.jspecify.annotations.NullMarked
package uk.directpayments.twins;
