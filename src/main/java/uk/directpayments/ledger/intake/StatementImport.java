package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.intake.StatementEvent.BankBalancesTold;
import uk.directpayments.ledger.intake.StatementEvent.FeedMappingTold;
import uk.directpayments.ledger.intake.StatementEvent.LineIgnored;
import uk.directpayments.ledger.intake.StatementEvent.LineMatched;
import uk.directpayments.ledger.intake.StatementEvent.LineOutcome;
import uk.directpayments.ledger.intake.StatementEvent.LineReconciled;
import uk.directpayments.ledger.intake.StatementEvent.LineSplit;
import uk.directpayments.ledger.intake.StatementEvent.LinesProcessed;
import uk.directpayments.ledger.intake.StatementEvent.Result;
import uk.directpayments.ledger.intake.StatementEvent.StatementFinished;
import uk.directpayments.ledger.intake.StatementEvent.StatementReceived;
import uk.directpayments.ledger.intake.StatementEvent.Totals;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.LedgerStream;

/** One statement file and what became of its lines. Rulebook 7.6. */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName("snapshot.statement")
class StatementImport extends LedgerStream<StatementEvent> {

    private @Nullable String statementId;
    private int lastLine;
    private Totals totals = Totals.NONE;
    private boolean finished;

    /** Numbers alone; most files leave few. */
    private final Set<Integer> unmatched = new TreeSet<>();

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(StatementCommand.ReceiveStatement c) {
        if (statementId != null) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already a statement with this id.", "statementId");
        }
        StatementCommand.SameFile same = c.sameFile();
        if (same != null) {
            throw new RuleBroken(
                    "STATEMENT_ALREADY_IMPORTED",
                    "Every line of this very file is in the ledger already"
                            + (same.statementId() == null ? "." : ", from statement " + same.statementId() + "."));
        }
        StatementCommand.BankStatement bank = c.bank();
        if (bank != null && bank.gap() && bank.reason() == null) {
            throw new RuleBroken(
                    "STATEMENT_GAP",
                    "The opening balance is not the closing balance of the statement before; a reason accepts it.");
        }
        recordOf(
                bank == null ? null : bank.owner(),
                new StatementReceived(
                        c.statementId(), c.format(), c.sha256(), c.bytes(), c.lines(), c.organisationId(), c.knownTo()),
                c.today());
        if (bank != null) {
            recordOf(
                    bank.owner(),
                    new BankBalancesTold(
                            bank.owner().accountId(),
                            bank.from(),
                            bank.to(),
                            bank.opening(),
                            bank.closing(),
                            bank.mapping(),
                            bank.gap() ? bank.reason() : null,
                            bank.onFirstDay().isEmpty() ? null : bank.onFirstDay()),
                    c.today());
        }
        if (c.feedMapping() != null) {
            record(new FeedMappingTold(c.feedMapping()), c.today());
        }
    }

    @CommandHandler
    void handle(StatementCommand.RecordLines c) {
        if (finished || c.afterLine() != lastLine) {
            throw new RuleBroken("BUSY", "Another node is going through this statement at this moment.");
        }
        recordOf(c.owner(), new LinesProcessed(List.copyOf(c.outcomes())), c.today());
    }

    @CommandHandler
    void handle(StatementCommand.MatchLine c) {
        if (!unmatched.contains(c.lineNumber())) {
            throw new RuleBroken("LINE_ALREADY_MATCHED", "This line does not wait for a match.");
        }
        recordOf(c.owner(), new LineMatched(c.lineNumber(), c.result(), c.transactionId()), c.today());
    }

    @CommandHandler
    void handle(LineCommand.Reconcile c) {
        recordOf(c.owner(), LineRules.decide(c), c.today());
    }

    @CommandHandler
    void handle(LineCommand.Unmatch c) {
        recordOf(c.owner(), LineRules.decide(c), c.today());
    }

    @CommandHandler
    void handle(LineCommand.Split c) {
        recordOf(c.owner(), LineRules.decide(c), c.today());
    }

    @CommandHandler
    void handle(LineCommand.Ignore c) {
        recordOf(c.owner(), LineRules.decide(c), c.today());
    }

    @CommandHandler
    void handle(LineCommand.IgnoreRejected c) {
        recordOf(c.owner(), LineRules.decide(c), c.today());
    }

    @CommandHandler
    void handle(LineCommand.HeedRejected c) {
        recordOf(c.owner(), LineRules.decide(c), c.today());
    }

    @CommandHandler
    void handle(StatementCommand.FinishStatement c) {
        if (!finished) {
            recordOf(c.owner(), new StatementFinished(totals), c.today());
        }
    }

    /** Whom and what it concerns is said by the command: the statement of a card platform is of many accounts. */
    private void recordOf(AccountAccess.@Nullable Owner owner, StatementEvent event, LocalDate on) {
        record(event, on, owner == null ? null : owner.personId(), owner == null ? null : owner.accountId());
    }

    @Override
    protected void evolve(StatementEvent event, long sequence) {
        if (event instanceof StatementReceived e) {
            statementId = e.statementId();
        } else if (event instanceof LinesProcessed e) {
            for (LineOutcome outcome : e.outcomes()) {
                totals = totals.plus(outcome.result());
                lastLine = outcome.lineNumber();
                if (outcome.result() == Result.UNMATCHED || outcome.result() == Result.SUGGESTED) {
                    unmatched.add(outcome.lineNumber());
                }
            }
        } else if (event instanceof LineMatched e) {
            totals = totals.matchedAfterAll(e.result());
            unmatched.remove(e.lineNumber());
        } else if (event instanceof LineReconciled e) {
            byHand(e.lineId());
        } else if (event instanceof LineSplit e) {
            byHand(e.lineId());
        } else if (event instanceof LineIgnored e) {
            byHand(e.lineId());
        } else if (event instanceof StatementFinished) {
            finished = true;
        }
    }

    /** The ledger itself says no more of a line that a person has dealt with. */
    private void byHand(String lineId) {
        if (lineId.indexOf('.') < 0) {
            unmatched.remove(Integer.parseInt(lineId));
        }
    }

    @Override
    protected @Nullable String personId() {
        return null;
    }
}
