package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.policy.Decision;
import uk.directpayments.ledger.policy.Merchant;
import uk.directpayments.ledger.policy.MerchantCategory;
import uk.directpayments.ledger.policy.MerchantCategory.Condition;
import uk.directpayments.ledger.policy.Settings;

/**
 * What the policy makes of one expenditure: rulebook 3.4 to 3.7, in the order of 3.5. Pure: the same transaction, policy and plan give the
 * same answer for ever.
 */
final class SpendingPolicy {

    /** Reasons that no plan item overrides. Rulebook 3.4. */
    static final Set<String> ABSOLUTE = Set.of(
            "ILLEGAL",
            "GAMBLING",
            "ALCOHOL",
            "TOBACCO",
            "ADULT_SERVICES",
            "DEBT_REPAYMENT",
            "CASH_EQUIVALENT",
            "INVESTMENT",
            "PERSONAL_FINES",
            "POLITICAL",
            "FUNERAL");

    /** Restricted reasons that a person may name as the category of spending without a merchant category code. */
    private static final Set<String> RESTRICTED = Set.of(
            "CASH",
            "HOUSEHOLD_BILL",
            "HOUSING_COST",
            "NHS_HEALTHCARE",
            "NHS_EQUIPMENT",
            "RESIDENTIAL_CARE",
            "COUNCIL_OWN_SERVICE",
            "CLOSE_RELATIVE_IN_HOUSEHOLD",
            "EVERYDAY_LIVING",
            "EATING_OUT",
            "HOLIDAY",
            "HOME_ALTERATION",
            "PHONE_DATA",
            "MEMBERSHIP",
            "GIFT",
            "PET",
            "DIGITAL",
            "LEGAL",
            "VEHICLE",
            "OUTSIDE_PLAN",
            "DUPLICATE_FUNDING",
            "AFTER_END_DATE",
            "EMPLOYER_CASH_WAGES",
            "CLIENT_CONTRIBUTION_FROM_DP");

    /** What a direct payment is for. Rulebook 3.2. */
    private static final Set<String> ELIGIBLE = Set.of(
            "CARE_AND_SUPPORT",
            "PA_EMPLOYMENT",
            "ACTIVITY",
            "TRAVEL",
            "EDUCATION",
            "EQUIPMENT",
            "PERSONAL_CARE_SERVICE",
            "POSTAGE");

    private SpendingPolicy() {}

    /**
     * An expenditure as far as the policy looks at it.
     *
     * @param amount     what is left of it after refunds
     * @param cashback   the part paid out in cash, or null
     * @param category   what a person says it was for, or null
     * @param decided    whether it is the council that says so, of an expenditure that was recorded already
     * @param merchant   the entry of the merchant list that the payee is, or null
     * @param stayLinked whether it is linked to a recorded stay
     */
    record Spend(
            Money amount,
            LocalDate on,
            SpendType type,
            @Nullable Money cashback,
            @Nullable String category,
            boolean decided,
            @Nullable String mcc,
            @Nullable String merchant,
            boolean stayLinked) {}

    /**
     * What the person's plan permits.
     *
     * @param allows     reason codes and merchant category codes that plan items name
     * @param paEmployer whether the recipient employs a personal assistant: payroll liabilities are recorded
     */
    record Plan(LegalBasis legalBasis, Set<String> allows, boolean paEmployer) {

        private boolean names(@Nullable String mcc, String reason) {
            return allows.contains(reason) || (mcc != null && allows.contains(mcc));
        }
    }

    /** What decided. */
    enum Rule {
        TRANSACTION_TYPE,
        PLAN_ITEM,
        MERCHANT_LIST,
        CONDITION,
        THRESHOLD,
        LEGAL_BASIS,
        CATEGORY_CODE,
        STATED_CATEGORY,
        UNKNOWN
    }

    /** @param amount the part of the expenditure that the decision is about */
    record Classified(Decision decision, String reason, Money amount, Rule rule) {}

