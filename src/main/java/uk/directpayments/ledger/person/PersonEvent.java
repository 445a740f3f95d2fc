package uk.directpayments.ledger.person;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Sealed;

/** What has happened to a person's record. */
public sealed interface PersonEvent {

    /**
     * The record was opened.
     *
     * @param eighteenOn the day of the 18th birthday, in clear: the count of residential nights changes its law on that day and must
     *                   survive erasure (rulebook 2.7)
     */
    @EventName("person.registered")
    record PersonRegistered(
            String personId,
            Sealed name,
            Sealed dateOfBirth,
            LocalDate eighteenOn,
            @Nullable Sealed reference) implements PersonEvent {}

    /** What had been registered wrongly was corrected; what is null stays. */
    @EventName("person.corrected")
    record PersonCorrected(
            String personId,
            @Nullable Sealed name,
            @Nullable Sealed dateOfBirth,
            @Nullable LocalDate eighteenOn,
            Sealed reason)
            implements PersonEvent {}

    /** The person died: every budget and account of theirs ends on that day (rulebook 4.16). A later one corrects the date. */
    @EventName("person.died")
    record PersonDied(String personId, LocalDate on) implements PersonEvent {}

    /** The person was erased: the key of every personal text about them is destroyed because of this (rulebook 7.10). */
    @EventName("person.erased")
    record PersonErased(String personId, ErasureReceipt receipt) implements PersonEvent {}
}
