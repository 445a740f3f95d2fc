package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.View;

/** The transactions of accounts that no line of a statement is matched with: a line that comes may be one of them. Rulebook 7.6. */
@Component
class FreeEntries {

    private final MatchEntries entries;
    private final StatementLines statementLines;
    private final JdbcClient jdbc;

    FreeEntries(MatchEntries entries, StatementLines statementLines, JdbcClient jdbc) {
        this.entries = entries;
        this.statementLines = statementLines;
        this.jdbc = jdbc;
    }

    /**
     * A transaction that a line may be.
     *
     * @param byCouncil it is the council's own payment, its return or money paid back to it, where a bank names no payee
     * @param cameBack  it is money that came back of an expenditure
     * @param undone    the reversal that takes an expenditure back, or the expenditure that a reversal takes back; or null
     * @param payeeKey  whom it paid or, if it came back, whom that had paid; or null
     * @param refHash   64 bits of the reference that this was recorded with, or null
     */
    record Candidate(
            String transactionId,
            boolean byCouncil,
            boolean cameBack,
            @Nullable String undone,
            @Nullable String payeeKey,
            @Nullable Long refHash) {

        /** @param payeeKeys of whom a line may name @param refHashes of the references that it has */
        boolean isLike(Collection<String> payeeKeys, Collection<Long> refHashes) {
            return (refHash != null && refHashes.contains(refHash))
                    || (payeeKey != null && payeeKeys.contains(payeeKey));
        }
    }

    /**
     * Those of this amount, dated at most {@code days} from a day: the nearest first, of two equally near the earlier. An expenditure and its reversal
     * are no matter for the bank as long as it shows neither.
     *
     * @param taken what lines are matched with, or have become, that the register does not know yet
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    List<Candidate> near(String accountId, Money amount, LocalDate on, int days, Set<String> taken, View view) {
        List<Candidate> near = jdbc.sql("""
                        SELECT m.*, coalesce(m.payee_key, o.payee_key) AS of_payee, coalesce(m.ref_hash, o.ref_hash) AS of_reference,
                               CASE WHEN NOT m.by_council THEN coalesce(m.takes_back, (
                                   SELECT r.transaction_id FROM match_entry r
                                    WHERE r.account_id = m.account_id AND r.takes_back = m.transaction_id AND NOT r.by_council
                                      AND r.position <= :position LIMIT 1)) END AS undone
                          FROM match_entry m LEFT JOIN match_entry o
                            ON o.account_id = m.account_id AND o.transaction_id = m.corrects AND o.payee_key IS NOT NULL
                         WHERE m.account_id = :account AND m.pence = :pence AND m.position <= :position
                           AND m.occurred_on BETWEEN CAST(:on AS date) - :days AND CAST(:on AS date) + :days
                         ORDER BY abs(m.occurred_on - CAST(:on AS date)), m.occurred_on, m.position""")
                .param("account", accountId)
                .param("pence", amount.pence())
                .param("position", entries.good(accountId, view))
                .param("on", on)
                .param("days", days)
                .query((row, i) -> new Candidate(
                        row.getString("transaction_id"),
                        row.getBoolean("by_council"),
                        row.getString("corrects") != null,
                        row.getString("undone"),
                        row.getString("of_payee"),
                        row.getObject("of_reference", Long.class)))
                .list();
        if (near.isEmpty()) {
            return near;
        }
        Set<String> shown = new HashSet<>(taken);
        shown.addAll(statementLines.matched(
                accountId,
                near.stream()
                        .flatMap(one -> Stream.of(Optional.of(one.transactionId), Optional.ofNullable(one.undone)))
                        .flatMap(Optional::stream)
                        .toList(),
                view));
        return near.stream()
                .filter(one -> !shown.contains(one.transactionId) && (one.undone == null || shown.contains(one.undone)))
                .toList();
    }

    /**
     * The expenditures that cards' lines may be, by the lines' numbers: {@link MatchEntries#spent}.
     *
     * @param before they were recorded by then: what these lines become is none that another of them is
     */
    Map<Integer, List<String>> spent(List<MatchEntries.Spending> lines, int days, View before, View view) {
        Map<Integer, List<Moved>> spent = entries.spent(lines, days, before);
        Set<Moved.Key> shown = statementLines.matched(
                spent.values().stream().flatMap(List::stream).toList(), view);
        Map<Integer, List<String>> free = new HashMap<>();
        spent.forEach((line, all) -> free.put(
                line,
                all.stream()
                        .filter(one -> !shown.contains(one.key()))
                        .map(Moved::transactionId)
                        .toList()));
        return free;
    }
}
