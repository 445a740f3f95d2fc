package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.intake.ReconciliationCommand.ReconcilePeriod;
import uk.directpayments.ledger.intake.ReconciliationEvent.PeriodReconciled;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.support.Fixtures;

/** A period is reconciled when nothing is open and both balances agree. Rulebook 7.6. */
class ReconciliationTest {

    private static final LocalDate FROM = LocalDate.of(2026, 4, 1);
    private static final LocalDate TO = LocalDate.of(2026, 4, 30);
    private static final LocalDate TODAY = LocalDate.of(2026, 5, 2);

    private final Fixtures<Reconciliation> account = Fixtures.of(Reconciliation.class);

    @Test
    void aPeriodThatAgreesIsReconciledAndMayBeAgain() {
        var reconciled = new PeriodReconciled(FROM, TO, Money.parse("12.30"), 7, "finance", TODAY);
        account.when(period(FROM, TO, "12.30", 0)).records(reconciled).occurredOn(TODAY);
        account.given(reconciled).when(period(FROM, TO, "12.30", 0)).records(reconciled);
    }

    @Test
    void aPeriodWithAnOpenLineOrADifferenceIsNot() {
        account.when(period(FROM, TO, "12.30", 1)).refuses("PERIOD_HAS_UNMATCHED_LINES");
        account.when(period(FROM, TO, "12.31", 0)).refuses("AMOUNTS_DIFFER");
        account.when(period(TO, FROM, "12.30", 0)).refuses("DATE_BEFORE_START");
        account.when(period(FROM, TODAY.plusDays(1), "12.30", 0)).refuses("DATE_IN_FUTURE");
    }

    private static ReconcilePeriod period(LocalDate from, LocalDate to, String bank, int open) {
        return new ReconcilePeriod(
                "A", "P", from, to, Money.parse(bank), Money.parse("12.30"), open, 7, "finance", TODAY);
    }
}
