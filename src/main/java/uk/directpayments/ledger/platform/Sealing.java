package uk.directpayments.ledger.platform;

import uk.directpayments.ledger.kernel.Sealed;

/**
 * Seals personal text under a key per person and opens it again. The keys lie in the database wrapped by a master key that
 * lies outside it, under the ledger's home. Without its key a sealed text reads {@link #ERASED}, for ever.
 */
public interface Sealing {

    String ERASED = "[erased]";

    /** Makes the person's key, durably, unless there is one. To be called before the first text of a person is sealed. */
    void admit(String personId);

    /** @throws IllegalStateException if the person has no key: was never admitted, or has been erased */
    Sealed seal(String personId, String text);

    /** The text, or {@link #ERASED} if the person's key is gone. */
    String open(String personId, Sealed sealed);

    /**
     * An opaque stand-in for a text that rules need to compare (is this the same payee?): a keyed hash under the person's key, so it
     * tells nothing across persons or after erasure. Case and blanks do not count.
     */
    String opaque(String personId, String text);

    /** An opaque stand-in by which the whole ledger can find a text again (whose card is this?): a keyed hash under the ledger's key. */
    String token(String text);
}
