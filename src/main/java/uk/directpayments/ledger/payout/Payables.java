package uk.directpayments.ledger.payout;

import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.AccountClosed;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountResumed;
import uk.directpayments.ledger.account.AccountEvent.AccountSuspended;
import uk.directpayments.ledger.account.AccountEvent.AllocationCarried;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsApproved;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsRecomputed;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.LineRefunded;
import uk.directpayments.ledger.account.AccountEvent.LineReleased;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.Suspension;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentWithdrawn;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.organisation.OrganisationEvent.OrganisationRegistered;
import uk.directpayments.ledger.payout.RunEvent.Item;
import uk.directpayments.ledger.payout.RunEvent.ItemHeld;
import uk.directpayments.ledger.payout.RunEvent.ItemReleased;
import uk.directpayments.ledger.payout.RunEvent.ItemsSelected;
import uk.directpayments.ledger.payout.RunEvent.Outcome;
import uk.directpayments.ledger.payout.RunEvent.PaymentsIssued;
import uk.directpayments.ledger.payout.RunEvent.RunApproved;
import uk.directpayments.ledger.payout.RunEvent.RunClosed;
import uk.directpayments.ledger.payout.Steps.Change;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/**
 * What could be paid now: instalments that no payment and no run has taken, and all that must be known of an account to judge them. In the order
 * of the log, so that nothing is ever missing from it: if an event cannot be applied it stops, and no run can be created.
 */
@Component
class Payables extends Projection<Payables.Buffer> {

    private static final String[] LINE = {"account_id text", "line_id text", "pence bigint", "payments integer"};
    private static final String[] INSTALMENT = {"account_id text", "instalment_id text"};

    private static final Change SCHEDULED = new Change(
            "INSERT INTO payables_instalment SELECT account_id, instalment_id, line_id, pay_on, counts_on, pence, contribution FROM rows",
            "account_id text",
            "instalment_id text",
            "line_id text",
            "pay_on date",
            "counts_on date",
            "pence bigint",
            "contribution bigint");

    private static final Change RECOMPUTED =
            new Change("""
            UPDATE payables_instalment i SET pence = newest.pence, contribution = newest.contribution
              FROM (SELECT DISTINCT ON (account_id, instalment_id) * FROM rows
                     ORDER BY account_id, instalment_id, ord DESC) newest
             WHERE i.account_id = newest.account_id AND i.instalment_id = newest.instalment_id""", "account_id text", "instalment_id text", "pence bigint", "contribution bigint");

    private static final Change PAID = new Change("""
            UPDATE payables_instalment i SET paid = true FROM rows
             WHERE i.account_id = rows.account_id AND i.instalment_id = rows.instalment_id""", INSTALMENT);

    private static final Change UNPAID = new Change("""
            UPDATE payables_instalment i SET paid = false FROM rows
             WHERE i.account_id = rows.account_id AND i.instalment_id = rows.instalment_id""", INSTALMENT);

    private static final Change MOVED = new Change("""
            INSERT INTO payables_line AS l (account_id, line_id, pence, payments)
            SELECT account_id, line_id, sum(pence), sum(payments) FROM rows GROUP BY account_id, line_id
            ON CONFLICT (account_id, line_id) DO UPDATE
               SET pence = l.pence + excluded.pence, payments = l.payments + excluded.payments""", LINE);

    private static final Change CLAIMED = new Change(
            "INSERT INTO payables_claim SELECT account_id, instalment_id, run_id, number, held FROM rows",
            "account_id text",
            "instalment_id text",
            "run_id text",
            "number integer",
            "held boolean");

    private static final Change HELD = new Change(
            "UPDATE payables_claim c SET held = true FROM rows WHERE c.run_id = rows.run_id AND c.number = rows.number",
            "run_id text",
            "number integer");

    private static final Change RELEASED = new Change(
            "UPDATE payables_claim c SET held = false FROM rows WHERE c.run_id = rows.run_id AND c.number = rows.number",
            "run_id text",
            "number integer");

    private static final Change REFUSED = new Change(
            "DELETE FROM payables_claim c USING rows WHERE c.run_id = rows.run_id AND c.number = rows.number",
            "run_id text",
            "number integer");

    private static final Change SETTLED = new Change("""
            DELETE FROM payables_claim c USING rows
             WHERE c.account_id = rows.account_id AND c.instalment_id = rows.instalment_id""", INSTALMENT);

