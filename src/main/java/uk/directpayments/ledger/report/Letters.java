package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetRefused;
import uk.directpayments.ledger.kernel.Lists;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;
import uk.directpayments.ledger.spending.FlagEvent.EvidenceRequested;
import uk.directpayments.ledger.spending.FlagEvent.FlagReopened;
import uk.directpayments.ledger.spending.FlagEvent.FlagUpheld;
import uk.directpayments.ledger.spending.FlagEvent.Ground;
import uk.directpayments.ledger.spending.FlagEvent.RepaymentRequested;

/**
 * What people are written to about, in the words of whoever decided: the registers of other rooms keep what follows from a decision, a letter
 * says why it was made. Rulebook 1.5, 3.8, 7.1, 7.4.
 */
@Component
class Letters extends Projection<Letters.Buffer> {

    private final Versions<Refusal> refusals = new Versions<>("letter_refusal", Refusal.class);
    private final Versions<OfFlag> flags = new Versions<>("letter_flag", OfFlag.class);

    /** @param reviewRightNotifiedOn the day on which somebody was told that they may ask for a review, or null */
    record Refusal(Sealed reasons, @Nullable LocalDate reviewRightNotifiedOn, LocalDate on) {}

    /** @param due the last day on which it is awaited; {@code letterRef} or {@code letter}: as recorded, in clear or sealed */
    record EvidenceRequest(
            LocalDate on,
            LocalDate due,
            @Nullable String letterRef,
            @Nullable Sealed letter) {}

    record Upholding(LocalDate on, Money amount, Ground ground, Sealed reason) {}

    record RepaymentRequest(LocalDate on, Money amount, LocalDate due, Sealed debtor) {}

    /**
     * What somebody has been written about a flag; looking at it again voids what was decided; that evidence was asked for stands.
     *
     * @param reopened whether the one reconsideration has been used
     */
    record Written(
            @Nullable EvidenceRequest evidence,
            @Nullable Upholding upholding,
            @Nullable RepaymentRequest repayment,
            boolean reopened) {

        private static final Written NOTHING = new Written(null, null, null, false);
    }

    /** What had been written from a business day on. */
    record Step(LocalDate on, Written written) {}

    /** @param steps in the order in which they were recorded */
    record OfFlag(List<Step> steps) {

        /** What had been written by a day. */
        Written by(LocalDate day) {
            return steps.stream()
                    .filter(step -> !step.on.isAfter(day))
                    .reduce((earlier, later) -> later)
                    .map(Step::written)
                    .orElse(Written.NOTHING);
        }

        private Written last() {
            return steps.isEmpty() ? Written.NOTHING : steps.get(steps.size() - 1).written;
        }
    }

    /** How an event changes what has been written of a flag. */
    private interface Change {
        Written of(Written before);
    }

    private record FlagStep(Recorded at, LocalDate on, Change change) {}

    /** The events of a batch. */
    protected record Buffer(Versions.Changes<Refusal> refusals, List<FlagStep> flags) {}

    Letters() {
        super("letters", Order.BY_PERSON, "letter_refusal", "letter_flag");
    }

    @When
    void on(BudgetRefused e, Recorded at, Buffer batch) {
        batch.refusals.put(at.id(), at, new Refusal(e.reasons(), e.reviewRightNotifiedOn(), e.on()));
    }

    @When
    void on(EvidenceRequested e, Recorded at, Buffer batch) {
        var request = new EvidenceRequest(e.on(), e.due(), e.letterRef(), e.letter());
        add(batch, at, e.on(), old -> new Written(request, old.upholding, old.repayment, old.reopened));
    }

    @When
    void on(FlagUpheld e, Recorded at, Buffer batch) {
        var upholding = new Upholding(e.on(), e.amount(), e.ground(), e.reason());
        add(batch, at, e.on(), old -> new Written(old.evidence, upholding, null, old.reopened));
    }

    @When
    void on(RepaymentRequested e, Recorded at, Buffer batch) {
        var request = new RepaymentRequest(e.on(), e.amount(), e.due(), e.debtor());
        add(batch, at, e.on(), old -> new Written(old.evidence, old.upholding, request, old.reopened));
    }

    @When
    void on(FlagReopened e, Recorded at, Buffer batch) {
        add(batch, at, e.on(), old -> new Written(old.evidence, null, null, true));
    }

    private static void add(Buffer batch, Recorded at, LocalDate on, Change change) {
        batch.flags.add(new FlagStep(at, on, change));
    }

    @Override
    protected Buffer buffer() {
        return new Buffer(refusals.changes(), new ArrayList<>());
    }

    @Override
    protected void write(Buffer batch) {
        refusals.write(jdbc(), batch.refusals);
        Versions.Changes<OfFlag> changes = flags.changes();
        batch.flags.forEach(step -> changes.putOrChange(step.at.id(), step.at, old -> {
            OfFlag known = old == null ? new OfFlag(List.of()) : old;
            return new OfFlag(Lists.and(known.steps, new Step(step.on, step.change.of(known.last()))));
        }));
        flags.write(jdbc(), changes);
    }

    /**
     * The refusal of a person's budget, if it had been refused by the view's day.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    Optional<Refusal> refusal(String budgetId, String personId, View view) {
        long position = position(view);
        require(personId, position);
        return refusals.find(jdbc(), budgetId, position).filter(refusal -> !refusal.on.isAfter(view.asOf()));
    }

    /**
     * What had been written about a person's flag by the view's day.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    Written ofFlag(String flagId, String personId, View view) {
        long position = position(view);
        require(personId, position);
        return flags.find(jdbc(), flagId, position)
                .map(flag -> flag.by(view.asOf()))
                .orElse(Written.NOTHING);
    }
}
