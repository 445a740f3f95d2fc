package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Money spent, taken back and given back, and how it is shared between sources: rulebook 4.12, 7.2, 7.11. Pure. Spending is never
 * refused for being over the balance, off the plan, prohibited, or after suspension, end or death.
 */
final class Spending {

    /** Money that belongs to no line, in the order in which it is drawn once the lines' own is used up; the family's own comes last. */
    private static final List<FundingSource> ON_TOP =
            List.of(FundingSource.COUNCIL_TOP_UP, FundingSource.CLIENT_CONTRIBUTION, FundingSource.PARENT_TOP_UP);

    /** What a fee is classed as unless somebody says otherwise: a support organisation's, a card's. Rulebook 4.19. */
    static final String FEE = "FEE";

    private Spending() {}

    /** {@code AMOUNT_ZERO}, {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_OPENING}, {@code DUPLICATE_TRANSACTION}, {@code LINE_NOT_FOUND}. */
    static ExpenditureRecorded record(AccountState state, AccountCommand.RecordExpenditure c) {
        if (c.amount().isZero()) {
            throw new RuleBroken("AMOUNT_ZERO", "An expenditure of nothing is not recorded.", "amount");
        }
        Require.notFuture(c.on(), c.today());
        AccountRules.requireAfterOpening(state, c.on());
        if (state.expenditure(c.expenditureId()) != null) {
            throw new RuleBroken(
                    "DUPLICATE_TRANSACTION", "An expenditure with this id has been recorded.", "expenditureId");
        }
        if (c.externalRef() != null && state.usesExternalRef(c.externalRef())) {
            throw new RuleBroken(
                    "DUPLICATE_TRANSACTION", "A transaction with this reference has been recorded.", "externalRef");
        }
        return new ExpenditureRecorded(
                c.expenditureId(),
                c.amount(),
                c.on(),
                c.payee(),
                c.payeeKey(),
                c.category() == null && c.type() == SpendType.FEE ? FEE : c.category(),
                c.mcc(),
                c.type(),
                c.cashback(),
                c.externalRef(),
                c.lineId(),
                c.stayId(),
                c.description(),
                c.merchant(),
                shares(state, c.amount(), c.on(), c.lineId()));
    }

    /**
     * {@code ALREADY_REVERSED}, {@code REASONS_REQUIRED}, {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_OPENING}, {@code DATE_BEFORE_START}. What
     * was refunded stays refunded.
     */
    static ExpenditureReversed reverse(
            AccountState state, AccountCommand.ReverseExpenditure c, ExpenditureRecorded original) {
        AccountState.Correction correction = state.correction(c.expenditureId());
        Money left = original.amount().minus(correction.refundedInAll());
        if (correction.reversed() || left.isZero()) {
            throw new RuleBroken("ALREADY_REVERSED", "Nothing of this expenditure is left to reverse.");
        }
        Require.reason(c.reason());
        LocalDate on = c.on() == null ? original.on() : c.on();
        if (!on.equals(original.on())) {
            // its own day is ahead if a clock was when it was recorded: then it is undone on that day
            Require.notFuture(on, c.today());
        }
        AccountRules.requireAfterOpening(state, on);
        requireNotBefore(original, on);
        return new ExpenditureReversed(
                c.reversalId(),
                c.expenditureId(),
                left,
                category(correction, original),
                java.util.Objects.requireNonNull(c.reason()),
                on,
                part(original, correction, left));
    }

    /** What has not been spent yet cannot come back. */
    private static void requireNotBefore(ExpenditureRecorded original, LocalDate on) {
        if (on.isBefore(original.on())) {
            throw new RuleBroken("DATE_BEFORE_START", "The money was spent on " + original.on() + ".", "on");
        }
    }

