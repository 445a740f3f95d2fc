package uk.directpayments.ledger.policy;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.time.LocalDate;
import java.util.Objects;
import java.util.TreeMap;

/** Which version is in force on which day: the newest of those that have begun, and before the earliest began, the earliest. Pure. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
final class Timeline {

    /** By the day on which it takes effect; of two of one day, the one published last. */
    private final TreeMap<LocalDate, String> versions = new TreeMap<>();

    Timeline() {
        Policy standard = Policy.standard();
        versions.put(standard.effectiveFrom(), standard.version());
    }

    /** In the order in which they are published. */
    void add(LocalDate effectiveFrom, String version) {
        versions.put(effectiveFrom, version);
    }

    String inForce(LocalDate day) {
        var version = versions.floorEntry(day);
        return Objects.requireNonNull(version == null ? versions.firstEntry() : version)
                .getValue();
    }
}
