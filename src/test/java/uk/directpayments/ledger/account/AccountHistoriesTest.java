package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static uk.directpayments.ledger.account.AccountWords.*;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.LineReleased;
import uk.directpayments.ledger.account.AccountEvent.ReserveKind;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.LedgerCommand;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.RealPlatform;

/**
 * Random lives of an account: whatever is asked, the invariants of rulebook 7.10 hold after every answer, and neither a snapshot nor a replay
 * makes a difference. A failure names its seed; {@code -Dseed=N} repeats it.
 */
class AccountHistoriesTest {

    private static final Map<String, Integer> CYCLE = Map.of("default", 12, "HIGH", 3, "LOW", 24);

    private static final int HISTORIES = 150;

    /** So many if some rare kind of event has not come up yet. */
    private static final int MOST_HISTORIES = 1_000;

    private static final int COMMANDS = 160;

    private static final Surplus.Weeks WEEKS = new Surplus.Weeks(1, 2, POLICY);

    @Test
    void whateverIsAskedTheInvariantsHold() {
        long first = Long.getLong("seed", System.nanoTime());
        List<Class<?>> kinds = Arrays.stream(AccountEvent.class.getPermittedSubclasses())
                .filter(type -> type.isRecord() && type.isAnnotationPresent(EventName.class))
                .toList();
        Set<Class<?>> seen = new HashSet<>();
        for (long seed = first;
                seed < first + HISTORIES || seed < first + MOST_HISTORIES && !seen.containsAll(kinds);
                seed++) {
            seen.addAll(new History(seed).live());
        }
        assertThat(seen)
                .as("seeds from " + first + ": every kind of event came up")
                .containsAll(kinds);
    }

    /** One account, its budget, and the days that go by. */
    private static final class History {

        private final long seed;
        private final SplittableRandom random;
        private final AccountLab lab = new AccountLab();
        private final Map<String, Money> paidByOthers = new HashMap<>();
        private final AccountOracle oracle = new AccountOracle(paidByOthers);
        private final Set<Class<?>> seen = new HashSet<>();
        private final List<String> spent = new ArrayList<>();
        private final List<String> instalments = new ArrayList<>();
        private final List<String> payments = new ArrayList<>();
        private final List<String> reserves = new ArrayList<>();
        private @Nullable AccountState restored;
        private LocalDate today = FROM;
        private Terms terms;

        /** What the budget knows to have been paid on each line before it came to the account that has it. */
        private final Map<String, Money> paidBefore = new HashMap<>();

        History(long seed) {
            this.seed = seed;
            random = new SplittableRandom(seed);
            terms = terms(
                    line("care", FundingSource.SOCIAL_CARE_CHILD, "1300.00"),
                    line("health", FundingSource.NHS_CONTINUING_CARE, FROM, TO.plusYears(2), "1000.01"),
                    line("play", FundingSource.SOCIAL_CARE_CHILD, "333.33"),
                    line("extra", FundingSource.COUNCIL_TOP_UP, "100.00"),
                    councilManaged(line("school", FundingSource.EDUCATION_HIGH_NEEDS, "5000.00")));
        }

        Set<Class<?>> live() {
            LedgerCommand command = open();
            for (int n = 0; n < COMMANDS; n++) {
                try {
                    check(command, lab.send(command));
                    if (restored == null || random.nextInt(40) == 0) {
                        restored = lab.stateFromSnapshot();
                    }
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("seed " + seed + ", command " + n + ": " + command, e);
                }
                today = today.plusDays(random.nextInt(random.nextInt(1, 12)));
                command = next();
            }
            assertThat(RealPlatform.json(lab.replayed().account()))
                    .as("seed " + seed + ": a replay makes no difference")
                    .isEqualTo(RealPlatform.json(lab.account()));
            assertThat(restored)
                    .as("seed " + seed + ": a snapshot makes no difference")
                    .usingRecursiveComparison()
                    .isEqualTo(lab.state());
            return seen;
        }

