package uk.directpayments.ledger.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Of whom a route of the API tells personal data, for the {@linkplain ReadRecord record of reads}. A read that is not marked tells of those
 * whom its path, its filters and its answer name ({@link Of#NAMED}), so a new one is recorded without anybody thinking of it.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Tells {

    Of value();

    /** Whom an answer is about. */
    enum Of {
        /** Of nobody: policies, proofs, totals. Not recorded. */
        NOBODY,
        /** Of those whose ids it names. For a write: that its answer tells what the caller did not know. */
        NAMED,
        /** Of everybody whom its filters let in: what is streamed, and leaves the ledger as a file. One row. */
        EVERYBODY
    }
}
