package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static uk.directpayments.ledger.account.AccountWords.*;
import static uk.directpayments.ledger.kernel.FundingSource.*;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.directpayments.ledger.account.AccountCommand.ApproveRecovery;
import uk.directpayments.ledger.account.AccountCommand.CloseAccount;
import uk.directpayments.ledger.account.AccountCommand.ProposeRecovery;
import uk.directpayments.ledger.account.AccountCommand.ReceiveRecovery;
import uk.directpayments.ledger.account.AccountCommand.RecordLiability;
import uk.directpayments.ledger.account.AccountCommand.SettleLiability;
import uk.directpayments.ledger.account.AccountCommand.WriteOffRecovery;
import uk.directpayments.ledger.account.AccountEvent.AccountClosed;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.LiabilityRecorded;
import uk.directpayments.ledger.account.AccountEvent.LiabilitySettled;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.RecoveryGivenUp;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.ReserveApproved;
import uk.directpayments.ledger.account.AccountEvent.ReserveKind;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SurplusProposed;
import uk.directpayments.ledger.account.AccountEvent.SurplusRecoveryApproved;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.support.Fixtures;

/** What an account owes, what of it is surplus, and how that is taken back. Rulebook 4.11, 4.12. */
class RecoveryTest {

    /** 155.00 a week; 2340.50 in the account, 210.25 owed, 300.00 reserved: 590.25 may be taken back. */
    private final Fixtures<PaymentAccount> account = account(care("8060.00"))
            .given(
                    paid("PAY-1", "2340.50", FROM),
                    owed("LIA-1", "210.25"),
                    new ReserveApproved("RES-1", ReserveKind.REDUNDANCY, pounds("300.00"), TO, REASON, FROM));

    // ── the calculation ──────────────────────────────────────────────────────────────────────────────────────────

    @ParameterizedTest(name = "{0} less {1} owed, {2} reserved and {4} weeks of {3}: {5}")
    @CsvSource({
        "2340.50, 210.25, 300.00, 155.00, 8, 590.25",
        "1540.00, 0.00, 300.00, 155.00, 8, 0.00",
        "1240.00, 0.00, 0.00, 155.00, 8, 0.00",
        "1240.01, 0.00, 0.00, 155.00, 8, 0.01",
        "1240.01, 0.00, 0.00, 155.00, 12, 0.00",
        "-12.30, 0.00, 0.00, 155.00, 8, 0.00",
        "100.00, 0.00, 0.00, 0.00, 8, 100.00"
    })
    void theSurplusIsWhatIsLeftOverTheThreshold(
            String balance, String owed, String reserves, String weekly, int weeks, String reclaimable) {
        Money yearly = Money.ofPence(pounds(weekly).pence() * 52);
        assertThat(Surplus.of(pounds(balance), pounds(owed), pounds(reserves), yearly, StartUp.none(12), weeks(weeks))
                        .reclaimable())
                .isEqualTo(pounds(reclaimable));
    }

    @Test
    void theThresholdIsRoundedOnceHalfUp() {
        assertThat(kept("0.26", 1)).isEqualTo(pounds("0.01"));
        assertThat(kept("0.25", 1)).isEqualTo(pounds("0.00"));
        assertThat(kept("8000.00", 8)).isEqualTo(pounds("1230.77"));
    }

    private static Money kept(String yearly, int weeks) {
        return Surplus.of(Money.ZERO, Money.ZERO, Money.ZERO, pounds(yearly), StartUp.none(12), weeks(weeks))
                .kept();
    }

