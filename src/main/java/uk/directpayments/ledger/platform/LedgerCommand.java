package uk.directpayments.ledger.platform;

import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** A command: aimed at one stream, carrying every id and date that the decision needs. */
public interface LedgerCommand {

    /** Kind, a slash, the id: {@code account/ACC-1}. Kinds must not collide, for events are read by stream alone. */
    @TargetAggregateIdentifier
    String streamId();
}
