package uk.directpayments.ledger.platform;

import uk.directpayments.ledger.kernel.EventName;

/** What any stream may tell of a request, whatever the stream is about. No state and no projection changes by it. */
public sealed interface RequestEvent {

    /**
     * Somebody asked, under an idempotency key, for what is so already, and was told yes. It stands where that was decided, so that the key
     * is spent like any other: a repeat is answered the same, and changes nothing though the stream may have moved on; another request is refused.
     */
    @EventName("request.changed-nothing")
    record ChangedNothing() implements RequestEvent {}
}
