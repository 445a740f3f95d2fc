package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.WorkingDays;
import uk.directpayments.ledger.policy.Decision;
import uk.directpayments.ledger.policy.Merchant;
import uk.directpayments.ledger.policy.MerchantCategory;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.policy.Settings;
import uk.directpayments.ledger.residential.LimitSpan;
import uk.directpayments.ledger.residential.ResidentialPolicy;
import uk.directpayments.ledger.residential.Stay;
import uk.directpayments.ledger.spending.SpendingPolicy.Classified;
import uk.directpayments.ledger.spending.SpendingPolicy.Plan;
import uk.directpayments.ledger.spending.SpendingPolicy.Spend;

/**
 * Finds what is in question: rulebook 3.5, 3.6 and 2. Pure: from facts, expenditures and policy versions alone, so a replay finds the same
 * under the same ids.
 */
final class Detection {

    /** How far apart two expenditures may lie that are looked at together; only those in cash lie further apart than {@link #DUPLICATE_DAYS}. */
    static final int DAYS_TOGETHER = 31;

    /** Also the furthest that the days off of one weekend lie apart. */
    static final int DUPLICATE_DAYS = 3;

    private static final int CASH_TIMES = 3;
    private static final int CASH_DAYS = 30;
    private static final long ROUND_PENCE = 10_00;
    private static final int CLUSTER_PURCHASES = 4;
    private static final int JUST_UNDER_PER_CENT = 80;
    private static final int PAYE_MONTHS = 2;
    private static final String HMRC = "9311";
    private static final String EMPLOYMENT = "PA_EMPLOYMENT";
    private static final String RESIDENTIAL = "RESIDENTIAL_CARE";
    private static final String PAID_RELATIVE = "CLOSE_RELATIVE_IN_HOUSEHOLD";

