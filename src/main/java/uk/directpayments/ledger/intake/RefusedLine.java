package uk.directpayments.ledger.intake;

/**
 * A line of a statement file that was not taken, and why.
 *
 * @param lineNumber where the line begins in the file; the first line is 1
 * @param code       for programs: {@code FIELD_INVALID}, {@code MONEY_INVALID} …
 * @param words      for the person who sent the file; they name the column and never repeat what stands in it
 */
record RefusedLine(int lineNumber, String code, String words) {}
