package uk.directpayments.ledger.kernel;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name and revision an event is stored under: chosen, stable, never a Java name. Changing what an event holds means a new
 * revision and an upcaster; the golden file of each revision is kept in the tests.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EventName {

    /** Kind of stream, a dot, what happened: {@code account.expenditure-recorded}. */
    String value();

    int revision() default 1;

    /**
     * The oldest revision whose JSON reads as this one: since then only fields that may be null were added. 0: none but the newest. What
     * changed otherwise needs an upcaster.
     */
    int readsFrom() default 0;
}
