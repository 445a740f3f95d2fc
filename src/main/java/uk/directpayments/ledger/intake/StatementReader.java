package uk.directpayments.ledger.intake;

import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads one format of statement file. A reader holds no state between files, asks no clock and no database, and keeps only a
 * bounded part of the file in memory, so a file may be read twice: once to check all of it, once to record it. The same bytes
 * give the same calls in the same order.
 *
 * <p>To add a format, write one reader and put it into the list that {@link StatementFormats} is made with.
 */
interface StatementReader {

    /** The name in the public contract: {@code card-feed}, {@code camt.053} … */
    String format();

    /** Whether each line names its account; else the file is of one, which the sender names. */
    default boolean namesAccounts() {
        return false;
    }

    /** How its columns are understood, after a file was read; null in formats without columns of free names. */
    default @Nullable JsonNode mapping() {
        return null;
    }

    /**
     * Whether a file that begins like this is probably of this format. Never throws for any content.
     *
     * @param head the file's first bytes, at most {@link StatementFormats#HEAD_BYTES}
     */
    boolean recognises(byte[] head);

    /**
     * Reads a whole file and tells the sink what it holds. What is wrong with one line goes to {@link Sink#refused}; what is
     * thrown refuses the whole file, possibly after the sink has heard of earlier lines: a sink that records must only be used
     * after one pass ended well.
     *
     * @param file  read to its end, not closed
     * @param today the business day after which nothing can have been settled
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code STATEMENT_UNREADABLE}, {@code CURRENCY_NOT_SUPPORTED},
     *     {@code STATEMENT_DOES_NOT_BALANCE}, {@code TOO_LARGE}
     * @throws IOException if the stream fails
     */
    void read(InputStream file, LocalDate today, Sink sink) throws IOException;

    /** Hears what a file holds, in the order of the file. */
    interface Sink {

        /** A line that may be recorded. */
        void line(StatementLine line);

        /** The same transaction again, saying the same as before in this file: to be counted, not recorded. */
        void repeated(StatementLine line);

        /** A line that cannot be recorded. */
        void refused(RefusedLine line);

        /** What the file says of one account or one of its statements, after the last line of it. */
        void balances(StatementBalances balances);
    }
}
