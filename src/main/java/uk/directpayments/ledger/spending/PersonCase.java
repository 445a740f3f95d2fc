package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountResumed;
import uk.directpayments.ledger.account.AccountEvent.AccountSuspended;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.LiabilityRecorded;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.SpendingReassessed;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.budget.BudgetEvent;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetFinalised;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.RelativeAgreementWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.RelativePaymentAgreed;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.person.PersonEvent;
import uk.directpayments.ledger.person.PersonEvent.PersonCorrected;
import uk.directpayments.ledger.person.PersonEvent.PersonRegistered;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.residential.ResidentialEvent;
import uk.directpayments.ledger.residential.ResidentialEvent.PaymentLinked;
import uk.directpayments.ledger.residential.ResidentialEvent.RegimeOverridden;
import uk.directpayments.ledger.residential.ResidentialEvent.StayAmended;
import uk.directpayments.ledger.residential.ResidentialEvent.StayConfirmed;
import uk.directpayments.ledger.residential.ResidentialEvent.StayDischarged;
import uk.directpayments.ledger.residential.ResidentialEvent.StayPlanned;
import uk.directpayments.ledger.residential.ResidentialEvent.StayRecorded;
import uk.directpayments.ledger.residential.ResidentialEvent.StayVoided;
import uk.directpayments.ledger.residential.ResidentialEvent.StaysReassessed;
import uk.directpayments.ledger.residential.Stay;
import uk.directpayments.ledger.spending.Facts.StayFact;
import uk.directpayments.ledger.spending.FlagEvent.FlagRaised;

/**
 * One person's file while events are worked through in the order of the log: facts, expenditures and flags as they stand, and what each
 * event changes of them.
 */
final class PersonCase {

    private static final String PAYE = "PAYE";

    private final String personId;
    private final Detection detection;
    private final StayDetection stays;
    private final Items items = new Items();
    private final FlagFile flags = new FlagFile();
    private final Set<String> changedItems = new LinkedHashSet<>();
    private Facts facts;

    PersonCase(String personId, Facts facts, Detection detection, StayDetection stays) {
        this.personId = personId;
        this.facts = facts;
        this.detection = detection;
        this.stays = stays;
    }

    void add(Item item) {
        items.put(item);
    }

    void add(Flag flag) {
        flags.add(flag);
    }

    Facts facts() {
        return facts;
    }

    Collection<Item> changedItems() {
        return changedItems.stream().map(items::get).filter(Objects::nonNull).toList();
    }

    /** What an event changes of the flags, by flag id. */
    List<Flag> apply(Object event, Recorded at) {
        flags.begin();
        if (event instanceof FlagEvent e) {
            decided(e, at);
        } else {
            look(evolve(event, at), at);
        }
        return flags.changed();
    }

    private void decided(FlagEvent event, Recorded at) {
        if (event instanceof FlagRaised e) {
            Item item = items.get(Item.key(e.accountId(), e.transactionId()));
            Flag raised = Flag.byHand(personId, e, item, at);
            // its expenditure may have come back while it was raised
            flags.put(item != null && item.gone() ? raised.reversed(at.occurredOn()) : raised);
        }
        flags.change(at.id(), flag -> flag.after(event, at.occurredOn()));
    }

    // ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────

    /** Whether an event of an account has all that was spent from it looked at again, and not single expenditures: all of it must be known then. */
    static boolean looksAtAllOfAccount(AccountEvent event) {
        return event instanceof SpendingReassessed
                || event instanceof AccountSuspended
                || event instanceof AccountResumed
                || event instanceof DeathNoted
                || (event instanceof LiabilityRecorded e && isTax(e));
    }

    private static boolean isTax(LiabilityRecorded e) {
        return e.kind().toUpperCase(Locale.ROOT).contains(PAYE);
    }

    private Look evolve(Object event, Recorded at) {
        if (event instanceof AccountEvent e) {
            return looksAtAllOfAccount(e) ? account(e, at) : spending(e, at);
        } else if (event instanceof BudgetEvent e) {
            return budget(e, at);
        } else if (event instanceof PersonEvent e) {
            return person(e);
        } else if (event instanceof ResidentialEvent e) {
            return stay(e, at);
        }
        return Look.nothing();
    }

    /** What {@linkplain #looksAtAllOfAccount all of an account} is looked at again for. */
    private Look account(AccountEvent event, Recorded at) {
        if (event instanceof SpendingReassessed e) {
            reassessed(e, at.account());
        } else if (event instanceof AccountSuspended e) {
            account(at.account(), account -> account.suspended(e.from()));
        } else if (event instanceof AccountResumed e) {
            account(at.account(), account -> account.resumed(e.on()));
        } else if (event instanceof DeathNoted e) {
            account(at.account(), account -> account.died(e.on()));
        } else if (event instanceof LiabilityRecorded e) {
            account(at.account(), account -> account.taxDue(e.due()));
        }
        return Look.atAccount(at.account());
    }

