package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.AccountClosed;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountResumed;
import uk.directpayments.ledger.account.AccountEvent.AccountSuspended;
import uk.directpayments.ledger.account.AccountEvent.AllocationCarried;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsProposed;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.LineRefunded;
import uk.directpayments.ledger.account.AccountEvent.LineReleased;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.ReserveApproved;
import uk.directpayments.ledger.account.AccountEvent.ReserveReleased;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.LedgerStream;
import uk.directpayments.ledger.platform.Streams;

/** One dedicated account into which a direct payment goes and from which care is paid. Rulebook 7.2. */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName(value = "snapshot.account", revision = 7)
class PaymentAccount extends LedgerStream<AccountEvent> {

    private final AccountState state = new AccountState();

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(AccountCommand.OpenAccount c) {
        AccountRules.open(state, c);
        record(
                new AccountOpened(
                        c.accountId(),
                        c.budgetId(),
                        c.personId(),
                        c.legalBasis(),
                        c.type(),
                        c.holderType(),
                        c.organisationId(),
                        c.dedicated(),
                        c.bankDetails(),
                        c.bankToken(),
                        c.openedOn(),
                        c.terms(),
                        c.termsAt()),
                c.openedOn(),
                c.personId(),
                c.accountId());
    }

    @CommandHandler
    void handle(AccountCommand.ProposeBankDetails c) {
        AccountRules.requireNotClosed(state);
        record(new BankDetailsProposed(c.changeId(), c.bankDetails(), c.bankToken(), c.by()), c.today());
    }

    @CommandHandler
    void handle(AccountCommand.ApproveBankDetails c) {
        record(AccountRules.approveBankDetails(state, c), c.today());
    }

    // ── what the budget says ─────────────────────────────────────────────────────────────────────────────────────

    @CommandHandler
    void handle(AccountCommand.CarryAllocation c) {
        if (c.terms().budgetSequence() > state.terms.budgetSequence()) {
            recordAndPlan(new AllocationCarried(c.terms()), c.today(), c.today());
        }
    }

    /** Somebody may have scheduled on the line since the budget asked for it: that is to be paid no more. */
    @CommandHandler
    void handle(AccountCommand.ReleaseLine c) {
        recordAndPlan(new LineReleased(c.lineId(), state.paid(c.lineId())), c.today(), c.today());
    }

    @CommandHandler
    void handle(AccountCommand.NoteDeath c) {
        if (!c.on().equals(state.diedOn)) {
            recordAndPlan(new DeathNoted(c.on()), c.on(), c.on());
        }
    }

    /** Records what may change what is still to be paid, and which instalments are agreed anew because of it. */
    private void recordAndPlan(AccountEvent event, LocalDate on, LocalDate today) {
        Map<String, Instalment> before = ScheduleRules.planned(state, today);
        record(event, on);
        ScheduleRules.recomputed(state, before, today).forEach(recomputed -> record(recomputed, today));
    }

    // ── money in ─────────────────────────────────────────────────────────────────────────────────────────────────

    @CommandHandler
    void handle(AccountCommand.ScheduleInstalments c) {
        InstalmentsScheduled scheduled = ScheduleRules.schedule(state, c);
        record(scheduled, scheduled.countsFrom());
    }

    @CommandHandler
    void handle(AccountCommand.IssuePayment c) {
        record(AccountRules.issue(state, c), c.on());
    }

    @CommandHandler
    void handle(AccountCommand.ReturnPayment c) {
        AccountState.Payment payment = state.payments.get(c.paymentId());
        if (payment == null) {
            throw new RuleBroken("PAYMENT_NOT_FOUND", "There is no such payment on this account.");
        }
        if (payment.returned()) {
            throw new RuleBroken("ALREADY_RETURNED", "This payment has come back already.");
        }
        Require.notFuture(c.on(), c.today());
        PaymentIssued p = payment.issued();
        if (c.on().isBefore(p.on())) {
            throw new RuleBroken("DATE_BEFORE_START", "The payment was made on " + p.on() + ".", "on");
        }
        recordAndPlan(
                new PaymentReturned(
                        p.paymentId(),
                        p.lineId(),
                        p.source(),
                        p.instalmentId(),
                        p.amount(),
                        p.contribution(),
                        p.net(),
                        c.reasonCode(),
                        c.on()),
                c.on(),
                c.today());
        if (!state.counts(p.lineId())) {
            record(new LineRefunded(p.lineId(), p.amount()), c.on());
        }
    }

    @CommandHandler
    void handle(AccountCommand.ReceiveTopUp c) {
        Require.positive(c.amount(), "amount");
        Require.notFuture(c.on(), c.today());
        AccountRules.requireAfterOpening(state, c.on());
        record(new TopUpReceived(c.topUpId(), c.source(), c.amount(), c.on()), c.on());
    }

    @CommandHandler
    void handle(AccountCommand.ReceiveContribution c) {
        Require.positive(c.amount(), "amount");
        Require.notFuture(c.on(), c.today());
        AccountRules.requireAfterOpening(state, c.on());
        record(new ContributionReceived(c.contributionId(), c.amount(), c.on()), c.on());
    }

    // ── money spent ──────────────────────────────────────────────────────────────────────────────────────────────

    @CommandHandler
    void handle(AccountCommand.RecordExpenditure c) {
        record(Spending.record(state, c), c.on(), c.policyVersion());
    }

    @CommandHandler
    void handle(AccountCommand.ReverseExpenditure c, Streams streams) {
        var reversed = Spending.reverse(state, c, original(c.expenditureId(), streams));
        record(reversed, reversed.on());
    }

