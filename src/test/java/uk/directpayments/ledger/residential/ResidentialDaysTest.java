package uk.directpayments.ledger.residential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.person.PersonEvent.PersonCorrected;
import uk.directpayments.ledger.person.PersonEvent.PersonRegistered;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.policy.PolicyEvent.PolicyPublished;
import uk.directpayments.ledger.residential.DayCount.Answer;
import uk.directpayments.ledger.residential.LimitSpan.Level;
import uk.directpayments.ledger.residential.LimitSpan.Limit;
import uk.directpayments.ledger.residential.ResidentialDays.Mark;
import uk.directpayments.ledger.residential.ResidentialDays.Payment;
import uk.directpayments.ledger.residential.ResidentialDays.Standing;
import uk.directpayments.ledger.residential.ResidentialEvent.Particulars;
import uk.directpayments.ledger.residential.ResidentialEvent.PaymentLinked;
import uk.directpayments.ledger.residential.ResidentialEvent.Regime;
import uk.directpayments.ledger.residential.ResidentialEvent.RegimeOverridden;
import uk.directpayments.ledger.residential.ResidentialEvent.StayAmended;
import uk.directpayments.ledger.residential.ResidentialEvent.StayConfirmed;
import uk.directpayments.ledger.residential.ResidentialEvent.StayDischarged;
import uk.directpayments.ledger.residential.ResidentialEvent.StayPlanned;
import uk.directpayments.ledger.residential.ResidentialEvent.StayRecorded;
import uk.directpayments.ledger.residential.ResidentialEvent.StayVoided;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;
import uk.directpayments.ledger.residential.Stay.Facts;
import uk.directpayments.ledger.residential.Stay.Setting;
import uk.directpayments.ledger.support.TestPostgres;

/** Stays, counts and who is near a limit, on two dates, from the log on a real PostgreSQL. */
class ResidentialDaysTest {

    private static final Sealed TEXT = new Sealed("text");
    private static final List<String> TABLES = List.of(
            "residential_person", "residential_stay", "residential_limit", "residential_policy", "residential_payment");

    private TestPostgres.Database database;
    private final ResidentialDays days = new ResidentialDays();
    private ProjectionDriver driver;

    @BeforeEach
    void start() {
        database = TestPostgres.freshDatabase();
        driver = new ProjectionDriver(database, days);
    }

    @AfterEach
    void stop() {
        driver.assertNothingParked();
        database.close();
    }

    @Test
    void aVoidedStayCountsForWhoeverAsksWhatWasKnownBefore() {
        register("P1", "2030-05-10");
        recorded("P1", "S1", "2025-06-01", "2025-06-20");
        long before = recorded("P1", "S2", "2025-06-20", "2025-07-05");
        long after = happened("P1", new StayVoided("S2", TEXT));
        assertThat(count("P1", "2025-12-31", before).child().singlePeriodBreachOn())
                .isEqualTo("2025-06-29");
        assertThat(count("P1", "2025-12-31", after).child().singlePeriodBreachOn())
                .isNull();
        assertThat(count("P1", "2025-12-31", after).child().countedTotal()).isEqualTo(19);
        assertThat(standing("2025-07-01", before))
                .containsExactly(new Standing("P1", List.of(new Mark(Limit.SINGLE_28, Level.OVER)), false));
        assertThat(standing("2025-07-01", after)).isEmpty();
    }

    @Test
    void everyCorrectionChangesTheCountFromItsPositionOn() {
        register("P1", "2030-05-10");
        long open = recorded("P1", "S1", "2025-06-05", null);
        long left = happened("P1", new StayDischarged("S1", day("2025-06-15")));
        long amended = happened(
                "P1",
                new StayAmended("S1", facts("2025-06-05", "2025-06-15"), facts("2025-06-10", "2025-06-15"), TEXT));
        assertThat(count("P1", "2025-07-05", open).child().countedTotal()).isEqualTo(31);
        assertThat(count("P1", "2025-07-05", left).child().countedTotal()).isEqualTo(10);
        assertThat(count("P1", "2025-07-05", amended).child().countedTotal()).isEqualTo(5);
        assertThat(count("P1", "2025-06-12", amended).child().countedTotal()).isEqualTo(3);
    }