    private static final Change HELD_GIVEN_UP = new Change(
            "DELETE FROM payables_claim c USING rows WHERE c.run_id = rows.run_id AND c.held", "run_id text");

    private static final Change GIVEN_UP =
            new Change("DELETE FROM payables_claim c USING rows WHERE c.run_id = rows.run_id", "run_id text");

    /** What a batch of events changes; each table keeps its own order. */
    static final class Buffer {
        private final Versions.Changes<Account> accounts;
        private final Versions.Changes<Payee> payees;
        private final Steps instalments = new Steps();
        private final Steps lines = new Steps();
        private final Steps claims = new Steps();

        private Buffer(Versions.Changes<Account> accounts, Versions.Changes<Payee> payees) {
            this.accounts = accounts;
            this.payees = payees;
        }
    }

    /** What must be known of an account to pay it. {@code bankChangedOn} is null while its first bank details hold. */
    record Account(
            String accountId,
            String personId,
            String budgetId,
            HolderType holderType,
            @Nullable String organisationId,
            @Nullable Sealed bankDetails,
            @Nullable String bankToken,
            @Nullable LocalDate bankChangedOn,
            List<Suspension> suspensions,
            @Nullable LocalDate diedOn,
            @Nullable LocalDate closedOn,
            Terms terms) {

        boolean suspendedOn(LocalDate day) {
            return suspensions.stream().anyMatch(suspension -> suspension.covers(day));
        }

        private Account paidTo(BankDetailsApproved e) {
            return new Account(
                    accountId,
                    personId,
                    budgetId,
                    holderType,
                    organisationId,
                    e.bankDetails(),
                    e.bankToken(),
                    e.on(),
                    suspensions,
                    diedOn,
                    closedOn,
                    terms);
        }

        private Account terms(Terms changed) {
            return with(suspensions, diedOn, closedOn, changed);
        }

        private Account suspensions(List<Suspension> changed) {
            return with(changed, diedOn, closedOn, terms);
        }

        private Account with(
                List<Suspension> suspensions, @Nullable LocalDate diedOn, @Nullable LocalDate closedOn, Terms terms) {
            return new Account(
                    accountId,
                    personId,
                    budgetId,
                    holderType,
                    organisationId,
                    bankDetails,
                    bankToken,
                    bankChangedOn,
                    suspensions,
                    diedOn,
                    closedOn,
                    terms);
        }
    }

    /** An instalment that is due. */
    record Due(
            String accountId,
            String instalmentId,
            String lineId,
            LocalDate payOn,
            LocalDate countsOn,
            Money amount,
            Money contribution) {}

    /** What a line has been paid through an account, and in how many payments: what came back does not count. */
    record Paid(Money amount, int payments) {

        static final Paid NOTHING = new Paid(Money.ZERO, 0);
    }

    /** Due instalments of some accounts, with all that is known of these. */
    record Part(
            List<Due> due,
            Map<String, Account> accounts,
            Map<String, Map<String, Paid>> paid,
            Map<String, Payee> payees) {}

    private final Versions<Account> accounts = new Versions<>("payables_account", Account.class);
    private final Versions<Payee> payees = new Versions<>("payables_payee", Payee.class);

    Payables() {
        super(
                "payables",
                Order.BY_LOG,
                "payables_instalment",
                "payables_line",
                "payables_account",
                "payables_payee",
                "payables_claim");
    }

    // ── accounts ─────────────────────────────────────────────────────────────────────────────────────────────────

    @When
    void on(AccountOpened e, Recorded at, Buffer buffer) {
        buffer.accounts.open(
                e.accountId(),
                at,
                new Account(
                        e.accountId(),
                        e.personId(),
                        e.budgetId(),
                        e.holderType(),
                        e.organisationId(),
                        e.bankDetails(),
                        e.bankToken(),
                        null,
                        List.of(),
                        null,
                        null,
                        e.terms()));
    }

    @When
    void on(BankDetailsApproved e, Recorded at, Buffer buffer) {
        buffer.accounts.change(at.account(), at, old -> old.paidTo(e));
    }

    @When
    void on(AllocationCarried e, Recorded at, Buffer buffer) {
        buffer.accounts.change(at.account(), at, old -> old.terms(e.terms()));
    }

    @When
    void on(LineReleased e, Recorded at, Buffer buffer) {
        buffer.accounts.change(at.account(), at, old -> old.terms(old.terms.released(e.lineId(), e.paid())));
        buffer.lines.add(MOVED, at.account(), e.lineId(), e.paid().negated().pence(), 0);
    }

