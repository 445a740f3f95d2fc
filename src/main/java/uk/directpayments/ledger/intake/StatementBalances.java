package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;

/**
 * The balances that a file gives for one account, once the reader has found that its lines agree with them.
 *
 * @param accountRef how the file names the account; null where the file is of one account and does not say which
 * @param opening    before the first line; null where the format has none (a card feed)
 * @param closing    after the last line that was taken; null where the file does not say
 * @param lines      how many lines of the account were taken, repeated and refused ones not counted
 * @param from       the day of the opening balance, or of the first line; null where there is neither
 * @param to         the day of the closing balance, or of the last line; null where there is neither
 * @param onFirstDay after each line of the day {@code from}, at most {@link #MOST_OF_A_DAY} of them; empty where the file does not say. A file
 *                   that shares this day with the one before it goes on from one of them
 */
record StatementBalances(
        @Nullable String accountRef,
        @Nullable Money opening,
        @Nullable Money closing,
        int lines,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        List<Money> onFirstDay) {

    /** More lines than a person's account has on a day. */
    static final int MOST_OF_A_DAY = 100;

    /** Of a format that has no period, as a card feed. */
    StatementBalances(@Nullable String accountRef, @Nullable Money opening, @Nullable Money closing, int lines) {
        this(accountRef, opening, closing, lines, null, null, List.of());
    }

    /** Without the account: a reference to a card or bank account does not belong in a log. */
    @Override
    public String toString() {
        return "balances of an account with " + lines + " lines";
    }
}