    /**
     * {@code ID_ALREADY_USED}, {@code AMOUNT_NOT_POSITIVE}, {@code REFUND_EXCEEDS_ORIGINAL}, {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_OPENING},
     * {@code DATE_BEFORE_START}.
     */
    static RefundReceived refund(AccountState state, AccountCommand.ReceiveRefund c, ExpenditureRecorded original) {
        if (state.usesRefund(c.refundId())) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a refund with this id.", "refundId");
        }
        Require.positive(c.amount(), "amount");
        Require.notFuture(c.on(), c.today());
        AccountRules.requireAfterOpening(state, c.on());
        requireNotBefore(original, c.on());
        AccountState.Correction correction = state.correction(c.expenditureId());
        Money left = correction.reversed() ? Money.ZERO : original.amount().minus(correction.refundedInAll());
        if (c.amount().isMoreThan(left)) {
            throw new RuleBroken(
                    "REFUND_EXCEEDS_ORIGINAL", "Only " + left + " of this expenditure are left to refund.", "amount");
        }
        return new RefundReceived(
                c.refundId(),
                c.expenditureId(),
                c.amount(),
                category(correction, original),
                c.on(),
                part(original, correction, c.amount()));
    }

    /** {@code REASONS_REQUIRED}, {@code ALREADY_REVERSED}; null if it has that category already. */
    static @Nullable ExpenditureReclassified reclassify(
            AccountState state, AccountCommand.ReclassifyExpenditure c, ExpenditureRecorded original) {
        Require.reason(c.reason());
        AccountState.Correction correction = state.correction(c.expenditureId());
        if (correction.reversed()) {
            throw new RuleBroken("ALREADY_REVERSED", "This expenditure has been reversed.");
        }
        String now = category(correction, original);
        if (c.category().equals(now)) {
            return null;
        }
        return new ExpenditureReclassified(
                c.expenditureId(),
                now,
                c.category(),
                original.amount().minus(correction.refundedInAll()),
                java.util.Objects.requireNonNull(c.reason()),
                original.on());
    }

    private static @Nullable String category(AccountState.Correction correction, ExpenditureRecorded original) {
        return correction.category() != null ? correction.category() : original.category();
    }

    /**
     * Shares spending: the line that is named; else the lines pro rata to the allocation in force, first between sources, then between the
     * lines of a source. What the lines' money cannot cover is drawn from money on top of the budget, the family's last; what nothing
     * covers stays on the lines, as an overspend.
     */
    static List<Share> shares(AccountState state, Money amount, LocalDate on, @Nullable String lineId) {
        if (lineId != null) {
            Terms.Line line = AccountRules.line(state, lineId);
            return List.of(new Share(line.source(), lineId, amount));
        }
        List<Terms.Line> lines = linesInForce(state, on);
        List<FundingSource> sources = sources(state, lines);
        Money covered = sources.stream().map(state::balance).reduce(Money.ZERO, Money::plus);
        Money missing = covered.isNegative() ? amount : amount.minus(covered.least(amount));
        List<Share> shares = new ArrayList<>();
        Money onLines = amount;
        for (FundingSource source : ON_TOP) {
            Money drawn = state.balance(source).least(missing);
            if (drawn.isPositive() && !sources.contains(source)) {
                shares.add(new Share(source, null, drawn));
                missing = missing.minus(drawn);
                onLines = onLines.minus(drawn);
            }
        }
        shares.addAll(0, proRata(lines, sources, onLines, on));
        return List.copyOf(shares);
    }

    private static List<Share> proRata(
            List<Terms.Line> lines, List<FundingSource> sources, Money amount, LocalDate on) {
        if (amount.isZero()) {
            return List.of();
        }
        if (lines.isEmpty()) {
            return List.of(new Share(sources.get(0), null, amount));
        }
        return part(
                lines.stream()
                        .map(line -> new Share(line.source(), line.lineId(), weight(line, on)))
                        .toList(),
                amount);
    }

    /** The lines paid through this account that are in force on the day; if none is, those paid here on any day; else every payable one. */
    private static List<Terms.Line> linesInForce(AccountState state, LocalDate on) {
        List<Terms.Line> payable = state.terms.lines().stream()
                .filter(line -> line.payable()
                        && line.amounts().stream()
                                .anyMatch(a -> a.annualAmount().isPositive()))
                .toList();
        List<Terms.Line> here = payable.stream()
                .filter(line -> java.util.Objects.equals(line.accountId(), state.accountId))
                .toList();
        List<Terms.Line> inForce =
                here.stream().filter(line -> line.yearlyAmount(on).isPositive()).toList();
        if (!inForce.isEmpty()) {
            return inForce;
        }
        return here.isEmpty() ? payable : here;
    }

    private static List<FundingSource> sources(AccountState state, List<Terms.Line> lines) {
        if (lines.isEmpty()) {
            return List.of(java.util.Objects.requireNonNull(state.legalBasis).usualSource());
        }
        return lines.stream().map(Terms.Line::source).distinct().toList();
    }

    /** The yearly amount in force on the day; outside the line's period, or once it is worth nothing, the last it was worth. */
    private static Money weight(Terms.Line line, LocalDate on) {
        Money inForce = line.yearlyAmount(on);
        return inForce.isPositive()
                ? inForce
                : line.amounts().stream()
                        .map(Terms.YearlyAmount::annualAmount)
                        .filter(Money::isPositive)
                        .reduce(Money.ZERO, (before, last) -> last);
    }

    /** Shares what comes back pro rata to what is left of each share, so that all parts together are the whole, exactly. */
    private static List<Share> part(ExpenditureRecorded original, AccountState.Correction before, Money amount) {
        return part(
                original.shares().stream()
                        .map(share -> new Share(
                                share.source(), share.lineId(), share.amount().minus(before.refundedOf(share))))
                        .toList(),
                amount);
    }

    /** Shares an amount pro rata to what is left of each share, first between sources, then between the lines of a source. */
    static List<Share> part(List<Share> left, Money amount) {
        Map<FundingSource, List<Share>> bySource = new LinkedHashMap<>();
        left.forEach(share -> bySource.computeIfAbsent(share.source(), none -> new ArrayList<>())
                .add(share));
        List<Money> ofSources =
                amount.shared(bySource.values().stream().map(Spending::sum).toList());
        List<Share> part = new ArrayList<>();
        int source = 0;
        for (List<Share> lines : bySource.values()) {
            Money ofSource = ofSources.get(source++);
            if (ofSource.isZero()) {
                continue;
            }
            List<Money> ofLines =
                    ofSource.shared(lines.stream().map(Share::amount).toList());
            for (int line = 0; line < ofLines.size(); line++) {
                if (!ofLines.get(line).isZero()) {
                    part.add(new Share(lines.get(line).source(), lines.get(line).lineId(), ofLines.get(line)));
                }
            }
        }
        return List.copyOf(part);
    }

    static Money sum(List<Share> shares) {
        return shares.stream().map(Share::amount).reduce(Money.ZERO, Money::plus);
    }
}
