package uk.directpayments.ledger.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** What has moved on accounts, transaction by transaction, in business order: by day, and within a day as recorded. */
@Component
public class AccountTransactions extends Projection<AccountTransactions.Buffer> {

    /** What a transaction is. API: Payment accounts. */
    public enum Kind {
        PAYMENT,
        PAYMENT_RETURN,
        TOP_UP,
        CONTRIBUTION,
        EXPENDITURE,
        REVERSAL,
        REFUND,
        RECOVERY,
        WRITE_OFF
    }

    /**
     * A transaction as a view sees it.
     *
     * @param transactionId the id given or made at creation; of a returned payment the payment's and {@code .return}
     * @param position      of its event
     * @param amount        money in positive, spending negative
     * @param category      as corrected by then, or null if nobody has said; what came back has that of the expenditure
     * @param reverses      the payment that was returned, or the expenditure that was reversed or refunded
     * @param reversedBy    of an expenditure its reversal, of a payment its return; null while there is none, and but in a {@link #list}
     * @param balanceAfter  what the account held after it, in business order
     */
    public record Transaction(
            String transactionId,
            Kind kind,
            LocalDate on,
            long position,
            Instant recordedAt,
            String recordedBy,
            Money amount,
            List<FundingSource> fundingSources,
            @Nullable Sealed payee,
            @Nullable String category,
            @Nullable String mcc,
            @Nullable String reverses,
            @Nullable String reversedBy,
            Money balanceAfter) {

        public Place place() {
            return new Place(on, position);
        }

        Transaction after(Money balance) {
            return new Transaction(
                    transactionId,
                    kind,
                    on,
                    position,
                    recordedAt,
                    recordedBy,
                    amount,
                    fundingSources,
                    payee,
                    category,
                    mcc,
                    reverses,
                    reversedBy,
                    balance);
        }
    }

    /** A transaction's place in business order. */
    public record Place(LocalDate on, long position) {

