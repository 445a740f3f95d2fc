package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** The transactions of accounts as a bank would tell them, for the lines of its statements to be matched with. Rulebook 7.6. */
@Component
class MatchEntries extends Projection<Rows> {

    MatchEntries() {
        super("match-entries", Order.BY_ACCOUNT, "match_entry");
    }

    /** An expenditure, and what of it has neither been refunded nor reversed. */
    record Original(String expenditureId, Money left) {}

    @When
    void on(PaymentIssued e, Recorded at, Rows rows) {
        add(rows, at, e.paymentId(), true, e.net(), e.on());
    }

    @When
    void on(PaymentReturned e, Recorded at, Rows rows) {
        rows.add(
                at.account(),
                e.paymentId() + ".return",
                true,
                e.net().negated().pence(),
                e.on(),
                null,
                null,
                e.paymentId(),
                null,
                at.position());
    }

    @When
    void on(TopUpReceived e, Recorded at, Rows rows) {
        add(rows, at, e.topUpId(), false, e.amount(), e.on());
    }

    @When
    void on(ContributionReceived e, Recorded at, Rows rows) {
        add(rows, at, e.contributionId(), false, e.amount(), e.on());
    }

    @When
    void on(ExpenditureRecorded e, Recorded at, Rows rows) {
        Long refHash = e.externalRef() == null ? null : reference(e.externalRef());
        rows.add(
                at.account(),
                e.expenditureId(),
                false,
                e.amount().negated().pence(),
                e.on(),
                e.payeeKey(),
                refHash,
                null,
                null,
                at.position());
    }

    @When
    void on(ExpenditureReversed e, Recorded at, Rows rows) {
        rows.add(
                at.account(),
                e.reversalId(),
                false,
                e.amount().pence(),
                e.on(),
                null,
                null,
                e.expenditureId(),
                e.expenditureId(),
                at.position());
    }

    @When
    void on(RefundReceived e, Recorded at, Rows rows) {
        rows.add(
                at.account(),
                e.refundId(),
                false,
                e.amount().pence(),
                e.on(),
                null,
                null,
                null,
                e.expenditureId(),
                at.position());
    }

    @When
    void on(RecoveryReceived e, Recorded at, Rows rows) {
        add(rows, at, e.receiptId(), true, e.amount().negated(), e.on());
    }

    private static void add(Rows rows, Recorded at, String id, boolean byCouncil, Money amount, LocalDate on) {
        rows.add(at.account(), id, byCouncil, amount.pence(), on, null, null, null, null, at.position());
    }

    /** 64 bits of a bank's or card scheme's reference. */
    static long reference(String externalRef) {
        return Hashes.bits64("external", externalRef);
    }

    @Override
    protected Rows buffer() {
        return new Rows(
                "match_entry",
                "account_id text",
                "transaction_id text",
                "by_council boolean",
                "pence bigint",
                "occurred_on date",
                "payee_key text",
                "ref_hash bigint",
                "takes_back text",
                "corrects text",
                "position bigint");
    }

    @Override
    protected void write(Rows rows) {
        rows.insert(jdbc());
    }

    /** @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED} */
    long good(String accountId, View view) {
        long position = position(view);
        require(accountId, position);
        return position;
    }

    /** Those of these transactions that the account has. */
    Map<String, Money> amounts(String accountId, Collection<String> transactionIds, View view) {
        long position = good(accountId, view);
        Map<String, Money> amounts = new HashMap<>();
        jdbc().sql("SELECT transaction_id, pence FROM match_entry WHERE account_id = :account"
                        + " AND transaction_id = ANY(:ids) AND position <= :position")
                .param("account", accountId)
                .param("ids", transactionIds.toArray(String[]::new))
                .param("position", position)
                .query((row, i) -> amounts.put(row.getString(1), Money.ofPence(row.getLong(2))))
                .list();
        return amounts;
    }

