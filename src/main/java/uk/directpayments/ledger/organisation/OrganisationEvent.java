package uk.directpayments.ledger.organisation;

import java.time.LocalDate;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Money;

/** What has happened to a support organisation's record. */
public sealed interface OrganisationEvent {

    /** @param name of an organisation, not of a person: in clear */
    @EventName("organisation.registered")
    record OrganisationRegistered(String organisationId, String name) implements OrganisationEvent {}

    /**
     * Somebody held what the organisation's bank says against what the ledger says of its clients' money: a fact, whether they agree or not.
     * Rulebook 4.19.
     *
     * @param bankBalance of the organisation's client accounts at the bank, at the end of the day {@code on}
     * @param ledgerTotal of what the accounts held that the organisation was appointed to on that day, by all that stands in the log up to
     *                    {@code ledgerAt}
     * @param accounts    how many there were
     */
    @EventName("organisation.client-money-reconciled")
    record ClientMoneyReconciled(
            String organisationId, LocalDate on, Money bankBalance, Money ledgerTotal, int accounts, long ledgerAt)
            implements OrganisationEvent {

        /** What the bank has more than the ledger; less than nothing if it has less. */
        Money difference() {
            return bankBalance.minus(ledgerTotal);
        }
    }
}
