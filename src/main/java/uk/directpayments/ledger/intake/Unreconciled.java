package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.intake.StatementLines.Rejected;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Pages;
import uk.directpayments.ledger.platform.View;

/**
 * What bank and ledger do not say alike, both ways, and where the bank's own statements leave a gap. Rulebook 4.21. Everything up to the
 * view's day, matched or not as was known at its position.
 */
@Component
public class Unreconciled {

    private final StatementRegister register;
    private final StatementLines statementLines;
    private final MatchEntries entries;

    Unreconciled(StatementRegister register, StatementLines statementLines, MatchEntries entries) {
        this.register = register;
        this.statementLines = statementLines;
        this.entries = entries;
    }

    /**
     * A line of a bank's that no transaction is matched with.
     *
     * @param amount    money in is positive
     * @param suggested there are, or were, transactions that it may be
     */
    public record BankLine(
            String accountId, String statementId, String lineId, LocalDate on, Money amount, boolean suggested) {}

    /** A transaction of the ledger's that no bank's line is matched with. @param amount money in is positive */
    public record Unseen(String accountId, String transactionId, LocalDate on, Money amount) {}

    /**
     * A statement does not begin with what the one before it ended with.
     *
     * @param statementId the one that does not
     * @param ended       the day on which the one before ended; null if the gap lies within the file
     * @param closing     of the one before, or null with it
     * @param began       the day on which this one begins
     * @param opening     of this one
     */
    public record Gap(
            String accountId,
            String statementId,
            @Nullable LocalDate ended,
            @Nullable Money closing,
            LocalDate began,
            @Nullable Money opening) {}

    /** Hands over the open lines of accounts, in a stable order. */
    public void lines(Collection<String> accountIds, View view, Consumer<BankLine> each) {
        Pages.<Line, Line>each(
                after -> statementLines.open(accountIds, after, Pages.SIZE, view),
                line -> line,
                page -> page.forEach(line -> each.accept(new BankLine(
                        Objects.requireNonNull(line.accountId()),
                        line.statementId(),
                        line.lineId(),
                        Objects.requireNonNull(line.on()),
                        Objects.requireNonNull(line.amount()),
                        line.state() == LineState.SUGGESTED))));
    }

    /**
     * A line that an import refused, and that nothing has made good since.
     *
     * @param accountId null if it is not known
     * @param since     its day or, if that could not be read or lies later, the day on which it came in
     * @param amount    of a bank's line, money in positive; null if it could not be read, or is an organisation's word
     * @param code      why it was refused
     */
    public record RefusedLine(
            @Nullable String accountId,
            String statementId,
            String lineId,
            LocalDate since,
            @Nullable Money amount,
            String code) {}

    /** Hands over the refused lines of accounts, in a stable order. */
    public void refused(Collection<String> accountIds, View view, Consumer<RefusedLine> each) {
        refused(after -> statementLines.rejected(accountIds, null, after, Pages.SIZE, view), each);
    }

    /** Hands over the refused lines whose account is not known. @param organisationId that has sent them; null for any sender */
    public void refusedOfNobody(@Nullable String organisationId, View view, Consumer<RefusedLine> each) {
        refused(after -> statementLines.rejected(null, organisationId, after, Pages.SIZE, view), each);
    }

    private static void refused(Function<@Nullable Rejected, List<Rejected>> read, Consumer<RefusedLine> each) {
        Pages.<Rejected, Rejected>each(
                read,
                one -> one,
                page -> page.forEach(one -> {
                    Line line = one.line();
                    each.accept(new RefusedLine(
                            one.accountId(),
                            line.statementId(),
                            line.lineId(),
                            Objects.requireNonNull(line.since()),
                            line.kind() == StatementLine.Kind.SPENDING ? null : line.amount(),
                            String.valueOf(line.code())));
                }));
    }

    /**
     * Hands over the transactions of accounts that no line is matched with, in a stable order. A transaction and what takes it back are no matter
     * for the bank as long as it shows neither.
     */
    public void transactions(Collection<String> accountIds, View view, Consumer<Unseen> each) {
        Pages.<Moved, MatchEntries.Place>each(
                after -> entries.moved(accountIds, after, Pages.SIZE, view),
                one -> new MatchEntries.Place(one.accountId(), one.on(), one.position()),
                page -> unseen(page, view, each));
    }

    private void unseen(List<Moved> page, View view, Consumer<Unseen> each) {
        Set<Moved.Key> matched = statementLines.matched(page, view);
        for (Moved one : page) {
            String counterpart = one.counterpart();
            boolean undone = counterpart != null && !matched.contains(new Moved.Key(one.accountId(), counterpart));
            if (!matched.contains(one.key()) && !undone) {
                each.accept(new Unseen(one.accountId(), one.transactionId(), one.on(), one.amount()));
            }
        }
    }

    /** The gaps between the statements of accounts, account by account; what is sent later may close one. */
    public List<Gap> gaps(Collection<String> accountIds, View view) {
        Map<String, List<Statement>> byAccount = new HashMap<>();
        List<Gap> gaps = new ArrayList<>();
        for (Statement statement : register.ofBanks(accountIds, view)) {
            List<Statement> earlier = byAccount.computeIfAbsent(statement.accountId(), none -> new ArrayList<>());
            LocalDate from = Objects.requireNonNull(statement.from());
            List<Statement> before = before(earlier, from);
            if (BankPeriod.of(statement).isGapAfter(before)) {
                Statement last = before.get(before.size() - 1);
                gaps.add(gap(statement, from, last));
            } else if (statement.gap() && hasGapWithin(statement, from, view)) {
                gaps.add(gap(statement, from, null));
            }
            earlier.add(statement);
        }
        return gaps;
    }

    /** As {@link StatementRegister#before}, of statements in their order. */
    private static List<Statement> before(List<Statement> earlier, LocalDate day) {
        List<Statement> proved = earlier.stream()
                .filter(entry -> entry.opening() != null && entry.closing() != null && entry.to() != null)
                .toList();
        if (proved.stream().anyMatch(entry -> !day.equals(entry.from()) && day.isBefore(entry.to()))) {
            return List.of();
        }
        LocalDate last = proved.stream()
                .filter(entry -> !day.equals(entry.from()))
                .map(Statement::to)
                .filter(to -> to != null && !to.isAfter(day))
                .max(LocalDate::compareTo)
                .orElse(null);
        return proved.stream()
                .filter(entry -> day.equals(entry.from()) || Objects.equals(last, entry.to()))
                .toList();
    }

    /** It was accepted with a gap, and did follow what was there then. */
    private boolean hasGapWithin(Statement statement, LocalDate from, View view) {
        View then = View.now(view.asOf()).at(statement.receivedAt() - 1);
        return !BankPeriod.of(statement)
                .isGapAfter(register.before(Objects.requireNonNull(statement.accountId()), from, then));
    }

    private static Gap gap(Statement statement, LocalDate from, @Nullable Statement before) {
        return new Gap(
                Objects.requireNonNull(statement.accountId()),
                statement.statementId(),
                before == null ? null : before.to(),
                before == null ? null : before.closing(),
                from,
                statement.opening());
    }

    /** The last day, by the view's, that a statement or card feed told of each account; accounts of which none has are not in the answer. */
    public Map<String, LocalDate> lastTold(Collection<String> accountIds, View view) {
        return statementLines.lastTold(accountIds, view);
    }

    /** The accounts whose transactions cannot be told at present. */
    public Set<String> unavailable(View view) {
        return entries.unavailable(view);
    }
}
