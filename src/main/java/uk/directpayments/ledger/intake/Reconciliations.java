package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.List;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.intake.ReconciliationEvent.PeriodReconciled;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** Which periods of which accounts have been found to agree with the bank, when and by whom. */
@Component
class Reconciliations extends Projection<Rows> {

    /** @param position at which it was recorded: unique, and its place in the list */
    record Period(LocalDate from, LocalDate to, Money balance, String reconciledBy, LocalDate on, long position) {}

    Reconciliations() {
        super("reconciliations", Order.BY_ACCOUNT, "reconciliation");
    }

    @When
    void on(PeriodReconciled e, Recorded at, Rows rows) {
        rows.add(at.account(), at.position(), e.from(), e.to(), e.balance().pence(), e.reconciledBy(), e.on());
    }

    @Override
    protected Rows buffer() {
        return new Rows(
                "reconciliation",
                "account_id text",
                "position bigint",
                "from_on date",
                "to_on date",
                "pence bigint",
                "reconciled_by text",
                "recorded_on date");
    }

    @Override
    protected void write(Rows rows) {
        rows.insert(jdbc());
    }

    /** Those of an account, in the order in which they were recorded. */
    List<Period> list(String accountId, long after, int limit, View view) {
        long position = position(view);
        require(accountId, position);
        return jdbc().sql("""
                        SELECT from_on, to_on, pence, reconciled_by, recorded_on, position FROM reconciliation
                         WHERE account_id = :account AND position > :after AND position <= :position AND recorded_on <= :asOf
                         ORDER BY position LIMIT :limit""")
                .param("account", accountId)
                .param("after", after)
                .param("position", position)
                .param("asOf", view.asOf())
                .param("limit", limit)
                .query((row, i) -> new Period(
                        row.getObject(1, LocalDate.class),
                        row.getObject(2, LocalDate.class),
                        Money.ofPence(row.getLong(3)),
                        row.getString(4),
                        row.getObject(5, LocalDate.class),
                        row.getLong(6)))
                .list();
    }
}
