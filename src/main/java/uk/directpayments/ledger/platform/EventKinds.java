package uk.directpayments.ledger.platform;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * The names and revisions of events that the log may hold. A kind is admitted once, before it is first written, and only if every living node reads it; a
 * node that does not read an admitted kind does not start ({@link Nodes#register}). Both happen under one lock, so that no node of an earlier version ever
 * comes to an event that it would have to skip. An append asks memory alone. See decision 0080.
 */
final class EventKinds {

    private final JdbcClient jdbc;
    private final Nodes nodes;
    private final Set<String> admitted = ConcurrentHashMap.newKeySet();

    EventKinds(JdbcClient jdbc, Nodes nodes) {
        this.jdbc = jdbc;
        this.nodes = nodes;
        admitted.addAll(
                jdbc.sql("SELECT kind FROM event_kind").query(String.class).list());
    }

    /**
     * Called with the kinds of what is about to be written.
     *
     * @throws RuleBroken {@code BUSY} while a node lives that does not read one of them
     */
    void admit(Collection<String> kinds) {
        for (String kind : kinds) {
            if (!admitted.contains(kind)) {
                nodes.alone(() -> admitNew(kind));
                admitted.add(kind);
            }
        }
    }

    private void admitNew(String kind) {
        int known = jdbc.sql("SELECT count(*) FROM event_kind WHERE kind = :kind")
                .param("kind", kind)
                .query(Integer.class)
                .single();
        if (known == 0) {
            if (!nodes.thatDoNotRead(kind).isEmpty()) {
                throw new RuleBroken(
                        "BUSY",
                        "A node of an earlier version is running, which could not read what this would record (" + kind
                                + "). It can be recorded once that node has been stopped or upgraded.");
            }
            jdbc.sql("INSERT INTO event_kind (kind) VALUES (:kind)")
                    .param("kind", kind)
                    .update();
        }
    }
}
