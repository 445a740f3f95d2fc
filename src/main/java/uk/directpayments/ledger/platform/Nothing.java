package uk.directpayments.ledger.platform;

/** The body of a request that says everything by its address: <code>{}</code>. */
public record Nothing() {}
