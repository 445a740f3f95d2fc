package uk.directpayments.ledger.organisation;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.organisation.OrganisationEvent.ClientMoneyReconciled;
import uk.directpayments.ledger.organisation.OrganisationEvent.OrganisationRegistered;
import uk.directpayments.ledger.platform.LedgerStream;

/** A commissioned organisation that manages accounts for people. Which accounts, {@link AccountAppointments} decides. */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName("snapshot.organisation")
class SupportOrganisation extends LedgerStream<OrganisationEvent> {

    private boolean registered;

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(OrganisationCommand.RegisterOrganisation c) {
        if (registered) {
            throw new RuleBroken("ID_ALREADY_USED", "There is already an organisation with this id.", "organisationId");
        }
        record(new OrganisationRegistered(c.organisationId(), c.name()), c.today());
    }

    @CommandHandler
    void handle(OrganisationCommand.ReconcileClientMoney c) {
        if (c.on().isAfter(c.today())) {
            throw new RuleBroken("DATE_IN_FUTURE", "What the bank says of a day is known once it has come.", "on");
        }
        record(
                new ClientMoneyReconciled(
                        c.organisationId(), c.on(), c.bankBalance(), c.ledgerTotal(), c.accounts(), c.ledgerAt()),
                c.on());
    }

    @Override
    protected void evolve(OrganisationEvent event, long sequence) {
        registered = true;
    }

    /** It concerns nobody yet. */
    @Override
    protected @Nullable String personId() {
        return null;
    }
}
