package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.AccountBalances.Balance;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.account.AccountTransactions.Transaction;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.support.TestPostgres;

/** Journal, balances and transactions, on two dates, over the real log and tables. */
class AccountFiguresTest {

    private static final List<String> TABLES = List.of(
            "journal_line", "account_move", "account_balance", "account_transaction", "account_transaction_category");
    private static final LocalDate LAST = LocalDate.of(2027, 12, 31);

    private TestPostgres.Database database;
    private final Journal journal = new Journal();
    private final AccountBalances balances = new AccountBalances();
    private final AccountTransactions transactions = new AccountTransactions(balances);
    private ProjectionDriver driver;

    @BeforeEach
    void start() {
        database = TestPostgres.freshDatabase();
        driver = new ProjectionDriver(database, journal, balances, transactions);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void everyFigureOnTwoDatesEqualsWhatTheEventsAddUpTo() {
        long seed = System.nanoTime();
        List<Fact> facts = AccountHistory.random(seed, 4, 3_000, 0.2);
        Random random = new Random(seed);
        driver.append(facts);
        deliverInBatches(random, 300);
        driver.assertNothingParked();

        for (int i = 0; i < 400; i++) {
            LocalDate asOf = i == 0 ? LAST : AccountHistory.FIRST.plusDays(random.nextInt(1_000) - 200);
            long knownAt = i == 1 ? facts.size() : random.nextInt(facts.size() + 1);
            View view = View.now(asOf).at(knownAt);
            Map<String, Balance> answered = balances.of(List.of("A1", "A2", "A3", "A4", "A9"), view);
            assertThat(answered.get("A9")).isEqualTo(Balance.NOTHING);
            for (String account : List.of("A1", "A2", "A3", "A4")) {
                String which = "seed %d, %s asOf %s knownAt %d".formatted(seed, account, asOf, knownAt);
                var expected = AccountHistory.balance(facts, account, asOf, knownAt);
                assertThat(answered.get(account).bySource()).as(which).isEqualTo(expected);
                assertThat(answered.get(account).total()).as(which).isEqualTo(AccountHistory.total(expected));
                assertThat(balances.of(account, view)).as(which).isEqualTo(answered.get(account));
                linesAgree(facts, account, view, which);
                trialBalanceAgrees(account, view, which);
            }
            assertThat(journal.trialBalance(null, view).values().stream().reduce(Money.ZERO, Money::plus))
                    .as("seed %d", seed)
                    .isEqualTo(Money.ZERO);
        }
        assertThat(driver.jdbc()
                        .sql("SELECT position FROM journal_line GROUP BY position HAVING sum(pence) <> 0")
                        .query(Long.class)
                        .list())
                .as("entries that do not balance")
                .isEmpty();
    }

    private void linesAgree(List<Fact> facts, String account, View view, String which) {
        Map<String, LineFigures.Figure> expected = new LinkedHashMap<>();
        for (String line : List.of("SOCIAL_CARE_CHILD", "EDUCATION_HIGH_NEEDS", "SHORT_BREAKS", "PARENT_TOP_UP")) {
            var figure = AccountHistory.figure(facts, account, "line-" + line, view.asOf(), view.atPosition());
            if (figure != null) {
                expected.put("line-" + line, figure);
            }
        }
        assertThat(balances.lines(List.of(account), view)).as(which).isEqualTo(Map.of(account, expected));
        periodsAgree(account, expected, view, which);
    }

    /** However months were sealed, what counts by a day and what counts after it is all there is. */
    private void periodsAgree(String account, Map<String, LineFigures.Figure> all, View view, String which) {
        Random random = new Random(view.hashCode());
        Map<YearMonth, Long> sealed = new HashMap<>();
        for (int month = 0; month < 12; month++) {
            sealed.put(YearMonth.from(AccountHistory.FIRST).plusMonths(random.nextInt(30)), random.nextLong(3_000));
        }
        AccountLineFigures figures = new AccountLineFigures(balances, sealedAt(new PostingDates(sealed)));
        LocalDate day = AccountHistory.FIRST.plusDays(random.nextInt(1_000));
        Map<String, LineFigures.Figure> sum = new TreeMap<>();
        for (var part : List.of(
                figures.within(LocalDate.EPOCH, day, List.of(account), view),
                figures.within(day.plusDays(1), LocalDate.of(2999, 1, 1), List.of(account), view))) {
            part.get(account).forEach((line, moved) -> sum.merge(line, moved, LineFigures.Figure::plus));
        }
        sum.values().removeIf(LineFigures.Figure.NOTHING::equals);
        Map<String, LineFigures.Figure> moved = new TreeMap<>(all);
        moved.values().removeIf(LineFigures.Figure.NOTHING::equals);
        assertThat(sum).as(which + " in periods, by " + day).isEqualTo(moved);
    }

    private static SealedPeriods sealedAt(PostingDates posted) {
        return new SealedPeriods() {
            @Override
            public Outcome act(LocalDate on, Call call, Supplier<Outcome> act) {
                throw new UnsupportedOperationException("nothing is done here");
            }

            @Override
            public PostingDates postingDates(View view) {
                return posted;
            }
        };
    }

    private void trialBalanceAgrees(String account, View view, String which) {
        Map<FundingSource, Money> held = new EnumMap<>(FundingSource.class);
        Money sum = Money.ZERO;
        for (var entry : journal.trialBalance(account, view).entrySet()) {
            sum = sum.plus(entry.getValue());
            if (entry.getKey().startsWith("assets:recipient:" + account + ":")) {
                String source = entry.getKey().substring(entry.getKey().lastIndexOf(':') + 1);
                held.put(FundingSource.valueOf(source), entry.getValue());
            }
        }
        assertThat(sum).as(which).isEqualTo(Money.ZERO);
        assertThat(held).as(which).isEqualTo(balances.of(account, view).bySource());
    }

    @Test
    void neitherBatchesNorAReplayChangeARow() {
        long seed = System.nanoTime();
        driver.append(AccountHistory.random(seed, 3, 1_500, 0.3));
        deliverInBatches(new Random(seed), 7);
        Map<String, List<String>> rows = dump();
        assertThat(rows.get("account_balance")).hasSizeGreaterThan(3_000);

        for (int most : List.of(1_000, 60)) {
            driver.reset();
            assertThat(driver.dump("account_balance")).isEmpty();
            deliverInBatches(new Random(seed + most), most);
            assertThat(dump()).as("seed %d, batches of up to %d", seed, most).isEqualTo(rows);
        }
    }

    @Test
    void pagesOfAnySizeRunOnWithTheSameBalances() {
        long seed = System.nanoTime();
        List<Fact> facts = AccountHistory.random(seed, 2, 1_200, 0.4);
        Random random = new Random(seed);
        driver.append(facts);
        driver.deliverAll();
        for (int i = 0; i < 30; i++) {
            LocalDate asOf = AccountHistory.FIRST.plusDays(random.nextInt(900));
            View view = View.now(asOf).at(random.nextInt(facts.size() + 1));
            LocalDate from = random.nextBoolean() ? null : asOf.minusDays(random.nextInt(300));
            List<Transaction> whole = transactions.list("A1", from, null, null, 10_000, view);
            assertThat(whole).as("seed %d", seed).isEqualTo(expected(facts, from, view));
            int limit = 1 + random.nextInt(40);
            List<Transaction> paged = new ArrayList<>();
            for (List<Transaction> page = transactions.list("A1", from, null, null, limit, view);
                    !page.isEmpty();
                    page = transactions.list(
                            "A1", from, null, paged.get(paged.size() - 1).place(), limit, view)) {
                paged.addAll(page);
            }
            assertThat(paged).as("seed %d, pages of %d", seed, limit).isEqualTo(whole);
            if (!whole.isEmpty() && from == null) {
                assertThat(whole.get(whole.size() - 1).balanceAfter())
                        .isEqualTo(balances.of("A1", view).total());
            }
        }
    }

    /** The transactions of A1, checked as answered but for their balances and categories, which are computed from the events. */
    private List<Transaction> expected(List<Fact> facts, LocalDate from, View view) {
        List<Transaction> rows = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < view.atPosition(); i++) {
            Fact fact = facts.get(i);
            if (fact.accountId().equals("A1")
                    && !fact.on().isAfter(view.asOf())
                    && !(fact.event() instanceof ExpenditureReclassified)) {
                order.add(i);
            }
        }
        order.sort((a, b) -> {
            int byDay = facts.get(a).on().compareTo(facts.get(b).on());
            return byDay != 0 ? byDay : a - b;
        });
        Map<Long, Transaction> answered = new LinkedHashMap<>();
        transactions
                .list("A1", null, null, null, 10_000, view)
                .forEach(transaction -> answered.put(transaction.position(), transaction));
        Money balance = Money.ZERO;
        for (int i : order) {
            Fact fact = facts.get(i);
            Money amount =
                    AccountHistory.moves(fact).stream().map(Share::amount).reduce(Money.ZERO, Money::plus);
            balance = balance.plus(amount);
            if (from != null && fact.on().isBefore(from)) {
                continue;
            }
            Transaction t = answered.get(AccountHistory.position(facts, i));
            rows.add(new Transaction(
                    t.transactionId(),
                    t.kind(),
                    fact.on(),
                    AccountHistory.position(facts, i),
                    t.recordedAt(),
                    "finance",
                    amount,
                    AccountHistory.moves(fact).stream()
                            .map(Share::source)
                            .sorted()
                            .distinct()
                            .toList(),
                    t.payee(),
                    category(facts, fact, view.atPosition()),
                    t.mcc(),
                    t.reverses(),
                    reversedBy(facts, fact, view),
                    balance));
        }
        return rows;
    }

