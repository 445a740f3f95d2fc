package uk.directpayments.ledger.spending;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.spending.FlagCommand.*;
import uk.directpayments.ledger.spending.FlagEvent.*;
import uk.directpayments.ledger.support.Fixtures;

/** The life of a flag: every step, every refusal of rulebook 7.4, and in random lives the sum of rulebook 7.10, number 9. */
class SpendReviewTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 5, 4);
    private static final LocalDate SPENT = TODAY.minusDays(40);
    private static final LocalDate DUE = TODAY.plusDays(28);
    private static final Sealed TEXT = new Sealed("dGV4dA");
    private static final Subject FLAG = new Subject("F-1", "ACC-1", "P-1", pounds("40.00"), false, false);
    private static final Money WHOLE = pounds("40.00");
    private static final Subject GONE = new Subject("F-1", "ACC-1", "P-1", pounds("40.00"), true, false);

    private static final Subject BACK = new Subject("F-1", "ACC-1", "P-1", pounds("40.00"), true, true);

    private final Fixtures<SpendReview> flag = Fixtures.of(SpendReview.class);
    private final Fixtures<SpendReview> upheld = flag.given(upheld("40.00"));

    @Test
    void aFlagIsRaisedByHandOnceAndWithinTheTransaction() {
        flag.when(raise("40.00", false)).records(raised()).occurredOn(TODAY);
        flag.given(raised()).when(raise("40.00", false)).refuses("DUPLICATE_FLAG");
        flag.when(raise("40.00", true)).refuses("DUPLICATE_FLAG");
        flag.when(raise("39.99", false)).refuses("AMOUNT_OVER_TRANSACTION");
    }

    @Test
    void evidenceIsAskedForAndReceivedWhileNobodyHasDecided() {
        flag.when(new RequestEvidence(FLAG, DUE, TEXT, TODAY)).records(new EvidenceRequested(DUE, null, TODAY, TEXT));
        flag.when(new RequestEvidence(FLAG, TODAY.minusDays(1), null, TODAY)).refuses("DATE_BEFORE_START");
        flag.when(new AddEvidence(FLAG, "ab", TEXT, TODAY)).records(new EvidenceReceived("ab", TEXT, TODAY));
        for (var closed : List.of(upheld, flag.given(new FlagDismissed(TEXT, TODAY)))) {
            closed.when(new RequestEvidence(FLAG, DUE, null, TODAY)).refuses("FLAG_CLOSED");
            closed.when(new AddEvidence(FLAG, "ab", TEXT, TODAY)).refuses("FLAG_CLOSED");
            closed.when(new DismissFlag(FLAG, TEXT, TODAY)).refuses("FLAG_CLOSED");
            closed.when(uphold("40.00", TEXT, "finance")).refuses("FLAG_CLOSED");
        }
        flag.when(new RequestEvidence(GONE, DUE, null, TODAY)).refuses("FLAG_CLOSED");
        flag.when(new DismissFlag(GONE, TEXT, TODAY)).refuses("FLAG_CLOSED");
    }

    @Test
    void nothingIsUpheldBeforeTheDeadlineWithoutEvidenceOrWaiver() {
        flag.when(uphold("15.00", null, "finance")).refuses("EVIDENCE_WINDOW_OPEN");
        var asked = flag.given(new EvidenceRequested(TODAY, null, TODAY.minusDays(28), null));
        asked.when(uphold("15.00", null, "finance")).refuses("EVIDENCE_WINDOW_OPEN");
        flag.given(new EvidenceRequested(TODAY.minusDays(1), null, TODAY.minusDays(29), null))
                .when(uphold("15.00", null, "finance"))
                .records(new FlagUpheld(pounds("15.00"), Ground.OFF_PLAN, TEXT, null, "finance", TODAY));
        asked.given(new EvidenceReceived("ab", TEXT, TODAY))
                .when(uphold("15.00", null, "finance"))
                .records(new FlagUpheld(pounds("15.00"), Ground.OFF_PLAN, TEXT, null, "finance", TODAY));
        flag.when(uphold("40.00", TEXT, "finance"))
                .records(new FlagUpheld(pounds("40.00"), Ground.OFF_PLAN, TEXT, TEXT, "finance", TODAY));
    }

    /** Rulebook 7.4: before the deadline without evidence or waiver. */
    @Test
    void aReconsiderationForgetsNeitherTheEvidenceThatCameNorTheDeadline() {
        var again = new FlagUpheld(pounds("15.00"), Ground.OFF_PLAN, TEXT, null, "finance", TODAY);
        flag.given(new EvidenceRequested(DUE, null, TODAY, null), new EvidenceReceived("ab", TEXT, TODAY))
                .given(upheld("40.00"), new FlagReopened(TEXT, TODAY))
                .when(uphold("15.00", null, "finance"))
                .records(again);
        flag.given(new EvidenceRequested(TODAY.minusDays(1), null, TODAY.minusDays(29), null))
                .given(upheld("40.00"), new FlagReopened(TEXT, TODAY))
                .when(uphold("15.00", null, "finance"))
                .records(again);
        flag.given(new EvidenceRequested(DUE, null, TODAY, null), upheld("40.00"), new FlagReopened(TEXT, TODAY))
                .when(uphold("15.00", null, "finance"))
                .refuses("EVIDENCE_WINDOW_OPEN");
        flag.given(new EvidenceReceived("ab", TEXT, TODAY), new EvidenceRequested(DUE, null, TODAY, null))
                .when(uphold("15.00", null, "finance"))
                .refuses("EVIDENCE_WINDOW_OPEN");
    }

    @Test
    void upholdingNeedsAReasonAnAmountWithinTheFlagAndAnotherPerson() {
        flag.when(uphold("40.01", TEXT, "finance")).refuses("AMOUNT_OVER_TRANSACTION");
        flag.when(uphold("0.00", TEXT, "finance")).refuses("AMOUNT_NOT_POSITIVE");
        flag.when(new UpholdFlag(FLAG, WHOLE, pounds("1.00"), Ground.LIMIT, null, TEXT, "finance", TODAY))
                .refuses("REASONS_REQUIRED");
        flag.given(raised()).when(uphold("40.00", TEXT, "finance")).refuses("SEPARATION_OF_DUTIES");
        flag.given(raised())
                .when(uphold("40.00", TEXT, "approver"))
                .records(new FlagUpheld(pounds("40.00"), Ground.OFF_PLAN, TEXT, TEXT, "approver", TODAY));
    }

    @Test
    void aDecisionIsReconsideredOnce() {
        flag.when(new ReopenFlag(FLAG, TEXT, TODAY)).refuses("FLAG_NOT_DECIDED");
        upheld.when(new ReopenFlag(FLAG, null, TODAY)).refuses("REASONS_REQUIRED");
        upheld.when(new ReopenFlag(FLAG, TEXT, TODAY)).records(new FlagReopened(TEXT, TODAY));
        upheld.given(new FlagReopened(TEXT, TODAY), upheld("10.00"))
                .when(new ReopenFlag(FLAG, TEXT, TODAY))
                .refuses("RECONSIDERATION_USED");
        upheld.when(new ReopenFlag(GONE, TEXT, TODAY)).records(new FlagReopened(TEXT, TODAY));
        upheld.when(new ReopenFlag(BACK, TEXT, TODAY)).refuses("FLAG_CLOSED");
        flag.given(new FlagDismissed(TEXT, TODAY))
                .when(new ReopenFlag(GONE, TEXT, TODAY))
                .refuses("FLAG_CLOSED");
        upheld.given(repaid("1.00", false))
                .when(new ReopenFlag(FLAG, TEXT, TODAY))
                .refuses("FLAG_CLOSED");
        flag.given(new FlagDismissed(TEXT, TODAY))
                .when(new DismissFlag(FLAG, null, TODAY))
                .refuses("FLAG_CLOSED");
        flag.when(new DismissFlag(FLAG, null, TODAY)).refuses("REASONS_REQUIRED");
    }

    @Test
    void whatIsUpheldIsAskedBackRepaidKeptBackOrWrittenOff() {
        flag.when(repay("1.00", "CHEQUE")).refuses("FLAG_NOT_UPHELD");
        flag.when(new RequestRepayment(FLAG, pounds("1.00"), DUE, TEXT, TODAY)).refuses("FLAG_NOT_UPHELD");
        flag.when(new ReferFraud(FLAG, TEXT, TODAY)).refuses("FLAG_NOT_UPHELD");
        upheld.when(new RequestRepayment(FLAG, pounds("40.01"), DUE, TEXT, TODAY))
                .refuses("EXCEEDS_OUTSTANDING");
        upheld.when(new RequestRepayment(FLAG, pounds("40.00"), DUE, TEXT, TODAY))
                .records(new RepaymentRequested(pounds("40.00"), DUE, TEXT, TODAY));
        upheld.when(repay("10.00", "CHEQUE")).records(repaid("10.00", false));
        upheld.when(new ReceiveRepayment(FLAG, pounds("1.00"), "CHEQUE", TODAY.plusDays(1), SPENT, TODAY))
                .refuses("DATE_IN_FUTURE");
        upheld.when(new ReceiveRepayment(FLAG, pounds("1.00"), "CHEQUE", SPENT.minusDays(1), SPENT, TODAY))
                .refuses("DATE_BEFORE_START");
        upheld.when(new ReceiveRepayment(FLAG, pounds("1.00"), "CHEQUE", SPENT, SPENT, TODAY))
                .records(new RepaymentReceived(pounds("1.00"), "CHEQUE", false, SPENT));
        upheld.given(repaid("30.00", false)).when(repay("10.01", "CHEQUE")).refuses("EXCEEDS_OUTSTANDING");
        upheld.when(writeOff("40.00", "39.99", TEXT)).refuses("AUTHORITY_EXCEEDED");
        upheld.when(writeOff("40.00", "40.00", null)).refuses("REASONS_REQUIRED");
        upheld.when(writeOff("40.00", "40.00", TEXT)).records(new FlagWrittenOff(pounds("40.00"), "HEAD", TEXT, TODAY));
        upheld.when(new ReferFraud(FLAG, TEXT, TODAY)).records(new FraudReferred(null, TODAY, TEXT));
    }

    /** Rulebook 7.10, number 6. */
    @Test
    void nothingIsClaimedOfWhatHasComeBackWholeButARepaymentIsAFact() {
        upheld.when(new RequestRepayment(BACK, pounds("1.00"), DUE, TEXT, TODAY))
                .refuses("FLAG_CLOSED");
        upheld.when(new WriteOffFlag(BACK, pounds("1.00"), "HEAD", TEXT, pounds("40.00"), "2025-default", TODAY))
                .refuses("FLAG_CLOSED");
        upheld.when(new ReferFraud(BACK, TEXT, TODAY)).refuses("FLAG_CLOSED");
        upheld.when(new ReceiveRepayment(BACK, pounds("10.00"), "CHEQUE", TODAY, SPENT, TODAY))
                .records(repaid("10.00", false));
        upheld.when(new ReferFraud(GONE, TEXT, TODAY)).records(new FraudReferred(null, TODAY, TEXT));
    }

    /** Rulebook 7.2: over delegated limit. */
    @Test
    void anAuthorityIsNotStretchedByWritingOffInParts() {
        var half = upheld.given(new FlagWrittenOff(pounds("20.00"), "HEAD", TEXT, TODAY));
        half.when(writeOff("15.01", "35.00", TEXT)).refuses("AUTHORITY_EXCEEDED");
        half.when(writeOff("15.00", "35.00", TEXT)).records(new FlagWrittenOff(pounds("15.00"), "HEAD", TEXT, TODAY));
    }

    @Test
    void theStateSaysHowItEnded() {
        assertThat(after(upheld("40.00"), repaid("40.00", false)).state()).isEqualTo(FlagState.REPAID);
        assertThat(after(upheld("40.00"), repaid("40.00", true)).state())
                .isEqualTo(FlagState.RECOVERED_FROM_FUTURE_PAYMENTS);
        assertThat(after(upheld("40.00"), repaid("39.00", false), new FlagWrittenOff(pounds("1.00"), "H", TEXT, TODAY))
                        .state())
                .isEqualTo(FlagState.WRITTEN_OFF);
        assertThat(after(upheld("40.00"), repaid("39.00", false)).state()).isEqualTo(FlagState.UPHELD);
    }

    @Test
    void inEveryLifeTheUpheldAmountIsWhatBecameOfIt() {
        long first = Long.getLong("seed", System.nanoTime());
        for (long seed = first; seed < first + 300; seed++) {
            var random = new SplittableRandom(seed);
            FlagLife life = FlagLife.BEGUN;
            List<FlagEvent> events = new ArrayList<>();
            for (int step = 0; step < 30; step++) {
                try {
                    FlagEvent event = any(random, life);
                    events.add(event);
                    life = life.after(event);
                } catch (RuleBroken refused) {
                    continue;
                }
                Money upheld = life.upheld() == null ? Money.ZERO : life.upheld();
                assertThat(life.repaid()
                                .plus(life.recovered())
                                .plus(life.writtenOff())
                                .plus(life.outstanding()))
                        .as("seed " + seed + " " + events)
                        .isEqualTo(upheld);
                assertThat(life.outstanding().isNegative()).as("seed " + seed).isFalse();
                if (life.state() == FlagState.REPAID) {
                    assertThat(life.outstanding()).isEqualTo(Money.ZERO);
                }
            }
        }
    }

    private static FlagEvent any(SplittableRandom random, FlagLife life) {
        Money amount = Money.ofPence(1 + random.nextInt(4000));
        return switch (random.nextInt(9)) {
            case 0 -> FlagRules.request(life, new RequestEvidence(FLAG, DUE, null, TODAY));
            case 1 -> FlagRules.evidence(life, new AddEvidence(FLAG, "ab", TEXT, TODAY));
            case 2 -> FlagRules.uphold(life, new UpholdFlag(FLAG, WHOLE, amount, Ground.LIMIT, TEXT, TEXT, "a", TODAY));
            case 3 ->
                random.nextInt(4) > 0
                        ? FlagRules.uphold(
                                life, new UpholdFlag(FLAG, WHOLE, amount, Ground.LIMIT, TEXT, TEXT, "a", TODAY))
                        : FlagRules.dismiss(life, new DismissFlag(FLAG, TEXT, TODAY));
            case 4 -> FlagRules.reopen(life, new ReopenFlag(FLAG, TEXT, TODAY));
            case 5 -> FlagRules.requestRepayment(life, new RequestRepayment(FLAG, amount, DUE, TEXT, TODAY));
            case 6 -> FlagRules.repay(life, new ReceiveRepayment(FLAG, amount, "CARD", TODAY, null, TODAY));
            case 7 -> FlagRules.repay(life, new ReceiveRepayment(FLAG, amount, "FUTURE_PAYMENTS", TODAY, SPENT, TODAY));
            default ->
                FlagRules.writeOff(
                        life, new WriteOffFlag(FLAG, amount, "H", TEXT, pounds("10.00"), "2025-default", TODAY));
        };
    }

    // ── words ────────────────────────────────────────────────────────────────────────────────────────────────────

    private static FlagLife after(FlagEvent... events) {
        FlagLife life = FlagLife.BEGUN;
        for (FlagEvent event : events) {
            life = life.after(event);
        }
        return life;
    }

    private static RaiseFlag raise(String transaction, boolean duplicate) {
        return new RaiseFlag(FLAG, "E-1", "OUTSIDE_PLAN", pounds(transaction), TEXT, "finance", duplicate, TODAY);
    }

    private static FlagRaised raised() {
        return new FlagRaised("F-1", "ACC-1", "E-1", "OUTSIDE_PLAN", pounds("40.00"), TEXT, "finance", TODAY);
    }

    private static UpholdFlag uphold(String amount, Sealed waiver, String by) {
        return new UpholdFlag(FLAG, WHOLE, pounds(amount), Ground.OFF_PLAN, TEXT, waiver, by, TODAY);
    }

    private static FlagUpheld upheld(String amount) {
        return new FlagUpheld(pounds(amount), Ground.OFF_PLAN, TEXT, TEXT, "finance", TODAY);
    }

    private static ReceiveRepayment repay(String amount, String method) {
        return new ReceiveRepayment(FLAG, pounds(amount), method, TODAY, SPENT, TODAY);
    }

    private static RepaymentReceived repaid(String amount, boolean fromPayments) {
        return new RepaymentReceived(pounds(amount), fromPayments ? "FUTURE_PAYMENTS" : "CHEQUE", fromPayments, TODAY);
    }

    private static WriteOffFlag writeOff(String amount, String limit, Sealed reason) {
        return new WriteOffFlag(FLAG, pounds(amount), "HEAD", reason, pounds(limit), "2025-default", TODAY);
    }

    private static Money pounds(String amount) {
        return Money.parse(amount);
    }
}
