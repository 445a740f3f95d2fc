package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static uk.directpayments.ledger.account.AccountWords.*;
import static uk.directpayments.ledger.kernel.FundingSource.SHORT_BREAKS;
import static uk.directpayments.ledger.kernel.FundingSource.SOCIAL_CARE_CHILD;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.directpayments.ledger.account.AccountCommand.ApproveRecovery;
import uk.directpayments.ledger.account.AccountCommand.ProposeRecovery;
import uk.directpayments.ledger.account.AccountEvent.AllocationCarried;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.LiabilityRecorded;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SurplusProposed;
import uk.directpayments.ledger.account.AccountEvent.SurplusRecoveryApproved;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.support.Fixtures;

/** Rulebook 4.9: what is not spent of money to start with is reviewed twelve weeks after it was paid, and taken back from then on. */
class StartUpTest {

    private static final Surplus.Weeks WEEKS = new Surplus.Weeks(8, 12, POLICY);
    private static final LocalDate TWELVE_WEEKS_AGO = TODAY.minusWeeks(12);
    private static final Terms TERMS = terms(care("8060.00"), line("start", SHORT_BREAKS, "500.00"));

    // ── the calculation ──────────────────────────────────────────────────────────────────────────────────────────

    @ParameterizedTest(name = "{0} unspent of 300.00 paid {1} and 200.00 paid {2} days ago: {3} kept, {4} due")
    @CsvSource({
        "500.00, 90, 10, 200.00, 300.00",
        "450.00, 90, 10, 200.00, 250.00",
        "200.00, 90, 10, 200.00, 0.00",
        "150.00, 90, 10, 150.00, 0.00",
        "500.00, 84, 83, 200.00, 300.00",
        "500.00, 83, 10, 500.00, 0.00",
        "500.00, 90, 84, 0.00, 500.00",
        "0.00, 90, 10, 0.00, 0.00",
        "-10.00, 90, 10, 0.00, 0.00"
    })
    void whatIsSpentWasPaidFirstAndWhatIsLeftFallsDueByTheDayOnWhichItWasPaid(
            String unspent, int before, int since, String kept, String due) {
        StartUp startUp = StartUp.of(
                pounds(unspent),
                List.of(
                        new StartUp.Payment(TODAY.minusDays(before), pounds("300.00")),
                        new StartUp.Payment(TODAY.minusDays(since), pounds("200.00"))),
                TODAY,
                12);
        assertThat(startUp.kept()).isEqualTo(pounds(kept));
        assertThat(startUp.due()).isEqualTo(pounds(due));
    }

    @Test
    void aLineThatIsPaidByTheMonthTooIsNoMoneyToStartWithWhateverWasAgreedFirst() {
        var once = new InstalmentsScheduled("S-1", "start", Frequency.ONE_OFF, List.of(), Money.ZERO, TODAY);
        var monthly = new InstalmentsScheduled("S-2", "start", Frequency.MONTHLY, List.of(), Money.ZERO, TODAY);
        for (var agreed : List.of(List.of(once, monthly), List.of(monthly, once))) {
            Settlement settlement = new Settlement();
            agreed.forEach(settlement::evolve);
            assertThat(settlement.oneOff).isEmpty();
        }
        Settlement settlement = new Settlement();
        settlement.evolve(once);
        assertThat(settlement.oneOff).containsExactly("start");
    }

    @Test
    void whatAnotherAccountHasAgreedOnALineHoldsHereToo() {
        var once = new InstalmentsScheduled("S-1", "start", Frequency.ONE_OFF, List.of(), Money.ZERO, TODAY);
        Settlement settlement = new Settlement();
        settlement.evolve(new AllocationCarried(TERMS.paidOnce(Map.of("start", true, "care", false))));
        assertThat(settlement.oneOff).containsExactly("start");
        settlement.evolve(new AllocationCarried(TERMS));
        assertThat(settlement.oneOff).as("nobody said otherwise").containsExactly("start");
        settlement.evolve(new AllocationCarried(TERMS.paidOnce(Map.of("start", false))));
        settlement.evolve(once);
        assertThat(settlement.oneOff).isEmpty();
    }

    @Test
    void theReviewIsThatOfTheOldestMoneyThatIsKept() {
        var older = new StartUp.Payment(TODAY.minusDays(70), pounds("300.00"));
        var newer = new StartUp.Payment(TODAY.minusDays(10), pounds("200.00"));
        assertThat(StartUp.of(pounds("500.00"), List.of(older, newer), TODAY, 12)
                        .reviewOn())
                .isEqualTo(TODAY.minusDays(70).plusWeeks(12));
        assertThat(StartUp.of(pounds("200.00"), List.of(older, newer), TODAY, 12)
                        .reviewOn())
                .isEqualTo(TODAY.minusDays(10).plusWeeks(12));
        assertThat(StartUp.of(pounds("200.00"), List.of(older), TODAY.plusDays(14), 12)
                        .reviewOn())
                .isNull();
        StartUp both = StartUp.of(pounds("200.00"), List.of(newer), TODAY, 12)
                .plus(StartUp.of(pounds("1.00"), List.of(older), TODAY, 12))
                .plus(StartUp.none(12));
        assertThat(both.reviewOn()).isEqualTo(TODAY.minusDays(70).plusWeeks(12));
        assertThat(both.kept()).isEqualTo(pounds("201.00"));
    }

