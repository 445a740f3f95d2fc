package uk.directpayments.ledger.platform;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * The idempotency keys that a stream has answered, evolved from its own events: bounded by age, {@link #KEPT} before the stream's newest
 * event.
 */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
final class Answered {

    /** API: "kept at least 30 days". */
    static final Duration KEPT = Duration.ofDays(31);

    private final Map<String, Answer> byKey = new LinkedHashMap<>();

    record Answer(String request, long firstSequence, int events, long recordedAtSeconds) {}

    static RuleBroken keyReused() {
        return new RuleBroken(
                "IDEMPOTENCY_KEY_REUSED", "This idempotency key has already been used for another request.");
    }

    @Nullable
    Answer find(String key) {
        return byKey.get(key);
    }

    void remember(String key, String request, long sequence, Instant recordedAt) {
        byKey.merge(
                key,
                new Answer(request, sequence, 1, recordedAt.getEpochSecond()),
                (known, more) ->
                        new Answer(known.request, known.firstSequence, known.events + 1, known.recordedAtSeconds));
        long tooOld = recordedAt.minus(KEPT).getEpochSecond();
        var oldest = byKey.values().iterator();
        while (oldest.hasNext() && oldest.next().recordedAtSeconds < tooOld) {
            oldest.remove();
        }
    }
}
