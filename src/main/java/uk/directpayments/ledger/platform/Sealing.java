package uk.directpayments.ledger.platform;

import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;

/**
 * Seals personal text under a key per person and opens it again. The keys lie in the database wrapped by a master key that
 * lies outside it, under the ledger's home. Without its key a sealed text reads {@link #ERASED}, for ever.
 */
public interface Sealing {

    String ERASED = "[erased]";

    /**
     * Makes the person's key, durably, unless there is one: in a transaction of its own, which needs a second connection if the
     * caller is in one. To be called before the first text of a person is sealed.
     *
     * @throws RuleBroken {@code CONTENT_ERASED}: whoever has been erased never gets another key
     */
    void admit(String personId);

    /**
     * Seals a text.
     *
     * @throws RuleBroken            {@code CONTENT_ERASED}: the person has been erased
     * @throws IllegalStateException if the person has no key: was never admitted
     */
    Sealed seal(String personId, String text);

    /**
     * The text, or {@link #ERASED} if the person's key is gone.
     *
     * @throws IllegalStateException if it was sealed for another person, or altered
     */
    String open(String personId, Sealed sealed);

    /**
     * An opaque stand-in for a text that rules need to compare (is this the same payee?): a keyed hash under the person's key, so it
     * tells nothing across persons or after erasure. Case, blanks at the ends and runs of blanks do not count.
     *
     * @return 32 hexadecimal digits
     * @throws RuleBroken            {@code CONTENT_ERASED}: the person has been erased
     * @throws IllegalStateException if the person has no key: was never admitted
     */
    String opaque(String personId, String text);

    /**
     * An opaque stand-in by which the whole ledger can find a text again (whose card is this?): a keyed hash under the ledger's
     * key. Case, blanks at the ends and runs of blanks do not count.
     *
     * @return 32 hexadecimal digits
     */
    String token(String text);

    /**
     * Fetches the keys of these persons in one query, before {@link #open} is called for many. At most
     * {@code ledger.sealing.cached-keys} are kept, so read more persons than that in parts.
     *
     * @param personIds persons that the event log names, with or without a key
     */
    void warm(Collection<String> personIds);

    /**
     * Destroys the person's key, for ever: every text sealed under it reads {@link #ERASED}. Durable when it returns, also against the
     * restore of an older backup of the database (the list of erasures under the ledger's home). Again does no harm.
     *
     * @param position of the event that records the erasure
     * @param at       when that was recorded
     */
    void destroy(String personId, long position, Instant at);

    /** Whether the person's key has been destroyed. One index probe. */
    boolean destroyed(String personId);

    /** The refusal of whatever would need the key of a person who has been erased. */
    static RuleBroken erased() {
        return new RuleBroken("CONTENT_ERASED", "The person's record has been erased.");
    }

    /** Drops the person's key from this node's memory: after erasure. Other nodes drop it by themselves within a minute. */
    void forget(String personId);

    /** Puts whoever has been erased, on whichever node, on the list of erasures in this node's home. */
    void listErasures();

    /** As {@link #seal}, of a text that may be absent or blank: null then. */
    default @Nullable Sealed sealIfGiven(String personId, @Nullable String text) {
        return text == null || text.isBlank() ? null : seal(personId, text);
    }

    /** As {@link #open}, of a text that may never have been given: null then. */
    default @Nullable String openIfGiven(String personId, @Nullable Sealed sealed) {
        return sealed == null ? null : open(personId, sealed);
    }
}