    /**
     * Something in question.
     *
     * @param transactionId the expenditure, or null: of a stay, or of something that did not happen
     * @param rule          which rule of {@link SpendingPolicy} decided, or null
     * @param until         the day from which on it is in question no more by what has been recorded already, or null
     */
    record Finding(
            String flagId,
            String accountId,
            @Nullable String transactionId,
            @Nullable String stayId,
            String reason,
            Decision decision,
            Money amount,
            LocalDate on,
            Detector detector,
            String policyVersion,
            SpendingPolicy.@Nullable Rule rule,
            @Nullable String mcc,
            @Nullable LocalDate until) {

        Finding until(@Nullable LocalDate day) {
            return new Finding(
                    flagId,
                    accountId,
                    transactionId,
                    stayId,
                    reason,
                    decision,
                    amount,
                    on,
                    detector,
                    policyVersion,
                    rule,
                    mcc,
                    day);
        }
    }

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
        List<Finding> found = new ArrayList<>();
        Settings policy = policies.apply(item.policyVersion()).settings();
        Facts.Budget budget = facts.budgetOf(account);
        List<Facts.Relative> agreements = budget.relatives().stream()
                .filter(one -> one.payeeKey().equals(item.payeeKey()))
                .toList();
        boolean agreed = agreements.stream().anyMatch(one -> one.covers(item.on()));
        Facts.Budget allowing = agreed ? budget.allowing(Stream.of(PAID_RELATIVE)) : budget;
        Plan plan = new Plan(
                account.legalBasis(), allowing.allows(), !account.payeDue().isEmpty());
        List<Classified> answers = SpendingPolicy.classify(spend(item), plan, policy);
        for (Classified answer : answers) {
            if (answer.decision() != Decision.ALLOWED) {
                add(found, finding(item, answer));
            }
        }
        if (!agreements.isEmpty() && !agreed) {
            query(found, item, PAID_RELATIVE, Detector.RELATIVE);
        }
        if (budget.receives(item.payeeKey(), item.on())) {
            query(found, item, "SELF_PAYMENT", Detector.SELF_PAYMENT);
        }
        if (earlier(item, near, other -> isDuplicate(item, other)) > 0) {
            query(found, item, "DUPLICATE", Detector.DUPLICATE);
        }
        afterEnd(found, item, account, budget);
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
        if (policy.merchantById(item.merchant())
                .filter(m -> m.kind() == Merchant.Kind.COUNCIL)
                .isPresent()) {
            query(found, item, "COUNCIL_OWN_SERVICE", Detector.COUNCIL_PAYEE);
        }
        if (isResidential(item, policy) && !item.stayLinked()) {
            query(found, item, RESIDENTIAL, Detector.STAY_MISSING);
        }
        Money threshold = threshold(item, answers, policy);
        if (threshold != null
                && isJustUnder(item, threshold)
                && earlier(item, near, other -> isSplit(item, other) && isJustUnder(other, threshold)) > 0) {
            query(found, item, "OUTSIDE_PLAN", Detector.SPLIT);
        }
        AccountFacts.Early overspent = account.overspentBy(item.expenditureId());
        if (overspent != null) {
            Money missing = overspent.spent().missing();
            add(
                    found,
                    finding(item, "OVERSPEND", Decision.QUERY, missing, Detector.OVERSPEND, null)
                            .until(overspent.until()));
        }
        return found;
    }

    /** Whether residential care was bought, by what is said of it; else by the list, or by the trade of a merchant that is no home care agency. */
    private static boolean isResidential(Item item, Settings policy) {
        if (RESIDENTIAL.equals(SpendingPolicy.stated(item.category()))) {
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
                .filter(RESIDENTIAL::equals)
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
            add(found, finding(item, "AFTER_END_DATE", decision, item.left(), Detector.AFTER_END, null));
        }
    }

    /** Whether spending is of a class that an employer is liable for: wages, notice, holiday, redundancy, tax. */
    private boolean isOwed(Item item) {
        return paysHmrc(item)
                || EMPLOYMENT.equals(SpendingPolicy.stated(item.category()))
                || policies.apply(item.policyVersion())
                        .settings()
                        .category(String.valueOf(item.mcc()))
                        .filter(line -> EMPLOYMENT.equals(line.reasonCode()))
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

    private static Finding finding(Item item, Classified answer) {
        return finding(item, answer.reason(), answer.decision(), answer.amount(), Detector.MCC, answer.rule());
    }

    private static Finding finding(
            Item item,
            String reason,
            Decision decision,
            Money amount,
            Detector detector,
            SpendingPolicy.@Nullable Rule rule) {
        return new Finding(
                id(item.accountId(), item.expenditureId(), reason),
                item.accountId(),
                item.expenditureId(),
                null,
                reason,
                decision,
                amount,
                item.on(),
                detector,
                item.policyVersion(),
                rule,
                item.mcc(),
                null);
    }

    private static void query(List<Finding> found, Item item, String reason, Detector detector) {
        add(found, finding(item, reason, Decision.QUERY, item.left(), detector, null));
    }

    /** One for each reason of a transaction: the first that found it. */
    private static void add(List<Finding> found, Finding one) {
        if (found.stream().noneMatch(other -> other.flagId.equals(one.flagId))) {
            found.add(one);
        }
    }

    /** The same over replays: made of what is in question and why. */
    static String id(String... parts) {
        return "F-" + Hashes.hex(parts).substring(0, 24);
    }

    // ── what concerns the person, and no single expenditure ──────────────────────────────────────────────────────

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
            found.add(ofPerson(
                            accountId,
                            null,
                            "PA_EMPLOYMENT",
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

    /** Limits exceeded, stays that overlap, a birthday within a stay, stays that nobody has paid for. */
    List<Finding> ofStays(Facts facts) {
        List<Finding> found = new ArrayList<>();
        List<Map.Entry<String, Facts.StayFact>> effective = facts.stays().entrySet().stream()
                .filter(stay -> stay.getValue().effective())
                .sorted(Comparator.comparing(stay -> stay.getValue().order()))
                .toList();
        limits(found, facts, effective);
        for (int i = 0; i < effective.size(); i++) {
            Facts.StayFact stay = effective.get(i).getValue();
            String stayId = effective.get(i).getKey();
            if (effective.subList(0, i).stream()
                    .anyMatch(other -> overlap(other.getValue().facts(), stay.facts()))) {
                found.add(ofPerson(
                        stay.accountId(),
                        stayId,
                        "OVERLAPPING_STAY",
                        Detector.OVERLAPPING_STAY,
                        stay.facts().admitted(),
                        stay.policyVersion(),
                        stayId));
            }
            LocalDate eighteenOn = facts.eighteenOn();
            if (eighteenOn != null && stay.facts().counts() && spans(stay.facts(), eighteenOn)) {
                found.add(ofPerson(
                        stay.accountId(),
                        stayId,
                        "TRANSITION_REVIEW_DUE",
                        Detector.RESIDENTIAL_LIMIT,
                        eighteenOn,
                        stay.policyVersion(),
                        stayId));
            }
            if (stay.facts().counts() && !stay.isPaid()) {
                int days = policies.apply(stay.policyVersion()).settings().number("stayUnpaidDays");
                found.add(ofPerson(
                        stay.accountId(),
                        stayId,
                        "RESIDENTIAL_CARE",
                        Detector.STAY_UNPAID,
                        stay.facts().admitted().plusDays(days),
                        stay.policyVersion(),
                        stayId));
            }
        }
        return found;
    }

    /**
     * A day is judged by the policy of the stay that holds it, so that a later policy changes nothing of an earlier stay: in question is the first
     * day too many by a policy that a stay of its own holds. Where the same day is in question by another policy already, it is once.
     */
    private void limits(List<Finding> found, Facts facts, List<Map.Entry<String, Facts.StayFact>> effective) {
        if (facts.eighteenOn() == null) {
            return;
        }
        List<Stay> stays = effective.stream()
                .map(stay -> new Stay(stay.getKey(), stay.getValue().facts(), false))
                .toList();
        List<Exceeded> each = effective.stream()
                .map(stay -> stay.getValue().policyVersion())
                .distinct()
                .map(version -> ResidentialPolicy.of(policies.apply(version)))
                .flatMap(policy ->
                        LimitSpan.of(stays, facts.eighteenOn(), facts.childUntil(), policy.basis(), policy).stream()
                                .flatMap(span -> Exceeded.of(span, policy.version(), facts).stream()))
                .sorted(Comparator.comparing(exceeded -> exceeded.by().first()))
                .toList();
        List<Exceeded> told = new ArrayList<>();
        for (Exceeded exceeded : each) {
            if (told.stream().noneMatch(earlier -> earlier.tells(exceeded))) {
                told.add(exceeded);
                found.add(exceeded.finding(facts));
            }
        }
    }

    /** @param by the first day too many that is held by a stay of the version */
    private record Exceeded(LimitSpan span, LimitSpan.TooMany by, String version) {

        static Optional<Exceeded> of(LimitSpan span, String version, Facts facts) {
            return span.tooMany().stream()
                    .filter(by ->
                            version.equals(Objects.requireNonNull(facts.stays().get(by.stayId()))
                                    .policyVersion()))
                    .findFirst()
                    .map(by -> new Exceeded(span, by, version));
        }

        /** Whether the other's day is too many by this, too, in the same days. */
        boolean tells(Exceeded other) {
            return span.limit() == other.span.limit()
                    && span.covers(other.by.first())
                    && span.tooMany().stream()
                            .anyMatch(one -> one.stayId().equals(other.by.stayId())
                                    && !one.first().isAfter(other.by.first()));
        }

        Finding finding(Facts facts) {
            String reason = switch (span.limit()) {
                case SINGLE_28 -> "RESIDENTIAL_SINGLE_PERIOD_EXCEEDED";
                case ROLLING_120 -> "RESIDENTIAL_120_EXCEEDED";
                case LINKED_28, CHILD_LINKED_28 -> "RESIDENTIAL_LINKED_EXCEEDED";
            };
            return ofPerson(
                    Objects.requireNonNull(facts.stays().get(by.stayId())).accountId(),
                    by.stayId(),
                    reason,
                    Detector.RESIDENTIAL_LIMIT,
                    by.first(),
                    version,
                    by.stayId(),
                    by.first().toString());
        }
    }

    private static boolean overlap(Stay.Facts one, Stay.Facts other) {
        return hasNight(one) && hasNight(other) && (nights(one, other.admitted()) || nights(other, one.admitted()));
    }

    private static boolean hasNight(Stay.Facts stay) {
        return stay.discharged() == null || stay.discharged().isAfter(stay.admitted());
    }

    /** Whether somebody slept there in the night that follows a day. */
    private static boolean nights(Stay.Facts stay, LocalDate day) {
        return !day.isBefore(stay.admitted()) && (stay.discharged() == null || day.isBefore(stay.discharged()));
    }

    private static boolean spans(Stay.Facts stay, LocalDate birthday) {
        return stay.admitted().isBefore(birthday)
                && (stay.discharged() == null || stay.discharged().isAfter(birthday));
    }

    private static Finding ofPerson(
            String accountId,
            @Nullable String stayId,
            String reason,
            Detector detector,
            LocalDate on,
            String policyVersion,
            String... parts) {
        String[] all = new String[parts.length + 3];
        all[0] = accountId;
        all[1] = detector.name();
        all[2] = reason;
        System.arraycopy(parts, 0, all, 3, parts.length);
        return new Finding(
                id(all),
                accountId,
                null,
                stayId,
                reason,
                Decision.QUERY,
                Money.ZERO,
                on,
                detector,
                policyVersion,
                null,
                null,
                null);
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
