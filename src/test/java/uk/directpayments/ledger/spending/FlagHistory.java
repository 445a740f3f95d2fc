package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountResumed;
import uk.directpayments.ledger.account.AccountEvent.AccountSuspended;
import uk.directpayments.ledger.account.AccountEvent.AccountType;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.account.AccountEvent.LiabilityRecorded;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetFinalised;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.Line;
import uk.directpayments.ledger.budget.BudgetEvent.Mode;
import uk.directpayments.ledger.budget.BudgetEvent.RecipientType;
import uk.directpayments.ledger.budget.BudgetEvent.RelativeAgreementWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.RelativePaymentAgreed;
import uk.directpayments.ledger.budget.BudgetEvent.RelativePurpose;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.person.PersonEvent.PersonRegistered;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.residential.ResidentialEvent.Particulars;
import uk.directpayments.ledger.residential.ResidentialEvent.PaymentLinked;
import uk.directpayments.ledger.residential.ResidentialEvent.StayAmended;
import uk.directpayments.ledger.residential.ResidentialEvent.StayPlanned;
import uk.directpayments.ledger.residential.ResidentialEvent.StayRecorded;
import uk.directpayments.ledger.residential.ResidentialEvent.StayVoided;
import uk.directpayments.ledger.residential.Stay;
import uk.directpayments.ledger.spending.FlagEvent.FlagDismissed;
import uk.directpayments.ledger.spending.FlagEvent.FlagRaised;

/**
 * What happens to one person, made from a seed: two accounts, a budget and stays that are planned, amended and voided; payments, some for days
 * to come and some returned; spending of every kind, back-dated, refunded, reversed, reclassified and linked; and, if wanted, what people decide
 * about flags.
 */
final class FlagHistory {

    private static final Sealed TEXT = new Sealed("text");
    static final LocalDate FIRST = LocalDate.of(2026, 3, 2);
    private static final LocalDate LAST = FIRST.plusDays(130);

    /** A day after today, whenever this is run. */
    static final LocalDate AHEAD = LocalDate.of(2040, 1, 2);

    private static final List<String> CODES = List.of("7995", "5411", "6011", "7999", "8050", "9999", "9311", "5812");
    private static final List<String> CATEGORIES = List.of("ACTIVITY", "RESIDENTIAL_CARE", "GAMBLING");
    private static final int[] POUNDS = {5, 35, 40, 190, 199, 250, 1400};

    private final Random random;
    private final String person;
    private final List<Fact> facts = new ArrayList<>();
    private final List<ExpenditureRecorded> spent = new ArrayList<>();
    private final List<RelativePaymentAgreed> agreements = new ArrayList<>();
    private final List<String> consents = new ArrayList<>();
    private final Map<String, String> accountOf = new HashMap<>();
    private final Map<String, Money> left = new HashMap<>();
    private final Map<String, Stay> stays = new LinkedHashMap<>();
    private final LocalDate eighteenOn;

    /** @param decided whether people link payments to stays, raise flags by hand and dismiss some: acts that follow on what they saw */
    FlagHistory(long seed, String person, int count, boolean decided) {
        this.random = new Random(seed * 31 + person.hashCode());
        this.person = person;
        this.eighteenOn = FIRST.plusDays(random.nextInt(-400, 900));
        happened("person/" + person, null, new PersonRegistered(person, TEXT, TEXT, eighteenOn, null), FIRST);
        for (String account : List.of(account(0), account(1))) {
            on(account, opened(account), FIRST);
        }
        for (int i = 0; i < count; i++) {
            next("e" + i, random.nextInt(decided ? 100 : 90));
        }
    }

    List<Fact> facts() {
        return facts;
    }

    LocalDate eighteenOn() {
        return eighteenOn;
    }

    /** The stays that happened and were not voided. */
    List<Stay> actualStays() {
        return stays.values().stream().filter(stay -> !stay.planned()).toList();
    }

    /** What has not come back of each expenditure, by its key. */
    Map<String, Money> left() {
        return left;
    }

    private void next(String id, int kind) {
        LocalDate day = FIRST.plusDays(random.nextInt(120));
        String account = account(random.nextInt(2));
        if (kind < 45) {
            spend(account, id, random.nextInt(6) == 0 ? ahead() : day);
        } else if (kind < 55) {
            comesBack(id, day);
        } else if (kind < 57) {
            payAndPerhapsReturn(account, id, random.nextInt(3) == 0 ? day : ahead(), pounds(400));
        } else if (kind < 59) {
            on(account, new TopUpReceived(id, FundingSource.COUNCIL_TOP_UP, pounds(500), day), day);
        } else if (kind < 62) {
            reclassify(day);
        } else if (kind < 64) {
            on(account, new LiabilityRecorded(id, "PAYE", pounds(80), day, TEXT, day), day);
        } else if (kind < 66) {
            on(account, new AccountSuspended(day, "AWAY", TEXT), day);
        } else if (kind < 68) {
            on(account, new AccountResumed(day), day);
        } else if (kind < 74) {
            budget(id, day);
        } else if (kind < 75) {
            on(account, new DeathNoted(FIRST.plusDays(100)), day);
        } else if (kind < 90) {
            stay(id, account, day);
        } else {
            decide(id);
        }
    }