    @When
    void on(LineRefunded e, Recorded at, Buffer buffer) {
        buffer.lines.add(MOVED, at.account(), e.lineId(), e.amount().pence(), 0);
    }

    @When
    void on(AccountSuspended e, Recorded at, Buffer buffer) {
        buffer.accounts.change(at.account(), at, old -> old.suspensions(Suspension.begun(old.suspensions, e.from())));
    }

    @When
    void on(AccountResumed e, Recorded at, Buffer buffer) {
        buffer.accounts.change(at.account(), at, old -> old.suspensions(Suspension.ended(old.suspensions, e.on())));
    }

    @When
    void on(DeathNoted e, Recorded at, Buffer buffer) {
        buffer.accounts.change(at.account(), at, old -> old.with(old.suspensions, e.on(), old.closedOn, old.terms));
    }

    @When
    void on(AccountClosed e, Recorded at, Buffer buffer) {
        buffer.accounts.change(at.account(), at, old -> old.with(old.suspensions, old.diedOn, e.on(), old.terms));
    }

    @When
    void on(ConsentRecorded e, Recorded at, Buffer buffer) {
        String id = "budget/" + at.id();
        buffer.payees.putOrChange(id, at, old -> (old == null ? Payee.ofBudget(id) : old).consented(e));
    }

    @When
    void on(ConsentWithdrawn e, Recorded at, Buffer buffer) {
        buffer.payees.change("budget/" + at.id(), at, old -> old.withdrawn(e));
    }

    @When
    void on(OrganisationRegistered e, Recorded at, Buffer buffer) {
        String id = "organisation/" + e.organisationId();
        buffer.payees.open(id, at, Payee.ofOrganisation(id, e.name()));
    }

    // ── instalments and payments ─────────────────────────────────────────────────────────────────────────────────

    @When
    void on(InstalmentsScheduled e, Recorded at, Buffer buffer) {
        for (Instalment instalment : e.instalments()) {
            buffer.instalments.add(
                    SCHEDULED,
                    at.account(),
                    instalment.instalmentId(),
                    e.lineId(),
                    instalment.payOn(),
                    e.countsOn(instalment),
                    instalment.amount().pence(),
                    instalment.contribution().pence());
        }
    }

    @When
    void on(InstalmentsRecomputed e, Recorded at, Buffer buffer) {
        for (Instalment instalment : e.instalments()) {
            buffer.instalments.add(
                    RECOMPUTED,
                    at.account(),
                    instalment.instalmentId(),
                    instalment.amount().pence(),
                    instalment.contribution().pence());
        }
    }

    @When
    void on(PaymentIssued e, Recorded at, Buffer buffer) {
        buffer.lines.add(MOVED, at.account(), e.lineId(), e.amount().pence(), 1);
        if (e.instalmentId() != null) {
            buffer.instalments.add(PAID, at.account(), e.instalmentId());
            buffer.claims.add(SETTLED, at.account(), e.instalmentId());
        }
    }

    @When
    void on(PaymentReturned e, Recorded at, Buffer buffer) {
        buffer.lines.add(MOVED, at.account(), e.lineId(), e.amount().negated().pence(), -1);
        if (e.instalmentId() != null) {
            buffer.instalments.add(UNPAID, at.account(), e.instalmentId());
        }
    }

    // ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @When
    void on(ItemsSelected e, Recorded at, Buffer buffer) {
        for (Item item : e.items()) {
            buffer.claims.add(CLAIMED, item.accountId(), item.instalmentId(), at.id(), item.number(), item.held());
        }
    }

    @When
    void on(ItemHeld e, Recorded at, Buffer buffer) {
        buffer.claims.add(HELD, at.id(), e.number());
    }

    @When
    void on(ItemReleased e, Recorded at, Buffer buffer) {
        buffer.claims.add(RELEASED, at.id(), e.number());
    }

    @When
    void on(RunApproved e, Recorded at, Buffer buffer) {
        buffer.claims.add(HELD_GIVEN_UP, at.id());
    }

    @When
    void on(PaymentsIssued e, Recorded at, Buffer buffer) {
        for (Outcome outcome : e.outcomes()) {
            if (outcome.refusedAs() != null) {
                buffer.claims.add(REFUSED, at.id(), outcome.number());
            }
        }
    }

