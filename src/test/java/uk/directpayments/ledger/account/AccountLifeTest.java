package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static uk.directpayments.ledger.account.AccountEvent.ReserveKind.HOLIDAY_PAY;
import static uk.directpayments.ledger.account.AccountEvent.ReserveKind.REDUNDANCY;
import static uk.directpayments.ledger.account.AccountWords.*;
import static uk.directpayments.ledger.kernel.FundingSource.*;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.AccountCommand.ApproveReserve;
import uk.directpayments.ledger.account.AccountCommand.CloseAccount;
import uk.directpayments.ledger.account.AccountCommand.NoteDeath;
import uk.directpayments.ledger.account.AccountCommand.ReceiveContribution;
import uk.directpayments.ledger.account.AccountCommand.ReceiveTopUp;
import uk.directpayments.ledger.account.AccountCommand.ReleaseReserve;
import uk.directpayments.ledger.account.AccountCommand.ResumeAccount;
import uk.directpayments.ledger.account.AccountCommand.SuspendAccount;
import uk.directpayments.ledger.account.AccountEvent.AccountClosed;
import uk.directpayments.ledger.account.AccountEvent.AccountResumed;
import uk.directpayments.ledger.account.AccountEvent.AccountSuspended;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.ReserveApproved;
import uk.directpayments.ledger.account.AccountEvent.ReserveKind;
import uk.directpayments.ledger.account.AccountEvent.ReserveReleased;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.support.Fixtures;

/** Money on top of the budget, money kept back, and an account suspended, resumed and closed. */
class AccountLifeTest {

    private static final LocalDate UNTIL = LocalDate.of(2026, 3, 31);
    private static final AccountClosed CLOSED = new AccountClosed(TODAY, Map.of());

    private final Fixtures<PaymentAccount> account = account(care("8000.00"));

    @Test
    void anUnmatchedLineKeepsTheAccountOpenOnceItIsEmpty() {
        account.when(new AccountCommand.CloseAccount(ACCOUNT, TODAY, 0, true, TODAY))
                .refuses("UNRECONCILED_LINES");
        account.given(paid("PAY-1", "1.00", FROM))
                .when(new AccountCommand.CloseAccount(ACCOUNT, TODAY, 0, true, TODAY))
                .refuses("BALANCE_NOT_ZERO");
    }

    // ── top-ups and contributions ────────────────────────────────────────────────────────────────────────────────

    @Test
    void aTopUpComesInFromTheCouncilOrTheFamily() {
        for (FundingSource source : new FundingSource[] {COUNCIL_TOP_UP, PARENT_TOP_UP}) {
            account.when(new ReceiveTopUp(ACCOUNT, "T-1", source, pounds("50.00"), FROM, TODAY))
                    .records(new TopUpReceived("T-1", source, pounds("50.00"), FROM))
                    .occurredOn(FROM);
        }
    }

