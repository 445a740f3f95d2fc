package uk.directpayments.ledger.payout;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentRecorded;
import uk.directpayments.ledger.budget.BudgetEvent.ConsentWithdrawn;
import uk.directpayments.ledger.budget.BudgetEvent.RecipientType;
import uk.directpayments.ledger.kernel.Sealed;

/**
 * In whose name money is paid: that of an organisation, which is not sealed, or of those who have consented to receive a budget's payments.
 *
 * @param id           budget/id or organisation/id
 * @param consents     of a budget, in the order in which they were recorded
 * @param organisation its name, or null for a budget
 */
record Payee(String id, List<Consent> consents, @Nullable String organisation) {

    /** @param withdrawnOn the first day without it, or null */
    record Consent(
            String consentId,
            RecipientType recipientType,
            Sealed name,
            LocalDate on,
            @Nullable LocalDate withdrawnOn) {

        private boolean isInForce(LocalDate day) {
            return !day.isBefore(on) && (withdrawnOn == null || day.isBefore(withdrawnOn));
        }
    }

    static Payee ofBudget(String id) {
        return new Payee(id, List.of(), null);
    }

    static Payee ofOrganisation(String id, String name) {
        return new Payee(id, List.of(), name);
    }

    Payee consented(ConsentRecorded e) {
        List<Consent> more = new ArrayList<>(consents);
        more.add(new Consent(e.consentId(), e.recipientType(), e.recipientName(), e.on(), null));
        return new Payee(id, List.copyOf(more), organisation);
    }

    Payee withdrawn(ConsentWithdrawn e) {
        return new Payee(
                id,
                consents.stream()
                        .map(one -> one.consentId.equals(e.consentId())
                                ? new Consent(one.consentId, one.recipientType, one.name, one.on, e.on())
                                : one)
                        .toList(),
                organisation);
    }

    /**
     * Who receives a budget's payments on a day: of those whose consent is in force, whoever consented as the account's holder, else anybody, and of
     * several the last. Empty if nobody consents.
     */
    Optional<Sealed> recipient(HolderType holder, LocalDate day) {
        return consents.stream()
                .filter(consent -> consent.isInForce(day))
                .reduce((one, other) -> preferred(holder).compare(one, other) > 0 ? one : other)
                .map(Consent::name);
    }

    private static Comparator<Consent> preferred(HolderType holder) {
        return Comparator.comparing(
                        (Consent consent) -> consent.recipientType.name().equals(holder.name()))
                .thenComparing(Consent::on);
    }
}
