package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.AccountEvent.AccountClosed;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountResumed;
import uk.directpayments.ledger.account.AccountEvent.AccountSuspended;
import uk.directpayments.ledger.account.AccountEvent.AccountType;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsApproved;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.ReserveApproved;
import uk.directpayments.ledger.account.AccountEvent.ReserveKind;
import uk.directpayments.ledger.account.AccountEvent.ReserveReleased;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.account.AccountRegister.Filter;
import uk.directpayments.ledger.account.AccountRegister.State;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.support.TestPostgres;

/** The register and the schedules, on two dates. */
class AccountRegisterTest {

    private TestPostgres.Database database;
    private final AccountRegister register = new AccountRegister();
    private final AccountSchedules schedules = new AccountSchedules();
    private ProjectionDriver driver;

    @BeforeEach
    void start() {
        database = TestPostgres.freshDatabase();
        driver = new ProjectionDriver(database, register, schedules);
    }

    @AfterEach
    void stop() {
        driver.assertNothingParked();
        database.close();
    }

    @Test
    void anAccountIsOpenSuspendedOrClosedAsOfADay() {
        open("A1", "P1", "2025-04-01");
        record("A1", new AccountSuspended(day("2025-05-01"), "AWAY", new Sealed("why")));
        long suspended = driver.head();
        record("A1", new AccountResumed(day("2025-06-01")));
        record("A1", new AccountSuspended(day("2025-08-01"), "AWAY", new Sealed("why")));
        record("A1", new DeathNoted(day("2025-08-20")));
        record("A1", new AccountClosed(day("2025-09-01"), Map.of()));

        assertThat(state("2025-03-31", driver.head())).isNull();
        assertThat(state("2025-04-01", driver.head())).isEqualTo(State.OPEN);
        assertThat(state("2025-05-01", driver.head())).isEqualTo(State.SUSPENDED);
        assertThat(state("2025-05-31", driver.head())).isEqualTo(State.SUSPENDED);
        assertThat(state("2025-06-01", driver.head())).isEqualTo(State.OPEN);
        assertThat(state("2025-06-01", suspended)).isEqualTo(State.SUSPENDED);
        assertThat(state("2025-08-31", driver.head())).isEqualTo(State.SUSPENDED);
        assertThat(state("2025-09-01", driver.head())).isEqualTo(State.CLOSED);
        assertThat(state("2025-09-01", suspended)).isEqualTo(State.SUSPENDED);
        Entry entry = register.find("A1", now("2025-09-01")).orElseThrow().entry();
        assertThat(entry.diedOn()).isEqualTo("2025-08-20");
    }

    @Test
    void anAccountIsThereBeforeItWasOpenedOrKnownButNotVisible() {
        open("A0", "P1", "2025-04-01");
        long before = driver.head();
        open("A1", "P1", "2025-04-01");
        assertThat(register.find("A1", now("2025-04-01")).orElseThrow().visible())
                .isTrue();
        assertThat(register.find("A1", now("2025-03-31")).orElseThrow().visible())
                .isFalse();
        assertThat(register.find("A1", now("2025-04-01").at(before))
                        .orElseThrow()
                        .visible())
                .isFalse();
        assertThat(register.find("A1", now("2025-03-31").at(driver.head()))
                        .orElseThrow()
                        .visible())
                .isFalse();
        assertThat(register.find("A9", now("2025-04-01"))).isEmpty();
        assertThat(register.find("A9", now("2025-04-01").at(before))).isEmpty();
    }

    @Test
    void aReserveCountsFromItsApprovalToItsLastDayUnlessReleased() {
        open("A1", "P1", "2025-04-01");
        reserve("r1", "300.00", "2025-12-31", "2025-05-01");
        reserve("r2", "50.00", "2026-03-31", "2025-06-01");
        record("A1", new ReserveReleased("r2", day("2025-07-01")));
        assertThat(reserved("2025-04-30")).isEqualTo("0.00");
        assertThat(reserved("2025-05-01")).isEqualTo("300.00");
        assertThat(reserved("2025-06-30")).isEqualTo("350.00");
        assertThat(reserved("2025-07-01")).isEqualTo("300.00");
        assertThat(reserved("2025-12-31")).isEqualTo("300.00");
        assertThat(reserved("2026-01-01")).isEqualTo("0.00");
    }