    @ParameterizedTest(name = "{0} less {1} owed, {2} to start with kept and {3} due: {4}")
    @CsvSource({
        "1740.00, 0.00, 500.00, 0.00, 0.00",
        "1740.01, 0.00, 500.00, 0.00, 0.01",
        "1240.00, 0.00, 500.00, 0.00, 0.00",
        "1000.00, 0.00, 0.00, 400.00, 400.00",
        "1700.00, 0.00, 0.00, 400.00, 460.00",
        "300.00, 0.00, 0.00, 400.00, 300.00",
        "300.00, 250.00, 0.00, 400.00, 50.00",
        "300.00, 0.00, 200.00, 400.00, 100.00",
        "100.00, 0.00, 200.00, 400.00, 0.00",
        "-10.00, 0.00, 0.00, 400.00, 0.00"
    })
    void moneyToStartWithIsApartFromTheThresholdOfTheWeeks(
            String balance, String owed, String kept, String due, String reclaimable) {
        Surplus surplus = Surplus.of(
                pounds(balance),
                pounds(owed),
                Money.ZERO,
                pounds("8060.00"),
                new StartUp(pounds(kept), pounds(due), 12, null),
                WEEKS);
        assertThat(surplus.kept()).isEqualTo(pounds("1240.00"));
        assertThat(surplus.reclaimable()).isEqualTo(pounds(reclaimable));
        assertThat(surplus.policyVersion()).isEqualTo(POLICY);
    }

    // ── what an account does with it ─────────────────────────────────────────────────────────────────────────────

    @Test
    void twelveWeeksAfterItWasPaidItMayBeTakenBackHoweverLittleElseThereIs() {
        started(TWELVE_WEEKS_AGO.plusDays(1)).when(propose("0.01")).refuses("RECOVERY_EXCEEDS_SURPLUS");
        started(TWELVE_WEEKS_AGO).when(propose("500.01")).refuses("RECOVERY_EXCEEDS_SURPLUS");
        started(TWELVE_WEEKS_AGO).when(propose("500.00")).records(proposed("500.00", surplus("500.00", "500.00")));
    }

    @Test
    void whatWasSpentOnItsLineIsNotTakenBackAndWhatCameBackIs() {
        var spend = spend("E-1", "120.00", TODAY, "start", null);
        Share share = share(SHORT_BREAKS, "start", "120.00");
        var spent = started(TWELVE_WEEKS_AGO).given(spent(spend, share));
        spent.when(propose("380.01")).refuses("RECOVERY_EXCEEDS_SURPLUS");
        spent.when(propose("380.00")).records(proposed("380.00", surplus("380.00", "380.00")));
        spent.given(new ExpenditureReversed("R-1", "E-1", pounds("120.00"), null, REASON, TODAY, List.of(share)))
                .when(propose("500.00"))
                .records(proposed("500.00", surplus("500.00", "500.00")));
        Share twenty = share(SHORT_BREAKS, "start", "20.00");
        spent.given(new RefundReceived("F-1", "E-1", pounds("20.00"), null, TODAY, List.of(twenty)))
                .when(propose("400.00"))
                .records(proposed("400.00", surplus("400.00", "400.00")));
        // money of another line is no money of this one
        started(TWELVE_WEEKS_AGO)
                .given(
                        paid("PAY-2", "120.00", TODAY),
                        spent(spend("E-2", "120.00", TODAY, "care", null), share(SOCIAL_CARE_CHILD, "care", "120.00")))
                .when(propose("500.00"))
                .records(proposed("500.00", surplus("500.00", "500.00")));
    }

    @Test
    void aPaymentThatCameBackOrIsOfALaterDayIsNoMoneyToStartWith() {
        var first = paid("PAY-1", "start", SHORT_BREAKS, "500.00", TWELVE_WEEKS_AGO);
        agreed().given(first, returned(first, TODAY), paid("PAY-2", "start", SHORT_BREAKS, "500.00", TODAY))
                .when(propose("0.01"))
                .refuses("RECOVERY_EXCEEDS_SURPLUS");
        var ahead = paid("PAY-2", "start", SHORT_BREAKS, "100.00", TODAY.plusDays(1));
        agreed().given(
                        paid("PAY-1", "start", SHORT_BREAKS, "400.00", TWELVE_WEEKS_AGO),
                        paid("PAY-3", "300.00", TODAY),
                        ahead)
                .when(propose("400.01"))
                .refuses("RECOVERY_EXCEEDS_SURPLUS");
    }

