package uk.directpayments.ledger.residential;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.person.PersonEvent.PersonCorrected;
import uk.directpayments.ledger.person.PersonEvent.PersonRegistered;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;
import uk.directpayments.ledger.policy.PolicyEvent.PolicyPublished;
import uk.directpayments.ledger.residential.DayCount.Question;
import uk.directpayments.ledger.residential.LimitSpan.Level;
import uk.directpayments.ledger.residential.LimitSpan.Limit;
import uk.directpayments.ledger.residential.ResidentialEvent.Particulars;
import uk.directpayments.ledger.residential.ResidentialEvent.PaymentLinked;
import uk.directpayments.ledger.residential.ResidentialEvent.RegimeOverridden;
import uk.directpayments.ledger.residential.ResidentialEvent.StayAmended;
import uk.directpayments.ledger.residential.ResidentialEvent.StayConfirmed;
import uk.directpayments.ledger.residential.ResidentialEvent.StayDischarged;
import uk.directpayments.ledger.residential.ResidentialEvent.StayPlanned;
import uk.directpayments.ledger.residential.ResidentialEvent.StayRecorded;
import uk.directpayments.ledger.residential.ResidentialEvent.StayVoided;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;

/**
 * Everybody's stays, each earlier version of them, and the days on which somebody stands near or over a limit. A person's days are
 * counted when somebody asks, from the stays as they were known: no counter could be wrong after a correction.
 */
@Component
public class ResidentialDays extends Projection<ResidentialDays.Buffer> {

    private final Versions<Counted> people = new Versions<>("residential_person", Counted.class);
    private final Versions<Kept> stays = new Versions<>("residential_stay", Kept.class);
    private final StoredSpans spans = new StoredSpans(people, stays);

    /**
     * Whose days are counted.
     *
     * @param childUntil see {@link Question}
     */
    public record Counted(
            String personId, LocalDate eighteenOn, @Nullable LocalDate childUntil) {}

    /**
     * A stay.
     *
     * @param voidedFor why it never was, or null while it counts
     */
    public record Kept(
            String personId,
            Particulars stay,
            Stay.Facts facts,
            boolean planned,
            @Nullable Sealed voidedFor) {

        private Kept with(Stay.Facts facts, boolean planned) {
            return new Kept(personId, stay, facts, planned, voidedFor);
        }

        private Kept dated(LocalDate admitted, @Nullable LocalDate discharged) {
            return with(new Stay.Facts(facts.setting(), admitted, discharged, facts.fundedByDirectPayment()), false);
        }

        boolean voided() {
            return voidedFor != null;
        }
    }

    /** A person with their stays, voided ones too, in the order of admission. */
    public record Found(Counted person, List<Kept> stays) {

        /** What {@link DayCount} is asked about this person. */
        public Question question(Basis basis, LocalDate asOf, boolean includePlanned, ResidentialPolicy policy) {
            return new Question(
                    effective(stays), person.eighteenOn, person.childUntil, basis, asOf, includePlanned, policy);
        }

        /** The spans on which the person stands near or over a limit. */
        public List<LimitSpan> spans(Basis basis, ResidentialPolicy policy) {
            return LimitSpan.of(effective(stays), person.eighteenOn, person.childUntil, basis, policy);
        }

        /** Whether there is a stay to speak of on a day: one that has begun by then, or is planned, and was not voided. */
        public boolean hasBegunOrIsPlanned(LocalDate asOf) {
            return stays.stream()
                    .anyMatch(kept -> !kept.voided()
                            && (kept.planned || !kept.facts.admitted().isAfter(asOf)));
        }

        Optional<Kept> stay(String stayId) {
            return stays.stream()
                    .filter(kept -> kept.stay.stayId().equals(stayId))
                    .findFirst();
        }

        private static List<Stay> effective(List<Kept> stays) {
            return stays.stream()
                    .filter(kept -> !kept.voided())
                    .map(kept -> new Stay(kept.stay.stayId(), kept.facts, kept.planned))
                    .toList();
        }
    }

    /** An expenditure that pays for a stay. */
    public record Payment(String stayId, String accountId, String expenditureId) {}

    /** How somebody stands at a limit. */
    public record Mark(Limit limit, Level level) {}

    /**
     * Somebody who is near or over a limit on a day.
     *
     * @param marks       none if {@code unavailable}
     * @param unavailable true if an event of this person could not be applied: how they stand cannot be told
     */
    public record Standing(String personId, List<Mark> marks, boolean unavailable) {}

