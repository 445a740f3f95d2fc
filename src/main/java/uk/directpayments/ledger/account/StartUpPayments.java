package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** What was paid on each line of an account, and when: which lines are start-up money a schedule may say later. Rulebook 4.9. */
@Component
class StartUpPayments extends Projection<Rows> {

    /** @param returnedOn the day on which it came back, or null; {@code amount} is net */
    record Paid(String lineId, LocalDate on, @Nullable LocalDate returnedOn, Money amount) {

        boolean stands(LocalDate day) {
            return !on.isAfter(day) && (returnedOn == null || returnedOn.isAfter(day));
        }
    }

    StartUpPayments() {
        super("start-up-payments", Order.BY_ACCOUNT, "start_up_payment");
    }

    @When
    void on(PaymentIssued e, Recorded at, Rows rows) {
        rows.add(
                at.account(),
                e.paymentId(),
                at.position(),
                e.lineId(),
                e.on(),
                e.net().pence());
    }

    @When
    void on(PaymentReturned e, Recorded at, Rows rows) {
        rows.add(
                at.account(),
                e.paymentId(),
                at.position(),
                e.lineId(),
                e.on(),
                e.net().negated().pence());
    }

    @Override
    protected Rows buffer() {
        return new Rows(
                "start_up_payment",
                "account_id text",
                "payment_id text",
                "position bigint",
                "line_id text",
                "occurred_on date",
                "pence bigint");
    }

    @Override
    protected void write(Rows rows) {
        rows.insert(jdbc());
    }

    /**
     * The payments of accounts up to the view's day. One whose figures are unavailable at present is not in the answer.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    Map<String, List<Paid>> of(Collection<String> accountIds, View view) {
        long position = position(view);
        Set<String> wanted = new HashSet<>(accountIds);
        wanted.removeAll(unavailable(position));
        Map<String, List<Paid>> paid = new HashMap<>();
        wanted.forEach(account -> paid.put(account, new ArrayList<>()));
        jdbc().sql("""
                        SELECT account_id, line_id, sum(pence) FILTER (WHERE pence > 0)::bigint AS pence,
                               min(occurred_on) FILTER (WHERE pence > 0) AS paid_on,
                               min(occurred_on) FILTER (WHERE pence < 0) AS returned_on
                          FROM start_up_payment
                         WHERE account_id = ANY(:accounts) AND position <= :position AND occurred_on <= :asOf
                         GROUP BY account_id, payment_id, line_id""")
                .param("accounts", wanted.toArray(String[]::new))
                .param("position", position)
                .param("asOf", view.asOf())
                .query((row, i) -> paid.getOrDefault(row.getString("account_id"), new ArrayList<>())
                        .add(new Paid(
                                row.getString("line_id"),
                                row.getObject("paid_on", LocalDate.class),
                                row.getObject("returned_on", LocalDate.class),
                                Money.ofPence(row.getLong("pence")))))
                .list();
        return paid;
    }

    /** @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED} */
    void requireAvailable(String accountId, View view) {
        require(accountId, position(view));
    }
}
