package uk.directpayments.ledger.spending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.BeanUtils;
import uk.directpayments.ledger.account.AccountEvent;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountResumed;
import uk.directpayments.ledger.account.AccountEvent.AccountSuspended;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.LiabilityRecorded;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;
import uk.directpayments.ledger.budget.BudgetEvent.RelativePaymentAgreed;
import uk.directpayments.ledger.budget.BudgetEvent.RelativePurpose;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.person.PersonEvent.PersonRegistered;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.residential.LimitSpan;
import uk.directpayments.ledger.residential.ResidentialEvent.Particulars;
import uk.directpayments.ledger.residential.ResidentialEvent.StayAmended;
import uk.directpayments.ledger.residential.ResidentialEvent.StayRecorded;
import uk.directpayments.ledger.residential.ResidentialEvent.StayVoided;
import uk.directpayments.ledger.residential.ResidentialPolicy;
import uk.directpayments.ledger.residential.Stay;
import uk.directpayments.ledger.spending.FlagEvent.FlagDismissed;
import uk.directpayments.ledger.spending.FlagEvent.FlagRaised;
import uk.directpayments.ledger.support.TestPostgres;

/** Rulebook 7.10, numbers 4, 6, 7 and 8, of flags: random histories of two persons, each of whom has two accounts. */
class FlagHistoriesTest {

    private static final Sealed TEXT = new Sealed("text");
    private static final LocalDate START = LocalDate.of(2025, 1, 6);
    private static final LocalDate AHEAD = LocalDate.of(2040, 1, 2);
    private static final View LATER = View.now(LocalDate.of(2100, 1, 1));
    private static final List<String> TABLES = List.of("spend_flag", "spend_facts", "spend_balance", "spend_item");
    private static final String[] CODES = {"7995", "5411", "6011", "8050", "5995", "9311", "5122"};
    private static final LocalDate EIGHTEEN = LocalDate.of(2025, 9, 1);

    /** What happened to one person, in its order, and how it stands at the end. */
    private static final class History {

        final List<Fact> facts = new ArrayList<>();
        final Map<String, Money> left = new TreeMap<>();
        final Map<String, String> accounts = new TreeMap<>();
        final Map<String, Stay.Facts> stays = new TreeMap<>();
        final String person;
        private final Random random;

        History(String person, long seed) {
            this.person = person;
            this.random = new Random(seed);
            LocalDate day = START;
            add("person/" + person, null, new PersonRegistered(person, TEXT, TEXT, EIGHTEEN, null), day);
            for (String account : List.of(person + "-1", person + "-2")) {
                add(account, opened(account), day);
            }
            for (int i = 0; i < 160; i++) {
                day = START.plusDays(random.nextInt(300));
                step(i, account(), day);
            }
        }

        private String account() {
            return person + "-" + (1 + random.nextInt(2));
        }

        private void step(int i, String account, LocalDate day) {
            switch (random.nextInt(16)) {
                case 0, 1 -> takeBack(i, true, day);
                case 2 -> takeBack(i, false, day);
                case 3 -> reclassify(day);
                case 4 -> pay(i, account, random.nextBoolean() ? day : ahead());
                case 5 -> add(account, new LiabilityRecorded("L" + i, "PAYE", Money.ofPence(900), day, TEXT, day), day);
                case 6 -> {
                    add(account, new AccountSuspended(day, "AWAY", TEXT), day);
                    add(account, new AccountResumed(day.plusDays(20)), day.plusDays(20));
                }
                case 7 ->
                    add(
                            "budget/B-" + person,
                            null,
                            random.nextInt(8) == 0
                                    ? BudgetEnded.decided(day.plusDays(200), "MOVED")
                                    : new RelativePaymentAgreed(
                                            "R" + i,
                                            TEXT,
                                            "payee" + random.nextInt(6),
                                            "aunt",
                                            true,
                                            RelativePurpose.CARE,
                                            TEXT,
                                            day,
                                            day.plusDays(30)),
                            day);
                case 8, 9 -> stay(i, account, day);
                case 10 -> correctStay(day);
                case 11 -> byHand(i, day);
                default -> spend(i, account, random.nextInt(6) == 0 ? ahead() : day);
            }
        }