    /** Money that comes and goes, and what is said of it: it concerns single expenditures. */
    private Look spending(AccountEvent event, Recorded at) {
        if (event instanceof ExpenditureRecorded e) {
            return spent(Item.of(e, at), e.stayId());
        } else if (event instanceof ExpenditureReversed e) {
            return cameBack(at.account(), e.expenditureId(), e.amount(), at);
        } else if (event instanceof RefundReceived e) {
            return cameBack(at.account(), e.expenditureId(), e.amount(), at);
        } else if (event instanceof ExpenditureReclassified e) {
            // what a support organisation calls it later neither answers what is asked nor undoes what was decided
            return at.role().equals(Actor.Role.SUPPORT.name())
                    ? Look.nothing()
                    : item(Item.key(at.account(), e.expenditureId()), item -> item.decided(e.to()));
        } else if (event instanceof PaymentIssued e) {
            return issued(e, at);
        } else if (event instanceof PaymentReturned e) {
            return money(
                    at.account(),
                    account -> account.returned(e.paymentId(), at.occurredOn(), e.net())
                            .reached(at.occurredOn()));
        } else if (event instanceof TopUpReceived e) {
            return moved(at, e.amount());
        } else if (event instanceof ContributionReceived e) {
            return moved(at, e.amount());
        } else if (event instanceof RecoveryReceived e) {
            return moved(at, e.amount().negated());
        } else if (event instanceof RecoveryWrittenOff e) {
            return moved(at, e.amount().negated());
        } else if (event instanceof AccountOpened e) {
            know(facts.account(e.accountId(), AccountFacts.opened(e.budgetId(), e.legalBasis())));
        }
        return Look.nothing();
    }

    private Look budget(BudgetEvent event, Recorded at) {
        if (event instanceof BudgetFinalised e) {
            return budget(at, old -> old.allowing(e.lines().stream().flatMap(line -> line.allows().stream())));
        } else if (event instanceof ConsentRecorded e) {
            String key = e.recipientKey();
            return key == null
                    ? Look.nothing()
                    : budget(at, old -> old.recipient(new Facts.Recipient(e.consentId(), key, e.on(), null)));
        } else if (event instanceof ConsentWithdrawn e) {
            return budget(at, old -> old.consentWithdrawn(e.consentId(), e.on()));
        } else if (event instanceof RelativePaymentAgreed e) {
            return budget(at, old -> old.relative(new Facts.Relative(e.agreementId(), e.payeeKey(), e.from(), e.to())));
        } else if (event instanceof RelativeAgreementWithdrawn e) {
            return budget(at, old -> old.withdrawn(e.agreementId(), e.on()));
        } else if (event instanceof BudgetEnded e) {
            return budget(at, old -> old.ended(e));
        }
        return Look.nothing();
    }

    private Look person(PersonEvent event) {
        if (event instanceof PersonRegistered e) {
            know(facts.ages(e.eighteenOn(), facts.childUntil()));
        } else if (event instanceof PersonCorrected e && e.eighteenOn() != null) {
            know(facts.ages(e.eighteenOn(), facts.childUntil()));
            return Look.atStays();
        }
        return Look.nothing();
    }

    private Look spent(Item item, @Nullable String stayId) {
        put(item);
        if (stayId != null) {
            link(item.key(), stayId);
        }
        AccountFacts account = facts.accounts().get(item.accountId());
        // what is ahead may end what was in question before; without it, further spending changes nothing of that
        boolean ahead = account != null && !account.ahead().isEmpty();
        Look before = money(
                item.accountId(), was -> was.reached(item.on()).spent(item.expenditureId(), item.on(), item.left()));
        if (detection.paysHmrc(item)) {
            tax(item);
        }
        Set<String> keys = new LinkedHashSet<>(near(item, false));
        if (ahead) {
            keys.addAll(before.items());
        }
        keys.add(item.key());
        return new Look(keys, null, false, stayId != null);
    }

    private Look cameBack(String accountId, String expenditureId, Money amount, Recorded at) {
        String key = Item.key(accountId, expenditureId);
        Look balance = money(
                accountId,
                account -> account.reached(at.occurredOn()).cameBack(expenditureId, at.occurredOn(), amount));
        Item item = items.get(key);
        if (item == null) {
            throw new IllegalStateException("no expenditure to take back at position " + at.position());
        }
        Item left = item.left(item.left().minus(amount));
        put(left);
        Set<String> keys = new LinkedHashSet<>(balance.items());
        boolean ofStay = left.gone() && unlink(key);
        if (detection.paysHmrc(item)) {
            tax(item);
        }
        keys.addAll(near(item, true));
        return new Look(keys, null, false, ofStay);
    }

