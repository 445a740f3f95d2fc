package uk.directpayments.ledger.organisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.organisation.AppointmentEvent.AppointmentEnded;
import uk.directpayments.ledger.organisation.AppointmentEvent.OrganisationAppointed;
import uk.directpayments.ledger.organisation.OrganisationEvent.OrganisationRegistered;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.support.TestPostgres;

/** Who is appointed to which account, on two dates, over the real log and tables. */
class AppointmentsTest {

    private static final LocalDate FIRST = LocalDate.of(2026, 1, 1);
    private static final List<String> ORGANISATIONS = List.of("O1", "O2", "O3");
    private static final List<String> ACCOUNTS = List.of("A1", "A2", "A3", "A4", "A5");

    private TestPostgres.Database database;
    private final Appointments appointments = new Appointments();
    private ProjectionDriver driver;

    @BeforeEach
    void start() {
        database = TestPostgres.freshDatabase();
        driver = new ProjectionDriver(database, appointments);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void whoIsAppointedIsKnownForEveryDayAsOfEveryPosition() {
        long seed = System.nanoTime();
        List<Fact> facts = history(seed);
        driver.append(facts);
        Random random = new Random(seed);
        while (driver.delivered() < driver.head()) {
            driver.deliver(1 + random.nextInt(20));
        }
        driver.assertNothingParked();
        List<String> rows = driver.dump("appointment");

        for (int i = 0; i < 60; i++) {
            LocalDate day = FIRST.plusDays(random.nextInt(400) - 20);
            long known = random.nextInt(facts.size() + 1);
            View view = View.now(day).at(known);
            for (String organisation : ORGANISATIONS) {
                String which = "seed %d, %s on %s known at %d".formatted(seed, organisation, day, known);
                Set<String> expected = appointed(facts, organisation, day, known);
                assertThat(appointments.accounts(organisation, view)).as(which).containsExactlyElementsOf(expected);
                assertThat(paged(organisation, view)).as(which).containsExactlyElementsOf(expected);
                for (String account : ACCOUNTS) {
                    assertThat(appointments.appointed(organisation, account, view))
                            .as(which + ", " + account)
                            .isEqualTo(expected.contains(account));
                }
            }
        }

        driver.reset();
        driver.deliverAll();
        assertThat(driver.dump("appointment")).isEqualTo(rows);
    }

    @Test
    void aListCanBeLimitedToSomeAccounts() {
        driver.append(List.of(appoint("A1", "O1", FIRST), appoint("A2", "O1", FIRST), appoint("A3", "O1", FIRST)));
        driver.deliverAll();
        View view = View.now(FIRST);
        assertThat(appointments.list("O1", Optional.of(Set.of("A1", "A3", "A9")), null, 10, view))
                .extracting(Appointment::accountId)
                .containsExactly("A1", "A3");
        assertThat(appointments.list("O1", Optional.of(Set.of()), null, 10, view))
                .isEmpty();
    }

    @Test
    void anOrganisationIsKnownFromItsRegistrationOn() {
        long registered =
                driver.record(new Fact("A1", "P1", new OrganisationRegistered("O1", "Independent Living Ltd"), FIRST));
        View view = View.now(FIRST);
        assertThat(appointments.organisation("O1", view))
                .contains(new Appointments.Organisation("O1", "Independent Living Ltd"));
        assertThat(appointments.organisation("O1", view.at(registered - 1))).isEmpty();
        assertThat(appointments.organisation("O2", view)).isEmpty();
    }

    /** An end without a beginning cannot be applied: nobody is told that the appointment goes on. */
    @Test
    void anEventThatCannotBeAppliedMakesWhatRestsOnItUnavailableToWhomItConcernsAlone() {
        driver.append(List.of(
                appoint("A1", "O1", FIRST),
                appoint("A2", "O2", FIRST),
                end("A1", "O1", FIRST.plusDays(1), FIRST.plusDays(9))));
        driver.deliverAll();
        View view = View.now(FIRST.plusDays(20));

        assertThatThrownBy(() -> appointments.appointed("O1", "A1", view))
                .isInstanceOfSatisfying(
                        RuleBroken.class, e -> assertThat(e.code()).isEqualTo("FIGURE_UNAVAILABLE"));
        assertThatThrownBy(() -> appointments.accounts("O1", view))
                .isInstanceOfSatisfying(
                        RuleBroken.class, e -> assertThat(e.code()).isEqualTo("FIGURE_UNAVAILABLE"));
        assertThat(appointments.unavailableAccounts(view)).containsExactly("A1");
        assertThat(appointments.appointed("O2", "A1", view)).isFalse();
        assertThat(appointments.appointed("O2", "A2", view)).isTrue();
        assertThat(appointments.accounts("O2", view)).containsExactly("A2");
    }

    private List<String> paged(String organisation, View view) {
        List<String> accounts = new ArrayList<>();
        List<Appointment> page = appointments.list(organisation, Optional.empty(), null, 2, view);
        while (!page.isEmpty()) {
            page.forEach(one -> accounts.add(one.accountId()));
            page = appointments.list(organisation, Optional.empty(), accounts.get(accounts.size() - 1), 2, view);
        }
        return accounts;
    }

    /** Five accounts handed from one organisation to another, with ends that are brought forward later. */
    private static List<Fact> history(long seed) {
        Random random = new Random(seed);
        List<Fact> facts = new ArrayList<>();
        Map<String, LocalDate> free = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            String account = ACCOUNTS.get(random.nextInt(ACCOUNTS.size()));
            String organisation = ORGANISATIONS.get(random.nextInt(ORGANISATIONS.size()));
            LocalDate from = free.getOrDefault(account, FIRST).plusDays(random.nextInt(5));
            LocalDate to = from.plusDays(random.nextInt(30));
            facts.add(appoint(account, organisation, from));
            facts.add(end(account, organisation, from, to));
            if (random.nextBoolean() && to.isAfter(from)) {
                facts.add(end(account, organisation, from, to.minusDays(1)));
            }
            free.put(account, to.plusDays(1));
        }
        return facts;
    }

    private static Set<String> appointed(List<Fact> facts, String organisation, LocalDate day, long known) {
        Map<String, LocalDate> ends = new TreeMap<>();
        for (Fact fact : facts.subList(0, (int) known)) {
            if (fact.event() instanceof OrganisationAppointed e
                    && e.organisationId().equals(organisation)) {
                ends.put(e.accountId() + " " + e.from(), LocalDate.MAX);
            } else if (fact.event() instanceof AppointmentEnded e
                    && e.organisationId().equals(organisation)) {
                ends.put(e.accountId() + " " + e.from(), e.to());
            }
        }
        Set<String> accounts = new TreeSet<>();
        ends.forEach((key, to) -> {
            String[] parts = key.split(" ");
            if (!LocalDate.parse(parts[1]).isAfter(day) && !to.isBefore(day)) {
                accounts.add(parts[0]);
            }
        });
        return accounts;
    }

    private static Fact appoint(String account, String organisation, LocalDate from) {
        return new Fact(account, "P1", new OrganisationAppointed(organisation, account, "P1", from, null), from);
    }

    private static Fact end(String account, String organisation, LocalDate from, LocalDate to) {
        return new Fact(account, "P1", new AppointmentEnded(organisation, account, from, to), to);
    }
}
