package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.OfPerson;
import uk.directpayments.ledger.kernel.Sealed;

/**
 * Every event is stored for ever: its name, its revision and its JSON are kept in {@code src/test/resources/golden}, byte for byte.
 * {@code <name>.<revision>.json} has every field, {@code <name>.<revision>.least.json} only those that may not be null; {@code enum.<name>.txt}
 * has the words of an enum in the order of the alphabet, which may grow but never shrink.
 *
 * <p>A new event's files are written by {@code ./mvnw test -Dtest=EventCatalogueTest -Dgolden.write=true}, and then read and committed. A
 * file that is there already is never overwritten.
 */
class EventCatalogueTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final boolean WRITE = Boolean.getBoolean("golden.write");
    private static final EventNames NAMES = EventNames.in(List.of(AxonPlatform.BASE_PACKAGE));
    private static final EventJson JSON = new EventJson(NAMES);

    /**
     * Besides ids, hashes and login names: codes, the council's and the bank's own words, who the council is, and what is about no single person.
     * {@code letterRef} and {@code reference} are read of old events and not written any more.
     */
    private static final Set<String> IN_CLEAR = Set.of("""
            accounts allows authority bankToken category cause channel code conclusion endorsement externalRef finding format from kind
            letterRef listed mapping mcc merchant method name paid period reason reasonCode reference refusedAs relation riskBand settings
            sha256 signature sortCode to unlisted version words""".split("\\s+"));

    private static final String CHANGED =
            "%s has changed: a changed golden file means an upcaster and a new revision, for the log holds the old form for ever";
    private static final String MISSING =
            "%s is missing: a changed golden file means an upcaster and a new revision; only a new event's is written, with"
                    + " -Dgolden.write=true";

    @Test
    void everyEventIsWrittenAndReadAsItsGoldenFileSays() {
        Assertions.assertAll(events().entrySet().stream().flatMap(event -> {
            Object full = Samples.full(event.getValue());
            Object least = Samples.least(event.getValue());
            Executable first = () -> golden(event.getKey() + ".json", event.getValue(), full);
            Executable second = () -> golden(event.getKey() + ".least.json", event.getValue(), least);
            return full.equals(least) ? Stream.of(first) : Stream.of(first, second);
        }));
    }

    @Test
    void anOlderRevisionThatOnlyLacksFieldsIsReadFromItsGoldenFile() throws Exception {
        for (Class<?> type : events().values()) {
            EventName name = type.getAnnotation(EventName.class);
            for (int older = name.readsFrom(); older > 0 && older < name.revision(); older++) {
                for (String kind : List.of(".json", ".least.json")) {
                    Path file = GOLDEN.resolve(name.value() + "." + older + kind);
                    if (kind.equals(".least.json") && !Files.exists(file)) {
                        continue; // that revision had no field that may be null
                    }
                    String golden = Files.readString(file).stripTrailing();
                    var stored = new SimpleSerializedObject<>(
                            golden, String.class, new SimpleSerializedType(name.value(), String.valueOf(older)));
                    Object read = JSON.deserialize(stored);
                    assertThat(read).as(file.toString()).isInstanceOf(type);
                    assertThat(JSON.serialize(read, String.class).getData())
                            .as("%s holds what is not read any more", file)
                            .contains(golden.substring(1, golden.length() - 1).split(",", 2)[0]);
                }
            }
        }
    }

    /** A text in clear outlives an erasure: {@code personal-data.md} says which there are, and that they name nobody. */
    @Test
    void everyTextThatIsNotSealedIsAnIdACodeOrAWordThatIsListed() {
        var texts = new TreeSet<String>();
        events().values().forEach(event -> textsOf(event, texts));
        texts.removeIf(name -> name.matches(".*(Id|Ids|By|Key|Hash|Number|Version)") || name.equals("by"));
        assertThat(texts).isEqualTo(new TreeSet<>(IN_CLEAR));
    }

    private static void textsOf(Class<?> record, Set<String> found) {
        for (var component : record.getRecordComponents()) {
            classesIn(component.getGenericType()).forEach(type -> {
                if (type == String.class) {
                    found.add(component.getName());
                } else if (type.isRecord() && type != Sealed.class) {
                    textsOf(type, found);
                }
            });
        }
    }

    @Test
    void metadataAreWrittenAndReadAsTheirGoldenFileSays() throws Exception {
        Map<String, String> all = new TreeMap<>();
        for (var field : Metadata.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                String key = (String) field.get(null);
                all.put(key, key.equals(Metadata.OCCURRED_ON) ? "2028-02-29" : "some-" + key);
            }
        }
        golden("metadata.traced.json", MetaData.class, MetaData.from(all));
        // as all were written before there were traces, and are while those are off
        all.remove(Metadata.TRACE);
        golden("metadata.json", MetaData.class, MetaData.from(all));
        all.keySet().retainAll(List.of(Metadata.ACTOR, Metadata.ROLE, Metadata.OCCURRED_ON, Metadata.CORRELATION));
        golden("metadata.least.json", MetaData.class, MetaData.from(all));
    }

    @Test
    void noWordOfAnEnumInAnEventIsEverTakenAway() {
        var enums = new TreeMap<String, Class<?>>();
        events().values().forEach(event -> enumsOf(event, enums));
        Assertions.assertAll(enums.entrySet().stream().map(e -> () -> {
            Path file = GOLDEN.resolve("enum." + e.getKey() + ".txt");
            var words = new TreeSet<>(Arrays.stream(e.getValue().getEnumConstants())
                    .map(word -> ((Enum<?>) word).name())
                    .toList());
            var known = Files.exists(file) ? new TreeSet<>(Files.readAllLines(file)) : new TreeSet<String>();
            assertThat(words)
                    .as("a word of %s was taken away: the log holds it for ever", e.getKey())
                    .containsAll(known);
            if (WRITE && !words.equals(known)) {
                Files.write(file, words);
            } else {
                assertThat(known)
                        .as("%s has new words: add them with -Dgolden.write=true", file)
                        .isEqualTo(words);
            }
        }));
    }

    @Test
    void everyPermittedRecordOfASealedFamilyOfEventsHasAStoredName() {
        var families = events().values().stream()
                .flatMap(event -> Arrays.stream(event.getInterfaces()))
                .filter(family -> family != OfPerson.class)
                .collect(Collectors.toSet());
        assertThat(families).isNotEmpty().allMatch(Class::isSealed, "sealed");
        assertThat(families.stream().flatMap(family -> Arrays.stream(family.getPermittedSubclasses())))
                .allMatch(Class::isRecord, "a record")
                .allMatch(event -> event.isAnnotationPresent(EventName.class), "has an @EventName")
                .containsExactlyInAnyOrderElementsOf(events().values());
    }

    @Test
    void aStoredNameSaysTheKindOfStreamAndWhatHappened() {
        assertThat(events().keySet()).allMatch(key -> key.matches("[a-z]+\\.[a-z]+(-[a-z]+)*\\.[1-9][0-9]*"));
        assertThat(NAMES.all().entrySet().stream()
                        .filter(entry -> !entry.getValue().isRecord()))
                .isNotEmpty()
                .allMatch(entry -> entry.getKey().startsWith("snapshot."), "only aggregates are stored besides events")
                .allMatch(entry -> LedgerStream.class.isAssignableFrom(entry.getValue()), "an aggregate");
    }

    @Test
    void noGoldenFileIsLeftBehindByAnEventThatWasRenamedOrRemoved() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            var events = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") && !name.startsWith("metadata."))
                    .map(name -> name.replaceFirst("(\\.least)?\\.json$", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
            // An older revision keeps its file beside the newest one's: its upcaster is proved with it.
            Map<String, Integer> newest = new TreeMap<>();
            events().values().forEach(event -> {
                EventName name = event.getAnnotation(EventName.class);
                newest.merge(name.value(), name.revision(), Math::max);
            });
            List<String> leftBehind = new ArrayList<>(events);
            leftBehind.removeIf(key -> {
                int dot = key.lastIndexOf('.');
                return newest.getOrDefault(key.substring(0, dot), 0) >= Integer.parseInt(key.substring(dot + 1));
            });
            assertThat(leftBehind)
                    .as("these are in the log for ever; an event may be renamed only by an upcaster")
                    .isEmpty();
        }
    }

    /** What every event of the ledger is, by stored name and revision; snapshots aside, which may be dropped and made anew. */
    private static Map<String, Class<?>> events() {
        Map<String, Class<?>> events = new TreeMap<>(NAMES.all());
        events.values().removeIf(type -> !type.isRecord());
        return events;
    }

    private static void golden(String name, Class<?> type, Object sample) throws IOException {
        Path file = GOLDEN.resolve(name);
        String written = JSON.serialize(sample, String.class).getData();
        if (WRITE && !Files.exists(file)) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, written + "\n");
        }
        assertThat(file).as(MISSING, name).exists();
        String golden = Files.readString(file).stripTrailing();
        assertThat(written).as(CHANGED, name).isEqualTo(golden);
        Object read = JSON.deserialize(new SimpleSerializedObject<>(golden, String.class, JSON.typeForClass(type)));
        assertThat(read).as("%s is not read as what it was written from", name).isEqualTo(sample);
    }

    private static void enumsOf(Class<?> record, Map<String, Class<?>> found) {
        for (var component : record.getRecordComponents()) {
            classesIn(component.getGenericType()).forEach(type -> {
                if (type.isEnum()) {
                    Class<?> other = found.put(type.getSimpleName(), type);
                    assertThat(other == null || other == type)
                            .as("two enums called %s", type.getSimpleName())
                            .isTrue();
                } else if (type.isRecord()) {
                    enumsOf(type, found);
                }
            });
        }
    }

    private static Stream<Class<?>> classesIn(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Arrays.stream(generic.getActualTypeArguments()).flatMap(EventCatalogueTest::classesIn);
        }
        return type instanceof Class<?> plain ? Stream.of(plain) : Stream.of();
    }
}
