package uk.directpayments.ledger.person;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.person.PersonEvent.PersonCorrected;
import uk.directpayments.ledger.person.PersonEvent.PersonDied;
import uk.directpayments.ledger.person.PersonEvent.PersonErased;
import uk.directpayments.ledger.person.PersonEvent.PersonRegistered;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** Who is who: every person's record, and each of its earlier versions. */
@Component
public class PersonDirectory extends Projection<Versions.Changes<PersonDirectory.Entry>> {

    private final Versions<Entry> entries = new Versions<>("person_directory", Entry.class);

    /**
     * A person's record.
     *
     * @param registeredOn the business day on which the record was opened
     * @param diedOn       null while the person lives, as far as is known
     * @param erasure      null unless the person has been erased: what is sealed opens no more then
     */
    public record Entry(
            String personId,
            Sealed name,
            Sealed dateOfBirth,
            LocalDate eighteenOn,
            @Nullable Sealed reference,
            LocalDate registeredOn,
            @Nullable LocalDate diedOn,
            @Nullable ErasureReceipt erasure) {

        private Entry erased(ErasureReceipt receipt) {
            return new Entry(personId, name, dateOfBirth, eighteenOn, reference, registeredOn, diedOn, receipt);
        }
    }

    PersonDirectory() {
        super("person-directory", Order.BY_PERSON, "person_directory");
    }

    @When
    void on(PersonRegistered e, Recorded at, Versions.Changes<Entry> changes) {
        changes.open(
                e.personId(),
                at,
                new Entry(
                        e.personId(),
                        e.name(),
                        e.dateOfBirth(),
                        e.eighteenOn(),
                        e.reference(),
                        at.occurredOn(),
                        null,
                        null));
    }

    @When
    void on(PersonCorrected e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(
                e.personId(),
                at,
                old -> new Entry(
                        old.personId,
                        e.name() != null ? e.name() : old.name,
                        e.dateOfBirth() != null ? e.dateOfBirth() : old.dateOfBirth,
                        e.eighteenOn() != null ? e.eighteenOn() : old.eighteenOn,
                        old.reference,
                        old.registeredOn,
                        old.diedOn,
                        old.erasure));
    }

    @When
    void on(PersonDied e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(
                e.personId(),
                at,
                old -> new Entry(
                        old.personId,
                        old.name,
                        old.dateOfBirth,
                        old.eighteenOn,
                        old.reference,
                        old.registeredOn,
                        e.on(),
                        old.erasure));
    }

    @When
    void on(PersonErased e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(e.personId(), at, old -> old.erased(e.receipt()));
    }

    @Override
    protected Versions.Changes<Entry> buffer() {
        return entries.changes();
    }

    @Override
    protected void write(Versions.Changes<Entry> changes) {
        entries.write(jdbc(), changes);
    }

    /** A person's record as the view sees it; empty if nobody was known by that id. One index probe. */
    public Optional<Entry> find(String personId, View view) {
        long position = position(view);
        require(personId, position);
        return entries.find(jdbc(), personId, position);
    }

    /**
     * Records of people in the order of their ids, those after an id, or from the first.
     *
     * @param among only these, or null for all
     */
    List<Entry> list(@Nullable Collection<String> among, @Nullable String after, int most, View view) {
        Map<String, Object> parameters = new HashMap<>(Map.of("after", after == null ? "" : after, "most", most));
        if (among != null) {
            parameters.put("among", among.toArray(String[]::new));
        }
        return entries.list(
                jdbc(),
                position(view),
                (among == null ? "" : "id = ANY(:among) AND ")
                        + "id COLLATE \"C\" > :after ORDER BY id COLLATE \"C\" LIMIT :most",
                parameters);
    }

    /** Which of these people had been erased by the view's day. */
    public Set<String> erased(Collection<String> personIds, View view) {
        return entries
                .list(jdbc(), position(view), "id = ANY(:ids)", Map.of("ids", personIds.toArray(String[]::new)))
                .stream()
                .filter(entry ->
                        entry.erasure != null && !entry.erasure.erasedOn().isAfter(view.asOf()))
                .map(Entry::personId)
                .collect(Collectors.toSet());
    }

    /** People whose records cannot be relied on at present. */
    public Set<String> unavailablePeople(View view) {
        return unavailable(position(view));
    }

    /** The words of a text as they are compared: without case and without what is no letter or digit. */
    static List<String> words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.UK).split("[^\\p{L}\\p{N}]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Whether each of the words begins a word of the text. */
    static boolean matches(List<String> sought, String text) {
        List<String> words = words(text);
        return sought.stream().allMatch(word -> words.stream().anyMatch(one -> one.startsWith(word)));
    }
}
