package uk.directpayments.ledger.intake;

import java.util.HashSet;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;

/** What persons may say of lines. Rulebook 7.6. Pure. */
final class LineRules {

    private LineRules() {}

    static StatementEvent decide(LineCommand command) {
        if (command instanceof LineCommand.Reconcile c) {
            return reconcile(c);
        } else if (command instanceof LineCommand.Unmatch c) {
            return unmatch(c);
        } else if (command instanceof LineCommand.Split c) {
            return split(c);
        } else if (command instanceof LineCommand.Ignore c) {
            requireOpen(c.line());
            return new StatementEvent.LineIgnored(c.line().lineId(), Require.reason(c.reason()));
        } else if (command instanceof LineCommand.IgnoreRejected c) {
            if (c.ignored()) {
                throw new RuleBroken("LINE_ALREADY_MATCHED", "The line is ignored already.");
            }
            return new StatementEvent.LineIgnored(c.lineId(), Require.reason(c.reason()));
        } else if (command instanceof LineCommand.HeedRejected c) {
            if (!c.ignored()) {
                throw new RuleBroken("LINE_NOT_MATCHED", "The line is not ignored.");
            }
            return new StatementEvent.LineUnmatched(c.lineId(), Require.reason(c.reason()));
        }
        throw new IllegalArgumentException("no command of a line");
    }

    private static StatementEvent reconcile(LineCommand.Reconcile c) {
        requireOpen(c.line());
        int different = new HashSet<>(c.transactionIds()).size();
        if (c.found() < different) {
            throw new RuleBroken("TRANSACTION_NOT_FOUND", "The account has no such transaction.", "transactionIds");
        }
        if (c.matched() > 0) {
            throw new RuleBroken(
                    "LINE_ALREADY_MATCHED", "One of the transactions is matched with another line.", "transactionIds");
        }
        if (different < c.transactionIds().size() || !c.total().equals(c.line().amount())) {
            throw differ("The line is " + c.line().amount() + ", the transactions are " + c.total() + " together.");
        }
        return new StatementEvent.LineReconciled(c.line().lineId(), c.transactionIds());
    }

    private static StatementEvent unmatch(LineCommand.Unmatch c) {
        LineState state = c.line().state();
        if (state != LineState.MATCHED && state != LineState.IGNORED) {
            throw new RuleBroken("LINE_NOT_MATCHED", "The line is neither matched nor ignored.");
        }
        return new StatementEvent.LineUnmatched(c.line().lineId(), Require.reason(c.reason()));
    }

    private static StatementEvent split(LineCommand.Split c) {
        requireOpen(c.line());
        if (c.line().parts() > 1) {
            throw new RuleBroken("LINE_ALREADY_SPLIT", "The line has been split; split its parts.");
        }
        Money whole = c.line().amount();
        Money sum = c.amounts().stream().reduce(Money.ZERO, Money::plus);
        boolean alike =
                c.amounts().stream().allMatch(part -> whole.isPositive() ? part.isPositive() : part.isNegative());
        if (c.amounts().size() < 2 || !alike || !sum.equals(whole)) {
            throw differ("The parts must be at least two, none of them zero, and add up to "
                    + (whole.isNegative() ? whole.negated() : whole) + ".");
        }
        LineCommand.Facts line = c.line();
        return new StatementEvent.LineSplit(line.lineId(), line.accountId(), line.kind(), line.on(), c.amounts());
    }

    private static void requireOpen(LineCommand.Facts line) {
        if (line.state() == LineState.MATCHED || line.state() == LineState.IGNORED) {
            throw new RuleBroken("LINE_ALREADY_MATCHED", "The line is matched or ignored already; unmatch it first.");
        }
    }

    private static RuleBroken differ(String words) {
        return new RuleBroken("AMOUNTS_DIFFER", words);
    }
}
