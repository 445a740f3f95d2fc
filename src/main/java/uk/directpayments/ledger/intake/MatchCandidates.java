package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** What the lines of statements may turn out to be the bank's side of: payments issued, and expenditures with something left to give back. */
@Component
class MatchCandidates extends Projection<MatchCandidates.Buffer> {

    /** Rows of a batch. */
    record Buffer(Rows payments, Rows returns, Rows expenditures, Rows corrections) {}

    /** An expenditure, and what of it has neither been refunded nor reversed. */
    record Original(String expenditureId, Money left) {}

    MatchCandidates() {
        super(
                "match-candidates",
                Order.BY_ACCOUNT,
                "match_payment",
                "match_payment_return",
                "match_expenditure",
                "match_correction");
    }

    @When
    void on(PaymentIssued e, Recorded at, Buffer rows) {
        rows.payments.add(at.account(), e.paymentId(), e.net().pence(), e.on(), at.position());
    }

    @When
    void on(PaymentReturned e, Recorded at, Buffer rows) {
        rows.returns.add(at.account(), e.paymentId(), at.position());
    }

    @When
    void on(ExpenditureRecorded e, Recorded at, Buffer rows) {
        rows.expenditures.add(
                at.account(), e.expenditureId(), e.payeeKey(), e.amount().pence(), e.on(), at.position());
    }

    @When
    void on(ExpenditureReversed e, Recorded at, Buffer rows) {
        correction(rows, at, e.reversalId(), e.expenditureId(), e.amount());
    }

    @When
    void on(RefundReceived e, Recorded at, Buffer rows) {
        correction(rows, at, e.refundId(), e.expenditureId(), e.amount());
    }

    private static void correction(Buffer rows, Recorded at, String correctionId, String expenditureId, Money amount) {
        rows.corrections.add(at.position(), at.account(), correctionId, expenditureId, amount.pence());
    }

    @Override
    protected Buffer buffer() {
        return new Buffer(
                new Rows(
                        "match_payment",
                        "account_id text",
                        "payment_id text",
                        "pence bigint",
                        "occurred_on date",
                        "position bigint"),
                new Rows("match_payment_return", "account_id text", "payment_id text", "position bigint"),
                new Rows(
                        "match_expenditure",
                        "account_id text",
                        "expenditure_id text",
                        "payee_key text",
                        "pence bigint",
                        "occurred_on date",
                        "position bigint"),
                new Rows(
                        "match_correction",
                        "position bigint",
                        "account_id text",
                        "correction_id text",
                        "expenditure_id text",
                        "pence bigint"));
    }

    @Override
    protected void write(Buffer rows) {
        rows.payments.insert(jdbc());
        rows.returns.insert(jdbc());
        rows.expenditures.insert(jdbc());
        rows.corrections.insert(jdbc());
    }

    /**
     * The payments that came to this net amount, dated at most {@code days} from a day, and were not returned: the nearest first, and of
     * two equally near the earlier.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    List<String> payments(String accountId, Money net, LocalDate on, int days, View view) {
        long position = position(view);
        require(accountId, position);
        return jdbc().sql("""
                        SELECT payment_id FROM match_payment p
                         WHERE account_id = :account AND pence = :pence AND position <= :position
                           AND occurred_on BETWEEN CAST(:on AS date) - :days AND CAST(:on AS date) + :days
                           AND NOT EXISTS (
                               SELECT FROM match_payment_return r
                                WHERE r.account_id = p.account_id AND r.payment_id = p.payment_id
                                  AND r.position <= :position)
                         ORDER BY abs(occurred_on - CAST(:on AS date)), occurred_on, position""")
                .param("account", accountId)
                .param("pence", net.pence())
                .param("position", position)
                .param("on", on)
                .param("days", days)
                .query(String.class)
                .list();
    }

    /**
     * What money that came back most probably belongs to: the newest expenditure with one of these payees, not after the day, with exactly
     * this amount left; else the newest with enough left.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    Optional<Original> original(String accountId, Collection<String> payeeKeys, Money amount, LocalDate on, View view) {
        long position = position(view);
        require(accountId, position);
        return jdbc().sql("""
                        WITH candidates AS (
                            SELECT e.expenditure_id, e.occurred_on, e.position, e.pence - coalesce((
                                       SELECT sum(c.pence) FROM match_correction c
                                        WHERE c.account_id = e.account_id AND c.expenditure_id = e.expenditure_id
                                          AND c.position <= :position), 0) AS left_over
                              FROM match_expenditure e
                             WHERE e.account_id = :account AND e.payee_key = ANY(:payees)
                               AND e.occurred_on <= :on AND e.position <= :position)
                        SELECT expenditure_id, left_over FROM candidates WHERE left_over >= :pence
                         ORDER BY left_over = :pence DESC, occurred_on DESC, position DESC LIMIT 1""")
                .param("account", accountId)
                .param("payees", payeeKeys.toArray(String[]::new))
                .param("pence", amount.pence())
                .param("on", on)
                .param("position", position)
                .query((row, i) -> new Original(row.getString(1), Money.ofPence(row.getLong(2))))
                .optional();
    }

    /** Whether a refund or reversal has been recorded under an id. */
    boolean isCorrected(String accountId, String correctionId, View view) {
        return jdbc().sql("""
                        SELECT EXISTS (SELECT FROM match_correction
                         WHERE account_id = :account AND correction_id = :correction AND position <= :position)""")
                .param("account", accountId)
                .param("correction", correctionId)
                .param("position", position(view))
                .query(Boolean.class)
                .single();
    }
}
