package uk.directpayments.ledger.budget;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.Terms.YearlyAmount;
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
import uk.directpayments.ledger.budget.BudgetEvent.DisputeStage;
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
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.LedgerStream;

/**
 * A person's budget under one legal basis: decided by a panel, finalised in lines, revised, ended. It also decides through which account
 * each of its lines is paid: through one at a time.
 */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName(value = "snapshot.budget", revision = 2)
class Budget extends LedgerStream<BudgetEvent> {

    private @Nullable String personId;
    private @Nullable LegalBasis legalBasis;
    private @Nullable LocalDate requestedOn;
    private BudgetStatus status = BudgetStatus.REQUESTED;

    private @Nullable Money indicativeAmount;
    private @Nullable String indicativeSetBy;
    private @Nullable Money approvedAmount;

    private @Nullable LocalDate from;
    private @Nullable LocalDate to;
    private List<LineState> lines = new ArrayList<>();
    private List<String> accounts = new ArrayList<>();

    private Map<String, ConsentState> consents = new HashMap<>();
    private int topUps;

    private BudgetEnd end = BudgetEnd.NONE;
    private final BudgetCareState care = new BudgetCareState();

    /**
     * @param accountId  the account it is paid through, or null
     * @param movingTo   the account it shall be paid through as soon as that one lets go of it, or null
     * @param paidBefore gross pence paid on it through earlier accounts
     */
    record LineState(
            String lineId,
            boolean payable,
            List<YearlyAmount> amounts,
            @Nullable String accountId,
            @Nullable String movingTo,
            Money paidBefore) {

        LineState worth(List<YearlyAmount> revised) {
            return new LineState(lineId, payable, revised, accountId, movingTo, paidBefore);
        }

        LineState movingTo(String account) {
            return new LineState(lineId, payable, amounts, accountId, account, paidBefore);
        }

        LineState paidLess(Money amount) {
            return new LineState(lineId, payable, amounts, accountId, movingTo, paidBefore.minus(amount));
        }

        LineState paidThrough(@Nullable String account, Money before) {
            return new LineState(lineId, payable, amounts, account, null, before);
        }
    }

    record ConsentState(LocalDate on, boolean withdrawn) {}

