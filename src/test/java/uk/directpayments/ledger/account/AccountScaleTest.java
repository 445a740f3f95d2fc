package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.support.TestPostgres;

/** A long account costs what a short one of the same days costs: PostgreSQL's own account of what it did, not a clock, says so. */
class AccountScaleTest {

    private static final LocalDate DAY = AccountHistory.FIRST.plusDays(400);
    private static final Pattern PROBES = Pattern.compile("account_balance_pkey .*loops=([0-9]+)\\)");
    private static final Pattern BUFFERS = Pattern.compile("Buffers: shared hit=([0-9]+)(?: read=([0-9]+))?");

    @Test
    void aLongAccountIsReadByIndexAloneInAsManyStepsAsAShortOne() {
        try (TestPostgres.Database database = TestPostgres.freshDatabase()) {
            ProjectionDriver driver = new ProjectionDriver(database, new AccountBalances());
            driver.append(account("SHORT", AccountHistory.random(1, 1, 300, 0.9)));
            for (int part = 0; part < 20; part++) {
                driver.append(account("LONG", AccountHistory.random(2 + part, 1, 300, 0.9)));
            }
            driver.deliverAll();
            driver.jdbc().sql("VACUUM ANALYZE account_balance, account_move").update();

            for (String sql :
                    List.of(AccountBalances.HELD_BY_ONE, AccountBalances.HELD_BY_MANY, AccountBalances.OF_LINES)) {
                for (long position : List.of(driver.head(), driver.head() / 3)) {
                    List<String> longPlan = plan(driver, sql, "LONG", position);
                    List<String> shortPlan = plan(driver, sql, "SHORT", position);
                    for (List<String> plan : List.of(longPlan, shortPlan)) {
                        assertThat(String.join("\n", plan))
                                .contains("Index Only Scan using account_balance_begins")
                                .contains("Index Only Scan Backward using account_balance_opens")
                                .contains("Index Only Scan Backward using account_balance_pkey")
                                .contains("account_move_pkey")
                                .doesNotContain("Seq Scan");
                    }
                    // Twenty times as long: the random histories differ in what has moved at all; what grows is what
                    // has moved
                    // in part of five days, and a tree's height.
                    assertThat(number(PROBES, longPlan)).isLessThan(2 * number(PROBES, shortPlan));
                    assertThat(number(BUFFERS, longPlan)).isLessThan(3 * number(BUFFERS, shortPlan));
                }
            }
        }
    }

    private static List<Fact> account(String id, List<Fact> facts) {
        return facts.stream()
                .map(fact -> new Fact(id, fact.personId(), fact.event(), fact.on()))
                .toList();
    }

    private static List<String> plan(ProjectionDriver driver, String sql, String accountId, long position) {
        return new ArrayList<>(driver.jdbc()
                .sql("EXPLAIN (ANALYZE, BUFFERS) " + sql)
                .param("account", accountId)
                .param("accounts", new String[] {accountId})
                .params(AccountBalances.at(DAY, position, position))
                .query(String.class)
                .list());
    }

    private static long number(Pattern pattern, List<String> plan) {
        for (String line : plan) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                String read = matcher.groupCount() > 1 ? matcher.group(2) : null;
                return Long.parseLong(matcher.group(1)) + (read == null ? 0 : Long.parseLong(read));
            }
        }
        throw new AssertionError(pattern + " is not in " + plan);
    }
}
