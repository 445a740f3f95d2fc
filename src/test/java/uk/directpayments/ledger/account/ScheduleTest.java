package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static uk.directpayments.ledger.account.AccountEvent.Frequency.*;
import static uk.directpayments.ledger.account.AccountWords.*;
import static uk.directpayments.ledger.kernel.FundingSource.SOCIAL_CARE_CHILD;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.directpayments.ledger.account.AccountCommand.ScheduleInstalments;
import uk.directpayments.ledger.account.AccountEvent.AccountClosed;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.kernel.Money;

/** Rulebook 4.6. */
class ScheduleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8000.00 | FOUR_WEEKLY | 6 x 615.39, 7 x 615.38",
                "8000.00 | MONTHLY     | 8 x 666.67, 4 x 666.66",
                "8125.00 | FOUR_WEEKLY | 13 x 625.00",
                "8000.00 | WEEKLY      | 32 x 153.85, 20 x 153.84",
                "8000.00 | QUARTERLY   | 4 x 2000.00",
                "8000.01 | QUARTERLY   | 1 x 2000.01, 3 x 2000.00",
                "8000.00 | ANNUAL      | 1 x 8000.00",
                "8000.00 | ONE_OFF     | 1 x 8000.00"
            })
    void aYearIsSplitToThePenny(String annualAmount, Frequency frequency, String instalments) {
        var agreed = agree(care(annualAmount), frequency, FROM);
        assertThat(amounts(agreed)).isEqualTo(repeated(instalments.split(", ")));
        assertThat(sum(amounts(agreed))).isEqualTo(pounds(annualAmount));
    }

    @ParameterizedTest
    @CsvSource({
        "WEEKLY, 2025-04-08, 2026-03-24",
        "FOUR_WEEKLY, 2025-04-29, 2026-03-03",
        "MONTHLY, 2025-05-01, 2026-03-01",
        "QUARTERLY, 2025-07-01, 2026-01-01"
    })
    void payDaysFollowTheFrequency(Frequency frequency, LocalDate second, LocalDate last) {
        var days = payDays(agree(care("8000.00"), frequency, FROM));
        assertThat(days.get(1)).isEqualTo(second);
        assertThat(days.get(days.size() - 1)).isEqualTo(last);
    }

    @Test
    void instalmentsAreNumberedAndNamedAfterTheirSchedule() {
        account(care("100.00"))
                .when(schedule(QUARTERLY, FROM, "5.00"))
                .records(new InstalmentsScheduled(
                        "S-1",
                        "care",
                        QUARTERLY,
                        List.of(
                                instalment(1, LocalDate.of(2025, 4, 1), "25.00", "5.00"),
                                instalment(2, LocalDate.of(2025, 7, 1), "25.00", "5.00"),
                                instalment(3, LocalDate.of(2025, 10, 1), "25.00", "5.00"),
                                instalment(4, LocalDate.of(2026, 1, 1), "25.00", "5.00")),
                        pounds("5.00"),
                        TODAY))
                .occurredOn(FROM);
    }

    @Test
    void aScheduleThatIsAgreedInAdvanceIsOfTheDayOfItsAgreement() {
        account(care("100.00"))
                .when(schedule(QUARTERLY, TODAY.plusDays(1), "5.00"))
                .occurredOn(TODAY);
    }

    @Test
    void aMonthEndComesBackAfterAShorterMonth() {
        Terms.Line line =
                line("care", SOCIAL_CARE_CHILD, LocalDate.of(2023, 12, 31), LocalDate.of(2024, 12, 30), "1200.00");
        assertThat(payDays(agree(line, MONTHLY, LocalDate.of(2023, 12, 31))).subList(0, 5))
                .containsExactly(
                        LocalDate.of(2023, 12, 31),
                        LocalDate.of(2024, 1, 31),
                        LocalDate.of(2024, 2, 29),
                        LocalDate.of(2024, 3, 31),
                        LocalDate.of(2024, 4, 30));
    }

    @Test
    void aYearlyPaymentOnALeapDayComesBackToTheLeapDay() {
        LocalDate leapDay = LocalDate.of(2024, 2, 29);
        Terms.Line line = line("care", SOCIAL_CARE_CHILD, leapDay, LocalDate.of(2029, 2, 27), "100.00");
        assertThat(payDays(agree(line, ANNUAL, leapDay)))
                .containsExactly(
                        leapDay,
                        LocalDate.of(2025, 2, 28),
                        LocalDate.of(2026, 2, 28),
                        LocalDate.of(2027, 2, 28),
                        LocalDate.of(2028, 2, 29));
    }

    @ParameterizedTest
    @CsvSource({"2025-04-01, 2026-03-31", "2023-04-01, 2024-03-31"})
    void aYearNeverHasA53rdWeekOrA14thFourWeeks(LocalDate from, LocalDate to) {
        Terms.Line line = line("care", SOCIAL_CARE_CHILD, from, to, "8000.00");
        assertThat(from.plusWeeks(52)).isBeforeOrEqualTo(to);
        assertThat(agree(line, WEEKLY, from)).hasSize(52);
        assertThat(agree(line, FOUR_WEEKLY, from)).hasSize(13);
    }

    @Test
    void theEndOfTheLineCutsTheSchedule() {
        var agreed = agree(care("8000.00"), MONTHLY, LocalDate.of(2026, 1, 31));
        assertThat(payDays(agreed))
                .containsExactly(LocalDate.of(2026, 1, 31), LocalDate.of(2026, 2, 28), LocalDate.of(2026, 3, 31));
        assertThat(amounts(agreed)).isEqualTo(repeated("2 x 666.67", "1 x 21.98"));
    }

    @Test
    void theEndOfTheBudgetCutsTheScheduleToo() {
        Terms ended = new Terms(1, LocalDate.of(2025, 6, 30), FROM, null, null, List.of(care("8000.00")));
        var agreed = ScheduleRules.schedule(state(opened(ended)), schedule(MONTHLY, FROM, "0"))
                .instalments();
        assertThat(payDays(agreed))
                .containsExactly(LocalDate.of(2025, 4, 1), LocalDate.of(2025, 5, 1), LocalDate.of(2025, 6, 1));
    }

    @Test
    void everyYearOfALongLineIsSplitAnewWithItsOwnAmount() {
        Terms.Line line = line(
                "care",
                SOCIAL_CARE_CHILD,
                FROM,
                TO.plusYears(1),
                new Terms.YearlyAmount(FROM, pounds("8000.00")),
                new Terms.YearlyAmount(TO.plusDays(1), pounds("1200.01")));
        assertThat(amounts(agree(line, MONTHLY, FROM)))
                .isEqualTo(repeated("8 x 666.67", "4 x 666.66", "1 x 100.01", "11 x 100.00"));
        assertThat(agree(line, ONE_OFF, FROM)).hasSize(1);
        assertThat(agree(line, ANNUAL, FROM)).hasSize(2);
    }

    @Test
    void theFourteenthFourWeeklyInstalmentIsPayableOnItsDayThoughItFallsIntoTheYearBefore() {
        Terms.Line line = line("care", SOCIAL_CARE_CHILD, FROM, TO.plusYears(1), "1300.00");
        var scheduled = ScheduleRules.schedule(state(opened(terms(line))), schedule(FOUR_WEEKLY, FROM, "0"));
        Instalment fourteenth = scheduled.instalments().get(13);
        assertThat(fourteenth.payOn()).isEqualTo(LocalDate.of(2026, 3, 31));
        var whole = paid("PAY-0", "1300.00", FROM);
        var account = account(line).given(scheduled, whole);
        account.when(pay("PAY-14", "care", fourteenth.instalmentId(), pounds("100.00"), Money.ZERO, fourteenth.payOn()))
                .records(new PaymentIssued(
                        "PAY-14",
                        "care",
                        SOCIAL_CARE_CHILD,
                        fourteenth.instalmentId(),
                        pounds("100.00"),
                        Money.ZERO,
                        pounds("100.00"),
                        fourteenth.payOn()));
        account.when(pay("PAY-15", "0.01", fourteenth.payOn())).refuses("EXCEEDS_ALLOCATION");
    }

    @Test
    void aYearThatTheBudgetDoesNotReachHasNoFourteenthFourWeeklyInstalmentEither() {
        Terms.Line line = line("care", SOCIAL_CARE_CHILD, FROM, TO.plusYears(1), "1300.00");
        Terms ended = new Terms(1, TO, FROM, null, null, List.of(line));
        assertThat(amounts(ScheduleRules.schedule(state(opened(ended)), schedule(FOUR_WEEKLY, FROM, "0"))
                        .instalments()))
                .isEqualTo(repeated("13 x 100.00"));
    }

    @Test
    void aScheduleNeverExceedsWhatRemainsOfTheLine() {
        var paid = paid("PAY-1", "0.01", FROM);
        account(care("8000.00")).given(paid).when(schedule(MONTHLY, FROM, "0")).refuses("EXCEEDS_ALLOCATION");
        account(care("8000.00"))
                .given(paid, returned(paid, FROM))
                .when(schedule(MONTHLY, FROM, "0"))
                .records(ScheduleRules.schedule(state(opened(terms(care("8000.00")))), schedule(MONTHLY, FROM, "0")));
    }

    @ParameterizedTest
    @CsvSource({"ONE_OFF, 2025-04-01", "ONE_OFF, 2025-05-01", "ANNUAL, 2025-04-01", "ANNUAL, 2025-05-01"})
    void aSumThatIsPaidAtOnceIsNotCutOnWhicheverDayItIsPaid(Frequency frequency, LocalDate firstPayOn) {
        account(care("8000.00"))
                .given(paid("PAY-1", "0.01", FROM))
                .when(schedule(frequency, firstPayOn, "0"))
                .refuses("EXCEEDS_ALLOCATION");
        assertThat(amounts(agree(care("8000.00"), frequency, firstPayOn))).isEqualTo(repeated("1 x 8000.00"));
    }

    @Test
    void aScheduleOfALineThatIsReducedWithinItsYearIsNotCutButRefused() {
        Terms.Line reduced = line(
                "care",
                SOCIAL_CARE_CHILD,
                FROM,
                TO,
                new Terms.YearlyAmount(FROM, pounds("8000.00")),
                new Terms.YearlyAmount(LocalDate.of(2025, 10, 1), pounds("6000.00")));
        account(reduced).when(schedule(MONTHLY, FROM, "0")).refuses("EXCEEDS_ALLOCATION");
    }

    @Test
    void whatAnotherAccountPaidRemainsPaid() {
        account(paidThrough(ACCOUNT, care("8000.00"), "0.01"))
                .when(schedule(MONTHLY, FROM, "0"))
                .refuses("EXCEEDS_ALLOCATION");
    }

    /** Odd pennies fall to the first instalments, whichever account pays them, and a year is a day or two longer than fifty-two weeks. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8000.00 | 4000.02 | MONTHLY     | 2025-10-01 | 5 x 666.67, 1 x 666.63",
                "8000.00 | 4000.10 | MONTHLY     | 2025-10-01 | 5 x 666.67, 1 x 666.55",
                "8000.00 | 3692.34 | FOUR_WEEKLY | 2025-09-16 | 6 x 615.39, 1 x 615.32",
                "8060.00 | 3720.00 | FOUR_WEEKLY | 2025-09-16 | 7 x 620.00",
                "8060.00 | 4030.00 | WEEKLY      | 2025-09-30 | 26 x 155.00",
                "8060.00 | 4052.14 | WEEKLY      | 2025-10-01 | 25 x 155.00, 1 x 132.86",
                "8060.00 | 6820.00 | MONTHLY     | 2026-02-03 | 1 x 671.67, 1 x 568.33",
                "8060.00 | 155.00  | WEEKLY      | 2025-04-08 | 51 x 155.00"
            })
    void ofTheRestOfALineTheLastInstalmentsAreWhatIsLeft(
            String annualAmount, String paid, Frequency frequency, LocalDate firstPayOn, String instalments) {
        List<Money> expected = repeated(instalments.split(", "));
        assertThat(amounts(agree(paidThrough(ACCOUNT, care(annualAmount), paid), frequency, firstPayOn)))
                .as("paid through another account")
                .isEqualTo(expected);
        var state = state(opened(terms(care(annualAmount))), paid("PAY-1", paid, FROM));
        assertThat(amounts(ScheduleRules.schedule(state, schedule(frequency, firstPayOn, "0"))
                        .instalments()))
                .as("paid singly")
                .isEqualTo(expected);
    }

    @Test
    void theRestOfALineOfWhichAWeeksMoneyOrMoreIsMissingIsNotScheduled() {
        LocalDate october = LocalDate.of(2025, 10, 1);
        // six months are 4000.02, a week's money is 153.85
        var most = paidThrough(ACCOUNT, care("8000.00"), "4153.83");
        assertThat(sum(amounts(agree(most, MONTHLY, october)))).isEqualTo(pounds("3846.17"));
        account(paidThrough(ACCOUNT, care("8000.00"), "4153.84"))
                .when(schedule(MONTHLY, october, "0"))
                .refuses("EXCEEDS_ALLOCATION");
        account(paidThrough(ACCOUNT, care("8000.00"), "8000.00"))
                .when(schedule(MONTHLY, TO, "0"))
                .refuses("EXCEEDS_ALLOCATION");
    }

    @Test
    void aContributionLeavesSomethingToPayOfEachInstalment() {
        account(care("1200.00")).when(schedule(MONTHLY, FROM, "100.00")).refuses("NOTHING_TO_PAY");
        var almost = schedule(MONTHLY, FROM, "99.99");
        account(care("1200.00"))
                .when(almost)
                .records(ScheduleRules.schedule(state(opened(terms(care("1200.00")))), almost));
    }

    @Test
    void onlyAPayableLineOfTheBudgetIsScheduledFromItsFirstToItsLastDay() {
        account().when(schedule(MONTHLY, FROM, "0")).refuses("LINE_NOT_FOUND");
        account(councilManaged(care("8000.00")))
                .when(schedule(MONTHLY, FROM, "0"))
                .refuses("LINE_NOT_PAYABLE");
        account(care("8000.00")).when(schedule(MONTHLY, FROM.minusDays(1), "0")).refuses("DATE_BEFORE_START");
        account(care("8000.00")).when(schedule(MONTHLY, TO.plusDays(1), "0")).refuses("BUDGET_ENDED");
        account(care("8000.00"))
                .given(new DeathNoted(TODAY))
                .when(schedule(MONTHLY, TODAY.plusDays(1), "0"))
                .refuses("BUDGET_ENDED");
    }

    @Test
    void aLinePaidThroughAnotherAccountIsNotScheduledHere() {
        account(paidThrough("ACC-2", care("8000.00"), "0"))
                .when(schedule(MONTHLY, FROM, "0"))
                .refuses(AccountRules.LINE_ROUTED_ELSEWHERE);
        account(paidThrough(null, care("8000.00"), "0"))
                .when(schedule(MONTHLY, FROM, "0"))
                .refuses(AccountRules.LINE_ROUTED_ELSEWHERE);
    }

    @Test
    void aRevisionInTheMiddleOfTheYearRecomputesWhatIsToComeAndNothingThatWas() {
        LocalDate october = LocalDate.of(2025, 10, 1);
        var scheduled = ScheduleRules.schedule(state(opened(terms(care("1200.00")))), schedule(MONTHLY, FROM, "10.00"));
        var first = new PaymentIssued(
                "PAY-1", "care", SOCIAL_CARE_CHILD, "S-1.7", pounds("100.00"), pounds("10.00"), pounds("90.00"), TODAY);
        Terms revised = terms(
                2,
                line(
                        "care",
                        SOCIAL_CARE_CHILD,
                        FROM,
                        TO,
                        new Terms.YearlyAmount(FROM, pounds("1200.00")),
                        new Terms.YearlyAmount(october, pounds("1500.01"))));
        List<Instalment> changed = List.of(
                instalment(8, LocalDate.of(2025, 11, 1), "125.00"),
                instalment(9, LocalDate.of(2025, 12, 1), "125.00"),
                instalment(10, LocalDate.of(2026, 1, 1), "125.00"),
                instalment(11, LocalDate.of(2026, 2, 1), "125.00"),
                instalment(12, LocalDate.of(2026, 3, 1), "125.00"));
        account(care("1200.00"))
                .given(scheduled, first)
                .when(new AccountCommand.CarryAllocation(ACCOUNT, revised, TODAY))
                .records(
                        new AccountEvent.AllocationCarried(revised),
                        new AccountEvent.InstalmentsRecomputed("S-1", "care", changed, TODAY));
        Terms same = terms(2, care("1200.00"));
        account(care("1200.00"))
                .given(scheduled)
                .when(new AccountCommand.CarryAllocation(ACCOUNT, same, TODAY))
                .records(new AccountEvent.AllocationCarried(same));
    }

    @Test
    void whatWasScheduledOnALineBeforeTheAccountLetGoOfItIsNotToBePaidUntilTheLineComesBack() {
        LocalDate february = LocalDate.of(2026, 2, 1);
        var scheduled = ScheduleRules.schedule(state(opened(terms(care("1200.00")))), schedule(MONTHLY, february, "0"));
        var nothing = new AccountEvent.InstalmentsRecomputed(
                "S-1",
                "care",
                List.of(
                        instalment(1, february, "0.00", "0.00"),
                        instalment(2, LocalDate.of(2026, 3, 1), "0.00", "0.00")),
                TODAY);
        var released = account(care("1200.00")).given(scheduled);
        released.when(new AccountCommand.ReleaseLine(ACCOUNT, "care", TODAY))
                .records(new AccountEvent.LineReleased("care", Money.ZERO), nothing);
        Terms elsewhere = terms(2, paidThrough("ACC-2", care("1200.00"), "0.00"));
        Terms back = terms(3, care("1200.00"));
        var gone = released.given(new AccountEvent.LineReleased("care", Money.ZERO), nothing);
        gone.when(new AccountCommand.CarryAllocation(ACCOUNT, elsewhere, TODAY))
                .records(new AccountEvent.AllocationCarried(elsewhere));
        gone.given(new AccountEvent.AllocationCarried(elsewhere))
                .when(new AccountCommand.CarryAllocation(ACCOUNT, back, TODAY))
                .records(
                        new AccountEvent.AllocationCarried(back),
                        new AccountEvent.InstalmentsRecomputed("S-1", "care", scheduled.instalments(), TODAY));
    }

    private static Instalment instalment(int number, LocalDate payOn, String amount) {
        return instalment(number, payOn, amount, "10.00");
    }

    private static Instalment instalment(int number, LocalDate payOn, String amount, String contribution) {
        return new Instalment("S-1." + number, number, payOn, pounds(amount), pounds(contribution), null, null);
    }

    @Test
    void aScheduleIdIsUsedOnce() {
        account(care("8000.00"))
                .given(ScheduleRules.schedule(state(opened(terms(care("8000.00")))), schedule(MONTHLY, TO, "0")))
                .when(schedule(ONE_OFF, FROM, "0"))
                .refuses("ID_ALREADY_USED");
    }

    @Test
    void aClosedAccountGetsNoSchedule() {
        account(care("8000.00"))
                .given(new AccountClosed(TODAY, Map.of()))
                .when(schedule(MONTHLY, FROM, "0"))
                .refuses("ACCOUNT_CLOSED");
    }

    private static List<Instalment> agree(Terms.Line line, Frequency frequency, LocalDate firstPayOn) {
        var scheduled = ScheduleRules.schedule(state(opened(terms(line))), schedule(frequency, firstPayOn, "0"));
        account(line).when(schedule(frequency, firstPayOn, "0")).records(scheduled);
        return scheduled.instalments();
    }

    private static ScheduleInstalments schedule(Frequency frequency, LocalDate firstPayOn, String contribution) {
        return new ScheduleInstalments(
                ACCOUNT, "S-1", "care", frequency, firstPayOn, null, pounds(contribution), TODAY);
    }
}
