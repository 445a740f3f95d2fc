package uk.directpayments.ledger.budget;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.LineFigures;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.budget.BudgetEvent.Mode;
import uk.directpayments.ledger.budget.BudgetEvent.RecipientType;
import uk.directpayments.ledger.budget.BudgetEvent.TopUpSource;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/** {@code GET /budgets}: what was decided, and what came of it, on two dates. All of one answer is of one position. */
@RestController
@RequestMapping("/api/v1/budgets")
class BudgetReads {

    private final BudgetRegister register;
    private final LineFigures figures;
    private final AccountAccess access;
    private final Sealing sealing;
    private final Clock clock;

    BudgetReads(BudgetRegister register, LineFigures figures, AccountAccess access, Sealing sealing, Clock clock) {
        this.register = register;
        this.figures = figures;
        this.access = access;
        this.sealing = sealing;
        this.clock = clock;
    }

    /**
     * A budget.
     *
     * @param status           null before it was requested
     * @param indicativeAmount pounds a year, as are the other two; null while there is none
     * @param reviewsDue       the next review, once something has been paid and until the budget or its period ends
     * @param endedOn          the last day of the budget, once it has come
     * @param unavailable      true in a list if the figures cannot be given at present: they are null then
     */
    record BudgetView(
            String budgetId,
            @Nullable String personId,
            @Nullable LegalBasis legalBasis,
            @Nullable BudgetStatus status,
            @Nullable String ehcPlanRef,
            @Nullable LocalDate exclusionCheckedOn,
            @Nullable LocalDate requestedOn,
            @Nullable String requestedBy,
            @Nullable Money indicativeAmount,
            @Nullable Money approvedAmount,
            @Nullable Money finalAmount,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable BudgetMode mode,
            List<LineView> lines,
            List<TopUpView> topUps,
            List<ConsentView> consents,
            List<BudgetCare.ReviewDue> reviewsDue,
            List<RelativeView> relativeAgreements,
            List<ReviewView> reviews,
            List<DisputeView> disputes,
            @Nullable LocalDate endedOn,
            @Nullable String endCause,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean unavailable) {}

    /**
     * @param annualAmount in force on the day, or on the nearest day of the line's period
     * @param allocated    what may have been paid on it by the day: {@link Terms.Line#allocation}
     * @param unspent      paid net of the client's contributions, less spent, less what was taken back
     * @param committed    what of the allocation is used without a payment: all of it where the council manages the line itself
     * @param accountId    the account it is paid through at present; null, and the three figures before it too, if who asks does not
     *                     see that account
     */
    record LineView(
            String lineId,
            FundingSource fundingSource,
            Mode mode,
            String category,
            Money annualAmount,
            @Nullable Money allocated,
            @Nullable Money paid,
            @Nullable Money spent,
            @Nullable Money unspent,
            @Nullable Money committed,
            LocalDate from,
            LocalDate to,
            @Nullable String outcome,
            List<String> allows,
            @Nullable String accountId) {

        private LineView withoutAccount() {
            return new LineView(
                    lineId,
                    fundingSource,
                    mode,
                    category,
                    annualAmount,
                    allocated,
                    null,
                    null,
                    null,
                    committed,
                    from,
                    to,
                    outcome,
                    allows,
                    null);
        }
    }

    record TopUpView(String topUpId, TopUpSource source, Money amount, String purpose, LocalDate agreedOn) {}

    record ConsentView(
            String consentId,
            RecipientType recipientType,
            String recipientName,
            LocalDate on,
            @Nullable String documentRef,
            @Nullable LocalDate withdrawnOn) {}

    /**
     * @param to          the last day that was agreed, or null
     * @param withdrawnOn the first day without it, once it has come; null before, like the reason
     */
    record RelativeView(
            String agreementId,
            String payee,
            String relation,
            boolean sameHousehold,
            BudgetEvent.RelativePurpose purpose,
            String necessityReason,
            LocalDate from,
            @Nullable LocalDate to,
            @Nullable LocalDate withdrawnOn,
            @Nullable String withdrawalReason) {}

    record ReviewView(
            String reviewId,
            LocalDate on,
            String kind,
            String findings,
            @Nullable LocalDate nextDue) {}

    /** @param closedOn null while it is open, like the outcome */
    record DisputeView(
            String disputeId,
            BudgetEvent.DisputeStage stage,
            LocalDate on,
            String reason,
            @Nullable LocalDate closedOn,
            @Nullable String outcome) {}

    /** A budget that was not known yet by the instant asked for is answered without facts; one never known is not found. */
    @GetMapping("/{budgetId}")
    BudgetView budget(@PathVariable String budgetId, View asked, Actor actor) {
        if (!access.seesBudget(actor, budgetId, asked.asOf())) {
            throw notFound();
        }
        View view = register.pinned(asked);
        BudgetView budget = register.find(budgetId, view)
                .map(entry -> views(List.of(entry), Set.of(), actor, view).get(0))
                .orElseGet(() -> notKnownYet(budgetId));
        if (budget.unavailable() != null) {
            throw new RuleBroken(
                    "FIGURE_UNAVAILABLE", "What was paid and spent on this budget cannot be given right now.");
        }
        return budget;
    }

