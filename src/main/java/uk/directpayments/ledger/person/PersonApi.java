package uk.directpayments.ledger.person;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/** {@code /people}: records of people, sealed. */
@RestController
@RequestMapping("/api/v1/people")
class PersonApi {

    private final Commands commands;
    private final PersonDirectory directory;
    private final PersonAccess access;
    private final Sealing sealing;
    private final Clock clock;

    PersonApi(Commands commands, PersonDirectory directory, PersonAccess access, Sealing sealing, Clock clock) {
        this.commands = commands;
        this.directory = directory;
        this.access = access;
        this.sealing = sealing;
        this.clock = clock;
    }

    record Registration(
            @Nullable @Id String personId,
            @NotBlank String name,
            @NotNull LocalDate dateOfBirth,
            @Nullable String reference) {}

    record Correction(
            @Nullable String name,
            @Nullable LocalDate dateOfBirth,
            @Nullable String reason) {}

    record Death(@NotNull LocalDate on) {}

    record PersonId(String personId) {}

    /** A person as known then: all null but the id if nothing was; {@code diedOn} only from that day on. */
    record PersonView(
            String personId,
            @Nullable String name,
            @Nullable String dateOfBirth,
            @Nullable LocalDate eighteenOn,
            @Nullable String reference,
            @Nullable LocalDate diedOn) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<PersonId> register(@Valid @RequestBody Registration body, Call call) {
        LocalDate today = BusinessDay.today(clock);
        if (body.dateOfBirth().isAfter(today)) {
            throw new RuleBroken("DATE_IN_FUTURE", "A date of birth cannot lie in the future.", "dateOfBirth");
        }
        String personId = call.id(body.personId(), "person");
        sealing.admit(personId);
        Outcome outcome = commands.send(
                new PersonCommand.RegisterPerson(
                        personId,
                        sealing.seal(personId, body.name()),
                        sealing.seal(personId, body.dateOfBirth().toString()),
                        BusinessDay.reaches(18, body.dateOfBirth()),
                        sealing.sealIfGiven(personId, body.reference()),
                        today),
                call);
        return Answers.created("/people/" + personId, outcome, new PersonId(personId));
    }

    @PostMapping("/{personId}/correction")
    ResponseEntity<PersonId> correct(@PathVariable String personId, @Valid @RequestBody Correction body, Call call) {
        known(personId);
        LocalDate born = body.dateOfBirth();
        if (born != null && born.isAfter(BusinessDay.today(clock))) {
            throw new RuleBroken("DATE_IN_FUTURE", "A date of birth cannot lie in the future.", "dateOfBirth");
        }
        Outcome outcome = commands.send(
                new PersonCommand.CorrectPerson(
                        personId,
                        sealing.sealIfGiven(personId, body.name()),
                        born == null ? null : sealing.seal(personId, born.toString()),
                        born == null ? null : BusinessDay.reaches(18, born),
                        sealing.sealIfGiven(personId, body.reason()),
                        BusinessDay.today(clock)),
                call);
        return Answers.ok(outcome, new PersonId(personId));
    }

    @PostMapping("/{personId}/death")
    ResponseEntity<PersonId> died(@PathVariable String personId, @Valid @RequestBody Death body, Call call) {
        known(personId);
        Outcome outcome = commands.sendAndSettle(
                new PersonCommand.RecordDeath(personId, body.on(), BusinessDay.today(clock)), call);
        return Answers.ok(outcome, new PersonId(personId));
    }

    @GetMapping("/{personId}")
    PersonView person(@PathVariable String personId, View view, Actor actor) {
        if (!access.seesPerson(actor, personId, view.asOf())) {
            throw notFound();
        }
        PersonDirectory.Entry entry = directory.find(personId, view).orElse(null);
        if (entry == null) {
            known(personId);
            return new PersonView(personId, null, null, null, null, null);
        }
        LocalDate diedOn = entry.diedOn();
        return new PersonView(
                entry.personId(),
                sealing.open(personId, entry.name()),
                sealing.open(personId, entry.dateOfBirth()),
                entry.eighteenOn(),
                sealing.openIfGiven(personId, entry.reference()),
                diedOn == null || diedOn.isAfter(view.asOf()) ? null : diedOn);
    }

    private void known(String personId) {
        directory.find(personId, View.now(BusinessDay.today(clock))).orElseThrow(PersonApi::notFound);
    }

    private static RuleBroken notFound() {
        return new RuleBroken("PERSON_NOT_FOUND", "There is no such person.");
    }
}