    @When
    void on(RunClosed e, Recorded at, Buffer buffer) {
        buffer.claims.add(GIVEN_UP, at.id());
    }

    @Override
    protected Buffer buffer() {
        return new Buffer(accounts.changes(), payees.changes());
    }

    @Override
    protected void write(Buffer buffer) {
        accounts.write(jdbc(), buffer.accounts);
        payees.write(jdbc(), buffer.payees);
        buffer.instalments.write(jdbc());
        buffer.lines.write(jdbc());
        buffer.claims.write(jdbc());
    }

    // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    /** The position that the next reads include. @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED} */
    long reached(LocalDate today) {
        return position(View.now(today));
    }

    /**
     * Due instalments that no run has taken, by account, day and id; none with nothing to pay. Their accounts as they stood at a position, so that it
     * can be told later whether money that goes where they said goes elsewhere meanwhile.
     *
     * @param after the last of the part before, or null
     */
    Part due(LocalDate cutOff, @Nullable Due after, int most, long knownTo) {
        List<Due> due = jdbc().sql("""
                        SELECT * FROM payables_instalment i
                         WHERE NOT paid AND pay_on <= :cutOff AND pence > contribution
                           AND (account_id, pay_on, instalment_id) > (:account, :payOn, :instalment)
                           AND NOT EXISTS (SELECT FROM payables_claim c
                                            WHERE c.account_id = i.account_id AND c.instalment_id = i.instalment_id)
                         ORDER BY account_id, pay_on, instalment_id LIMIT :most""")
                .param("cutOff", cutOff)
                .param("account", after == null ? "" : after.accountId)
                .param("payOn", after == null ? LocalDate.EPOCH : after.payOn)
                .param("instalment", after == null ? "" : after.instalmentId)
                .param("most", most)
                .query((row, i) -> new Due(
                        row.getString("account_id"),
                        row.getString("instalment_id"),
                        row.getString("line_id"),
                        row.getObject("pay_on", LocalDate.class),
                        row.getObject("counts_on", LocalDate.class),
                        Money.ofPence(row.getLong("pence")),
                        Money.ofPence(row.getLong("contribution"))))
                .list();
        String[] ids = due.stream().map(Due::accountId).distinct().toArray(String[]::new);
        Map<String, Account> found = accounts.list(jdbc(), knownTo, "id = ANY(:ids)", Map.of("ids", ids)).stream()
                .collect(Collectors.toMap(Account::accountId, account -> account));
        return new Part(
                due,
                found,
                paid(ids),
                payees(found.values().stream().map(Payables::payee).collect(Collectors.toSet())));
    }

    /**
     * The accounts, of some, whose money lay elsewhere at a position than it did at an earlier one.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    Set<String> movedBank(Collection<String> accountIds, long earlier, View view) {
        return jdbc().sql("""
                        SELECT was.id FROM payables_account was JOIN payables_account now USING (id)
                         WHERE was.id = ANY(:ids)
                           AND was.from_position <= :earlier AND was.until_position > :earlier
                           AND now.from_position <= :position AND now.until_position > :position
                           AND was.document ->> 'bankToken' IS DISTINCT FROM now.document ->> 'bankToken'""")
                .param("ids", accountIds.toArray(String[]::new))
                .param("earlier", earlier)
                .param("position", position(view))
                .query(String.class)
                .set();
    }

    private Map<String, Map<String, Paid>> paid(String[] accountIds) {
        Map<String, Map<String, Paid>> paid = new HashMap<>();
        jdbc().sql("SELECT * FROM payables_line WHERE account_id = ANY(:ids)")
                .param("ids", accountIds)
                .query((row, i) -> paid.computeIfAbsent(row.getString("account_id"), none -> new HashMap<>())
                        .put(
                                row.getString("line_id"),
                                new Paid(Money.ofPence(row.getLong("pence")), row.getInt("payments"))))
                .list();
        return paid;
    }

    private Map<String, Payee> payees(Set<String> ids) {
        return payees
                .list(jdbc(), Versions.OPEN - 1, "id = ANY(:ids)", Map.of("ids", ids.toArray(String[]::new)))
                .stream()
                .collect(Collectors.toMap(Payee::id, payee -> payee));
    }

    /** The key under which an account's payee is known. */
    static String payee(Account account) {
        return account.holderType == HolderType.ORGANISATION && account.organisationId != null
                ? "organisation/" + account.organisationId
                : "budget/" + account.budgetId;
    }
}
