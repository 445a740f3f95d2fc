package uk.directpayments.ledger.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what a projection or automation does when an event has been recorded: a method {@code void on(SomeEvent event, Recorded at)}, in a
 * projection with the buffer as third parameter. Not Axon's own annotation, for Axon would run every such method in a processor of
 * its own choosing.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface When {}
