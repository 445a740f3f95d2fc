package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountCommand;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.intake.FreeEntries.Candidate;
import uk.directpayments.ledger.intake.SeenLines.Sight;
import uk.directpayments.ledger.intake.StatementEvent.LineOutcome;
import uk.directpayments.ledger.intake.StatementEvent.Result;
import uk.directpayments.ledger.intake.StatementSources.Kept;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.policy.Settings;

/**
 * Makes of one line of a statement what it is: spending is recorded, money that came back is a refund or reversal of what it most probably
 * belongs to, and money loaded is matched with the payment that it is the bank's side of. Money is never added from nowhere. Every id is
 * made of statement and line, so a line that was recorded just before a crash is found recorded.
 */
@Component
class LineRecorder {

    /** How far apart the council's day of a payment and the bank's may lie. Rulebook 7.6. */
    static final int DAYS_APART = 3;

    private static final String CASH = "Cash withdrawal";
    private static final String FEE = "Card fee";
    private static final String PURCHASE = "Card purchase";
    private static final String BANK_PAYMENT = "Bank payment";

    /** The present state of the ledger's machinery, not of the account: the line is tried again. */
    private static final Set<String> NOT_NOW = Set.of("BUSY", "POSITION_NOT_REACHED", "OUTCOME_UNKNOWN");

    private final Commands commands;
    private final StatementSources sources;
    private final StatementLines statementLines;
    private final MatchEntries entries;
    private final FreeEntries freeEntries;
    private final Policies policies;
    private final Sealing sealing;
    private final LineReferences references;

    LineRecorder(
            Commands commands,
            StatementSources sources,
            StatementLines statementLines,
            MatchEntries entries,
            FreeEntries freeEntries,
            Policies policies,
            Sealing sealing,
            LineReferences references) {
        this.commands = commands;
        this.sources = sources;
        this.statementLines = statementLines;
        this.entries = entries;
        this.freeEntries = freeEntries;
        this.policies = policies;
        this.sealing = sealing;
        this.references = references;
    }

    /** The lines of one account, in their order; and the payments that those before have taken, which the register does not know yet. */
    final class OfAccount {

        private final String statementId;
        private final String accountId;
        private final Call call;
        private final LocalDate today;
        private final LinesTogether together;

        /** Nothing that another line is matched with: what lines have been, and what these may have become just before a crash. */
        private final Set<String> taken = new HashSet<>();

        private OfAccount(String statementId, String accountId, List<Kept> lines, LinesTogether together) {
            this.statementId = statementId;
            this.accountId = accountId;
            this.together = together;
            this.call = together.call();
            this.today = together.today();
            for (Kept line : lines) {
                taken.add(id("expenditure", line.lineNumber()));
                taken.add(id("refund", line.lineNumber()));
            }
        }

        /** @throws RuleBroken {@code BUSY}, {@code POSITION_NOT_REACHED}, {@code OUTCOME_UNKNOWN}: nobody knows yet what becomes of it */
        LineOutcome take(Kept kept) {
            StatementLine line = together.opened().get(kept.lineNumber());
            if (line == null) {
                return refused(kept, accountId, StatementSources.erased());
            }
            try {
                return switch (sight(kept, line)) {
                    case REPEATED -> outcome(line, Result.DUPLICATE, null);
                    case CONTRADICTED -> rejected(line, ComeBefore.contradicted());
                    case NEW -> together.elsewhere().take(accountId, line) ? inOtherFormat(line) : fresh(kept, line);
                };
            } catch (RuleBroken refusal) {
                if (isPassing(refusal)) {
                    throw refusal;
                }
                return rejected(line, refusal);
            }
        }

        private Sight sight(Kept kept, StatementLine line) {
            return kept.repeated() ? Sight.REPEATED : inEarlierFiles(line);
        }

        private Sight inEarlierFiles(StatementLine line) {
            return together.come().see(references.all(accountId, line), line);
        }

        /** The account has spending of this reference: of an earlier file, or recorded by hand on the day that somebody took it for. */
        private LineOutcome spentBefore(StatementLine line) {
            Sight before = inEarlierFiles(line);
            boolean same = before == Sight.NEW
                    ? entries.has(accountId, line.amount(), references.hash(line), now())
                    : before == Sight.REPEATED;
            return same ? outcome(line, Result.DUPLICATE, null) : rejected(line, ComeBefore.contradicted());
        }

