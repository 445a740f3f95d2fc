package uk.directpayments.ledger.spending;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.budget.BudgetEvent;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.person.PersonEvent;
import uk.directpayments.ledger.platform.Conditions;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.residential.ResidentialEvent;
import uk.directpayments.ledger.residential.ResidentialEvent.PaymentLinked;
import uk.directpayments.ledger.residential.ResidentialEvent.StayVoided;
import uk.directpayments.ledger.spending.FlagEvent.FlagRaised;
import uk.directpayments.ledger.spending.ItemsFile.Around;

/**
 * Every flag and each earlier version of it: derived from what the log tells of a person, in its order, by {@link Detection} and
 * {@link StayDetection}; and what people decided. A batch reads and writes a few statements, however many events it has: the facts of its
 * persons, the expenditures around those of the batch, and their flags.
 */
@Component
public class FlagRegister extends Projection<FlagRegister.Buffer> {

    /** The newest versions: until_position is open. */
    private static final long NEWEST = Versions.OPEN - 1;

    private final Versions<Flag> flags = new Versions<>("spend_flag", Flag.class);
    private final FactsFile facts = new FactsFile();
    private final ItemsFile items = new ItemsFile();
    private final Detection detection;
    private final StayDetection stays;

    private record Step(Object event, Recorded at) {}

    /** The events of a batch, and what must be read to work through them. */
    public static final class Buffer {

        private final List<Step> steps = new ArrayList<>();
        private final Set<String> persons = new LinkedHashSet<>();
        private final Set<Around> around = new LinkedHashSet<>();
        private final Set<String> items = new LinkedHashSet<>();
        private final Set<String> flags = new LinkedHashSet<>();
        private final Set<String> whole = new LinkedHashSet<>();
        private final Set<String> moved = new LinkedHashSet<>();

        private void step(Object event, Recorded at) {
            steps.add(new Step(event, at));
            persons.add(at.person());
        }
    }

    FlagRegister(Policies policies) {
        super("flag-register", Order.BY_PERSON, "spend_flag", "spend_facts", "spend_balance", "spend_item");
        this.detection = new Detection(policies::version);
        this.stays = new StayDetection(policies::version);
    }

    // ── events ───────────────────────────────────────────────────────────────────────────────────────────────────

    @When
    void on(AccountEvent e, Recorded at, Buffer batch) {
        batch.step(e, at);
        if (e instanceof ExpenditureRecorded spent) {
            batch.around.add(Around.of(Item.of(spent, at), detection));
            return;
        }
        batch.moved.add(at.account());
        if (e instanceof ExpenditureReversed back) {
            original(batch, at.account(), back.expenditureId());
        } else if (e instanceof RefundReceived back) {
            original(batch, at.account(), back.expenditureId());
        } else if (e instanceof ExpenditureReclassified other) {
            original(batch, at.account(), other.expenditureId());
        } else if (PersonCase.looksAtAllOfAccount(e)) {
            batch.whole.add(at.person());
        }
    }

    private static void original(Buffer batch, String accountId, String expenditureId) {
        batch.items.add(Item.key(accountId, expenditureId));
    }

    @When
    void on(BudgetEvent e, Recorded at, Buffer batch) {
        batch.step(e, at);
        batch.whole.add(at.person());
    }

    @When
    void on(PersonEvent e, Recorded at, Buffer batch) {
        batch.step(e, at);
    }

    @When
    void on(ResidentialEvent e, Recorded at, Buffer batch) {
        batch.step(e, at);
        if (e instanceof PaymentLinked linked) {
            original(batch, linked.accountId(), linked.expenditureId());
        }
    }

    @When
    void on(FlagEvent e, Recorded at, Buffer batch) {
        batch.step(e, at);
        batch.flags.add(at.id());
        if (e instanceof FlagRaised raised) {
            original(batch, raised.accountId(), raised.transactionId());
        }
    }

    // ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    protected Buffer buffer() {
        return new Buffer();
    }

    @Override
    protected void write(Buffer batch) {
        if (batch.steps.isEmpty()) {
            return;
        }
        Map<String, Facts> known = facts.find(jdbc(), batch.persons);
        Map<String, PersonCase> cases = open(batch, known);
        Versions.Changes<Flag> changes = flags.changes();
        for (Step step : batch.steps) {
            PersonCase file = cases.get(step.at.person());
            if (file != null) {
                file.apply(step.event, step.at).forEach(flag -> changes.put(flag.flagId(), step.at, flag));
            }
        }
        Map<String, Facts> newFacts = new LinkedHashMap<>();
        Map<String, Item> newItems = new LinkedHashMap<>();
        cases.forEach((person, file) -> {
            newFacts.put(person, file.facts());
            file.changedItems().forEach(item -> newItems.put(item.key(), item));
        });
        facts.write(jdbc(), known, newFacts);
        items.write(jdbc(), newItems);
        flags.write(jdbc(), changes);
    }

    private Map<String, PersonCase> open(Buffer batch, Map<String, Facts> known) {
        Map<String, PersonCase> cases = new HashMap<>();
        batch.persons.forEach(person ->
                cases.put(person, new PersonCase(person, known.getOrDefault(person, Facts.NOTHING), detection, stays)));
        Set<String> named = new LinkedHashSet<>(batch.items);
        named.addAll(paidFor(known, batch));
        Map<String, Item> originals = items.find(jdbc(), named);
        Map<String, Item> overspent = items.find(jdbc(), overspent(known.values(), batch.moved));
        Set<Around> apart = new LinkedHashSet<>(batch.around);
        overspent.values().forEach(item -> apart.add(Around.of(item, detection)));
        Set<Around> widely = new LinkedHashSet<>();
        originals.values().forEach(item -> widely.add(Around.widely(item)));
        Map<String, Item> judged = new HashMap<>(originals);
        judged.putAll(overspent);
        // what lies near an original is judged again, by what lies near that
        items.around(jdbc(), widely).forEach(item -> judged.put(item.key(), item));
        if (!batch.whole.isEmpty()) {
            items.ofAccounts(jdbc(), accounts(known, batch.whole)).forEach(item -> judged.put(item.key(), item));
        }
        Map<String, Item> read = new HashMap<>(judged);
        items.around(jdbc(), apart).forEach(item -> read.put(item.key(), item));
        read.values().forEach(item -> file(cases, item.personId()).ifPresent(file -> file.add(item)));
        judged(batch, judged.values())
                .forEach(flag -> file(cases, flag.personId()).ifPresent(file -> file.add(flag)));
        return cases;
    }

    /**
     * By what accounts are overspent: in question by less, no longer, or another one is, only after something else than further spending, or when a
     * payment ahead comes.
     */
    private static Set<String> overspent(Collection<Facts> known, Set<String> moved) {
        Set<String> keys = new LinkedHashSet<>();
        for (Facts of : known) {
            of.accounts().forEach((accountId, account) -> {
                if (moved.contains(accountId) || !account.ahead().isEmpty()) {
                    account.overspending().forEach(id -> keys.add(Item.key(accountId, id)));
                }
            });
        }
        return keys;
    }

    private static String[] accounts(Map<String, Facts> known, Set<String> persons) {
        return persons.stream()
                .flatMap(person -> known.getOrDefault(person, Facts.NOTHING).accounts().keySet().stream())
                .toArray(String[]::new);
    }

    /** What is linked to a stay that a batch voids. */
    private static Set<String> paidFor(Map<String, Facts> known, Buffer batch) {
        Set<String> keys = new LinkedHashSet<>();
        for (Step step : batch.steps) {
            Facts of = known.get(step.at.person());
            if (step.event instanceof StayVoided voided
                    && of != null
                    && of.stays().containsKey(voided.stayId())) {
                keys.addAll(of.stays().get(voided.stayId()).payments());
            }
        }
        return keys;
    }

    /** The flags that the events of a batch may change: of expenditures recorded before it that are judged again, of the persons, by id. */
    private List<Flag> judged(Buffer batch, Collection<Item> again) {
        List<Flag> found = new ArrayList<>(flags.list(
                jdbc(),
                NEWEST,
                "person_id = ANY(:persons) AND transaction_id IS NULL",
                Map.of("persons", batch.persons.toArray(String[]::new))));
        if (!batch.flags.isEmpty()) {
            found.addAll(
                    flags.list(jdbc(), NEWEST, "id = ANY(:ids)", Map.of("ids", batch.flags.toArray(String[]::new))));
        }
        if (!again.isEmpty()) {
            found.addAll(flags.list(
                    jdbc(),
                    NEWEST,
                    "(account_id, transaction_id) IN (SELECT * FROM unnest(:accounts::text[], :transactions::text[]))",
                    Map.of(
                            "accounts",
                            again.stream().map(Item::accountId).toArray(String[]::new),
                            "transactions",
                            again.stream().map(Item::expenditureId).toArray(String[]::new))));
        }
        return found;
    }

    private static Optional<PersonCase> file(Map<String, PersonCase> cases, String person) {
        return Optional.ofNullable(cases.get(person));
    }

    // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    /** Which flags a list holds; what is null does not matter. */
    record Filter(
            @Nullable FlagState state,
            @Nullable String reason,
            @Nullable Severity severity,
            @Nullable String accountId,
            @Nullable String personId,
            Optional<Set<String>> amongAccounts) {}

    private static final String STATE = lastOfHistory("state");
    private static final String AMOUNT = lastOfHistory("amount");

    /** How a flag stood on the view's day. */
    private static String lastOfHistory(String field) {
        return """
            (SELECT step.s ->> '%s' FROM jsonb_array_elements(document -> 'history') WITH ORDINALITY AS step(s, n)
              WHERE step.s ->> 'on' <= :asOf ORDER BY n DESC LIMIT 1)""".formatted(field);
    }

    /**
     * Flags raised by the view's day, in the order of their ids.
     *
     * @param after the last id of the page before, or null
     * @param limit the most flags
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    List<Flag> list(Filter filter, @Nullable String after, int limit, View view) {
        Conditions wanted = new Conditions()
                .and("on_day <= :asOf", "asOf", view.asOf().toString())
                .equal("account_id", filter.accountId)
                .equal("person_id", filter.personId)
                .equal("reason", filter.reason);
        if (filter.severity != null) {
            wanted.and(filter.severity == Severity.HIGH ? "prohibited" : "NOT prohibited");
        }
        if (filter.state != null) {
            wanted.and(STATE + " = :state", "state", filter.state.name());
        }
        filter.amongAccounts.ifPresent(
                accounts -> wanted.and("account_id = ANY(:among)", "among", accounts.toArray(String[]::new)));
        return flags.list(jdbc(), position(view), wanted.page(after, limit), wanted.values());
    }

    /** How many flags of a state there are, and what is in question of them. @param age 0 before the first of the ages asked for, 1 from it on … */
    record Heap(FlagState state, int age, long count, Money amount) {}

    /**
     * The flags of some states, counted and added up by state and age; and those of the largest amounts.
     *
     * @param states   which
     * @param ages     days since the spending at which the next heap begins, ascending; the first heap begins before the first of them
     * @param among    only those of these accounts, if present
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    List<Heap> heaps(Collection<FlagState> states, int[] ages, Optional<Set<String>> among, View view) {
        Map<String, Object> parameters = some(states, among, view);
        parameters.put("ages", Arrays.stream(ages).boxed().toArray(Integer[]::new));
        return jdbc().sql("""
                        SELECT state, width_bucket(CAST(:asOf AS date) - on_day::date, CAST(:ages AS int[])), count(*), sum(pence)::bigint
                          FROM (SELECT %s AS state, on_day, (%s::numeric * 100)::bigint AS pence
                                  FROM spend_flag
                                 WHERE from_position <= :position AND until_position > :position AND on_day <= :asOf %s) flag
                         WHERE state = ANY(:states) GROUP BY 1, 2 ORDER BY 1, 2""".formatted(STATE, AMOUNT, among(among)))
                .params(parameters)
                .param("position", position(view))
                .query((row, i) -> new Heap(
                        FlagState.valueOf(row.getString(1)),
                        row.getInt(2),
                        row.getLong(3),
                        Money.ofPence(row.getLong(4))))
                .list();
    }

    /** The flags of some states with most in question. */
    List<Flag> largest(Collection<FlagState> states, int most, Optional<Set<String>> among, View view) {
        Map<String, Object> parameters = some(states, among, view);
        parameters.put("most", most);
        return flags.list(
                jdbc(),
                position(view),
                "on_day <= :asOf %s AND %s = ANY(:states) ORDER BY %s::numeric DESC, id LIMIT :most"
                        .formatted(among(among), STATE, AMOUNT),
                parameters);
    }

    /** The flags of accounts that are in one of some states on the view's day, by id. */
    List<Flag> inState(Collection<FlagState> states, Set<String> accountIds, View view) {
        return flags.list(
                jdbc(),
                position(view),
                "on_day <= :asOf AND account_id = ANY(:among) AND %s = ANY(:states) ORDER BY id".formatted(STATE),
                some(states, Optional.of(accountIds), view));
    }

    private static String among(Optional<Set<String>> accounts) {
        return accounts.isPresent() ? "AND account_id = ANY(:among)" : "";
    }

    private static Map<String, Object> some(Collection<FlagState> states, Optional<Set<String>> among, View view) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("asOf", view.asOf().toString());
        parameters.put("states", states.stream().map(FlagState::name).toArray(String[]::new));
        among.ifPresent(accounts -> parameters.put("among", accounts.toArray(String[]::new)));
        return parameters;
    }

    /** One flag as the view knows it; empty if it does not, or it was raised of a later day, or who asks does not see its account. */
    Optional<Flag> find(String flagId, Predicate<String> sees, View view) {
        return seen(flagId, sees, view).filter(Seen::visible).map(Seen::flag);
    }

    /** A flag, as a view sees it. {@code visible} is false before it was raised or known: it has no state then, and nothing is in question. */
    record Seen(Flag flag, boolean visible) {}

    /** One flag, also before it was raised or known; empty if there is none at all, or who asks does not see its account. */
    Optional<Seen> seen(String flagId, Predicate<String> sees, View view) {
        long position = position(view);
        Optional<Flag> known = flags.find(jdbc(), flagId, position);
        Optional<Flag> found = known.or(() -> flags.find(jdbc(), flagId, position(View.now(view.asOf()))))
                .filter(flag -> sees.test(flag.finding().accountId()));
        found.ifPresent(flag -> require(flag.personId(), position));
        return found.map(flag -> new Seen(flag, known.isPresent() && flag.stateOn(view.asOf()) != null));
    }

    /** @param duplicate whether one for this transaction and reason is open: then it is that one's id */
    record NewId(String flagId, boolean duplicate) {}

    /** The id of a flag that is raised by hand. */
    NewId newFlagId(String accountId, String transactionId, String reason, View view) {
        List<Flag> known =
                ofTransactions(accountId, List.of(transactionId), view).getOrDefault(transactionId, List.of()).stream()
                        .filter(flag -> flag.finding().reason().equals(reason))
                        .toList();
        return known.stream()
                .filter(flag -> flag.openOn(view.asOf()))
                .findFirst()
                .map(open -> new NewId(open.flagId(), true))
                .orElseGet(() -> new NewId(
                        Finding.id(accountId, transactionId, reason, "by hand", String.valueOf(known.size())), false));
    }

    /** What people have done by now about the other flags of a flag's transaction. */
    List<FlagLife> others(String accountId, String transactionId, String flagId, View view) {
        return ofTransactions(accountId, List.of(transactionId), view).getOrDefault(transactionId, List.of()).stream()
                .filter(flag -> !flag.flagId().equals(flagId))
                .map(flag -> flag.lifeOn(view.asOf()))
                .filter(life -> life.upheld() != null)
                .toList();
    }

    /** What of an expenditure has not come back by now; empty of any other transaction. */
    Optional<Money> left(String accountId, String transactionId) {
        String key = Item.key(accountId, transactionId);
        return Optional.ofNullable(items.find(jdbc(), Set.of(key)).get(key)).map(Item::left);
    }

    /** Flags of transactions of an account, whatever their state, by transaction. */
    Map<String, List<Flag>> ofTransactions(String accountId, Collection<String> transactionIds, View view) {
        Map<String, List<Flag>> found = new HashMap<>();
        flags.list(
                        jdbc(),
                        position(view),
                        "account_id = :account AND transaction_id = ANY(:transactions) AND on_day <= :asOf ORDER BY id",
                        Map.of(
                                "account",
                                accountId,
                                "transactions",
                                transactionIds.toArray(String[]::new),
                                "asOf",
                                view.asOf().toString()))
                .forEach(flag -> found.computeIfAbsent(
                                String.valueOf(flag.finding().transactionId()), none -> new ArrayList<>())
                        .add(flag));
        return found;
    }

    /** How many flags of accounts are open on the view's day: something is still to be done about them. */
    Map<String, Integer> open(Collection<String> accountIds, View view) {
        Map<String, Integer> open = new HashMap<>();
        jdbc().sql("""
                        SELECT account_id, count(*)::integer
                          FROM (SELECT account_id, %s AS state FROM spend_flag
                                 WHERE from_position <= :position AND until_position > :position
                                   AND account_id = ANY(:accounts) AND on_day <= :asOf) AS flag
                         WHERE state = ANY(:open) GROUP BY account_id""".formatted(STATE))
                .param("position", position(view))
                .param("accounts", accountIds.toArray(String[]::new))
                .param("asOf", view.asOf().toString())
                .param(
                        "open",
                        Arrays.stream(FlagState.values())
                                .filter(FlagState::open)
                                .map(Enum::name)
                                .toArray(String[]::new))
                .query((row, i) -> open.put(row.getString(1), row.getInt(2)))
                .list();
        return open;
    }

    /** The same view, pinned to the position that this register answers it at. */
    View pinned(View view) {
        return view.at(position(view));
    }

    /** @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE} */
    void requirePerson(String personId, View view) {
        require(personId, position(view));
    }

    /** Persons whose flags cannot be relied on at present. */
    Set<String> unavailablePersons(View view) {
        return unavailable(position(view));
    }
}
