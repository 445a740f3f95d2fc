package uk.directpayments.ledger.spending;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.spending.FlagCommand.Subject;
import uk.directpayments.ledger.spending.FlagEvent.EvidenceReceived;
import uk.directpayments.ledger.spending.FlagEvent.EvidenceRequested;
import uk.directpayments.ledger.spending.FlagEvent.FlagDismissed;
import uk.directpayments.ledger.spending.FlagEvent.FlagRaised;
import uk.directpayments.ledger.spending.FlagEvent.FlagReopened;
import uk.directpayments.ledger.spending.FlagEvent.FlagUpheld;
import uk.directpayments.ledger.spending.FlagEvent.FlagWrittenOff;
import uk.directpayments.ledger.spending.FlagEvent.FraudReferred;
import uk.directpayments.ledger.spending.FlagEvent.RepaymentReceived;
import uk.directpayments.ledger.spending.FlagEvent.RepaymentRequested;

/** What may be done about a flag: rulebook 3.8, 3.9, 7.4. Pure. */
final class FlagRules {

    /** Methods of repayment that take nothing from anybody's hand. */
    private static final Set<String> FROM_PAYMENTS =
            Set.of("FUTURE_PAYMENTS", "FROM_FUTURE_PAYMENTS", "RECOVERED_FROM_FUTURE_PAYMENTS", "DEDUCTION");

    private FlagRules() {}

    /** {@code DUPLICATE_FLAG}, {@code AMOUNT_NOT_POSITIVE}, {@code AMOUNT_OVER_TRANSACTION}. */
    static FlagRaised raise(boolean begun, FlagCommand.RaiseFlag c) {
        if (begun || c.duplicate()) {
            throw new RuleBroken("DUPLICATE_FLAG", "This transaction is flagged for this reason already.");
        }
        Require.positive(c.subject().amount(), "amount");
        if (c.subject().amount().isMoreThan(c.transactionAmount())) {
            throw overTransaction(c.transactionAmount());
        }
        return new FlagRaised(
                c.subject().flagId(),
                c.subject().accountId(),
                c.transactionId(),
                c.reason(),
                c.subject().amount(),
                c.explanation(),
                c.by(),
                c.on());
    }

    static EvidenceRequested request(FlagLife life, FlagCommand.RequestEvidence c) {
        requireUndecided(life, c.subject());
        if (c.due().isBefore(c.today())) {
            throw new RuleBroken("DATE_BEFORE_START", "Evidence is awaited until today or later.", "due");
        }
        return new EvidenceRequested(c.due(), null, c.today(), c.letterRef());
    }

    static EvidenceReceived evidence(FlagLife life, FlagCommand.AddEvidence c) {
        requireUndecided(life, c.subject());
        return new EvidenceReceived(c.sha256(), c.name(), c.today());
    }

    /** By no more than the transaction, though less of it may have been in question. Without evidence and before the deadline only with a waiver; by another person than who raised it by hand. */
    static FlagUpheld uphold(FlagLife life, FlagCommand.UpholdFlag c) {
        requireUndecided(life, c.subject());
        Require.reason(c.reason());
        Require.positive(c.amount(), "amount");
        Money most = c.transactionAmount();
        if (most != null && c.amount().isMoreThan(most)) {
            throw overTransaction(most);
        }
        if (c.by().equals(life.raisedBy())) {
            throw new RuleBroken(
                    "SEPARATION_OF_DUTIES", "Whoever raised the flag cannot uphold it: ask somebody else.");
        }
        boolean awaited = life.evidenceDue() == null || !c.today().isAfter(life.evidenceDue());
        if (!life.evidenced() && awaited && c.waiver() == null) {
            throw new RuleBroken(
                    "EVIDENCE_WINDOW_OPEN",
                    (life.evidenceDue() == null
                                    ? "No evidence has been asked for."
                                    : "Evidence is awaited until " + life.evidenceDue() + ".")
                            + " To decide without it needs a waiver.");
        }
        return new FlagUpheld(
                c.amount(), c.ground(), Objects.requireNonNull(c.reason()), c.waiver(), c.by(), c.today());
    }

    static FlagDismissed dismiss(FlagLife life, FlagCommand.DismissFlag c) {
        requireUndecided(life, c.subject());
        Require.reason(c.reason());
        return new FlagDismissed(Objects.requireNonNull(c.reason()), c.today());
    }

