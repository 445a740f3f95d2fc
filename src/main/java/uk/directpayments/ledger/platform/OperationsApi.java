package uk.directpayments.ledger.platform;

import jakarta.validation.Valid;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /operations}: what runs behind the figures, and how to mend it. */
@RestController
@RequestMapping("/api/v1/operations/processors")
class OperationsApi {

    /** The most parked events that one answer lists of a processor. */
    static final int LETTERS = 100;

    private final Processors processors;
    private final Parked parked;
    private final Positions positions;
    private final Claims claims;
    private final Nodes nodes;

    OperationsApi(Processors processors, Parked parked, Positions positions, Claims claims, Nodes nodes) {
        this.claims = claims;
        this.nodes = nodes;
        this.processors = processors;
        this.parked = parked;
        this.positions = positions;
    }

    /**
     * @param items every projection and automation
     * @param head  the last position of the log
     * @param nodes the living nodes
     */
    record Overview(List<Item> items, long head, List<String> nodes) {}

    /**
     * @param position        up to where it has handled the log, on all its segments
     * @param running         false if it has stopped, or no node runs it
     * @param parked          how many events wait to be applied
     * @param letters         the oldest of them, at most {@link #LETTERS}
     * @param segments        the shares of all accounts or people in which it is run, each by one node
     */
    record Item(
            String name,
            Processors.Kind kind,
            long position,
            boolean running,
            long parked,
            List<Letter> letters,
            List<Share> segments) {}

    /**
     * @param position up to where it has handled the log, as its node last stored it
     * @param node     null while none runs it
     */
    record Share(int segment, long position, @Nullable String node) {}

    /** @param key the account or person whose figures are unavailable from this position on */
    record Letter(String key, long position, String event, String cause) {}

    record Drained(String name, int applied, long parked) {}

    record Rebuilding(String name) {}

    /** @param nodes among which segments are shared out */
    record Balancing(List<String> nodes) {}

    @Tells(Tells.Of.NOBODY)
    @GetMapping
    Overview processors() {
        long head = positions.head();
        var counts = parked.counts();
        var held = claims.all();
        return new Overview(
                processors.status().stream()
                        .map(processor -> new Item(
                                processor.name(),
                                processor.kind(),
                                processor.position(),
                                processor.running(),
                                counts.getOrDefault(processor.name(), 0L),
                                letters(processor.name()),
                                segments(held.getOrDefault(processor.name(), Map.of()))))
                        .toList(),
                head,
                nodes.living());
    }

    /** Shares the segments of projections out among all nodes: within some seconds each runs as many as any other, give or take one. */
    @PostMapping("/balance")
    Balancing balance(@Valid @RequestBody Nothing nothing) {
        processors.balance();
        return new Balancing(nodes.living());
    }

    @PostMapping("/{name}/drain")
    Drained drain(@PathVariable String name, @Valid @RequestBody Nothing nothing) {
        int applied = processors.drain(name);
        return new Drained(name, applied, parked.counts().getOrDefault(name, 0L));
    }

    @PostMapping("/{name}/reset")
    Rebuilding reset(@PathVariable String name, @Valid @RequestBody Nothing nothing) {
        processors.reset(name);
        return new Rebuilding(name);
    }

    private static List<Share> segments(Map<Integer, Claims.Claim> held) {
        return held.entrySet().stream()
                .map(claim -> new Share(
                        claim.getKey(),
                        claim.getValue().position(),
                        claim.getValue().held() ? claim.getValue().owner() : null))
                .toList();
    }

    private List<Letter> letters(String processor) {
        return parked.letters(processor, LETTERS).stream()
                .map(letter -> new Letter(letter.key(), letter.position(), letter.name(), letter.cause()))
                .toList();
    }
}