        private void check(LedgerCommand command, Outcome outcome) {
            long before = lab.lastSequence() - outcome.events().size();
            assertThat(lab.events().subList((int) before + 1, lab.events().size()))
                    .isEqualTo(outcome.events());
            outcome.events().forEach(event -> {
                seen.add(event.getClass());
                oracle.happened((AccountEvent) event);
                if (restored != null) {
                    restored.evolve((AccountEvent) event, lab.lastSequence());
                }
                if (event instanceof InstalmentsScheduled e) {
                    e.instalments().stream().map(Instalment::instalmentId).forEach(instalments::add);
                } else if (event instanceof AccountEvent.PaymentIssued e) {
                    payments.add(e.paymentId());
                } else if (event instanceof AccountEvent.ReserveApproved e) {
                    reserves.add(e.reserveId());
                } else if (event instanceof ExpenditureRecorded e) {
                    spent.add(e.expenditureId());
                } else if (event instanceof LineReleased e) {
                    handOver(e);
                }
            });
            AccountState state = lab.state();
            assertThat(state.balance()).isEqualTo(oracle.balance());
            assertThat(sum(List.copyOf(oracle.balances().values()))).isEqualTo(oracle.balance());
            assertThat(state.balances).isEqualTo(oracle.balances());
            assertThat(state.settlement.unspent).isEqualTo(oracle.unspent());
        }

        /** The budget hands the line to another account, which pays some of what is left. */
        private void handOver(LineReleased e) {
            paidBefore.merge(e.lineId(), e.paid(), Money::plus);
            Terms.Line line = terms.line(e.lineId()).orElseThrow();
            Money left = line.allocation(today).minus(paidBefore.get(e.lineId()));
            if (left.isPositive()) {
                Money theirs = Money.ofPence(random.nextLong(left.pence() + 1) / 4);
                paidByOthers.merge(e.lineId(), theirs, Money::plus);
                paidBefore.merge(e.lineId(), theirs, Money::plus);
            }
        }

        // ── what is asked ────────────────────────────────────────────────────────────────────────────────────────

        private AccountCommand open() {
            AccountOpened o = opened(terms);
            return new AccountCommand.OpenAccount(
                    o.accountId(),
                    o.budgetId(),
                    o.personId(),
                    LegalBasis.CHILD_S17A,
                    o.type(),
                    o.holderType(),
                    null,
                    true,
                    null,
                    null,
                    o.openedOn(),
                    null,
                    false,
                    terms,
                    7);
        }

        private LedgerCommand next() {
            int kind = random.nextInt(1186);
            if (kind < 230) {
                boolean planned = !instalments.isEmpty() && random.nextInt(3) == 0;
                return pay(
                        id("PAY", 200),
                        anyLine(),
                        planned ? instalments.get(random.nextInt(instalments.size())) : null,
                        planned && random.nextBoolean() ? pounds("100.00") : amount(400_00),
                        random.nextInt(4) == 0 ? amount(50_00) : Money.ZERO,
                        random.nextInt(4) == 0 ? anyDay() : today);
            } else if (kind < 480) {
                return new AccountCommand.RecordExpenditure(
                        ACCOUNT,
                        id("E", 60),
                        amount(300_00),
                        anyDay(),
                        PAYEE,
                        "payee-key",
                        random.nextBoolean() ? "respite" : null,
                        null,
                        SpendType.PURCHASE,
                        null,
                        random.nextBoolean() ? id("REF", 200) : null,
                        random.nextInt(4) == 0 ? anyLine() : null,
                        null,
                        null,
                        null,
                        POLICY,
                        today);
            } else if (kind < 600) {
                return new AccountCommand.ReceiveRefund(
                        ACCOUNT, id("F", 200), spent(), amount(100_00), anyDay(), today);
            } else if (kind < 660) {
                return new AccountCommand.ReverseExpenditure(
                        ACCOUNT,
                        id("R", 1000),
                        spent(),
                        random.nextInt(9) == 0 ? null : REASON,
                        random.nextBoolean() ? anyDay() : null,
                        today);
            } else if (kind < 700) {
                return new AccountCommand.ReclassifyExpenditure(
                        ACCOUNT, spent(), random.nextBoolean() ? "travel" : "respite", REASON, today);
            } else if (kind < 740) {
                return new AccountCommand.ReturnPayment(
                        ACCOUNT, newest(payments, "PAY", 200), today, "BAD_ACCOUNT", today);
            } else if (kind < 780) {
                FundingSource source =
                        random.nextBoolean() ? FundingSource.COUNCIL_TOP_UP : FundingSource.PARENT_TOP_UP;
                return new AccountCommand.ReceiveTopUp(ACCOUNT, id("T", 999), source, amount(80_00), anyDay(), today);
            } else if (kind < 820) {
                return new AccountCommand.ReceiveContribution(ACCOUNT, id("C", 999), amount(80_00), anyDay(), today);
            } else if (kind < 850) {
                LocalDate first = random.nextInt(3) == 0 ? anyDay() : FROM;
                return new AccountCommand.ScheduleInstalments(
                        ACCOUNT,
                        id("S", 30),
                        anyLine(),
                        any(Frequency.values()),
                        first,
                        random.nextInt(3) == 0 ? first.minusDays(random.nextInt(30)) : null,
                        random.nextInt(3) == 0 ? amount(50_00) : Money.ZERO,
                        today);
            } else if (kind < 870) {
                return new AccountCommand.ReleaseLine(ACCOUNT, routedLine(), today);
            } else if (kind < 910) {
                return carry();
            } else if (kind < 930) {
                return new AccountCommand.SuspendAccount(ACCOUNT, anyDay(), "HOSPITAL", REASON, today);
            } else if (kind < 950) {
                return new AccountCommand.ResumeAccount(ACCOUNT, anyDay(), today);
            } else if (kind < 965) {
                return new AccountCommand.ApproveReserve(
                        ACCOUNT,
                        id("RES", 20),
                        any(ReserveKind.values()),
                        amount(300_00),
                        today.plusDays(60),
                        REASON,
                        pounds("500.00"),
                        POLICY,
                        today);
            } else if (kind < 980) {
                return new AccountCommand.ReleaseReserve(ACCOUNT, newest(reserves, "RES", 20), today);
            } else if (kind < 984) {
                return new AccountCommand.NoteDeath(ACCOUNT, anyDay());
            } else if (kind < 990) {
                return new AccountCommand.ReassessSpending(ACCOUNT, POLICY, anyDay(), null, null, null, today);
            } else if (kind < 1110) {
                return recover();
            } else if (kind < 1150) {
                return account();
            } else if (kind < 1170) {
                return moveBank();
            }
            return random.nextBoolean() ? settle() : new AccountCommand.CloseAccount(ACCOUNT, today, 0, false, today);
        }

