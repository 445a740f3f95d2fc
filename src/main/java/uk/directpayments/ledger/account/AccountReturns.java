package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.Document;
import uk.directpayments.ledger.account.AccountEvent.ReturnAccepted;
import uk.directpayments.ledger.account.AccountEvent.ReturnQueried;
import uk.directpayments.ledger.account.AccountEvent.ReturnReceived;
import uk.directpayments.ledger.account.AccountEvent.ReturnReminded;
import uk.directpayments.ledger.account.AccountEvent.ReturnRequested;
import uk.directpayments.ledger.kernel.Lists;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** Which returns were asked of accounts, and what has come of them. That one is late or missing is told by the day, not stored. */
@Component
public class AccountReturns extends Projection<Versions.Changes<AccountReturns.Entry>> {

    private final Versions<Entry> entries = new Versions<>("account_return", Entry.class);

    /** What has become of a return. One that is queried waits for an answer. */
    public enum ReturnState {
        REQUESTED,
        RECEIVED,
        QUERIED,
        ACCEPTED
    }

    /** A step after the request; {@code documents} come with a receipt, {@code reason} with a query. */
    public record Step(
            ReturnState state,
            LocalDate on,
            List<Document> documents,
            @Nullable Sealed reason) {}

    /** A return, with its steps in the order of the log. */
    public record Entry(
            String accountId,
            String returnId,
            String period,
            @Nullable String riskBand,
            LocalDate due,
            LocalDate requestedOn,
            List<Step> steps,
            List<LocalDate> reminders,
            @Nullable LocalDate acceptedOn) {

        /** The days, by a day, on which the holder was reminded. */
        public List<LocalDate> remindersBy(LocalDate day) {
            return reminders.stream().filter(on -> !on.isAfter(day)).sorted().toList();
        }

        /** What has happened by a day. */
        public List<Step> steps(LocalDate day) {
            return steps.stream().filter(step -> !step.on.isAfter(day)).toList();
        }

        public ReturnState stateOn(LocalDate day) {
            List<Step> known = steps(day);
            return known.isEmpty() ? ReturnState.REQUESTED : known.get(known.size() - 1).state;
        }

        /** The day on which something first came, or null by that day. */
        public @Nullable LocalDate receivedOn(LocalDate day) {
            return steps(day).stream()
                    .filter(step -> step.state == ReturnState.RECEIVED)
                    .map(Step::on)
                    .min(LocalDate::compareTo)
                    .orElse(null);
        }

        /** Nothing has come, and the day on which it was due has passed. */
        public boolean missing(LocalDate day) {
            return receivedOn(day) == null && day.isAfter(due);
        }

        /** Whether it was asked for before a day on which an account was closed, and nothing of it has come: nothing will. */
        public boolean lapsed(LocalDate closed, LocalDate day) {
            return requestedOn.isBefore(closed) && receivedOn(day) == null;
        }

        /** It came after the day on which it was due. */
        public boolean late(LocalDate day) {
            LocalDate received = receivedOn(day);
            return received != null && received.isAfter(due);
        }

        private Entry reminded(LocalDate on) {
            return new Entry(
                    accountId,
                    returnId,
                    period,
                    riskBand,
                    due,
                    requestedOn,
                    steps,
                    Lists.and(reminders, on),
                    acceptedOn);
        }

        private Entry and(Step step) {
            return new Entry(
                    accountId,
                    returnId,
                    period,
                    riskBand,
                    due,
                    requestedOn,
                    Lists.and(steps, step),
                    reminders,
                    step.state == ReturnState.ACCEPTED ? step.on : acceptedOn);
        }
    }

    AccountReturns() {
        super("account-returns", Order.BY_ACCOUNT, "account_return");
    }

    @When
    void on(ReturnRequested e, Recorded at, Versions.Changes<Entry> changes) {
        changes.open(
                id(at, e.returnId()),
                at,
                new Entry(
                        at.account(),
                        e.returnId(),
                        e.period(),
                        e.riskBand(),
                        e.due(),
                        e.on(),
                        List.of(),
                        List.of(),
                        null));
    }

    @When
    void on(ReturnReminded e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(id(at, e.returnId()), at, old -> old.reminded(e.on()));
    }

    @When
    void on(ReturnReceived e, Recorded at, Versions.Changes<Entry> changes) {
        step(e.returnId(), new Step(ReturnState.RECEIVED, e.on(), e.documents(), null), at, changes);
    }

    @When
    void on(ReturnAccepted e, Recorded at, Versions.Changes<Entry> changes) {
        step(e.returnId(), new Step(ReturnState.ACCEPTED, e.on(), List.of(), null), at, changes);
    }

    @When
    void on(ReturnQueried e, Recorded at, Versions.Changes<Entry> changes) {
        step(e.returnId(), new Step(ReturnState.QUERIED, e.on(), List.of(), e.reason()), at, changes);
    }

    private static void step(String returnId, Step step, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(id(at, returnId), at, old -> old.and(step));
    }

    private static String id(Recorded at, String returnId) {
        return at.account() + "/" + returnId;
    }

    @Override
    protected Versions.Changes<Entry> buffer() {
        return entries.changes();
    }

    @Override
    protected void write(Versions.Changes<Entry> changes) {
        entries.write(jdbc(), changes);
    }

    /**
     * The returns that were asked of an account by the view's day, in the order of their ids.
     *
     * @param after the last id of the page before, or null
     * @param limit the most returns
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    List<Entry> of(String accountId, @Nullable String after, int limit, View view) {
        long position = position(view);
        require(accountId, position);
        return entries.list(
                jdbc(),
                position,
                "account_id = :account AND return_id > :after AND requested_on <= :asOf ORDER BY return_id LIMIT :limit",
                Map.of(
                        "account",
                        accountId,
                        "after",
                        after == null ? "" : after,
                        "asOf",
                        view.asOf().toString(),
                        "limit",
                        limit));
    }

    /**
     * The returns of accounts that are asked for and not accepted by the view's day, whether due or not: for the report of returns due. Of an
     * account that is {@link #unavailable unavailable} what stands here may be old.
     *
     * @return by account, the longest due first; accounts without any are not there
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public Map<String, List<Entry>> open(Collection<String> accountIds, View view) {
        return entries
                .list(
                        jdbc(),
                        position(view),
                        "account_id = ANY(:ids) AND requested_on <= :asOf AND (accepted_on IS NULL OR accepted_on > :asOf)"
                                + " ORDER BY due, return_id",
                        Map.of(
                                "ids",
                                accountIds.toArray(String[]::new),
                                "asOf",
                                view.asOf().toString()))
                .stream()
                .collect(Collectors.groupingBy(Entry::accountId));
    }

    /**
     * The last day, by the view's, on which a return of each of these accounts came; one that never sent any, or whose returns are
     * unavailable at present, is not in the answer.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public Map<String, LocalDate> lastReceived(Collection<String> accountIds, View view) {
        long position = position(view);
        Set<String> wanted = new HashSet<>(accountIds);
        wanted.removeAll(unavailable(position));
        Map<String, LocalDate> last = new HashMap<>();
        entries.list(jdbc(), position, "account_id = ANY(:ids)", Map.of("ids", wanted.toArray(String[]::new)))
                .forEach(entry -> entry.steps(view.asOf()).stream()
                        .filter(step -> step.state == ReturnState.RECEIVED)
                        .forEach(step -> last.merge(
                                entry.accountId, step.on, (one, other) -> one.isAfter(other) ? one : other)));
        return last;
    }

    /** The accounts whose returns cannot be told at present. */
    public Set<String> unavailable(View view) {
        return unavailable(position(view));
    }
}
