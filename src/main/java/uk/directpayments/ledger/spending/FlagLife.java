package uk.directpayments.ledger.spending;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.spending.FlagEvent.EvidenceReceived;
import uk.directpayments.ledger.spending.FlagEvent.EvidenceRequested;
import uk.directpayments.ledger.spending.FlagEvent.FlagDismissed;
import uk.directpayments.ledger.spending.FlagEvent.FlagRaised;
import uk.directpayments.ledger.spending.FlagEvent.FlagReopened;
import uk.directpayments.ledger.spending.FlagEvent.FlagUpheld;
import uk.directpayments.ledger.spending.FlagEvent.FlagWrittenOff;
import uk.directpayments.ledger.spending.FlagEvent.FraudReferred;
import uk.directpayments.ledger.spending.FlagEvent.RepaymentReceived;
import uk.directpayments.ledger.spending.FlagEvent.RepaymentRequested;

/**
 * What people have done about one flag so far, evolved the same way by the stream that decides and by the register that shows it. Immutable.
 *
 * @param raisedBy    who raised it by hand, or null
 * @param evidenceDue the last day on which evidence is awaited, or null; a reconsideration does not ask for it anew
 * @param evidenced   whether evidence has come since it was last asked for
 * @param upheld      what was upheld, or null; {@code repaid + recovered + writtenOff + outstanding} add up to it (rulebook 7.10, 9)
 * @param reopened    whether the one reconsideration has been used
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
record FlagLife(
        FlagState state,
        @Nullable String raisedBy,
        @Nullable LocalDate evidenceDue,
        boolean evidenced,
        @Nullable Money upheld,
        Money repaid,
        Money recovered,
        Money writtenOff,
        boolean reopened) {

    static final FlagLife BEGUN =
            new FlagLife(FlagState.RAISED, null, null, false, null, Money.ZERO, Money.ZERO, Money.ZERO, false);

    /** What of the upheld amount nobody has paid or written off. */
    Money outstanding() {
        return upheld == null
                ? Money.ZERO
                : upheld.minus(repaid).minus(recovered).minus(writtenOff);
    }

    FlagLife after(FlagEvent event) {
        if (event instanceof FlagRaised e) {
            return new FlagLife(
                    FlagState.RAISED, e.raisedBy(), null, false, null, repaid, recovered, writtenOff, false);
        } else if (event instanceof EvidenceRequested e) {
            return with(FlagState.EVIDENCE_REQUESTED, e.due(), false, upheld, reopened);
        } else if (event instanceof EvidenceReceived) {
            return with(FlagState.EVIDENCE_RECEIVED, evidenceDue, true, upheld, reopened);
        } else if (event instanceof FlagUpheld e) {
            return with(FlagState.UPHELD, evidenceDue, evidenced, e.amount(), reopened);
        } else if (event instanceof FlagDismissed) {
            return with(FlagState.DISMISSED, evidenceDue, evidenced, null, reopened);
        } else if (event instanceof FlagReopened) {
            return with(FlagState.RAISED, evidenceDue, evidenced, null, true);
        } else if (event instanceof RepaymentRequested) {
            return with(FlagState.REPAYMENT_REQUESTED, evidenceDue, evidenced, upheld, reopened);
        } else if (event instanceof RepaymentReceived e) {
            return e.fromPayments()
                    ? paid(repaid, recovered.plus(e.amount()), writtenOff)
                    : paid(repaid.plus(e.amount()), recovered, writtenOff);
        } else if (event instanceof FlagWrittenOff e) {
            return paid(repaid, recovered, writtenOff.plus(e.amount()));
        } else if (event instanceof FraudReferred) {
            return with(FlagState.REFERRED_FRAUD, evidenceDue, evidenced, upheld, reopened);
        }
        return this;
    }

    private FlagLife with(
            FlagState next, @Nullable LocalDate due, boolean came, @Nullable Money amount, boolean again) {
        return new FlagLife(next, raisedBy, due, came, amount, repaid, recovered, writtenOff, again);
    }

    /** Settled, it says by what for the most part; until then it stands where it stood. */
    private FlagLife paid(Money repaid, Money recovered, Money writtenOff) {
        FlagLife next =
                new FlagLife(state, raisedBy, evidenceDue, evidenced, upheld, repaid, recovered, writtenOff, reopened);
        if (next.outstanding().isPositive()) {
            return next;
        }
        FlagState settled = writtenOff.isPositive()
                ? FlagState.WRITTEN_OFF
                : repaid.isPositive() ? FlagState.REPAID : FlagState.RECOVERED_FROM_FUTURE_PAYMENTS;
        return new FlagLife(settled, raisedBy, evidenceDue, evidenced, upheld, repaid, recovered, writtenOff, reopened);
    }
}
