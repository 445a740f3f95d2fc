package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.WorkingDays;
import uk.directpayments.ledger.policy.Decision;
import uk.directpayments.ledger.policy.Merchant;
import uk.directpayments.ledger.policy.MerchantCategory;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.policy.Settings;
import uk.directpayments.ledger.spending.SpendingPolicy.Classified;
import uk.directpayments.ledger.spending.SpendingPolicy.Plan;
import uk.directpayments.ledger.spending.SpendingPolicy.Spend;

/**
 * Finds what is in question of spending: rulebook 3.5 and 3.6. Pure: from facts, expenditures and policy versions alone, so a replay finds the same
 * under the same ids.
 */
final class Detection {

    /** How far apart two expenditures may lie that are looked at together; only those in cash lie further apart than {@link #DUPLICATE_DAYS}. */
    static final int DAYS_TOGETHER = 31;

    /** Also the furthest that the days off of one weekend lie apart. */
    static final int DUPLICATE_DAYS = 3;

    static final String RESIDENTIAL_CARE = "RESIDENTIAL_CARE";

    private static final int CASH_TIMES = 3;
    private static final int CASH_DAYS = 30;
    private static final long ROUND_PENCE = 10_00;
    private static final int CLUSTER_PURCHASES = 4;
    private static final int JUST_UNDER_PER_CENT = 80;
    private static final int PAYE_MONTHS = 2;
    private static final String HMRC = "9311";
    private static final String PA_EMPLOYMENT = "PA_EMPLOYMENT";
    private static final String PAID_RELATIVE = "CLOSE_RELATIVE_IN_HOUSEHOLD";

    private final Function<String, Policy> policies;

    Detection(Function<String, Policy> policies) {
        this.policies = policies;
    }

    // ── one expenditure ──────────────────────────────────────────────────────────────────────────────────────────

    /** @param near the expenditures of the account within {@link #reach} days at least, itself among them; those to other payees only if it {@linkplain #meetsOtherPayees meets} them */
    List<Finding> of(Item item, Facts facts, Collection<Item> near) {
        AccountFacts account = facts.accounts().get(item.accountId());
        if (account == null || item.gone()) {
            return List.of();
        }
        Settings policy = policies.apply(item.policyVersion()).settings();
        Facts.Budget budget = facts.budgetOf(account);
        List<Finding> found = new ArrayList<>();
        List<Classified> answers = classified(found, item, account, budget, policy);
        if (budget.receives(item.payeeKey(), item.on())) {
            query(found, item, "SELF_PAYMENT", Detector.SELF_PAYMENT);
        }
        together(found, item, near);
        afterEnd(found, item, account, budget);
        if (policy.merchantById(item.merchant())
                .filter(m -> m.kind() == Merchant.Kind.COUNCIL)
                .isPresent()) {
            query(found, item, "COUNCIL_OWN_SERVICE", Detector.COUNCIL_PAYEE);
        }
        if (isResidential(item, policy) && !item.stayLinked()) {
            query(found, item, RESIDENTIAL_CARE, Detector.STAY_MISSING);
        }
        Money threshold = threshold(item, answers, policy);
        if (threshold != null
                && isJustUnder(item, threshold)
                && earlier(item, near, other -> isSplit(item, other) && isJustUnder(other, threshold)) > 0) {
            query(found, item, "OUTSIDE_PLAN", Detector.SPLIT);
        }
        overspent(found, item, account);
        return found;
    }

    /** What the policy says of it, and of a relative as payee: an agreement allows that on its days alone. */
    private static List<Classified> classified(
            List<Finding> found, Item item, AccountFacts account, Facts.Budget budget, Settings policy) {
        List<Facts.Relative> agreements = budget.relatives().stream()
                .filter(one -> one.payeeKey().equals(item.payeeKey()))
                .toList();
        boolean agreed = agreements.stream().anyMatch(one -> one.covers(item.on()));
        Facts.Budget allowing = agreed ? budget.allowing(Stream.of(PAID_RELATIVE)) : budget;
        Plan plan = new Plan(
                account.legalBasis(), allowing.allows(), !account.payeDue().isEmpty());
        List<Classified> answers = SpendingPolicy.classify(spend(item), plan, policy);
        answers.stream()
                .filter(answer -> answer.decision() != Decision.ALLOWED)
                .forEach(answer -> add(found, Finding.of(item, answer)));
        if (!agreements.isEmpty() && !agreed) {
            query(found, item, PAID_RELATIVE, Detector.RELATIVE);
        }
        return answers;
    }

