package uk.directpayments.ledger.intake;

/**
 * How large a statement file may be. A file beyond a limit is refused whole with {@code TOO_LARGE}. (How many bytes may be sent
 * at all is the upload's limit, not the reader's.)
 *
 * @param lines          lines in the file, empty ones and the header included
 * @param lineCharacters characters in a line, line break excluded
 * @param accounts       different accounts in one file
 */
record StatementLimits(int lines, int lineCharacters, int accounts) {

    static final StatementLimits DEFAULT = new StatementLimits(1_000_000, 65_536, 50_000);
}
