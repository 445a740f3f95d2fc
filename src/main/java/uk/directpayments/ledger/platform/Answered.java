package uk.directpayments.ledger.platform;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * The idempotency keys that a stream has answered last, evolved from its own events. Older keys are not lost: the log knows them
 * all, see {@link IdempotencyKeys}.
 */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.ANY)
final class Answered {

    /** How many keys a stream remembers: they stay in memory and stand in every snapshot. */
    static final int KEPT = 100;

    private final Map<String, Answer> byKey = new LinkedHashMap<>();

    record Answer(String request, long firstSequence, int events) {}

    static RuleBroken keyReused() {
        return new RuleBroken(
                "IDEMPOTENCY_KEY_REUSED", "This idempotency key has already been used for another request.");
    }

    @Nullable
    Answer find(String key) {
        return byKey.get(key);
    }

    void remember(String key, String request, long sequence) {
        byKey.merge(
                key,
                new Answer(request, sequence, 1),
                (known, more) -> new Answer(known.request, known.firstSequence, known.events + 1));
        if (byKey.size() > KEPT) {
            byKey.remove(byKey.keySet().iterator().next());
        }
    }
}
