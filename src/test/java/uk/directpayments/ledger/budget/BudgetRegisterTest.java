package uk.directpayments.ledger.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static uk.directpayments.ledger.budget.Examples.DECIDED;
import static uk.directpayments.ledger.budget.Examples.END;
import static uk.directpayments.ledger.budget.Examples.REQUESTED;
import static uk.directpayments.ledger.budget.Examples.START;
import static uk.directpayments.ledger.budget.Examples.TEXT;
import static uk.directpayments.ledger.budget.Examples.TODAY;
import static uk.directpayments.ledger.budget.Examples.approved;
import static uk.directpayments.ledger.budget.Examples.consent;
import static uk.directpayments.ledger.budget.Examples.finalised;
import static uk.directpayments.ledger.budget.Examples.indicative;
import static uk.directpayments.ledger.budget.Examples.money;
import static uk.directpayments.ledger.budget.Examples.requested;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.budget.BudgetEvent.AccountAttached;
import uk.directpayments.ledger.budget.BudgetEvent.AccountDetached;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRefused;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRequested;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.LineRevised;
import uk.directpayments.ledger.budget.BudgetEvent.LineRouted;
import uk.directpayments.ledger.budget.BudgetEvent.PanelDecisionRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.PanelOutcome;
import uk.directpayments.ledger.budget.BudgetEvent.RecipientType;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.support.TestPostgres;

/** Budgets as they are read, on real PostgreSQL, delivered as a test wants. */
class BudgetRegisterTest {

    private static final LocalDate JUNE = LocalDate.of(2026, 6, 1);

    private final TestPostgres.Database database = TestPostgres.freshDatabase();
    private final BudgetRegister register = new BudgetRegister();
    private final ProjectionDriver driver = new ProjectionDriver(database, register);

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    // ── two dates ────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aBudgetWalksThroughItsStatesByTheDaysOfItsDecisions() {
        happen("B", requested(), REQUESTED);
        happen("B", indicative(), REQUESTED.plusDays(9));
        happen("B", approved(), DECIDED);
        happen("B", finalised(), START);
        happen("B", new AccountAttached("A1"), START);
        pay("A1", "care", "50.00", TODAY);
        happen("B", BudgetEnded.decided(JUNE, "MOVED_AWAY"), JUNE);