        /** Reads what {@link #toString()} wrote. */
        public static Place parse(String text) {
            int slash = text.indexOf('/');
            return new Place(LocalDate.parse(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
        }

        @Override
        public String toString() {
            return on + "/" + position;
        }
    }

    /** Transactions and corrected categories of a batch. */
    protected record Buffer(Rows transactions, Rows categories) {}

    /** Before every business day there is. */
    private static final LocalDate FIRST_DAY = LocalDate.of(1, 1, 1);

    private final AccountBalances balances;

    AccountTransactions(AccountBalances balances) {
        super("account-transactions", Order.BY_ACCOUNT, "account_transaction", "account_transaction_category");
        this.balances = balances;
    }

    @When
    void on(PaymentIssued e, Recorded at, Buffer rows) {
        add(rows, e, e.paymentId(), Kind.PAYMENT, e.on(), at, null, null, null, null);
    }

    @When
    void on(PaymentReturned e, Recorded at, Buffer rows) {
        String id = e.paymentId() + ".return";
        add(rows, e, id, Kind.PAYMENT_RETURN, e.on(), at, null, null, null, e.paymentId());
    }

    @When
    void on(TopUpReceived e, Recorded at, Buffer rows) {
        add(rows, e, e.topUpId(), Kind.TOP_UP, e.on(), at, null, null, null, null);
    }

    @When
    void on(ContributionReceived e, Recorded at, Buffer rows) {
        add(rows, e, e.contributionId(), Kind.CONTRIBUTION, e.on(), at, null, null, null, null);
    }

    @When
    void on(ExpenditureRecorded e, Recorded at, Buffer rows) {
        add(rows, e, e.expenditureId(), Kind.EXPENDITURE, e.on(), at, e.payee(), e.category(), e.mcc(), null);
    }

    @When
    void on(ExpenditureReversed e, Recorded at, Buffer rows) {
        add(rows, e, e.reversalId(), Kind.REVERSAL, e.on(), at, null, e.category(), null, e.expenditureId());
    }

    @When
    void on(RefundReceived e, Recorded at, Buffer rows) {
        add(rows, e, e.refundId(), Kind.REFUND, e.on(), at, null, e.category(), null, e.expenditureId());
    }

    @When
    void on(RecoveryReceived e, Recorded at, Buffer rows) {
        add(rows, e, e.receiptId(), Kind.RECOVERY, e.on(), at, null, null, null, null);
    }

    @When
    void on(RecoveryWrittenOff e, Recorded at, Buffer rows) {
        add(rows, e, e.writeOffId(), Kind.WRITE_OFF, e.on(), at, null, null, null, null);
    }

    @When
    void on(ExpenditureReclassified e, Recorded at, Buffer rows) {
        rows.categories.add(at.account(), e.expenditureId(), at.position(), e.to());
    }

    private static void add(
            Buffer rows,
            AccountEvent event,
            String id,
            Kind kind,
            LocalDate on,
            Recorded at,
            @Nullable Sealed payee,
            @Nullable String category,
            @Nullable String mcc,
            @Nullable String reverses) {
        List<Postings.Line> held = Postings.of(at.account(), event).stream()
                .filter(Postings.Line::held)
                .toList();
        rows.transactions.add(
                at.account(),
                on,
                at.position(),
                id,
                kind,
                at.recordedAt(),
                at.actor(),
                held.stream()
                        .map(Postings.Line::amount)
                        .reduce(Money.ZERO, Money::plus)
                        .pence(),
                held.stream()
                        .map(Postings.Line::heldFrom)
                        .sorted()
                        .distinct()
                        .map(FundingSource::name)
                        .collect(Collectors.joining(",")),
                payee == null ? null : payee.sealed(),
                category,
                mcc,
                reverses);
    }

    @Override
    protected Buffer buffer() {
        return new Buffer(
                new Rows(
                        "account_transaction",
                        "account_id text",
                        "occurred_on date",
                        "position bigint",
                        "transaction_id text",
                        "kind text",
                        "recorded_at timestamptz",
                        "recorded_by text",
                        "pence bigint",
                        "funding_sources text",
                        "payee text",
                        "category text",
                        "mcc text",
                        "reverses text"),
                new Rows(
                        "account_transaction_category",
                        "account_id text",
                        "transaction_id text",
                        "position bigint",
                        "category text"));
    }

    @Override
    protected void write(Buffer rows) {
        rows.transactions.insert(jdbc());
        rows.categories.insert(jdbc());
    }

    @Override
    protected List<Rows> rows(Buffer rows) {
        return List.of(rows.transactions, rows.categories);
    }

    /** The business day of an expenditure, as it was recorded; empty if the account has no such expenditure. */
    Optional<LocalDate> dayOf(String accountId, String expenditureId, LocalDate today) {
        position(View.now(today));
        return jdbc().sql("""
                        SELECT occurred_on FROM account_transaction
                         WHERE account_id = :account AND transaction_id = :expenditure AND kind = 'EXPENDITURE'""")
                .param("account", accountId)
                .param("expenditure", expenditureId)
                .query(LocalDate.class)
                .optional();
    }

    /**
     * As {@link #dayOf}, for whoever must not be told that there is no such expenditure while that cannot be known.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}
     */
    Optional<LocalDate> knownDayOf(String accountId, String expenditureId, LocalDate today) {
        require(accountId, position(View.now(today)));
        return dayOf(accountId, expenditureId, today);
    }

    /**
     * An account's transactions in business order, up to the view's {@code asOf}. The first one's balance is taken from
     * {@link AccountBalances} at the same position, those of the others run on from it.
     *
     * @param from  the first day, or null
     * @param to    the last day, or null
     * @param after where the page before ended, or null
     * @param limit the most transactions
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public List<Transaction> list(
            String accountId,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable Place after,
            int limit,
            View view) {
        long position = position(view);
        require(accountId, position);
        List<Transaction> rows = jdbc().sql("""
                        SELECT t.*, coalesce(corrected.category, t.category) AS category_known,
                               undone.transaction_id AS reversed_by
                          FROM account_transaction t
                          LEFT JOIN LATERAL (
                               SELECT c.category FROM account_transaction_category c
                                WHERE c.account_id = t.account_id AND c.position <= :position
                                  AND c.transaction_id = CASE WHEN t.kind = 'EXPENDITURE' THEN t.transaction_id
                                                              WHEN t.kind IN ('REVERSAL', 'REFUND') THEN t.reverses END
                                ORDER BY c.position DESC LIMIT 1) corrected ON true
                          LEFT JOIN LATERAL (
                               SELECT r.transaction_id FROM account_transaction r
                                WHERE r.account_id = t.account_id AND r.reverses = t.transaction_id
                                  AND r.kind = CASE t.kind WHEN 'EXPENDITURE' THEN 'REVERSAL' WHEN 'PAYMENT' THEN 'PAYMENT_RETURN' END
                                  AND r.occurred_on <= :asOf AND r.position <= :position LIMIT 1) undone ON true
                         WHERE t.account_id = :account AND t.position <= :position
                           AND t.occurred_on <= :to AND (t.occurred_on, t.position) > (:afterDay, :afterPosition)
                         ORDER BY t.occurred_on, t.position LIMIT :limit""")
                .param("account", accountId)
                .param("position", position)
                .param("asOf", view.asOf())
                .param("to", to == null || to.isAfter(view.asOf()) ? view.asOf() : to)
                .param("afterDay", after != null ? after.on : from != null ? from : FIRST_DAY)
                .param("afterPosition", after != null ? after.position : -1)
                .param("limit", limit)
                .query(AccountTransactions::transaction)
                .list();
        return rows.isEmpty() ? rows : running(accountId, rows, view.at(position));
    }

    /**
     * What moved on accounts day by day: the sum of each day that has transactions, later than one day and up to the view's.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    Map<String, Map<LocalDate, Money>> byDay(Collection<String> accountIds, LocalDate after, View view) {
        Map<String, Map<LocalDate, Money>> days = new HashMap<>();
        jdbc().sql("""
                        SELECT account_id, occurred_on, sum(pence)::bigint FROM account_transaction
                         WHERE account_id = ANY(:accounts) AND occurred_on > :after AND occurred_on <= :asOf
                           AND position <= :position
                         GROUP BY account_id, occurred_on""")
                .param("accounts", accountIds.toArray(String[]::new))
                .param("after", after)
                .param("asOf", view.asOf())
                .param("position", position(view))
                .query((row, i) -> days.computeIfAbsent(row.getString(1), none -> new HashMap<>())
                        .put(row.getObject(2, LocalDate.class), Money.ofPence(row.getLong(3))))
                .list();
        return days;
    }

    /**
     * The last day, by the view's, on which anything was spent from each of these accounts, reversed since or not. One from which nothing
     * was, or whose transactions are unavailable at present, is not in the answer.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public Map<String, LocalDate> lastSpent(Collection<String> accountIds, View view) {
        long position = position(view);
        Set<String> wanted = new java.util.HashSet<>(accountIds);
        wanted.removeAll(unavailable(position));
        Map<String, LocalDate> days = new HashMap<>();
        jdbc().sql("""
                        SELECT wanted.id, last.occurred_on FROM unnest(:accounts::text[]) AS wanted(id)
                         CROSS JOIN LATERAL (
                               SELECT occurred_on FROM account_transaction
                                WHERE account_id = wanted.id AND kind = 'EXPENDITURE' AND occurred_on <= :asOf
                                  AND position <= :position
                                ORDER BY occurred_on DESC LIMIT 1) last""")
                .param("accounts", wanted.toArray(String[]::new))
                .param("asOf", view.asOf())
                .param("position", position)
                .query((row, i) -> days.put(row.getString(1), row.getObject(2, LocalDate.class)))
                .list();
        return days;
    }

    /**
     * What was paid, net, into accounts after a day of each, up to the view's, and has not come back. An account whose transactions are
     * unavailable at present is not in the answer.
     *
     * @param days by account
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public Map<String, Money> paidAfter(Map<String, LocalDate> days, View view) {
        long position = position(view);
        Map<String, Money> paid = new HashMap<>();
        Rows after = new Rows("after", "id text", "day date");
        Set<String> unavailable = unavailable(position);
        days.forEach((account, day) -> {
            if (!unavailable.contains(account)) {
                paid.put(account, Money.ZERO);
                after.add(account, day);
            }
        });
        after.over(jdbc(), """
                        SELECT rows.id, sum(t.pence)::bigint FROM rows JOIN account_transaction t ON t.account_id = rows.id
                           AND t.occurred_on > rows.day AND t.kind = 'PAYMENT'
                         WHERE t.occurred_on <= :asOf AND t.position <= :position
                           AND NOT EXISTS (SELECT FROM account_transaction r
                                WHERE r.account_id = t.account_id AND r.kind = 'PAYMENT_RETURN' AND r.reverses = t.transaction_id
                                  AND r.occurred_on <= :asOf AND r.position <= :position)
                         GROUP BY rows.id""")
                .param("asOf", view.asOf())
                .param("position", position)
                .query((row, i) -> paid.put(row.getString(1), Money.ofPence(row.getLong(2))))
                .list();
        return paid;
    }

    /**
     * Whether an expenditure stands in an account.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public boolean hasExpenditure(String accountId, String expenditureId, View view) {
        long position = position(view);
        require(accountId, position);
        return jdbc().sql("""
                        SELECT EXISTS (SELECT FROM account_transaction
                                        WHERE account_id = :account AND transaction_id = :expenditure
                                          AND kind = 'EXPENDITURE' AND position <= :position)""")
                .param("account", accountId)
                .param("expenditure", expenditureId)
                .param("position", position)
                .query(Boolean.class)
                .single();
    }

    /** An expenditure of an account. */
    public record Spent(String accountId, String expenditureId) {}

    /**
     * Those of some expenditures of which something is left: made by the view's day, and neither reversed nor refunded in whole.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public Set<Spent> standing(Collection<Spent> expenditures, View view) {
        long position = position(view);
        Rows rows = new Rows("spent", "account_id text", "expenditure_id text");
        expenditures.forEach(spent -> {
            require(spent.accountId, position);
            rows.add(spent.accountId, spent.expenditureId);
        });
        if (rows.isEmpty()) {
            return Set.of();
        }
        return Set.copyOf(rows.over(jdbc(), """
                        SELECT rows.account_id, rows.expenditure_id
                          FROM rows JOIN account_transaction t ON t.account_id = rows.account_id
                           AND (t.kind = 'EXPENDITURE' AND t.transaction_id = rows.expenditure_id
                             OR t.kind IN ('REVERSAL', 'REFUND') AND t.reverses = rows.expenditure_id)
                         WHERE t.occurred_on <= :asOf AND t.position <= :position
                         GROUP BY rows.account_id, rows.expenditure_id HAVING sum(t.pence) < 0""")
                .param("asOf", view.asOf())
                .param("position", position)
                .query(Spent.class)
                .list());
    }

    /**
     * What was recorded of days up to the view's after a position, in the order in which it was; running balances are not worked out.
     *
     * @param limit the most transactions
     */
    public List<Transaction> recordedAfter(String accountId, long after, int limit, View view) {
        long position = position(view);
        require(accountId, position);
        return jdbc().sql("""
                        SELECT t.*, t.category AS category_known, NULL AS reversed_by FROM account_transaction t
                         WHERE account_id = :account AND occurred_on <= :asOf AND position > :after AND position <= :position
                         ORDER BY position LIMIT :limit""")
                .param("account", accountId)
                .param("asOf", view.asOf())
                .param("after", after)
                .param("position", position)
                .param("limit", limit)
                .query(AccountTransactions::transaction)
                .list();
    }

    /**
     * What has moved on an account up to the view's day, added up by kind: money in positive. A kind that there is none of is not in the answer.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public Map<Kind, Money> totals(String accountId, View view) {
        long position = position(view);
        require(accountId, position);
        Map<Kind, Money> totals = new EnumMap<>(Kind.class);
        jdbc().sql("""
                        SELECT kind, sum(pence)::bigint FROM account_transaction
                         WHERE account_id = :account AND occurred_on <= :asOf AND position <= :position GROUP BY kind""")
                .param("account", accountId)
                .param("asOf", view.asOf())
                .param("position", position)
                .query((row, i) -> totals.put(Kind.valueOf(row.getString(1)), Money.ofPence(row.getLong(2))))
                .list();
        return totals;
    }

    /** One transaction by its id; its running balance is not worked out. */
    public Optional<Transaction> find(String accountId, String transactionId, View view) {
        long position = position(view);
        require(accountId, position);
        return jdbc().sql("""
                        SELECT t.*, t.category AS category_known, NULL AS reversed_by FROM account_transaction t
                         WHERE account_id = :account AND transaction_id = :id AND position <= :position
                         ORDER BY position LIMIT 1""")
                .param("account", accountId)
                .param("id", transactionId)
                .param("position", position)
                .query(AccountTransactions::transaction)
                .optional();
    }

    private List<Transaction> running(String accountId, List<Transaction> rows, View view) {
        Transaction first = rows.get(0);
        Money balance = balances.before(accountId, first.on, first.position, view);
        List<Transaction> running = new ArrayList<>(rows.size());
        for (Transaction row : rows) {
            balance = balance.plus(row.amount);
            running.add(row.after(balance));
        }
        return running;
    }

    private static Transaction transaction(ResultSet row, int i) throws SQLException {
        String payee = row.getString("payee");
        String sources = row.getString("funding_sources");
        return new Transaction(
                row.getString("transaction_id"),
                Kind.valueOf(row.getString("kind")),
                row.getObject("occurred_on", LocalDate.class),
                row.getLong("position"),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                row.getString("recorded_by"),
                Money.ofPence(row.getLong("pence")),
                Arrays.stream(sources.split(",")).map(FundingSource::valueOf).toList(),
                payee == null ? null : new Sealed(payee),
                row.getString("category_known"),
                row.getString("mcc"),
                row.getString("reverses"),
                row.getString("reversed_by"),
                Money.ZERO);
    }
}