    /** What it is together with others: the same again, cash in round sums time after time, one of many on days off. */
    private static void together(List<Finding> found, Item item, Collection<Item> near) {
        if (earlier(item, near, other -> isDuplicate(item, other)) > 0) {
            query(found, item, "DUPLICATE", Detector.DUPLICATE);
        }
        if (isRoundCash(item)
                && earlier(item, near, other -> isRoundCash(other) && daysApart(item, other) <= CASH_DAYS)
                        >= CASH_TIMES - 1) {
            query(found, item, "CASH", Detector.CASH_PATTERN);
        }
        LocalDate daysOff = daysOff(item.on());
        if (daysOff != null
                && earlier(item, near, other -> daysOff.equals(daysOff(other.on()))) >= CLUSTER_PURCHASES - 1) {
            query(found, item, "OUTSIDE_PLAN", Detector.CLUSTER);
        }
    }

    private static void overspent(List<Finding> found, Item item, AccountFacts account) {
        AccountFacts.Early overspent = account.overspentBy(item.expenditureId());
        if (overspent != null) {
            Money missing = overspent.spent().missing();
            add(
                    found,
                    Finding.of(item, "OVERSPEND", Decision.QUERY, missing, Detector.OVERSPEND, null)
                            .until(overspent.until()));
        }
    }

    /** Whether residential care was bought, by what is said of it; else by the list, or by the trade of a merchant that is no home care agency. */
    private static boolean isResidential(Item item, Settings policy) {
        if (RESIDENTIAL_CARE.equals(SpendingPolicy.stated(item.category()))) {
            return true;
        }
        if (item.decided() && SpendingPolicy.decided(item.category()) != null) {
            return false;
        }
        Optional<Merchant> merchant = policy.merchantById(item.merchant());
        if (merchant.filter(one -> one.kind() == Merchant.Kind.HOME_CARE_AGENCY).isPresent()) {
            return false;
        }
        return merchant.map(Merchant::reasonCode)
                .or(() -> policy.category(String.valueOf(item.mcc())).map(MerchantCategory::reasonCode))
                .filter(RESIDENTIAL_CARE::equals)
                .isPresent();
    }

    private static Spend spend(Item item) {
        return new Spend(
                item.left(),
                item.on(),
                item.type(),
                item.cashback(),
                item.category(),
                item.decided(),
                item.mcc(),
                item.merchant(),
                item.stayLinked());
    }

    /** After a death what the employer still owes is paid first: rulebook 4.16. */
    private void afterEnd(List<Finding> found, Item item, AccountFacts account, Facts.Budget budget) {
        LocalDate died = account.diedOn();
        LocalDate ended = budget.end().on();
        boolean byDeath = budget.end().byDeath();
        boolean owed = isOwed(item);
        boolean over = (died != null && item.on().isAfter(died) && !owed)
                || (ended != null && item.on().isAfter(ended) && !(byDeath && owed));
        if (over || account.suspendedOn(item.on())) {
            Decision decision = over ? Decision.PROHIBITED : Decision.QUERY;
            add(found, Finding.of(item, "AFTER_END_DATE", decision, item.left(), Detector.AFTER_END, null));
        }
    }

    /** Whether spending is of a class that an employer is liable for: wages, notice, holiday, redundancy, tax. */
    private boolean isOwed(Item item) {
        return paysHmrc(item)
                || PA_EMPLOYMENT.equals(SpendingPolicy.stated(item.category()))
                || policies.apply(item.policyVersion())
                        .settings()
                        .category(String.valueOf(item.mcc()))
                        .filter(line -> PA_EMPLOYMENT.equals(line.reasonCode()))
                        .isPresent();
    }

    /** The least amount of this kind of spending that is looked at, or null: it always is, or never, as what decided about it asks for no amount. */
    private static @Nullable Money threshold(Item item, List<Classified> answers, Settings policy) {
        Classified answer = answers.isEmpty() ? null : answers.get(0);
        if (answer == null || answer.decision() != Decision.ALLOWED) {
            return null;
        }
        return switch (answer.rule()) {
            case UNKNOWN -> policy.unknownQueryOver().plus(Money.ofPence(1));
            case CATEGORY_CODE, LEGAL_BASIS ->
                policy.category(String.valueOf(item.mcc()))
                        .map(MerchantCategory::queryOverPence)
                        .map(Money::ofPence)
                        .orElse(null);
            default -> null;
        };
    }

    private static boolean isJustUnder(Item item, Money threshold) {
        return threshold.isMoreThan(item.amount())
                && item.amount().pence() * 100 >= threshold.pence() * JUST_UNDER_PER_CENT;
    }