    @CommandHandler
    void handle(AccountCommand.ReceiveRefund c, Streams streams) {
        record(Spending.refund(state, c, original(c.expenditureId(), streams)), c.on());
    }

    @CommandHandler
    void handle(AccountCommand.ReclassifyExpenditure c, Streams streams) {
        ExpenditureReclassified reclassified = Spending.reclassify(state, c, original(c.expenditureId(), streams));
        if (reclassified != null) {
            record(reclassified, reclassified.on());
        }
    }

    @CommandHandler
    void handle(AccountCommand.ReassessSpending c) {
        record(
                new AccountEvent.SpendingReassessed(c.policyVersion(), c.from(), c.until(), c.listed(), c.unlisted()),
                c.today(),
                c.policyVersion());
    }

    /** The expenditure as it was recorded: read from the stream, for the state keeps only where it stands. */
    private ExpenditureRecorded original(String expenditureId, Streams streams) {
        Long sequence = state.expenditure(expenditureId);
        if (sequence == null) {
            throw expenditureNotFound();
        }
        return (ExpenditureRecorded)
                streams.read("account/" + accountId(), sequence, 1).get(0);
    }

    /** Also of one that who asks may not know of. */
    static RuleBroken expenditureNotFound() {
        return new RuleBroken("EXPENDITURE_NOT_FOUND", "There is no such expenditure on this account.");
    }

    // ── money kept ───────────────────────────────────────────────────────────────────────────────────────────────

    @CommandHandler
    void handle(AccountCommand.ApproveReserve c) {
        AccountRules.reserve(state, c);
        record(
                new ReserveApproved(
                        c.reserveId(),
                        c.kind(),
                        c.amount(),
                        c.until(),
                        java.util.Objects.requireNonNull(c.reason()),
                        c.today()),
                c.today(),
                c.policyVersion());
    }

    @CommandHandler
    void handle(AccountCommand.ReleaseReserve c) {
        AccountState.Reserve reserve = state.reserves.get(c.reserveId());
        if (reserve == null) {
            throw new RuleBroken("RESERVE_NOT_FOUND", "There is no such reserve on this account.");
        }
        if (reserve.released()) {
            throw new RuleBroken("RESERVE_ALREADY_RELEASED", "This reserve has been released.");
        }
        record(new ReserveReleased(c.reserveId(), c.today()), c.today());
    }

    // ── money owed and taken back ────────────────────────────────────────────────────────────────────────────────

    @CommandHandler
    void handle(AccountCommand.RecordLiability c) {
        record(RecoveryRules.owe(state, c), c.today());
    }

    @CommandHandler
    void handle(AccountCommand.SettleLiability c) {
        record(RecoveryRules.settle(state, c), c.on());
    }

    @CommandHandler
    void handle(AccountCommand.ProposeRecovery c) {
        record(RecoveryRules.propose(state, c), c.today(), c.weeks().policyVersion());
    }

    @CommandHandler
    void handle(AccountCommand.ApproveRecovery c) {
        record(RecoveryRules.approve(state, c), c.today(), c.weeks().policyVersion());
    }

    @CommandHandler
    void handle(AccountCommand.ReceiveRecovery c) {
        record(RecoveryRules.receive(state, c), c.on());
    }

    @CommandHandler
    void handle(AccountCommand.WriteOffRecovery c) {
        RecoveryRules.writeOff(state, c).forEach(event -> record(event, c.today(), c.policyVersion()));
    }

    // ── returns ──────────────────────────────────────────────────────────────────────────────────────────────────

    @CommandHandler
    void handle(AccountCommand.RequestReturn c) {
        record(ReturnRules.request(state, c), c.today(), c.policyVersion());
    }

    @CommandHandler
    void handle(AccountCommand.SetRiskBand c) {
        record(ReturnRules.setRiskBand(state, c), c.today(), c.policyVersion());
    }

    @CommandHandler
    void handle(AccountCommand.RemindReturn c) {
        record(ReturnRules.remind(state, c), c.on());
    }

    @CommandHandler
    void handle(AccountCommand.ReceiveReturn c) {
        record(ReturnRules.receive(state, c), c.on());
    }

    @CommandHandler
    void handle(AccountCommand.AcceptReturn c) {
        record(ReturnRules.accept(state, c), c.today());
    }

    @CommandHandler
    void handle(AccountCommand.QueryReturn c) {
        record(ReturnRules.query(state, c), c.today());
    }

    // ── the account's life ───────────────────────────────────────────────────────────────────────────────────────

    @CommandHandler
    void handle(AccountCommand.SuspendAccount c) {
        AccountRules.suspend(state, c);
        record(new AccountSuspended(c.from(), c.cause(), java.util.Objects.requireNonNull(c.reason())), c.from());
    }

    @CommandHandler
    void handle(AccountCommand.ResumeAccount c) {
        AccountRules.resume(state, c);
        record(new AccountResumed(c.on()), c.on());
    }

    @CommandHandler
    void handle(AccountCommand.CloseAccount c) {
        AccountRules.close(state, c);
        record(new AccountClosed(c.on(), new HashMap<>(state.paid)), c.on());
    }

    @Override
    protected void evolve(AccountEvent event, long sequence) {
        state.evolve(event, sequence);
    }

    @Override
    protected @Nullable String personId() {
        return state.personId;
    }

    @Override
    protected @Nullable String accountId() {
        return state.accountId;
    }
}
