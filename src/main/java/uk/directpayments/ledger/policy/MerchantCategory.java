package uk.directpayments.ledger.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.LegalBasis;

/**
 * What the policy says of one merchant category code: the setting {@code mcc.<code>}. Rulebook 3.4 to 3.7.
 *
 * @param name           the trade, in words
 * @param decision       unless the legal basis, a condition or a threshold says otherwise
 * @param reasonCode     of rulebook 3.2
 * @param planOverride   whether a plan item that names the reason or the code allows it
 * @param queryOverPence an allowed amount of this or more is a query; null: never
 * @param byLegalBasis   decisions that differ by legal basis
 * @param allowedWhen    conditions of which one is enough, see {@link Condition}
 * @param action         what to ask, in words; null: nothing in particular
 * @param usualCardBlock whether card platforms usually block it
 */
public record MerchantCategory(
        String name,
        Decision decision,
        String reasonCode,
        boolean planOverride,
        @Nullable Long queryOverPence,
        Map<LegalBasis, Decision> byLegalBasis,
        List<Condition> allowedWhen,
        @Nullable String action,
        boolean usualCardBlock) {

    public MerchantCategory {
        byLegalBasis = byLegalBasis == null ? Map.of() : Map.copyOf(byLegalBasis);
        allowedWhen = allowedWhen == null ? List.of() : List.copyOf(allowedWhen);
    }

    /** A circumstance in which a category is allowed. The words are those of the policy file. */
    public enum Condition {
        paEmployer("the recipient employs a personal assistant"),
        planPermitsCash("the plan permits cash"),
        linkedResidentialStay("the payment is linked to a recorded stay"),
        merchantIsHomeCareAgency("the merchant is on the council's list of home care agencies"),
        employersLiabilityPolicy("the merchant is on the council's list of employer's liability insurers"),
        councilRepayment("the payee is the council"),
        bankChargeAgreed("an account fee was agreed"),
        afterSchoolClubInPlan("the plan names the after-school club");

        private final String words;

        Condition(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }
}
