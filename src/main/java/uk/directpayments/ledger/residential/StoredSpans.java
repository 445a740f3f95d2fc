package uk.directpayments.ledger.residential;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.Versions.Version;
import uk.directpayments.ledger.residential.LimitSpan.Level;
import uk.directpayments.ledger.residential.LimitSpan.Limit;
import uk.directpayments.ledger.residential.ResidentialDays.Counted;
import uk.directpayments.ledger.residential.ResidentialDays.Found;
import uk.directpayments.ledger.residential.ResidentialDays.Kept;
import uk.directpayments.ledger.residential.ResidentialDays.Mark;
import uk.directpayments.ledger.residential.ResidentialDays.Standing;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;

/**
 * The part of {@link ResidentialDays} that stores on which days people stand near or over a limit, on either basis: by the default
 * policy's limits from the first event on, and by any others from the position at which a policy with them was published. So who is near
 * or over is one query over an index, by whatever policy, at every position at which that policy was known.
 */
final class StoredSpans {

    /** Few enough to hold their stays in memory. */
    private static final int PEOPLE_AT_A_TIME = 500;

    private static final String FOR_EVER = "infinity";
    private static final String DEFAULT = ResidentialPolicy.DEFAULT.limits();

    /** One scan of an index, however many people there are: of all spans, few end after a day of the present. */
    static final String NEAR_OR_OVER = """
            SELECT person_id, array_agg(DISTINCT limit_name || '/' || level) AS marks
              FROM residential_limit
             WHERE limits = :limits AND basis = :basis AND until_on > :asOf AND from_on <= :asOf
               AND from_position <= :position AND until_position > :position AND person_id > :after
             GROUP BY person_id ORDER BY person_id LIMIT :limit""";

    private final Versions<Counted> people;
    private final Versions<Kept> stays;

    StoredSpans(Versions<Counted> people, Versions<Kept> stays) {
        this.people = people;
        this.stays = stays;
    }

    // ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    /**
     * Stores, after everybody's stays have been written, what follows from them. Whoever publishes goes through everybody and keeps those
     * who recount out meanwhile, so that no stay is overlooked between them.
     *
     * @param recounted by person, the first position of the batch at which their stays changed
     * @param published by {@linkplain ResidentialPolicy#limits limits}, the first position of the batch at which a policy with them was published
     */
    void write(JdbcClient jdbc, Map<String, Long> recounted, Map<String, Long> published) {
        if (!published.isEmpty()) {
            lock(jdbc, "EXCLUSIVE");
            published.forEach((limits, position) -> adopt(jdbc, limits, position));
        }
        if (!recounted.isEmpty()) {
            lock(jdbc, "SHARE");
            Map<String, Long> adopted = new LinkedHashMap<>(Map.of(DEFAULT, 0L));
            jdbc.sql("SELECT limits, since FROM residential_policy")
                    .query((row, i) -> adopted.put(row.getString(1), row.getLong(2)))
                    .list();
            store(jdbc, adopted, recounted);
        }
    }

    private static void lock(JdbcClient jdbc, String mode) {
        jdbc.sql("LOCK TABLE residential_policy IN " + mode + " MODE").update();
    }

    /** Events of different keys may come in any order: if an earlier publication comes late, its limits count from there. */
    private void adopt(JdbcClient jdbc, String limits, long position) {
        if (limits.equals(DEFAULT) || !isNews(jdbc, limits, position)) {
            return;
        }
        String after = "";
        for (List<String> page = page(jdbc, after); !page.isEmpty(); page = page(jdbc, after)) {
            store(
                    jdbc,
                    Map.of(limits, position),
                    page.stream().collect(Collectors.toMap(Function.identity(), person -> position)));
            after = page.get(page.size() - 1);
        }
    }

    private static boolean isNews(JdbcClient jdbc, String limits, long position) {
        return jdbc.sql("""
                                INSERT INTO residential_policy AS known (limits, since) VALUES (:limits, :since)
                                ON CONFLICT (limits) DO UPDATE SET since = EXCLUDED.since WHERE known.since > EXCLUDED.since""").param("limits", limits).param("since", position).update() > 0;
    }

    private static List<String> page(JdbcClient jdbc, String after) {
        return jdbc.sql("""
                        SELECT DISTINCT person_id FROM residential_stay WHERE person_id > :after
                         ORDER BY person_id LIMIT\s""" + PEOPLE_AT_A_TIME)
                .param("after", after)
                .query(String.class)
                .list();
    }

    /** Computes people's spans anew, by some limits since a position each, from where something about them changed. */
    private void store(JdbcClient jdbc, Map<String, Long> since, Map<String, Long> changed) {
        Rows old = new Rows("residential_limit", "person_id text", "limits text", "position bigint");
        Rows spans = new Rows(
                "residential_limit",
                "person_id text",
                "from_position bigint",
                "until_position bigint",
                "limits text",
                "basis text",
                "limit_name text",
                "level text",
                "from_on date",
                "until_on date",
                "stay_id text");
        Map<String, String[]> ids = Map.of("ids", changed.keySet().toArray(String[]::new));
        Map<String, List<Version<Counted>>> counted =
                byPerson(people.history(jdbc, "id = ANY(:ids)", ids), Counted::personId);
        Map<String, List<Version<Kept>>> kept =
                byPerson(stays.history(jdbc, "person_id = ANY(:ids)", ids), Kept::personId);
        changed.forEach((personId, changedAt) -> {
            List<Version<Counted>> person = counted.getOrDefault(personId, List.of());
            List<Version<Kept>> theirs = kept.getOrDefault(personId, List.of());
            since.forEach((limits, begun) -> {
                long first = Math.max(begun, changedAt);
                old.add(personId, limits, first);
                List<Long> positions = positions(first, person, theirs);
                for (int i = 0; i < positions.size(); i++) {
                    long from = positions.get(i);
                    long until = i + 1 < positions.size() ? positions.get(i + 1) : Versions.OPEN;
                    validAt(from, person)
                            .map(one -> new Found(one, validAt(from, theirs).toList()))
                            .findFirst()
                            .ifPresent(found -> add(spans, found, limits, from, until));
                }
            });
        });
        old.unnest(jdbc, """
                , gone AS (
                    DELETE FROM residential_limit t USING rows
                     WHERE t.person_id = rows.person_id AND t.limits = rows.limits AND t.from_position >= rows.position)
                UPDATE residential_limit t SET until_position = rows.position FROM rows
                 WHERE t.person_id = rows.person_id AND t.limits = rows.limits
                   AND t.from_position < rows.position AND t.until_position > rows.position""");
        spans.insert(jdbc);
    }

    /** A position, and those behind it at which something about the person changed. */
    private static List<Long> positions(long first, List<Version<Counted>> person, List<Version<Kept>> stays) {
        Set<Long> positions = new TreeSet<>(Set.of(first));
        Stream.concat(person.stream(), stays.stream())
                .map(Version::from)
                .filter(from -> from > first)
                .forEach(positions::add);
        return List.copyOf(positions);
    }

    private static void add(Rows spans, Found found, String limits, long from, long until) {
        ResidentialPolicy policy = ResidentialPolicy.withLimits(limits);
        for (Basis basis : Basis.values()) {
            for (LimitSpan span : found.spans(basis, policy)) {
                spans.add(
                        found.person().personId(),
                        from,
                        until,
                        limits,
                        basis,
                        span.limit(),
                        span.level(),
                        span.from(),
                        span.until() == null ? FOR_EVER : span.until(),
                        span.stayId());
            }
        }
    }

    private static <T> Map<String, List<Version<T>>> byPerson(List<Version<T>> versions, Function<T, String> personId) {
        return versions.stream().collect(Collectors.groupingBy(version -> personId.apply(version.document())));
    }

    private static <T> Stream<T> validAt(long position, List<Version<T>> versions) {
        return versions.stream().filter(version -> version.isValidAt(position)).map(Version::document);
    }

    // ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    /** See {@link ResidentialDays#nearOrOver}; of those who can be counted. */
    List<Standing> nearOrOver(
            JdbcClient jdbc,
            String limits,
            Basis basis,
            @Nullable String after,
            int limit,
            LocalDate asOf,
            long position) {
        if (!limits.equals(DEFAULT)
                && since(jdbc, limits).filter(since -> since <= position).isEmpty()) {
            throw new RuleBroken(
                    "FIGURE_UNAVAILABLE",
                    "Who is near or over a limit cannot be told right now: the publication of the policy in force could not be applied.");
        }
        return jdbc.sql(NEAR_OR_OVER)
                .param("limits", limits)
                .param("basis", basis.name())
                .param("asOf", asOf)
                .param("position", position)
                .param("after", after == null ? "" : after)
                .param("limit", limit)
                .query((row, i) -> {
                    String personId = row.getString("person_id");
                    String[] marks = (String[]) row.getArray("marks").getArray();
                    return new Standing(
                            personId,
                            Arrays.stream(marks)
                                    .sorted(Comparator.naturalOrder())
                                    .map(StoredSpans::mark)
                                    .toList(),
                            false);
                })
                .list();
    }

    private static Optional<Long> since(JdbcClient jdbc, String limits) {
        return jdbc.sql("SELECT since FROM residential_policy WHERE limits = :limits")
                .param("limits", limits)
                .query(Long.class)
                .optional();
    }

    private static Mark mark(String text) {
        int slash = text.indexOf('/');
        return new Mark(Limit.valueOf(text.substring(0, slash)), Level.valueOf(text.substring(slash + 1)));
    }
}