    @GetMapping
    Page<BudgetView> budgets(
            @RequestParam(required = false) @Nullable @Id String personId,
            @RequestParam(required = false) @Nullable BudgetStatus status,
            Paging paging,
            Actor actor) {
        View view = paging.view();
        List<BudgetEntry> found = register.list(
                personId, status, access.budgets(actor, view.asOf()), view, paging.after(), paging.fetch());
        Page<BudgetEntry> page = paging.page(found, BudgetEntry::budgetId);
        return new Page<>(views(page.items(), register.unavailablePersons(view), actor, view), page.next());
    }

    private List<BudgetView> views(List<BudgetEntry> budgets, Set<String> unavailablePersons, Actor actor, View view) {
        Optional<Set<String>> seen = access.accounts(actor, view.asOf());
        Predicate<String> sees = accountId -> seen.isEmpty() || seen.get().contains(accountId);
        sealing.warm(budgets.stream().map(BudgetEntry::personId).distinct().toList());
        Map<String, LocalDate> firstPaidOn = register.firstPaidOn(
                budgets.stream().flatMap(budget -> accounts(budget).stream()).toList(), view);
        Map<String, Map<String, LineFigures.Figure>> moved = figures.of(
                budgets.stream().flatMap(budget -> accounts(budget).stream()).toList(), view);
        return budgets.stream()
                .map(budget -> {
                    boolean unavailable = unavailablePersons.contains(budget.personId())
                            || !moved.keySet().containsAll(accounts(budget));
                    LocalDate paidOn = accounts(budget).stream()
                            .map(firstPaidOn::get)
                            .filter(Objects::nonNull)
                            .min(LocalDate::compareTo)
                            .orElse(null);
                    return view(budget, paidOn, unavailable ? null : figures(budget, moved), sees, view.asOf());
                })
                .toList();
    }

    /** By line, over all accounts that have paid it. */
    private static Map<String, LineFigures.Figure> figures(
            BudgetEntry budget, Map<String, Map<String, LineFigures.Figure>> moved) {
        Map<String, LineFigures.Figure> figures = new HashMap<>();
        accounts(budget)
                .forEach(account -> moved.getOrDefault(account, Map.of())
                        .forEach((line, figure) -> figures.merge(line, figure, LineFigures.Figure::plus)));
        return figures;
    }

    private static List<String> accounts(BudgetEntry budget) {
        return budget.accounts().stream().map(BudgetEntry.Account::accountId).toList();
    }

    // ── one budget ───────────────────────────────────────────────────────────────────────────────────────────────

    /**
     * @param figures by line, or null if they cannot be given
     * @param sees    whether who asks sees an account
     */
    private BudgetView view(
            BudgetEntry budget,
            @Nullable LocalDate firstPaidOn,
            @Nullable Map<String, LineFigures.Figure> figures,
            Predicate<String> sees,
            LocalDate asOf) {
        BudgetStatus status = budget.status(asOf, firstPaidOn);
        var request = budget.request();
        var agreed = budget.agreedBy(asOf);
        List<LineView> lines = agreed == null ? List.of() : lines(budget, figures, sees, asOf);
        boolean ended = status == BudgetStatus.ENDED;
        return new BudgetView(
                budget.budgetId(),
                budget.personId(),
                request.legalBasis(),
                status,
                sealing.openIfGiven(budget.personId(), request.ehcPlanRef()),
                request.exclusionCheckedOn(),
                request.requestedOn(),
                sealing.openIfGiven(budget.personId(), request.requestedBy()),
                budget.amount(BudgetStatus.INDICATIVE, asOf),
                budget.amount(BudgetStatus.APPROVED, asOf),
                budget.amount(BudgetStatus.FINAL, asOf),
                agreed == null ? null : agreed.from(),
                agreed == null ? null : agreed.to(),
                BudgetMode.of(lines.stream().map(LineView::mode).toList()),
                lines,
                topUps(budget, asOf),
                consents(budget, asOf),
                agreed == null ? List.of() : reviewsDue(budget, firstPaidOn, asOf),
                relatives(budget, asOf),
                reviews(budget, asOf),
                disputes(budget, asOf),
                ended ? budget.end().on() : null,
                ended ? budget.end().why() : null,
                figures == null ? Boolean.TRUE : null);
    }

    private List<LineView> lines(
            BudgetEntry budget,
            @Nullable Map<String, LineFigures.Figure> figures,
            Predicate<String> sees,
            LocalDate asOf) {
        Terms terms = budget.terms();
        return IntStream.range(0, terms.lines().size())
                .mapToObj(i ->
                        line(budget, budget.lines().get(i), terms, terms.lines().get(i), figures, asOf))
                .map(line -> line.accountId == null || sees.test(line.accountId) ? line : line.withoutAccount())
                .toList();
    }

