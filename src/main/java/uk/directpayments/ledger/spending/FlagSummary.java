package uk.directpayments.ledger.spending;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;

/**
 * The flags in which somebody has still to decide. Figures are null while those of anybody whom the asker sees cannot be given. Rulebook 4.21.
 *
 * @param count  how many
 * @param amount in question, pounds
 * @param states the same by state, and {@code ages} by the days since the spending
 * @param items  the ten with most in question
 */
record FlagSummary(
        @Nullable Long count,
        @Nullable Money amount,
        List<OfState> states,
        List<OfAge> ages,
        List<FlagReads.FlagView> items) {

    /** Days since the spending from which a flag is of the second heap, and of the third. */
    static final int[] AGES = {29, 91};

    record OfState(
            FlagState state, @Nullable Long count, @Nullable Money amount) {}

    /** @param toDays null for the oldest */
    record OfAge(
            int fromDays,
            @Nullable Integer toDays,
            @Nullable Long count,
            @Nullable Money amount) {}

    static FlagSummary of(List<FlagRegister.Heap> heaps, boolean unavailable, List<FlagReads.FlagView> largest) {
        List<OfState> states = new ArrayList<>();
        for (FlagState state : FlagState.values()) {
            if (state.undecided()) {
                Predicate<FlagRegister.Heap> of = heap -> heap.state() == state;
                states.add(new OfState(state, count(heaps, of, unavailable), amount(heaps, of, unavailable)));
            }
        }
        List<OfAge> ages = new ArrayList<>();
        for (int i = 0; i <= AGES.length; i++) {
            int age = i;
            Predicate<FlagRegister.Heap> of = heap -> heap.age() == age;
            ages.add(new OfAge(
                    i == 0 ? 0 : AGES[i - 1],
                    i == AGES.length ? null : AGES[i] - 1,
                    count(heaps, of, unavailable),
                    amount(heaps, of, unavailable)));
        }
        return new FlagSummary(
                count(heaps, heap -> true, unavailable),
                amount(heaps, heap -> true, unavailable),
                states,
                ages,
                largest);
    }

    private static @Nullable Long count(
            List<FlagRegister.Heap> heaps, Predicate<FlagRegister.Heap> of, boolean unavailable) {
        return unavailable
                ? null
                : heaps.stream().filter(of).mapToLong(FlagRegister.Heap::count).sum();
    }

    private static @Nullable Money amount(
            List<FlagRegister.Heap> heaps, Predicate<FlagRegister.Heap> of, boolean unavailable) {
        return unavailable
                ? null
                : heaps.stream().filter(of).map(FlagRegister.Heap::amount).reduce(Money.ZERO, Money::plus);
    }
}