    @Test
    void listsFilterInTheDatabaseAndPageById() {
        for (int i = 10; i < 30; i++) {
            open("A" + i, i % 2 == 0 ? "P-even" : "P-odd", i == 29 ? "2025-08-01" : "2025-04-01");
            if (i % 5 == 0) {
                record("A" + i, new AccountSuspended(day("2025-06-01"), "AWAY", new Sealed("why")));
            }
            if (i == 15) {
                record("A15", new AccountResumed(day("2025-06-10")));
            }
            if (i % 10 == 0 || i == 13) {
                record("A" + i, new AccountClosed(day("2025-07-01"), Map.of()));
            }
        }
        assertThat(ids(new Filter("P-even", null, null, null), "2025-06-05")).hasSize(10);
        assertThat(ids(new Filter("P-odd", null, null, null), "2025-06-05")).hasSize(9);
        assertThat(ids(new Filter("P-odd", null, null, null), "2025-03-31")).isEmpty();
        assertThat(ids(new Filter(null, null, "B-A13", null), "2025-06-05")).containsExactly("A13");
        assertThat(ids(new Filter(null, "ORG-A13", null, null), "2025-06-05")).containsExactly("A13");
        assertThat(ids(new Filter(null, null, null, State.SUSPENDED), "2025-06-05"))
                .containsExactly("A10", "A15", "A20", "A25");
        assertThat(ids(new Filter(null, null, null, State.SUSPENDED), "2025-06-10"))
                .containsExactly("A10", "A20", "A25");
        assertThat(ids(new Filter(null, null, null, State.SUSPENDED), "2025-07-01"))
                .containsExactly("A25");
        assertThat(ids(new Filter(null, null, null, State.CLOSED), "2025-07-01"))
                .containsExactly("A10", "A13", "A20");
        for (String on : List.of("2025-03-31", "2025-06-05", "2025-06-10", "2025-07-01", "2025-08-01")) {
            List<String> all = ids(Filter.ALL, on);
            List<String> byState = new ArrayList<>();
            for (State state : State.values()) {
                for (String id : ids(new Filter(null, null, null, state), on)) {
                    Entry entry = register.find(id, now(on)).orElseThrow().entry();
                    assertThat(entry.stateOn(day(on))).isEqualTo(state);
                    byState.add(id);
                }
            }
            assertThat(byState).containsExactlyInAnyOrderElementsOf(all);
        }
        List<String> paged = new ArrayList<>();
        Filter odd = new Filter("P-odd", null, null, State.OPEN);
        for (List<Entry> page = register.list(odd, null, 4, now("2025-06-05"));
                !page.isEmpty();
                page = register.list(odd, paged.get(paged.size() - 1), 4, now("2025-06-05"))) {
            page.forEach(entry -> paged.add(entry.accountId()));
        }
        assertThat(paged).isEqualTo(ids(odd, "2025-06-05")).hasSize(7);
    }

    @Test
    void ofOnePersonsAccountsACardIsOnTheOneOpenedLastThatIsNotClosed() {
        open("A1", "P1", "2025-04-01", "card");
        open("A2", "P1", "2025-05-01", "card");
        open("A3", "P1", "2025-06-01", "card");
        record("A3", new AccountClosed(day("2025-07-01"), Map.of()));
        assertThat(card("card", "2025-06-15")).isEqualTo("A3");
        assertThat(card("card", "2025-07-01")).isEqualTo("A2");
        record("A2", new AccountClosed(day("2025-07-01"), Map.of()));
        record("A1", new AccountClosed(day("2025-07-01"), Map.of()));
        assertThat(card("card", "2025-07-01")).isEqualTo("A3");
        assertThat(register.byBankToken("other", now("2025-07-01")).on(day("2025-07-01")))
                .isEmpty();
    }

