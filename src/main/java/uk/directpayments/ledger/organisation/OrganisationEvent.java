package uk.directpayments.ledger.organisation;

import uk.directpayments.ledger.kernel.EventName;

/** What has happened to a support organisation's record. */
public sealed interface OrganisationEvent {

    /** @param name of an organisation, not of a person: in clear */
    @EventName("organisation.registered")
    record OrganisationRegistered(String organisationId, String name) implements OrganisationEvent {}
}