        private LineOutcome fresh(Kept kept, StatementLine line) {
            String personId = Objects.requireNonNull(kept.subject());
            if (saysSpending(line)) {
                String told = only(together.told().getOrDefault(line.lineNumber(), List.of()));
                return told == null ? spend(personId, line) : outcome(line, Result.MATCHED, told);
            }
            Explained explained = explained(kept, line).orElse(null);
            if (explained != null) {
                return outcome(line, explained.result, explained.transactionId);
            }
            return line.kind() == StatementLine.Kind.DEBIT
                    ? spend(personId, line)
                    : outcome(line, Result.UNMATCHED, null);
        }

        /** The one expenditure that a card's line must be, for somebody has recorded it; null if there is none, or more than one. */
        private @Nullable String only(List<String> told) {
            List<String> free = told.stream().filter(id -> !taken.contains(id)).toList();
            if (free.size() != 1) {
                return null;
            }
            taken.add(free.get(0));
            return free.get(0);
        }

        /** What a line that is no card's spending turns out to be; empty while nothing in the ledger explains it. */
        Optional<Explained> explained(Kept kept, StatementLine line) {
            String personId = Objects.requireNonNull(kept.subject());
            try {
                return switch (line.kind()) {
                    case LOAD ->
                        payment(line)
                                .map(id -> new Explained(Result.MATCHED, id))
                                .or(() -> entry(personId, line));
                    case REFUND, REVERSAL -> comeBack(personId, line);
                    case DEBIT, CREDIT, RECALL, UNLOAD -> entry(personId, line);
                    default -> Optional.empty();
                };
            } catch (RuleBroken refusal) {
                // a debit would become spending that may be there already: it is rejected, and may be sent again
                if (refusal.code().equals("FIGURE_UNAVAILABLE") && line.kind() != StatementLine.Kind.DEBIT) {
                    return Optional.empty(); // looked at again with the account's next statement
                }
                throw refusal;
            }
        }

        /** What a line that waits turns out to be by now; a debit is spending once what it might have been has gone to other lines. */
        Optional<Explained> again(Kept kept, StatementLine line) {
            Optional<Explained> explained = explained(kept, line);
            return explained.isPresent() || line.kind() != StatementLine.Kind.DEBIT
                    ? explained
                    : Optional.of(spend(Objects.requireNonNull(kept.subject()), line))
                            .filter(spent -> spent.result() == Result.RECORDED)
                            .map(spent -> new Explained(spent.result(), spent.transactionId()));
        }

        /** What a line that has not come before would become; null where that cannot be told before it is recorded. @param told {@link LinesTogether#told} */
        @Nullable
        Result foreseen(Kept kept, StatementLine line, List<String> told) {
            if (saysSpending(line)) {
                return only(told) == null ? Result.RECORDED : Result.MATCHED;
            }
            if (line.kind() == StatementLine.Kind.REFUND || line.kind() == StatementLine.Kind.REVERSAL) {
                return null;
            }
            return explained(kept, line)
                    .map(Explained::result)
                    .orElse(line.kind() == StatementLine.Kind.DEBIT ? Result.RECORDED : Result.UNMATCHED);
        }

        private LineOutcome spend(String personId, StatementLine line) {
            String expenditureId = id("expenditure", line.lineNumber());
            String payee = payee(line);
            Policy policy = together.policyOn().apply(line.on());
            StatementLine.Spent spent = line.spent();
            try {
                commands.send(
                        new AccountCommand.RecordExpenditure(
                                accountId,
                                expenditureId,
                                line.amount().negated(),
                                line.on(),
                                sealing.seal(personId, payee),
                                sealing.opaque(personId, payee),
                                spent == null ? null : spent.category(),
                                line.mcc(),
                                type(line),
                                line.cashback().isZero() ? null : line.cashback(),
                                references.inClear(line),
                                spent == null ? null : spent.lineId(),
                                null,
                                line.description() == null ? null : sealing.seal(personId, line.description()),
                                merchant(policy.settings(), payee, line),
                                policy.version(),
                                today),
                        call);
            } catch (RuleBroken refusal) {
                if (!refusal.code().equals("DUPLICATE_TRANSACTION")) {
                    throw refusal;
                }
                if (!"expenditureId".equals(refusal.field())) {
                    return spentBefore(line);
                }
            }
            return outcome(line, Result.RECORDED, expenditureId);
        }

