package uk.directpayments.ledger.account;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.ReturnAccepted;
import uk.directpayments.ledger.account.AccountEvent.ReturnReceived;
import uk.directpayments.ledger.account.AccountEvent.ReturnRequested;

/** The part of an account's state that waits for returns: only those that are not accepted yet, so it stays small. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
final class Returns {

    /** Those that are not accepted, by id: has anything come? */
    final Map<String, Boolean> received = new LinkedHashMap<>();

    /** The latest day on which any return was or is due: the cycle goes on from there. */
    @Nullable
    LocalDate lastDue;

    void evolve(AccountEvent event) {
        if (event instanceof ReturnRequested e) {
            received.put(e.returnId(), false);
            lastDue = lastDue == null || e.due().isAfter(lastDue) ? e.due() : lastDue;
        } else if (event instanceof ReturnReceived e) {
            received.put(e.returnId(), true);
        } else if (event instanceof ReturnAccepted e) {
            received.remove(e.returnId());
        }
    }
}
