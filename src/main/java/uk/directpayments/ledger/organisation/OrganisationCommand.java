package uk.directpayments.ledger.organisation;

import java.time.LocalDate;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.LedgerCommand;

/** What may be asked of a support organisation's record. */
public sealed interface OrganisationCommand extends LedgerCommand {

    String organisationId();

    @Override
    default String streamId() {
        return "organisation/" + organisationId();
    }

    /** Registers it. Refused: {@code ID_ALREADY_USED}. */
    record RegisterOrganisation(String organisationId, String name, LocalDate today) implements OrganisationCommand {}

    /** Records what the bank and the ledger say. Refused: {@code DATE_IN_FUTURE}. See {@link OrganisationEvent.ClientMoneyReconciled}. */
    record ReconcileClientMoney(
            String organisationId,
            LocalDate on,
            Money bankBalance,
            Money ledgerTotal,
            int accounts,
            long ledgerAt,
            LocalDate today)
            implements OrganisationCommand {}
}
