package uk.directpayments.ledger.platform;

import org.jspecify.annotations.Nullable;

/** Says under whose key the texts of an event are sealed, where neither the event nor its metadata does: asked by whoever reads the log. */
public interface SealedUnder {

    /** @return a person's id, or whatever else has a key; null of an event that it knows nothing of */
    @Nullable
    String subject(String streamId, Object event);
}
