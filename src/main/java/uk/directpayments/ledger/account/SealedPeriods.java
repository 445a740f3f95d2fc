package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.function.Supplier;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.View;

/** What the account room asks of sealed periods. The room that seals them answers. */
public interface SealedPeriods {

    /**
     * Does an act of the council's that counts on a day, unless the day lies in a sealed period; no sealing comes between. A fact of the world
     * does not ask.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code PERIOD_SEALED}, unless the request is the repeat of an accepted one; {@code BUSY}
     */
    Outcome act(LocalDate on, Call call, Supplier<Outcome> act);

    /** In which period things count, as the view knows it. */
    PostingDates postingDates(View view);
}
