package uk.directpayments.ledger.spending;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.policy.Decision;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.policy.Settings;
import uk.directpayments.ledger.spending.SpendingPolicy.Classified;
import uk.directpayments.ledger.spending.SpendingPolicy.Plan;
import uk.directpayments.ledger.spending.SpendingPolicy.Rule;
import uk.directpayments.ledger.spending.SpendingPolicy.Spend;

/** The examples of rulebook 3.10 and their neighbours; the sample month of card lines is {@link FlagApiTest}'s. */
class SpendingPolicyTest {

    private static final Settings STANDARD = Policy.standard().settings();
    private static final LocalDate DAY = LocalDate.of(2026, 3, 4);

    @ParameterizedTest(name = "{0} {1} {2} {4} under {5}, plan names {6}: {8} {9}")
    @CsvFileSource(resources = "/spending/examples.csv", numLinesToSkip = 1)
    void everyExampleComesOutAsWorked(
            @Nullable String mcc,
            SpendType type,
            String amount,
            @Nullable String cashback,
            @Nullable String category,
            LegalBasis basis,
            @Nullable String allows,
            boolean stayLinked,
            Decision decision,
            String reason) {
        Set<String> plan =
                allows == null ? Set.of() : Stream.of(allows.split(" ")).collect(Collectors.toSet());
        var spend = new Spend(Money.parse(amount), DAY, type, null, category, false, mcc, null, stayLinked);
        List<Classified> answers = SpendingPolicy.classify(spend, new Plan(basis, plan, false), STANDARD);
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).decision()).isEqualTo(decision);
        assertThat(answers.get(0).reason()).isEqualTo(reason);
    }

    @Test
    void cashbackIsCashAndTheRestIsWhatTheShopSells() {
        var spend = new Spend(
                Money.parse("35.00"), DAY, SpendType.PURCHASE, Money.parse("20.00"), null, false, "5411", null, false);
        assertThat(SpendingPolicy.classify(spend, plan(), STANDARD))
                .containsExactly(
                        new Classified(Decision.QUERY, "EVERYDAY_LIVING", Money.parse("15.00"), Rule.CATEGORY_CODE),
                        new Classified(Decision.PROHIBITED, "CASH", Money.parse("20.00"), Rule.TRANSACTION_TYPE));
    }

    @Test
    void anEmployersTaxIsAllowedAndAPersonsIsAQuestion() {
        var tax = new Spend(Money.parse("300.00"), DAY, SpendType.PURCHASE, null, null, false, "9311", null, false);
        assertThat(SpendingPolicy.classify(tax, plan(), STANDARD).get(0).decision())
                .isEqualTo(Decision.QUERY);
        assertThat(SpendingPolicy.classify(tax, new Plan(LegalBasis.CHILD_S17A, Set.of(), true), STANDARD)
                        .get(0)
                        .decision())
                .isEqualTo(Decision.ALLOWED);
    }

    @Test
    void everyCategoryOfTheDefaultPolicyWithAnAbsoluteReasonIsProhibitedWhateverThePlanSays() {
        STANDARD.values().keySet().stream()
                .filter(name -> name.startsWith("mcc."))
                .map(name -> name.substring(4))
                .filter(code -> SpendingPolicy.ABSOLUTE.contains(
                        STANDARD.category(code).orElseThrow().reasonCode()))
                .forEach(code -> {
                    String reason = STANDARD.category(code).orElseThrow().reasonCode();
                    var spend = new Spend(
                            Money.parse("9.00"), DAY, SpendType.PURCHASE, null, null, false, code, null, false);
                    var named = new Plan(LegalBasis.CHILD_S17A, Set.of(code, reason), false);
                    assertThat(SpendingPolicy.classify(spend, named, STANDARD)
                                    .get(0)
                                    .rule())
                            .as(code)
                            .isNotEqualTo(Rule.PLAN_ITEM);
                });
    }

    /** So what is read around an expenditure holds all of its weekend. */
    @Test
    void noWeekendWithItsBankHolidaysReachesFurtherThanWhatIsLookedAtAround() {
        for (LocalDate day = LocalDate.of(1995, 1, 1); day.getYear() < 2100; day = day.plusDays(1)) {
            LocalDate first = Detection.daysOff(day);
            assertThat(first == null ? 0 : ChronoUnit.DAYS.between(first, day))
                    .as(day.toString())
                    .isBetween(0L, (long) Detection.DUPLICATE_DAYS);
        }
    }

    private static Plan plan() {
        return new Plan(LegalBasis.CHILD_S17A, Set.of(), false);
    }
}