        /** Mostly the step that comes next, so that some recoveries go all the way. */
        private LedgerCommand recover() {
            var open = lab.state().settlement.recoveries;
            String recovery =
                    open.isEmpty() ? id("REC", 30) : open.keySet().iterator().next();
            boolean proposed = !open.isEmpty();
            boolean approved = proposed && open.get(recovery).isApproved();
            int step = random.nextInt(3) == 0 ? random.nextInt(6) : approved ? random.nextInt(3, 5) : proposed ? 2 : 1;
            return switch (step) {
                case 0 ->
                    new AccountCommand.RecordLiability(
                            ACCOUNT, id("LIA", 40), "PAYE", amount(20_00), today.plusDays(9), PAYEE, today);
                case 1 ->
                    new AccountCommand.ProposeRecovery(ACCOUNT, id("REC", 30), amount(10_00), "one", WEEKS, today);
                case 2 -> new AccountCommand.ApproveRecovery(ACCOUNT, recovery, any("one", "two", "two"), WEEKS, today);
                case 3 ->
                    new AccountCommand.ReceiveRecovery(
                            ACCOUNT, id("REC-IN", 9999), recovery, amount(6_00), today, today);
                case 4 ->
                    new AccountCommand.WriteOffRecovery(
                            ACCOUNT, id("OFF", 9999), recovery, "ANY", REASON, pounds("8.00"), POLICY, today);
                default -> new AccountCommand.SettleLiability(ACCOUNT, owed(), anyDay(), today);
            };
        }

        private LedgerCommand moveBank() {
            var proposed = lab.state().proposedBankDetails;
            return proposed == null || random.nextInt(4) == 0
                    ? new AccountCommand.ProposeBankDetails(ACCOUNT, id("CHA", 9), PAYEE, "token", "one", today)
                    : new AccountCommand.ApproveBankDetails(ACCOUNT, proposed.changeId(), any("one", "two"), today);
        }

