package uk.directpayments.ledger.spending;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;

/** What detection knows of the money of one account, in random histories. */
class AccountFactsTest {

    private static final LocalDate FIRST = LocalDate.of(2025, 1, 6);

    /** Rulebook 4.13: told in whatever order, and with what comes back. */
    @Test
    void nobodyIsAskedAboutSpendingAfterWhichTheAccountWasNeverBelowNothing() {
        int asked = 0;
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            AccountFacts account = AccountFacts.opened("B", LegalBasis.CHILD_S17A);
            TreeMap<LocalDate, Money> moved = new TreeMap<>();
            Map<Integer, Money> left = new TreeMap<>();
            List<LocalDate> days = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                LocalDate day = FIRST.plusDays(random.nextInt(90));
                Money amount = Money.ofPence(1 + random.nextInt(5_000));
                int kind = random.nextInt(10);
                days.add(day);
                if (kind < 3) {
                    moved.merge(day, amount, Money::plus);
                    account = account.moved(day, amount);
                } else if (kind < 5 && !left.isEmpty()) {
                    int of = List.copyOf(left.keySet()).get(random.nextInt(left.size()));
                    Money back = amount.least(left.get(of));
                    LocalDate on = random.nextBoolean() || day.isBefore(days.get(of)) ? days.get(of) : day;
                    left.compute(of, (id, rest) -> rest.equals(back) ? null : rest.minus(back));
                    moved.merge(on, back, Money::plus);
                    account = account.cameBack("E" + of, on, back);
                } else {
                    left.put(i, amount);
                    moved.merge(day, amount.negated(), Money::plus);
                    account = account.spent("E" + i, day, amount);
                }
                for (AccountFacts.Early one : account.early()) {
                    if (!account.comings().reaches(one.spent().on())) {
                        continue; // it stays as it was found
                    }
                    asked++;
                    String id = one.spent().expenditureId();
                    assertThat(lowest(moved, one.spent().on()).isNegative())
                            .as("seed %d, step %d: %s", seed, i, id)
                            .isTrue();
                    assertThat(one.spent().missing().isMoreThan(left.get(Integer.parseInt(id.substring(1)))))
                            .as("seed %d, step %d: %s", seed, i, id)
                            .isFalse();
                }
            }
        }
        assertThat(asked).isGreaterThan(2_000);
    }

    /** The lowest balance from a day on. */
    private static Money lowest(TreeMap<LocalDate, Money> moved, LocalDate from) {
        Money balance = moved.headMap(from, true).values().stream().reduce(Money.ZERO, Money::plus);
        Money lowest = balance;
        for (Money change : moved.tailMap(from, false).values()) {
            balance = balance.plus(change);
            lowest = lowest.least(balance);
        }
        return lowest;
    }
}