        /** A day after today, whenever this is run. */
        private LocalDate ahead() {
            return AHEAD.plusDays(random.nextInt(60));
        }

        /** Issued, and some of these are returned, before or after their day. */
        private void pay(int i, String account, LocalDate day) {
            PaymentIssued p = pay(i, account, day, 20_000);
            if (random.nextInt(4) == 0) {
                LocalDate on = day.plusDays(random.nextInt(-5, 5));
                add(
                        account,
                        new PaymentReturned(
                                p.paymentId(), "care", p.source(), null, p.amount(), Money.ZERO, p.net(), "AC04", on),
                        on);
            }
        }

        private PaymentIssued pay(int i, String account, LocalDate day, long pence) {
            Money amount = Money.ofPence(pence);
            var issued = new PaymentIssued(
                    "PAY" + i, "care", FundingSource.SOCIAL_CARE_CHILD, null, amount, Money.ZERO, amount, day);
            add(account, issued, day);
            return issued;
        }

        private void spend(int i, String account, LocalDate day) {
            spend(i, account, day, 1_000L * (1 + random.nextInt(12)));
        }

        private void spend(int i, String account, LocalDate day, long pence) {
            Money amount = Money.ofPence(pence);
            String id = person + "-E" + i;
            left.put(id, amount);
            accounts.put(id, account);
            boolean card = random.nextBoolean();
            add(
                    account,
                    new ExpenditureRecorded(
                            id,
                            amount,
                            day,
                            TEXT,
                            "payee" + random.nextInt(6),
                            card ? null : "care",
                            card ? CODES[random.nextInt(CODES.length)] : null,
                            random.nextInt(4) == 0 ? SpendType.CASH : SpendType.PURCHASE,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            List.of()),
                    day);
        }

        private Optional<String> some() {
            List<String> ids = left.entrySet().stream()
                    .filter(one -> one.getValue().isPositive())
                    .map(Map.Entry::getKey)
                    .toList();
            return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(random.nextInt(ids.size())));
        }

        private void takeBack(int i, boolean wholly, LocalDate day) {
            some().ifPresent(id -> {
                Money rest = left.get(id);
                Money amount = wholly ? rest : Money.ofPence(rest.pence() / 2);
                left.put(id, rest.minus(amount));
                add(
                        accounts.get(id),
                        wholly
                                ? new ExpenditureReversed("V" + i, id, amount, null, TEXT, day, List.of())
                                : new RefundReceived("R" + i, id, amount, null, day, List.of()),
                        day);
            });
        }

        private void reclassify(LocalDate day) {
            some().ifPresent(id -> add(
                    accounts.get(id),
                    new ExpenditureReclassified(id, "care", "GAMBLING", left.get(id), TEXT, day),
                    day));
        }

        private void byHand(int i, LocalDate day) {
            some().ifPresent(id -> {
                String flag = "flag/" + person + "-H" + i;
                add(
                        flag,
                        accounts.get(id),
                        new FlagRaised(
                                person + "-H" + i, accounts.get(id), id, "BY_HAND", left.get(id), TEXT, "finance", day),
                        day);
                if (random.nextBoolean()) {
                    add(flag, accounts.get(id), new FlagDismissed(TEXT, day), day);
                }
            });
        }

        private void stay(int i, String account, LocalDate day) {
            Stay.Facts facts = new Stay.Facts(
                    random.nextInt(6) == 0 ? Stay.Setting.HOSPITAL : Stay.Setting.CARE_HOME,
                    day,
                    day.plusDays(random.nextInt(45)),
                    true);
            stays.put("S" + i, facts);
            residential(account, new StayRecorded(new Particulars("S" + i, account, TEXT, null, null), facts), day);
        }

