package uk.directpayments.ledger.person;

import java.time.LocalDate;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.person.PersonEvent.PersonCorrected;
import uk.directpayments.ledger.person.PersonEvent.PersonDied;
import uk.directpayments.ledger.person.PersonEvent.PersonErased;
import uk.directpayments.ledger.person.PersonEvent.PersonRegistered;
import uk.directpayments.ledger.platform.LedgerStream;
import uk.directpayments.ledger.platform.Sealing;

/** A person with assessed needs, by reference: names and dates are sealed, and the state holds none of them. */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName("snapshot.person")
class Person extends LedgerStream<PersonEvent> {

    private @Nullable String personId;
    private @Nullable LocalDate eighteenOn;
    private @Nullable LocalDate diedOn;
    private boolean erased;

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(PersonCommand.RegisterPerson c) {
        if (personId != null) {
            throw idAlreadyUsed();
        }
        record(
                new PersonRegistered(c.personId(), c.name(), c.dateOfBirth(), c.eighteenOn(), c.reference()),
                c.today(),
                c.personId(),
                null);
    }

    static RuleBroken idAlreadyUsed() {
        return new RuleBroken("ID_ALREADY_USED", "There is already a person with this id.", "personId");
    }

    @CommandHandler
    void handle(PersonCommand.CorrectPerson c) {
        if (erased) {
            // Sealed a moment before the key went.
            throw Sealing.erased();
        }
        if (c.reason() == null) {
            throw new RuleBroken("REASONS_REQUIRED", "A correction needs a reason.", "reason");
        }
        if (c.name() == null && c.dateOfBirth() == null) {
            throw new RuleBroken("FIELD_INVALID", "Give the name or the date of birth that is right.", "name");
        }
        LocalDate eighteen = c.eighteenOn();
        if (eighteen != null && diedOn != null && diedOn.isBefore(eighteen.minusYears(18))) {
            throw new RuleBroken("DATE_BEFORE_START", "A birth cannot lie after the death.", "dateOfBirth");
        }
        record(new PersonCorrected(c.personId(), c.name(), c.dateOfBirth(), c.eighteenOn(), c.reason()), c.today());
    }

    @CommandHandler
    void handle(PersonCommand.RecordDeath c) {
        if (c.on().isAfter(c.today())) {
            throw new RuleBroken("DATE_IN_FUTURE", "A death cannot lie in the future.", "on");
        }
        if (eighteenOn != null && c.on().isBefore(eighteenOn.minusYears(18))) {
            throw new RuleBroken("DATE_BEFORE_START", "A death cannot lie before the birth.", "on");
        }
        if (!c.on().equals(diedOn)) {
            record(new PersonDied(c.personId(), c.on()), c.on());
        }
    }

    @CommandHandler
    void handle(PersonCommand.ErasePerson c) {
        if (c.receipt().reason().isEmpty()) {
            throw new RuleBroken("REASONS_REQUIRED", "An erasure needs a reason.", "reason");
        }
        if (erased) {
            throw new RuleBroken("ALREADY_ERASED", "This person has already been erased.");
        }
        if (c.accountOpen()) {
            throw new RuleBroken(
                    "ACCOUNT_NOT_CLOSED", "A payment account of this person is still open; it must be closed first.");
        }
        record(new PersonErased(c.personId(), c.receipt()), c.today());
    }

    @Override
    protected void evolve(PersonEvent event, long sequence) {
        if (event instanceof PersonRegistered e) {
            personId = e.personId();
            eighteenOn = e.eighteenOn();
        } else if (event instanceof PersonCorrected e) {
            eighteenOn = e.eighteenOn() == null ? eighteenOn : e.eighteenOn();
        } else if (event instanceof PersonDied e) {
            diedOn = e.on();
        } else if (event instanceof PersonErased) {
            erased = true;
        }
    }

    @Override
    protected @Nullable String personId() {
        return personId;
    }
}
