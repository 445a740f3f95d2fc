package uk.directpayments.ledger.budget;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.Terms.YearlyAmount;
import uk.directpayments.ledger.budget.BudgetEntry.Account;
import uk.directpayments.ledger.budget.BudgetEntry.Consent;
import uk.directpayments.ledger.budget.BudgetEvent.AccountAttached;
import uk.directpayments.ledger.budget.BudgetEvent.AccountDetached;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetFinalised;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRefused;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRequested;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.DisputeClosed;
import uk.directpayments.ledger.budget.BudgetEvent.DisputeOpened;
import uk.directpayments.ledger.budget.BudgetEvent.IndicativeAmountSet;
import uk.directpayments.ledger.budget.BudgetEvent.LineRevised;
import uk.directpayments.ledger.budget.BudgetEvent.LineRouteRequested;
import uk.directpayments.ledger.budget.BudgetEvent.LineRouted;
import uk.directpayments.ledger.budget.BudgetEvent.PaidBeforeReduced;
import uk.directpayments.ledger.budget.BudgetEvent.PanelDecisionRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.RelativeAgreementWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.RelativePaymentAgreed;
import uk.directpayments.ledger.budget.BudgetEvent.ReviewRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.TopUpAgreed;
import uk.directpayments.ledger.kernel.Lists;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** Every budget and each of its earlier versions, and which accounts have used its lines. */
@Component
public class BudgetRegister extends Projection<BudgetRegister.Buffer> {

    /** PostgreSQL's last day: when a schedule, which has paid nothing yet, counts as having paid. */
    private static final String NOT_PAID = "infinity";

    /** The status on a day, as {@link BudgetEntry#status} derives it. */
    private static final String STATUS = """
            CASE WHEN least((document -> 'end' ->> 'decidedOn')::date, (document -> 'end' ->> 'diedOn')::date) <= :asOf::date
                 THEN 'ENDED'
                 ELSE (SELECT CASE WHEN stage ->> 'status' = 'FINAL' AND EXISTS (
                                     SELECT 1 FROM jsonb_array_elements(document -> 'accounts') AS account
                                       JOIN budget_line_use ON account_id = account ->> 'accountId'
                                      WHERE position <= :position AND paid_on <= :asOf::date)
                              THEN 'ACTIVE' ELSE stage ->> 'status' END
                         FROM jsonb_array_elements(document -> 'stages') WITH ORDINALITY AS stages (stage, n)
                        WHERE (stage ->> 'on')::date <= :asOf::date
                        ORDER BY n DESC LIMIT 1)
            END""";

    private final Versions<BudgetEntry> entries = new Versions<>("budget_register", BudgetEntry.class);

    BudgetRegister() {
        super("budget-register", Order.BY_PERSON, "budget_register", "budget_line_use");
    }

    /** What a batch changes. */
    public static final class Buffer {

        private record Line(String accountId, String lineId) {}

        private record Use(LocalDate paidOn, long position) {}

        private final Versions.Changes<BudgetEntry> entries;
        private final Map<Line, List<Use>> uses = new LinkedHashMap<>();

        private Buffer(Versions.Changes<BudgetEntry> entries) {
            this.entries = entries;
        }

        /** Keeps what is earlier than all before it: the rows are the same, however the log is cut into batches. */
        private void use(String accountId, String lineId, LocalDate paidOn, long position) {
            List<Use> known = uses.computeIfAbsent(new Line(accountId, lineId), none -> new ArrayList<>());
            if (known.isEmpty() || paidOn.isBefore(known.get(known.size() - 1).paidOn())) {
                known.add(new Use(paidOn, position));
            }
        }
    }

    // ── events ───────────────────────────────────────────────────────────────────────────────────────────────────

    @When
    void on(BudgetRequested e, Recorded at, Buffer buffer) {
        buffer.entries.open(e.budgetId(), at, BudgetEntry.of(e, at));
    }

