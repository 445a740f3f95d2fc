package uk.directpayments.ledger.residential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.residential.DayCount.Answer;
import uk.directpayments.ledger.residential.DayCount.Question;
import uk.directpayments.ledger.residential.LimitSpan.Level;
import uk.directpayments.ledger.residential.LimitSpan.Limit;

/** {@link DayCount} and {@link LimitSpan} against {@link NaiveCount}, on people made from a seed that every failure names. */
class DayCountAgreementTest {

    private static final int PEOPLE = 20_000;
    private static final int PEOPLE_DAY_BY_DAY = 300;

    private final long seed = Long.getLong("seed", System.nanoTime());

    @Test
    void twoImplementationsAgreeOnEverybody() {
        RandomPeople people = new RandomPeople(seed);
        int breaches = 0;
        for (int i = 0; i < PEOPLE; i++) {
            Question asked = people.next();
            Answer answer = DayCount.answer(asked);
            assertThat(answer).as(() -> told(asked)).isEqualTo(new NaiveCount(asked).answer());
            boolean over = answer.child().singlePeriodBreachOn() != null
                    || answer.child().limit120BreachOn() != null
                    || answer.adult().breachOn() != null;
            breaches += over ? 1 : 0;
        }
        assertThat(breaches)
                .as("people over a limit, or the test shows little")
                .isBetween(PEOPLE / 10, PEOPLE * 9 / 10);
    }

    @Test
    void theOrderOfStaysAndTheirSplittingChangeNothing() {
        RandomPeople people = new RandomPeople(seed);
        for (int i = 0; i < 2_000; i++) {
            Question asked = people.next();
            Answer answer = DayCount.answer(asked);
            assertThat(DayCount.answer(people.shuffled(asked)))
                    .as(() -> told(asked))
                    .isEqualTo(answer);
            Answer split = DayCount.answer(RandomPeople.with(
                    asked,
                    asked.stays().stream()
                            .flatMap(DayCountAgreementTest::halves)
                            .toList()));
            assertThat(split.child()).as(() -> told(asked)).isEqualTo(answer.child());
            assertThat(split.adult()).as(() -> told(asked)).isEqualTo(answer.adult());
        }
    }

    /** As if a transfer to another provider, paid from another account, had been recorded as two stays. */
    private static Stream<Stay> halves(Stay stay) {
        LocalDate admitted = stay.facts().admitted();
        LocalDate discharged = stay.facts().discharged();
        LocalDate middle = admitted.plusDays(1);
        return discharged == null || !middle.isBefore(discharged)
                ? Stream.of(stay)
                : Stream.of(
                        new Stay(stay.stayId() + "a", dated(stay, admitted, middle), stay.planned()),
                        new Stay(stay.stayId() + "b", dated(stay, middle, discharged), stay.planned()));
    }

    private static Stay.Facts dated(Stay stay, LocalDate admitted, @Nullable LocalDate discharged) {
        return new Stay.Facts(
                stay.facts().setting(), admitted, discharged, stay.facts().fundedByDirectPayment());
    }

    @Test
    void whoIsNearOrOverALimitIsSoOnEverySingleDay() {
        RandomPeople people = new RandomPeople(seed);
        for (int i = 0; i < PEOPLE_DAY_BY_DAY; i++) {
            Question asked = people.next();
            List<LimitSpan> spans =
                    LimitSpan.of(asked.stays(), asked.eighteenOn(), asked.childUntil(), asked.basis(), asked.policy());
            for (LocalDate day = LocalDate.of(2022, 6, 1); day.getYear() < 2027; day = day.plusDays(3)) {
                LocalDate on = day;
                List<String> found = spans.stream()
                        .filter(span -> span.covers(on) && span.limit() != Limit.CHILD_LINKED_28)
                        .map(span -> span.limit() + " " + span.level())
                        .distinct()
                        .sorted()
                        .toList();
                assertThat(found).as(() -> on + " " + told(asked)).isEqualTo(marks(asked, on));
            }
        }
    }

    /** Who stands where, from answers as of that day and of the days before it. */
    private static List<String> marks(Question asked, LocalDate day) {
        List<String> marks = new ArrayList<>();
        NaiveStanding naive = new NaiveStanding(asked, day);
        naive.single().stream().map(level -> Limit.SINGLE_28 + " " + level).forEach(marks::add);
        naive.rolling().stream().map(level -> Limit.ROLLING_120 + " " + level).forEach(marks::add);
        naive.linked().stream().map(level -> Limit.LINKED_28 + " " + level).forEach(marks::add);
        marks.sort(Comparator.naturalOrder());
        return marks;
    }

    @Test
    void theFirstSpanOverALimitBeginsWithTheBreachAndNamesItsStay() {
        RandomPeople people = new RandomPeople(seed);
        for (int i = 0; i < 3_000; i++) {
            Question given = people.next();
            Question asked = new Question(
                    given.stays(),
                    given.eighteenOn(),
                    given.childUntil(),
                    given.basis(),
                    LocalDate.of(2027, 1, 1),
                    false,
                    given.policy());
            Answer answer = DayCount.answer(asked);
            List<LimitSpan> spans =
                    LimitSpan.of(asked.stays(), asked.eighteenOn(), asked.childUntil(), asked.basis(), asked.policy());
            assertThat(firstOver(spans, Limit.SINGLE_28))
                    .as(() -> told(asked))
                    .isEqualTo(answer.child().singlePeriodBreachOn());
            assertThat(firstOver(spans, Limit.ROLLING_120))
                    .as(() -> told(asked))
                    .isEqualTo(answer.child().limit120BreachOn());
            assertThat(firstOver(spans, Limit.LINKED_28))
                    .as(() -> told(asked))
                    .isEqualTo(answer.adult().breachOn());
            assertThat(spans).allSatisfy(span -> {
                if (span.level() == Level.OVER) {
                    assertThat(asked.stays().stream()
                                    .filter(stay -> stay.stayId().equals(span.stayId())))
                            .anyMatch(stay -> asked.counted(stay).holds(span.from())
                                    || span.from().getYear() > 2026);
                }
            });
        }
    }

    private static @Nullable LocalDate firstOver(List<LimitSpan> spans, Limit limit) {
        return spans.stream()
                .filter(span -> span.limit() == limit && span.level() == Level.OVER)
                .map(LimitSpan::from)
                .min(LocalDate::compareTo)
                .filter(from -> from.getYear() < 2027)
                .orElse(null);
    }

    private String told(Question asked) {
        return "seed " + seed + ": " + asked;
    }
}
