package uk.directpayments.ledger.platform;

import java.time.Instant;
import java.time.LocalDate;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.BusinessDay;

/**
 * Where and when an event stands in the log, and who recorded it: the second parameter of every handler of a projection or automation.
 *
 * @param position   position in the log, from 1
 * @param eventId    unique in the ledger
 * @param streamId   kind, slash, id
 * @param sequence   place within the stream, from 0
 * @param recordedAt when it was recorded, in milliseconds
 * @param occurredOn the business date it is about
 * @param actor      login name of who recorded it
 * @param role       in which role
 */
public record Recorded(
        long position,
        String eventId,
        String streamId,
        long sequence,
        Instant recordedAt,
        LocalDate occurredOn,
        String actor,
        String role,
        @Nullable String personId,
        @Nullable String accountId,
        @Nullable String policyVersion,
        String correlation) {

    static Recorded of(EventMessage<?> message) {
        MetaData metadata = message.getMetaData();
        DomainEventMessage<?> inStream = (DomainEventMessage<?>) message;
        return new Recorded(
                EventLog.positionOf(((TrackedEventMessage<?>) message).trackingToken()),
                message.getIdentifier(),
                inStream.getAggregateIdentifier(),
                inStream.getSequenceNumber(),
                message.getTimestamp(),
                BusinessDay.parse(always(metadata, Metadata.OCCURRED_ON)),
                always(metadata, Metadata.ACTOR),
                always(metadata, Metadata.ROLE),
                (String) metadata.get(Metadata.PERSON_ID),
                (String) metadata.get(Metadata.ACCOUNT_ID),
                (String) metadata.get(Metadata.POLICY_VERSION),
                always(metadata, Metadata.CORRELATION));
    }

    private static String always(MetaData metadata, String key) {
        if (!(metadata.get(key) instanceof String value)) {
            throw new IllegalStateException("an event without the metadata " + key);
        }
        return value;
    }

    /** The person; for an event that always has one. */
    public String person() {
        return required(personId, "person");
    }

    /** The account; for an event that always has one. */
    public String account() {
        return required(accountId, "account");
    }

    /** The id without the stream's kind. */
    public String id() {
        return streamId.substring(streamId.indexOf('/') + 1);
    }

    private String required(@Nullable String value, String what) {
        if (value == null) {
            throw new IllegalStateException("the event at position " + position + " names no " + what);
        }
        return value;
    }
}
