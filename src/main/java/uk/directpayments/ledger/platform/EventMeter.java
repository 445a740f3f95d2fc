package uk.directpayments.ledger.platform;

/**
 * Counts what a room's events mean: pounds, lines. A bean of the room, told of every event once, when it is durable, on the node that
 * recorded it; never on a replay. It is on the way of every write: quick, without questions to anybody.
 */
public interface EventMeter {

    /** @param event of any room */
    void count(Object event);
}
