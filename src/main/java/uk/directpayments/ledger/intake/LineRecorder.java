package uk.directpayments.ledger.intake;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountCommand;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.intake.StatementEvent.LineOutcome;
import uk.directpayments.ledger.intake.StatementEvent.Result;
import uk.directpayments.ledger.intake.StatementSources.Kept;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Policy;

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

    /** The present state of the ledger's machinery, not of the account: the line is tried again. */
    private static final Set<String> NOT_NOW = Set.of("BUSY", "POSITION_NOT_REACHED", "OUTCOME_UNKNOWN");

    private final Commands commands;
    private final StatementSources sources;
    private final StatementRegister register;
    private final MatchCandidates candidates;
    private final Policies policies;
    private final Sealing sealing;

    LineRecorder(
            Commands commands,
            StatementSources sources,
            StatementRegister register,
            MatchCandidates candidates,
            Policies policies,
            Sealing sealing) {
        this.commands = commands;
        this.sources = sources;
        this.register = register;
        this.candidates = candidates;
        this.policies = policies;
        this.sealing = sealing;
    }

    /** The lines of one account, in their order; and the payments that those before have taken, which the register does not know yet. */
    final class OfAccount {

        private final String statementId;
        private final String accountId;
        private final Call call;
        private final LocalDate today;
        private final Set<String> taken = new HashSet<>();

        private OfAccount(String statementId, String accountId, Call call, LocalDate today) {
            this.statementId = statementId;
            this.accountId = accountId;
            this.call = call;
            this.today = today;
        }

        /** @throws RuleBroken {@code BUSY}, {@code POSITION_NOT_REACHED}, {@code OUTCOME_UNKNOWN}: nobody knows yet what becomes of it */
        LineOutcome take(Kept kept) {
            StatementLine line = sources.open(kept).orElse(null);
            if (line == null) {
                return refused(kept, StatementSources.erased());
            }
            try {
                return comesAgain(kept, line) ? outcome(line, Result.DUPLICATE, null) : fresh(kept, line);
            } catch (RuleBroken refusal) {
                if (isPassing(refusal)) {
                    throw refusal;
                }
                return rejected(line, refusal);
            }
        }

        /** Spending asks the account itself. */
        private boolean comesAgain(Kept kept, StatementLine line) {
            return kept.repeated()
                    || (!isSpending(line) && register.hasCome(accountId, line.kind(), refHash(line), now()));
        }

        private LineOutcome fresh(Kept kept, StatementLine line) {
            return isSpending(line)
                    ? spend(Objects.requireNonNull(kept.subject()), line)
                    : explained(kept, line)
                            .map(found -> outcome(line, found.result, found.transactionId))
                            .orElseGet(() -> outcome(line, Result.UNMATCHED, null));
        }

        /** What a line that is not spending turns out to be; empty while nothing in the ledger explains it. */
        Optional<Explained> explained(Kept kept, StatementLine line) {
            String personId = Objects.requireNonNull(kept.subject());
            try {
                return switch (line.kind()) {
                    case LOAD -> payment(line).map(id -> new Explained(Result.MATCHED, id));
                    case REFUND, REVERSAL -> comeBack(personId, line).map(id -> new Explained(Result.RECORDED, id));
                    default -> Optional.empty();
                };
            } catch (RuleBroken refusal) {
                if (refusal.code().equals("FIGURE_UNAVAILABLE")) {
                    return Optional.empty(); // looked at again with the account's next statement
                }
                throw refusal;
            }
        }

        private LineOutcome spend(String personId, StatementLine line) {
            String expenditureId = id("expenditure", line);
            String payee = payee(line);
            Policy policy = policies.on(line.on());
            try {
                commands.send(
                        new AccountCommand.RecordExpenditure(
                                accountId,
                                expenditureId,
                                line.amount().negated(),
                                line.on(),
                                sealing.seal(personId, payee),
                                sealing.opaque(personId, payee),
                                null,
                                line.mcc(),
                                type(line),
                                line.cashback().isZero() ? null : line.cashback(),
                                line.externalRef(),
                                null,
                                null,
                                line.description() == null ? null : sealing.seal(personId, line.description()),
                                policy.settings().merchant(payee),
                                policy.version(),
                                today),
                        call);
            } catch (RuleBroken refusal) {
                if (!refusal.code().equals("DUPLICATE_TRANSACTION")) {
                    throw refusal;
                }
                if (!"expenditureId".equals(refusal.field())) {
                    return outcome(line, Result.DUPLICATE, null);
                }
            }
            return outcome(line, Result.RECORDED, expenditureId);
        }

        private Optional<String> payment(StatementLine line) {
            List<String> near = candidates.payments(accountId, line.amount(), line.on(), DAYS_APART, now());
            Set<String> matched = near.isEmpty() ? Set.of() : register.matchedLoads(accountId, near, now());
            return near.stream()
                    .filter(id -> !matched.contains(id) && taken.add(id))
                    .findFirst();
        }

        private Optional<String> comeBack(String personId, StatementLine line) {
            String id = id("refund", line);
            if (candidates.isCorrected(accountId, id, now())) {
                return Optional.of(id);
            }
            Money amount = line.amount();
            return candidates
                    .original(accountId, payeeKeys(personId, line), amount, line.on(), now())
                    .map(original -> {
                        boolean whole = line.kind() == StatementLine.Kind.REVERSAL
                                && original.left().equals(amount);
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
                                                accountId, id, original.expenditureId(), amount, line.on(), today),
                                call);
                        return id;
                    });
        }

        /** Money back without a name is of a line without a name. */
        private List<String> payeeKeys(String personId, StatementLine line) {
            List<String> payees = line.payee() == null ? List.of(CASH, FEE, PURCHASE) : List.of(line.payee());
            return payees.stream().map(payee -> sealing.opaque(personId, payee)).toList();
        }

        private String id(String kind, StatementLine line) {
            String of = Hashes.hex("statement", statementId, Integer.toString(line.lineNumber()), kind);
            return UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.US_ASCII))
                    .toString();
        }

        private LineOutcome outcome(StatementLine line, Result result, @Nullable String transactionId) {
            return new LineOutcome(
                    line.lineNumber(),
                    accountId,
                    line.kind(),
                    result,
                    transactionId,
                    refHash(line),
                    line.amount(),
                    line.on(),
                    null,
                    null);
        }

        private LineOutcome rejected(StatementLine line, RuleBroken why) {
            return new LineOutcome(
                    line.lineNumber(),
                    accountId,
                    line.kind(),
                    Result.REJECTED,
                    null,
                    refHash(line),
                    line.amount(),
                    line.on(),
                    why.code(),
                    why.words());
        }

        private View now() {
            return View.now(today);
        }
    }

    /**
     * What explains a line.
     *
     * @param transactionId the payment that it is, or the refund or reversal that it became
     */
    record Explained(Result result, String transactionId) {}

    OfAccount ofAccount(String statementId, String accountId, Call call, LocalDate today) {
        return new OfAccount(statementId, accountId, call, today);
    }

    /** A line that no account's stream need be asked about. */
    static LineOutcome refused(Kept kept, RuleBroken why) {
        return new LineOutcome(
                kept.lineNumber(),
                kept.accountId(),
                null,
                Result.REJECTED,
                null,
                null,
                null,
                null,
                why.code(),
                why.words());
    }

    /** Whether the same line may be recorded a little later. */
    static boolean isPassing(RuleBroken refusal) {
        return NOT_NOW.contains(refusal.code());
    }

    private static boolean isSpending(StatementLine line) {
        return switch (line.kind()) {
            case PURCHASE, CASH, FEE -> true;
            default -> false;
        };
    }

    private static SpendType type(StatementLine line) {
        return switch (line.kind()) {
            case CASH -> SpendType.CASH;
            case FEE -> SpendType.FEE;
            default -> SpendType.PURCHASE;
        };
    }

    private static String payee(StatementLine line) {
        if (line.payee() != null) {
            return line.payee();
        }
        return switch (line.kind()) {
            case CASH -> CASH;
            case FEE -> FEE;
            default -> PURCHASE;
        };
    }

    private static long refHash(StatementLine line) {
        return Hashes.bits64("external", line.externalRef());
    }
}
