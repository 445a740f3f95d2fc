package uk.directpayments.ledger.account;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.ReturnAccepted;
import uk.directpayments.ledger.account.AccountEvent.ReturnReceived;
import uk.directpayments.ledger.account.AccountEvent.ReturnRequested;
import uk.directpayments.ledger.account.AccountEvent.RiskBandSet;

/** The part of an account's state that waits for returns: only those that are not accepted yet, so it stays small. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
final class Returns {

    /** Those that are not accepted, by id: has anything come? */
    final Map<String, Boolean> received = new LinkedHashMap<>();

    /** The latest day on which any return was or is due: the cycle goes on from there. */
    @Nullable
    LocalDate lastDue;

    /** The account's risk band, by the day from which it is so. */
    final TreeMap<LocalDate, String> riskBands = new TreeMap<>();

    String riskBandOn(LocalDate day) {
        Map.Entry<LocalDate, String> band = riskBands.floorEntry(day);
        return band == null ? AccountRegister.NO_BAND : band.getValue();
    }

    void evolve(AccountEvent event) {
        if (event instanceof ReturnRequested e) {
            received.put(e.returnId(), false);
            lastDue = lastDue == null || e.due().isAfter(lastDue) ? e.due() : lastDue;
        } else if (event instanceof ReturnReceived e) {
            received.put(e.returnId(), true);
        } else if (event instanceof ReturnAccepted e) {
            received.remove(e.returnId());
        } else if (event instanceof RiskBandSet e) {
            riskBands.tailMap(e.from(), true).clear(); // what is judged later stands from its day on
            riskBands.put(e.from(), e.riskBand());
        }
    }
}