        /** A return is asked for, comes, is queried or accepted. */
        private LedgerCommand account() {
            String returnId =
                    lab.state().returns.received.keySet().stream().findFirst().orElse(id("RET", 20));
            return switch (random.nextInt(6)) {
                case 0 ->
                    new AccountCommand.RequestReturn(
                            ACCOUNT,
                            id("RET", 20),
                            "2026-Q1",
                            random.nextBoolean() ? "HIGH" : null,
                            random.nextBoolean() ? anyDay() : null,
                            CYCLE,
                            POLICY,
                            today);
                case 1 -> new AccountCommand.ReceiveReturn(ACCOUNT, returnId, List.of(), anyDay(), today);
                case 2 ->
                    new AccountCommand.QueryReturn(ACCOUNT, returnId, random.nextBoolean() ? REASON : null, today);
                case 3 -> new AccountCommand.RemindReturn(ACCOUNT, returnId, anyDay(), today);
                case 4 ->
                    new AccountCommand.SetRiskBand(
                            ACCOUNT, any("HIGH", "LOW", "NONE"), REASON, anyDay(), CYCLE, POLICY, today);
                default -> new AccountCommand.AcceptReturn(ACCOUNT, returnId, today);
            };
        }

        private String owed() {
            return lab.state().settlement.liabilities.keySet().stream()
                    .findFirst()
                    .orElse("LIA-0");
        }

        /** Brings the balance to nothing, so that the account can be closed. */
        private LedgerCommand settle() {
            Money balance = oracle.balance();
            return balance.isNegative()
                    ? new AccountCommand.ReceiveTopUp(
                            ACCOUNT, id("T", 999), FundingSource.COUNCIL_TOP_UP, balance.negated(), today, today)
                    : spendAll(balance);
        }

        private LedgerCommand spendAll(Money balance) {
            return balance.isZero()
                    ? new AccountCommand.CloseAccount(ACCOUNT, today, 0, false, today)
                    : new AccountCommand.RecordExpenditure(
                            ACCOUNT,
                            id("E", 60),
                            balance,
                            today,
                            PAYEE,
                            "payee-key",
                            null,
                            null,
                            SpendType.TRANSFER,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            POLICY,
                            today);
        }

        /** The budget revises a line, routes lines here or away, or repeats itself. */
        private AccountCommand carry() {
            if (random.nextInt(5) > 0) {
                String revised = anyLine();
                Map<String, Money> known = paidBefore;
                terms = new Terms(
                        terms.budgetSequence() + 1,
                        random.nextInt(40) == 0 ? today.plusDays(30) : terms.endsOn(),
                        FROM,
                        random.nextInt(40) == 0 ? today.plusDays(10) : null,
                        random.nextInt(20) == 0 ? List.of(new Terms.Gap(today, today.plusDays(3))) : null,
                        terms.lines().stream()
                                .map(line -> !line.payable()
                                        ? line
                                        : new Terms.Line(
                                                line.lineId(),
                                                line.source(),
                                                true,
                                                line.from(),
                                                line.to(),
                                                line.lineId().equals(revised) ? revised(line) : line.amounts(),
                                                ACCOUNT,
                                                known.getOrDefault(line.lineId(), Money.ZERO),
                                                random.nextInt(9) == 0 ? random.nextBoolean() : null))
                                .toList());
            }
            return new AccountCommand.CarryAllocation(ACCOUNT, terms, today);
        }

        private List<Terms.YearlyAmount> revised(Terms.Line line) {
            var amounts = new ArrayList<>(line.amounts());
            amounts.removeIf(amount -> !amount.from().isBefore(today));
            amounts.add(new Terms.YearlyAmount(
                    amounts.isEmpty() ? line.from() : today, random.nextInt(9) == 0 ? Money.ZERO : amount(2000_00)));
            return amounts;
        }

        private String spent() {
            return newest(spent, "E", 60);
        }

        /** Mostly one of the newest, so that one thing is worked on several times. */
        private String newest(List<String> known, String kind, int most) {
            return known.isEmpty() || random.nextInt(9) == 0
                    ? id(kind, most)
                    : known.get(known.size() - 1 - random.nextInt(Math.min(3, known.size())));
        }

        private String anyLine() {
            return any("care", "care", "health", "play", "extra", "school", "none");
        }

        private String routedLine() {
            return any("care", "health", "play", "extra");
        }

        private LocalDate anyDay() {
            return today.plusDays(random.nextInt(-60, 6));
        }

        private String id(String kind, int most) {
            return kind + "-" + random.nextInt(most);
        }

        private Money amount(int mostPence) {
            return Money.ofPence(random.nextInt(12) == 0 ? random.nextInt(3) : random.nextInt(mostPence));
        }

        @SafeVarargs
        private <T> T any(T... values) {
            return values[random.nextInt(values.length)];
        }
    }
}