    private LocalDate ahead() {
        return AHEAD.plusDays(random.nextInt(60));
    }

    /** Some payments are returned, before or after their day. */
    private void payAndPerhapsReturn(String account, String id, LocalDate day, Money amount) {
        pay(account, id, day, amount);
        if (random.nextInt(4) == 0) {
            LocalDate back = day.plusDays(random.nextInt(-5, 5));
            var returned = new PaymentReturned(
                    id, "L1", FundingSource.SOCIAL_CARE_CHILD, null, amount, Money.ZERO, amount, "AC04", back);
            on(account, returned, back);
        }
    }

    void pay(String account, String id, LocalDate day, Money amount) {
        var issued =
                new PaymentIssued(id, "L1", FundingSource.SOCIAL_CARE_CHILD, null, amount, Money.ZERO, amount, day);
        on(account, issued, day);
    }

    private void spend(String account, String id, LocalDate day) {
        if (!spent.isEmpty() && random.nextInt(6) == 0) {
            ExpenditureRecorded like = anySpent();
            spend(
                    accountOf.get(like.expenditureId()),
                    id,
                    like.on().plusDays(random.nextInt(5) - 2),
                    like.amount(),
                    like.payeeKey());
        } else {
            spend(account, id, day, pounds(POUNDS[random.nextInt(POUNDS.length)]), "payee" + random.nextInt(4));
        }
    }

    void spend(String account, String id, LocalDate day, Money amount, String payeeKey) {
        String code = random.nextInt(6) == 0 ? null : CODES.get(random.nextInt(CODES.size()));
        var e = new ExpenditureRecorded(
                id,
                amount,
                day,
                TEXT,
                payeeKey,
                random.nextInt(3) == 0 ? "care" : null,
                code,
                random.nextInt(8) == 0 ? SpendType.CASH : SpendType.PURCHASE,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of());
        spent.add(e);
        accountOf.put(id, account);
        left.put(Item.key(account, id), e.amount());
        on(account, e, day);
    }

    private void comesBack(String id, LocalDate day) {
        if (spent.isEmpty()) {
            return;
        }
        ExpenditureRecorded e = anySpent();
        String account = accountOf.get(e.expenditureId());
        String key = Item.key(account, e.expenditureId());
        Money rest = left.get(key);
        if (rest.isZero()) {
            return;
        }
        if (random.nextBoolean()) {
            left.put(key, Money.ZERO);
            LocalDate back = random.nextBoolean() ? e.on() : day;
            on(
                    account,
                    new ExpenditureReversed(id, e.expenditureId(), rest, e.category(), TEXT, back, List.of()),
                    back);
        } else {
            Money part = random.nextBoolean() ? rest : Money.ofPence(1 + random.nextInt((int) rest.pence()));
            left.put(key, rest.minus(part));
            on(account, new RefundReceived(id, e.expenditureId(), part, e.category(), day, List.of()), day);
        }
    }

    private void reclassify(LocalDate day) {
        if (!spent.isEmpty()) {
            ExpenditureRecorded e = anySpent();
            String to = CATEGORIES.get(random.nextInt(CATEGORIES.size()));
            on(
                    accountOf.get(e.expenditureId()),
                    new ExpenditureReclassified(e.expenditureId(), e.category(), to, e.amount(), TEXT, day),
                    day);
        }
    }

    private void budget(String id, LocalDate day) {
        String payee = "payee" + random.nextInt(4);
        Object event = switch (random.nextInt(4)) {
            case 0 ->
                new BudgetFinalised(
                        FIRST,
                        FIRST.plusYears(1),
                        pounds(5200),
                        List.of(new Line(
                                "L1",
                                FundingSource.SOCIAL_CARE_CHILD,
                                Mode.DIRECT_PAYMENT,
                                "care",
                                pounds(5200),
                                null,
                                random.nextBoolean() ? List.of("5411", "GAMBLING") : List.of("CASH"))));
            case 1 -> consent(id, payee, day);
            case 2 -> relative(id, payee, day);
            default -> BudgetEnded.decided(FIRST.plusDays(60 + random.nextInt(60)), "MOVED");
        };
        happened("budget/B-" + person, null, event, day);
    }