    private static boolean isSplit(Item item, Item other) {
        return item.payeeKey().equals(other.payeeKey())
                && Objects.equals(item.mcc(), other.mcc())
                && daysApart(item, other) <= DUPLICATE_DAYS;
    }

    private static boolean isDuplicate(Item item, Item other) {
        return item.payeeKey().equals(other.payeeKey())
                && item.amount().equals(other.amount())
                && daysApart(item, other) <= DUPLICATE_DAYS;
    }

    private static boolean isRoundCash(Item item) {
        return isCash(item) && item.amount().pence() % ROUND_PENCE == 0;
    }

    private static boolean isCash(Item item) {
        return item.type() == SpendType.CASH || "6010".equals(item.mcc()) || "6011".equals(item.mcc());
    }

    /** How many days before and after an expenditure those lie that may matter when it is judged. */
    static int reach(Item item) {
        return isCash(item) ? DAYS_TOGETHER : DUPLICATE_DAYS;
    }

    /** How many other expenditures, recorded earlier and not gone, are like this one. */
    private static long earlier(Item item, Collection<Item> near, Predicate<Item> alike) {
        return near.stream()
                .filter(other -> other.position() < item.position() && !other.gone() && alike.test(other))
                .count();
    }

    private static long daysApart(Item one, Item other) {
        return Math.abs(ChronoUnit.DAYS.between(one.on(), other.on()));
    }

    /** The first of the days off that a day is among, or null: a weekend with the bank holidays that adjoin it, or such holidays alone. */
    static @Nullable LocalDate daysOff(LocalDate day) {
        if (WorkingDays.isWorkingDay(day)) {
            return null;
        }
        LocalDate first = day;
        while (!WorkingDays.isWorkingDay(first.minusDays(1))) {
            first = first.minusDays(1);
        }
        return first;
    }

    private static void query(List<Finding> found, Item item, String reason, Detector detector) {
        add(found, Finding.query(item, reason, detector));
    }

    /** One for each reason of a transaction: the first that found it. */
    private static void add(List<Finding> found, Finding one) {
        if (found.stream().noneMatch(other -> other.flagId().equals(one.flagId()))) {
            found.add(one);
        }
    }

    // ── what concerns an account, and no single expenditure ──────────────────────────────────────────────────────

    /**
     * Tax that was not paid: in question from two months after it was due, until the day on which HMRC is paid. What is paid in time for one tax
     * is late for no other: of what is paid beside that, the oldest has the first.
     */
    List<Finding> ofAccount(String accountId, AccountFacts account) {
        List<LocalDate> spare = new ArrayList<>(account.hmrcPaid());
        List<LocalDate> missing = new ArrayList<>();
        for (LocalDate due : account.payeDue()) {
            if (account.hmrcPaid().stream().anyMatch(day -> isInTime(day, due))) {
                first(spare, day -> isInTime(day, due));
            } else {
                missing.add(due);
            }
        }
        List<Finding> found = new ArrayList<>();
        for (LocalDate due : missing) {
            LocalDate since = due.plusMonths(PAYE_MONTHS);
            found.add(Finding.ofPerson(
                            accountId,
                            null,
                            PA_EMPLOYMENT,
                            Detector.PAYE_MISSING,
                            since,
                            Policy.standard().version(),
                            "paye",
                            due.toString())
                    .until(first(spare, day -> day.isAfter(since))));
        }
        return found;
    }

    private static boolean isInTime(LocalDate paid, LocalDate due) {
        return !paid.isBefore(due.minusMonths(1)) && !paid.isAfter(due.plusMonths(PAYE_MONTHS));
    }

    /** Takes the first of some days that is such a one; null if there is none. */
    private static @Nullable LocalDate first(List<LocalDate> days, Predicate<LocalDate> such) {
        LocalDate first = days.stream().filter(such).findFirst().orElse(null);
        days.remove(first);
        return first;
    }

    /**
     * Whether an expenditure is also judged by those to other payees: cash by other cash, one of days off by all of these, and of what pays
     * HMRC each payment of a day counts.
     */
    boolean meetsOtherPayees(Item item) {
        return isCash(item) || daysOff(item.on()) != null || paysHmrc(item);
    }

    /** Whether an expenditure pays HMRC. */
    boolean paysHmrc(Item item) {
        return HMRC.equals(item.mcc())
                || policies.apply(item.policyVersion())
                        .settings()
                        .merchantById(item.merchant())
                        .filter(merchant -> merchant.kind() == Merchant.Kind.HMRC)
                        .isPresent();
    }
}
