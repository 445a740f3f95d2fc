package uk.directpayments.ledger.platform;

import java.util.List;

/** The metadata standard: what every event carries beside its payload. Strings only, never a person's name. */
final class Metadata {

    /** Login name of who acted. */
    static final String ACTOR = "actor";
    /** Role in which they acted. */
    static final String ROLE = "role";
    /** The person whose budget the event concerns. */
    static final String PERSON_ID = "personId";
    /** The payment account, where the event concerns one. */
    static final String ACCOUNT_ID = "accountId";
    /** The business date, {@code yyyy-MM-dd}. */
    static final String OCCURRED_ON = "occurredOn";
    /** The policy version that the decision used, where it used one. */
    static final String POLICY_VERSION = "policyVersion";
    /** Shared by everything that follows from one request. */
    static final String CORRELATION = "correlation";
    /** The event that an automation answered, where one did. */
    static final String CAUSATION = "causation";
    /** Where in a trace it was recorded, as W3C's {@code traceparent}; only while traces are on, and of sampled ones. */
    static final String TRACE = "traceparent";
    /** Hash of user, method, path and idempotency key, where there was a key. */
    static final String IDEMPOTENCY = "idempotency";
    /** Hash of the request's body, beside {@link #IDEMPOTENCY}. */
    static final String REQUEST = "request";

    /** What an event inherits from its command; the rest depends on the event itself. */
    static final List<String> FROM_COMMAND = List.of(ACTOR, ROLE, CORRELATION, CAUSATION, TRACE, IDEMPOTENCY, REQUEST);

    private Metadata() {}
}