    @Test
    void aCardIsOnTheAccountThatHadItOnTheDayAndOnAnotherPersonsOnceTheFirstHasItNoMore() {
        open("A1", "P1", "2025-04-01", "card");
        record("A1", new BankDetailsApproved("c1", new Sealed("details"), "card", "two", day("2025-04-20")));
        open("A2", "P2", "2025-04-10", "else");
        record("A2", new BankDetailsApproved("c1", new Sealed("details"), "card", "two", day("2025-05-01")));
        open("A3", "P3", "2025-09-01", "card");
        assertThat(card("card", "2025-03-01")).isEqualTo("A1");
        assertThat(card("card", "2025-05-02")).isEqualTo("A1");
        record("A1", new BankDetailsApproved("c2", new Sealed("details"), "new", "two", day("2025-06-01")));
        assertThat(card("card", "2025-05-31")).isEqualTo("A1");
        assertThat(card("card", "2025-06-01")).isEqualTo("A2");
        record("A2", new AccountClosed(day("2025-08-01"), Map.of()));
        assertThat(card("card", "2025-07-31")).isEqualTo("A2");
        assertThat(card("card", "2025-08-31")).isEqualTo("A2");
        assertThat(card("card", "2025-09-01")).isEqualTo("A3");
        assertThat(card("new", "2025-05-31")).isEqualTo("A1");
    }

    @Test
    void aCardThatMovedBetweenAPersonsAccountsIsOnTheOneThatHadItOnTheDay() {
        open("A1", "P1", "2025-04-01", "card");
        open("A2", "P1", "2025-04-10", "else");
        record("A2", new BankDetailsApproved("c1", new Sealed("details"), "card", "two", day("2025-06-01")));
        assertThat(card("card", "2025-05-31")).isEqualTo("A1");
        assertThat(card("card", "2025-06-01")).isEqualTo("A2");
        record("A2", new BankDetailsApproved("c2", new Sealed("details"), "else", "two", day("2025-07-01")));
        assertThat(card("card", "2025-06-30")).isEqualTo("A2");
        assertThat(card("card", "2025-07-01")).isEqualTo("A1");
    }

    @Test
    void anInstalmentIsScheduledIssuedReturnedAndIssuedAgainOnTwoDates() {
        open("A1", "P1", "2025-04-01");
        schedule("s1", "2025-04-01", 3);
        schedule("s2", "2025-05-01", 1);
        record("A1", issued("p1", "s1.1", "2025-04-07"));
        long issued = driver.head();
        record(
                "A1",
                new PaymentReturned(
                        "p1",
                        "L1",
                        FundingSource.SHORT_BREAKS,
                        "s1.1",
                        pounds("10.00"),
                        pounds("1.00"),
                        pounds("9.00"),
                        "0",
                        day("2025-04-09")));
        record("A1", issued("p2", "s1.1", "2025-04-14"));
        record("A1", issued("extra", null, "2025-04-14"));

        assertThat(states("2025-04-06", driver.head())).isEmpty();
        assertThat(states("2025-04-08", driver.head())).isEqualTo(Map.of("s1.1", AccountSchedules.State.ISSUED));
        assertThat(states("2025-04-10", driver.head())).isEqualTo(Map.of("s1.1", AccountSchedules.State.RETURNED));
        assertThat(states("2025-04-10", issued)).isEqualTo(Map.of("s1.1", AccountSchedules.State.ISSUED));
        assertThat(states("2025-04-14", driver.head())).isEqualTo(Map.of("s1.1", AccountSchedules.State.ISSUED));
        assertThat(schedules.list("A1", 0, 10, now("2025-04-30"))).hasSize(1);
        var all = schedules.list("A1", 0, 10, now("2025-05-01"));
        assertThat(all).extracting(AccountSchedules.Schedule::scheduleId).containsExactly("s1", "s2");
        assertThat(schedules.list("A1", all.get(0).position(), 10, now("2025-05-01")))
                .isEqualTo(all.subList(1, 2));
        assertThat(all.get(0).instalments()).hasSize(3);
    }