    /** How often HMRC was paid on the day of an expenditure, by whatever is left of that day's. */
    private void tax(Item item) {
        long times = items.near(item).stream()
                .filter(near -> near.on().equals(item.on()) && !near.gone() && detection.paysHmrc(near))
                .count();
        account(item.accountId(), account -> account.taxPaid(item.on(), times));
    }

    /** What is issued for a later day than today is money of the account from then on. */
    private Look issued(PaymentIssued e, Recorded at) {
        boolean ahead = e.on().isAfter(BusinessDay.of(at.recordedAt()));
        return ahead
                ? money(
                        at.account(),
                        account -> account.issuedAhead(new AccountFacts.Ahead(e.paymentId(), e.on(), e.net())))
                : moved(at, e.net());
    }

    private Look moved(Recorded at, Money in) {
        return money(at.account(), account -> account.reached(at.occurredOn()).moved(at.occurredOn(), in));
    }

    /** Money that comes or goes changes what an account is overspent by, and by which expenditures: look at what was in question and what is. */
    private Look money(String accountId, UnaryOperator<AccountFacts> change) {
        AccountFacts before = facts.accounts().get(accountId);
        if (before == null) {
            return Look.nothing();
        }
        AccountFacts after = change.apply(before);
        know(facts.account(accountId, after));
        Set<String> keys = new LinkedHashSet<>();
        for (AccountFacts one : List.of(before, after)) {
            AccountFacts.Overspent overspent = one.overspent();
            if (overspent != null) {
                keys.add(Item.key(accountId, overspent.expenditureId()));
            }
            one.early().stream()
                    .map(early -> early.spent().expenditureId())
                    .filter(id -> !Objects.equals(before.overspentBy(id), after.overspentBy(id)))
                    .forEach(id -> keys.add(Item.key(accountId, id)));
        }
        return new Look(keys, null, false, false);
    }

    private void reassessed(SpendingReassessed e, String accountId) {
        items.ofAccount(accountId).forEach(item -> {
            if (e.covers(item.on())) {
                Item now = item.reassessed(e);
                put(now);
                if (detection.paysHmrc(item) || detection.paysHmrc(now)) {
                    tax(now);
                }
            }
        });
    }

    private Look item(String key, UnaryOperator<Item> change) {
        Item item = items.get(key);
        if (item != null) {
            put(change.apply(item));
        }
        return Look.at(key);
    }

    private Look budget(Recorded at, UnaryOperator<Facts.Budget> change) {
        know(facts.budget(at.id(), change.apply(facts.budgets().getOrDefault(at.id(), Facts.Budget.NOTHING))));
        return Look.atAll();
    }

    private Look stay(ResidentialEvent event, Recorded at) {
        if (event instanceof StayPlanned e) {
            open(e.stay(), e.facts(), true, at);
        } else if (event instanceof StayRecorded e) {
            open(e.stay(), e.facts(), false, at);
        } else if (event instanceof StayConfirmed e) {
            stay(
                    e.stayId(),
                    old -> old.with(
                            dated(old.facts(), e.admitted(), e.discharged()), false, old.voided(), version(at, old)));
        } else if (event instanceof StayDischarged e) {
            stay(
                    e.stayId(),
                    old -> old.with(
                            dated(old.facts(), old.facts().admitted(), e.discharged()),
                            old.planned(),
                            old.voided(),
                            version(at, old)));
        } else if (event instanceof StayAmended e) {
            stay(e.stayId(), old -> old.with(e.now(), old.planned(), old.voided(), version(at, old)));
        } else if (event instanceof StayVoided e) {
            stay(e.stayId(), old -> old.with(old.facts(), old.planned(), true, old.policyVersion()));
            StayFact voided = facts.stays().get(e.stayId());
            Set<String> payments = voided == null ? Set.of() : voided.payments();
            payments.forEach(key -> item(key, item -> item.linked(false)));
            return new Look(payments, null, false, true);
        } else if (event instanceof StaysReassessed e) {
            facts.stays().forEach((stayId, stay) -> {
                if (e.covers(stay.facts().admitted())) {
                    stay(stayId, old -> old.judgedBy(e.policyVersion()));
                }
            });
        } else if (event instanceof RegimeOverridden e) {
            know(facts.ages(facts.eighteenOn(), e.until()));
        } else if (event instanceof PaymentLinked e) {
            String key = Item.key(e.accountId(), e.expenditureId());
            link(key, e.stayId());
            return new Look(Set.of(key), null, false, true);
        }
        return Look.atStays();
    }

    private static String version(Recorded at, StayFact old) {
        String version = at.policyVersion();
        return version == null ? old.policyVersion() : version;
    }

