package uk.directpayments.ledger.platform;

import java.time.Instant;

/** Positions of the event log: they count from 1, without gaps. 0 is before everything. */
public interface Positions {

    /** The last position written so far, by any node. */
    long head();

    /** The last position recorded by an instant, that instant included; 0 if nothing was. */
    long knownAt(Instant instant);

    /**
     * SHA-256 of the event at a position: of its stream, sequence, name, revision, payload and metadata, as they are stored. 64 hexadecimal
     * digits; of position 0 the hash of nothing.
     */
    String fingerprint(long position);
}
