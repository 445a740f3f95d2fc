package uk.directpayments.ledger.platform;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * The record of reads: who read whose personal data, when, through which route. It is no part of the log: there are many more reads than facts, and
 * nothing is derived from them. A row is durable before the first byte of the answer leaves; what cannot be recorded is not answered.
 */
@Component
public class ReadRecord {

    /** The most subjects that a row lists; one that names more is of everybody whom its filters let in. */
    static final int MOST_SUBJECTS = 2_000;

    /** A flag's id is a hash: nobody is called that. */
    private static final Pattern MADE = Pattern.compile("flag/F-[0-9a-f]{24}");

    private static final Logger log = LoggerFactory.getLogger(ReadRecord.class);

    private final JdbcClient jdbc;
    private final Map<Result, Counter> counters = new EnumMap<>(Result.class);

    /** What came of recording a read. */
    enum Result {
        /** It stands in the record. */
        RECORDED,
        /** An attempt that was refused stands in the record. */
        ATTEMPTED,
        /** It does not, and was therefore not answered. An attempt is refused all the same. */
        UNRECORDED
    }

    ReadRecord(JdbcClient jdbc, MeterRegistry registry) {
        this.jdbc = jdbc;
        for (Result result : Result.values()) {
            counters.put(
                    result,
                    Counter.builder(MeterNames.READS)
                            .description("Reads of personal data by what came of recording them")
                            .tag("outcome", result.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    /**
     * A read, before it is answered.
     *
     * @param route     method and pattern
     * @param status    200, or why it was refused: 403 or 404
     * @param subjects  kind/id of what was named
     * @param everybody whether it tells of everybody whom the filters let in
     * @param filters   what it was limited to, as name=value
     */
    record Read(
            Actor actor,
            String route,
            int status,
            String correlationId,
            Set<String> subjects,
            boolean everybody,
            String filters) {

        private boolean refused() {
            return status >= 400;
        }
    }

    /**
     * A row of the record.
     *
     * @param at             when it was answered, in microseconds
     * @param status         200, or 403 or 404 for an attempt that was refused
     * @param subjects       kind/id: {@code person/P-1}, {@code account/A-1}; no more than 2,000
     * @param everybody      an export, or more subjects than are listed
     */
    public record Entry(
            long readId,
            Instant at,
            String user,
            String role,
            @Nullable String organisationId,
            String route,
            int status,
            String correlationId,
            List<String> subjects,
            boolean everybody,
            String filters) {}

    /**
     * Which rows are meant.
     *
     * @param subjects any of these, or everybody; null for all rows
     * @param from     the first instant, and {@code before} the first that is not meant any more
     */
    public record Filter(
            @Nullable Collection<String> subjects,
            @Nullable String user,
            @Nullable Instant from,
            @Nullable Instant before) {}

    /** @throws RuleBroken {@code BUSY} if it cannot be recorded: it must then not be answered */
    void add(Read read) {
        boolean many = read.subjects.size() > MOST_SUBJECTS;
        try {
            jdbc.sql("""
                            INSERT INTO personal_data_read (user_id, role, organisation_id, route, status, correlation,
                                                            subjects, everybody, filters)
                            VALUES (:user, :role, :organisation, :route, :status, :correlation, :subjects, :everybody, :filters)""")
                    .param("user", read.actor.userId())
                    .param("role", read.actor.role().name())
                    .param("organisation", read.actor.organisationId())
                    .param("route", read.route)
                    .param("status", read.status)
                    .param("correlation", read.correlationId)
                    .param("subjects", many ? new String[0] : read.subjects.toArray(String[]::new))
                    .param("everybody", read.everybody || many)
                    .param("filters", read.filters)
                    .update();
        } catch (RuntimeException e) {
            unrecorded(e, read.route);
            if (read.refused()) {
                return;
            }
            throw new RuleBroken(
                    "BUSY",
                    "Who reads personal data is recorded, and that cannot be done just now; ask again a little later.");
        }
        count(read.refused() ? Result.ATTEMPTED : Result.RECORDED);
    }

    /**
     * Which of these are there: streams of the log, and ids that only the ledger makes. If nobody can be asked, none: whoever is refused stays
     * refused.
     */
    Set<String> among(Set<String> subjects) {
        Set<String> there = new TreeSet<>();
        subjects.stream().filter(subject -> MADE.matcher(subject).matches()).forEach(there::add);
        try {
            there.addAll(jdbc.sql("SELECT stream_id FROM event_log WHERE stream_id = ANY (?) AND sequence = 0")
                    .param(subjects.toArray(String[]::new))
                    .query(String.class)
                    .list());
        } catch (RuntimeException e) {
            unrecorded(e, "an attempt");
        }
        return there;
    }

    private void unrecorded(RuntimeException e, String what) {
        count(Result.UNRECORDED);
        log.error("{} could not be recorded: {}", what, ProjectionInvoker.describe(e));
    }

    private void count(Result result) {
        java.util.Objects.requireNonNull(counters.get(result)).increment();
    }

    /**
     * Rows, the newest first.
     *
     * @param after the id of the last row of the page before; null for the first page
     */
    public List<Entry> list(Filter filter, @Nullable Long after, int limit) {
        Collection<String> subjects = filter.subjects();
        return jdbc.sql("""
                        SELECT read_id, read_at, user_id, role, organisation_id, route, status, correlation, subjects, everybody, filters
                          FROM personal_data_read
                         WHERE (CAST(:after AS bigint) IS NULL OR read_id < :after)
                           AND (CAST(:subjects AS text[]) IS NULL OR subjects && CAST(:subjects AS text[]) OR everybody)
                           AND (CAST(:user AS text) IS NULL OR user_id = :user)
                           AND (CAST(:from AS timestamptz) IS NULL OR read_at >= :from)
                           AND (CAST(:before AS timestamptz) IS NULL OR read_at < :before)
                         ORDER BY read_id DESC LIMIT :limit""")
                .param("after", after)
                .param("subjects", subjects == null ? null : subjects.toArray(String[]::new))
                .param("user", filter.user())
                .param("from", at(filter.from()))
                .param("before", at(filter.before()))
                .param("limit", limit)
                .query((row, i) -> entry(row))
                .list();
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Entry entry(ResultSet row) throws SQLException {
        Array subjects = row.getArray("subjects");
        return new Entry(
                row.getLong("read_id"),
                row.getObject("read_at", OffsetDateTime.class).toInstant(),
                row.getString("user_id"),
                row.getString("role"),
                row.getString("organisation_id"),
                row.getString("route"),
                row.getInt("status"),
                row.getString("correlation"),
                List.of((String[]) subjects.getArray()),
                row.getBoolean("everybody"),
                row.getString("filters"));
    }

    /** Removes rows older than the retention, so many at most. @return how many */
    int forget(int olderThanDays, int most) {
        return jdbc.sql("""
                        DELETE FROM personal_data_read WHERE read_id IN (
                            SELECT read_id FROM personal_data_read WHERE read_at < now() - make_interval(days => :days)
                             ORDER BY read_at LIMIT :most)""").param("days", olderThanDays).param("most", most).update();
    }
}
