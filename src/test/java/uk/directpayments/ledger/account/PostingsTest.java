package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;

class PostingsTest {

    private static final LocalDate DAY = LocalDate.of(2025, 4, 7);
    private static final FundingSource SOCIAL = FundingSource.SOCIAL_CARE_CHILD;
    private static final List<Share> SHARES = List.of(
            new Share(SOCIAL, "L1", pounds("236.10")),
            new Share(FundingSource.EDUCATION_HIGH_NEEDS, "L2", pounds("295.13")),
            new Share(FundingSource.PARENT_TOP_UP, null, pounds("59.02")));

    @Test
    void aPaymentIsPostedNetOfTheContribution() {
        assertThat(posted(new PaymentIssued(
                        "p", "L1", SOCIAL, null, pounds("620.00"), pounds("20.00"), pounds("600.00"), DAY)))
                .containsExactly(
                        "assets:recipient:ACC-1:SOCIAL_CARE_CHILD 600.00 SOCIAL_CARE_CHILD L1",
                        "income:allocation:SOCIAL_CARE_CHILD -600.00 SOCIAL_CARE_CHILD L1");
    }

    @Test
    void aReturnedPaymentIsPostedTheOtherWay() {
        assertThat(posted(new PaymentReturned(
                        "p", "L1", SOCIAL, null, pounds("620.00"), pounds("20.00"), pounds("600.00"), "0", DAY)))
                .containsExactly(
                        "assets:recipient:ACC-1:SOCIAL_CARE_CHILD -600.00 SOCIAL_CARE_CHILD L1",
                        "income:allocation:SOCIAL_CARE_CHILD 600.00 SOCIAL_CARE_CHILD L1");
    }

    @Test
    void whoeverPaysATopUpIsWhereItComesFrom() {
        assertThat(posted(new TopUpReceived("t", FundingSource.PARENT_TOP_UP, pounds("50.00"), DAY)))
                .containsExactly(
                        "assets:recipient:ACC-1:PARENT_TOP_UP 50.00 PARENT_TOP_UP null",
                        "equity:topup:parent -50.00 PARENT_TOP_UP null");
        assertThat(posted(new TopUpReceived("t", FundingSource.COUNCIL_TOP_UP, pounds("50.00"), DAY)))
                .containsExactly(
                        "assets:recipient:ACC-1:COUNCIL_TOP_UP 50.00 COUNCIL_TOP_UP null",
                        "income:allocation:COUNCIL_TOP_UP -50.00 COUNCIL_TOP_UP null");
    }

    @Test
    void aContributionIsOwedToTheClient() {
        assertThat(posted(new ContributionReceived("c", pounds("20.00"), DAY)))
                .containsExactly(
                        "assets:recipient:ACC-1:CLIENT_CONTRIBUTION 20.00 CLIENT_CONTRIBUTION null",
                        "liabilities:client-contribution -20.00 CLIENT_CONTRIBUTION null");
    }

    @Test
    void spendingIsPostedShareByShareAndTakenBackTheSameWay() {
        assertThat(posted(spent("care", "590.25", SHARES)))
                .containsExactly(
                        "assets:recipient:ACC-1:SOCIAL_CARE_CHILD -236.10 SOCIAL_CARE_CHILD L1",
                        "expenses:care:care 236.10 SOCIAL_CARE_CHILD L1",
                        "assets:recipient:ACC-1:EDUCATION_HIGH_NEEDS -295.13 EDUCATION_HIGH_NEEDS L2",
                        "expenses:care:care 295.13 EDUCATION_HIGH_NEEDS L2",
                        "assets:recipient:ACC-1:PARENT_TOP_UP -59.02 PARENT_TOP_UP null",
                        "expenses:care:care 59.02 PARENT_TOP_UP null");
        List<String> back = List.of(
                "assets:recipient:ACC-1:SOCIAL_CARE_CHILD 5.00 SOCIAL_CARE_CHILD L1",
                "expenses:care:taxi -5.00 SOCIAL_CARE_CHILD L1");
        List<Share> part = List.of(new Share(SOCIAL, "L1", pounds("5.00")));
        assertThat(posted(new ExpenditureReversed("r", "e", pounds("5.00"), "taxi", sealed(), DAY, part)))
                .isEqualTo(back);
        assertThat(posted(new RefundReceived("r", "e", pounds("5.00"), "taxi", DAY, part)))
                .isEqualTo(back);
    }

    @Test
    void aReclassificationMovesOnlyTheExpense() {
        assertThat(posted(new ExpenditureReclassified("e", null, "taxi", pounds("5.00"), sealed(), DAY)))
                .containsExactly("expenses:care:unclassified -5.00 null null", "expenses:care:taxi 5.00 null null");
    }

    @Test
    void whatMovesNoMoneyPostsNothing() {
        assertThat(posted(new AccountEvent.AccountClosed(DAY, Map.of()))).isEmpty();
        assertThat(posted(new AccountEvent.DeathNoted(DAY))).isEmpty();
        assertThat(posted(new ExpenditureReclassified("e", "a", "b", Money.ZERO, sealed(), DAY)))
                .isEmpty();
        assertThat(posted(spent(
                        "care",
                        "1.00",
                        List.of(new Share(SOCIAL, "L1", pounds("1.00")), new Share(SOCIAL, "L2", Money.ZERO)))))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Personal care|Personal-care",
                "a:b;c  d|a-b-c-d",
                "(virtual)|virtual",
                "[balanced]|balanced",
                "Répit & jeux|Répit-jeux",
                "SHORT_BREAKS|SHORT_BREAKS",
                "' - '|unclassified",
                "''|unclassified",
                "'a\nb'|a-b"
            })
    void aCategoryIsMadeSafeForAnAccountName(String category, String name) {
        assertThat(posted(spent(category, "1.00", List.of(new Share(SOCIAL, "L1", pounds("1.00"))))))
                .contains("expenses:care:" + name + " 1.00 SOCIAL_CARE_CHILD L1");
    }

    @Test
    void partsThatDoNotAddUpAreRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> posted(spent("care", "590.26", SHARES)))
                .withMessage("parts add up to 590.25, not to 590.26");
        assertThatIllegalStateException()
                .isThrownBy(() -> posted(new PaymentIssued(
                        "p", "L1", SOCIAL, null, pounds("620.00"), pounds("20.00"), pounds("620.00"), DAY)));
        assertThatIllegalStateException()
                .isThrownBy(() -> Postings.balanced(
                        List.of(new Postings.Line("expenses:care:taxi", pounds("1.00"), SOCIAL, null))));
    }

    private static List<String> posted(AccountEvent event) {
        return Postings.of("ACC-1", event).stream()
                .map(line -> line.ledgerAccount() + " " + line.amount() + " " + line.source() + " " + line.lineId())
                .toList();
    }

    private static ExpenditureRecorded spent(@Nullable String category, String amount, List<Share> shares) {
        return new ExpenditureRecorded(
                "e",
                pounds(amount),
                DAY,
                sealed(),
                "key",
                category,
                null,
                SpendType.PURCHASE,
                null,
                null,
                null,
                null,
                null,
                null,
                shares);
    }

    private static Sealed sealed() {
        return new Sealed("sealed");
    }

    private static Money pounds(String text) {
        return Money.parse(text);
    }
}
