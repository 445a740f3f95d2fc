package uk.directpayments.trial;

import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;

/** What has happened to a trial. */
public sealed interface TrialEvent {

    @EventName("trial.opened")
    record Opened(String id, String person, @Nullable Sealed note) implements TrialEvent {}

    @EventName("trial.counted")
    record Counted(String id, int number, Money amount) implements TrialEvent {}

    /** Of a later version. */
    @EventName("trial.renamed")
    record Renamed(String id, String name) implements TrialEvent {}
}