    @Test
    void onlyTheMoneyThatComesEveryWeekHereRaisesTheThreshold() {
        var start = line("start", SOCIAL_CARE_CHILD, "500.00");
        var elsewhere = paidThrough("ACC-2", line("else", SHORT_BREAKS, "700.00"), "0.00");
        var unrouted = paidThrough(null, line("free", SHORT_BREAKS, "900.00"), "0.00");
        var all = terms(care("1040.00"), start, elsewhere, unrouted, councilManaged(line("c", SHORT_BREAKS, "9.00")));
        assertThat(Surplus.yearly(all, ACCOUNT, Set.of("start"), null, TODAY)).isEqualTo(pounds("1040.00"));
        assertThat(Surplus.yearly(terms(elsewhere, unrouted), ACCOUNT, Set.of(), null, TODAY))
                .as("a budget that has routed no line yet")
                .isEqualTo(pounds("900.00"));
        assertThat(Surplus.yearly(all, ACCOUNT, Set.of(), null, TO.plusDays(1))).isEqualTo(Money.ZERO);
        assertThat(Surplus.yearly(all, ACCOUNT, Set.of(), TODAY, TODAY)).isNotEqualTo(Money.ZERO);
        assertThat(Surplus.yearly(all, ACCOUNT, Set.of(), TODAY, TODAY.plusDays(1)))
                .isEqualTo(Money.ZERO);
    }

    // ── liabilities ──────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aLiabilityIsRecordedOnceAndSettledOnce() {
        account.when(owe("LIA-2", "10.00")).records(owed("LIA-2", "10.00")).occurredOn(TODAY);
        account.when(owe("LIA-1", "10.00")).refuses("ID_ALREADY_USED");
        account.when(owe("LIA-2", "0.00")).refuses("AMOUNT_NOT_POSITIVE");
        account.given(new AccountClosed(TODAY, Map.of()))
                .when(owe("LIA-2", "10.00"))
                .refuses("ACCOUNT_CLOSED");

        account.when(settle("LIA-1", FROM))
                .records(new LiabilitySettled("LIA-1", FROM))
                .occurredOn(FROM);
        account.when(settle("LIA-2", FROM)).refuses("LIABILITY_NOT_FOUND");
        account.when(settle("LIA-1", TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
        var settled = account.given(new LiabilitySettled("LIA-1", FROM));
        settled.when(settle("LIA-1", FROM)).refuses("LIABILITY_ALREADY_SETTLED");
        settled.when(owe("LIA-1", "10.00")).refuses("ID_ALREADY_USED");
    }

    // ── a proposal ───────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aProposalIsCheckedAgainstTheSurplusOfTheDay() {
        account.when(propose("REC-1", "590.25")).records(proposed("REC-1", "590.25"));
        account.when(propose("REC-1", "590.26")).refuses("RECOVERY_EXCEEDS_SURPLUS");
        account.when(propose("REC-1", "0.00")).refuses("AMOUNT_NOT_POSITIVE");
        account.given(proposed("REC-1", "1.00")).when(propose("REC-1", "1.00")).refuses("ID_ALREADY_USED");
    }

    @Test
    void theSameSurplusIsNotClaimedTwice() {
        var half = account.given(proposed("REC-1", "300.00"));
        half.when(propose("REC-2", "290.26")).refuses("RECOVERY_EXCEEDS_SURPLUS");
        half.when(propose("REC-2", "290.25")).records(proposed("REC-2", "290.25"));
    }

    @Test
    void aPaymentForALaterDayIsNoMoneyOfToday() {
        account.given(paid("PAY-2", "500.00", TODAY.plusDays(1)))
                .when(propose("REC-1", "590.26"))
                .refuses("RECOVERY_EXCEEDS_SURPLUS");
    }