    private static String reversedBy(List<Fact> facts, Fact fact, View view) {
        for (Fact later : facts.subList(0, (int) (long) view.atPosition())) {
            if (later.accountId().equals(fact.accountId()) && !later.on().isAfter(view.asOf())) {
                if (fact.event() instanceof ExpenditureRecorded e
                        && later.event() instanceof ExpenditureReversed r
                        && r.expenditureId().equals(e.expenditureId())) {
                    return r.reversalId();
                }
                if (fact.event() instanceof AccountEvent.PaymentIssued p
                        && later.event() instanceof AccountEvent.PaymentReturned r
                        && r.paymentId().equals(p.paymentId())) {
                    return p.paymentId() + ".return";
                }
            }
        }
        return null;
    }

    private static String category(List<Fact> facts, Fact fact, long knownAt) {
        String id = null;
        String category = null;
        if (fact.event() instanceof ExpenditureRecorded e) {
            id = e.expenditureId();
            category = e.category();
        } else if (fact.event() instanceof ExpenditureReversed e) {
            id = e.expenditureId();
            category = e.category();
        } else if (fact.event() instanceof AccountEvent.RefundReceived e) {
            id = e.expenditureId();
            category = e.category();
        }
        for (Fact later : facts.subList(0, (int) knownAt)) {
            if (later.event() instanceof ExpenditureReclassified c
                    && c.expenditureId().equals(id)) {
                category = c.to();
            }
        }
        return category;
    }