    private void open(ResidentialEvent.Particulars stay, Stay.Facts days, boolean planned, Recorded at) {
        String version = at.policyVersion();
        know(facts.stay(
                stay.stayId(),
                new StayFact(
                        stay.accountId(),
                        days,
                        planned,
                        false,
                        facts.stays().size(),
                        new TreeSet<>(),
                        version == null ? Policy.standard().version() : version)));
    }

    private static Stay.Facts dated(Stay.Facts facts, LocalDate admitted, @Nullable LocalDate discharged) {
        return new Stay.Facts(facts.setting(), admitted, discharged, facts.fundedByDirectPayment());
    }

    /** An expenditure pays for one stay: the one that was named last, if there is such a one and it has not been voided. */
    private void link(String key, String stayId) {
        unlink(key);
        StayFact stay = facts.stays().get(stayId);
        Item item = items.get(key);
        boolean linked = stay != null && !stay.voided();
        if (item != null) {
            put(item.linked(linked));
        }
        if (linked && (item == null || !item.gone())) {
            stay(stayId, old -> old.payment(key, true));
        }
    }

    /** Whether it paid for a stay. */
    private boolean unlink(String key) {
        List<String> paidFor = facts.stays().entrySet().stream()
                .filter(stay -> stay.getValue().payments().contains(key))
                .map(Map.Entry::getKey)
                .toList();
        paidFor.forEach(stayId -> stay(stayId, old -> old.payment(key, false)));
        return !paidFor.isEmpty();
    }

    private void stay(String stayId, UnaryOperator<StayFact> change) {
        StayFact stay = facts.stays().get(stayId);
        if (stay != null) {
            know(facts.stay(stayId, change.apply(stay)));
        }
    }

    private void account(String accountId, UnaryOperator<AccountFacts> change) {
        AccountFacts account = facts.accounts().get(accountId);
        if (account != null) {
            know(facts.account(accountId, change.apply(account)));
        }
    }

    private void know(Facts next) {
        facts = next;
    }

    private void put(Item item) {
        items.put(item);
        changedItems.add(item.key());
    }

    // ── flags ────────────────────────────────────────────────────────────────────────────────────────────────────

    private void look(Look again, Recorded at) {
        for (Item item : looked(again)) {
            flags.settle(
                    personId,
                    detection.of(item, facts, items.near(item)),
                    item.key(),
                    flag -> true,
                    this::keeps,
                    at.occurredOn());
            if (item.gone()) {
                flags.reversed(item.key(), at.occurredOn());
            }
        }
        if (again.stays() || again.allItems()) {
            settleOfPerson(stays.of(facts), flag -> isOfStays(flag.finding().detector()), at);
        }
        String accountId = again.allOfAccount() != null ? again.allOfAccount() : at.accountId();
        AccountFacts account = accountId == null ? null : facts.accounts().get(accountId);
        if (account != null && !account.payeDue().isEmpty()) {
            settleOfPerson(
                    detection.ofAccount(Objects.requireNonNull(accountId), account),
                    flag -> flag.finding().detector() == Detector.PAYE_MISSING
                            && flag.finding().accountId().equals(accountId),
                    at);
        }
    }

    private List<Item> looked(Look again) {
        if (again.allItems()) {
            return items.all();
        }
        Set<Item> looked = new LinkedHashSet<>();
        if (again.allOfAccount() != null) {
            looked.addAll(items.ofAccount(again.allOfAccount()));
        }
        again.items().stream().map(items::get).filter(Objects::nonNull).forEach(looked::add);
        return List.copyOf(looked);
    }

    private void settleOfPerson(List<Finding> found, Predicate<Flag> of, Recorded at) {
        flags.settle(personId, found, FlagFile.OF_THE_PERSON, of, this::keeps, at.occurredOn());
    }

    private static boolean isOfStays(Detector detector) {
        return detector == Detector.RESIDENTIAL_LIMIT
                || detector == Detector.OVERLAPPING_STAY
                || detector == Detector.STAY_UNPAID;
    }

    /** Raised by hand, it stands while anything of the expenditure is left. */
    private boolean keeps(Flag flag) {
        if (flag.withdrawn()) {
            return true;
        }
        Item item = flag.finding().detector() == Detector.MANUAL
                ? items.get(Item.key(
                        flag.finding().accountId(),
                        String.valueOf(flag.finding().transactionId())))
                : null;
        return item != null && !item.gone();
    }

    /** Other expenditures that may be alike: recorded later, what one of them is depends on this. */
    private Set<String> near(Item item, boolean withItself) {
        Set<String> keys = new LinkedHashSet<>();
        for (Item other : items.near(item)) {
            if (other.position() > item.position() || (withItself && other.key().equals(item.key()))) {
                keys.add(other.key());
            }
        }
        return keys;
    }
}
