package uk.directpayments.ledger.bench;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
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

/** Expenditures in the order of their days, so many a day, each of another amount: as card lines come, none of them is in question. */
final class Expenditures {

    /** From a first day to the last: years enough for a run of the bench. */
    static final LocalDate FIRST = LocalDate.of(2020, 1, 1);

    static final LocalDate LAST = LocalDate.of(2026, 11, 2);

    private final Commands commands;
    private final Sealing sealing;
    private final int aDay;
    private final String name;
    private final AtomicLong number = new AtomicLong();

    /** @param name what ids and keys begin with: what is done under the key of another is not done */
    Expenditures(Commands commands, Sealing sealing, int aDay, String name) {
        this.commands = commands;
        this.sealing = sealing;
        this.aDay = aDay;
        this.name = name;
    }

    /** What is spent the n-th time. */
    record Spent(LocalDate on, Money amount, String payee) {}

    static Spent spent(long n, int aDay) {
        long mixed = n * 0x9E3779B97F4A7C15L >>> 20;
        return new Spent(
                FIRST.plusDays(n / aDay % ChronoUnit.DAYS.between(FIRST, LAST)),
                Money.ofPence(100 + mixed % 997),
                "Shop " + mixed / 997 % 50);
    }

    /** One after the other, each on the account that is next. */
    Worker worker(Supplier<Opened> next) {
        Actor actor = new Actor("finance", Actor.Role.FINANCE, null);
        String version = Policy.standard().version();
        return () -> {
            long n = number.incrementAndGet();
            Opened ids = next.get();
            Spent spent = spent(n, aDay);
            String key = name + "%063x".formatted(n);
            commands.send(
                    new RecordExpenditure(
                            ids.accountId(),
                            name + n,
                            spent.amount(),
                            spent.on(),
                            sealing.seal(ids.personId(), spent.payee()),
                            sealing.opaque(ids.personId(), spent.payee()),
                            "CARE",
                            null,
                            SpendType.PURCHASE,
                            null,
                            "R" + name + n,
                            null,
                            null,
                            null,
                            null,
                            version,
                            LAST),
                    new Call(actor, key, key, "bench"));
        };
    }
}
