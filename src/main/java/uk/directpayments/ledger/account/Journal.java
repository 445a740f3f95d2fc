package uk.directpayments.ledger.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** The journal: every money event as balanced lines. Its trial balance is zero at every position, on every day. */
@Component
public class Journal extends Projection<Rows> {

    /**
     * A posted line.
     *
     * @param position      of the event that posted it: the lines of one position are one entry
     * @param line          place within the entry, from 1
     * @param on            the business day it counts on
     * @param ledgerAccount as in hledger: parts separated by colons
     * @param amount        debit positive, credit negative
     * @param source        null where the entry is not split over sources: a reclassification
     * @param lineId        the budget line, or null
     */
    public record Line(
            long position,
            int line,
            String accountId,
            LocalDate on,
            String ledgerAccount,
            Money amount,
            @Nullable FundingSource source,
            @Nullable String lineId) {}

    Journal() {
        super("journal", Order.BY_ACCOUNT, "journal_line");
    }

    @When
    void on(PaymentIssued e, Recorded at, Rows lines) {
        post(e, e.on(), at, lines);
    }

    @When
    void on(PaymentReturned e, Recorded at, Rows lines) {
        post(e, e.on(), at, lines);
    }

    @When
    void on(TopUpReceived e, Recorded at, Rows lines) {
        post(e, e.on(), at, lines);
    }

    @When
    void on(ContributionReceived e, Recorded at, Rows lines) {
        post(e, e.on(), at, lines);
    }

    @When
    void on(ExpenditureRecorded e, Recorded at, Rows lines) {
        post(e, e.on(), at, lines);
    }

    @When
    void on(ExpenditureReversed e, Recorded at, Rows lines) {
        post(e, e.on(), at, lines);
    }

    @When
    void on(RefundReceived e, Recorded at, Rows lines) {
        post(e, e.on(), at, lines);
    }

    @When
    void on(RecoveryReceived e, Recorded at, Rows lines) {
        post(e, e.on(), at, lines);
    }

    @When
    void on(RecoveryWrittenOff e, Recorded at, Rows lines) {
        post(e, e.on(), at, lines);
    }

    @When
    void on(ExpenditureReclassified e, Recorded at, Rows lines) {
        post(e, e.on(), at, lines);
    }

    private static void post(AccountEvent event, LocalDate on, Recorded at, Rows lines) {
        int number = 0;
        for (Postings.Line line : Postings.of(at.account(), event)) {
            lines.add(
                    at.position(),
                    ++number,
                    at.account(),
                    on,
                    line.ledgerAccount(),
                    line.amount().pence(),
                    line.source(),
                    line.lineId());
        }
    }

    @Override
    protected Rows buffer() {
        return new Rows(
                "journal_line",
                "position bigint",
                "line integer",
                "account_id text",
                "occurred_on date",
                "ledger_account text",
                "pence bigint",
                "source text",
                "line_id text");
    }

    @Override
    protected void write(Rows lines) {
        lines.insert(jdbc());
    }

    /**
     * The lines of one account and period, in business order: by day, then by position.
     *
     * @param from  the first day
     * @param to    the last day; days after the view's {@code asOf} are left out
     * @param after the last line of the page before, or null
     * @param limit the most lines
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public List<Line> lines(
            String accountId, LocalDate from, LocalDate to, @Nullable Line after, int limit, View view) {
        long position = position(view);
        require(accountId, position);
        return jdbc().sql("""
                        SELECT * FROM journal_line
                         WHERE account_id = :account AND occurred_on BETWEEN :from AND least(:to, :asOf)
                           AND position <= :position AND (occurred_on, position, line) > (:afterDay, :afterPosition, :afterLine)
                         ORDER BY occurred_on, position, line LIMIT :limit""")
                .param("account", accountId)
                .param("from", from)
                .param("to", to)
                .param("asOf", view.asOf())
                .param("position", position)
                .param("afterDay", after == null ? from : after.on)
                .param("afterPosition", after == null ? -1 : after.position)
                .param("afterLine", after == null ? 0 : after.line)
                .param("limit", limit)
                .query(Journal::line)
                .list();
    }

    /**
     * What each ledger account adds up to. The amounts add up to zero. Reads every line of the account, or of the whole ledger.
     *
     * @param accountId one payment account's entries, or null for all
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE} also if any account's figures are and all were asked
     *     for, {@code POSITION_NOT_REACHED}
     */
    public SortedMap<String, Money> trialBalance(@Nullable String accountId, View view) {
        long position = position(view);
        if (accountId == null) {
            unavailable(position).forEach(parked -> require(parked, position));
        } else {
            require(accountId, position);
        }
        SortedMap<String, Money> balance = new TreeMap<>();
        jdbc().sql("""
                        SELECT ledger_account, sum(pence)::bigint FROM journal_line
                         WHERE occurred_on <= :asOf AND position <= :position %s
                         GROUP BY ledger_account""".formatted(accountId == null ? "" : "AND account_id = :account"))
                .param("asOf", view.asOf())
                .param("position", position)
                .param("account", accountId)
                .query((row, i) -> balance.put(row.getString(1), Money.ofPence(row.getLong(2))))
                .list();
        return balance;
    }

    private static Line line(ResultSet row, int i) throws SQLException {
        String source = row.getString("source");
        return new Line(
                row.getLong("position"),
                row.getInt("line"),
                row.getString("account_id"),
                row.getObject("occurred_on", LocalDate.class),
                row.getString("ledger_account"),
                Money.ofPence(row.getLong("pence")),
                source == null ? null : FundingSource.valueOf(source),
                row.getString("line_id"));
    }
}