    // ── approval ─────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anotherPersonApprovesOnce() {
        var proposal = account.given(proposed("REC-1", "590.25"));
        proposal.when(approve("REC-1", "finance")).refuses("SEPARATION_OF_DUTIES");
        proposal.when(approve("REC-2", "approver")).refuses("RECOVERY_NOT_FOUND");
        proposal.when(approve("REC-1", "approver")).records(approved("REC-1", "590.25"));
        proposal.given(approved("REC-1", "590.25"))
                .when(approve("REC-1", "approver"))
                .refuses("ALREADY_APPROVED");
    }

    @Test
    void anApprovalCalculatesAfresh() {
        var proposal = account.given(proposed("REC-1", "590.25"));
        proposal.given(owed("LIA-2", "0.01")).when(approve("REC-1", "approver")).refuses("CALCULATION_STALE");
        proposal.given(owed("LIA-2", "0.01"), new LiabilitySettled("LIA-2", TODAY))
                .when(approve("REC-1", "approver"))
                .records(approved("REC-1", "590.25"));
    }

    @Test
    void aRecoveryIsSharedByTheAllocationInForceAndTheClientsShareIsTheClients() {
        assertThat(sharesOf("590.25", "60.00"))
                .as("rulebook 4.12: 590.25 over 4000:5000:1000, of which the client pays the last")
                .containsExactly(
                        new Share(EDUCATION_HIGH_NEEDS, "school", pounds("236.10")),
                        new Share(SOCIAL_CARE_CHILD, "care", pounds("295.13")),
                        new Share(CLIENT_CONTRIBUTION, null, pounds("59.02")));
    }

    @Test
    void aClientGetsBackNoMoreThanTheClientHasPaidIn() {
        assertThat(sharesOf("590.25", "9.00"))
                .containsExactly(
                        new Share(EDUCATION_HIGH_NEEDS, "school", pounds("258.33")),
                        new Share(SOCIAL_CARE_CHILD, "care", pounds("322.92")),
                        new Share(CLIENT_CONTRIBUTION, null, pounds("9.00")));
    }

    @Test
    void aRecoveryIsSharedBetweenTheSourcesBeforeTheLinesOfASource() {
        var state = state(
                opened(terms(
                        line("a", SOCIAL_CARE_CHILD, "1000.00"),
                        line("b", SOCIAL_CARE_CHILD, "1000.00"),
                        line("c", SHORT_BREAKS, "1000.00"))),
                paid("PAY-1", "a", SOCIAL_CARE_CHILD, "900.00", FROM));
        assertThat(RecoveryShares.of(
                        state, RecoveryRules.surplus(state, weeks(8), TODAY), weeks(8), pounds("0.05"), TODAY))
                .containsExactly(
                        share(SOCIAL_CARE_CHILD, "a", "0.02"),
                        share(SOCIAL_CARE_CHILD, "b", "0.01"),
                        share(SHORT_BREAKS, "c", "0.02"));
    }

    /** 620.00 are the council's and 2000.00 the family's; all but the 1240.00 of eight weeks is surplus. */
    @Test
    void noSourceOfTheCouncilTakesTheFamilysTopUpWhileTheBudgetRuns() {
        var state = state(
                opened(terms(care("8060.00"))),
                paid("PAY-1", "620.00", FROM),
                new TopUpReceived("T-1", PARENT_TOP_UP, pounds("2000.00"), FROM));
        Surplus surplus = RecoveryRules.surplus(state, weeks(8), TODAY);
        assertThat(RecoveryShares.of(state, surplus, weeks(8), pounds("620.00"), TODAY))
                .containsExactly(share(SOCIAL_CARE_CHILD, "care", "620.00"));
        assertThat(RecoveryShares.of(state, surplus, weeks(8), surplus.reclaimable(), TODAY))
                .containsExactly(share(SOCIAL_CARE_CHILD, "care", "620.00"), share(PARENT_TOP_UP, null, "760.00"));
    }

    /** The council's sources stand for each other: one of them may be overdrawn by what another has. */
    @Test
    void theCouncilsSourcesTogetherTakeWhatTheyTogetherHave() {
        var state = state(
                opened(terms(
                        line("school", EDUCATION_HIGH_NEEDS, "520.00"), line("care", SOCIAL_CARE_CHILD, "520.00"))),
                paid("PAY-1", "care", SOCIAL_CARE_CHILD, "500.00", FROM),
                spent(spend("E-1", "100.00", FROM), share(EDUCATION_HIGH_NEEDS, "school", "100.00")),
                new TopUpReceived("T-1", PARENT_TOP_UP, pounds("300.00"), FROM));
        Surplus surplus = RecoveryRules.surplus(state, weeks(8), TODAY);
        assertThat(RecoveryShares.of(state, surplus, weeks(8), surplus.reclaimable(), TODAY))
                .containsExactly(
                        share(EDUCATION_HIGH_NEEDS, "school", "200.00"),
                        share(SOCIAL_CARE_CHILD, "care", "200.00"),
                        share(PARENT_TOP_UP, null, "140.00"));
    }

    @Test
    void whatNeitherTheCouncilNorAParentHasIsTheClients() {
        assertThat(sharesOf(
                        "90.00",
                        "100.00",
                        spent(
                                spend("E-1", "880.00", FROM),
                                share(EDUCATION_HIGH_NEEDS, "school", "400.00"),
                                share(SOCIAL_CARE_CHILD, "care", "480.00"))))
                .as("of 120.00 the council's sources have 20.00")
                .containsExactly(
                        share(EDUCATION_HIGH_NEEDS, "school", "8.89"),
                        share(SOCIAL_CARE_CHILD, "care", "11.11"),
                        share(CLIENT_CONTRIBUTION, null, "70.00"));
    }

    /** Of a line of 6000.00 a sixth is the client's contribution, beside one of 4000.00; {@code paidIn} has come in. */
    private static List<Share> sharesOf(String amount, String paidIn, AccountEvent... more) {
        var state = new AccountState();
        state.evolve(
                opened(terms(
                        line("school", EDUCATION_HIGH_NEEDS, "4000.00"), line("care", SOCIAL_CARE_CHILD, "6000.00"))),
                0);
        state.evolve(
                new PaymentIssued(
                        "PAY-1",
                        "care",
                        SOCIAL_CARE_CHILD,
                        null,
                        pounds("600.00"),
                        pounds("100.00"),
                        pounds("500.00"),
                        FROM),
                1);
        state.evolve(paid("PAY-2", "school", EDUCATION_HIGH_NEEDS, "400.00", FROM), 2);
        state.evolve(new ContributionReceived("C-1", pounds(paidIn), FROM), 3);
        for (AccountEvent event : more) {
            state.evolve(event, 4);
        }
        return RecoveryShares.of(state, RecoveryRules.surplus(state, weeks(8), TODAY), weeks(8), pounds(amount), TODAY);
    }

    @Test
    void onceTheBudgetHasEndedTheFamilysTopUpGoesBackFirst() {
        account(care("8060.00"))
                .given(
                        paid("PAY-1", "100.00", FROM),
                        new TopUpReceived("T-1", PARENT_TOP_UP, pounds("30.00"), FROM),
                        new DeathNoted(TODAY.minusDays(1)),
                        new SurplusProposed(
                                "REC-1", pounds("90.00"), surplus("130.00", "0.00", "0.00", "0.00"), "finance", TODAY))
                .when(approve("REC-1", "approver"))
                .records(new SurplusRecoveryApproved(
                        "REC-1",
                        pounds("90.00"),
                        surplus("130.00", "0.00", "0.00", "0.00"),
                        List.of(
                                new Share(PARENT_TOP_UP, null, pounds("30.00")),
                                new Share(SOCIAL_CARE_CHILD, "care", pounds("60.00"))),
                        TODAY));
    }

    /** 400.00 of the council's and 100.00 of the family's; 200.00 are approved, of which 100.00 are the family's. */
    @Test
    void whatOneRecoveryIsToTakeIsNotTakenByTheNext() {
        var first = new SurplusRecoveryApproved(
                "REC-1",
                pounds("200.00"),
                surplus("500.00", "0.00", "0.00", "0.00"),
                List.of(
                        new Share(PARENT_TOP_UP, null, pounds("100.00")),
                        new Share(SOCIAL_CARE_CHILD, null, pounds("100.00"))),
                TODAY);
        account(care("8060.00"))
                .given(
                        paid("PAY-1", "400.00", FROM),
                        new TopUpReceived("T-1", PARENT_TOP_UP, pounds("100.00"), FROM),
                        new DeathNoted(TODAY.minusDays(1)),
                        ended("REC-1", "200.00"),
                        first,
                        ended("REC-2", "300.00"))
                .when(approve("REC-2", "approver"))
                .records(new SurplusRecoveryApproved(
                        "REC-2",
                        pounds("300.00"),
                        surplus("500.00", "0.00", "0.00", "0.00"),
                        List.of(new Share(SOCIAL_CARE_CHILD, "care", pounds("300.00"))),
                        TODAY));
    }

    /** 100.00 and 50.00 on lines of one source, 10.00 overspent on a third, and 8.00 that were given on top. */
    @Test
    void onceTheBudgetHasEndedWhatASourceHasIsTakenOfItsLinesByWhatEachHasLeft() {
        var proposed = new SurplusProposed(
                "REC-1", pounds("148.00"), surplus("148.00", "0.00", "0.00", "0.00"), "finance", TODAY);
        account(terms(
                        care("8060.00"),
                        line("play", SOCIAL_CARE_CHILD, "400.00"),
                        line("tea", SOCIAL_CARE_CHILD, "40.00")))
                .given(
                        paid("PAY-1", "100.00", FROM),
                        paid("PAY-2", "play", SOCIAL_CARE_CHILD, "50.00", FROM),
                        spent(spend("E-1", "10.00", TODAY, "tea", null), share(SOCIAL_CARE_CHILD, "tea", "10.00")),
                        new TopUpReceived("T-1", COUNCIL_TOP_UP, pounds("8.00"), FROM),
                        new DeathNoted(TODAY.minusDays(1)),
                        proposed)
                .when(approve("REC-1", "approver"))
                .records(new SurplusRecoveryApproved(
                        "REC-1",
                        pounds("148.00"),
                        surplus("148.00", "0.00", "0.00", "0.00"),
                        List.of(
                                new Share(SOCIAL_CARE_CHILD, "care", pounds("93.33")),
                                new Share(SOCIAL_CARE_CHILD, "play", pounds("46.67")),
                                new Share(COUNCIL_TOP_UP, null, pounds("8.00"))),
                        TODAY));
    }

    /** 100.00 were paid for care, and 50.00 spent on school that it was not paid for; the client has paid in 30.00. */
    @Test
    void onceTheBudgetHasEndedTheCouncilTakesNoMoreThanItsSourcesHaveTogether() {
        var state = state(
                opened(terms(
                        line("school", EDUCATION_HIGH_NEEDS, "4000.00"), line("care", SOCIAL_CARE_CHILD, "6000.00"))),
                paid("PAY-1", "100.00", FROM),
                spent(spend("E-1", "50.00", FROM), share(EDUCATION_HIGH_NEEDS, "school", "50.00")),
                new ContributionReceived("C-1", pounds("30.00"), FROM),
                new DeathNoted(TODAY.minusDays(1)));
        Surplus surplus = RecoveryRules.surplus(state, weeks(8), TODAY);
        assertThat(RecoveryShares.of(state, surplus, weeks(8), pounds("80.00"), TODAY))
                .containsExactly(share(SOCIAL_CARE_CHILD, "care", "50.00"), share(CLIENT_CONTRIBUTION, null, "30.00"));
        assertThat(RecoveryShares.of(state, surplus, weeks(8), pounds("40.00"), TODAY))
                .containsExactly(share(SOCIAL_CARE_CHILD, "care", "25.00"), share(CLIENT_CONTRIBUTION, null, "15.00"));
    }

    private static SurplusProposed ended(String id, String amount) {
        return new SurplusProposed(id, pounds(amount), surplus("500.00", "0.00", "0.00", "0.00"), "finance", TODAY);
    }

    @Test
    void whatTheClientIsToGetBackIsNotGivenBackTwice() {
        var approved = new SurplusRecoveryApproved(
                "REC-1",
                pounds("55.00"),
                inFull(),
                List.of(new Share(CLIENT_CONTRIBUTION, null, pounds("55.00"))),
                TODAY);
        assertThat(sharesOf("590.25", "60.00", proposed("REC-1", "55.00"), approved))
                .as("5.00 of the 60.00 that the client paid in are left")
                .contains(new Share(CLIENT_CONTRIBUTION, null, pounds("5.00")));
    }

    // ── receipt and write-off ────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anApprovedRecoveryIsReceivedInPartsUntilNothingIsOutstanding() {
        var approved = account.given(proposed("REC-1", "590.25"), approved("REC-1", "590.25"));
        approved.when(receive("IN-1", "590.26", TODAY)).refuses("EXCEEDS_OUTSTANDING");
        approved.when(receive("IN-1", "0.00", TODAY)).refuses("AMOUNT_NOT_POSITIVE");
        approved.when(receive("IN-1", "1.00", TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
        approved.when(receive("IN-1", "1.00", FROM.minusDays(1))).refuses("DATE_BEFORE_OPENING");
        approved.when(receive("IN-1", "500.00", TODAY)).records(received("IN-1", "500.00"));
        var part = approved.given(received("IN-1", "500.00"));
        part.when(receive("IN-2", "90.26", TODAY)).refuses("EXCEEDS_OUTSTANDING");
        part.when(receive("IN-2", "90.25", TODAY)).records(received("IN-2", "90.25"));
        part.given(received("IN-2", "90.25"))
                .when(receive("IN-3", "0.01", TODAY))
                .refuses("EXCEEDS_OUTSTANDING");
    }

    @Test
    void nothingIsReceivedThatNobodyHasApproved() {
        account.when(receive("IN-1", "1.00", TODAY)).refuses("RECOVERY_NOT_FOUND");
        var proposal = account.given(proposed("REC-1", "590.25"));
        proposal.when(receive("IN-1", "1.00", TODAY)).refuses("NOT_APPROVED");
    }

    @Test
    void aProposalThatNobodyApprovedIsDroppedWithAReasonAndNothingMoves() {
        account.when(writeOff("999.00", true)).refuses("RECOVERY_NOT_FOUND");
        var proposal = account.given(proposed("REC-1", "590.25"));
        proposal.when(writeOff("999.00", false)).refuses("REASONS_REQUIRED");
        proposal.when(writeOff("0.00", true)).records(givenUp("590.25"));
        var dropped = proposal.given(givenUp("590.25"));
        dropped.when(writeOff("999.00", true)).refuses("EXCEEDS_OUTSTANDING");
        dropped.when(approve("REC-1", "approver")).refuses("ALREADY_APPROVED");
        dropped.when(propose("REC-2", "590.25")).records(proposed("REC-2", "590.25"));
    }

    @Test
    void aWriteOffTakesFromTheAccountNoMoreThanItStillHolds() {
        var approved = account.given(proposed("REC-1", "590.25"), approved("REC-1", "590.25"));
        var part = approved.given(spent(spend("E-1", "2300.00", TODAY), care(pounds("2300.00"))));
        part.when(writeOff("590.24", true)).refuses("AUTHORITY_EXCEEDED");
        part.when(writeOff("590.25", true))
                .records(
                        new RecoveryWrittenOff(
                                "OFF-1", "REC-1", pounds("40.50"), "TEAM_MANAGER", REASON, TODAY, shares("40.50")),
                        givenUp("549.75"));
        var spent = approved.given(spent(spend("E-1", "2340.50", TODAY), care(pounds("2340.50"))));
        spent.when(writeOff("590.25", true)).records(givenUp("590.25"));
        spent.given(new TopUpReceived("T-1", PARENT_TOP_UP, pounds("600.00"), TODAY))
                .when(writeOff("590.25", true))
                .records(givenUp("590.25"));
        spent.given(new TopUpReceived("T-1", COUNCIL_TOP_UP, pounds("600.00"), TODAY))
                .when(writeOff("590.25", true))
                .records(new RecoveryWrittenOff(
                        "OFF-1", "REC-1", pounds("590.25"), "TEAM_MANAGER", REASON, TODAY, shares("590.25")));
    }

    private static RecoveryGivenUp givenUp(String amount) {
        return new RecoveryGivenUp("REC-1", pounds(amount), "TEAM_MANAGER", REASON, TODAY);
    }

    @Test
    void whatIsOutstandingIsWrittenOffByAuthorityAndWithAReason() {
        var part = account.given(proposed("REC-1", "590.25"), approved("REC-1", "590.25"), received("IN-1", "500.00"));
        part.when(writeOff("90.24", true)).refuses("AUTHORITY_EXCEEDED");
        part.when(writeOff("90.25", false)).refuses("REASONS_REQUIRED");
        part.when(writeOff("90.25", true))
                .records(new RecoveryWrittenOff(
                        "OFF-1", "REC-1", pounds("90.25"), "TEAM_MANAGER", REASON, TODAY, shares("90.25")));
    }

    @Test
    void anAccountIsClosedWhenNothingIsOwedAndNothingOutstanding() {
        var empty = account(care("8060.00")).given(owed("LIA-1", "1.00"));
        var close = new CloseAccount(ACCOUNT, TODAY, 0, false, TODAY);
        empty.when(close).refuses("LIABILITIES_OUTSTANDING");
        var asked = empty.given(new LiabilitySettled("LIA-1", TODAY), proposed("REC-1", "1.00"));
        asked.when(close).refuses("RECOVERIES_OUTSTANDING");
        asked.given(givenUp("1.00")).when(close).records(new AccountClosed(TODAY, Map.of()));
        empty.given(new LiabilitySettled("LIA-1", TODAY)).when(close).records(new AccountClosed(TODAY, Map.of()));
    }

    @Test
    void whatComesBackToAClosedAccountIsTakenBackAndFromAnEmptyOneNothing() {
        var closed = account(care("8060.00")).given(new AccountClosed(TODAY, Map.of()));
        closed.when(propose("REC-1", "15.00")).refuses("ACCOUNT_CLOSED");
        // as a refund would
        var late = closed.given(new TopUpReceived("T-1", SOCIAL_CARE_CHILD, pounds("15.00"), TODAY));
        var proposed = new SurplusProposed(
                "REC-1", pounds("15.00"), surplus("15.00", "0.00", "0.00", "0.00"), "finance", TODAY);
        late.when(propose("REC-1", "15.00")).records(proposed);
        late.when(propose("REC-1", "15.01")).refuses("RECOVERY_EXCEEDS_SURPLUS");
        late.given(proposed)
                .when(approve("REC-1", "approver"))
                .records(new SurplusRecoveryApproved(
                        "REC-1",
                        pounds("15.00"),
                        surplus("15.00", "0.00", "0.00", "0.00"),
                        List.of(new Share(SOCIAL_CARE_CHILD, null, pounds("15.00"))),
                        TODAY));
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    private static Surplus.Weeks weeks(int kept) {
        return new Surplus.Weeks(kept, 12, POLICY);
    }

    private static RecordLiability owe(String id, String amount) {
        return new RecordLiability(ACCOUNT, id, "PAYE", pounds(amount), TO, PAYEE, TODAY);
    }

    private static LiabilityRecorded owed(String id, String amount) {
        return new LiabilityRecorded(id, "PAYE", pounds(amount), TO, PAYEE, TODAY);
    }

    private static SettleLiability settle(String id, LocalDate on) {
        return new SettleLiability(ACCOUNT, id, on, TODAY);
    }

    private static ProposeRecovery propose(String id, String amount) {
        return new ProposeRecovery(ACCOUNT, id, pounds(amount), "finance", weeks(8), TODAY);
    }

    private static SurplusProposed proposed(String id, String amount) {
        return new SurplusProposed(id, pounds(amount), inFull(), "finance", TODAY);
    }

    private static ApproveRecovery approve(String id, String by) {
        return new ApproveRecovery(ACCOUNT, id, by, weeks(8), TODAY);
    }

    private static SurplusRecoveryApproved approved(String id, String amount) {
        return new SurplusRecoveryApproved(id, pounds(amount), inFull(), shares(amount), TODAY);
    }

    private static Surplus inFull() {
        return surplus("2340.50", "210.25", "300.00", "1240.00");
    }

    private static Surplus surplus(String balance, String owed, String reserves, String kept) {
        Money left = pounds(balance).minus(pounds(owed)).minus(pounds(reserves)).minus(pounds(kept));
        return new Surplus(pounds(balance), pounds(owed), pounds(reserves), pounds(kept), 8, left, null, POLICY);
    }

    private static ReceiveRecovery receive(String receiptId, String amount, LocalDate on) {
        return new ReceiveRecovery(ACCOUNT, receiptId, "REC-1", pounds(amount), on, TODAY);
    }

    private static RecoveryReceived received(String receiptId, String amount) {
        return new RecoveryReceived(receiptId, "REC-1", pounds(amount), TODAY, shares(amount));
    }

    private static WriteOffRecovery writeOff(String limit, boolean reasoned) {
        return new WriteOffRecovery(
                ACCOUNT, "OFF-1", "REC-1", "TEAM_MANAGER", reasoned ? REASON : null, pounds(limit), POLICY, TODAY);
    }

    private static List<Share> shares(String amount) {
        return List.of(new Share(SOCIAL_CARE_CHILD, "care", pounds(amount)));
    }
}
