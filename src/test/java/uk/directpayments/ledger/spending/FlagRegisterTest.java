package uk.directpayments.ledger.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static uk.directpayments.ledger.spending.FlagHistory.AHEAD;
import static uk.directpayments.ledger.spending.FlagHistory.FIRST;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.BeanUtils;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.residential.LimitSpan;
import uk.directpayments.ledger.residential.ResidentialEvent.Particulars;
import uk.directpayments.ledger.residential.ResidentialEvent.StayPlanned;
import uk.directpayments.ledger.residential.ResidentialEvent.StayRecorded;
import uk.directpayments.ledger.residential.ResidentialPolicy;
import uk.directpayments.ledger.support.TestPostgres;

/** Rulebook 7.10, numbers 4, 6, 7 and 8, for flags: random histories of a few people, on a real PostgreSQL. The seed is in every failure. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlagRegisterTest {

    private static final List<String> TABLES = List.of("spend_flag", "spend_facts", "spend_balance", "spend_item");
    private static final List<String> PEOPLE = List.of("P1", "P2", "P3");
    private static final int FACTS = 300;

    /** The standard policy does not know who the council is; of the others there are a few at most. */
    private static final EnumSet<Detector> NOT_IN_EVERY_HISTORY = EnumSet.of(
            Detector.COUNCIL_PAYEE, Detector.SPLIT, Detector.CLUSTER, Detector.PAYE_MISSING, Detector.STAY_MISSING);

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

        void deliverOneByOne() {
            while (driver.delivered() < driver.head()) {
                driver.deliver(1);
            }
        }

        /** Each flag with every version it has had, without positions. */
        List<String> versions() {
            return driver.jdbc()
                    .sql("SELECT id || ' ' || document FROM spend_flag ORDER BY id, from_position")
                    .query(String.class)
                    .list();
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
        oneByOne.deliverOneByOne();
    }

    @AfterAll
    void stop() {
        oneByOne.close();
    }

    @Test
    void theHistoriesRaiseWithdrawAndDismissFlagsOfMostKinds() {
        List<Flag> flags = oneByOne.flags();
        assertThat(flags.stream().map(flag -> flag.finding().detector()).collect(Collectors.toSet()))
                .as("seed " + seed)
                .containsAll(EnumSet.complementOf(NOT_IN_EVERY_HISTORY));
        assertThat(flags.stream().map(flag -> flag.stateOn(LAST)).collect(Collectors.toSet()))
                .as("seed " + seed)
                .containsExactlyInAnyOrder(FlagState.RAISED, FlagState.WITHDRAWN, FlagState.DISMISSED);
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
            assertThat(reordered.versions()).as("seed " + seed).isEqualTo(oneByOne.versions());
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
        Set<String> gone = left().entrySet().stream()
                .filter(one -> one.getValue().isZero())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        assertThat(oneByOne.flags())
                .as("seed " + seed)
                .filteredOn(flag -> gone.contains(key(flag)))
                .isNotEmpty()
                .noneMatch(flag -> flag.stateOn(LAST).undecided());
    }

    @Test
    void whatIsAskedAboutOverspendingIsWhatIsMissingNowAndNotMoreThanIsLeftOfTheExpenditure() {
        List<Flag> overspends = oneByOne.flags().stream()
                .filter(flag -> flag.finding().detector() == Detector.OVERSPEND && !flag.withdrawn())
                .toList();
        assertThat(overspends)
                .as("seed " + seed)
                .isNotEmpty()
                .extracting(
                        FlagRegisterTest::key,
                        flag -> flag.finding().amount(),
                        flag -> flag.finding().until())
                .containsExactlyInAnyOrderElementsOf(missing());
        Map<String, Money> left = left();
        assertThat(overspends)
                .as("seed " + seed)
                .allMatch(flag -> !flag.finding().amount().isMoreThan(left.get(key(flag))));
    }

    /** Each expenditure that its account is overspent by, what is missing of it, and until when. */
    private List<Tuple> missing() {
        List<Tuple> missing = new ArrayList<>();
        new FactsFile()
                .find(oneByOne.driver.jdbc(), PEOPLE)
                .values()
                .forEach(facts -> facts.accounts()
                        .forEach((id, account) -> account.overspending()
                                .distinct()
                                .forEach(spent -> {
                                    AccountFacts.Early by = account.overspentBy(spent);
                                    if (by != null) {
                                        missing.add(tuple(
                                                Item.key(id, spent), by.spent().missing(), by.until()));
                                    }
                                })));
        return missing;
    }

    @Test
    void aFlagBeginsOnTheDayOfWhatIsInQuestion() {
        assertThat(oneByOne.flags())
                .as("seed " + seed)
                .allSatisfy(flag -> assertThat(flag.history().get(0).on())
                        .isEqualTo(flag.finding().on()));
    }

    @Test
    void aPaymentIssuedForALaterDayEndsAnOverspendOnThatDayAndIsMoneyForWhatIsSpentFromThenOn() {
        FlagHistory history = new FlagHistory(seed, "P8", 0, false);
        history.pay("P8-1", "now", FIRST, Money.ofPence(1_000));
        history.pay("P8-1", "later", AHEAD.plusDays(10), Money.ofPence(60_000));
        history.spend("P8-1", "much", AHEAD, Money.ofPence(31_000), "payee1");
        history.spend("P8-1", "more", AHEAD.plusDays(1), Money.ofPence(2_000), "payee2");
        history.spend("P8-1", "covered", AHEAD.plusDays(12), Money.ofPence(27_000), "payee3");
        history.spend("P8-1", "again", AHEAD.plusDays(13), Money.ofPence(2_500), "payee4");
        try (Built singly = start(history.facts());
                Built together = start(history.facts())) {
            singly.deliverOneByOne();
            together.driver.deliverAll();
            assertThat(together.versions()).isEqualTo(singly.versions());
            Map<String, Flag> overspends = singly.flags().stream()
                    .filter(flag -> flag.finding().detector() == Detector.OVERSPEND)
                    .collect(Collectors.toMap(
                            flag -> String.valueOf(flag.finding().transactionId()), flag -> flag));
            assertThat(overspends).containsOnlyKeys("much", "again");
            Flag before = overspends.get("much");
            assertThat(before.finding().amount()).isEqualTo(Money.ofPence(30_000));
            assertThat(before.history())
                    .extracting(Flag.Step::on, Flag.Step::state)
                    .containsExactly(tuple(AHEAD, FlagState.RAISED), tuple(AHEAD.plusDays(10), FlagState.WITHDRAWN));
            assertThat(overspends.get("again").finding().amount()).isEqualTo(Money.ofPence(1_500));
        }
    }

    @Test
    void howStaysAreSplitOverAccountsChangesNoReason() {
        List<Fact> split = PEOPLE.stream()
                .flatMap(person -> new FlagHistory(seed, person, FACTS, false).facts().stream())
                .filter(fact -> fact.stream().startsWith("residential/")
                        || fact.stream().startsWith("person/")
                        || fact.event() instanceof AccountOpened)
                .toList();
        try (Built two = start(split);
                Built one =
                        start(split.stream().map(FlagRegisterTest::onOneAccount).toList())) {
            two.driver.deliverAll();
            one.driver.deliverAll();
            assertThat(reasons(one)).as("seed " + seed).isEqualTo(reasons(two)).isNotEmpty();
        }
    }

    private static Fact onOneAccount(Fact fact) {
        String account = fact.personId() + "-1";
        Object event = fact.event();
        if (event instanceof StayRecorded e) {
            event = new StayRecorded(onAccount(account, e.stay()), e.facts());
        } else if (event instanceof StayPlanned e) {
            event = new StayPlanned(onAccount(account, e.stay()), e.facts(), e.limitAcknowledged());
        } else {
            return fact;
        }
        return new Fact(fact.stream(), account, fact.personId(), event, fact.on());
    }

    private static Particulars onAccount(String account, Particulars stay) {
        return new Particulars(stay.stayId(), account, stay.provider(), null, null);
    }

    private static Set<String> reasons(Built built) {
        return built.flags().stream()
                .map(flag -> String.join(
                        " ",
                        flag.personId(),
                        flag.finding().reason(),
                        flag.finding().stayId(),
                        flag.finding().on().toString(),
                        String.valueOf(flag.stateOn(LAST))))
                .collect(Collectors.toSet());
    }

    /** What has not come back of each expenditure, by its key. */
    private Map<String, Money> left() {
        return decided.stream()
                .flatMap(history -> history.left().entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String key(Flag flag) {
        return Item.key(
                flag.finding().accountId(), String.valueOf(flag.finding().transactionId()));
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