    @Test
    void whatWasKeptBackAsTheClientsContributionIsNoMoneyToStartWith() {
        var net = new PaymentIssued(
                "PAY-1",
                "start",
                SHORT_BREAKS,
                null,
                pounds("500.00"),
                pounds("50.00"),
                pounds("450.00"),
                TWELVE_WEEKS_AGO);
        var paid = agreed().given(net, paid("PAY-2", "620.00", TODAY));
        paid.when(propose("450.01")).refuses("RECOVERY_EXCEEDS_SURPLUS");
        paid.when(propose("450.00")).records(proposed("450.00", surplus("1070.00", "450.00")));
        paid.given(spent(spend("E-1", "450.00", TODAY, "start", null), share(SHORT_BREAKS, "start", "450.00")))
                .when(propose("0.01"))
                .refuses("RECOVERY_EXCEEDS_SURPLUS");
        agreed().given(net, returned(net, TODAY), paid("PAY-2", "620.00", TODAY))
                .when(propose("0.01"))
                .refuses("RECOVERY_EXCEEDS_SURPLUS");
    }

    @Test
    void whatIsTakenBackIsFirstTheMoneyOfItsOwnLine() {
        var account = started(TWELVE_WEEKS_AGO).given(paid("PAY-2", "1340.00", TODAY));
        Surplus surplus = new Surplus(
                pounds("1840.00"),
                Money.ZERO,
                Money.ZERO,
                pounds("1240.00"),
                8,
                pounds("600.00"),
                new StartUp(Money.ZERO, pounds("500.00"), 12, null),
                POLICY);
        var proposed = new SurplusProposed("REC-1", pounds("520.00"), surplus, "finance", TODAY);
        var approved = new SurplusRecoveryApproved(
                "REC-1",
                pounds("520.00"),
                surplus,
                List.of(share(SHORT_BREAKS, "start", "500.00"), share(SOCIAL_CARE_CHILD, "care", "20.00")),
                TODAY);
        account.given(proposed).when(approve("REC-1")).records(approved);
        // the rest, while the first has not been received, is the other line's
        var rest = new SurplusProposed("REC-2", pounds("80.00"), surplus, "finance", TODAY);
        account.given(proposed, approved, rest)
                .when(approve("REC-2"))
                .records(new SurplusRecoveryApproved(
                        "REC-2", pounds("80.00"), surplus, List.of(share(SOCIAL_CARE_CHILD, "care", "80.00")), TODAY));
        account.given(
                        proposed,
                        approved,
                        new RecoveryReceived("IN-1", "REC-1", pounds("520.00"), TODAY, approved.shares()))
                .when(propose("REC-2", "80.01"))
                .refuses("RECOVERY_EXCEEDS_SURPLUS");
    }

    @Test
    void onceTheBudgetIsOverNothingIsKeptToStartWith() {
        var over = started(TODAY.minusDays(9)).given(new DeathNoted(TODAY.minusDays(1)));
        over.when(propose("500.00"))
                .records(new SurplusProposed(
                        "REC-1",
                        pounds("500.00"),
                        new Surplus(
                                pounds("500.00"),
                                Money.ZERO,
                                Money.ZERO,
                                Money.ZERO,
                                8,
                                pounds("500.00"),
                                null,
                                POLICY),
                        "finance",
                        TODAY));
    }

    @Test
    void whatIsOwedComesBeforeIt() {
        started(TWELVE_WEEKS_AGO)
                .given(new LiabilityRecorded("LIA-1", "DBS", pounds("60.00"), TODAY, PAYEE, TODAY))
                .when(propose("440.01"))
                .refuses("RECOVERY_EXCEEDS_SURPLUS");
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    private static Fixtures<PaymentAccount> agreed() {
        return account(TERMS)
                .given(new InstalmentsScheduled(
                        "S-1",
                        "start",
                        Frequency.ONE_OFF,
                        List.of(new Instalment("S-1.1", 1, FROM, pounds("500.00"), Money.ZERO, null, null)),
                        Money.ZERO,
                        FROM));
    }

    /** 500.00 to start with were paid on a day, and there is nothing else. */
    private static Fixtures<PaymentAccount> started(LocalDate on) {
        return agreed().given(paid("PAY-1", "start", SHORT_BREAKS, "500.00", on));
    }

    private static ProposeRecovery propose(String amount) {
        return propose("REC-1", amount);
    }

    private static ProposeRecovery propose(String recoveryId, String amount) {
        return new ProposeRecovery(ACCOUNT, recoveryId, pounds(amount), "finance", WEEKS, TODAY);
    }

    private static ApproveRecovery approve(String recoveryId) {
        return new ApproveRecovery(ACCOUNT, recoveryId, "approver", WEEKS, TODAY);
    }

    private static SurplusProposed proposed(String amount, Surplus calculation) {
        return new SurplusProposed("REC-1", pounds(amount), calculation, "finance", TODAY);
    }

    private static Surplus surplus(String balance, String due) {
        return new Surplus(
                pounds(balance),
                Money.ZERO,
                Money.ZERO,
                pounds("1240.00"),
                8,
                pounds(due),
                new StartUp(Money.ZERO, pounds(due), 12, null),
                POLICY);
    }
}
