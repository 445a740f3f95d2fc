package uk.directpayments.ledger.policy;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;
import uk.directpayments.ledger.policy.PolicyEvent.PolicyPublished;

/**
 * The council's policy on two dates: which version was in force on a day, of those that were known. What a version says never changes, so it
 * is kept in memory once read; which versions there are is asked each time, a query over a handful of rows.
 */
@Component
public class Policies extends Projection<Rows> {

    private final Map<String, Policy> byVersion = new ConcurrentHashMap<>();

    /**
     * How a version came about.
     *
     * @param publishedOn null of the default, like {@code publishedBy}
     */
    record Published(
            String version,
            LocalDate effectiveFrom,
            boolean retrospective,
            @Nullable String reason,
            @Nullable String publishedBy,
            @Nullable LocalDate publishedOn) {}

    Policies() {
        super("policies", Order.BY_LOG, "policy_version");
        Policy standard = Policy.standard();
        byVersion.put(standard.version(), standard);
    }

    @When
    void on(PolicyPublished e, Recorded at, Rows versions) {
        versions.add(
                e.version(),
                e.effectiveFrom(),
                at.position(),
                Settings.JSON.writeValueAsString(e.settings()),
                e.retrospective(),
                e.reason(),
                at.actor(),
                e.on());
    }

    @Override
    protected Rows buffer() {
        return new Rows(
                "policy_version",
                "version text",
                "effective_from date",
                "position bigint",
                "settings jsonb",
                "retrospective boolean",
                "reason text",
                "published_by text",
                "published_on date");
    }

    @Override
    protected void write(Rows versions) {
        versions.insert(jdbc());
    }

    /**
     * The policy of a day, for a decision that is made now: of all that has been published. Whoever publishes is answered once it stands here, so
     * nobody needs to wait.
     */
    public Policy on(LocalDate day) {
        return now().apply(day);
    }

    /** As {@link #on(LocalDate)}, for decisions that are made together: of all that has been published by this moment. */
    public Function<LocalDate, Policy> now() {
        List<Published> published = upTo(Long.MAX_VALUE);
        return day -> inForce(day, published);
    }

    /**
     * The policy of a day, as the view knows it.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public Policy on(LocalDate day, View view) {
        return byDay(view).apply(day);
    }

    /**
     * As {@link #on(LocalDate, View)}, for many days: in one query.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public Function<LocalDate, Policy> byDay(View view) {
        List<Published> published = published(view);
        return day -> inForce(day, published);
    }

    private Policy inForce(LocalDate day, List<Published> published) {
        Timeline timeline = new Timeline();
        published.forEach(version -> timeline.add(version.effectiveFrom, version.version));
        return version(timeline.inForce(day));
    }

    /** The first day of the next version that the view knows to be in force after a day, or null. */
    public @Nullable LocalDate nextAfter(LocalDate day, View view) {
        return beginnings(view)
                .filter(from -> from.isAfter(day))
                .min(LocalDate::compareTo)
                .orElse(null);
    }

    /** The first of the days that a version answers for which begins on a day: of those that the view knows, the earliest answers for all before it, too. */
    public LocalDate answersFrom(LocalDate day, View view) {
        return beginnings(view).anyMatch(from -> from.isBefore(day)) ? day : BusinessDay.EARLIEST;
    }

    private Stream<LocalDate> beginnings(View view) {
        return Stream.concat(
                Stream.of(Policy.standard().effectiveFrom()),
                published(view).stream().map(Published::effectiveFrom));
    }

    /** What a version says, whether it is in force or not. It must have been published. */
    public Policy version(String version) {
        return byVersion.computeIfAbsent(
                version,
                unknown -> jdbc().sql(
                                "SELECT effective_from, settings::text FROM policy_version WHERE version = :version")
                        .param("version", version)
                        .query((row, i) -> new Policy(
                                version,
                                row.getObject(1, LocalDate.class),
                                new Settings(Settings.JSON.readValue(
                                        row.getString(2), new TypeReference<Map<String, String>>() {}))))
                        .single());
    }

    /** The versions that the view knows, in the order in which they were published; the default is not among them. */
    List<Published> published(View view) {
        return upTo(position(view));
    }

    private List<Published> upTo(long position) {
        return jdbc().sql("""
                        SELECT version, effective_from, retrospective, reason, published_by, published_on FROM policy_version
                         WHERE position <= :position ORDER BY position""")
                .param("position", position)
                .query(Published.class)
                .list();
    }
}
