package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Flags by id, and by the expenditure that they are about; and which of them an event has changed. */
final class FlagFile {

    /** Stands for the expenditure of a flag that is about none. */
    static final String OF_THE_PERSON = "";

    private final Map<String, Flag> byId = new HashMap<>();
    private final Map<String, Set<String>> idsByItem = new HashMap<>();
    private final Map<String, Optional<Flag>> before = new LinkedHashMap<>();

    /** A flag as it stood before the events to come. */
    void add(Flag flag) {
        byId.put(flag.flagId(), flag);
        idsByItem.computeIfAbsent(item(flag), none -> new LinkedHashSet<>()).add(flag.flagId());
    }

    private static String item(Flag flag) {
        String transactionId = flag.finding().transactionId();
        return transactionId == null ? OF_THE_PERSON : Item.key(flag.finding().accountId(), transactionId);
    }

    /** Forgets which flags earlier events have changed. */
    void begin() {
        before.clear();
    }

    /** Those that are otherwise than at {@link #begin}. */
    List<Flag> changed() {
        return before.entrySet().stream()
                .filter(one -> !Optional.ofNullable(byId.get(one.getKey())).equals(one.getValue()))
                .map(one -> byId.get(one.getKey()))
                .toList();
    }

    void put(Flag flag) {
        before.putIfAbsent(flag.flagId(), Optional.ofNullable(byId.get(flag.flagId())));
        add(flag);
    }

    void change(String flagId, UnaryOperator<Flag> change) {
        Flag flag = byId.get(flagId);
        if (flag != null) {
            put(change.apply(flag));
        }
    }

    /** An expenditure has come back whole. */
    void reversed(String item, LocalDate on) {
        List.copyOf(idsByItem.getOrDefault(item, Set.of())).forEach(id -> change(id, flag -> flag.reversed(on)));
    }

    /**
     * What is found is raised, or raised again; what is found no more is withdrawn.
     *
     * @param item  whose flags are settled, or {@link #OF_THE_PERSON}
     * @param of    which of these it is about
     * @param keeps which stand although they are found no more
     */
    void settle(
            String personId,
            List<Finding> found,
            String item,
            Predicate<Flag> of,
            Predicate<Flag> keeps,
            LocalDate on) {
        Set<String> ids = new HashSet<>();
        for (Finding finding : found) {
            ids.add(finding.flagId());
            @Nullable Flag old = byId.get(finding.flagId());
            put(old == null ? Flag.of(personId, finding) : old.found(finding, on));
        }
        for (String id : List.copyOf(idsByItem.getOrDefault(item, Set.of()))) {
            if (!ids.contains(id)) {
                change(id, flag -> of.test(flag) && !keeps.test(flag) ? flag.withdrawn(on) : flag);
            }
        }
    }
}
