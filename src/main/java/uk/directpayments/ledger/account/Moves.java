package uk.directpayments.ledger.account;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.time.LocalDate;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;

/** The part of an account's state that tells until when money moves: an expenditure that was reversed on its own day has moved none. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
final class Moves {

    /** The most days of spending that are remembered each by itself: what of older ones is reversed has moved all the same. */
    static final int MOST_DAYS = 40;

    /** The last day on which money came in, or went out otherwise than by spending, or null. */
    @Nullable
    LocalDate until;

    /** What was spent on each day after that, less what was reversed on it, unless that is nothing. */
    final TreeMap<LocalDate, Money> spent = new TreeMap<>();

    /** The last day on which money moves, or null. */
    @Nullable
    LocalDate lastDay() {
        return spent.isEmpty() ? until : spent.lastKey();
    }

    void evolve(AccountEvent event) {
        if (event instanceof ExpenditureRecorded e) {
            spend(e.amount(), e.on());
        } else if (event instanceof ExpenditureReversed e) {
            spend(e.amount().negated(), e.on());
        } else if (event instanceof RefundReceived e) {
            move(e.on());
        } else if (event instanceof PaymentIssued e) {
            move(e.on());
        } else if (event instanceof PaymentReturned e) {
            move(e.on());
        } else if (event instanceof TopUpReceived e) {
            move(e.on());
        } else if (event instanceof ContributionReceived e) {
            move(e.on());
        } else if (event instanceof RecoveryReceived e) {
            move(e.on());
        } else if (event instanceof RecoveryWrittenOff e) {
            move(e.on());
        }
    }

    private void move(LocalDate on) {
        until = until == null ? on : BusinessDay.later(until, on);
        spent.headMap(until, true).clear();
    }

    private void spend(Money amount, LocalDate on) {
        if (until != null && !on.isAfter(until)) {
            return;
        }
        if (spent.merge(on, amount, Money::plus).isZero()) {
            spent.remove(on);
        } else if (spent.size() > MOST_DAYS) {
            move(spent.firstKey());
        }
    }
}
