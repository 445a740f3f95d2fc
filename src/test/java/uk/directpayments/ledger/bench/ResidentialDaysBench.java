package uk.directpayments.ledger.bench;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.BeanUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.person.PersonEvent.PersonRegistered;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.policy.PolicyEvent.PolicyPublished;
import uk.directpayments.ledger.residential.DayCount;
import uk.directpayments.ledger.residential.DayCount.Question;
import uk.directpayments.ledger.residential.ResidentialDays;
import uk.directpayments.ledger.residential.ResidentialEvent.Particulars;
import uk.directpayments.ledger.residential.ResidentialEvent.StayRecorded;
import uk.directpayments.ledger.residential.ResidentialPolicy;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;
import uk.directpayments.ledger.residential.Stay;
import uk.directpayments.ledger.support.TestPostgres;

/** Fifty thousand people with two stays each: what it costs to record a stay, to count a person's days, and to ask who is near or over a limit. */
class ResidentialDaysBench {

    private static final int PEOPLE = 50_000;
    private static final int CHUNK = 12_500;
    private static final LocalDate START = LocalDate.of(2024, 1, 1);
    private static final LocalDate TODAY = LocalDate.of(2026, 3, 1);
    private static final LocalDate EIGHTEEN = LocalDate.of(2030, 1, 1);
    private static final Sealed TEXT = new Sealed("text");

    private static final String DOCUMENT = "id, from_position, until_position, document";

    /** Where a person's stays are stored, and what follows from them: tables and their columns that are not computed. */
    private static final Map<String, String> TABLES = Map.of(
            "person",
            DOCUMENT,
            "stay",
            DOCUMENT,
            "limit",
            "person_id, from_position, until_position, basis, limit_name, level, from_on, until_on, stay_id, limits");

    @Test
    void everyPersonCostsTheSameHoweverManyThereAre() {
        Random random = new Random(5);
        try (TestPostgres.Database database = TestPostgres.freshDatabase()) {
            ResidentialDays days = BeanUtils.instantiateClass(ResidentialDays.class);
            ProjectionDriver driver = new ProjectionDriver(database, days);
            TABLES.keySet()
                    .forEach(table -> driver.jdbc()
                            .sql("CREATE TABLE plain_%1$s (LIKE residential_%1$s INCLUDING ALL)".formatted(table))
                            .update());
            for (int done = 0; done < PEOPLE; done += CHUNK) {
                List<Question> people = IntStream.range(0, CHUNK)
                        .mapToObj(i -> new Question(
                                stays(random), EIGHTEEN, null, Basis.NIGHTS, TODAY, false, ResidentialPolicy.DEFAULT))
                        .toList();
                long before = driver.head();
                driver.append(facts(done, people));
                long begun = System.nanoTime();
                driver.deliverAll();
                long recording = System.nanoTime() - begun;
                long inserting = insertPlainly(driver.jdbc(), before);
                begun = System.nanoTime();
                int counted = people.stream()
                        .mapToInt(one -> DayCount.answer(one).child().countedTotal())
                        .sum();
                long counting = System.nanoTime() - begun;
                driver.jdbc().sql("ANALYZE residential_limit").update();
                System.out.printf(
                        "people %,d to %,d: %d us to record a person's two stays, a plain insert %d us: %.1f times;"
                                + " %d us to count their days (%,d days); who is near or over, first 50: %d us%n",
                        done,
                        done + CHUNK,
                        recording / 1_000 / CHUNK,
                        inserting / 1_000 / CHUNK,
                        (double) recording / inserting,
                        counting / 1_000 / CHUNK,
                        counted,
                        asked(days, ResidentialPolicy.DEFAULT));
            }
            PolicyPublished lower = lower();
            driver.append(List.of(new Fact("policy/main", null, "none", lower, START)));
            long begun = System.nanoTime();
            driver.deliverAll();
            long taken = System.nanoTime() - begun;
            driver.jdbc().sql("ANALYZE residential_limit").update();
            System.out.printf(
                    "a policy with lower limits: %d us a person to store who is near or over by it; the first 50: %d us%n",
                    taken / 1_000 / PEOPLE, asked(days, ResidentialPolicy.of(lower.policy())));
            driver.assertNothingParked();
        }
    }

    /** Inserts the rows of the events after a position once more, and says how long it took. */
    private static long insertPlainly(JdbcClient jdbc, long after) {
        long begun = System.nanoTime();
        TABLES.forEach((table, columns) -> jdbc.sql(
                        "INSERT INTO plain_%1$s (%2$s) SELECT %2$s FROM residential_%1$s WHERE from_position > :after"
                                .formatted(table, columns))
                .param("after", after)
                .update());
        return System.nanoTime() - begun;
    }

    /** The median of many. */
    private static long asked(ResidentialDays days, ResidentialPolicy policy) {
        long[] took = new long[41];
        for (int i = 0; i < took.length; i++) {
            long begun = System.nanoTime();
            days.nearOrOver(policy, Basis.NIGHTS, null, 50, View.now(TODAY));
            took[i] = (System.nanoTime() - begun) / 1_000;
        }
        Arrays.sort(took);
        return took[took.length / 2];
    }

    private static PolicyPublished lower() {
        Map<String, String> settings =
                new HashMap<>(Policy.standard().settings().values());
        settings.put("child.singlePeriodMax", "21");
        return new PolicyPublished("lower", START, settings, false, null, TODAY);
    }

    /** A short break long ago, and a stay of up to five weeks of late. */
    private static List<Stay> stays(Random random) {
        return List.of(
                stay("S1", START.plusDays(random.nextInt(300)), random.nextInt(10)),
                stay("S2", START.plusDays(400 + random.nextInt(380)), random.nextInt(35)));
    }

    private static Stay stay(String id, LocalDate admitted, int nights) {
        return new Stay(id, new Stay.Facts(Stay.Setting.CARE_HOME, admitted, admitted.plusDays(nights), true), false);
    }

    private static List<Fact> facts(int first, List<Question> people) {
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < people.size(); i++) {
            String person = "P" + (first + i);
            facts.add(new Fact(
                    "person/" + person, null, person, new PersonRegistered(person, TEXT, TEXT, EIGHTEEN, null), START));
            for (Stay stay : people.get(i).stays()) {
                facts.add(new Fact(
                        "residential/" + person,
                        null,
                        person,
                        new StayRecorded(new Particulars(stay.stayId(), "A1", TEXT, null, null), stay.facts()),
                        START));
            }
        }
        return facts;
    }
}
