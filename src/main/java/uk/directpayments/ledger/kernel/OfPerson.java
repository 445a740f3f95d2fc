package uk.directpayments.ledger.kernel;

/** A part of an event whose sealed texts are sealed for this person, where the event's stream is not about one person. */
public interface OfPerson {

    /** The person under whose key the texts were sealed. */
    String personId();
}
