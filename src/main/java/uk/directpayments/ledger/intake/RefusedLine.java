package uk.directpayments.ledger.intake;

import org.jspecify.annotations.Nullable;

/**
 * A line of a statement file that was not taken, and why.
 *
 * @param lineNumber where the line begins in the file; the first line is 1
 * @param code       for programs: {@code FIELD_INVALID}, {@code MONEY_INVALID} …
 * @param words      for the person who sent the file; they name the column and never repeat what stands in it
 * @param content    the line itself, where all of it could be read: a later file may make it good
 */
record RefusedLine(
        int lineNumber, String code, String words, @Nullable StatementLine content) {

    RefusedLine(int lineNumber, String code, String words) {
        this(lineNumber, code, words, null);
    }

    RefusedLine(StatementLine line, String code, String words) {
        this(line.lineNumber(), code, words, line);
    }
}