    /**
     * The payments that came to this net amount, dated at most {@code days} from a day, and were not returned: the nearest first, and of
     * two equally near the earlier.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    List<String> payments(String accountId, Money net, LocalDate on, int days, View view) {
        return jdbc().sql("""
                        SELECT transaction_id FROM match_entry m
                         WHERE account_id = :account AND pence = :pence AND position <= :position
                           AND occurred_on BETWEEN CAST(:on AS date) - :days AND CAST(:on AS date) + :days
                           AND by_council AND pence > 0
                           AND NOT EXISTS (
                               SELECT FROM match_entry r
                                WHERE r.account_id = m.account_id AND r.takes_back = m.transaction_id AND r.by_council
                                  AND r.position <= :position)
                         ORDER BY abs(occurred_on - CAST(:on AS date)), occurred_on, position""")
                .param("account", accountId)
                .param("pence", net.pence())
                .param("position", good(accountId, view))
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
        long position = good(accountId, view);
        return jdbc().sql("""
                        WITH candidates AS (
                            SELECT e.transaction_id, e.occurred_on, e.position, -e.pence - coalesce((
                                       SELECT sum(c.pence) FROM match_entry c
                                        WHERE c.account_id = e.account_id AND c.corrects = e.transaction_id
                                          AND c.position <= :position), 0) AS left_over
                              FROM match_entry e
                             WHERE e.account_id = :account AND e.payee_key = ANY(:payees)
                               AND e.occurred_on <= :on AND e.position <= :position)
                        SELECT transaction_id, left_over FROM candidates WHERE left_over >= :pence
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
                        SELECT EXISTS (SELECT FROM match_entry
                         WHERE account_id = :account AND transaction_id = :correction AND corrects IS NOT NULL
                           AND position <= :position)""")
                .param("account", accountId)
                .param("correction", correctionId)
                .param("position", position(view))
                .query(Boolean.class)
                .single();
    }

    /** Whether the account has a transaction of this amount that was recorded with this reference. */
    boolean has(String accountId, Money amount, long refHash, View view) {
        long position = good(accountId, view);
        return jdbc().sql("SELECT EXISTS (SELECT FROM match_entry WHERE account_id = :account AND pence = :pence"
                        + " AND ref_hash = :reference AND position <= :position)")
                .param("account", accountId)
                .param("pence", amount.pence())
                .param("reference", refHash)
                .param("position", position)
                .query(Boolean.class)
                .single();
    }

    /**
     * The transactions up to the view's day that lines may be, as {@link FreeEntries#near} finds them for one.
     *
     * @param lines of accounts, with a day and an amount
     * @return transaction ids by {@link Line#place}, the nearest first; a line whose account is unavailable at present is not there
     */
    Map<String, List<String>> candidates(List<Line> lines, int days, StatementLines statementLines, View view) {
        long position = position(view);
        Set<String> unavailable = unavailable(position);
        Rows wanted = new Rows("wanted", "place text", "account text", "pence bigint", "on_day date");
        Map<String, List<String>> candidates = new HashMap<>();
        for (Line line : lines) {
            if (!unavailable.contains(line.accountId())) {
                wanted.add(
                        line.place(),
                        line.accountId(),
                        Objects.requireNonNull(line.amount()).pence(),
                        line.on());
                candidates.put(line.place(), new ArrayList<>());
            }
        }
        Map<String, List<Moved>> found = new LinkedHashMap<>();
        wanted.over(jdbc(), """
                        SELECT rows.place, m.* FROM rows JOIN match_entry m ON m.account_id = rows.account
                           AND m.pence = rows.pence AND m.occurred_on BETWEEN rows.on_day - :days AND rows.on_day + :days
                         WHERE m.occurred_on <= :asOf AND m.position <= :position
                         ORDER BY abs(m.occurred_on - rows.on_day), m.occurred_on, m.position""")
                .param("days", days)
                .param("asOf", view.asOf())
                .param("position", position)
                .query((row, i) -> found.computeIfAbsent(row.getString("place"), none -> new ArrayList<>())
                        .add(Moved.read(row)))
                .list();
        Set<Moved.Key> matched = statementLines.matched(
                found.values().stream().flatMap(List::stream).toList(), view);
        found.forEach((place, all) -> all.stream()
                .filter(one -> !matched.contains(one.key()))
                .forEach(one -> Objects.requireNonNull(candidates.get(place)).add(one.transactionId())));
        return candidates;
    }