    @Test
    void aTopUpHasAnAmountAndADayOfTheAccountThatHasCome() {
        account.when(topUp("0.00", TODAY)).refuses("AMOUNT_NOT_POSITIVE");
        account.when(topUp("1.00", TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
        account.when(topUp("1.00", FROM.minusDays(1))).refuses("DATE_BEFORE_OPENING");
    }

    @Test
    void aContributionComesIn() {
        account.when(contribution("50.00", FROM))
                .records(new ContributionReceived("C-1", pounds("50.00"), FROM))
                .occurredOn(FROM);
    }

    @Test
    void aContributionHasAnAmountAndADayOfTheAccountThatHasCome() {
        account.when(contribution("0.00", TODAY)).refuses("AMOUNT_NOT_POSITIVE");
        account.when(contribution("1.00", TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
        account.when(contribution("1.00", FROM.minusDays(1))).refuses("DATE_BEFORE_OPENING");
    }

    // ── reserves ─────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aReserveIsApprovedForAPurposeUntilADay() {
        account.when(reserve("RES-1", REDUNDANCY, "500.00"))
                .records(new ReserveApproved("RES-1", REDUNDANCY, pounds("500.00"), UNTIL, REASON, TODAY))
                .occurredOn(TODAY);
    }

    @Test
    void reservesOfOneKindStayWithinTheLimitTogether() {
        account.when(reserve("RES-1", REDUNDANCY, "500.01")).refuses("RESERVE_OVER_LIMIT");
        var some = account.given(new ReserveApproved("RES-1", REDUNDANCY, pounds("300.00"), UNTIL, REASON, FROM));
        some.when(reserve("RES-2", REDUNDANCY, "200.01")).refuses("RESERVE_OVER_LIMIT");
        some.when(reserve("RES-2", REDUNDANCY, "200.00")).records(reserved("RES-2", REDUNDANCY, "200.00"));
        some.when(reserve("RES-2", HOLIDAY_PAY, "500.00")).records(reserved("RES-2", HOLIDAY_PAY, "500.00"));
    }

    @Test
    void aReserveThatWasReleasedOrHasRunOutCountsNoMore() {
        var fresh = reserve("RES-2", REDUNDANCY, "500.00");
        account.given(
                        new ReserveApproved("RES-1", REDUNDANCY, pounds("300.00"), UNTIL, REASON, FROM),
                        new ReserveReleased("RES-1", TODAY))
                .when(fresh)
                .records(reserved("RES-2", REDUNDANCY, "500.00"));
        account.given(new ReserveApproved("RES-1", REDUNDANCY, pounds("300.00"), TODAY.minusDays(1), REASON, FROM))
                .when(fresh)
                .records(reserved("RES-2", REDUNDANCY, "500.00"));
        account.given(new ReserveApproved("RES-1", REDUNDANCY, pounds("300.00"), TODAY, REASON, FROM))
                .when(fresh)
                .refuses("RESERVE_OVER_LIMIT");
    }

    @Test
    void aReserveNeedsAFreshIdAnAmountAReasonAndAnOpenAccount() {
        account.given(reserved("RES-1", REDUNDANCY, "1.00"))
                .when(reserve("RES-1", REDUNDANCY, "1.00"))
                .refuses("ID_ALREADY_USED");
        account.when(reserve("RES-1", REDUNDANCY, "0.00")).refuses("AMOUNT_NOT_POSITIVE");
        account.when(reserve("RES-1", REDUNDANCY, "1.00", null)).refuses("REASONS_REQUIRED");
        account.given(CLOSED).when(reserve("RES-1", REDUNDANCY, "1.00")).refuses("ACCOUNT_CLOSED");
    }

    @Test
    void aReserveIsReleasedOnce() {
        var release = new ReleaseReserve(ACCOUNT, "RES-1", TODAY);
        account.when(release).refuses("RESERVE_NOT_FOUND");
        var some = account.given(reserved("RES-1", REDUNDANCY, "1.00"));
        some.when(release).records(new ReserveReleased("RES-1", TODAY)).occurredOn(TODAY);
        some.given(new ReserveReleased("RES-1", TODAY)).when(release).refuses("RESERVE_ALREADY_RELEASED");
    }

    // ── suspension ───────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anAccountIsSuspendedFromADayThatMayLieAhead() {
        LocalDate ahead = TODAY.plusDays(20);
        account.when(suspend(ahead, REASON))
                .records(new AccountSuspended(ahead, "HOSPITAL", REASON))
                .occurredOn(ahead);
    }

    @Test
    void aSuspensionNeedsAReasonAnOpenAccountAndNoOtherSuspension() {
        account.when(suspend(TODAY, null)).refuses("REASONS_REQUIRED");
        account.given(CLOSED).when(suspend(TODAY, REASON)).refuses("ACCOUNT_CLOSED");
        var suspended = account.given(new AccountSuspended(TODAY, "HOSPITAL", REASON));
        suspended.when(suspend(TODAY, REASON)).refuses("ALREADY_SUSPENDED");
        suspended.when(suspend(TODAY.minusDays(9), REASON)).refuses("ALREADY_SUSPENDED");
        var resumed = suspended.given(new AccountResumed(TODAY.plusDays(5)));
        resumed.when(suspend(TODAY.plusDays(4), REASON)).refuses("ALREADY_SUSPENDED");
        resumed.when(suspend(TODAY.plusDays(5), REASON))
                .records(new AccountSuspended(TODAY.plusDays(5), "HOSPITAL", REASON));
    }

    @Test
    void aSuspendedAccountIsResumedFromTheDayOfItsSuspensionOn() {
        account.when(new ResumeAccount(ACCOUNT, TODAY, TODAY)).refuses("NOT_SUSPENDED");
        var suspended = account.given(new AccountSuspended(FROM, "HOSPITAL", REASON));
        suspended.when(new ResumeAccount(ACCOUNT, FROM.minusDays(1), TODAY)).refuses("DATE_BEFORE_START");
        suspended
                .when(new ResumeAccount(ACCOUNT, FROM, TODAY))
                .records(new AccountResumed(FROM))
                .occurredOn(FROM);
        suspended
                .given(new AccountResumed(TODAY))
                .when(new ResumeAccount(ACCOUNT, TODAY, TODAY))
                .refuses("NOT_SUSPENDED");
    }

    // ── death ────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aDeathIsNotedOnItsDayAndTheSameDayOnlyOnce() {
        account.when(new NoteDeath(ACCOUNT, TODAY))
                .records(new DeathNoted(TODAY))
                .occurredOn(TODAY);
        var dead = account.given(new DeathNoted(TODAY));
        dead.when(new NoteDeath(ACCOUNT, TODAY)).recordsNothing();
        dead.when(new NoteDeath(ACCOUNT, FROM)).records(new DeathNoted(FROM)).occurredOn(FROM);
    }

    // ── closure ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anAccountIsClosedWithWhatWasPaidOnEachLine() {
        var back = paid("PAY-3", "1.00", FROM);
        account(care("8000.00"), line("play", SHORT_BREAKS, "500.00"))
                .given(
                        paid("PAY-1", "100.00", FROM),
                        paid("PAY-2", "play", SHORT_BREAKS, "50.00", FROM),
                        back,
                        returned(back, TODAY),
                        spent(
                                spend("E-1", "150.00", TODAY),
                                care(pounds("100.00")),
                                share(SHORT_BREAKS, "play", "50.00")))
                .when(new CloseAccount(ACCOUNT, TODAY, 0, false, TODAY))
                .records(new AccountClosed(TODAY, Map.of("care", pounds("100.00"), "play", pounds("50.00"))))
                .occurredOn(TODAY);
    }

