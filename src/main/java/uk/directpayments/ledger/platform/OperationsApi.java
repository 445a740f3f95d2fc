package uk.directpayments.ledger.platform;

import jakarta.validation.Valid;
import java.util.List;
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

    OperationsApi(Processors processors, Parked parked, Positions positions) {
        this.processors = processors;
        this.parked = parked;
        this.positions = positions;
    }

    /**
     * @param items every projection and automation
     * @param head  the last position of the log
     */
    record Overview(List<Item> items, long head) {}

    /**
     * @param position        up to where it has handled the log, on all its segments
     * @param running         false if it has stopped, or no node runs it
     * @param parked          how many events wait to be applied
     * @param letters         the oldest of them, at most {@link #LETTERS}
     */
    record Item(String name, Processors.Kind kind, long position, boolean running, long parked, List<Letter> letters) {}

    /** @param key the account or person whose figures are unavailable from this position on */
    record Letter(String key, long position, String event, String cause) {}

    record Drained(String name, int applied, long parked) {}

    record Rebuilding(String name) {}

    @Tells(Tells.Of.NOBODY)
    @GetMapping
    Overview processors() {
        long head = positions.head();
        var counts = parked.counts();
        return new Overview(
                processors.status().stream()
                        .map(processor -> new Item(
                                processor.name(),
                                processor.kind(),
                                processor.position(),
                                processor.running(),
                                counts.getOrDefault(processor.name(), 0L),
                                letters(processor.name())))
                        .toList(),
                head);
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

    private List<Letter> letters(String processor) {
        return parked.letters(processor, LETTERS).stream()
                .map(letter -> new Letter(letter.key(), letter.position(), letter.name(), letter.cause()))
                .toList();
    }
}
