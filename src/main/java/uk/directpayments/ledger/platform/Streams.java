package uk.directpayments.ledger.platform;

import java.util.List;

/** What an aggregate may ask about its own stream beyond its state. Handed to command handlers as a parameter. */
public interface Streams {

    /** Some of a stream's events, in order: {@code count} from a sequence on. */
    List<Object> read(String streamId, long firstSequence, int count);

    /** The sequence of the stream's newest event in the log, -1 if it has none. */
    long lastSequence(String streamId);
}