    /** One answer, and one more for cash paid out at the till. */
    static List<Classified> classify(Spend spend, Plan plan, Settings policy) {
        List<Classified> answers = new ArrayList<>();
        Money goods = spend.amount;
        Money cashback = spend.cashback;
        if (cashback != null && cashback.isPositive()) {
            Money cash = cashback.least(spend.amount);
            goods = goods.minus(cash);
            answers.add(cash(cash, plan, Rule.TRANSACTION_TYPE));
        }
        if (goods.isPositive()) {
            answers.add(0, of(spend, goods, plan, policy));
        }
        return List.copyOf(answers);
    }

    private static Classified of(Spend spend, Money amount, Plan plan, Settings policy) {
        Optional<MerchantCategory> category = spend.mcc == null ? Optional.empty() : policy.category(spend.mcc);
        Optional<Merchant> merchant = policy.merchantById(spend.merchant);
        Decision listed = merchant.map(Merchant::decision).orElse(null);
        String reason = merchant.map(Merchant::reasonCode).orElse("UNKNOWN");
        if (listed != null && ABSOLUTE.contains(reason)) {
            return new Classified(listed, reason, amount, Rule.MERCHANT_LIST);
        }
        String decided = spend.decided ? decided(spend.category) : null;
        if (decided != null && !isAbsolute(category)) {
            return byStated(decided, spend, amount, plan);
        }
        if (spend.type == SpendType.FEE && (!isAbsolute(category) || isOfABank(category))) {
            return new Classified(Decision.ALLOWED, "POSTAGE", amount, Rule.TRANSACTION_TYPE);
        }
        if (spend.type == SpendType.CASH
                && !isAbsolute(category)
                && category.filter(c -> c.reasonCode().equals("CASH")).isEmpty()) {
            return cash(amount, plan, Rule.TRANSACTION_TYPE);
        }
        if (category.isPresent() && permits(category.get(), spend.mcc, plan)) {
            return new Classified(Decision.ALLOWED, category.get().reasonCode(), amount, Rule.PLAN_ITEM);
        }
        if (listed != null) {
            return listed != Decision.ALLOWED && plan.allows.contains(reason)
                    ? new Classified(Decision.ALLOWED, reason, amount, Rule.PLAN_ITEM)
                    : new Classified(listed, reason, amount, Rule.MERCHANT_LIST);
        }
        return category.map(line -> byCategory(line, spend, amount, plan, merchant))
                .orElseGet(() -> unlisted(spend, amount, plan, policy));
    }

    private static boolean isAbsolute(Optional<MerchantCategory> line) {
        return line.map(MerchantCategory::reasonCode).filter(ABSOLUTE::contains).isPresent();
    }

    /** A bank's trade is lending, which no plan allows; what it charges for its account is a fee all the same. */
    private static boolean isOfABank(Optional<MerchantCategory> line) {
        return line.filter(one -> one.allowedWhen().contains(Condition.bankChargeAgreed))
                .isPresent();
    }

    private static boolean permits(MerchantCategory line, @Nullable String mcc, Plan plan) {
        return line.planOverride() && !ABSOLUTE.contains(line.reasonCode()) && plan.names(mcc, line.reasonCode());
    }

    private static Classified byCategory(
            MerchantCategory line, Spend spend, Money amount, Plan plan, Optional<Merchant> merchant) {
        if (line.allowedWhen().stream().anyMatch(condition -> holds(condition, spend, plan, merchant))) {
            return new Classified(Decision.ALLOWED, line.reasonCode(), amount, Rule.CONDITION);
        }
        Decision byBasis = line.byLegalBasis().get(plan.legalBasis);
        Decision decision = byBasis == null ? line.decision() : byBasis;
        Long threshold = line.queryOverPence();
        if (decision == Decision.ALLOWED && threshold != null && amount.pence() >= threshold) {
            return new Classified(Decision.QUERY, line.reasonCode(), amount, Rule.THRESHOLD);
        }
        boolean byLaw = byBasis != null && byBasis != line.decision();
        return new Classified(decision, line.reasonCode(), amount, byLaw ? Rule.LEGAL_BASIS : Rule.CATEGORY_CODE);
    }