    /** Spending that a card's line tells. @param amount negative */
    record Spending(int lineNumber, String accountId, String payeeKey, Money amount, LocalDate on) {}

    /**
     * The expenditures that such lines may be, by their numbers: with their payee and amount, dated at most {@code days} from them, and not reversed.
     * Of an account that is unavailable at present there are none.
     */
    Map<Integer, List<Moved>> spent(List<Spending> lines, int days, View view) {
        long position = position(view);
        Set<String> unavailable = unavailable(position);
        Rows wanted = new Rows("wanted", "line integer", "account text", "payee text", "pence bigint", "on_day date");
        lines.stream()
                .filter(line -> !unavailable.contains(line.accountId))
                .forEach(line ->
                        wanted.add(line.lineNumber, line.accountId, line.payeeKey, line.amount.pence(), line.on));
        Map<Integer, List<Moved>> spent = new HashMap<>();
        wanted.over(jdbc(), """
                        SELECT rows.line, m.* FROM rows JOIN match_entry m ON m.account_id = rows.account
                           AND m.payee_key = rows.payee AND m.pence = rows.pence
                           AND m.occurred_on BETWEEN rows.on_day - :days AND rows.on_day + :days
                         WHERE m.position <= :position AND NOT EXISTS (
                               SELECT FROM match_entry r
                                WHERE r.account_id = m.account_id AND r.takes_back = m.transaction_id AND NOT r.by_council
                                  AND r.position <= :position)""")
                .param("days", days)
                .param("position", position)
                .query((row, i) -> spent.computeIfAbsent(row.getInt("line"), none -> new ArrayList<>())
                        .add(Moved.read(row)))
                .list();
        return spent;
    }

    /** Where a page of {@link #moved} ended. */
    record Place(String accountId, LocalDate on, long position) {}

    /**
     * What moved on accounts up to the view's day, in the order of accounts, days and the log. Of an account that is unavailable at present
     * what stands here may be old.
     *
     * @param after where the page before ended, or null
     */
    List<Moved> moved(Collection<String> accountIds, @Nullable Place after, int limit, View view) {
        return jdbc().sql("""
                        SELECT m.*, coalesce(m.takes_back, (
                               SELECT r.transaction_id FROM match_entry r
                                WHERE r.account_id = m.account_id AND r.takes_back = m.transaction_id
                                  AND r.occurred_on <= :asOf AND r.position <= :position LIMIT 1)) AS counterpart
                          FROM match_entry m
                         WHERE m.account_id = ANY(:accounts) AND m.occurred_on <= :asOf AND m.position <= :position
                           AND (m.account_id, m.occurred_on, m.position) > (:account, CAST(:on AS date), :after)
                         ORDER BY m.account_id, m.occurred_on, m.position LIMIT :limit""")
                .param("accounts", accountIds.toArray(String[]::new))
                .param("asOf", view.asOf())
                .param("position", position(view))
                .param("account", after == null ? "" : after.accountId)
                .param("on", after == null ? LocalDate.EPOCH : after.on)
                .param("after", after == null ? -1 : after.position)
                .param("limit", limit)
                .query((row, i) -> Moved.read(row).undoneBy(row.getString("counterpart")))
                .list();
    }

    /** The accounts whose transactions cannot be told at present. */
    Set<String> unavailable(View view) {
        return unavailable(position(view));
    }
}
