package uk.directpayments.ledger.residential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.residential.Cases.Case;
import uk.directpayments.ledger.residential.DayCount.Answer;
import uk.directpayments.ledger.residential.DayCount.LinkedGroup;
import uk.directpayments.ledger.residential.DayCount.Question;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;
import uk.directpayments.ledger.residential.Stay.Setting;

/** The count of days: the rulebook's examples on both bases, and what they leave open. */
class DayCountTest {

    private static final LocalDate ADULT = LocalDate.of(2008, 1, 1);
    private static final LocalDate CHILD = LocalDate.of(2030, 5, 10);

    static List<Case> examples() {
        return Cases.all().toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleComesOutAsWorked(Case example) {
        JsonNode answer = Cases.JSON.valueToTree(DayCount.answer(example.question()));
        assertHolds(answer, example.expected(), example.id());
    }

    /** Every field that the example expects, and no group more. */
    static void assertHolds(JsonNode answer, JsonNode expected, String where) {
        if (!expected.isObject()) {
            assertThat(answer).as(where).isEqualTo(expected);
            return;
        }
        expected.properties()
                .forEach(field ->
                        assertHolds(answer.path(field.getKey()), field.getValue(), where + "." + field.getKey()));
    }

    @Test
    void thereAreAllTheExamples() {
        assertThat(examples()).hasSize(2 * 23);
    }

    @Test
    void onTheLiteralReadingAFullPeriodIsNotLinkedToALaterStay() {
        Answer answer = DayCount.answer(Cases.one("A08", Basis.NIGHTS).question(RandomPeople.policy(false)));
        assertThat(answer.adult().maxLinked12Months()).isEqualTo(28);
        assertThat(answer.adult().breachOn()).isNull();
        assertThat(answer.adult().linkedGroups()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"NIGHTS, 27, 1", "NIGHTS, 28, 2", "INCLUSIVE_DAYS, 28, 1", "INCLUSIVE_DAYS, 29, 2"})
    void anAdultsPeriodsAreLinkedByFewerThanTwentyEightDaysBetween(Basis basis, int daysLater, int groups) {
        LocalDate back = day("2025-03-15").plusDays(daysLater);
        Stay first = stay("S1", "2025-03-01", "2025-03-15");
        Stay second = stay("S2", back.toString(), back.plusDays(15).toString());
        Answer answer = DayCount.answer(asked(ADULT, null, basis, first, second));
        assertThat(answer.adult().linkedGroups()).hasSize(groups);
        assertThat(answer.adult().breachOn() != null).isEqualTo(groups == 1);
    }

    @Test
    void onTheLiteralReadingAShortPeriodIsStillLinkedToAFullOne() {
        List<Stay> stays = List.of(stay("S1", "2025-02-20", "2025-02-24"), stay("S2", "2025-03-01", "2025-03-29"));
        Question asked =
                new Question(stays, ADULT, null, Basis.NIGHTS, day("2025-12-31"), false, RandomPeople.policy(false));
        assertThat(DayCount.answer(asked).adult().linkedGroups())
                .containsExactly(new LinkedGroup(day("2025-02-20"), day("2025-03-28"), 32));
    }

    @ParameterizedTest
    @CsvSource({
        // admitted, asOf, the day of release
        "2025-03-10, 2025-12-31, 2026-03-10",
        "2024-02-28, 2025-01-31, 2025-02-28",
        "2024-02-29, 2025-01-31, 2025-03-01",
        "2024-03-01, 2025-02-28, 2025-03-01",
        "2023-02-28, 2024-01-31, 2024-02-28",
        "2023-03-01, 2024-02-29, 2024-03-01",
    })
    void aDayIsReleasedWhenItsWindowLeavesIt(LocalDate admitted, LocalDate asOf, LocalDate released) {
        Answer answer = DayCount.answer(child(asOf, night(admitted)));
        assertThat(answer.child().nextReleaseOn()).isEqualTo(released);
        assertThat(answer.child().remaining()).isEqualTo(119);
        Answer dayBefore = DayCount.answer(child(released.minusDays(1), night(admitted)));
        assertThat(dayBefore.child().in12MonthsToAsOf()).isEqualTo(1);
        Answer onTheDay = DayCount.answer(child(released, night(admitted)));
        assertThat(onTheDay.child().in12MonthsToAsOf()).isZero();
        assertThat(onTheDay.child().nextReleaseOn()).isNull();
        assertThat(onTheDay.child().remaining()).isEqualTo(120);
    }

    @Test
    void whatRemainsIsNegativeOnceThereWereTooMany() {
        Stay open = new Stay("S1", new Stay.Facts(Setting.CHILDRENS_HOME, day("2025-01-01"), null, true), false);
        assertThat(DayCount.answer(child(day("2025-05-05"), open)).child().remaining())
                .isEqualTo(-5);
    }

    @Test
    void anOpenStayCountsUpToAndIncludingTheDayAndNothingBeforeItBegan() {
        Stay open = new Stay("S1", new Stay.Facts(Setting.CHILDRENS_HOME, day("2025-06-05"), null, true), false);
        assertThat(total(day("2025-06-04"), open)).isZero();
        assertThat(total(day("2025-06-05"), open)).isEqualTo(1);
        assertThat(total(day("2025-06-07"), open)).isEqualTo(3);
    }

    @Test
    void anActualStayIsCutAtTheDayOnBothBases() {
        Stay stay = stay("S1", "2025-06-05", "2025-06-20");
        for (Basis basis : Basis.values()) {
            Question asked =
                    new Question(List.of(stay), CHILD, null, basis, day("2025-06-10"), true, ResidentialPolicy.DEFAULT);
            assertThat(DayCount.answer(asked).child().countedTotal()).isEqualTo(6);
        }
    }

    @ParameterizedTest
    @CsvSource({"2008-02-29, 2026-03-01, 4, 4", "2008-03-01, 2026-03-01, 4, 4", "2008-02-28, 2026-02-28, 3, 5"})
    void somebodyBornOnALeapDayComesOfAgeOnTheFirstOfMarch(
            LocalDate born, LocalDate eighteenOn, int childNights, int adultNights) {
        assertThat(BusinessDay.reaches(18, born)).isEqualTo(eighteenOn);
        Question asked = new Question(
                List.of(stay("S1", "2026-02-25", "2026-03-05")),
                BusinessDay.reaches(18, born),
                null,
                Basis.NIGHTS,
                day("2026-12-31"),
                false,
                ResidentialPolicy.DEFAULT);
        Answer answer = DayCount.answer(asked);
        assertThat(answer.child().countedTotal()).isEqualTo(childNights);
        assertThat(answer.adult().countedTotal()).isEqualTo(adultNights);
        assertThat(answer.spansEighteenthBirthday()).isTrue();
    }

    @Test
    void aStayThatEndsOnTheBirthdaySpansItOnlyWhereTheLastDayCounts() {
        Stay stay = stay("S1", "2025-07-01", "2025-07-10");
        LocalDate birthday = day("2025-07-10");
        assertThat(DayCount.answer(asked(birthday, null, Basis.NIGHTS, stay)).spansEighteenthBirthday())
                .isFalse();
        assertThat(DayCount.answer(asked(birthday, null, Basis.INCLUSIVE_DAYS, stay))
                        .spansEighteenthBirthday())
                .isTrue();
    }

    @Test
    void theLawForChildrenGoesOnToTheLastDayOfAnOverride() {
        Stay stay = stay("S1", "2025-06-20", "2025-07-30");
        LocalDate birthday = day("2025-07-10");
        Answer answer = DayCount.answer(asked(birthday, day("2025-07-19"), Basis.NIGHTS, stay));
        assertThat(answer.child().countedTotal()).isEqualTo(30);
        assertThat(answer.child().singlePeriodBreachOn()).isEqualTo("2025-07-18");
        assertThat(answer.adult().countedTotal()).isEqualTo(10);
        assertThat(answer.spansEighteenthBirthday()).isTrue();
        Answer early = DayCount.answer(asked(birthday, day("2025-07-01"), Basis.NIGHTS, stay));
        assertThat(early).isEqualTo(DayCount.answer(asked(birthday, null, Basis.NIGHTS, stay)));
    }

    @Test
    void anOverlapIsANightInCommonWhateverTheBasis() {
        Stay home = stay("S1", "2025-06-01", "2025-06-10");
        Stay after = stay("S2", "2025-06-10", "2025-06-12");
        Stay hospital =
                new Stay("S3", new Stay.Facts(Setting.HOSPITAL, day("2025-06-09"), day("2025-06-11"), false), false);
        Stay visit = stay("S4", "2025-06-05", "2025-06-05");
        for (Basis basis : Basis.values()) {
            assertThat(DayCount.answer(asked(CHILD, null, basis, home, after, visit))
                            .overlappingStayPairs())
                    .isZero();
            assertThat(DayCount.answer(asked(CHILD, null, basis, home, after, hospital))
                            .overlappingStayPairs())
                    .isEqualTo(2);
        }
    }

    @Test
    void nobodyWithoutStaysIsNearAnything() {
        Answer answer = DayCount.answer(child(day("2025-12-31")));
        assertThat(answer)
                .isEqualTo(new Answer(
                        new DayCount.Child(0, 0, null, 0, 0, null, 120, null),
                        new DayCount.Adult(0, List.of(), 0, null),
                        0,
                        false,
                        new DayCount.Forecast(null, null, null)));
    }

    @Test
    void whatIsPlannedIsForecastToBeTooMuchThoughALimitWasExceededLongAgo() {
        Stay before = stay("S1", "2022-06-01", "2022-12-01");
        Stay soon = planned("S2", "2026-01-01", "2026-06-01");
        for (LocalDate eighteenOn : List.of(CHILD, ADULT)) {
            Question asked = new Question(
                    List.of(before, soon),
                    eighteenOn,
                    null,
                    Basis.NIGHTS,
                    day("2025-12-01"),
                    true,
                    ResidentialPolicy.DEFAULT);
            DayCount.Forecast over = eighteenOn.equals(CHILD)
                    ? new DayCount.Forecast(day("2026-01-29"), day("2026-05-01"), null)
                    : new DayCount.Forecast(null, null, day("2026-01-29"));
            assertThat(DayCount.answer(asked).forecast()).isEqualTo(over);
        }
        assertThat(DayCount.answer(child(day("2022-07-10"), before)).forecast())
                .as("what has been is no forecast")
                .isEqualTo(new DayCount.Forecast(null, null, null));
    }

    private static int total(LocalDate asOf, Stay stay) {
        return DayCount.answer(child(asOf, stay)).child().countedTotal();
    }

    private static Question child(LocalDate asOf, Stay... stays) {
        return new Question(List.of(stays), CHILD, null, Basis.NIGHTS, asOf, false, ResidentialPolicy.DEFAULT);
    }

    private static Question asked(LocalDate eighteenOn, @Nullable LocalDate childUntil, Basis basis, Stay... stays) {
        return new Question(
                List.of(stays), eighteenOn, childUntil, basis, day("2025-12-31"), false, ResidentialPolicy.DEFAULT);
    }

    private static Stay night(LocalDate admitted) {
        return new Stay("S1", new Stay.Facts(Setting.CHILDRENS_HOME, admitted, admitted.plusDays(1), true), false);
    }

    private static Stay stay(String stayId, String admitted, String discharged) {
        return new Stay(stayId, new Stay.Facts(Setting.CARE_HOME, day(admitted), day(discharged), true), false);
    }

    private static Stay planned(String stayId, String admitted, String discharged) {
        return new Stay(stayId, stay(stayId, admitted, discharged).facts(), true);
    }

    private static LocalDate day(String text) {
        return LocalDate.parse(text);
    }
}
