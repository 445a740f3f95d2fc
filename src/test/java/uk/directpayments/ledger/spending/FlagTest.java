package uk.directpayments.ledger.spending;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.policy.Decision;

/** What people do about a question, by their own days. */
class FlagTest {

    private static final LocalDate START = LocalDate.of(2026, 3, 1);
    private static final Sealed TEXT = new Sealed("text");

    @Test
    void whatIsPaidBackCountsFromItsOwnDayThoughWhatCameLaterWasRecordedBeforeIt() {
        Flag paid = upheld("50.00")
                .after(repaid("30.00", 20), START.plusDays(20))
                .after(repaid("15.00", 10), START.plusDays(10))
                .after(repaid("5.00", 1), START.plusDays(1));
        assertThat(List.of(4, 5, 9, 10, 19, 20))
                .extracting(day -> paid.outstandingOn(START.plusDays(day)).toString())
                .containsExactly("0.00", "45.00", "45.00", "30.00", "30.00", "0.00");
        assertThat(paid.history())
                .extracting(Flag.Step::state)
                .containsExactly(
                        FlagState.RAISED, FlagState.UPHELD, FlagState.UPHELD, FlagState.UPHELD, FlagState.REPAID);
    }

    @Test
    void repaymentWasAskedForOnTheDayOfTheRequestThoughPartOfItHasComeSince() {
        Flag asked = upheld("50.00")
                .after(
                        new FlagEvent.RepaymentRequested(
                                Money.parse("50.00"), START.plusDays(35), TEXT, START.plusDays(7)),
                        START.plusDays(7))
                .after(repaid("30.00", 20), START.plusDays(20));
        assertThat(asked.repaymentAskedOn(START.plusDays(6))).isNull();
        assertThat(asked.repaymentAskedOn(START.plusDays(20))).isEqualTo(START.plusDays(7));
    }

    /** On the fifth day. */
    private static Flag upheld(String amount) {
        return Flag.of(
                        "P",
                        new Finding(
                                "F",
                                "A",
                                "E",
                                null,
                                "GAMBLING",
                                Decision.PROHIBITED,
                                Money.parse(amount),
                                START,
                                Detector.MCC,
                                "1",
                                null,
                                null,
                                null))
                .after(
                        new FlagEvent.FlagUpheld(
                                Money.parse(amount),
                                FlagEvent.Ground.PROHIBITED,
                                TEXT,
                                null,
                                "finance",
                                START.plusDays(5)),
                        START.plusDays(5));
    }

    private static FlagEvent.RepaymentReceived repaid(String amount, int day) {
        return new FlagEvent.RepaymentReceived(Money.parse(amount), "BANK_TRANSFER", false, START.plusDays(day));
    }
}