    // ── the way to a final budget ────────────────────────────────────────────────────────────────────────────────

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(BudgetCommand.RequestBudget c) {
        if (personId != null) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a budget with this id.", "budgetId");
        }
        if (c.openBudgetId() != null) {
            throw new RuleBroken("REQUEST_ALREADY_OPEN", "Another request of this person waits for its decision.");
        }
        BudgetRules.requirePlan(c.legalBasis(), c.ehcPlanRef() != null);
        BudgetRules.requireNotFuture(c.requestedOn(), c.today(), "requestedOn");
        BudgetRules.requireNotFuture(c.exclusionCheckedOn(), c.today(), "exclusionCheckedOn");
        record(
                new BudgetRequested(
                        c.budgetId(),
                        c.personId(),
                        c.legalBasis(),
                        c.ehcPlanRef(),
                        c.exclusionCheckedOn(),
                        c.requestedOn(),
                        c.requestedBy()),
                c.requestedOn(),
                c.personId(),
                null);
    }

    @CommandHandler
    void handle(BudgetCommand.SetIndicativeAmount c) {
        requireUndecided(c.today());
        Require.positive(c.amount(), "amount");
        BudgetRules.requireInOrder(c.from(), c.to());
        LocalDate requested = Objects.requireNonNull(requestedOn);
        LocalDate effective = BudgetRules.effective(c.from(), c.today());
        record(
                new IndicativeAmountSet(c.amount(), c.from(), c.to(), c.method(), c.score(), c.by()),
                effective.isBefore(requested) ? requested : effective);
    }

    @CommandHandler
    void handle(BudgetCommand.RecordPanelDecision c) {
        requireUndecided(c.today());
        if (indicativeAmount == null) {
            throw new RuleBroken("INDICATIVE_AMOUNT_REQUIRED", "There is no indicative amount to decide about.");
        }
        Money approved = BudgetRules.approved(c, indicativeAmount, indicativeSetBy);
        record(
                new PanelDecisionRecorded(c.outcome(), approved, c.reasons(), c.conditions(), c.decidedOn()),
                c.decidedOn());
    }

    @CommandHandler
    void handle(BudgetCommand.RefuseBudget c) {
        requireUndecided(c.today());
        if (c.reasons() == null) {
            throw new RuleBroken("REASONS_REQUIRED", "A refusal needs reasons.", "reasons");
        }
        BudgetRules.requireReviewRight(Objects.requireNonNull(legalBasis), c.reviewRightNotifiedOn());
        BudgetRules.requireNotFuture(c.reviewRightNotifiedOn(), c.today(), "reviewRightNotifiedOn");
        BudgetRules.requireNotFuture(c.on(), c.today(), "on");
        record(new BudgetRefused(c.reasons(), c.reviewRightNotifiedOn(), c.on()), c.on());
    }

    @CommandHandler
    void handle(BudgetCommand.FinaliseBudget c) {
        requireUndecided(c.today());
        BudgetRules.requireFinalisable(c, approvedAmount);
        LocalDate on = BudgetRules.effective(c.from(), c.today());
        record(new BudgetFinalised(c.from(), c.to(), c.annualAmount(), c.lines()), on);
        routeUnrouted(on);
    }

    // ── changes of a final budget ────────────────────────────────────────────────────────────────────────────────

    @CommandHandler
    void handle(BudgetCommand.ReviseLine c) {
        requireNotEnded(c.today());
        if (from == null || to == null) {
            throw new RuleBroken("BUDGET_NOT_FINAL", "This budget has no lines yet: it is not final.");
        }
        BudgetRules.revised(line(c.lineId()).amounts(), from, to, c);
        record(new LineRevised(c.lineId(), c.annualAmount(), c.from(), c.reasons(), c.noticeGivenOn()), c.from());
    }

    @CommandHandler
    void handle(BudgetCommand.AgreeTopUp c) {
        requireNotEnded(c.today());
        requireNotRefused();
        Require.positive(c.amount(), "amount");
        BudgetRules.requireNotFuture(c.agreedOn(), c.today(), "agreedOn");
        if (c.agreedOn().isBefore(from != null ? from : Objects.requireNonNull(requestedOn))) {
            throw new RuleBroken("DATE_BEFORE_START", "The budget had not begun on that day.", "agreedOn");
        }
        BudgetRules.requireRoom(topUps, "top-ups");
        record(new TopUpAgreed(c.topUpId(), c.source(), c.amount(), c.purpose(), c.agreedOn()), c.agreedOn());
    }

    @CommandHandler
    void handle(BudgetCommand.RecordConsent c) {
        requireNotEnded(c.today());
        requireNotRefused();
        if (consents.containsKey(c.consentId())) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a consent with this id.", "consentId");
        }
        BudgetRules.requireNotFuture(c.on(), c.today(), "on");
        BudgetRules.requirePermitted(Objects.requireNonNull(legalBasis), c.recipientType(), c.dateOfBirth(), c.on());
        BudgetRules.requireRoom(consents.size(), "consents");
        record(
                new ConsentRecorded(
                        c.consentId(), c.recipientType(), c.recipientName(), c.recipientKey(), c.on(), c.documentRef()),
                c.on());
    }

    @CommandHandler
    void handle(BudgetCommand.WithdrawConsent c) {
        requireNotEnded(c.today());
        ConsentState consent = consents.get(c.consentId());
        if (consent == null) {
            throw new RuleBroken("CONSENT_NOT_FOUND", "There is no such consent.");
        }
        if (consent.withdrawn()) {
            throw new RuleBroken("CONSENT_ALREADY_WITHDRAWN", "This consent has been withdrawn already.");
        }
        BudgetRules.requireNotFuture(c.on(), c.today(), "on");
        if (c.on().isBefore(consent.on())) {
            throw new RuleBroken("DATE_BEFORE_START", "The consent was given on " + consent.on() + ".", "on");
        }
        record(new ConsentWithdrawn(c.consentId(), c.on()), c.on());
    }

    // ── how it is looked after ───────────────────────────────────────────────────────────────────────────────────

    @CommandHandler
    void handle(BudgetCommand.AgreeRelativePayment c) {
        requireNotEnded(c.today());
        requireNotRefused();
        BudgetRules.requireRelative(Objects.requireNonNull(legalBasis), c);
        BudgetRules.requireRoom(care.agreements.size(), "agreements with relatives");
        record(
                new RelativePaymentAgreed(
                        c.agreementId(),
                        c.payee(),
                        c.payeeKey(),
                        c.relation(),
                        c.sameHousehold(),
                        c.purpose(),
                        Objects.requireNonNull(c.necessityReason()),
                        c.from(),
                        c.to()),
                BudgetRules.effective(c.from(), c.today()));
    }

    @CommandHandler
    void handle(BudgetCommand.WithdrawRelativeAgreement c) {
        requireNotEnded(c.today());
        BudgetRules.requireWithdrawable(care.agreements.get(c.agreementId()), c);
        record(
                new RelativeAgreementWithdrawn(c.agreementId(), c.on(), Require.reason(c.reason())),
                BudgetRules.effective(c.on(), c.today()));
    }

    @CommandHandler
    void handle(BudgetCommand.RecordReview c) {
        requireNotRefused();
        BudgetRules.requireNotFuture(c.on(), c.today(), "on");
        BudgetRules.requireNotBefore(c.nextDue(), c.on(), "nextDue");
        BudgetRules.requireRoom(care.reviews, "reviews");
        record(new ReviewRecorded(c.reviewId(), c.on(), c.kind(), c.findings(), c.nextDue()), c.on());
    }

    /** Also about a refusal. */
    @CommandHandler
    void handle(BudgetCommand.OpenDispute c) {
        if (care.openedOn(c.disputeId()) != null) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a dispute with this id.", "disputeId");
        }
        BudgetRules.requireNotFuture(c.on(), c.today(), "on");
        Require.reason(c.reason());
        if (c.stage() == DisputeStage.RECONSIDERATION && care.reconsidered) {
            throw new RuleBroken("RECONSIDERATION_USED", "This decision has been reconsidered once already.");
        }
        BudgetRules.requireRoom(care.disputes.size(), "disputes");
        record(new DisputeOpened(c.disputeId(), c.stage(), c.on(), Objects.requireNonNull(c.reason())), c.on());
    }

    @CommandHandler
    void handle(BudgetCommand.CloseDispute c) {
        LocalDate openedOn = care.openedOn(c.disputeId());
        if (openedOn == null) {
            throw new RuleBroken("DISPUTE_NOT_FOUND", "There is no such dispute.");
        }
        if (care.isClosed(c.disputeId())) {
            throw new RuleBroken("DISPUTE_ALREADY_CLOSED", "This dispute has been closed already.");
        }
        BudgetRules.requireNotFuture(c.on(), c.today(), "on");
        BudgetRules.requireNotBefore(c.on(), openedOn, "on");
        record(new DisputeClosed(c.disputeId(), c.outcome(), c.on()), c.on());
    }

    @CommandHandler
    void handle(BudgetCommand.EndBudget c) {
        if (end.on() != null) {
            throw ended();
        }
        requireNotRefused();
        if (c.on().isBefore(Objects.requireNonNull(requestedOn))) {
            throw new RuleBroken("DATE_BEFORE_START", "The budget was requested on " + requestedOn + ".", "on");
        }
        record(BudgetEnded.decided(c.on(), c.cause()), c.on());
    }

    @CommandHandler
    void handle(BudgetCommand.EndByDeath c) {
        BudgetEnded death = BudgetEnded.byDeath(c.on());
        boolean changesNothing = Objects.equals(end.with(death).on(), end.on());
        if (status != BudgetStatus.REFUSED && !changesNothing) {
            record(death, c.on());
        }
    }

    private void requireUndecided(LocalDate today) {
        requireNotEnded(today);
        requireNotRefused();
        if (status == BudgetStatus.FINAL) {
            throw new RuleBroken("BUDGET_ALREADY_FINAL", "This budget is final already.");
        }
    }

    private void requireNotRefused() {
        if (status == BudgetStatus.REFUSED) {
            throw new RuleBroken("BUDGET_REFUSED", "This budget was refused: it needs a new request.");
        }
    }

    private void requireNotEnded(LocalDate today) {
        LocalDate last = end.on();
        if (last != null && !today.isBefore(last)) {
            throw ended();
        }
    }

    private static RuleBroken ended() {
        return new RuleBroken("BUDGET_ENDED", "This budget has ended.");
    }

    private LineState line(String lineId) {
        return lines.stream()
                .filter(line -> line.lineId().equals(lineId))
                .findFirst()
                .orElseThrow(() -> new RuleBroken("LINE_NOT_FOUND", "This budget has no such line."));
    }

    // ── through which account a line is paid ─────────────────────────────────────────────────────────────────────

    @CommandHandler
    void handle(BudgetCommand.AttachAccount c) {
        if (!accounts.contains(c.accountId())) {
            record(new AccountAttached(c.accountId()), c.on());
            routeUnrouted(c.on());
        }
    }

    @CommandHandler
    void handle(BudgetCommand.DetachAccount c) {
        if (accounts.contains(c.accountId())) {
            Map<String, Money> paid = new HashMap<>(c.paid());
            paid.keySet()
                    .removeIf(lineId -> lines.stream()
                            .noneMatch(line -> line.lineId().equals(lineId)
                                    && c.accountId().equals(line.accountId())));
            record(new AccountDetached(c.accountId(), paid), c.on());
            routeUnrouted(c.on());
        }
    }

    @CommandHandler
    void handle(BudgetCommand.RouteLine c) {
        LineState line = line(c.lineId());
        String present = line.accountId();
        if (c.accountId().equals(present) || c.accountId().equals(line.movingTo())) {
            return;
        }
        if (!line.payable() || !accounts.contains(c.accountId())) {
            throw new RuleBroken("LINE_NOT_PAYABLE", "This line cannot be paid through this account.", "lineId");
        }
        if (!Objects.equals(present, c.presentAccountId())) {
            throw new RuleBroken("BUSY", "The line has just been routed anew. Please repeat the request.");
        }
        if (present == null) {
            record(new LineRouted(c.lineId(), c.accountId(), line.paidBefore()), c.today());
        } else if (c.used()) {
            throw new RuleBroken(
                    "LINE_NOT_PAYABLE",
                    "The line is paid through another account, which must be closed before.",
                    "lineId");
        } else {
            record(new LineRouteRequested(c.lineId(), present, c.accountId()), c.today());
        }
    }

    @CommandHandler
    void handle(BudgetCommand.HandOverLine c) {
        for (LineState line : List.copyOf(lines)) {
            String next = next(line.movingTo());
            if (line.lineId().equals(c.lineId()) && c.accountId().equals(line.accountId()) && next != null) {
                boolean stays = next.equals(c.accountId());
                Money paidBefore = stays ? line.paidBefore() : line.paidBefore().plus(c.paid());
                record(new LineRouted(line.lineId(), next, paidBefore), c.on());
            }
        }
    }

    @CommandHandler
    void handle(BudgetCommand.ReducePaidBefore c) {
        record(new PaidBeforeReduced(line(c.lineId()).lineId(), c.accountId(), c.amount()), c.on());
    }

    /** Every payable line that no account pays goes to the account that was opened first of those still open. */
    private void routeUnrouted(LocalDate on) {
        String account = next(null);
        if (account != null) {
            for (LineState line : List.copyOf(lines)) {
                if (line.payable() && line.accountId() == null) {
                    record(new LineRouted(line.lineId(), account, line.paidBefore()), on);
                }
            }
        }
    }

    private @Nullable String next(@Nullable String wanted) {
        return wanted != null && accounts.contains(wanted) ? wanted : accounts.isEmpty() ? null : accounts.get(0);
    }

    // ── state ────────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    protected void evolve(BudgetEvent event, long sequence) {
        care.evolve(event);
        if (event instanceof BudgetRequested e) {
            personId = e.personId();
            legalBasis = e.legalBasis();
            requestedOn = e.requestedOn();
        } else if (event instanceof IndicativeAmountSet e) {
            status = BudgetStatus.INDICATIVE;
            indicativeAmount = e.amount();
            indicativeSetBy = e.setBy();
            approvedAmount = null;
        } else if (event instanceof PanelDecisionRecorded e) {
            status = e.amount() == null ? BudgetStatus.DEFERRED : BudgetStatus.APPROVED;
            approvedAmount = e.amount();
        } else if (event instanceof BudgetRefused) {
            status = BudgetStatus.REFUSED;
        } else if (event instanceof BudgetFinalised e) {
            status = BudgetStatus.FINAL;
            from = e.from();
            to = e.to();
            e.lines()
                    .forEach(line -> lines.add(new LineState(
                            line.lineId(),
                            line.mode().pays(),
                            List.of(new YearlyAmount(e.from(), line.annualAmount())),
                            null,
                            null,
                            Money.ZERO)));
        } else if (event instanceof TopUpAgreed) {
            topUps++;
        } else if (event instanceof ConsentRecorded e) {
            consents.put(e.consentId(), new ConsentState(e.on(), false));
        } else if (event instanceof ConsentWithdrawn e) {
            consents.computeIfPresent(e.consentId(), (id, consent) -> new ConsentState(consent.on(), true));
        } else if (event instanceof BudgetEnded e) {
            end = end.with(e);
        } else {
            evolveLines(event);
        }
    }

    private void evolveLines(BudgetEvent event) {
        if (event instanceof LineRevised e) {
            YearlyAmount revision = new YearlyAmount(e.from(), e.annualAmount());
            change(e.lineId(), line -> line.worth(BudgetRules.revised(line.amounts(), revision)));
        } else if (event instanceof AccountAttached e) {
            accounts.add(e.accountId());
        } else if (event instanceof AccountDetached e) {
            accounts.remove(e.accountId());
            lines.replaceAll(line -> e.accountId().equals(line.accountId())
                    ? line.paidThrough(null, line.paidBefore().plus(e.paid().getOrDefault(line.lineId(), Money.ZERO)))
                    : line);
        } else if (event instanceof LineRouteRequested e) {
            change(e.lineId(), line -> line.movingTo(e.to()));
        } else if (event instanceof LineRouted e) {
            change(e.lineId(), line -> line.paidThrough(e.accountId(), e.paidBefore()));
        } else if (event instanceof PaidBeforeReduced e) {
            change(e.lineId(), line -> line.paidLess(e.amount()));
        }
    }

    private void change(String lineId, UnaryOperator<LineState> change) {
        lines.replaceAll(line -> line.lineId().equals(lineId) ? change.apply(line) : line);
    }

    @Override
    protected @Nullable String personId() {
        return personId;
    }
}
