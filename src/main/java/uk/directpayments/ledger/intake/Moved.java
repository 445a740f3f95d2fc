package uk.directpayments.ledger.intake;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;

/**
 * A transaction of an account, as a bank would tell it.
 *
 * @param amount      money in is positive
 * @param counterpart the transaction that this one takes back, or that takes this one back; null if there is none
 * @param position    of the log, at which it was recorded
 */
record Moved(
        String accountId,
        String transactionId,
        LocalDate on,
        Money amount,
        @Nullable String counterpart,
        long position) {

    /** A transaction's id is unique within its account alone. */
    record Key(String accountId, String transactionId) {}

    Key key() {
        return new Key(accountId, transactionId);
    }

    static Moved read(ResultSet row) throws SQLException {
        return new Moved(
                row.getString("account_id"),
                row.getString("transaction_id"),
                row.getObject("occurred_on", LocalDate.class),
                Money.ofPence(row.getLong("pence")),
                null,
                row.getLong("position"));
    }

    Moved undoneBy(@Nullable String other) {
        return new Moved(accountId, transactionId, on, amount, other, position);
    }
}
