package uk.directpayments.ledger.bench;

import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import uk.directpayments.ledger.account.AccountCommand.RecordExpenditure;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.bench.Rounds.Worker;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.support.RunningLedger.Opened;

/** Expenditures recorded through the command gateway, each another, over the three hundred days to {@code last}. */
final class Expenditures {

    private final Commands commands;
    private final Sealing sealing;
    private final LocalDate last;
    private final AtomicLong number = new AtomicLong();

    Expenditures(Commands commands, Sealing sealing, LocalDate last) {
        this.commands = commands;
        this.sealing = sealing;
        this.last = last;
    }

    /** One after the other, each on the account that is next. */
    Worker worker(Supplier<Opened> next) {
        Actor actor = new Actor("finance", Actor.Role.FINANCE, null);
        String version = Policy.standard().version();
        return () -> {
            long n = number.incrementAndGet();
            Opened ids = next.get();
            String key = "%064x".formatted(n);
            commands.send(
                    new RecordExpenditure(
                            ids.accountId(),
                            "E" + n,
                            Money.ofPence(100 + n % 1000),
                            last.minusDays(n % 300),
                            sealing.seal(ids.personId(), "Shop " + n % 50),
                            sealing.opaque(ids.personId(), "Shop " + n % 50),
                            "CARE",
                            null,
                            SpendType.PURCHASE,
                            null,
                            "R" + n,
                            null,
                            null,
                            null,
                            null,
                            version,
                            last),
                    new Call(actor, key, key, "bench"));
        };
    }
}