    @Test
    void aPlannedStayCountsOnceItIsConfirmed() {
        register("P1", "2030-05-10");
        long planned = happened("P1", new StayPlanned(stay("S1"), facts("2025-08-01", "2025-08-26"), false));
        long confirmed = happened("P1", new StayConfirmed("S1", day("2025-08-02"), day("2025-08-27")));
        assertThat(count("P1", "2025-12-31", planned).child().countedTotal()).isZero();
        assertThat(count("P1", "2025-12-31", confirmed).child().countedTotal()).isEqualTo(25);
        assertThat(standing("2025-08-23", planned)).isEmpty();
        assertThat(standing("2025-08-23", confirmed)).hasSize(1);
    }

    @Test
    void aCorrectedBirthdayAndAnOverrideMoveTheLineBetweenTheLaws() {
        register("P1", "2025-06-11");
        long split = recorded("P1", "S1", "2025-06-01", "2025-07-11");
        long moved = happened("P1", new PersonCorrected("P1", null, null, day("2025-06-21"), TEXT));
        long overridden = happened("P1", new RegimeOverridden(Regime.CHILD, day("2025-12-31"), TEXT));
        assertThat(count("P1", "2025-12-31", split).child().countedTotal()).isEqualTo(10);
        assertThat(count("P1", "2025-12-31", split).adult().breachOn()).isEqualTo("2025-07-09");
        assertThat(count("P1", "2025-12-31", moved).child().countedTotal()).isEqualTo(20);
        assertThat(count("P1", "2025-12-31", overridden).child().singlePeriodBreachOn())
                .isEqualTo("2025-06-29");
        assertThat(standing("2025-07-10", split))
                .extracting(Standing::marks)
                .containsExactly(List.of(new Mark(Limit.LINKED_28, Level.OVER)));
        assertThat(standing("2025-07-10", moved)).isEmpty();
    }

    @Test
    void timeAloneBringsAnOpenStayNearAndOverALimitAndReleasesAClosedOne() {
        register("P1", "2030-05-10");
        register("P2", "2030-05-10");
        recorded("P1", "S1", "2025-06-05", null);
        recorded("P2", "S1", "2025-06-05", "2025-07-05");
        long known = driver.head();
        assertThat(levels("P1", "2025-06-24", known)).isEmpty();
        assertThat(levels("P1", "2025-06-25", known)).containsExactly("SINGLE_28 AMBER");
        assertThat(levels("P1", "2025-07-02", known)).containsExactly("SINGLE_28 RED");
        assertThat(levels("P1", "2025-07-03", known)).containsExactly("SINGLE_28 OVER");
        assertThat(levels("P1", "2025-10-02", known)).containsExactly("ROLLING_120 RED", "SINGLE_28 OVER");
        assertThat(levels("P1", "2029-10-02", known)).containsExactly("ROLLING_120 OVER", "SINGLE_28 OVER");
        assertThat(levels("P1", "2099-01-01", known)).containsExactly("LINKED_28 OVER");
        assertThat(levels("P2", "2025-07-03", known)).containsExactly("SINGLE_28 OVER");
        assertThat(levels("P2", "2026-06-05", known)).containsExactly("SINGLE_28 OVER");
        assertThat(levels("P2", "2026-06-06", known)).isEmpty();
    }

    @Test
    void whoIsNearOrOverComesInPages() {
        for (int i = 10; i < 20; i++) {
            register("P" + i, "2030-05-10");
            recorded("P" + i, "S1", "2025-06-05", i % 2 == 0 ? "2025-07-05" : "2025-06-07");
        }
        View view = View.now(day("2025-07-04"));
        List<Standing> first = days.nearOrOver(ResidentialPolicy.DEFAULT, Basis.NIGHTS, null, 3, view);
        List<Standing> rest = days.nearOrOver(ResidentialPolicy.DEFAULT, Basis.NIGHTS, "P14", 3, view);
        assertThat(first).extracting(Standing::personId).containsExactly("P10", "P12", "P14");
        assertThat(rest).extracting(Standing::personId).containsExactly("P16", "P18");
    }

