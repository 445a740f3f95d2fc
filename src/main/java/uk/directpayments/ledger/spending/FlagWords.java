package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.Optional;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.policy.Decision;
import uk.directpayments.ledger.policy.MerchantCategory;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Reasons;
import uk.directpayments.ledger.policy.Settings;

/** Explains a flag to somebody who has never read the policy: what was found, by which rule of which version, and what would settle it. */
@Component
class FlagWords {

    private final Policies policies;

    FlagWords(Policies policies) {
        this.policies = policies;
    }

    String explain(Finding finding) {
        Settings policy = policies.version(finding.policyVersion()).settings();
        StringBuilder words = new StringBuilder(Reasons.words(finding.reason()));
        words.append(" Found because ").append(rule(finding, policy));
        words.append(", under policy ").append(finding.policyVersion()).append(". ");
        words.append(settling(finding, policy));
        return words.toString();
    }

    /** On which day evidence that has not come is asked for again. Rulebook 3.8. */
    LocalDate reminder(LocalDate due) {
        Settings policy = policies.on(due).settings();
        return due.minusDays(policy.number("evidenceDays")).plusDays(policy.number("evidenceReminderDays"));
    }

    private static String rule(Finding finding, Settings policy) {
        if (finding.rule() == null) {
            return finding.detector().words();
        }
        String shop = category(finding, policy)
                .map(line -> "the merchant's trade is \"" + line.name() + "\" (code " + finding.mcc() + ")")
                .orElseGet(() -> finding.mcc() == null
                        ? "nobody has said what was bought"
                        : "the policy does not know the merchant's trade (code " + finding.mcc() + ")");
        return switch (finding.rule()) {
            case TRANSACTION_TYPE -> "cash was drawn";
            case MERCHANT_LIST -> "the merchant is on the council's list";
            case THRESHOLD -> shop + " and the amount is one that is looked at";
            case LEGAL_BASIS -> shop + " and the legal basis of the budget does not allow it";
            case STATED_CATEGORY -> "it was recorded as " + finding.reason();
            case PLAN_ITEM, CONDITION, CATEGORY_CODE, UNKNOWN -> shop;
        };
    }

    private static Optional<MerchantCategory> category(Finding finding, Settings policy) {
        return Optional.ofNullable(finding.mcc()).flatMap(policy::category);
    }

    private static String settling(Finding finding, Settings policy) {
        String action = category(finding, policy)
                .filter(line -> line.reasonCode().equals(finding.reason()))
                .map(MerchantCategory::action)
                .orElse(null);
        if (finding.detector() == Detector.MCC && action != null) {
            return "What would settle it: " + action;
        }
        if (SpendingPolicy.ABSOLUTE.contains(finding.reason())) {
            return "What would settle it: a refund of the amount, or its repayment. No plan can allow it.";
        }
        return switch (finding.detector()) {
            case STAY_MISSING -> "What would settle it: link the payment to the stay.";
            case STAY_UNPAID -> "What would settle it: link the payment that was made for the stay.";
            case RELATIVE ->
                "What would settle it: an agreement that covers the day, with the reason why it is necessary.";
            case PAYE_MISSING -> "What would settle it: the payment to HMRC.";
            case OVERLAPPING_STAY -> "What would settle it: correct the days of one of the stays, or void it.";
            case RESIDENTIAL_LIMIT ->
                "What would settle it: a correction of the days, or a decision about what follows.";
            case OVERSPEND -> "What would settle it: money that brings the account back above nothing.";
            default ->
                finding.decision() == Decision.PROHIBITED
                        ? "What would settle it: a plan item that names it, a refund, or repayment."
                        : "What would settle it: a receipt, and how it meets an outcome of the plan.";
        };
    }
}