    @When
    void on(IndicativeAmountSet e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.stage(BudgetStatus.INDICATIVE, e.amount(), at));
    }

    @When
    void on(PanelDecisionRecorded e, Recorded at, Buffer buffer) {
        BudgetStatus decided = e.amount() == null ? BudgetStatus.DEFERRED : BudgetStatus.APPROVED;
        buffer.entries.change(at.id(), at, old -> old.stage(decided, e.amount(), at));
    }

    @When
    void on(BudgetRefused e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.stage(BudgetStatus.REFUSED, null, at));
    }

    @When
    void on(BudgetFinalised e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.finalised(e, at));
    }

    @When
    void on(LineRevised e, Recorded at, Buffer buffer) {
        YearlyAmount revision = new YearlyAmount(e.from(), e.annualAmount());
        buffer.entries.change(
                at.id(),
                at,
                old -> old.line(e.lineId(), line -> line.worth(BudgetRules.revised(line.amounts(), revision)), at));
    }

    @When
    void on(RelativePaymentAgreed e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.care(old.care().relative(e), at));
    }

    @When
    void on(RelativeAgreementWithdrawn e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.care(old.care().withdrawn(e), at));
    }

    @When
    void on(ReviewRecorded e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.care(old.care().review(e), at));
    }

    @When
    void on(DisputeOpened e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.care(old.care().dispute(e), at));
    }

    @When
    void on(DisputeClosed e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.care(old.care().closed(e.disputeId(), e.on(), e.outcome()), at));
    }

    @When
    void on(TopUpAgreed e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.topUp(e, at));
    }

    @When
    void on(ConsentRecorded e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.consents(Lists.and(old.consents(), new Consent(e, null)), at));
    }

    @When
    void on(ConsentWithdrawn e, Recorded at, Buffer buffer) {
        buffer.entries.change(
                at.id(),
                at,
                old -> old.consents(
                        old.consents().stream()
                                .map(one -> one.given().consentId().equals(e.consentId())
                                        ? new Consent(one.given(), e.on())
                                        : one)
                                .toList(),
                        at));
    }

    @When
    void on(BudgetEnded e, Recorded at, Buffer buffer) {
        buffer.entries.change(at.id(), at, old -> old.ended(e, at));
    }

    @When
    void on(AccountAttached e, Recorded at, Buffer buffer) {
        buffer.entries.change(
                at.id(), at, old -> old.accounts(Lists.and(old.accounts(), new Account(e.accountId(), true)), at));
    }

    @When
    void on(AccountDetached e, Recorded at, Buffer buffer) {
        buffer.entries.change(
                at.id(),
                at,
                old -> old.lines(
                                line -> e.accountId().equals(line.accountId())
                                        ? line.paidThrough(
                                                null,
                                                line.paidBefore()
                                                        .plus(e.paid()
                                                                .getOrDefault(
                                                                        line.agreed()
                                                                                .lineId(),
                                                                        Money.ZERO)))
                                        : line,
                                at)
                        .accounts(
                                old.accounts().stream()
                                        .map(one -> one.accountId().equals(e.accountId())
                                                ? new Account(one.accountId(), false)
                                                : one)
                                        .toList(),
                                at));
    }

    /** Until the old account has let go of it the line is paid through none. */
    @When
    void on(LineRouteRequested e, Recorded at, Buffer buffer) {
        buffer.entries.change(
                at.id(), at, old -> old.line(e.lineId(), line -> line.paidThrough(null, line.paidBefore()), at));
    }

    @When
    void on(LineRouted e, Recorded at, Buffer buffer) {
        buffer.entries.change(
                at.id(), at, old -> old.line(e.lineId(), line -> line.paidThrough(e.accountId(), e.paidBefore()), at));
    }

    @When
    void on(PaidBeforeReduced e, Recorded at, Buffer buffer) {
        buffer.entries.change(
                at.id(),
                at,
                old -> old.line(
                        e.lineId(),
                        line -> line.paidThrough(
                                line.accountId(), line.paidBefore().minus(e.amount())),
                        at));
    }

    @When
    void on(InstalmentsScheduled e, Recorded at, Buffer buffer) {
        buffer.use(at.account(), e.lineId(), LocalDate.MAX, at.position());
    }

    @When
    void on(PaymentIssued e, Recorded at, Buffer buffer) {
        buffer.use(at.account(), e.lineId(), e.on(), at.position());
    }

    @Override
    protected Buffer buffer() {
        return new Buffer(entries.changes());
    }

    @Override
    protected void write(Buffer buffer) {
        entries.write(jdbc(), buffer.entries);
        Rows uses = new Rows("budget_line_use", "account_id text", "line_id text", "paid_on date", "position bigint");
        buffer.uses.forEach((line, list) -> list.forEach(use -> uses.add(
                line.accountId(),
                line.lineId(),
                use.paidOn().equals(LocalDate.MAX) ? NOT_PAID : use.paidOn(),
                use.position())));
        uses.unnest(jdbc(), """
                INSERT INTO budget_line_use (account_id, line_id, paid_on, position)
                SELECT account_id, line_id, paid_on, position FROM rows
                 WHERE NOT EXISTS (SELECT 1 FROM budget_line_use AS known
                                    WHERE known.account_id = rows.account_id AND known.line_id = rows.line_id
                                      AND known.paid_on <= rows.paid_on)""");
    }

    // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    /** The same view, pinned to the position that this register answers it at: for several reads of one answer. */
    public View pinned(View view) {
        return view.at(position(view));
    }

    /** A budget as the view sees it; empty if it was not known by then. One index probe. */
    public Optional<BudgetEntry> find(String budgetId, View view) {
        long position = position(view);
        Optional<BudgetEntry> entry = entries.find(jdbc(), budgetId, position);
        entry.ifPresent(found -> require(found.personId(), position));
        return entry;
    }

    /** All budgets of a person, in the order of their ids. */
    public List<BudgetEntry> ofPerson(String personId, View view) {
        long position = position(view);
        require(personId, position);
        return entries.list(jdbc(), position, "person_id = :person ORDER BY id", Map.of("person", personId));
    }

    /**
     * Budgets in the order of their ids.
     *
     * @param among  only these, if present
     * @param after  the id before the first, or null
     * @param most   the most to answer
     * @param status on the view's day, or null for all
     */
    public List<BudgetEntry> list(
            @Nullable String personId,
            @Nullable BudgetStatus status,
            Optional<Set<String>> among,
            View view,
            @Nullable String after,
            int most) {
        Map<String, Object> parameters = new HashMap<>();
        StringBuilder condition = new StringBuilder("document -> 'request' ->> 'requestedOn' <= :asOf");
        parameters.put("asOf", view.asOf().toString());
        if (personId != null) {
            condition.append(" AND person_id = :person");
            parameters.put("person", personId);
        }
        among.ifPresent(budgets -> {
            condition.append(" AND id = ANY(:among)");
            parameters.put("among", budgets.toArray(String[]::new));
        });
        if (status != null) {
            condition.append(" AND ").append(STATUS).append(" = :status");
            parameters.put("status", status.name());
        }
        if (after != null) {
            condition.append(" AND id > :after");
            parameters.put("after", after);
        }
        condition.append(" ORDER BY id LIMIT :most");
        parameters.put("most", most);
        return entries.list(jdbc(), position(view), condition.toString(), parameters);
    }

    /** The persons whose budgets cannot be shown at present. */
    public Set<String> unavailablePersons(View view) {
        return unavailable(position(view));
    }

    /** By account, the day of the first payment that it made, as far as it made any by the view's day. */
    public Map<String, LocalDate> firstPaidOn(Collection<String> accountIds, View view) {
        Map<String, LocalDate> first = new HashMap<>();
        jdbc().sql("""
                        SELECT account_id, min(paid_on) FROM budget_line_use
                         WHERE account_id = ANY(:accounts) AND position <= :position AND paid_on <= :asOf::date
                         GROUP BY account_id""")
                .param("accounts", accountIds.toArray(String[]::new))
                .param("position", position(view))
                .param("asOf", view.asOf().toString())
                .query((row, i) -> first.put(row.getString(1), row.getObject(2, LocalDate.class)))
                .list();
        return first;
    }

    /** True if an account has ever paid or scheduled on a line. */
    boolean used(String accountId, String lineId, View view) {
        return jdbc().sql("""
                        SELECT EXISTS (SELECT 1 FROM budget_line_use
                                        WHERE account_id = :account AND line_id = :line AND position <= :position)""")
                .param("account", accountId)
                .param("line", lineId)
                .param("position", position(view))
                .query(Boolean.class)
                .single();
    }
}
