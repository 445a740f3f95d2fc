package uk.directpayments.ledger.organisation;

import java.util.ArrayList;
import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.organisation.AppointmentEvent.AppointmentEnded;
import uk.directpayments.ledger.organisation.AppointmentEvent.OrganisationAppointed;
import uk.directpayments.ledger.platform.LedgerStream;

/**
 * Who manages one payment account, and from when to when: one organisation at a time. It is a stream of the account's, not of the
 * organisation's, because only so are two organisations kept apart by one decision. Account and organisation exist: the Api has looked.
 */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName("snapshot.appointment")
class AccountAppointments extends LedgerStream<AppointmentEvent> {

    /** How many appointments are remembered, the newest: ends of earlier ones can no longer be brought forward. */
    static final int REMEMBERED = 12;

    private @Nullable String accountId;
    private @Nullable String personId;

    /** In the order of their days. */
    private final List<Appointment> appointments = new ArrayList<>();

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(AppointmentCommand.AppointForAccount c) {
        // A new one is open-ended: it overlaps whatever has not ended before its first day.
        if (appointments.stream().anyMatch(one -> one.to() == null || !one.to().isBefore(c.from()))) {
            throw new RuleBroken(
                    "APPOINTMENT_OVERLAPS",
                    "An organisation is appointed to this account on or after that day."
                            + " The next may begin on the day after the last day of the one before.",
                    "from");
        }
        record(
                new OrganisationAppointed(
                        c.organisationId(), c.accountId(), c.personId(), c.from(), c.openingBalance()),
                c.from(),
                c.personId(),
                c.accountId());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(AppointmentCommand.EndAppointment c) {
        Appointment ended = appointments.stream()
                .filter(one -> one.organisationId().equals(c.organisationId()) && one.holdsOn(c.to()))
                .findFirst()
                .orElseThrow(() -> new RuleBroken(
                        "NOT_APPOINTED", "The organisation is not appointed to this account on that day.", "to"));
        if (!c.to().equals(ended.to())) {
            record(new AppointmentEnded(c.organisationId(), c.accountId(), ended.from(), c.to()), c.to());
        }
    }

    @Override
    protected void evolve(AppointmentEvent event, long sequence) {
        if (event instanceof OrganisationAppointed e) {
            accountId = e.accountId();
            personId = e.personId();
            if (appointments.size() == REMEMBERED) {
                appointments.remove(0);
            }
            appointments.add(new Appointment(e.organisationId(), e.accountId(), e.personId(), e.from(), null, null));
        } else if (event instanceof AppointmentEnded e) {
            appointments.replaceAll(one -> one.from().equals(e.from()) ? one.endedOn(e.to()) : one);
        }
    }

    @Override
    protected @Nullable String personId() {
        return personId;
    }

    @Override
    protected @Nullable String accountId() {
        return accountId;
    }
}
