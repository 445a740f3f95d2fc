package uk.directpayments.ledger.platform;

import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventsourcing.AbstractSnapshotTrigger;
import org.axonframework.eventsourcing.SnapshotTrigger;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;

/**
 * Snapshots at a growing interval: the next one once the stream has grown by a quarter, at least by {@link #FEWEST} events. The state of an
 * account grows with its length, so a fixed interval would cost ever more; this one costs a constant share per event.
 */
final class GrowingSnapshots implements SnapshotTriggerDefinition {

    static final int FEWEST = 250;

    private final Snapshotter snapshotter;

    GrowingSnapshots(Snapshotter snapshotter) {
        this.snapshotter = snapshotter;
    }

    @Override
    public SnapshotTrigger prepareTrigger(Class<?> aggregateType) {
        return new Trigger(snapshotter, aggregateType);
    }

    private static final class Trigger extends AbstractSnapshotTrigger {

        private long sequence;
        private int sinceLast;

        Trigger(Snapshotter snapshotter, Class<?> aggregateType) {
            super(snapshotter, aggregateType);
        }

        @Override
        public void eventHandled(EventMessage<?> event) {
            if (event instanceof DomainEventMessage<?> inStream) {
                sequence = inStream.getSequenceNumber();
            }
            super.eventHandled(event);
        }

        @Override
        protected boolean exceedsThreshold() {
            return ++sinceLast >= Math.max(FEWEST, sequence / 4);
        }

        @Override
        protected void reset() {
            sinceLast = 0;
        }
    }
}
