package uk.directpayments.ledger.policy;

import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;

/** What has happened to the council's policy. */
public sealed interface PolicyEvent {

    /**
     * A version was published. It holds every setting, so that what it says never depends on another.
     *
     * @param settings      JSON by dotted name
     * @param retrospective whether it changes what has been judged before: spending from {@code effectiveFrom} on is assessed again
     * @param reason        why, in the council's words; it is about no person
     */
    @EventName("policy.published")
    record PolicyPublished(
            String version,
            LocalDate effectiveFrom,
            Map<String, String> settings,
            boolean retrospective,
            @Nullable String reason,
            LocalDate on)
            implements PolicyEvent {

        public Policy policy() {
            return new Policy(version, effectiveFrom, new Settings(settings));
        }
    }
}
