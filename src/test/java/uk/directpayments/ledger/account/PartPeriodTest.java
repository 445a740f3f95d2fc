package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static uk.directpayments.ledger.account.AccountEvent.Frequency.*;
import static uk.directpayments.ledger.account.AccountWords.*;
import static uk.directpayments.ledger.kernel.FundingSource.SOCIAL_CARE_CHILD;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.directpayments.ledger.account.AccountCommand.CarryAllocation;
import uk.directpayments.ledger.account.AccountCommand.NoteDeath;
import uk.directpayments.ledger.account.AccountCommand.ReturnPayment;
import uk.directpayments.ledger.account.AccountCommand.ScheduleInstalments;
import uk.directpayments.ledger.account.AccountEvent.AllocationCarried;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsRecomputed;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.Terms.YearlyAmount;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;

/** Rulebook 4.7, and what of 4.6 stays. A yearly amount of 8,060.00 is 155.00 a week. */
class PartPeriodTest {

    private static final String A_WEEK_155 = "8060.00";
    private static final LocalDate OCTOBER = LocalDate.of(2025, 10, 1);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FOUR_WEEKLY | 10  | 1 x 221.43",
                "MONTHLY     | 10  | 1 x 221.43",
                "QUARTERLY   | 10  | 1 x 221.43",
                "WEEKLY      | 10  | 1 x 155.00, 1 x 66.43",
                "WEEKLY      | 7   | 1 x 155.00",
                "WEEKLY      | 1   | 1 x 22.14",
                "FOUR_WEEKLY | 28  | 1 x 620.00",
                "FOUR_WEEKLY | 27  | 1 x 597.86",
                "FOUR_WEEKLY | 29  | 1 x 620.00, 1 x 22.14",
                "MONTHLY     | 29  | 1 x 642.14",
                "MONTHLY     | 30  | 1 x 671.67",
                "QUARTERLY   | 90  | 1 x 1992.86",
                "ANNUAL      | 10  | 1 x 8060.00",
                "ONE_OFF     | 10  | 1 x 8060.00"
            })
    void aPeriodThatTheEndOfTheLineCutsIsPaidByItsDays(Frequency frequency, int days, String expected) {
        LocalDate to = FROM.plusDays(days - 1);
        List<Instalment> agreed = agree(lasting(FROM, to, A_WEEK_155), frequency, FROM, null);
        assertThat(amounts(agreed)).isEqualTo(repeated(expected.split(", ")));
    }

    @Test
    void aPartPeriodSaysWhichDaysItCoversAndAWholeOneNeedNot() {
        List<Instalment> agreed = agree(lasting(FROM, FROM.plusDays(9), A_WEEK_155), WEEKLY, FROM, null);
        assertThat(agreed.get(0).coversFrom()).isNull();
        assertThat(agreed.get(0).coversTo()).isNull();
        assertThat(agreed.get(1).coversFrom()).isEqualTo(FROM.plusDays(7));
        assertThat(agreed.get(1).coversTo()).isEqualTo(FROM.plusDays(9));
    }

    /** Rulebook 4.6: the schedule, not the year, is what was agreed; 4.21: the days after the year are a prepayment. */
    @ParameterizedTest
    @CsvSource({
        "FOUR_WEEKLY, 2025-04-01",
        "FOUR_WEEKLY, 2025-04-07",
        "FOUR_WEEKLY, 2025-04-15",
        "WEEKLY, 2025-04-07",
        "MONTHLY, 2025-04-15",
        "QUARTERLY, 2025-05-20"
    })
    void theInstalmentsOfAWholeYearAreTheYearsAmountThoughTheLastReachesIntoTheNext(
            Frequency frequency, LocalDate first) {
        List<Instalment> agreed = agree(care("8000.00"), frequency, first, null);
        assertThat(amounts(agreed)).isEqualTo(pounds("8000.00").instalments(Instalments.perYear(frequency)));
        assertThat(agreed).allMatch(instalment -> instalment.coversTo() == null);
    }

    @Test
    void ofALineOfSeveralYearsTheYearThatIsNotWholeIsCut() {
        Terms.Line line = lasting(FROM, LocalDate.of(2026, 9, 30), A_WEEK_155);
        List<Instalment> agreed = agree(line, FOUR_WEEKLY, FROM, null);
        // the fourteenth, of 31 March, to the twentieth, of 15 September, which has sixteen days
        assertThat(agreed).hasSize(20);
        assertThat(amounts(agreed)).isEqualTo(repeated("19 x 620.00", "1 x 354.29"));
        assertThat(amounts(agree(lasting(FROM, TO.minusDays(1), A_WEEK_155), MONTHLY, FROM, null)))
                .as("a line that is a day short of a year")
                .isEqualTo(repeated("8 x 671.67", "3 x 671.66", "1 x 664.29"));
    }

    @Test
    void theFirstInstalmentOfANewYearIsThatYearsThoughItsPayDayIsTheOldOnes() {
        Terms.Line line = line(
                "care",
                SOCIAL_CARE_CHILD,
                FROM,
                TO.plusYears(1),
                new YearlyAmount(FROM, pounds(A_WEEK_155)),
                new YearlyAmount(TO.plusDays(1), pounds("5200.00")));
        Instalment fourteenth = agree(line, FOUR_WEEKLY, FROM, null).get(13);
        assertThat(fourteenth.payOn()).isEqualTo(TO);
        assertThat(fourteenth.amount()).isEqualTo(pounds("400.00"));
    }

    // ── the start ────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aLineThatBeginsBetweenTwoPayDaysIsPaidForItsDaysBeforeTheFirst() {
        // Tuesday 1 April to Sunday 6 April are six days; 30 and 31 March 2026 are what is left of the year's money
        List<Instalment> agreed = agree(care(A_WEEK_155), WEEKLY, LocalDate.of(2025, 4, 7), FROM);
        assertThat(agreed).hasSize(52);
        assertThat(agreed.get(0).amount()).isEqualTo(pounds("287.86"));
        assertThat(agreed.get(0).payOn()).isEqualTo(LocalDate.of(2025, 4, 7));
        assertThat(agreed.get(0).coversFrom()).isEqualTo(FROM);
        assertThat(agreed.get(0).coversTo()).isEqualTo(LocalDate.of(2025, 4, 13));
        assertThat(agreed.get(51).amount()).isEqualTo(pounds("22.14"));
        assertThat(agreed.get(51).coversTo()).isEqualTo(TO);
        assertThat(sum(amounts(agreed))).isEqualTo(pounds(A_WEEK_155));
    }

    /** A day before the first pay day and twenty-six times four weeks are 729 days, of which the line's money is 728 days'. */
    @Test
    void theLastWholeInstalmentIsWhatTheDaysBeforeTheFirstPayDayHaveLeftOfTheLine() {
        LocalDate to = FROM.plusYears(2).minusDays(1);
        List<Instalment> agreed = agree(lasting(FROM, to, A_WEEK_155), FOUR_WEEKLY, FROM.plusDays(1), FROM);
        assertThat(amounts(agreed)).isEqualTo(repeated("1 x 642.14", "24 x 620.00", "1 x 597.86"));
        assertThat(sum(amounts(agreed))).isEqualTo(pounds("16120.00"));
    }

    @Test
    void bothEndsOfAShortLineAreCut() {
        LocalDate first = LocalDate.of(2025, 4, 7);
        List<Instalment> agreed = agree(lasting(FROM, FROM.plusDays(9), A_WEEK_155), WEEKLY, first, FROM);
        // ten days in one instalment, rounded once
        assertThat(amounts(agreed)).isEqualTo(repeated("1 x 221.43"));
        assertThat(agreed.get(0).coversFrom()).isEqualTo(FROM);
        assertThat(agreed.get(0).coversTo()).isEqualTo(FROM.plusDays(9));
    }

    @Test
    void theDaysBeforeTheFirstPayDayAreOfTheLineAndOfThePeriodBefore() {
        LocalDate first = LocalDate.of(2025, 4, 7);
        account(care("8000.00"))
                .when(schedule(WEEKLY, first, FROM.minusDays(1)))
                .refuses("DATE_BEFORE_START");
        account(care("8000.00"))
                .when(schedule(WEEKLY, first, first.plusDays(1)))
                .refuses("FIELD_INVALID");
        account(care("8000.00"))
                .when(schedule(WEEKLY, first.plusDays(7), first))
                .refuses("FIELD_INVALID");
        account(care("8000.00")).when(schedule(ANNUAL, first, FROM)).refuses("FIELD_INVALID");
        account(care("8000.00")).when(schedule(ONE_OFF, first, FROM)).refuses("FIELD_INVALID");
        var same = schedule(WEEKLY, first, first);
        account(care("8000.00"))
                .when(same)
                .records(ScheduleRules.schedule(state(opened(terms(care("8000.00")))), schedule(WEEKLY, first, null)));
    }

    // ── contributions: rulebook 4.8 ──────────────────────────────────────────────────────────────────────────────

    @Test
    void theContributionOfAPartPeriodIsByTheSameDays() {
        Terms.Line line = lasting(FROM, FROM.plusDays(37), A_WEEK_155);
        var scheduled = agreed(
                line, new ScheduleInstalments(ACCOUNT, "S-1", "care", FOUR_WEEKLY, FROM, null, pounds("61.54"), TODAY));
        Instalment part = scheduled.instalments().get(1);
        assertThat(part.amount()).isEqualTo(pounds("221.43"));
        assertThat(part.contribution()).isEqualTo(pounds("21.98"));
        assertThat(part.net()).isEqualTo(pounds("199.45"));
        assertThat(scheduled.contribution()).isEqualTo(pounds("61.54"));
    }

    @Test
    void aPartOfWhichTheContributionLeavesNothingIsNotAnInstalment() {
        Terms.Line line = lasting(FROM, FROM.plusDays(28), "1300.00");
        var scheduled = agreed(
                line, new ScheduleInstalments(ACCOUNT, "S-1", "care", FOUR_WEEKLY, FROM, null, pounds("99.99"), TODAY));
        assertThat(amounts(scheduled.instalments())).isEqualTo(repeated("1 x 100.00"));
        account(lasting(FROM, FROM, "0.52")).when(schedule(WEEKLY, FROM, null)).refuses("NOTHING_TO_PAY");
    }

    // ── revisions, ends, deaths, returns ─────────────────────────────────────────────────────────────────────────

    @Test
    void aRevisionWithinAPeriodChangesItForTheDaysSinceAndWhatWasPaidStays() {
        var scheduled = agreed(care(A_WEEK_155), schedule(FOUR_WEEKLY, FROM, null));
        // 16 September to 13 October: 15 days of 155.00 a week, 13 of 100.00
        List<Instalment> changed = revised(scheduled, "5200.00").instalments();
        assertThat(changed.get(0).payOn()).isEqualTo(LocalDate.of(2025, 9, 16));
        assertThat(changed.get(0).amount()).isEqualTo(pounds("517.86"));
        assertThat(changed.get(0).coversTo()).isNull();
        // of the new amount 962.14 are left after that: two whole instalments, and some of a third
        assertThat(amounts(changed)).isEqualTo(repeated("1 x 517.86", "2 x 400.00", "1 x 162.14", "3 x 0.00"));
        PaymentIssued seventh = new PaymentIssued(
                "P-7",
                "care",
                SOCIAL_CARE_CHILD,
                "S-1.7",
                pounds("620.00"),
                Money.ZERO,
                pounds("620.00"),
                LocalDate.of(2025, 9, 16));
        assertThat(amounts(revised(scheduled, "5200.00", seventh).instalments()))
                .isEqualTo(repeated("2 x 400.00", "1 x 60.00", "3 x 0.00"));
    }

    @ParameterizedTest
    @CsvSource({"MONTHLY, 2025-09-16", "QUARTERLY, 2025-08-01", "FOUR_WEEKLY, 2025-09-20"})
    void aPeriodThatIsRevisedToTheSameAmountIsWorthWhatItWas(Frequency frequency, LocalDate day) {
        var scheduled = agreed(care("8000.00"), schedule(frequency, FROM, null));
        Terms same = terms(
                2,
                line(
                        "care",
                        SOCIAL_CARE_CHILD,
                        FROM,
                        TO,
                        new YearlyAmount(FROM, pounds("8000.00")),
                        new YearlyAmount(day, pounds("8000.00"))));
        account(care("8000.00"))
                .given(scheduled)
                .when(new CarryAllocation(ACCOUNT, same, TODAY))
                .records(new AllocationCarried(same));
    }

    @Test
    void aMonthThatIsRevisedWithinIsBetweenWhatItWasAndWhatItWillBe() {
        var scheduled = agreed(care("1200.00"), schedule(MONTHLY, FROM, null));
        Terms.Line line = line(
                "care",
                SOCIAL_CARE_CHILD,
                FROM,
                TO,
                new YearlyAmount(FROM, pounds("1200.00")),
                new YearlyAmount(LocalDate.of(2025, 10, 17), pounds("1564.00")));
        // a week is worth 7.00 more: fifteen days of October are worth 15.00 more
        assertThat(carried(care("1200.00"), scheduled, terms(2, line)).get(0).amount())
                .isEqualTo(pounds("115.00"));
    }

    @Test
    void theEndOfTheBudgetCutsAnInstalmentThatIsNotPaidAndLeavesOneThatIs() {
        var scheduled = agreed(care(A_WEEK_155), schedule(FOUR_WEEKLY, FROM, null));
        LocalDate end = LocalDate.of(2025, 9, 25);
        Terms ended = new Terms(2, end, FROM, null, null, List.of(care(A_WEEK_155)));
        List<Instalment> changed = carried(care(A_WEEK_155), scheduled, ended);
        assertThat(changed).hasSize(1);
        assertThat(changed.get(0).number()).isEqualTo(7);
        assertThat(changed.get(0).amount()).isEqualTo(pounds("221.43"));
        assertThat(changed.get(0).coversTo()).isEqualTo(end);
        var paid = new PaymentIssued(
                "P-7",
                "care",
                SOCIAL_CARE_CHILD,
                "S-1.7",
                pounds("620.00"),
                Money.ZERO,
                pounds("620.00"),
                LocalDate.of(2025, 9, 16));
        account(care(A_WEEK_155))
                .given(scheduled, paid)
                .when(new CarryAllocation(ACCOUNT, ended, TODAY))
                .records(new AllocationCarried(ended));
        // it was a mistake: the budget goes on, and the instalment is whole again
        Terms again = terms(3, care(A_WEEK_155));
        account(care(A_WEEK_155))
                .given(
                        scheduled,
                        new AllocationCarried(ended),
                        new InstalmentsRecomputed("S-1", "care", changed, TODAY))
                .when(new CarryAllocation(ACCOUNT, again, TODAY))
                .records(
                        new AllocationCarried(again),
                        new InstalmentsRecomputed(
                                "S-1", "care", List.of(scheduled.instalments().get(6)), TODAY));
    }

    @Test
    void aDeathCutsItToo() {
        var scheduled = agreed(care(A_WEEK_155), schedule(FOUR_WEEKLY, FROM, null));
        LocalDate died = LocalDate.of(2025, 9, 25);
        Instalment whole = scheduled.instalments().get(6);
        Instalment part = new Instalment("S-1.7", 7, whole.payOn(), pounds("221.43"), Money.ZERO, whole.payOn(), died);
        account(care(A_WEEK_155))
                .given(scheduled)
                .when(new NoteDeath(ACCOUNT, died))
                .records(new DeathNoted(died), new InstalmentsRecomputed("S-1", "care", List.of(part), died));
    }

    @Test
    void aDeathThatIsLearntAfterTheClosureIsNotedAndNothingIsAgreedAnew() {
        account(care(A_WEEK_155))
                .given(
                        agreed(care(A_WEEK_155), schedule(FOUR_WEEKLY, FROM, null)),
                        new AccountEvent.AccountClosed(TODAY, Map.of()))
                .when(new NoteDeath(ACCOUNT, LocalDate.of(2025, 9, 25)))
                .records(new DeathNoted(LocalDate.of(2025, 9, 25)));
    }

    @Test
    void whatComesBackFromTheBankIsAgreedAnewIfTheLineWasRevisedSince() {
        var scheduled = agreed(care("1200.00"), schedule(MONTHLY, FROM, null));
        var paid = new PaymentIssued(
                "P-8",
                "care",
                SOCIAL_CARE_CHILD,
                "S-1.8",
                pounds("100.00"),
                Money.ZERO,
                pounds("100.00"),
                LocalDate.of(2025, 11, 1));
        Terms revised = terms(2, revisedLine("1200.00", "1800.00"));
        var back = returned(paid, TODAY);
        Instalment eighth = scheduled.instalments().get(7);
        Instalment anew = new Instalment("S-1.8", 8, eighth.payOn(), pounds("150.00"), Money.ZERO, null, null);
        account(care("1200.00"))
                .given(scheduled, paid, new AllocationCarried(revised))
                .when(new ReturnPayment(ACCOUNT, "P-8", TODAY, "BAD_ACCOUNT", TODAY))
                .records(back, new InstalmentsRecomputed("S-1", "care", List.of(anew), TODAY));
        account(care("1200.00"))
                .given(scheduled, paid)
                .when(new ReturnPayment(ACCOUNT, "P-8", TODAY, "BAD_ACCOUNT", TODAY))
                .records(back);
    }

    @Test
    void anInstalmentOfLastYearThatComesBackIsStillWorthWhatItWasThoughThisYearsHaveBeenPaid() {
        LocalDate from = TODAY.minusWeeks(55);
        Terms.Line line = lasting(from, from.plusYears(2).minusDays(1), A_WEEK_155);
        var scheduled = ScheduleRules.schedule(state(opened(terms(line))), schedule(WEEKLY, from, null));
        List<PaymentIssued> paid = scheduled.instalments().subList(0, 53).stream()
                .map(i -> new PaymentIssued(
                        "P-" + i.number(),
                        "care",
                        SOCIAL_CARE_CHILD,
                        i.instalmentId(),
                        i.amount(),
                        Money.ZERO,
                        i.amount(),
                        i.payOn()))
                .toList();
        account(line)
                .given(scheduled)
                .given(paid.toArray())
                .when(new ReturnPayment(ACCOUNT, "P-52", TODAY, "BAD_ACCOUNT", TODAY))
                .records(returned(paid.get(51), TODAY));
    }

    /** Stored before there were part periods: whole, without the contribution of a whole instalment, and cut by the end of the line. */
    @Test
    void whatWasAgreedBeforeStaysAsItWasUntilTheBudgetSaysOtherwise() {
        LocalDate to = FROM.plusDays(37);
        Terms.Line line = lasting(FROM, to, A_WEEK_155);
        var old = new InstalmentsScheduled(
                "S-1", "care", FOUR_WEEKLY, List.of(whole(1, FROM), whole(2, FROM.plusDays(28))), null, FROM);
        Terms consent = new Terms(2, null, FROM, TO, null, List.of(line));
        account(line)
                .given(old)
                .when(new CarryAllocation(ACCOUNT, consent, TODAY))
                .records(new AllocationCarried(consent));
        Terms ended = new Terms(3, to.minusDays(1), FROM, null, null, List.of(line));
        assertThat(carried(line, old, ended).get(0).amount()).isEqualTo(pounds("199.29"));
    }

    private static Instalment whole(int number, LocalDate payOn) {
        return new Instalment("S-1." + number, number, payOn, pounds("620.00"), Money.ZERO, null, null);
    }

    // ── what must hold whatever happens ──────────────────────────────────────────────────────────────────────────

    @Test
    void noScheduleOfAnyLineIsWorthMoreThanTheLineAndNoPartMoreThanAWhole() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            LocalDate from = FROM.plusDays(random.nextInt(400));
            LocalDate to = from.plusDays(random.nextInt(800));
            String annual = Money.ofPence(200 + random.nextInt(2_000_000)).toString();
            Frequency frequency = Frequency.values()[random.nextInt(Frequency.values().length)];
            LocalDate first = from.plusDays(
                    random.nextInt(Math.toIntExact(Math.min(40, to.toEpochDay() - from.toEpochDay() + 1))));
            LocalDate before = Instalments.payDay(first, frequency, -1);
            LocalDate covers =
                    Instalments.isLump(frequency) || random.nextBoolean() || !from.isAfter(before) ? null : from;
            Terms.Line line = lasting(from, to, annual);
            String what =
                    "seed %d, %d: %s %s to %s from %s (%s)".formatted(seed, i, frequency, from, to, first, covers);
            AccountState state = state(opened(terms(line)));
            List<Instalment> agreed;
            try {
                agreed = ScheduleRules.schedule(state, schedule(frequency, first, covers))
                        .instalments();
            } catch (uk.directpayments.ledger.kernel.RuleBroken e) {
                assertThat(e.code()).as(what).isEqualTo("NOTHING_TO_PAY");
                continue;
            }
            Money sum = sum(amounts(agreed));
            assertThat(sum).as(what).isLessThanOrEqualTo(line.allocation(to));
            Instalment last = agreed.get(agreed.size() - 1);
            List<Money> wholes = pounds(annual).instalments(Instalments.perYear(frequency));
            for (Instalment instalment : agreed.subList(covers == null ? 0 : 1, agreed.size())) {
                Money whole = wholes.get((instalment.number() - 1) % wholes.size());
                assertThat(instalment.amount())
                        .as(what)
                        .isGreaterThan(Money.ZERO)
                        .isLessThanOrEqualTo(whole);
                boolean takesWhatIsLeft = instalment.equals(last) && sum.equals(line.allocation(to));
                if (instalment.coversTo() == null && !takesWhatIsLeft) {
                    assertThat(instalment.amount()).as(what).isEqualTo(whole);
                }
            }
        }
    }

    @Test
    void theRestOfAnyLineIsScheduledHoweverAnotherAccountPaidItsBeginning() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<Frequency> frequencies = List.of(WEEKLY, FOUR_WEEKLY, MONTHLY, QUARTERLY);
        for (int i = 0; i < 2_000; i++) {
            LocalDate from = FROM.plusDays(random.nextInt(700));
            LocalDate to = from.plusYears(1 + random.nextInt(3)).minusDays(1);
            Terms.Line line = lasting(
                    from, to, Money.ofPence(100_000 + random.nextInt(2_000_000)).toString());
            Frequency before = frequencies.get(random.nextInt(4));
            List<Instalment> agreed = ScheduleRules.schedule(state(opened(terms(line))), schedule(before, from, null))
                    .instalments();
            int paid = 1 + random.nextInt(agreed.size() - 1);
            Terms.Line rest = paidThrough(
                    ACCOUNT, line, sum(amounts(agreed.subList(0, paid))).toString());
            LocalDate covers = agreed.get(paid).payOn();
            LocalDate first = BusinessDay.earlier(covers.plusDays(random.nextInt(6)), to);
            Frequency since = frequencies.get(random.nextInt(4));
            String what =
                    "seed %d, %d: %d %s of %s, then %s from %s".formatted(seed, i, paid, before, line, since, first);
            AccountState state = state(opened(terms(rest)));
            assertThatCode(() -> ScheduleRules.schedule(state, schedule(since, first, covers)))
                    .as(what)
                    .doesNotThrowAnyException();
            List<Instalment> then = ScheduleRules.schedule(state, schedule(since, first, covers))
                    .instalments();
            assertThat(sum(amounts(then))).as(what).isLessThanOrEqualTo(AccountRules.remaining(state, rest, to));
        }
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    private static Terms.Line lasting(LocalDate from, LocalDate to, String annualAmount) {
        return AccountWords.line("care", SOCIAL_CARE_CHILD, from, to, annualAmount);
    }

    private static Terms.Line revisedLine(String before, String since) {
        return line(
                "care",
                SOCIAL_CARE_CHILD,
                FROM,
                TO,
                new YearlyAmount(FROM, pounds(before)),
                new YearlyAmount(OCTOBER, pounds(since)));
    }

    private static InstalmentsRecomputed revised(InstalmentsScheduled scheduled, String since, Object... events) {
        Terms terms = terms(2, revisedLine(A_WEEK_155, since));
        AccountState state = state(opened(terms(care(A_WEEK_155))), scheduled);
        for (Object event : events) {
            state.evolve((AccountEvent) event, 7);
        }
        var before = ScheduleRules.planned(state, TODAY);
        state.evolve(new AllocationCarried(terms), 8);
        InstalmentsRecomputed recomputed =
                ScheduleRules.recomputed(state, before, TODAY).get(0);
        account(care(A_WEEK_155))
                .given(scheduled)
                .given(events)
                .when(new CarryAllocation(ACCOUNT, terms, TODAY))
                .records(new AllocationCarried(terms), recomputed);
        return recomputed;
    }

    private static List<Instalment> carried(Terms.Line line, InstalmentsScheduled scheduled, Terms terms) {
        AccountState state = state(opened(terms(line)), scheduled);
        var before = ScheduleRules.planned(state, TODAY);
        state.evolve(new AllocationCarried(terms), 8);
        return ScheduleRules.recomputed(state, before, TODAY).get(0).instalments();
    }

    private static InstalmentsScheduled agreed(Terms.Line line, ScheduleInstalments c) {
        InstalmentsScheduled scheduled = ScheduleRules.schedule(state(opened(terms(line))), c);
        account(line).when(c).records(scheduled);
        return scheduled;
    }

    private static List<Instalment> agree(
            Terms.Line line, Frequency frequency, LocalDate firstPayOn, @Nullable LocalDate coversFrom) {
        return agreed(line, schedule(frequency, firstPayOn, coversFrom)).instalments();
    }

    private static ScheduleInstalments schedule(
            Frequency frequency, LocalDate firstPayOn, @Nullable LocalDate coversFrom) {
        return new ScheduleInstalments(ACCOUNT, "S-1", "care", frequency, firstPayOn, coversFrom, Money.ZERO, TODAY);
    }
}