        private void correctStay(LocalDate day) {
            if (stays.isEmpty()) {
                return;
            }
            String id = List.copyOf(stays.keySet()).get(random.nextInt(stays.size()));
            Stay.Facts was = stays.get(id);
            if (random.nextBoolean()) {
                stays.remove(id);
                residential(null, new StayVoided(id, TEXT), day);
            } else {
                LocalDate admitted = was.admitted().plusDays(random.nextInt(3) == 0 ? random.nextInt(-20, 20) : 0);
                Stay.Facts now = new Stay.Facts(was.setting(), admitted, admitted.plusDays(random.nextInt(60)), true);
                stays.put(id, now);
                residential(null, new StayAmended(id, was, now, TEXT), day);
            }
        }

        private void residential(String account, Object event, LocalDate day) {
            add("residential/" + person, account, event, day);
        }

        private void add(String account, AccountEvent event, LocalDate day) {
            add("account/" + account, account, event, day);
        }

        private void add(String stream, String account, Object event, LocalDate day) {
            facts.add(new Fact(stream, account, person, event, day));
        }

        private AccountEvent opened(String account) {
            return new AccountOpened(
                    account,
                    "B-" + person,
                    person,
                    LegalBasis.CHILD_S17A,
                    AccountEvent.AccountType.PREPAID_CARD,
                    AccountEvent.HolderType.PARENT,
                    null,
                    true,
                    null,
                    null,
                    START,
                    new Terms(1, null, START, null, null, List.of()),
                    1);
        }
    }

    /** A ledger that knows some facts, delivered so many at a time. */
    private static final class Told implements AutoCloseable {

        private final TestPostgres.Database database = TestPostgres.freshDatabase();
        private final Policies policies = BeanUtils.instantiateClass(Policies.class);
        private final FlagRegister register = new FlagRegister(policies);
        private final ProjectionDriver driver = new ProjectionDriver(database, policies, register);

        Told(List<Fact> facts, int batch) {
            driver.append(facts);
            deliver(batch);
        }

        void deliver(int batch) {
            while (driver.delivered() < driver.head()) {
                driver.deliver(batch);
            }
            driver.assertNothingParked();
        }

        List<List<String>> dump() {
            return TABLES.stream().map(driver::dump).toList();
        }

        /** Each flag with every version it has had, without positions. */
        List<String> versions() {
            return driver.jdbc()
                    .sql("SELECT id || ' ' || document FROM spend_flag ORDER BY id, from_position")
                    .query(String.class)
                    .list();
        }

        List<Flag> flags(String person) {
            return register.list(
                    new FlagRegister.Filter(null, null, null, null, person, Optional.empty()), null, 100_000, LATER);
        }

        @Override
        public void close() {
            database.close();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void neitherTheOrderOfPersonsNorTheCutOfBatchesChangesAFlag(long seed) {
        History one = new History("P1", seed);
        History two = new History("P2", seed + 1_000);
        List<Fact> inTurn = new ArrayList<>(one.facts);
        inTurn.addAll(two.facts);
        List<Fact> mixed = mixed(one.facts, two.facts, new Random(seed));
        try (Told told = new Told(inTurn, 1);
                Told other = new Told(mixed, 37)) {
            assertThat(other.versions()).isEqualTo(told.versions()).hasSizeGreaterThan(50);
            List<List<String>> singly = told.dump();
            for (int batch : new int[] {7, 500}) {
                told.driver.reset();
                told.deliver(batch);
                assertThat(told.dump()).as("batches of " + batch).isEqualTo(singly);
            }
            for (History history : List.of(one, two)) {
                List<Flag> flags = told.flags(history.person);
                assertReversedCarryNothingUndecided(history, flags);
                assertNoMoreIsMissingThanIsLeft(history, flags);
                assertThat(flags)
                        .allSatisfy(flag -> assertThat(flag.history().get(0).on())
                                .isEqualTo(flag.finding().on()));
                assertEverySpanHasOneFlag(history, flags);
            }
        }
    }

    @Test
    void aPaymentIssuedForALaterDayEndsAnOverspendOnThatDayAndIsMoneyForWhatIsSpentFromThenOn() {
        History one = new History("P1", 1);
        List<Fact> facts = new ArrayList<>(one.facts.subList(0, 3));
        one.facts.clear();
        one.pay(1, "P1-1", START, 1_000);
        one.pay(2, "P1-1", AHEAD.plusDays(10), 60_000);
        one.spend(3, "P1-1", AHEAD, 31_000);
        one.spend(4, "P1-1", AHEAD.plusDays(1), 2_000);
        one.spend(5, "P1-1", AHEAD.plusDays(12), 27_000);
        one.spend(6, "P1-1", AHEAD.plusDays(13), 2_500);
        facts.addAll(one.facts);
        try (Told singly = new Told(facts, 1);
                Told together = new Told(facts, 100)) {
            assertThat(together.versions()).isEqualTo(singly.versions());
            Map<String, Flag> overspends = singly.flags("P1").stream()
                    .filter(flag -> flag.finding().detector() == Detector.OVERSPEND)
                    .collect(Collectors.toMap(
                            flag -> String.valueOf(flag.finding().transactionId()), flag -> flag));
            assertThat(overspends).containsOnlyKeys("P1-E3", "P1-E6");
            Flag before = overspends.get("P1-E3");
            assertThat(before.finding().amount()).isEqualTo(Money.ofPence(30_000));
            assertThat(before.history())
                    .extracting(Flag.Step::on, Flag.Step::state)
                    .containsExactly(tuple(AHEAD, FlagState.RAISED), tuple(AHEAD.plusDays(10), FlagState.WITHDRAWN));
            assertThat(overspends.get("P1-E6").finding().amount()).isEqualTo(Money.ofPence(1_500));
        }
    }

    /** Rulebook 4.13: told in whatever order, and with what comes back. */
    @Test
    void nobodyIsAskedAboutSpendingAfterWhichTheAccountWasNeverBelowNothing() {
        int asked = 0;
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            AccountFacts account = AccountFacts.opened("B", LegalBasis.CHILD_S17A);
            TreeMap<LocalDate, Money> moved = new TreeMap<>();
            Map<Integer, Money> left = new TreeMap<>();
            List<LocalDate> days = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                LocalDate day = START.plusDays(random.nextInt(90));
                Money amount = Money.ofPence(1 + random.nextInt(5_000));
                int kind = random.nextInt(10);
                days.add(day);
                if (kind < 3) {
                    moved.merge(day, amount, Money::plus);
                    account = account.moved(day, amount);
                } else if (kind < 5 && !left.isEmpty()) {
                    int of = List.copyOf(left.keySet()).get(random.nextInt(left.size()));
                    Money back = amount.least(left.get(of));
                    LocalDate on = random.nextBoolean() || day.isBefore(days.get(of)) ? days.get(of) : day;
                    left.compute(of, (id, rest) -> rest.equals(back) ? null : rest.minus(back));
                    moved.merge(on, back, Money::plus);
                    account = account.cameBack("E" + of, on, back);
                } else {
                    left.put(i, amount);
                    moved.merge(day, amount.negated(), Money::plus);
                    account = account.spent("E" + i, day, amount);
                }
                for (AccountFacts.Early one : account.early()) {
                    if (!account.comings().reaches(one.spent().on())) {
                        continue; // it stays as it was found
                    }
                    asked++;
                    String id = one.spent().expenditureId();
                    assertThat(lowest(moved, one.spent().on()).isNegative())
                            .as("seed %d, step %d: %s", seed, i, id)
                            .isTrue();
                    assertThat(one.spent().missing().isMoreThan(left.get(Integer.parseInt(id.substring(1)))))
                            .as("seed %d, step %d: %s", seed, i, id)
                            .isFalse();
                }
            }
        }
        assertThat(asked).isGreaterThan(2_000);
    }

    /** The lowest balance from a day on. */
    private static Money lowest(TreeMap<LocalDate, Money> moved, LocalDate from) {
        Money balance = moved.headMap(from, true).values().stream().reduce(Money.ZERO, Money::plus);
        Money lowest = balance;
        for (Money change : moved.tailMap(from, false).values()) {
            balance = balance.plus(change);
            lowest = lowest.least(balance);
        }
        return lowest;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13})
    void howStaysAreSplitOverAccountsChangesNoReason(long seed) {
        History split = new History("P1", seed);
        List<Fact> together = split.facts.stream()
                .filter(fact -> fact.stream().startsWith("residential/")
                        || fact.stream().startsWith("person/")
                        || fact.event() instanceof AccountOpened)
                .toList();
        List<Fact> onOne = together.stream()
                .map(fact -> fact.event() instanceof StayRecorded e
                        ? new Fact(
                                fact.stream(),
                                "P1-1",
                                "P1",
                                new StayRecorded(
                                        new Particulars(e.stay().stayId(), "P1-1", TEXT, null, null), e.facts()),
                                fact.on())
                        : fact)
                .toList();
        try (Told two = new Told(together, 50);
                Told one = new Told(onOne, 50)) {
            assertThat(reasons(one.flags("P1")))
                    .isEqualTo(reasons(two.flags("P1")))
                    .isNotEmpty();
        }
    }

    private static Set<String> reasons(List<Flag> flags) {
        return flags.stream()
                .map(flag -> flag.finding().reason() + " " + flag.finding().stayId() + " "
                        + flag.finding().on() + " " + flag.stateOn(LATER.asOf()))
                .collect(Collectors.toSet());
    }

    private static List<Fact> mixed(List<Fact> one, List<Fact> other, Random random) {
        List<Fact> mixed = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < one.size() || j < other.size()) {
            boolean first = j == other.size() || (i < one.size() && random.nextBoolean());
            mixed.add(first ? one.get(i++) : other.get(j++));
        }
        return mixed;
    }

    private static void assertReversedCarryNothingUndecided(History history, List<Flag> flags) {
        Set<String> gone = history.left.entrySet().stream()
                .filter(one -> !one.getValue().isPositive())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        assertThat(gone).isNotEmpty();
        assertThat(flags)
                .filteredOn(flag -> gone.contains(flag.finding().transactionId()))
                .isNotEmpty()
                .noneMatch(flag -> flag.stateOn(LATER.asOf()).undecided());
    }

    private static void assertNoMoreIsMissingThanIsLeft(History history, List<Flag> flags) {
        List<Flag> overspends = flags.stream()
                .filter(flag -> flag.finding().detector() == Detector.OVERSPEND && !flag.withdrawnOn(LATER.asOf()))
                .toList();
        assertThat(overspends.stream().map(flag -> flag.finding().accountId())).doesNotHaveDuplicates();
        assertThat(overspends)
                .filteredOn(flag -> flag.life().state().undecided())
                .allSatisfy(flag -> assertThat(flag.finding()
                                .amount()
                                .isMoreThan(history.left.get(flag.finding().transactionId())))
                        .isFalse());
    }

    private static void assertEverySpanHasOneFlag(History history, List<Flag> flags) {
        List<Stay> stays = history.stays.entrySet().stream()
                .map(stay -> new Stay(stay.getKey(), stay.getValue(), false))
                .toList();
        ResidentialPolicy policy = ResidentialPolicy.DEFAULT;
        Set<String> over = new HashSet<>();
        for (LimitSpan span : LimitSpan.of(stays, EIGHTEEN, null, policy.basis(), policy)) {
            if (span.level() == LimitSpan.Level.OVER) {
                over.add(span.limit() + " " + span.stayId() + " " + span.from());
            }
        }
        List<String> raised = flags.stream()
                .filter(flag -> flag.finding().detector() == Detector.RESIDENTIAL_LIMIT
                        && flag.stateOn(LATER.asOf()) == FlagState.RAISED
                        && !flag.finding().reason().equals("TRANSITION_REVIEW_DUE"))
                .map(flag -> switch (flag.finding().reason()) {
                            case "RESIDENTIAL_SINGLE_PERIOD_EXCEEDED" -> "SINGLE_28";
                            case "RESIDENTIAL_120_EXCEEDED" -> "ROLLING_120";
                            default -> "LINKED_28";
                        }
                        + " " + flag.finding().stayId() + " " + flag.finding().on())
                .toList();
        assertThat(raised).containsExactlyInAnyOrderElementsOf(over).isNotEmpty();
    }
}