    @Test
    void aBackDatedFactAndItsReversalAreSeenOnTheRightDatesOnly() {
        paid("pay", "620.00", "2025-04-07");
        long before = driver.record(fact(spent("late", "20.00", "2025-04-20", "care"), "2025-04-20"));
        long known = driver.record(fact(spent("back", "100.00", "2025-04-10", "care"), "2025-04-10"));
        driver.record(fact(
                new ExpenditureReversed(
                        "undo",
                        "back",
                        Money.parse("100.00"),
                        "care",
                        new Sealed("why"),
                        day("2025-04-10"),
                        List.of(new Share(FundingSource.SOCIAL_CARE_CHILD, "L1", Money.parse("100.00")))),
                "2025-04-10"));

        assertThat(balance("2025-04-09", known)).isEqualTo("620.00");
        assertThat(balance("2025-04-10", before)).isEqualTo("620.00");
        assertThat(balance("2025-04-10", known)).isEqualTo("520.00");
        assertThat(balance("2025-04-30", before)).isEqualTo("600.00");
        assertThat(balance("2025-04-30", known)).isEqualTo("500.00");
        assertThat(balance("2025-04-30", driver.head())).isEqualTo("600.00");
        assertThat(balance("2025-04-06", driver.head())).isEqualTo("0.00");
        assertThat(balances.of("A1", View.now(day("2025-04-06"))).bySource()).isEmpty();
        assertThat(transactions.list("A1", null, null, null, 10, View.now(LAST)))
                .extracting(Transaction::transactionId, t -> t.balanceAfter().toString(), Transaction::reverses)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("pay", "620.00", null),
                        org.assertj.core.groups.Tuple.tuple("back", "520.00", null),
                        org.assertj.core.groups.Tuple.tuple("undo", "620.00", "back"),
                        org.assertj.core.groups.Tuple.tuple("late", "600.00", null));
    }

    @Test
    void aSourceThatCameToNothingIsStillNamedAndOneThatNeverMovedIsNot() {
        driver.record(fact(
                new TopUpReceived("t", FundingSource.PARENT_TOP_UP, Money.parse("10.00"), day("2025-05-01")),
                "2025-05-01"));
        driver.record(fact(new ContributionReceived("c", Money.parse("5.00"), day("2025-05-02")), "2025-05-02"));
        driver.record(fact(
                expenditure(
                        "e",
                        "2025-05-03",
                        "care",
                        List.of(new Share(FundingSource.PARENT_TOP_UP, null, Money.parse("10.00")))),
                "2025-05-03"));
        assertThat(balances.of("A1", View.now(LAST)).bySource())
                .containsExactly(
                        Map.entry(FundingSource.PARENT_TOP_UP, Money.ZERO),
                        Map.entry(FundingSource.CLIENT_CONTRIBUTION, Money.parse("5.00")));
    }

    /** Late in a year what lies after the day is taken from the whole year again. */
    @Test
    void whatMovesOnlyAfterADayIsNotNamedOnIt() {
        driver.record(fact(new ContributionReceived("c", Money.parse("5.00"), day("2025-08-18")), "2025-08-18"));
        driver.record(fact(
                new TopUpReceived("t", FundingSource.PARENT_TOP_UP, Money.parse("10.00"), day("2025-08-20")),
                "2025-08-20"));
        driver.record(fact(
                new TopUpReceived("t2", FundingSource.COUNCIL_TOP_UP, Money.parse("10.00"), day("2025-11-02")),
                "2025-11-02"));
        assertThat(balances.of("A1", View.now(day("2025-08-17"))).bySource()).isEmpty();
        assertThat(balances.of("A1", View.now(day("2025-08-18"))).bySource())
                .containsExactly(Map.entry(FundingSource.CLIENT_CONTRIBUTION, Money.parse("5.00")));
        assertThat(balances.of("A1", View.now(day("2025-11-01"))).bySource())
                .containsOnlyKeys(FundingSource.PARENT_TOP_UP, FundingSource.CLIENT_CONTRIBUTION);
    }

    /** 30.00 of 100.00 come back before the category is corrected, 20.00 after that, and then it is corrected again. */
    @Test
    void whatCameBackHasTheCorrectedCategoryOfItsExpenditureAsTheJournalHas() {
        driver.record(fact(spent("e", "100.00", "2025-05-01", "a"), "2025-05-01"));
        refunded("r1", "30.00", "a", "2025-05-10");
        long corrected = reclassified("a", "b", "70.00");
        assertThat(byCategory(View.now(LAST)))
                .containsExactly(Map.entry("expenses:care:b", Money.parse("70.00")))
                .isEqualTo(spentInTheJournal(View.now(LAST)));
        refunded("r2", "20.00", "b", "2025-05-20");
        reclassified("b", "c", "50.00");
        assertThat(byCategory(View.now(LAST)))
                .containsExactly(Map.entry("expenses:care:c", Money.parse("50.00")))
                .isEqualTo(spentInTheJournal(View.now(LAST)));
        assertThat(byCategory(View.now(LAST).at(corrected))).containsOnlyKeys("expenses:care:b");
        assertThat(byCategory(View.now(LAST).at(corrected - 1))).containsOnlyKeys("expenses:care:a");
    }

    private void refunded(String id, String amount, String category, String on) {
        Share share = new Share(FundingSource.SOCIAL_CARE_CHILD, "L1", Money.parse(amount));
        driver.record(fact(
                new AccountEvent.RefundReceived(id, "e", Money.parse(amount), category, day(on), List.of(share)), on));
    }

    private long reclassified(String from, String to, String amount) {
        return driver.record(fact(
                new ExpenditureReclassified("e", from, to, Money.parse(amount), new Sealed("why"), day("2025-05-01")),
                "2025-05-01"));
    }

    /** Spending as the list of transactions has it. */
    private Map<String, Money> byCategory(View view) {
        Map<String, Money> spent = new TreeMap<>();
        transactions
                .list("A1", null, null, null, 10, view)
                .forEach(t ->
                        spent.merge("expenses:care:" + t.category(), t.amount().negated(), Money::plus));
        return spent;
    }

    private Map<String, Money> spentInTheJournal(View view) {
        Map<String, Money> spent = new TreeMap<>(journal.trialBalance("A1", view));
        spent.keySet().removeIf(account -> !account.startsWith("expenses:care:"));
        spent.values().removeIf(Money::isZero);
        return spent;
    }

    @Test
    void aCorrectedCategoryShowsAsItWasKnown() {
        long recorded = driver.record(fact(spent("e", "30.00", "2025-06-01", null), "2025-06-01"));
        driver.record(fact(
                new ExpenditureReclassified(
                        "e", null, "taxi", Money.parse("30.00"), new Sealed("why"), day("2025-06-01")),
                "2025-06-01"));
        assertThat(transactions.list("A1", null, null, null, 10, View.now(LAST)))
                .extracting(Transaction::category)
                .containsExactly("taxi");
        assertThat(transactions.list("A1", null, null, null, 10, View.now(LAST).at(recorded)))
                .extracting(Transaction::category)
                .containsOnlyNulls();
        assertThat(journal.trialBalance("A1", View.now(LAST)))
                .containsEntry("expenses:care:unclassified", Money.ZERO)
                .containsEntry("expenses:care:taxi", Money.parse("30.00"));
        assertThat(journal.lines("A1", day("2025-06-01"), day("2025-06-01"), null, 3, View.now(LAST)))
                .extracting(Journal.Line::ledgerAccount)
                .containsExactly(
                        "assets:recipient:A1:SOCIAL_CARE_CHILD",
                        "expenses:care:unclassified",
                        "expenses:care:unclassified");
    }

    @Test
    void theLinesOfAnAccountComeInBusinessOrderPageByPage() {
        driver.append(AccountHistory.random(5, 1, 200, 0.5));
        driver.deliverAll();
        List<Journal.Line> whole = journal.lines("A1", day("2020-01-01"), LAST, null, 10_000, View.now(LAST));
        assertThat(whole)
                .isSortedAccordingTo(Comparator.comparing(Journal.Line::on)
                        .thenComparing(Journal.Line::position)
                        .thenComparing(Journal.Line::line));
        List<Journal.Line> paged = new ArrayList<>();
        Journal.Line after = null;
        for (int size = -1; size != paged.size(); ) {
            size = paged.size();
            paged.addAll(journal.lines("A1", day("2020-01-01"), LAST, after, 7, View.now(LAST)));
            after = paged.get(paged.size() - 1);
        }
        assertThat(paged).isEqualTo(whole);
    }

    @Test
    void anEntryThatDoesNotBalanceIsParkedAndItsAccountHasNoFigureFromThenOn() {
        long good = paid("pay", "620.00", "2025-04-07");
        driver.record(fact(
                expenditure(
                        "bad",
                        Money.parse("10.00"),
                        "2025-04-08",
                        List.of(new Share(FundingSource.SOCIAL_CARE_CHILD, "L1", Money.parse("9.99")))),
                "2025-04-08"));
        driver.record(new Fact(
                "A2", "P2", new ContributionReceived("c", Money.parse("5.00"), day("2025-04-09")), day("2025-04-09")));

        assertThatThrownBy(() -> balances.of("A1", View.now(LAST)))
                .isInstanceOfSatisfying(
                        RuleBroken.class, refusal -> assertThat(refusal.code()).isEqualTo("FIGURE_UNAVAILABLE"));
        assertThatThrownBy(() -> transactions.list("A1", null, null, null, 10, View.now(LAST)))
                .isInstanceOf(RuleBroken.class);
        assertThatThrownBy(() -> journal.trialBalance(null, View.now(LAST))).isInstanceOf(RuleBroken.class);
        assertThat(balances.lines(List.of("A1", "A2"), View.now(LAST))).containsOnlyKeys("A2");
        assertThat(balances.of(List.of("A1", "A2"), View.now(LAST))).containsOnlyKeys("A2");
        assertThat(balance("2025-04-30", good)).isEqualTo("620.00");
    }

    // ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────

    private long paid(String id, String amount, String on) {
        Money net = Money.parse(amount);
        return driver.record(fact(
                new PaymentIssued(id, "L1", FundingSource.SOCIAL_CARE_CHILD, null, net, Money.ZERO, net, day(on)), on));
    }

    private static ExpenditureRecorded spent(String id, String amount, String on, String category) {
        return expenditure(
                id, on, category, List.of(new Share(FundingSource.SOCIAL_CARE_CHILD, "L1", Money.parse(amount))));
    }

    private static ExpenditureRecorded expenditure(String id, Money amount, String on, List<Share> shares) {
        return new ExpenditureRecorded(
                id,
                amount,
                day(on),
                new Sealed("payee"),
                "key",
                null,
                null,
                SpendType.PURCHASE,
                null,
                null,
                null,
                null,
                null,
                null,
                shares);
    }

    private static ExpenditureRecorded expenditure(String id, String on, String category, List<Share> shares) {
        Money amount = shares.stream().map(Share::amount).reduce(Money.ZERO, Money::plus);
        ExpenditureRecorded e = expenditure(id, amount, on, shares);
        return new ExpenditureRecorded(
                id,
                amount,
                e.on(),
                e.payee(),
                e.payeeKey(),
                category,
                null,
                e.type(),
                null,
                null,
                null,
                null,
                null,
                null,
                shares);
    }

    private static Fact fact(AccountEvent event, String on) {
        return new Fact("A1", "P1", event, day(on));
    }

    private String balance(String asOf, long knownAt) {
        return balances.of("A1", View.now(day(asOf)).at(knownAt)).total().toString();
    }

    private static LocalDate day(String text) {
        return LocalDate.parse(text);
    }

    private void deliverInBatches(Random random, int most) {
        while (driver.delivered() < driver.head()) {
            driver.deliver(1 + random.nextInt(most));
        }
    }

    private Map<String, List<String>> dump() {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        TABLES.forEach(table -> rows.put(table, driver.dump(table)));
        return rows;
    }
}