    @Test
    void whoCannotBeCountedIsAmongThemInTheirPlaceHoweverTheyStoodBefore() {
        for (String person : List.of("P1", "P2", "P3", "P4")) {
            register(person, "2030-05-10");
        }
        recorded("P1", "S1", "2025-06-05", "2025-07-05");
        recorded("P2", "S1", "2025-06-05", "2025-06-07");
        recorded("P3", "S1", "2025-06-05", "2025-07-05");
        recorded("P4", "S1", "2025-06-05", "2025-07-05");
        View before = View.now(day("2025-07-04")).at(driver.head());
        driver.append(List.of(
                fact("P2", new StayDischarged("none", day("2025-07-05"))),
                fact("P3", new StayDischarged("none", day("2025-07-05")))));
        driver.deliverAll();
        View view = View.now(day("2025-07-04")).at(driver.head());

        List<Standing> all = days.nearOrOver(ResidentialPolicy.DEFAULT, Basis.NIGHTS, null, 9, view);
        assertThat(all)
                .extracting(Standing::personId, Standing::unavailable)
                .containsExactly(tuple("P1", false), tuple("P2", true), tuple("P3", true), tuple("P4", false));
        assertThat(all.get(2).marks()).isEmpty();
        assertThat(days.nearOrOver(ResidentialPolicy.DEFAULT, Basis.NIGHTS, null, 2, view))
                .isEqualTo(all.subList(0, 2));
        assertThat(days.nearOrOver(ResidentialPolicy.DEFAULT, Basis.NIGHTS, "P2", 9, view))
                .isEqualTo(all.subList(2, 4));
        assertThat(days.nearOrOver(ResidentialPolicy.DEFAULT, Basis.NIGHTS, null, 9, before))
                .extracting(Standing::personId)
                .containsExactly("P1", "P3", "P4");
        // here alone something is meant to be parked
        driver.jdbc().sql("DELETE FROM parked_event").update();
    }

    @Test
    void byWhateverPolicyIsKnownWhoIsNearOrOverIsWhatTheirStaysSayOneByOne() {
        driver.append(lives(11));
        driver.deliverAll();
        int found = 0;
        for (ResidentialPolicy policy : List.of(ResidentialPolicy.DEFAULT, LOWER, UNLINKED)) {
            int byThis = 0;
            for (LocalDate day = day("2024-01-15"); day.isBefore(day("2027-01-01")); day = day.plusMonths(3)) {
                for (Basis basis : Basis.values()) {
                    for (long position : new long[] {known(policy), driver.head() * 3 / 4, driver.head()}) {
                        View view = View.now(day).at(position);
                        List<Standing> all = inPages(policy, basis, view);
                        assertThat(all).as("%s at %d", day, position).isEqualTo(oneByOne(policy, basis, view));
                        byThis += all.size();
                    }
                }
            }
            assertThat(byThis).as("by " + policy.limits()).isGreaterThan(found / 10);
            found += byThis;
        }
    }

