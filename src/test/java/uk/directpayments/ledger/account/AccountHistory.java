package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;

/** Histories of accounts made from a seed: money in every way, back-dated, corrected, returned, and shared over sources and lines. */
final class AccountHistory {

    static final LocalDate FIRST = LocalDate.of(2023, 11, 6);

    private static final List<FundingSource> SOURCES =
            List.of(FundingSource.SOCIAL_CARE_CHILD, FundingSource.EDUCATION_HIGH_NEEDS, FundingSource.SHORT_BREAKS);
    private static final List<String> CATEGORIES = List.of("care", "Short breaks & respite", "equipment: hoist", "");

    private final Random random;
    private final List<Fact> facts = new ArrayList<>();
    private final List<Fact> returnable = new ArrayList<>();
    private final List<Fact> correctable = new ArrayList<>();
    private LocalDate today = FIRST;

    private AccountHistory(long seed) {
        this.random = new Random(seed);
    }

    /** @param daysEach how many days pass, on average, between two facts; a third of a fact's days lie before */
    static List<Fact> random(long seed, int accounts, int count, double daysEach) {
        AccountHistory history = new AccountHistory(seed);
        for (int i = 0; i < count; i++) {
            if (history.random.nextDouble() < daysEach) {
                history.today = history.today.plusDays(1 + history.random.nextInt(3));
            }
            history.next("A" + (1 + history.random.nextInt(accounts)), "id-" + i);
        }
        return history.facts;
    }

    private void next(String account, String id) {
        LocalDate on = random.nextInt(3) > 0 ? today : today.minusDays(random.nextInt(400));
        int kind = random.nextInt(20);
        if (kind < 4) {
            Money gross = money(90_000);
            Money contribution = random.nextInt(3) == 0 ? Money.ofPence(gross.pence() / 3) : Money.ZERO;
            FundingSource source = pick(SOURCES);
            PaymentIssued payment = new PaymentIssued(
                    id, line(source), source, null, gross, contribution, gross.minus(contribution), on);
            returnable.add(add(account, payment, on));
        } else if (kind == 4 && !returnable.isEmpty()) {
            Fact issued = returnable.remove(random.nextInt(returnable.size()));
            PaymentIssued p = (PaymentIssued) issued.event();
            LocalDate back = p.on().plusDays(random.nextInt(5));
            add(
                    issued.accountId(),
                    new PaymentReturned(
                            p.paymentId(),
                            p.lineId(),
                            p.source(),
                            null,
                            p.amount(),
                            p.contribution(),
                            p.net(),
                            "0",
                            back),
                    back);
        } else if (kind == 5) {
            FundingSource source = random.nextBoolean() ? FundingSource.PARENT_TOP_UP : FundingSource.COUNCIL_TOP_UP;
            add(account, new TopUpReceived(id, source, money(20_000), on), on);
        } else if (kind == 6) {
            add(account, new ContributionReceived(id, money(9_000), on), on);
        } else if (kind == 7 && random.nextBoolean()) {
            recover(account, id, on);
        } else if (kind < 16 || correctable.isEmpty()) {
            correctable.add(add(account, spend(id, on), on));
        } else {
            correct(correctable.get(random.nextInt(correctable.size())), kind, id);
        }
    }

    private void recover(String account, String id, LocalDate on) {
        FundingSource source = pick(SOURCES);
        List<Share> shares = List.of(
                new Share(source, line(source), money(9_000)),
                new Share(FundingSource.CLIENT_CONTRIBUTION, null, money(900)));
        Money amount = shares.get(0).amount().plus(shares.get(1).amount());
        add(
                account,
                random.nextBoolean()
                        ? new RecoveryReceived(id, "recovery", amount, on, shares)
                        : new RecoveryWrittenOff(id, "recovery", amount, "ANY", new Sealed("reason"), on, shares),
                on);
    }

    private void correct(Fact spent, int kind, String id) {
        ExpenditureRecorded e = (ExpenditureRecorded) spent.event();
        Sealed reason = new Sealed("reason");
        if (kind == 16) {
            correctable.remove(spent);
            add(
                    spent.accountId(),
                    new ExpenditureReversed(
                            id, e.expenditureId(), e.amount(), e.category(), reason, e.on(), e.shares()),
                    e.on());
        } else if (kind == 17) {
            correctable.remove(spent);
            LocalDate on = e.on().plusDays(random.nextInt(40));
            add(
                    spent.accountId(),
                    new RefundReceived(id, e.expenditureId(), e.amount(), e.category(), on, e.shares()),
                    on);
        } else {
            String to = pick(CATEGORIES);
            add(
                    spent.accountId(),
                    new ExpenditureReclassified(e.expenditureId(), e.category(), to, e.amount(), reason, e.on()),
                    e.on());
        }
    }

