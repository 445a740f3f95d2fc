package uk.directpayments.ledger.person;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.person.PersonEvent.PersonErased;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Positions;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.Signing;
import uk.directpayments.ledger.platform.View;

/** {@code /people}: records of people, sealed. */
@RestController
@RequestMapping("/api/v1/people")
class PersonApi {

    private final Commands commands;
    private final PersonDirectory directory;
    private final PersonAccess access;
    private final PersonAccounts accounts;
    private final Positions positions;
    private final Sealing sealing;
    private final Signing signing;
    private final Clock clock;

    PersonApi(
            Commands commands,
            PersonDirectory directory,
            PersonAccess access,
            PersonAccounts accounts,
            Positions positions,
            Sealing sealing,
            Signing signing,
            Clock clock) {
        this.commands = commands;
        this.directory = directory;
        this.access = access;
        this.accounts = accounts;
        this.positions = positions;
        this.sealing = sealing;
        this.signing = signing;
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

    /** @param reason is not sealed and survives: it must not say who the person was */
    record Erasure(
            @Nullable @Size(max = ErasureReceipt.LONGEST_REASON)
            String reason) {}

    record PersonId(String personId) {}

    /** A person as known then: all null but the id if nothing was; {@code diedOn} and {@code erasedOn} only from that day on. */
    record PersonView(
            String personId,
            @Nullable String name,
            @Nullable String dateOfBirth,
            @Nullable LocalDate eighteenOn,
            @Nullable String reference,
            @Nullable LocalDate diedOn,
            @Nullable LocalDate erasedOn) {}

    /**
     * The receipt of an erasure.
     *
     * @param text      what is signed, in UTF-8: says all of the above
     * @param sha256    of the text, 64 hexadecimal digits
     * @param keyId     of the signing key
     * @param publicKey Ed25519 (RFC 8032), 32 bytes, Base64
     * @param signature Ed25519 of the text, 64 bytes, Base64
     */
    record Receipt(
            String personId,
            LocalDate erasedOn,
            String erasedBy,
            String reason,
            long knownTo,
            String text,
            String sha256,
            String keyId,
            String publicKey,
            String signature) {

        private static Receipt of(ErasureReceipt r) {
            return new Receipt(
                    r.personId(),
                    r.erasedOn(),
                    r.erasedBy(),
                    r.reason(),
                    r.knownTo(),
                    r.text(),
                    r.sha256(),
                    r.keyId(),
                    r.publicKey(),
                    r.signature());
        }
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<PersonId> register(@Valid @RequestBody Registration body, Call call) {
        LocalDate today = BusinessDay.today(clock);
        if (body.dateOfBirth().isAfter(today)) {
            throw new RuleBroken("DATE_IN_FUTURE", "A date of birth cannot lie in the future.", "dateOfBirth");
        }
        String personId = call.id(body.personId(), "person");
        if (sealing.destroyed(personId)) {
            // Nothing can be sealed for the id any more, and it stays taken.
            Outcome repeated = commands.refuse(Person.idAlreadyUsed(), call);
            return Answers.created("/people/" + personId, repeated, new PersonId(personId));
        }
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

    @PostMapping("/{personId}/erasure")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Receipt> erase(@PathVariable String personId, @Valid @RequestBody Erasure body, Call call) {
        known(personId);
        LocalDate today = BusinessDay.today(clock);
        long knownTo = positions.head();
        ErasureReceipt receipt = ErasureReceipt.signed(
                personId,
                today,
                call.actor().userId(),
                body.reason() == null ? "" : body.reason().strip(),
                knownTo,
                signing);
        boolean accountOpen = accounts.anyOpen(personId, View.now(today).at(knownTo));
        Outcome outcome =
                commands.sendAndSettle(new PersonCommand.ErasePerson(personId, receipt, accountOpen, today), call);
        sealing.forget(personId); // another node may have destroyed the key
        if (!sealing.destroyed(personId)) {
            throw new RuleBroken(
                    "OUTCOME_UNKNOWN",
                    "The erasure is recorded, but the key is not destroyed yet: see the parked events of erasures.");
        }
        return Answers.created(
                "/people/" + personId + "/erasure",
                outcome,
                Receipt.of(outcome.event(PersonErased.class).receipt()));
    }

    /**
     * People, in the order of their ids. A search opens the name of everybody until its page is full: names are sealed, and an index of
     * them would tell what sealing hides.
     *
     * @param personId only these, at most 500
     * @param name     beginnings of words of the name, or the reference: all of them must be found; everybody if left out
     */
    @GetMapping
    Page<PersonView> people(
            @RequestParam(required = false) @Nullable List<String> personId,
            @RequestParam(required = false) @Nullable String name,
            Paging paging,
            Actor actor) {
        View view = paging.view();
        if (personId != null && personId.size() > Paging.MOST) {
            throw new RuleBroken("FIELD_INVALID", "must be at most " + Paging.MOST + " ids", "personId");
        }
        Optional<Set<String>> seen = access.persons(actor, view.asOf());
        List<String> sought = PersonDirectory.words(name == null ? "" : name);
        List<PersonView> found = new ArrayList<>();
        String after = paging.after();
        List<PersonDirectory.Entry> some;
        do {
            some = directory.list(personId, after, Paging.MOST, view);
            sealing.warm(some.stream().map(PersonDirectory.Entry::personId).toList());
            for (PersonDirectory.Entry entry : some) {
                after = entry.personId();
                if (found.size() < paging.fetch()
                        && PersonDirectory.matches(sought, texts(entry))
                        && (seen.isEmpty() || seen.get().contains(entry.personId()))) {
                    found.add(view(entry, view.asOf()));
                }
            }
        } while (some.size() == Paging.MOST && found.size() < paging.fetch());
        return paging.page(found, PersonView::personId);
    }

    private String texts(PersonDirectory.Entry entry) {
        String reference = sealing.openIfGiven(entry.personId(), entry.reference());
        return sealing.open(entry.personId(), entry.name()) + " " + (reference == null ? "" : reference);
    }

    @GetMapping("/{personId}/erasure")
    Receipt erasure(@PathVariable String personId, View view) {
        known(personId);
        return directory
                .find(personId, view)
                .map(PersonDirectory.Entry::erasure)
                .filter(receipt -> !receipt.erasedOn().isAfter(view.asOf()))
                .map(Receipt::of)
                .orElseThrow(() -> new RuleBroken("ERASURE_NOT_FOUND", "This person had not been erased."));
    }

    @GetMapping("/{personId}")
    PersonView person(@PathVariable String personId, View view, Actor actor) {
        if (!access.seesPerson(actor, personId, view.asOf())) {
            throw notFound();
        }
        PersonDirectory.Entry entry = directory.find(personId, view).orElse(null);
        if (entry == null) {
            known(personId);
            return new PersonView(personId, null, null, null, null, null, null);
        }
        return view(entry, view.asOf());
    }

    private PersonView view(PersonDirectory.Entry entry, LocalDate asOf) {
        String personId = entry.personId();
        LocalDate diedOn = entry.diedOn();
        ErasureReceipt erasure = entry.erasure();
        return new PersonView(
                personId,
                sealing.open(personId, entry.name()),
                sealing.open(personId, entry.dateOfBirth()),
                entry.eighteenOn(),
                sealing.openIfGiven(personId, entry.reference()),
                diedOn == null || diedOn.isAfter(asOf) ? null : diedOn,
                erasure == null || erasure.erasedOn().isAfter(asOf) ? null : erasure.erasedOn());
    }

    private void known(String personId) {
        directory.find(personId, View.now(BusinessDay.today(clock))).orElseThrow(PersonApi::notFound);
    }

    private static RuleBroken notFound() {
        return new RuleBroken("PERSON_NOT_FOUND", "There is no such person.");
    }
}