        /**
         * The transaction that a bank's line is, or that money loaded or taken off a card is: matched if it is the only one that is like it,
         * or the only one at all and the council's; else a person has to say.
         */
        private Optional<Explained> entry(String personId, StatementLine line) {
            if (line.kind() == StatementLine.Kind.DEBIT && accountHas(id("expenditure", line.lineNumber()))) {
                return Optional.empty(); // recorded just before a crash: recorded once more it is found recorded
            }
            String name = name(line);
            List<String> payeeKeys = name == null ? List.of() : List.of(sealing.opaque(personId, name));
            List<Candidate> near = free(line).stream()
                    // a load is no payment that came back, and any other it has found already
                    .filter(one -> line.kind() != StatementLine.Kind.LOAD || !one.byCouncil())
                    .toList();
            List<Candidate> like = like(near, payeeKeys, line);
            Candidate only = like.size() == 1
                    ? like.get(0)
                    : near.size() == 1 && near.get(0).byCouncil() ? near.get(0) : null;
            if (only != null) {
                return Optional.of(matched(only));
            }
            return near.isEmpty() ? Optional.empty() : Optional.of(new Explained(Result.SUGGESTED, null));
        }

        private List<Candidate> free(StatementLine line) {
            return freeEntries.near(accountId, line.amount(), line.on(), DAYS_APART, taken, now());
        }

        private List<Candidate> like(List<Candidate> near, List<String> payeeKeys, StatementLine line) {
            Set<Long> known = references.hashes(line);
            return near.stream().filter(one -> one.isLike(payeeKeys, known)).toList();
        }

        private Explained matched(Candidate only) {
            taken.add(only.transactionId());
            return new Explained(Result.MATCHED, only.transactionId());
        }

        private boolean accountHas(String transactionId) {
            return !entries.amounts(accountId, List.of(transactionId), now()).isEmpty();
        }

        private Optional<String> payment(StatementLine line) {
            List<String> near = entries.payments(accountId, line.amount(), line.on(), DAYS_APART, now());
            Set<String> matched = near.isEmpty() ? Set.of() : statementLines.matched(accountId, near, now());
            return near.stream()
                    .filter(id -> !matched.contains(id) && taken.add(id))
                    .findFirst();
        }

        /** Of what came back: what somebody has recorded of it, or else what it most probably belongs to. */
        private Optional<Explained> comeBack(String personId, StatementLine line) {
            String id = id("refund", line.lineNumber());
            if (entries.isCorrected(accountId, id, now())) {
                return Optional.of(new Explained(Result.RECORDED, id));
            }
            List<String> payeeKeys = payeeKeys(personId, line);
            List<Candidate> told = like(free(line), payeeKeys, line).stream()
                    .filter(Candidate::cameBack)
                    .toList();
            if (!told.isEmpty()) {
                return Optional.of(told.size() == 1 ? matched(told.get(0)) : new Explained(Result.SUGGESTED, null));
            }
            return entries.original(accountId, payeeKeys, line.amount(), line.on(), now())
                    .map(original -> giveBack(personId, id, original, line));
        }

        private Explained giveBack(String personId, String id, MatchEntries.Original original, StatementLine line) {
            boolean whole = line.kind() == StatementLine.Kind.REVERSAL
                    && original.left().equals(line.amount());
            commands.send(
                    whole
                            ? new AccountCommand.ReverseExpenditure(
                                    accountId,
                                    id,
                                    original.expenditureId(),
                                    sealing.seal(personId, "Reversed by the card scheme"),
                                    line.on(),
                                    today)
                            : new AccountCommand.ReceiveRefund(
                                    accountId, id, original.expenditureId(), line.amount(), line.on(), today),
                    call);
            return new Explained(Result.RECORDED, id);
        }