    private ExpenditureRecorded spend(String id, LocalDate on) {
        List<Share> shares = new ArrayList<>();
        Money amount = Money.ZERO;
        for (int i = 0; i <= random.nextInt(3); i++) {
            FundingSource source = random.nextInt(8) == 0 ? FundingSource.PARENT_TOP_UP : pick(SOURCES);
            Share share = new Share(source, random.nextInt(4) == 0 ? null : line(source), money(5_000));
            shares.add(share);
            amount = amount.plus(share.amount());
        }
        return new ExpenditureRecorded(
                id,
                amount,
                on,
                new Sealed("payee"),
                "key",
                random.nextInt(4) == 0 ? null : pick(CATEGORIES),
                random.nextBoolean() ? "5411" : null,
                SpendType.PURCHASE,
                null,
                null,
                null,
                null,
                null,
                null,
                shares);
    }

    private Fact add(String account, AccountEvent event, LocalDate on) {
        Fact fact = new Fact(account, "P-" + account, event, on);
        facts.add(fact);
        return fact;
    }

    private Money money(int most) {
        return Money.ofPence(1 + random.nextInt(most));
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String line(FundingSource source) {
        return "line-" + source;
    }

    // ── what should come of it, computed from the events alone ──────────────────────────────────────────────────

    /** Position in the log of a fact, if the log holds nothing but this history. */
    static long position(List<Fact> facts, int index) {
        return index + 1L;
    }

    static Map<FundingSource, Money> balance(List<Fact> facts, String account, LocalDate asOf, long knownAt) {
        Map<FundingSource, Money> balance = new EnumMap<>(FundingSource.class);
        for (Fact fact : facts.subList(0, (int) knownAt)) {
            if (fact.accountId().equals(account) && !fact.on().isAfter(asOf)) {
                moves(fact).forEach(move -> balance.merge(move.source(), move.amount(), Money::plus));
            }
        }
        return balance;
    }

    static Money total(Map<FundingSource, Money> balance) {
        return balance.values().stream().reduce(Money.ZERO, Money::plus);
    }

    /** What an event puts into the account, by source and line. */
    static List<Share> moves(Fact fact) {
        Object event = fact.event();
        if (event instanceof PaymentIssued e) {
            return List.of(new Share(e.source(), e.lineId(), e.net()));
        } else if (event instanceof PaymentReturned e) {
            return List.of(new Share(e.source(), e.lineId(), e.net().negated()));
        } else if (event instanceof TopUpReceived e) {
            return List.of(new Share(e.source(), null, e.amount()));
        } else if (event instanceof ContributionReceived e) {
            return List.of(new Share(FundingSource.CLIENT_CONTRIBUTION, null, e.amount()));
        } else if (event instanceof ExpenditureRecorded e) {
            return out(e.shares());
        } else if (event instanceof RecoveryReceived e) {
            return out(e.shares());
        } else if (event instanceof RecoveryWrittenOff e) {
            return out(e.shares());
        } else if (event instanceof ExpenditureReversed e) {
            return e.shares();
        } else if (event instanceof RefundReceived e) {
            return e.shares();
        }
        return List.of();
    }

    private static List<Share> out(List<Share> shares) {
        return shares.stream()
                .map(s -> new Share(s.source(), s.lineId(), s.amount().negated()))
                .toList();
    }

    static LineFigures.@Nullable Figure figure(List<Fact> facts, String account, String line, LocalDate asOf, long at) {
        Money paid = Money.ZERO;
        Money withheld = Money.ZERO;
        Money spent = Money.ZERO;
        Money recovered = Money.ZERO;
        boolean moved = false;
        for (Fact fact : facts.subList(0, (int) at)) {
            if (!fact.accountId().equals(account) || fact.on().isAfter(asOf)) {
                continue;
            }
            if (fact.event() instanceof PaymentIssued e && e.lineId().equals(line)) {
                paid = paid.plus(e.amount());
                withheld = withheld.plus(e.contribution());
                moved = true;
            } else if (fact.event() instanceof PaymentReturned e && e.lineId().equals(line)) {
                paid = paid.minus(e.amount());
                withheld = withheld.minus(e.contribution());
                moved = true;
            } else if (!(fact.event() instanceof PaymentIssued) && !(fact.event() instanceof PaymentReturned)) {
                for (Share share : moves(fact)) {
                    if (line.equals(share.lineId())) {
                        boolean back =
                                fact.event() instanceof RecoveryReceived || fact.event() instanceof RecoveryWrittenOff;
                        spent = back ? spent : spent.minus(share.amount());
                        recovered = back ? recovered.minus(share.amount()) : recovered;
                        moved = true;
                    }
                }
            }
        }
        return moved ? new LineFigures.Figure(paid, withheld, spent, recovered) : null;
    }
}