    private LineView line(
            BudgetEntry budget,
            BudgetEntry.Line line,
            Terms terms,
            Terms.Line allowed,
            @Nullable Map<String, LineFigures.Figure> figures,
            LocalDate asOf) {
        var agreed = line.agreed();
        Money allocated = terms.allocation(allowed, asOf);
        LineFigures.Figure moved =
                figures == null ? null : figures.getOrDefault(agreed.lineId(), LineFigures.Figure.NOTHING);
        return new LineView(
                agreed.lineId(),
                agreed.fundingSource(),
                agreed.mode(),
                agreed.category(),
                allowed.yearlyAmount(nearest(asOf, allowed)),
                moved == null ? null : allocated,
                moved == null ? null : moved.paid(),
                moved == null ? null : moved.spent(),
                moved == null ? null : moved.unspent(),
                moved == null ? null : agreed.mode().committed(allocated),
                allowed.from(),
                allowed.to(),
                sealing.openIfGiven(budget.personId(), agreed.outcome()),
                agreed.allows(),
                line.accountId());
    }

    private static LocalDate nearest(LocalDate day, Terms.Line line) {
        return day.isBefore(line.from()) ? line.from() : day.isAfter(line.to()) ? line.to() : day;
    }

    private List<TopUpView> topUps(BudgetEntry budget, LocalDate asOf) {
        return budget.topUps().stream()
                .filter(topUp -> !topUp.agreedOn().isAfter(asOf))
                .map(topUp -> new TopUpView(
                        topUp.topUpId(),
                        topUp.source(),
                        topUp.amount(),
                        sealing.open(budget.personId(), topUp.purpose()),
                        topUp.agreedOn()))
                .toList();
    }

    private List<ConsentView> consents(BudgetEntry budget, LocalDate asOf) {
        return budget.consents().stream()
                .filter(consent -> !consent.given().on().isAfter(asOf))
                .map(consent -> {
                    var given = consent.given();
                    LocalDate withdrawn = consent.withdrawnOn();
                    return new ConsentView(
                            given.consentId(),
                            given.recipientType(),
                            sealing.open(budget.personId(), given.recipientName()),
                            given.on(),
                            sealing.openIfGiven(budget.personId(), given.documentRef()),
                            withdrawn != null && !withdrawn.isAfter(asOf) ? withdrawn : null);
                })
                .toList();
    }

    private static List<BudgetCare.ReviewDue> reviewsDue(
            BudgetEntry budget, @Nullable LocalDate firstPaidOn, LocalDate asOf) {
        BudgetCare.ReviewDue due = budget.reviewDue(firstPaidOn, asOf);
        return due == null ? List.of() : List.of(due);
    }

    private List<RelativeView> relatives(BudgetEntry budget, LocalDate asOf) {
        return budget.care().relatives().stream()
                .filter(one -> !one.agreed().from().isAfter(asOf))
                .map(one -> {
                    var agreed = one.agreed();
                    LocalDate withdrawn = one.withdrawnOn();
                    boolean over = withdrawn != null && !withdrawn.isAfter(asOf);
                    return new RelativeView(
                            agreed.agreementId(),
                            sealing.open(budget.personId(), agreed.payee()),
                            agreed.relation(),
                            agreed.sameHousehold(),
                            agreed.purpose(),
                            sealing.open(budget.personId(), agreed.necessityReason()),
                            agreed.from(),
                            agreed.to(),
                            over ? withdrawn : null,
                            over ? sealing.openIfGiven(budget.personId(), one.withdrawnFor()) : null);
                })
                .toList();
    }

    private List<ReviewView> reviews(BudgetEntry budget, LocalDate asOf) {
        return budget.care().reviews().stream()
                .filter(review -> !review.on().isAfter(asOf))
                .map(review -> new ReviewView(
                        review.reviewId(),
                        review.on(),
                        review.kind(),
                        sealing.open(budget.personId(), review.findings()),
                        review.nextDue()))
                .toList();
    }

    private List<DisputeView> disputes(BudgetEntry budget, LocalDate asOf) {
        return budget.care().disputes().stream()
                .filter(dispute -> !dispute.opened().on().isAfter(asOf))
                .map(dispute -> {
                    LocalDate closed = dispute.closedOn();
                    boolean over = closed != null && !closed.isAfter(asOf);
                    return new DisputeView(
                            dispute.opened().disputeId(),
                            dispute.opened().stage(),
                            dispute.opened().on(),
                            sealing.open(budget.personId(), dispute.opened().reason()),
                            over ? closed : null,
                            over ? sealing.openIfGiven(budget.personId(), dispute.outcome()) : null);
                })
                .toList();
    }

    private BudgetView notKnownYet(String budgetId) {
        register.find(budgetId, View.now(BusinessDay.today(clock))).orElseThrow(BudgetReads::notFound);
        return new BudgetView(
                budgetId, null, null, null, null, null, null, null, null, null, null, null, null, null, List.of(),
                List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null, null, null);
    }

    static RuleBroken notFound() {
        return new RuleBroken("BUDGET_NOT_FOUND", "There is no such budget.");
    }
}