        assertThat(status(REQUESTED.minusDays(1))).isNull();
        assertThat(status(REQUESTED)).isEqualTo(BudgetStatus.REQUESTED);
        assertThat(status(DECIDED.minusDays(1))).isEqualTo(BudgetStatus.INDICATIVE);
        assertThat(status(DECIDED)).isEqualTo(BudgetStatus.APPROVED);
        assertThat(status(START)).isEqualTo(BudgetStatus.FINAL);
        assertThat(status(TODAY.minusDays(1))).isEqualTo(BudgetStatus.FINAL);
        assertThat(status(TODAY)).isEqualTo(BudgetStatus.ACTIVE);
        assertThat(status(JUNE.minusDays(1))).isEqualTo(BudgetStatus.ACTIVE);
        assertThat(status(JUNE)).isEqualTo(BudgetStatus.ENDED);
    }

    @Test
    void deferralAndRefusalAreStatesToo() {
        happen("B", requested(), REQUESTED);
        happen("B", indicative(), REQUESTED);
        happen("B", new PanelDecisionRecorded(PanelOutcome.DEFERRED, null, null, null, DECIDED), DECIDED);
        happen("B", new BudgetRefused(TEXT, null, START), START);

        assertThat(status(DECIDED)).isEqualTo(BudgetStatus.DEFERRED);
        assertThat(status(START)).isEqualTo(BudgetStatus.REFUSED);
    }

    @Test
    void anEarlierPositionShowsWhatWasKnownThen() {
        long known = happen("B", requested(), REQUESTED);
        happen("B", indicative(), REQUESTED);

        assertThat(register.find("B", at(known - 1))).isEmpty();
        assertThat(entry(known).amount(BudgetStatus.INDICATIVE, TODAY)).isNull();
        assertThat(entry(driver.head()).amount(BudgetStatus.INDICATIVE, TODAY)).isEqualTo(money("1000.00"));
    }

    @Test
    void amountsStandWhenTheirDecisionHasBeenMade() {
        finalBudget();
        BudgetEntry entry = entry(driver.head());

        assertThat(entry.amount(BudgetStatus.APPROVED, DECIDED.minusDays(1))).isNull();
        assertThat(entry.amount(BudgetStatus.APPROVED, DECIDED)).isEqualTo(money("1000.00"));
        assertThat(entry.agreedBy(START.minusDays(1))).isNull();
        assertThat(entry.agreedBy(START)).isEqualTo(finalised());
    }

    // ── first payment and use of lines ───────────────────────────────────────────────────────────────────────────

    @Test
    void theFirstPaymentIsTheEarliestThatWasKnown() {
        finalBudget();
        happen("B", new AccountAttached("A1"), START);
        long late = pay("A1", "care", "50.00", JUNE);
        long early = pay("A1", "club", "50.00", TODAY);
        pay("A1", "care", "50.00", JUNE.plusDays(1));

        assertThat(register.firstPaidOn(List.of("A1"), at(late).asOf(END))).containsEntry("A1", JUNE);
        assertThat(register.firstPaidOn(List.of("A1"), at(early).asOf(END))).containsEntry("A1", TODAY);
        assertThat(register.firstPaidOn(List.of("A1"), at(early).asOf(TODAY.minusDays(1))))
                .isEmpty();
        assertThat(register.firstPaidOn(List.of("A2"), at(early).asOf(END))).isEmpty();
    }

    @Test
    void aLineIsUsedByAScheduleOrAPaymentOfThatAccount() {
        long before = finalBudget();
        long scheduled = schedule("A1", "care");
        pay("A2", "club", "50.00", TODAY);
        View now = at(driver.head());

        assertThat(register.used("A1", "care", at(before))).isFalse();
        assertThat(register.used("A1", "care", at(scheduled))).isTrue();
        assertThat(register.used("A1", "club", now)).isFalse();
        assertThat(register.used("A2", "club", now)).isTrue();
        assertThat(register.firstPaidOn(List.of("A1"), now.asOf(END))).isEmpty();
    }

    // ── terms ────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void termsSayWhatTheBudgetAllowsItsAccounts() {
        finalBudget();
        happen("B", new AccountAttached("A1"), START);
        happen("B", new LineRouted("care", "A1", money("20.00")), START);
        happen("B", new LineRevised("care", money("700.00"), JUNE, null, null), JUNE);
        Terms terms = entry(driver.head()).terms();

        assertThat(terms.budgetSequence()).isEqualTo(6);
        assertThat(terms.endsOn()).isEqualTo(END);
        assertThat(terms.lines()).extracting(Terms.Line::lineId).containsExactly("care", "club", "respite");
        Terms.Line care = terms.line("care").orElseThrow();
        assertThat(care.payable()).isTrue();
        assertThat(care.accountId()).isEqualTo("A1");
        assertThat(care.paidElsewhere()).isEqualTo(money("20.00"));
        assertThat(care.yearlyAmount(JUNE.minusDays(1))).isEqualTo(money("600.00"));
        assertThat(care.yearlyAmount(JUNE)).isEqualTo(money("700.00"));
        assertThat(terms.line("respite").orElseThrow().payable()).isFalse();
    }

    @Test
    void termsOfABudgetThatIsNotFinalHaveNoLinesAndNoEnd() {
        happen("B", requested(), REQUESTED);
        Terms terms = entry(driver.head()).terms();

        assertThat(terms).isEqualTo(new Terms(0, null, null, null, null, List.of()));
    }

    @Test
    void termsEndWithTheEarlierOfPeriodAndEnd() {
        finalBudget();
        happen("B", BudgetEnded.decided(END.plusDays(1), "MOVED_AWAY"), END);
        assertThat(entry(driver.head()).terms().endsOn()).isEqualTo(END);
        happen("B", BudgetEnded.byDeath(JUNE), JUNE);
        assertThat(entry(driver.head()).terms().endsOn()).isEqualTo(JUNE);
    }

    @Test
    void consentLastsUntilTheLastOneIsWithdrawn() {
        finalBudget();
        assertThat(entry(driver.head()).terms().consentFrom()).isNull();
        happen("B", consent(), START);
        happen("B", new ConsentRecorded("D", RecipientType.NOMINEE, TEXT, "key", TODAY, null), TODAY);
        happen("B", new ConsentWithdrawn("C", TODAY), TODAY);
        assertThat(entry(driver.head()).terms().consentFrom()).isEqualTo(START);
        assertThat(entry(driver.head()).terms().consentUntil()).isNull();
        happen("B", new ConsentWithdrawn("D", JUNE), JUNE);
        assertThat(entry(driver.head()).terms().consentUntil()).isEqualTo(JUNE.minusDays(1));
    }

    @Test
    void theDaysBetweenTwoConsentsAreCarried() {
        finalBudget();
        happen("B", consent(), START);
        happen("B", new ConsentWithdrawn("C", START.plusDays(10)), START.plusDays(10));
        assertThat(entry(driver.head()).terms().consentGaps()).isNull();
        happen(
                "B",
                new ConsentRecorded("D", RecipientType.NOMINEE, TEXT, "key", START.plusDays(20), null),
                START.plusDays(20));
        happen(
                "B",
                new ConsentRecorded("E", RecipientType.NOMINEE, TEXT, "key", START.plusDays(30), null),
                START.plusDays(30));
        happen("B", new ConsentWithdrawn("E", START.plusDays(30)), START.plusDays(30));
        var terms = entry(driver.head()).terms();
        assertThat(terms.consentUntil()).isNull();
        assertThat(terms.consentGaps())
                .containsExactly(
                        new uk.directpayments.ledger.account.Terms.Gap(START.plusDays(10), START.plusDays(19)));
        assertThat(terms.consented(START.plusDays(9))).isTrue();
        assertThat(terms.consented(START.plusDays(10))).isFalse();
        assertThat(terms.consented(START.plusDays(19))).isFalse();
        assertThat(terms.consented(START.plusDays(20))).isTrue();
    }

    @Test
    void theLinesOfAClosedAccountWaitWithWhatWasPaid() {
        finalBudget();
        happen("B", new AccountAttached("A1"), START);
        happen("B", new LineRouted("care", "A1", money("20.00")), START);
        happen("B", new AccountDetached("A1", Map.of("care", money("30.00"))), JUNE);
        BudgetEntry entry = entry(driver.head());

        assertThat(entry.openAccounts()).isEmpty();
        Terms.Line care = entry.terms().line("care").orElseThrow();
        assertThat(care.accountId()).isNull();
        assertThat(care.paidElsewhere()).isEqualTo(money("50.00"));
    }

    // ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void listsAreByPersonAndStatusInTheOrderOfIds() {
        for (String id : List.of("B3", "B1", "B2")) {
            happen(id, requestedBy(id, "P"), REQUESTED);
        }
        happen("B4", requestedBy("B4", "P2"), REQUESTED);
        happen("B2", indicative(), REQUESTED);
        View now = at(driver.head()).asOf(TODAY);

        assertThat(ids(register.list(null, null, Optional.empty(), now, null, 9)))
                .containsExactly("B1", "B2", "B3", "B4");
        assertThat(ids(register.list("P", null, Optional.empty(), now, null, 9)))
                .containsExactly("B1", "B2", "B3");
        assertThat(ids(register.list("P", BudgetStatus.REQUESTED, Optional.empty(), now, null, 9)))
                .containsExactly("B1", "B3");
        assertThat(ids(register.list(null, null, Optional.empty(), now, "B1", 2)))
                .containsExactly("B2", "B3");
        assertThat(ids(register.list("P9", null, Optional.empty(), now, null, 9)))
                .isEmpty();
        assertThat(ids(register.ofPerson("P", now))).containsExactly("B1", "B2", "B3");
    }

    @Test
    void listsFindEveryBudgetUnderTheStatusThatItShows() {
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            history("B" + i, random);
        }
        for (LocalDate day = REQUESTED.minusDays(1); day.isBefore(JUNE.plusDays(2)); day = day.plusDays(6)) {
            View view = at(driver.head()).asOf(day);
            for (BudgetStatus status : BudgetStatus.values()) {
                List<String> shown = register.list(null, null, Optional.empty(), view, null, 99).stream()
                        .filter(entry -> entry.status(view.asOf(), firstPaidOn(entry, view)) == status)
                        .map(BudgetEntry::budgetId)
                        .toList();
                assertThat(ids(register.list(null, status, Optional.empty(), view, null, 99)))
                        .as(status + " on " + day)
                        .isEqualTo(shown);
            }
        }
    }

    // ── rebuilding, and what cannot be applied ───────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 500})
    void aResetBuildsTheSameRowsHoweverTheLogIsCut(int batch) {
        Random random = new Random(11);
        for (int i = 0; i < 10; i++) {
            history("B" + i, random);
        }
        List<String> rows = rows();
        driver.reset();
        assertThat(rows()).isEmpty();
        while (driver.delivered() < driver.head()) {
            driver.deliver(batch);
        }

        driver.assertNothingParked();
        assertThat(rows()).isEqualTo(rows).hasSizeGreaterThan(40);
    }

    @Test
    void whatCannotBeAppliedMakesItsPersonsBudgetsUnavailableAndNobodyElses() {
        finalBudget();
        long before = driver.head();
        happen("B9", requestedBy("B9", "P2"), REQUESTED);
        happen("gone", indicative(), REQUESTED);

        assertThat(register.find("B", at(before))).isPresent();
        assertThatThrownBy(() -> register.find("B", at(driver.head())))
                .isInstanceOfSatisfying(
                        RuleBroken.class, e -> assertThat(e.code()).isEqualTo("FIGURE_UNAVAILABLE"));
        assertThatThrownBy(() -> register.ofPerson("P", at(driver.head()))).isInstanceOf(RuleBroken.class);
        assertThat(register.unavailablePersons(at(driver.head()))).containsExactly("P");
        assertThat(register.find("B9", at(driver.head()))).isPresent();
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    private long happen(String budgetId, BudgetEvent event, LocalDate on) {
        String person = event instanceof BudgetRequested requested ? requested.personId() : "P";
        return driver.record(new Fact("budget/" + budgetId, null, person, event, on));
    }

    private long finalBudget() {
        happen("B", requested(), REQUESTED);
        happen("B", indicative(), REQUESTED);
        happen("B", approved(), DECIDED);
        return happen("B", finalised(), START);
    }

    private long pay(String account, String line, String amount, LocalDate on) {
        Money gross = money(amount);
        return driver.record(new Fact(
                account,
                "P",
                new PaymentIssued(
                        "pay-" + driver.head(),
                        line,
                        FundingSource.SOCIAL_CARE_CHILD,
                        null,
                        gross,
                        Money.ZERO,
                        gross,
                        on),
                on));
    }

    private long schedule(String account, String line) {
        return driver.record(new Fact(
                account, "P", new InstalmentsScheduled("S", line, Frequency.MONTHLY, List.of(), null, TODAY), TODAY));
    }

    /** One of many possible lives of a budget, some steps with the same day, some recorded after later ones. */
    private void history(String id, Random random) {
        int length = random.nextInt(10);
        happen(id, requestedBy(id, "P"), REQUESTED);
        List<Runnable> steps = List.of(
                () -> happen(id, indicative(), REQUESTED.plusDays(random.nextInt(20))),
                () -> happen(id, approved(), DECIDED.minusDays(random.nextInt(30))),
                () -> happen(id, finalised(), START.minusDays(random.nextInt(30))),
                () -> happen(id, new AccountAttached("A" + id), START),
                () -> schedule("A" + id, "care"),
                () -> pay("A" + id, "care", "9.00", TODAY.plusDays(random.nextInt(20))),
                () -> pay("A" + id, "care", "9.00", TODAY.minusDays(random.nextInt(20))),
                () -> pay("A" + id, "care", "9.00", TODAY.plusDays(random.nextInt(20))),
                () -> happen(
                        id,
                        random.nextBoolean() ? BudgetEnded.byDeath(JUNE) : BudgetEnded.decided(JUNE, "MOVED_AWAY"),
                        JUNE));
        steps.subList(0, Math.min(length, steps.size())).forEach(Runnable::run);
    }

    private static BudgetRequested requestedBy(String budgetId, String personId) {
        return new BudgetRequested(budgetId, personId, LegalBasis.CHILD_S17A, null, null, REQUESTED, TEXT);
    }

    private View at(long position) {
        return View.now(TODAY).at(position);
    }

    private BudgetEntry entry(long position) {
        return register.find("B", at(position)).orElseThrow();
    }

    private @Nullable BudgetStatus status(LocalDate asOf) {
        View view = at(driver.head()).asOf(asOf);
        BudgetEntry entry = entry(driver.head());
        return entry.status(asOf, firstPaidOn(entry, view));
    }

    private @Nullable LocalDate firstPaidOn(BudgetEntry entry, View view) {
        return entry.accounts().stream()
                .flatMap(account -> register.firstPaidOn(List.of(account.accountId()), view).values().stream())
                .min(LocalDate::compareTo)
                .orElse(null);
    }

    private List<String> rows() {
        return Stream.of("budget_register", "budget_line_use")
                .flatMap(table -> driver.dump(table).stream())
                .toList();
    }

    private static List<String> ids(List<BudgetEntry> entries) {
        return entries.stream().map(BudgetEntry::budgetId).toList();
    }
}