    @Test
    void anAccountWithMoneyOrAnOverspendStaysOpen() {
        account.given(paid("PAY-1", "0.01", FROM))
                .when(new CloseAccount(ACCOUNT, TODAY, 0, false, TODAY))
                .refuses("BALANCE_NOT_ZERO");
        account.given(spent(spend("E-1", "0.01", TODAY), care(pounds("0.01"))))
                .when(new CloseAccount(ACCOUNT, TODAY, 0, false, TODAY))
                .refuses("BALANCE_NOT_ZERO");
    }

    @Test
    void anAccountIsNotClosedBeforeTheLastDayOnWhichMoneyMoved() {
        var spentLater = account.given(
                paid("PAY-1", "0.01", FROM), spent(spend("E-1", "0.01", TODAY.minusDays(1)), care(pounds("0.01"))));
        spentLater
                .when(new CloseAccount(ACCOUNT, TODAY.minusDays(2), 0, false, TODAY))
                .refuses("BALANCE_NOT_ZERO");
        spentLater
                .when(new CloseAccount(ACCOUNT, TODAY.minusDays(1), 0, false, TODAY))
                .records(new AccountClosed(TODAY.minusDays(1), Map.of("care", pounds("0.01"))));
        account.given(
                        spent(spend("E-1", "0.01", TODAY), care(pounds("0.01"))),
                        paid("PAY-1", "0.01", TODAY.plusDays(1)))
                .when(new CloseAccount(ACCOUNT, TODAY, 0, false, TODAY))
                .refuses("BALANCE_NOT_ZERO");
    }