    @Test
    void byAPolicyThatWasNotKnownNobodyIsSaidToBeNearOrOver() {
        driver.append(lives(11));
        driver.deliverAll();
        View before = View.now(day("2025-07-15")).at(known(LOWER) - 1);
        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> days.nearOrOver(LOWER, Basis.NIGHTS, null, 50, before))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("FIGURE_UNAVAILABLE"));
    }

    @Test
    void aPolicyThatSaysWhatAnotherSaysAboutLimitsStoresNothingAgain() {
        driver.append(lives(11));
        driver.deliverAll();
        List<List<String>> before = dump();
        publish("again", LOWER);
        publish("the default once more", ResidentialPolicy.DEFAULT);
        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void spansAreTheSameHoweverPoliciesAndPeopleOvertakeOneAnother() {
        driver.append(lives(7));
        driver.deliverAll();
        List<List<String>> inOrder = dump();
        for (Set<String> last :
                List.of(Set.of("lower"), Set.of("unlinked", "lower"), Set.of("lower again"), Set.of("P1", "P5"))) {
            driver.reset();
            driver.deliverLast(last);
            assertThat(dump()).as("last: " + last).isEqualTo(inOrder);
        }
        driver.reset();
        driver.deliverLast(IntStream.range(0, PEOPLE).mapToObj(p -> "P" + p).collect(Collectors.toSet()));
        assertThat(dump()).as("policies first").isEqualTo(inOrder);
    }

    @Test
    void aStayThatIsWrittenWhileAPolicyIsTakenUpIsFoundByItToo() throws Exception {
        register("P1", "2030-05-10");
        driver.append(List.of(fact("P1", new StayRecorded(stay("S1"), facts("2025-06-05", "2025-07-05")))));
        try (Connection publisher = database.getConnection();
                Statement sql = publisher.createStatement()) {
            publisher.setAutoCommit(false);
            sql.execute("LOCK TABLE residential_policy IN EXCLUSIVE MODE");
            sql.execute("INSERT INTO residential_policy VALUES ('" + LOWER.limits() + "', 1)");
            CompletableFuture<Void> written = CompletableFuture.runAsync(driver::deliverAll);
            await().until(() -> driver.jdbc()
                            .sql(
                                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'residential_policy'::regclass")
                            .query(Long.class)
                            .single()
                    == 1);
            publisher.commit();
            written.get(10, TimeUnit.SECONDS);
        }
        assertThat(days.nearOrOver(LOWER, Basis.NIGHTS, null, 9, View.now(day("2025-06-24"))))
                .containsExactly(new Standing("P1", List.of(new Mark(Limit.SINGLE_28, Level.RED)), false));
    }

    private static final int PEOPLE = 60;
    private static final ResidentialPolicy LOWER = ResidentialPolicy.withLimits("20/60/25/true/true/15/50");
    private static final ResidentialPolicy UNLINKED = ResidentialPolicy.withLimits("28/120/28/false/false/21/90");

    /** People, then their stays, some planned, amended or voided, with policies published in between. */
    private static List<Fact> lives(int seed) {
        RandomPeople people = new RandomPeople(seed);
        List<Fact> facts = new ArrayList<>();
        for (int p = 0; p < PEOPLE; p++) {
            facts.add(fact(
                    "P" + p,
                    new PersonRegistered("P" + p, TEXT, TEXT, people.next().eighteenOn(), null)));
        }
        for (int p = 0; p < PEOPLE; p++) {
            if (p == PEOPLE / 3) {
                facts.add(published("lower", LOWER));
            }
            if (p == PEOPLE / 2) {
                facts.add(published("unlinked", UNLINKED));
                facts.add(published("lower again", LOWER));
            }
            for (Stay stay : people.next().stays()) {
                String personId = "P" + (p * 7 + stay.stayId().length() + facts.size()) % PEOPLE;
                String stayId = "S" + facts.size();
                facts.add(fact(
                        personId,
                        stay.planned()
                                ? new StayPlanned(stay(stayId), stay.facts(), false)
                                : new StayRecorded(stay(stayId), stay.facts())));
                if (facts.size() % 5 == 0) {
                    facts.add(fact(personId, new StayVoided(stayId, TEXT)));
                }
            }
        }
        return facts;
    }

    private static Fact published(String version, ResidentialPolicy policy) {
        Map<String, String> settings =
                new HashMap<>(Policy.standard().settings().values());
        settings.put("child.singlePeriodMax", String.valueOf(policy.singlePeriodMost()));
        settings.put("child.in12MonthsMax", String.valueOf(policy.twelveMonthsMost()));
        settings.put("adult.linkedMax", String.valueOf(policy.linkedMost()));
        settings.put("adult.linkFullPeriods", String.valueOf(policy.adultLinkFullPeriods()));
        settings.put("childLinkAdvisory", String.valueOf(policy.childLinkAdvisory()));
        settings.put("warningLevels.singlePeriod", String.valueOf(policy.amberPeriod()));
        settings.put("warningLevels.in12Months", String.valueOf(policy.amberTwelveMonths()));
        return new Fact(
                "policy/main",
                null,
                version,
                new PolicyPublished(version, day("2025-01-01"), settings, false, null, day("2025-06-01")),
                day("2025-06-01"));
    }

    private void publish(String version, ResidentialPolicy policy) {
        driver.record(published(version, policy));
    }

    /** The position at which a policy with these limits was published. */
    private long known(ResidentialPolicy policy) {
        return driver.jdbc()
                .sql("SELECT since FROM residential_policy WHERE limits = ?")
                .param(policy.limits())
                .query(Long.class)
                .optional()
                .orElse(1L);
    }

    private List<Standing> inPages(ResidentialPolicy policy, Basis basis, View view) {
        List<Standing> all = new ArrayList<>();
        List<Standing> page;
        do {
            String after = all.isEmpty() ? null : all.get(all.size() - 1).personId();
            page = days.nearOrOver(policy, basis, after, 7, view);
            all.addAll(page);
        } while (page.size() == 7);
        return all;
    }

    private List<Standing> oneByOne(ResidentialPolicy policy, Basis basis, View view) {
        return IntStream.range(0, PEOPLE)
                .mapToObj(p -> "P" + p)
                .sorted()
                .map(personId -> new Standing(
                        personId,
                        days.find(personId, view).orElseThrow().spans(basis, policy).stream()
                                .filter(span -> span.covers(view.asOf()))
                                .map(span -> new Mark(span.limit(), span.level()))
                                .distinct()
                                .sorted(Comparator.comparing(mark -> mark.limit() + "/" + mark.level()))
                                .toList(),
                        false))
                .filter(standing -> !standing.marks().isEmpty())
                .toList();
    }

    @Test
    void whoeverIsKnownTodayHasNoStaysBeforeTheyWereKnown() {
        register("P0", "2030-05-10");
        long before = driver.head();
        register("P1", "2030-05-10");
        recorded("P1", "S1", "2025-06-01", "2025-06-05");
        assertThat(days.find("P1", View.now(day("2025-12-31")).at(before))
                        .orElseThrow()
                        .stays())
                .isEmpty();
        assertThat(days.find("P9", View.now(day("2025-12-31")))).isEmpty();
        assertThat(days.find("P9", View.now(day("2025-12-31")).at(before))).isEmpty();
    }

    @Test
    void theNewestLinkOfAPaymentHolds() {
        register("P1", "2030-05-10");
        recorded("P1", "S1", "2025-06-01", "2025-06-05");
        recorded("P1", "S2", "2025-06-10", "2025-06-12");
        long first = happened("P1", new PaymentLinked("A1", "E1", "S1"));
        happened("P1", new PaymentLinked("A1", "E2", "S2"));
        long later = happened("P1", new PaymentLinked("A1", "E1", "S2"));
        List<String> both = List.of("S1", "S2");
        View view = View.now(day("2025-12-31"));
        assertThat(days.payments("P1", both, view.at(first))).containsExactly(new Payment("S1", "A1", "E1"));
        assertThat(days.payments("P1", both, view.at(later)))
                .containsExactly(new Payment("S2", "A1", "E1"), new Payment("S2", "A1", "E2"));
        assertThat(days.isAnybodys("S1", view)).isTrue();
        assertThat(days.isAnybodys("S3", view)).isFalse();
    }

    @Test
    void rowsAreTheSameHoweverEventsFallIntoBatchesAndAfterARebuild() {
        List<Fact> facts = new ArrayList<>();
        RandomPeople people = new RandomPeople(7);
        for (int p = 0; p < 12; p++) {
            String personId = "P" + p;
            facts.add(fact(
                    personId,
                    new PersonRegistered(personId, TEXT, TEXT, people.next().eighteenOn(), null)));
            for (Stay stay : people.next().stays()) {
                facts.add(fact(
                        personId,
                        stay.planned()
                                ? new StayPlanned(stay(stay.stayId()), stay.facts(), false)
                                : new StayRecorded(stay(stay.stayId()), stay.facts())));
                if (stay.facts().admitted().getDayOfMonth() % 4 == 0) {
                    facts.add(fact(personId, new StayVoided(stay.stayId(), TEXT)));
                }
            }
        }
        driver.append(facts);
        while (driver.delivered() < driver.head()) {
            driver.deliver(1);
        }
        List<List<String>> oneByOne = dump();
        for (int batch : new int[] {7, 500}) {
            driver.reset();
            assertThat(dump()).allSatisfy(table -> assertThat(table).isEmpty());
            while (driver.delivered() < driver.head()) {
                driver.deliver(batch);
            }
            assertThat(dump()).isEqualTo(oneByOne);
        }
        assertThat(oneByOne.get(2)).as("spans").hasSizeGreaterThan(20);
    }

    @Test
    void whoIsNearOrOverAmongFiftyThousandIsOneQueryOverItsIndex() {
        driver.jdbc().sql("""
                        INSERT INTO residential_limit
                        SELECT 'P' || p, p, 9223372036854775807, basis, 'SINGLE_28', 'AMBER',
                               date '2015-01-01' + p % 4000, date '2015-01-08' + p % 4000, NULL, :limits
                          FROM generate_series(1, 50000) p, (VALUES ('NIGHTS'), ('INCLUSIVE_DAYS')) b(basis)""").param("limits", LOWER.limits()).update();
        driver.jdbc().sql("ANALYZE residential_limit").update();
        List<String> plan = driver.jdbc()
                .sql("EXPLAIN "
                        + StoredSpans.NEAR_OR_OVER
                                .replace(":limits", "'" + LOWER.limits() + "'")
                                .replace(":basis", "'NIGHTS'")
                                .replace(":asOf", "date '2025-11-22'")
                                .replace(":position", "50000")
                                .replace(":after", "''")
                                .replace(":limit", "50"))
                .query(String.class)
                .list();
        assertThat(plan).anyMatch(line -> line.contains("residential_limit_day"));
        assertThat(plan).noneMatch(line -> line.contains("Seq Scan"));
    }

    private List<List<String>> dump() {
        return TABLES.stream().map(driver::dump).toList();
    }

    private Stream<String> marks(String personId, String asOf, long position) {
        return standing(asOf, position).stream()
                .filter(standing -> standing.personId().equals(personId))
                .flatMap(standing -> standing.marks().stream())
                .map(mark -> mark.limit() + " " + mark.level());
    }

    private List<String> levels(String personId, String asOf, long position) {
        return marks(personId, asOf, position).sorted().toList();
    }

    private List<Standing> standing(String asOf, long position) {
        return days.nearOrOver(
                ResidentialPolicy.DEFAULT,
                Basis.NIGHTS,
                null,
                100,
                View.now(day(asOf)).at(position));
    }

    private Answer count(String personId, String asOf, long position) {
        View view = View.now(day(asOf)).at(position);
        return DayCount.answer(days.find(personId, view)
                .orElseThrow()
                .question(Basis.NIGHTS, view.asOf(), false, ResidentialPolicy.DEFAULT));
    }

    private void register(String personId, String eighteenOn) {
        happened(personId, new PersonRegistered(personId, TEXT, TEXT, day(eighteenOn), null));
    }

    private long recorded(String personId, String stayId, String admitted, @Nullable String discharged) {
        return happened(personId, new StayRecorded(stay(stayId), facts(admitted, discharged)));
    }

    private long happened(String personId, Object event) {
        return driver.record(fact(personId, event));
    }

    private static Fact fact(String personId, Object event) {
        return new Fact("residential/" + personId, null, personId, event, day("2025-06-01"));
    }

    private static Particulars stay(String stayId) {
        return new Particulars(stayId, "A1", TEXT, null, null);
    }

    private static Facts facts(String admitted, @Nullable String discharged) {
        return new Facts(Setting.CARE_HOME, day(admitted), discharged == null ? null : day(discharged), true);
    }

    private static LocalDate day(String text) {
        return LocalDate.parse(text);
    }
}
