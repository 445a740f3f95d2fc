package uk.directpayments.ledger.audit;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Signing;
import uk.directpayments.ledger.platform.StoredEvents;
import uk.directpayments.ledger.platform.StoredEvents.Filter;
import uk.directpayments.ledger.platform.StoredEvents.StoredEvent;
import uk.directpayments.ledger.platform.Tells;

/** {@code /audit}: the log itself, what was signed of it, proofs, and verifications. */
@RestController
@RequestMapping("/api/v1/audit")
class AuditApi {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MOST = 500;

    private final StoredEvents events;
    private final TransparencyLog transparency;
    private final Verification verification;
    private final Signing signing;

    AuditApi(StoredEvents events, TransparencyLog transparency, Verification verification, Signing signing) {
        this.events = events;
        this.transparency = transparency;
        this.verification = verification;
        this.signing = signing;
    }

    /**
     * An event of the log.
     *
     * @param type     its stored name
     * @param payload  with sealed texts opened
     * @param leafHash what the transparency log holds of it, hexadecimal
     */
    record EventView(
            long position,
            String stream,
            long sequence,
            String type,
            String revision,
            LocalDate occurredOn,
            Instant recordedAt,
            String recordedBy,
            String role,
            String correlationId,
            @Nullable String causationId,
            @Nullable String personId,
            @Nullable String accountId,
            @Nullable String policyVersion,
            JsonNode payload,
            String leafHash) {}

    /** @param next what {@code after} must be for the next page, or null */
    record Events(List<EventView> items, @Nullable Long next) {}

    /** @param note the same as a signed note of C2SP; {@code verifierKey} checks it */
    record CheckpointView(
            long position,
            long size,
            String rootHash,
            Instant signedAt,
            String keyId,
            String signature,
            String publicKey,
            String verifierKey,
            String note) {}

    /** @param hashes from the leaf upwards, hexadecimal */
    record Inclusion(long position, long leafIndex, long size, String leafHash, String rootHash, List<String> hashes) {}

    record Consistency(long from, long to, String fromRoot, String toRoot, List<String> hashes) {}

    record VerificationId(String verificationId) {}

    @GetMapping("/events")
    Events events(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable @Id String accountId,
            @RequestParam(required = false) @Nullable @Id String budgetId,
            @RequestParam(required = false) @Nullable @Id String personId,
            @RequestParam(required = false) @Nullable String type) {
        int most = limit == null ? DEFAULT_LIMIT : limit;
        if (most < 1 || most > MOST) {
            throw new RuleBroken("FIELD_INVALID", "must be from 1 to " + MOST, "limit");
        }
        if (after < 0) {
            throw new RuleBroken("FIELD_INVALID", "must be a position", "after");
        }
        // what is recorded from now on has no leaf yet
        long size = transparency.size();
        Filter filter = new Filter(accountId, budgetId == null ? null : "budget/" + budgetId, personId, type);
        List<StoredEvent> found = events.page(after, most + 1, filter);
        List<EventView> items = found.stream()
                .filter(event -> event.position() <= size)
                .limit(most)
                .map(this::view)
                .toList();
        boolean more = found.size() > most && !items.isEmpty();
        return new Events(items, more ? items.get(items.size() - 1).position() : null);
    }

    private EventView view(StoredEvent event) {
        byte[] leaf = transparency.leafOf(event);
        SortedMap<String, String> metadata = events.metadata(event);
        return new EventView(
                event.position(),
                event.streamId(),
                event.sequence(),
                event.name(),
                event.revision(),
                LocalDate.parse(metadata.getOrDefault("occurredOn", "")),
                event.recordedAt(),
                metadata.getOrDefault("actor", ""),
                metadata.getOrDefault("role", ""),
                metadata.getOrDefault("correlation", ""),
                metadata.get("causation"),
                metadata.get("personId"),
                metadata.get("accountId"),
                metadata.get("policyVersion"),
                events.opened(event),
                HexFormat.of().formatHex(leaf));
    }

    @Tells(Tells.Of.NOBODY)
    @GetMapping(path = "/checkpoint", produces = MediaType.APPLICATION_JSON_VALUE)
    CheckpointView checkpoint() {
        Checkpoint newest = transparency.checkpoint();
        return new CheckpointView(
                newest.size(),
                newest.size(),
                newest.rootHash(),
                newest.signedAt(),
                newest.keyId(),
                newest.signature(),
                signing.publicKeyText(),
                Checkpoint.verifierKey(signing.publicKey()),
                newest.note(signing));
    }

    @Tells(Tells.Of.NOBODY)
    @GetMapping(path = "/checkpoint", produces = MediaType.TEXT_PLAIN_VALUE)
    String note() {
        return transparency.checkpoint().note(signing);
    }

    @Tells(Tells.Of.NOBODY)
    @GetMapping("/proofs/inclusion")
    Inclusion inclusion(@RequestParam long position, @RequestParam(required = false) @Nullable Long size) {
        long head = transparency.size();
        long of = size == null ? head : size;
        requireWithin(of, 1, head, "size");
        requireWithin(position, 1, of, "position");
        return new Inclusion(
                position,
                position - 1,
                of,
                HexFormat.of().formatHex(transparency.leaf(position)),
                HexFormat.of().formatHex(transparency.root(of)),
                transparency.inclusion(position, of));
    }

    @Tells(Tells.Of.NOBODY)
    @GetMapping("/proofs/consistency")
    Consistency consistency(@RequestParam long from, @RequestParam(required = false) @Nullable Long to) {
        long head = transparency.size();
        long until = to == null ? head : to;
        requireWithin(until, 1, head, "to");
        requireWithin(from, 1, until, "from");
        return new Consistency(
                from,
                until,
                HexFormat.of().formatHex(transparency.root(from)),
                HexFormat.of().formatHex(transparency.root(until)),
                transparency.consistency(from, until));
    }

    private static void requireWithin(long value, long least, long most, String field) {
        if (value < least || value > most) {
            throw new RuleBroken("FIELD_INVALID", "must be from " + least + " to " + most, field);
        }
    }

    @PostMapping("/verifications")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<VerificationId> verify(Call call) {
        Verification.Started started = verification.start(call);
        String id = started.verificationId();
        return Answers.begun("/audit/verifications/" + id, events.head(), started.repeated(), new VerificationId(id));
    }

    @Tells(Tells.Of.NOBODY)
    @GetMapping("/verifications/{verificationId}")
    Verification.Result verification(@PathVariable String verificationId) {
        return verification.find(verificationId).orElseThrow(Verification::notFound);
    }
}