    /** Rulebook 7.10, number 6. */
    @Test
    void whatWasDatedLaterByMistakeAndReversedKeepsNoAccountOpen() {
        LocalDate last = TODAY.minusDays(2);
        var closing = new CloseAccount(ACCOUNT, last, 0, false, TODAY);
        var slip = account.given(
                paid("PAY-1", "0.01", FROM),
                spent(spend("E-1", "0.01", last), care(pounds("0.01"))),
                spent(spend("E-2", "5.00", TODAY.minusDays(1)), care(pounds("5.00"))));
        slip.given(reversed("E-2", TODAY.minusDays(1)))
                .when(closing)
                .records(new AccountClosed(last, Map.of("care", pounds("0.01"))));
        slip.given(reversed("E-2", TODAY)).when(closing).refuses("BALANCE_NOT_ZERO");
        slip.given(
                        spent(spend("E-3", "5.00", TODAY.minusDays(1)), care(pounds("5.00"))),
                        reversed("E-2", TODAY.minusDays(1)),
                        paid("PAY-2", "5.00", FROM))
                .when(closing)
                .refuses("BALANCE_NOT_ZERO");
    }

    private static ExpenditureReversed reversed(String expenditureId, LocalDate on) {
        return new ExpenditureReversed(
                "R-1", expenditureId, pounds("5.00"), null, REASON, on, List.of(care(pounds("5.00"))));
    }

    @Test
    void daysOfSpendingAreRememberedByTheDozenAndOlderOnesAsOne() {
        Moves moves = new Moves();
        for (int day = 0; day < 3 * Moves.MOST_DAYS; day++) {
            moves.evolve(spent(spend("E" + day, "1.00", FROM.plusDays(day)), care(pounds("1.00"))));
        }
        assertThat(moves.spent).hasSize(Moves.MOST_DAYS);
        assertThat(moves.lastDay()).isEqualTo(FROM.plusDays(3 * Moves.MOST_DAYS - 1));
    }

    @Test
    void anAccountIsClosedOnceOnADayOfItsLifeThatHasCome() {
        account.given(CLOSED)
                .when(new CloseAccount(ACCOUNT, TODAY, 0, false, TODAY))
                .refuses("ACCOUNT_CLOSED");
        account.when(new CloseAccount(ACCOUNT, TODAY.plusDays(1), 0, false, TODAY))
                .refuses("DATE_IN_FUTURE");
        account.when(new CloseAccount(ACCOUNT, FROM.minusDays(1), 0, false, TODAY))
                .refuses("DATE_BEFORE_OPENING");
    }

    private static ReceiveTopUp topUp(String amount, LocalDate on) {
        return new ReceiveTopUp(ACCOUNT, "T-1", COUNCIL_TOP_UP, pounds(amount), on, TODAY);
    }

    private static ReceiveContribution contribution(String amount, LocalDate on) {
        return new ReceiveContribution(ACCOUNT, "C-1", pounds(amount), on, TODAY);
    }

    private static ApproveReserve reserve(String reserveId, ReserveKind kind, String amount) {
        return reserve(reserveId, kind, amount, REASON);
    }

    private static ApproveReserve reserve(String reserveId, ReserveKind kind, String amount, @Nullable Sealed reason) {
        Money limit = pounds("500.00");
        return new ApproveReserve(ACCOUNT, reserveId, kind, pounds(amount), UNTIL, reason, limit, POLICY, TODAY);
    }

    private static ReserveApproved reserved(String reserveId, ReserveKind kind, String amount) {
        return new ReserveApproved(reserveId, kind, pounds(amount), UNTIL, REASON, TODAY);
    }

    private static SuspendAccount suspend(LocalDate from, @Nullable Sealed reason) {
        return new SuspendAccount(ACCOUNT, from, "HOSPITAL", reason, TODAY);
    }
}
