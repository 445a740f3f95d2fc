package uk.directpayments.ledger.budget;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.account.Terms.YearlyAmount;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetFinalised;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRequested;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.TopUpAgreed;
import uk.directpayments.ledger.kernel.Lists;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Recorded;

/**
 * One version of a budget's document in {@link BudgetRegister}.
 *
 * @param stages   how the budget came about, in the order in which it was recorded; each counts from its day on
 * @param agreed   the finalisation: period and lines as they were agreed; null while the budget is not final
 * @param lines    the lines as they are now
 * @param accounts every account opened for the budget, in that order
 * @param sequence place in the budget's stream of the newest event included
 */
public record BudgetEntry(
        BudgetRequested request,
        List<Stage> stages,
        @Nullable BudgetFinalised agreed,
        List<Line> lines,
        List<TopUpAgreed> topUps,
        List<Consent> consents,
        List<Account> accounts,
        BudgetEnd end,
        BudgetCare care,
        long sequence) {

    /** @param amount pounds a year that the stage is about, or null */
    public record Stage(
            BudgetStatus status, LocalDate on, @Nullable Money amount) {}

    /**
     * @param agreed     what was agreed of it in the first place
     * @param amounts    what it is worth a year, from which day
     * @param accountId  the account it is paid through at present, or null
     * @param paidBefore gross pence paid on it through earlier accounts
     */
    public record Line(
            BudgetEvent.Line agreed,
            List<YearlyAmount> amounts,
            @Nullable String accountId,
            Money paidBefore) {

        Line worth(List<YearlyAmount> revised) {
            return new Line(agreed, revised, accountId, paidBefore);
        }

        Line paidThrough(@Nullable String account, Money before) {
            return new Line(agreed, amounts, account, before);
        }
    }

    /** @param withdrawnOn the first day without it, or null */
    public record Consent(ConsentRecorded given, @Nullable LocalDate withdrawnOn) {}

    public record Account(String accountId, boolean open) {}

    static BudgetEntry of(BudgetRequested e, Recorded at) {
        return new BudgetEntry(
                        e,
                        List.of(),
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        BudgetEnd.NONE,
                        BudgetCare.NONE,
                        0)
                .stage(BudgetStatus.REQUESTED, null, at);
    }

    // ── evolution ────────────────────────────────────────────────────────────────────────────────────────────────

    BudgetEntry stage(BudgetStatus status, @Nullable Money amount, Recorded at) {
        List<Stage> more = Lists.and(stages, new Stage(status, at.occurredOn(), amount));
        return new BudgetEntry(request, more, agreed, lines, topUps, consents, accounts, end, care, at.sequence());
    }

    BudgetEntry finalised(BudgetFinalised e, Recorded at) {
        List<Line> first = e.lines().stream()
                .map(line -> new Line(line, List.of(new YearlyAmount(e.from(), line.annualAmount())), null, Money.ZERO))
                .toList();
        return new BudgetEntry(request, stages, e, first, topUps, consents, accounts, end, care, at.sequence())
                .stage(BudgetStatus.FINAL, e.annualAmount(), at);
    }

    BudgetEntry lines(UnaryOperator<Line> change, Recorded at) {
        List<Line> changed = lines.stream().map(change).toList();
        return new BudgetEntry(request, stages, agreed, changed, topUps, consents, accounts, end, care, at.sequence());
    }

    BudgetEntry line(String lineId, UnaryOperator<Line> change, Recorded at) {
        return lines(line -> line.agreed().lineId().equals(lineId) ? change.apply(line) : line, at);
    }

    BudgetEntry topUp(TopUpAgreed e, Recorded at) {
        return new BudgetEntry(
                request, stages, agreed, lines, Lists.and(topUps, e), consents, accounts, end, care, at.sequence());
    }

    BudgetEntry consents(List<Consent> changed, Recorded at) {
        return new BudgetEntry(request, stages, agreed, lines, topUps, changed, accounts, end, care, at.sequence());
    }

    BudgetEntry accounts(List<Account> changed, Recorded at) {
        return new BudgetEntry(request, stages, agreed, lines, topUps, consents, changed, end, care, at.sequence());
    }

    BudgetEntry ended(BudgetEnded e, Recorded at) {
        return new BudgetEntry(
                request, stages, agreed, lines, topUps, consents, accounts, end.with(e), care, at.sequence());
    }

    BudgetEntry care(BudgetCare changed, Recorded at) {
        return new BudgetEntry(request, stages, agreed, lines, topUps, consents, accounts, end, changed, at.sequence());
    }

    // ── what it says ─────────────────────────────────────────────────────────────────────────────────────────────

    public String budgetId() {
        return request.budgetId();
    }

    public String personId() {
        return request.personId();
    }

    /**
     * How far the budget had come on a day; null before it was requested.
     *
     * @param firstPaidOn the day of the first payment, or null
     */
    public @Nullable BudgetStatus status(LocalDate asOf, @Nullable LocalDate firstPaidOn) {
        LocalDate last = end.on();
        if (isRequested(asOf) && last != null && !last.isAfter(asOf)) {
            return BudgetStatus.ENDED;
        }
        BudgetStatus reached =
                begun(asOf).reduce((one, later) -> later).map(Stage::status).orElse(null);
        boolean paid = firstPaidOn != null && !firstPaidOn.isAfter(asOf);
        return reached == BudgetStatus.FINAL && paid ? BudgetStatus.ACTIVE : reached;
    }

    /** The amount of the last stage of a kind that had begun on a day; a new indicative amount or a deferral voids an approval. */
    @Nullable
    Money amount(BudgetStatus stage, LocalDate asOf) {
        Money amount = null;
        for (Stage begun : begun(asOf).toList()) {
            boolean voids = stage == BudgetStatus.APPROVED
                    && (begun.status() == BudgetStatus.INDICATIVE || begun.status() == BudgetStatus.DEFERRED);
            amount = begun.status() == stage ? begun.amount() : voids ? null : amount;
        }
        return amount;
    }

    /** The next review, as of a day; none once the budget has ended or its period is over, since the next one has reviews of its own. */
    public BudgetCare.@Nullable ReviewDue reviewDue(@Nullable LocalDate firstPaidOn, LocalDate asOf) {
        LocalDate last = endsOn();
        boolean over = status(asOf, firstPaidOn) == BudgetStatus.ENDED || (last != null && asOf.isAfter(last));
        return over ? null : care.reviewDue(request.legalBasis(), firstPaidOn, asOf);
    }

    /** The finalisation, if it counted on a day. */
    public @Nullable BudgetFinalised agreedBy(LocalDate asOf) {
        return amount(BudgetStatus.FINAL, asOf) == null ? null : agreed;
    }

    /** What was decided for days before the request counts from its day on: before, there was nothing. */
    private Stream<Stage> begun(LocalDate asOf) {
        return stages.stream().filter(stage -> isRequested(asOf) && !stage.on().isAfter(asOf));
    }

    private boolean isRequested(LocalDate asOf) {
        return !request.requestedOn().isAfter(asOf);
    }

    /** True while the request waits for its decision. */
    boolean undecided() {
        return end.on() == null && stages.get(stages.size() - 1).status().undecided();
    }

    /** True once the request was refused: nothing comes after that. */
    boolean refused() {
        return stages.get(stages.size() - 1).status() == BudgetStatus.REFUSED;
    }

    /** The accounts that have not been closed. */
    List<String> openAccounts() {
        return accounts.stream().filter(Account::open).map(Account::accountId).toList();
    }

    Optional<Terms.Line> line(String lineId) {
        return terms().line(lineId);
    }

    /** Whether what the budget allows its accounts may be another because of a dispute. */
    boolean holds(String disputeId) {
        return lines.stream().anyMatch(line -> care.holds(disputeId, line.amounts()));
    }

    /** What the budget allows its accounts. */
    public Terms terms() {
        return new Terms(sequence, endsOn(), consentFrom(), consentUntil(), consentGaps(), termLines());
    }

    private List<Terms.Line> termLines() {
        if (agreed == null) {
            return List.of();
        }
        LocalDate from = agreed.from();
        LocalDate to = agreed.to();
        return lines.stream()
                .map(line -> new Terms.Line(
                        line.agreed().lineId(),
                        line.agreed().fundingSource(),
                        line.agreed().mode().pays(),
                        from,
                        to,
                        care.payable(line.amounts()),
                        line.accountId(),
                        line.paidBefore(),
                        null))
                .toList();
    }

    private @Nullable LocalDate endsOn() {
        LocalDate last = end.on();
        if (agreed == null) {
            return last;
        }
        return last == null || agreed.to().isBefore(last) ? agreed.to() : last;
    }

    private @Nullable LocalDate consentFrom() {
        return consents.stream()
                .map(consent -> consent.given().on())
                .min(LocalDate::compareTo)
                .orElse(null);
    }

    /** The days between the first consent and the last withdrawal on which none was in force; null if there are none. */
    private @Nullable List<Terms.Gap> consentGaps() {
        List<Terms.Gap> gaps = new ArrayList<>();
        LocalDate uncovered = consentFrom();
        List<Consent> inOrder = consents.stream()
                .sorted(Comparator.comparing(consent -> consent.given().on()))
                .toList();
        for (Consent consent : inOrder) {
            LocalDate given = consent.given().on();
            if (uncovered == null) {
                break;
            }
            if (given.isAfter(uncovered)) {
                gaps.add(new Terms.Gap(uncovered, given.minusDays(1)));
                uncovered = given;
            }
            LocalDate withdrawn = consent.withdrawnOn();
            uncovered = withdrawn == null || withdrawn.isAfter(uncovered) ? withdrawn : uncovered;
        }
        return gaps.isEmpty() ? null : List.copyOf(gaps);
    }

    private @Nullable LocalDate consentUntil() {
        LocalDate until = null;
        for (Consent consent : consents) {
            LocalDate withdrawn = consent.withdrawnOn();
            if (withdrawn == null) {
                return null;
            }
            LocalDate last = withdrawn.minusDays(1);
            until = until == null || last.isAfter(until) ? last : until;
        }
        return until;
    }
}
