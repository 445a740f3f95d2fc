package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Documents;
import uk.directpayments.ledger.platform.Rows;

/**
 * The facts of persons as they are stored: a document each, and what each account holds in a row of its own. That changes with all that is spent,
 * the rest hardly ever.
 */
final class FactsFile {

    private final Documents<Facts> documents = new Documents<>("spend_facts", Facts.class);

    /** By person, those that there are. */
    Map<String, Facts> find(JdbcClient jdbc, Collection<String> persons) {
        Map<String, Facts> found = documents.find(jdbc, persons);
        Map<String, AccountFacts.Held> held = new HashMap<>();
        jdbc.sql("SELECT * FROM spend_balance WHERE account_id = ANY(:accounts)")
                .param(
                        "accounts",
                        found.values().stream()
                                .flatMap(facts -> facts.accounts().keySet().stream())
                                .toArray(String[]::new))
                .query(row -> {
                    held.put(
                            row.getString("account_id"),
                            new AccountFacts.Held(
                                    Money.ofPence(row.getLong("pence")),
                                    Money.ofPence(row.getLong("gone")),
                                    row.getObject("gone_on", LocalDate.class)));
                });
        found.replaceAll((person, facts) -> facts.holding(held));
        return found;
    }

    /** Writes what has changed of persons, in three statements at most. @param known as they were found */
    void write(JdbcClient jdbc, Map<String, Facts> known, Map<String, Facts> now) {
        Map<String, Facts> changed = new HashMap<>();
        Rows opened = rows();
        Rows moved = rows();
        now.forEach((person, facts) -> {
            Facts before = known.getOrDefault(person, Facts.NOTHING);
            Facts rest = facts.holding(Map.of());
            if (!rest.equals(before.holding(Map.of()))) {
                changed.put(person, rest);
            }
            facts.accounts().forEach((accountId, account) -> {
                AccountFacts was = before.accounts().get(accountId);
                AccountFacts.Held held = account.held();
                if (was == null || !was.held().equals(held)) {
                    (was == null ? opened : moved)
                            .add(accountId, held.balance().pence(), held.out().pence(), held.lastOut());
                }
            });
        });
        documents.write(jdbc, changed);
        opened.insert(jdbc);
        moved.unnest(jdbc, """
                UPDATE spend_balance t SET pence = rows.pence, gone = rows.gone, gone_on = rows.gone_on
                  FROM rows WHERE t.account_id = rows.account_id""");
    }

    private static Rows rows() {
        return new Rows("spend_balance", "account_id text", "pence bigint", "gone bigint", "gone_on date");
    }
}
