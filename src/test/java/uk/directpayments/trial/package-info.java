/**
 * A room of the tests: one kind of stream, three projections and an automation that can be made to fail. It lies beside the ledger,
 * so that the application's own scans never see it; {@link uk.directpayments.trial.TrialConfiguration} brings it in.
 */
@org.jspecify.annotations.NullMarked
package uk.directpayments.trial;