    /** Given, or, once any is, withdrawn. */
    private Object consent(String id, String payee, LocalDate day) {
        if (!consents.isEmpty() && random.nextBoolean()) {
            return new ConsentWithdrawn(consents.remove(random.nextInt(consents.size())), day);
        }
        consents.add(id);
        return new ConsentRecorded(id, RecipientType.PARENT, TEXT, payee, day, null);
    }

    /** Agreed, or, once any is, withdrawn: also from its first day on. */
    private Object relative(String id, String payee, LocalDate day) {
        if (!agreements.isEmpty() && random.nextBoolean()) {
            RelativePaymentAgreed one = agreements.get(random.nextInt(agreements.size()));
            return new RelativeAgreementWithdrawn(one.agreementId(), one.from().plusDays(random.nextInt(30)), TEXT);
        }
        var agreed = new RelativePaymentAgreed(
                id, TEXT, payee, "aunt", true, RelativePurpose.CARE, TEXT, day, day.plusDays(30));
        agreements.add(agreed);
        return agreed;
    }

    private void stay(String id, String account, LocalDate day) {
        String stream = "residential/" + person;
        int step = random.nextInt(4);
        if (step < 2 || stays.isEmpty()) {
            var stay = new Particulars(id, account, TEXT, null, null);
            Stay.Facts days = days(FIRST.plusDays(random.nextInt(200)));
            boolean planned = random.nextInt(4) == 0;
            stays.put(id, new Stay(id, days, planned));
            happened(stream, account, planned ? new StayPlanned(stay, days, false) : new StayRecorded(stay, days), day);
            return;
        }
        Stay old = List.copyOf(stays.values()).get(random.nextInt(stays.size()));
        if (step == 2) {
            LocalDate admitted = old.facts().admitted();
            Stay.Facts days = days(
                    switch (random.nextInt(3)) {
                        case 0 -> admitted;
                        case 1 -> admitted.plusDays(random.nextInt(-20, 20));
                        default -> FIRST.plusDays(random.nextInt(200));
                    });
            stays.put(old.stayId(), new Stay(old.stayId(), days, old.planned()));
            happened(stream, null, new StayAmended(old.stayId(), old.facts(), days, TEXT), day);
        } else {
            stays.remove(old.stayId());
            happened(stream, null, new StayVoided(old.stayId(), TEXT), day);
        }
    }

    private Stay.Facts days(LocalDate admitted) {
        return new Stay.Facts(
                random.nextInt(5) == 0 ? Stay.Setting.HOSPITAL : Stay.Setting.CARE_HOME,
                admitted,
                random.nextInt(8) == 0 ? null : admitted.plusDays(random.nextInt(40)),
                true);
    }

    private void decide(String id) {
        if (spent.isEmpty()) {
            return;
        }
        ExpenditureRecorded e = anySpent();
        String account = accountOf.get(e.expenditureId());
        switch (random.nextInt(3)) {
            case 0 -> {
                String flag = "hand-" + person + "-" + id;
                var raised = new FlagRaised(
                        flag, account, e.expenditureId(), "OUTSIDE_PLAN", pounds(1), TEXT, "finance", e.on());
                happened("flag/" + flag, account, raised, e.on());
                if (random.nextBoolean()) {
                    happened("flag/" + flag, account, new FlagDismissed(TEXT, LAST), LAST);
                }
            }
            case 1 -> {
                String flag = Finding.id(account, e.expenditureId(), "GAMBLING");
                happened("flag/" + flag, account, new FlagDismissed(TEXT, LAST), LAST);
            }
            default -> {
                if (!stays.isEmpty()) {
                    String stay = List.copyOf(stays.keySet()).get(random.nextInt(stays.size()));
                    happened(
                            "residential/" + person, null, new PaymentLinked(account, e.expenditureId(), stay), e.on());
                }
            }
        }
    }

    private AccountOpened opened(String account) {
        return new AccountOpened(
                account,
                "B-" + person,
                person,
                LegalBasis.CHILD_S17A,
                AccountType.PREPAID_CARD,
                HolderType.PARENT,
                null,
                true,
                null,
                null,
                FIRST,
                new Terms(0, null, null, null, null, List.of()),
                0);
    }

    private String account(int number) {
        return person + "-" + number;
    }

    private ExpenditureRecorded anySpent() {
        return spent.get(random.nextInt(spent.size()));
    }

    private static Money pounds(int pounds) {
        return Money.ofPence(pounds * 100L);
    }

    private void on(String account, Object event, LocalDate day) {
        happened("account/" + account, account, event, day);
    }

    private void happened(String stream, @Nullable String account, Object event, LocalDate day) {
        facts.add(new Fact(stream, account, person, event, day));
    }
}
