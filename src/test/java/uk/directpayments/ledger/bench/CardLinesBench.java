package uk.directpayments.ledger.bench;

import java.lang.reflect.Constructor;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.beans.BeanUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountType;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.spending.FlagRegister;
import uk.directpayments.ledger.support.TestPostgres;

/**
 * What it costs to classify card lines and store them with their flags, as a multiple of inserting the same rows and nothing else: 2,000 accounts
 * with ten lines a month each, in the order of their days, so that every further line meets a longer history. The two are measured in turn,
 * 10,000 lines at a time.
 */
class CardLinesBench {

    private static final int LINES = 200_000;
    private static final int ACCOUNTS = 2_000;
    private static final int CHUNK = 10_000;
    private static final int BATCH = 500;
    private static final LocalDate START = LocalDate.of(2025, 1, 1);
    private static final Sealed TEXT = new Sealed("text");
    private static final String[] CODES = {"8050", "4111", "5411", "7997", "8299", "5812", "7995", "4121", "8398"};

    @Test
    void everyLineCostsTheSameHoweverManyThereAre() throws ReflectiveOperationException {
        try (TestPostgres.Database database = TestPostgres.freshDatabase()) {
            Policies policies = BeanUtils.instantiateClass(Policies.class);
            Constructor<FlagRegister> constructor = FlagRegister.class.getDeclaredConstructor(Policies.class);
            ProjectionDriver driver =
                    new ProjectionDriver(database, policies, BeanUtils.instantiateClass(constructor, policies));
            driver.append(accounts());
            driver.deliverAll();
            JdbcClient jdbc = driver.jdbc();
            jdbc.sql("CREATE TABLE plain_item (LIKE spend_item INCLUDING ALL)").update();
            jdbc.sql("CREATE TABLE plain_flag (LIKE spend_flag INCLUDING ALL)").update();
            Random random = new Random(4);
            long classifying = 0;
            long inserting = 0;
            long atLast = 0;
            long plainAtLast = 0;
            int reported = 0;
            for (int done = 0; done < LINES; done += CHUNK) {
                long before = driver.head();
                driver.append(lines(done, random));
                long begun = System.nanoTime();
                while (driver.delivered() < driver.head()) {
                    driver.deliver(BATCH);
                }
                classifying += System.nanoTime() - begun;
                inserting += insertPlainly(jdbc, before);
                int now = done + CHUNK;
                if (now == 50_000 || now == 100_000 || now == LINES) {
                    int lines = now - reported;
                    System.out.printf(
                            "card lines %,d to %,d: %d us a line, a plain insert %d us: %.1f times%n",
                            reported,
                            now,
                            (classifying - atLast) / 1_000 / lines,
                            (inserting - plainAtLast) / 1_000 / lines,
                            (double) (classifying - atLast) / (inserting - plainAtLast));
                    reported = now;
                    atLast = classifying;
                    plainAtLast = inserting;
                }
            }
            driver.assertNothingParked();
            System.out.printf(
                    "flags: %,d%n",
                    jdbc.sql("SELECT count(*) FROM spend_flag")
                            .query(Long.class)
                            .single());
        }
    }

    private record Row(String id, long from, long until, String document) {}

    /** Inserts the rows of the events after a position once more, so many at a time, and says how long it took. */
    private static long insertPlainly(JdbcClient jdbc, long after) {
        List<Row> items = jdbc.sql("""
                        SELECT id, 0 AS from, 0 AS until, document::text AS document FROM spend_item
                         WHERE (document ->> 'position')::bigint > :after ORDER BY (document ->> 'position')::bigint""").param("after", after).query(Row.class).list();
        List<Row> flags = jdbc.sql("""
                        SELECT id, from_position AS from, until_position AS until, document::text AS document FROM spend_flag
                         WHERE from_position > :after ORDER BY from_position""").param("after", after).query(Row.class).list();
        long begun = System.nanoTime();
        int batches = items.size() / BATCH;
        for (int i = 0; i < batches; i++) {
            List<Row> some = items.subList(i * BATCH, (i + 1) * BATCH);
            jdbc.sql("INSERT INTO plain_item (id, document) SELECT * FROM unnest(:ids::text[], :documents::jsonb[])")
                    .param("ids", ids(some))
                    .param("documents", documents(some))
                    .update();
            List<Row> theirs = flags.subList(flags.size() * i / batches, flags.size() * (i + 1) / batches);
            jdbc.sql("""
                            INSERT INTO plain_flag (id, from_position, until_position, document)
                            SELECT * FROM unnest(:ids::text[], :froms::bigint[], :untils::bigint[], :documents::jsonb[])""")
                    .param("ids", ids(theirs))
                    .param(
                            "froms",
                            theirs.stream().map(row -> String.valueOf(row.from)).toArray(String[]::new))
                    .param(
                            "untils",
                            theirs.stream()
                                    .map(row -> String.valueOf(row.until))
                                    .toArray(String[]::new))
                    .param("documents", documents(theirs))
                    .update();
        }
        return System.nanoTime() - begun;
    }

    private static String[] ids(List<Row> rows) {
        return rows.stream().map(Row::id).toArray(String[]::new);
    }

    private static String[] documents(List<Row> rows) {
        return rows.stream().map(Row::document).toArray(String[]::new);
    }

    private static List<Fact> accounts() {
        List<Fact> facts = new ArrayList<>();
        for (int a = 0; a < ACCOUNTS; a++) {
            Money amount = Money.ofPence(10_000_000);
            facts.add(new Fact(
                    "A" + a,
                    "P" + a,
                    new AccountOpened(
                            "A" + a,
                            "B" + a,
                            "P" + a,
                            LegalBasis.CHILD_S17A,
                            AccountType.PREPAID_CARD,
                            HolderType.PARENT,
                            null,
                            true,
                            null,
                            null,
                            START,
                            new Terms(1, null, START, null, null, List.of()),
                            1),
                    START));
            facts.add(new Fact(
                    "A" + a,
                    "P" + a,
                    new PaymentIssued(
                            "PAY", "care", FundingSource.SOCIAL_CARE_CHILD, null, amount, Money.ZERO, amount, START),
                    START));
        }
        return facts;
    }

    private static List<Fact> lines(int first, Random random) {
        List<Fact> facts = new ArrayList<>();
        for (int i = first; i < first + CHUNK; i++) {
            String account = String.valueOf(random.nextInt(ACCOUNTS));
            LocalDate on = START.plusDays(i * 3L / ACCOUNTS);
            facts.add(new Fact(
                    "A" + account,
                    "P" + account,
                    new ExpenditureRecorded(
                            "E" + i,
                            Money.ofPence(100 + random.nextInt(9_000)),
                            on,
                            TEXT,
                            "payee" + random.nextInt(40),
                            null,
                            CODES[random.nextInt(CODES.length)],
                            SpendType.PURCHASE,
                            null,
                            "T" + i,
                            null,
                            null,
                            null,
                            null,
                            List.of()),
                    on));
        }
        return facts;
    }
}
