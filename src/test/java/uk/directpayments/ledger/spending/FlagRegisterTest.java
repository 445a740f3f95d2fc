package uk.directpayments.ledger.spending;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.BeanUtils;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.residential.LimitSpan;
import uk.directpayments.ledger.residential.ResidentialPolicy;
import uk.directpayments.ledger.support.TestPostgres;

/** Rulebook 7.10, numbers 4, 6 and 8, for flags: random histories of a few people, on a real PostgreSQL. The seed is in every failure. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlagRegisterTest {

    private static final List<String> TABLES = List.of("spend_flag", "spend_facts", "spend_balance", "spend_item");
    private static final List<String> PEOPLE = List.of("P1", "P2", "P3");
    private static final int FACTS = 120;
    private static final LocalDate LAST = LocalDate.of(2100, 1, 1);

    private final long seed = Long.getLong("seed", new Random().nextInt(100_000));
    private final Random random = new Random(seed);
    private final List<FlagHistory> decided = PEOPLE.stream()
            .map(person -> new FlagHistory(seed, person, FACTS, true))
            .toList();

    /** What happened to all of them, and what became of it when it was delivered one by one. */
    private final List<Fact> log =
            shuffled(decided.stream().map(FlagHistory::facts).toList());

    private Built oneByOne;

    private record Built(TestPostgres.Database database, ProjectionDriver driver) implements AutoCloseable {

        List<String> dump() {
            return TABLES.stream().flatMap(table -> driver.dump(table).stream()).toList();
        }

        /** Documents of flags as known at a position. */
        List<String> known(long position) {
            return driver.jdbc()
                    .sql("SELECT document::text FROM spend_flag WHERE from_position <= :at AND until_position > :at"
                            + " ORDER BY 1")
                    .param("at", position)
                    .query(String.class)
                    .list();
        }

        List<Flag> flags() {
            return new Versions<>("spend_flag", Flag.class)
                    .list(driver.jdbc(), Versions.OPEN - 1, "true ORDER BY id", Map.of());
        }

        @Override
        public void close() {
            driver.assertNothingParked();
            database.close();
        }
    }

    @BeforeAll
    void build() {
        System.out.println("FlagRegisterTest: seed " + seed);
        oneByOne = start(log);
        while (oneByOne.driver.delivered() < oneByOne.driver.head()) {
            oneByOne.driver.deliver(1);
        }
    }

    @AfterAll
    void stop() {
        oneByOne.close();
    }

    @Test
    void theHistoriesRaiseWithdrawAndDecideFlagsOfEveryKind() {
        List<Flag> flags = oneByOne.flags();
        assertThat(flags.stream().map(flag -> flag.finding().detector()).collect(Collectors.toSet()))
                .as("seed " + seed)
                .contains(
                        Detector.MCC,
                        Detector.DUPLICATE,
                        Detector.OVERSPEND,
                        Detector.MANUAL,
                        Detector.RESIDENTIAL_LIMIT,
                        Detector.OVERLAPPING_STAY);
        assertThat(flags.stream().map(flag -> flag.stateOn(LAST)).collect(Collectors.toSet()))
                .as("seed " + seed)
                .contains(FlagState.RAISED, FlagState.WITHDRAWN);
    }

    @Test
    void theRowsAreTheSameHoweverTheEventsFallIntoBatches() {
        List<String> expected = oneByOne.dump();
        try (Built batches = start(log)) {
            while (batches.driver.delivered() < batches.driver.head()) {
                batches.driver.deliver(1 + random.nextInt(60));
            }
            assertThat(batches.dump()).as("seed " + seed).isEqualTo(expected);
            batches.driver.reset();
            batches.driver.deliverAll();
            assertThat(batches.dump()).as("rebuilt, seed " + seed).isEqualTo(expected);
        }
    }

    @Test
    void whatWasKnownAtAPositionIsWhatTheEventsUpToThereGive() {
        for (int i = 0; i < 3; i++) {
            int position = 1 + random.nextInt(log.size());
            try (Built prefix = start(log.subList(0, position))) {
                prefix.driver.deliverAll();
                assertThat(oneByOne.known(position))
                        .as("seed " + seed + " at " + position)
                        .isEqualTo(prefix.known(position));
            }
        }
    }

    @Test
    void whatHappensToOtherPeopleInBetweenChangesNothing() {
        List<Fact> other = shuffled(decided.stream().map(FlagHistory::facts).toList());
        try (Built reordered = start(other)) {
            reordered.driver.deliverAll();
            assertThat(reordered.flags()).as("seed " + seed).isEqualTo(oneByOne.flags());
        }
    }

    @Test
    void theOrderOfAccountsBudgetAndStaysAmongEachOtherChangesNoQuestion() {
        List<Fact> facts = new FlagHistory(seed, "P9", FACTS, false).facts();
        Map<String, List<Fact>> streams = new TreeMap<>();
        List<Fact> first = facts.subList(0, 3);
        facts.stream()
                .skip(3)
                .forEach(fact -> streams.computeIfAbsent(fact.stream(), none -> new ArrayList<>())
                        .add(fact));
        List<Fact> other = new ArrayList<>(first);
        other.addAll(shuffled(streams.values()));
        try (Built one = start(facts);
                Built two = start(other)) {
            one.driver.deliverAll();
            two.driver.deliverAll();
            assertThat(open(two)).as("seed " + seed).isEqualTo(open(one));
        }
    }

    @Test
    void anExpenditureThatHasComeBackCarriesNoOpenFlag() {
        Set<String> gone =
                decided.stream().flatMap(history -> history.gone().stream()).collect(Collectors.toSet());
        assertThat(gone).as("seed " + seed).isNotEmpty();
        assertThat(oneByOne.flags().stream()
                        .filter(flag -> flag.stateOn(LAST).undecided())
                        .map(flag -> Item.key(
                                flag.finding().accountId(),
                                String.valueOf(flag.finding().transactionId()))))
                .as("seed " + seed)
                .doesNotContainAnyElementsOf(gone);
    }

    @Test
    void everyLimitThatIsExceededHasOneOpenFlagAndEveryOtherHasBeenWithdrawn() {
        ResidentialPolicy policy = ResidentialPolicy.of(Policy.standard());
        for (int i = 0; i < PEOPLE.size(); i++) {
            FlagHistory history = decided.get(i);
            String person = PEOPLE.get(i);
            List<String> exceeded =
                    LimitSpan.of(history.actualStays(), history.eighteenOn(), null, policy.basis(), policy).stream()
                            .filter(span -> span.level() == LimitSpan.Level.OVER)
                            .map(span -> reason(span.limit()) + " " + span.stayId() + " " + span.from())
                            .sorted()
                            .toList();
            List<String> open = oneByOne.flags().stream()
                    .filter(flag -> flag.personId().equals(person)
                            && flag.finding().detector() == Detector.RESIDENTIAL_LIMIT
                            && !flag.finding().reason().equals("TRANSITION_REVIEW_DUE")
                            && flag.stateOn(LAST) != FlagState.WITHDRAWN)
                    .map(flag -> flag.finding().reason() + " " + flag.finding().stayId() + " "
                            + flag.finding().on())
                    .sorted()
                    .toList();
            assertThat(open).as(person + ", seed " + seed).isEqualTo(exceeded);
        }
    }

    private static String reason(LimitSpan.Limit limit) {
        return switch (limit) {
            case SINGLE_28 -> "RESIDENTIAL_SINGLE_PERIOD_EXCEEDED";
            case ROLLING_120 -> "RESIDENTIAL_120_EXCEEDED";
            case LINKED_28, CHILD_LINKED_28 -> "RESIDENTIAL_LINKED_EXCEEDED";
        };
    }

    /** Questions that stand, without when they came up. */
    private static Set<String> open(Built built) {
        return built.flags().stream()
                .filter(flag -> flag.stateOn(LAST) != FlagState.WITHDRAWN)
                .map(flag -> flag.finding().toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Built start(List<Fact> facts) {
        TestPostgres.Database database = TestPostgres.freshDatabase();
        var register = new FlagRegister(BeanUtils.instantiateClass(Policies.class));
        var driver = new ProjectionDriver(database, register);
        driver.append(facts);
        return new Built(database, driver);
    }

    /** One order of all that keeps the order of each. */
    private List<Fact> shuffled(Collection<List<Fact>> lists) {
        List<List<Fact>> open = new ArrayList<>();
        lists.forEach(list -> open.add(new ArrayList<>(list)));
        List<Fact> all = new ArrayList<>();
        while (!open.isEmpty()) {
            List<Fact> one = open.get(random.nextInt(open.size()));
            all.add(one.remove(0));
            open.removeIf(List::isEmpty);
        }
        return all;
    }
}