    /** A batch. */
    protected record Buffer(
            Versions.Changes<Counted> people,
            Versions.Changes<Kept> stays,
            Rows payments,
            Map<String, Long> recounted,
            Map<String, Long> published) {

        /** After this event the person's spans must be computed anew. */
        private void recount(String personId, Recorded at) {
            recounted.putIfAbsent(personId, at.position());
        }

        private void stay(String stayId, Recorded at, java.util.function.UnaryOperator<Kept> change) {
            stays.change(key(at.person(), stayId), at, change);
            recount(at.person(), at);
        }
    }

    /** Of admission. */
    private static final Comparator<Kept> IN_ORDER =
            Comparator.comparing((Kept kept) -> kept.facts.admitted()).thenComparing(kept -> kept.stay.stayId());

    ResidentialDays() {
        super(
                "residential-days",
                Order.BY_PERSON,
                "residential_person",
                "residential_stay",
                "residential_limit",
                "residential_policy",
                "residential_payment");
    }

    private static String key(String personId, String stayId) {
        return personId + "/" + stayId;
    }

    // ── events ───────────────────────────────────────────────────────────────────────────────────────────────────

    @When
    void on(PersonRegistered e, Recorded at, Buffer rows) {
        rows.people.open(e.personId(), at, new Counted(e.personId(), e.eighteenOn(), null));
    }

    @When
    void on(PersonCorrected e, Recorded at, Buffer rows) {
        LocalDate eighteenOn = e.eighteenOn();
        if (eighteenOn != null) {
            rows.people.change(e.personId(), at, old -> new Counted(old.personId, eighteenOn, old.childUntil));
            rows.recount(e.personId(), at);
        }
    }

    @When
    void on(RegimeOverridden e, Recorded at, Buffer rows) {
        rows.people.change(at.person(), at, old -> new Counted(old.personId, old.eighteenOn, e.until()));
        rows.recount(at.person(), at);
    }

    @When
    void on(StayPlanned e, Recorded at, Buffer rows) {
        open(e.stay(), e.facts(), true, at, rows);
    }

    @When
    void on(StayRecorded e, Recorded at, Buffer rows) {
        open(e.stay(), e.facts(), false, at, rows);
    }

    private static void open(Particulars stay, Stay.Facts facts, boolean planned, Recorded at, Buffer rows) {
        rows.stays.open(key(at.person(), stay.stayId()), at, new Kept(at.person(), stay, facts, planned, null));
        rows.recount(at.person(), at);
    }

    @When
    void on(StayConfirmed e, Recorded at, Buffer rows) {
        rows.stay(e.stayId(), at, old -> old.dated(e.admitted(), e.discharged()));
    }

    @When
    void on(StayDischarged e, Recorded at, Buffer rows) {
        rows.stay(e.stayId(), at, old -> old.dated(old.facts.admitted(), e.discharged()));
    }

    @When
    void on(StayAmended e, Recorded at, Buffer rows) {
        rows.stay(e.stayId(), at, old -> old.with(e.now(), old.planned));
    }

    @When
    void on(StayVoided e, Recorded at, Buffer rows) {
        rows.stay(e.stayId(), at, old -> new Kept(old.personId, old.stay, old.facts, old.planned, e.reason()));
    }

    @When
    void on(PaymentLinked e, Recorded at, Buffer rows) {
        rows.payments.add(e.accountId(), e.expenditureId(), at.position(), at.person(), e.stayId());
    }

    @When
    void on(ExpenditureRecorded e, Recorded at, Buffer rows) {
        if (e.stayId() != null) {
            rows.payments.add(at.account(), e.expenditureId(), at.position(), at.person(), e.stayId());
        }
    }

    /** Whoever is near or over by its limits will be asked for. */
    @When
    void on(PolicyPublished e, Recorded at, Buffer rows) {
        rows.published.putIfAbsent(ResidentialPolicy.of(e.policy()).limits(), at.position());
    }

    // ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    protected Buffer buffer() {
        return new Buffer(
                people.changes(),
                stays.changes(),
                new Rows(
                        "residential_payment",
                        "account_id text",
                        "expenditure_id text",
                        "position bigint",
                        "person_id text",
                        "stay_id text"),
                new TreeMap<>(),
                new TreeMap<>());
    }

    @Override
    protected void write(Buffer rows) {
        people.write(jdbc(), rows.people);
        stays.write(jdbc(), rows.stays);
        rows.payments.insert(jdbc());
        spans.write(jdbc(), rows.recounted, rows.published);
    }

    // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    /**
     * A person with all stays that were known, whatever their days. Somebody who became known only after the view's {@code knownAt} is
     * found without stays; empty if there is nobody by that id.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public Optional<Found> find(String personId, View view) {
        long position = position(view);
        require(personId, position);
        Optional<Counted> known = people.find(jdbc(), personId, position);
        if (known.isEmpty() && view.atPosition() != null) {
            return people.find(jdbc(), personId, position(View.now(view.asOf())))
                    .map(person -> new Found(person, List.of()));
        }
        return known.map(person -> new Found(
                person,
                stays.list(jdbc(), position, "person_id = :person", Map.of("person", personId)).stream()
                        .sorted(IN_ORDER)
                        .toList()));
    }

    /**
     * People who have stays, each with all of them, in the order of the people's ids: three queries, however many people there are.
     *
     * @param personId only this person, or null
     * @param after    the last id of the page before, or null
     * @param limit    the most people
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public List<Found> withStays(@Nullable String personId, @Nullable String after, int limit, View view) {
        long position = position(view);
        String[] ids = jdbc().sql("""
                        SELECT DISTINCT person_id FROM residential_stay
                         WHERE from_position <= :position AND until_position > :position AND person_id > :after
                           AND (:person::text IS NULL OR person_id = :person)
                         ORDER BY person_id LIMIT :limit""")
                .param("position", position)
                .param("after", after == null ? "" : after)
                .param("person", personId, java.sql.Types.VARCHAR)
                .param("limit", limit)
                .query(String.class)
                .list()
                .toArray(String[]::new);
        Map<String, List<Kept>> kept =
                stays.list(jdbc(), position, "person_id = ANY(:ids)", Map.of("ids", ids)).stream()
                        .sorted(IN_ORDER)
                        .collect(Collectors.groupingBy(Kept::personId));
        return people.list(jdbc(), position, "id = ANY(:ids) ORDER BY id", Map.of("ids", ids)).stream()
                .map(person -> new Found(person, kept.getOrDefault(person.personId, List.of())))
                .toList();
    }

    /** The persons whose days cannot be counted at present. */
    public Set<String> unavailablePersons(View view) {
        return unavailable(position(view));
    }

    /** Which expenditures were said to pay for some stays of a person, come back since or not, in the order of accounts and expenditures. */
    public List<Payment> payments(String personId, Collection<String> stayIds, View view) {
        long position = position(view);
        require(personId, position);
        return jdbc().sql("""
                        SELECT p.stay_id, p.account_id, p.expenditure_id FROM residential_payment p
                         WHERE p.person_id = :person AND p.stay_id = ANY(:stays) AND p.position <= :position
                           AND NOT EXISTS (SELECT FROM residential_payment later
                                            WHERE later.account_id = p.account_id
                                              AND later.expenditure_id = p.expenditure_id
                                              AND later.position > p.position AND later.position <= :position)
                         ORDER BY p.account_id, p.expenditure_id""")
                .param("person", personId)
                .param("stays", stayIds.toArray(String[]::new))
                .param("position", position)
                .query(Payment.class)
                .list();
    }

    /** Whether anybody has, or had, a stay by an id. */
    boolean isAnybodys(String stayId, View view) {
        return jdbc().sql("""
                        SELECT EXISTS (SELECT FROM residential_stay
                                        WHERE stay_id = :stay AND from_position <= :position)""")
                .param("stay", stayId)
                .param("position", position(view))
                .query(Boolean.class)
                .single();
    }

    /**
     * Who is near or over a limit on the view's {@code asOf}, in the order of their ids: one query over an index, however many people there
     * are. Planned stays do not count. Whose days cannot be counted at present is among them, however they stood before.
     *
     * @param policy the default, or one whose publication the view knows
     * @param after  the last id of the page before, or null
     * @param limit  the most people
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public List<Standing> nearOrOver(
            ResidentialPolicy policy, Basis basis, @Nullable String after, int limit, View view) {
        long position = position(view);
        Set<String> unavailable = unavailable(position);
        Stream<Standing> counted =
                spans.nearOrOver(jdbc(), policy.limits(), basis, after, limit, view.asOf(), position).stream()
                        .filter(one -> !unavailable.contains(one.personId));
        Stream<Standing> uncounted = unavailable.stream()
                .filter(personId -> after == null || personId.compareTo(after) > 0)
                .map(personId -> new Standing(personId, List.of(), true));
        return Stream.concat(counted, uncounted)
                .sorted(Comparator.comparing(Standing::personId))
                .limit(limit)
                .toList();
    }

    /** The position at which reads of this view are answered. */
    public long positionOf(View view) {
        return position(view);
    }
}
