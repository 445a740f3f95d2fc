package uk.directpayments.ledger.account;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.account.AccountTransactions.Kind;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.EventMeter;
import uk.directpayments.ledger.platform.MeterNames;

/** Counts the pounds that move on accounts, by kind of transaction: a gauge of activity, in floating point, not a figure to reconcile. */
@Component
class MoneyMeter implements EventMeter {

    private final Map<Kind, Counter> pounds = new EnumMap<>(Kind.class);

    MoneyMeter(MeterRegistry registry) {
        for (Kind kind : Kind.values()) {
            pounds.put(
                    kind,
                    Counter.builder(MeterNames.MONEY_POSTED)
                            .description("Pounds moved on payment accounts")
                            .baseUnit("pounds")
                            .tag("kind", kind.name())
                            .register(registry));
        }
    }

    @Override
    public void count(Object event) {
        if (event instanceof PaymentIssued e) {
            add(Kind.PAYMENT, e.net());
        } else if (event instanceof PaymentReturned e) {
            add(Kind.PAYMENT_RETURN, e.net());
        } else if (event instanceof TopUpReceived e) {
            add(Kind.TOP_UP, e.amount());
        } else if (event instanceof ContributionReceived e) {
            add(Kind.CONTRIBUTION, e.amount());
        } else if (event instanceof ExpenditureRecorded e) {
            add(Kind.EXPENDITURE, e.amount());
        } else if (event instanceof ExpenditureReversed e) {
            add(Kind.REVERSAL, e.amount());
        } else if (event instanceof RefundReceived e) {
            add(Kind.REFUND, e.amount());
        } else if (event instanceof RecoveryReceived e) {
            add(Kind.RECOVERY, e.amount());
        } else if (event instanceof RecoveryWrittenOff e) {
            add(Kind.WRITE_OFF, e.amount());
        }
    }

    private void add(Kind kind, Money amount) {
        Counter counter = pounds.get(kind);
        if (counter != null) {
            counter.increment(amount.pence() / 100.0);
        }
    }
}