    @Test
    void aReplayGivesTheSameRows() {
        listsFilterInTheDatabaseAndPageById();
        anInstalmentIsScheduledIssuedReturnedAndIssuedAgainOnTwoDates();
        List<List<String>> rows = dump();
        driver.reset();
        while (driver.delivered() < driver.head()) {
            driver.deliver(3);
        }
        assertThat(dump()).isEqualTo(rows);
        driver.reset();
        driver.deliverAll();
        assertThat(dump()).isEqualTo(rows);
    }

    private List<List<String>> dump() {
        return List.of(
                driver.dump("account_register"),
                driver.dump("account_schedule"),
                driver.dump("account_schedule_change"),
                driver.dump("account_instalment"));
    }

    // ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────

    private void open(String id, String personId, String on) {
        open(id, personId, on, null);
    }

    private void open(String id, String personId, String on, @Nullable String token) {
        AccountOpened opened = new AccountOpened(
                id,
                "B-" + id,
                personId,
                LegalBasis.CHILD_S17A,
                AccountType.PREPAID_CARD,
                HolderType.PARENT,
                "ORG-" + id,
                true,
                new Sealed("details"),
                token,
                day(on),
                new Terms(0, null, null, null, null, List.of()),
                1);
        driver.record(new Fact(id, personId, opened, day(on)));
    }

    private void record(String accountId, AccountEvent event) {
        driver.record(new Fact(accountId, "P1", event, day("2025-01-01")));
    }

    private void reserve(String id, String amount, String until, String on) {
        record(
                "A1",
                new ReserveApproved(
                        id, ReserveKind.HOLIDAY_PAY, pounds(amount), day(until), new Sealed("why"), day(on)));
    }

    private void schedule(String id, String on, int instalments) {
        List<Instalment> list = new ArrayList<>();
        for (int number = 1; number <= instalments; number++) {
            list.add(new Instalment(
                    id + "." + number, number, day(on).plusWeeks(number), pounds("10.00"), pounds("1.00"), null, null));
        }
        record("A1", new InstalmentsScheduled(id, "L1", Frequency.WEEKLY, list, null, day(on)));
    }

    private static PaymentIssued issued(String id, @Nullable String instalmentId, String on) {
        return new PaymentIssued(
                id,
                "L1",
                FundingSource.SHORT_BREAKS,
                instalmentId,
                pounds("10.00"),
                pounds("1.00"),
                pounds("9.00"),
                day(on));
    }

    private @Nullable State state(String asOf, long knownAt) {
        return register.find("A1", now(asOf).at(knownAt)).orElseThrow().entry().stateOn(day(asOf));
    }

    private String reserved(String on) {
        return register.find("A1", now(on))
                .orElseThrow()
                .entry()
                .reservedOn(day(on))
                .toString();
    }

    private List<String> ids(Filter filter, String asOf) {
        return register.list(filter, null, 500, now(asOf)).stream()
                .map(Entry::accountId)
                .toList();
    }

    private String card(String token, String asOf) {
        return register.byBankToken(token, now(asOf))
                .on(day(asOf))
                .orElseThrow()
                .accountId();
    }

    private Map<String, AccountSchedules.State> states(String asOf, long knownAt) {
        View view = now(asOf).at(knownAt);
        return schedules.states("A1", schedules.list("A1", 0, 10, view), view);
    }

    private static View now(String day) {
        return View.now(day(day));
    }

    private static Money pounds(String text) {
        return Money.parse(text);
    }

    private static LocalDate day(String text) {
        return LocalDate.parse(text);
    }
}