    /** Once, while nothing has been paid. What was upheld also if its cause has gone since, but not once all of it has come back; of what was dismissed nothing is left to ask then. */
    static FlagReopened reopen(FlagLife life, FlagCommand.ReopenFlag c) {
        if (life.reopened()) {
            throw new RuleBroken("RECONSIDERATION_USED", "This decision has been reconsidered once already.");
        }
        if (life.state().undecided()) {
            throw new RuleBroken("FLAG_NOT_DECIDED", "Nobody has decided about this flag yet.");
        }
        boolean decidedOnly = life.state() == FlagState.UPHELD
                || life.state() == FlagState.DISMISSED
                || life.state() == FlagState.REPAYMENT_REQUESTED;
        if (c.subject().reversed()
                || (c.subject().withdrawn() && life.upheld() == null)
                || !decidedOnly
                || (life.upheld() != null && !life.outstanding().equals(life.upheld()))) {
            throw closed();
        }
        Require.reason(c.reason());
        return new FlagReopened(Objects.requireNonNull(c.reason()), c.today());
    }

    static RepaymentRequested requestRepayment(FlagLife life, FlagCommand.RequestRepayment c) {
        requireClaim(life, c.subject());
        requireOutstanding(life, c.amount());
        if (c.due().isBefore(c.today())) {
            throw new RuleBroken("DATE_BEFORE_START", "Repayment is asked for until today or later.", "due");
        }
        return new RepaymentRequested(c.amount(), c.due(), c.debtor(), c.today());
    }

    static RepaymentReceived repay(FlagLife life, FlagCommand.ReceiveRepayment c) {
        requireOutstanding(life, c.amount());
        Require.notFuture(c.on(), c.today());
        if (c.spentOn() != null && c.on().isBefore(c.spentOn())) {
            throw new RuleBroken("DATE_BEFORE_START", "The money was spent on " + c.spentOn() + ".", "on");
        }
        boolean fromPayments = FROM_PAYMENTS.contains(c.method().toUpperCase(Locale.ROOT));
        return new RepaymentReceived(c.amount(), c.method(), fromPayments, c.on());
    }

    /** An authority reaches as far as all that is written off of the flag, in however many parts. */
    static FlagWrittenOff writeOff(FlagLife life, FlagCommand.WriteOffFlag c) {
        requireClaim(life, c.subject());
        requireOutstanding(life, c.amount());
        Require.reason(c.reason());
        if (life.writtenOff().plus(c.amount()).isMoreThan(c.limit())) {
            throw new RuleBroken(
                    "AUTHORITY_EXCEEDED",
                    "At most " + c.limit() + " of a flag may be written off under this authority"
                            + (life.writtenOff().isPositive()
                                    ? ", and " + life.writtenOff() + " have been written off already."
                                    : "."),
                    "authority");
        }
        return new FlagWrittenOff(c.amount(), c.authority(), Objects.requireNonNull(c.reason()), c.today());
    }

    static FraudReferred refer(FlagLife life, FlagCommand.ReferFraud c) {
        requireClaim(life, c.subject());
        return new FraudReferred(null, c.today(), c.reference());
    }

    // ── conditions ───────────────────────────────────────────────────────────────────────────────────────────────

    private static void requireUndecided(FlagLife life, Subject subject) {
        if (subject.withdrawn() || !life.state().undecided()) {
            throw closed();
        }
    }

    private static RuleBroken closed() {
        return new RuleBroken("FLAG_CLOSED", "This flag has been decided or withdrawn.");
    }

    private static void requireUpheld(FlagLife life) {
        if (life.upheld() == null) {
            throw new RuleBroken("FLAG_NOT_UPHELD", "Nobody has upheld this flag.");
        }
    }

    /** What has come back whole is claimed from nobody. */
    private static void requireClaim(FlagLife life, Subject subject) {
        requireUpheld(life);
        if (subject.reversed()) {
            throw closed();
        }
    }

    private static void requireOutstanding(FlagLife life, Money amount) {
        requireUpheld(life);
        Require.positive(amount, "amount");
        if (amount.isMoreThan(life.outstanding())) {
            throw new RuleBroken("EXCEEDS_OUTSTANDING", "Only " + life.outstanding() + " are outstanding.", "amount");
        }
    }

    private static RuleBroken overTransaction(Money most) {
        return new RuleBroken(
                "AMOUNT_OVER_TRANSACTION", "Only " + most + " of the transaction can be in question.", "amount");
    }
}
