package uk.directpayments.ledger.platform;

/** How far the log had come when the meters last looked: for figures of other rooms, which then wait for no database of their own. */
public interface LogSeen {

    /** The last position, at most {@value ProcessorMeters#FRESH_SECONDS} s old; no number while the database is away. */
    double position();
}