        /** Money back without a name is of a line without a name, or of one with its words. */
        private List<String> payeeKeys(String personId, StatementLine line) {
            List<String> payees = line.payee() != null
                    ? List.of(line.payee())
                    : Stream.concat(Stream.ofNullable(line.description()), Stream.of(CASH, FEE, PURCHASE, BANK_PAYMENT))
                            .toList();
            return payees.stream().map(payee -> sealing.opaque(personId, payee)).toList();
        }

        private String id(String kind, int lineNumber) {
            return Line.ownId(kind, statementId, lineNumber);
        }

        private LineOutcome outcome(StatementLine line, Result result, @Nullable String transactionId) {
            return outcome(line, result, transactionId, null, null);
        }

        private LineOutcome inOtherFormat(StatementLine line) {
            return outcome(line, Result.DUPLICATE, null, LineOutcome.IN_OTHER_FORMAT, null);
        }

        private LineOutcome rejected(StatementLine line, RuleBroken why) {
            return outcome(line, Result.REJECTED, null, why.code(), why.words());
        }

        private LineOutcome outcome(
                StatementLine line,
                Result result,
                @Nullable String transactionId,
                @Nullable String code,
                @Nullable String words) {
            return new LineOutcome(
                    line.lineNumber(),
                    accountId,
                    line.kind(),
                    result,
                    transactionId,
                    references.hash(line),
                    line.amount(),
                    line.on(),
                    code,
                    words);
        }

        private View now() {
            return View.now(today);
        }
    }

    /**
     * What explains a line.
     *
     * @param transactionId the transaction that it is, or the refund or reversal that it became; null if a person has to say
     */
    record Explained(Result result, @Nullable String transactionId) {}

    /** @param lines those that are worked on together, for the first time */
    OfAccount ofAccount(Statement statement, String accountId, List<Kept> lines, LinesTogether together) {
        return new OfAccount(statement.statementId(), accountId, lines, together);
    }

    /** A line that waits, looked at once more. */
    OfAccount ofWaiting(String statementId, String accountId, Kept line, Call call, LocalDate today) {
        return new OfAccount(statementId, accountId, List.of(line), LinesTogether.none(policies, call, today));
    }

    /**
     * A line that no account's stream need be asked about, with as much of it as could be read.
     *
     * @param accountId of the line, or of the bank's statement; null if that is not known
     */
    LineOutcome refused(Kept kept, @Nullable String accountId, RuleBroken why) {
        StatementLine line = sources.open(kept).orElse(null);
        return new LineOutcome(
                kept.lineNumber(),
                accountId,
                line == null ? null : line.kind(),
                Result.REJECTED,
                null,
                line == null ? null : references.hash(line),
                line == null ? null : line.amount(),
                line == null ? null : line.on(),
                why.code(),
                why.words());
    }

    /** Whether the same line may be recorded a little later. */
    static boolean isPassing(RuleBroken refusal) {
        return NOT_NOW.contains(refusal.code());
    }

    static boolean saysSpending(StatementLine line) {
        return switch (line.kind()) {
            case PURCHASE, CASH, FEE, SPENDING -> true;
            default -> false;
        };
    }

    private static SpendType type(StatementLine line) {
        if (line.spent() != null) {
            return line.spent().type();
        }
        return switch (line.kind()) {
            case CASH -> SpendType.CASH;
            case FEE -> SpendType.FEE;
            default -> SpendType.PURCHASE;
        };
    }

    /** A bank may say in its words alone where money was spent. */
    private static @Nullable String merchant(Settings policy, String payee, StatementLine line) {
        String listed = policy.merchant(payee, line.mcc());
        return listed == null && line.kind() == StatementLine.Kind.DEBIT && line.description() != null
                ? policy.merchantNamedIn(line.description())
                : listed;
    }

    /** Whom it paid, as far as it says. */
    static String payee(StatementLine line) {
        String name = name(line);
        if (name != null) {
            return name;
        }
        return switch (line.kind()) {
            case CASH -> CASH;
            case FEE -> FEE;
            case DEBIT -> BANK_PAYMENT;
            default -> PURCHASE;
        };
    }

    /** The other side's, or what a bank that names none says instead. */
    private static @Nullable String name(StatementLine line) {
        return line.payee() == null ? line.description() : line.payee();
    }
}