    private static boolean holds(Condition condition, Spend spend, Plan plan, Optional<Merchant> merchant) {
        Merchant.Kind kind = merchant.map(Merchant::kind).orElse(null);
        return switch (condition) {
            case paEmployer -> plan.paEmployer;
            case planPermitsCash -> permitsCash(plan);
            case linkedResidentialStay -> spend.stayLinked;
            case merchantIsHomeCareAgency -> kind == Merchant.Kind.HOME_CARE_AGENCY;
            case employersLiabilityPolicy -> kind == Merchant.Kind.EMPLOYERS_LIABILITY_INSURER;
            case councilRepayment -> kind == Merchant.Kind.COUNCIL;
            case bankChargeAgreed -> plan.allows.contains("BANK_CHARGE");
            case afterSchoolClubInPlan -> plan.allows.contains("AFTER_SCHOOL_CLUB");
        };
    }

    private static Classified cash(Money amount, Plan plan, Rule rule) {
        return permitsCash(plan)
                ? new Classified(Decision.ALLOWED, "CASH", amount, Rule.PLAN_ITEM)
                : new Classified(Decision.PROHIBITED, "CASH", amount, rule);
    }

    private static boolean permitsCash(Plan plan) {
        return plan.names("6011", "CASH") || plan.allows.contains("6010");
    }

    /** A code that the policy does not have is a query; without any, what a person says it was for, else the amount. */
    private static Classified unlisted(Spend spend, Money amount, Plan plan, Settings policy) {
        if (spend.mcc != null) {
            return plan.allows.contains(spend.mcc)
                    ? new Classified(Decision.ALLOWED, "UNKNOWN", amount, Rule.PLAN_ITEM)
                    : new Classified(Decision.QUERY, "UNKNOWN", amount, Rule.UNKNOWN);
        }
        String stated = stated(spend.category);
        if (stated != null) {
            return byStated(stated, spend, amount, plan);
        }
        boolean large = amount.isMoreThan(policy.unknownQueryOver());
        return new Classified(large ? Decision.QUERY : Decision.ALLOWED, "UNKNOWN", amount, Rule.UNKNOWN);
    }

    /** The code that somebody means by what they say it was for, in whatever case; null if they say that they do not know. */
    static @Nullable String stated(@Nullable String category) {
        String code = category == null ? "UNKNOWN" : category.strip().toUpperCase(Locale.ROOT);
        return code.equals("UNKNOWN") ? null : code;
    }

    /** The same of what the council decides: a word that is no code decides nothing about whether it is eligible. */
    static @Nullable String decided(@Nullable String category) {
        String code = stated(category);
        boolean decides =
                code != null && (ELIGIBLE.contains(code) || RESTRICTED.contains(code) || ABSOLUTE.contains(code));
        return decides ? code : null;
    }

    private static Classified byStated(String stated, Spend spend, Money amount, Plan plan) {
        if (ABSOLUTE.contains(stated)) {
            return new Classified(Decision.PROHIBITED, stated, amount, Rule.STATED_CATEGORY);
        }
        if (!RESTRICTED.contains(stated)) {
            return new Classified(Decision.ALLOWED, String.valueOf(spend.category), amount, Rule.STATED_CATEGORY);
        }
        if (plan.allows.contains(stated) || (stated.equals("RESIDENTIAL_CARE") && spend.stayLinked)) {
            return new Classified(Decision.ALLOWED, stated, amount, Rule.PLAN_ITEM);
        }
        return new Classified(Decision.QUERY, stated, amount, Rule.STATED_CATEGORY);
    }
}
