package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;
import uk.directpayments.ledger.spending.FlagState;
import uk.directpayments.ledger.spending.Severity;

/**
 * What a report is asked.
 *
 * @param view    the two dates, pinned to a position
 * @param filters which rows; what is null does not matter
 */
public record Question(View view, Filters filters) {

    /** What the rows of a report are about. */
    public enum By {
        LINE,
        SOURCE
    }

    /** A period, both days included. */
    public record Period(LocalDate from, LocalDate to) {

        /** @throws RuleBroken {@code FIELD_INVALID} unless both days are given, or neither, and in their order */
        static @Nullable Period of(@Nullable LocalDate from, @Nullable LocalDate to) {
            if (from == null && to == null) {
                return null;
            }
            if (from == null || to == null) {
                throw new RuleBroken("FIELD_INVALID", "from and to go together.", from == null ? "from" : "to");
            }
            Require.inOrder(from, to);
            return new Period(from, to);
        }
    }

    /**
     * @param basis  how residential days are counted, if not as the policy says
     * @param period of which the report is, if not of all time up to the view's day
     */
    public record Filters(
            @Nullable String accountId,
            @Nullable String budgetId,
            @Nullable String personId,
            @Nullable String organisationId,
            @Nullable FlagState state,
            @Nullable String reason,
            @Nullable Severity severity,
            @Nullable Basis basis,
            @Nullable Period period,
            @Nullable By by) {

        public static final Filters NONE = new Filters(null, null, null, null, null, null, null, null, null, null);

        static Filters ofPerson(String personId) {
            return new Filters(null, null, personId, null, null, null, null, null, null, null);
        }

        private Map<String, Object> given() {
            Map<String, @Nullable Object> all = new TreeMap<>();
            all.put("accountId", accountId);
            all.put("budgetId", budgetId);
            all.put("personId", personId);
            all.put("organisationId", organisationId);
            all.put("state", state);
            all.put("reason", reason);
            all.put("severity", severity);
            all.put("basis", basis);
            all.put("from", period);
            all.put("by", by);
            return all.entrySet().stream()
                    .filter(filter -> filter.getValue() != null)
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }
    }

    /**
     * Refuses a filter that the report does not heed: its totals would look like those of fewer rows.
     *
     * @throws RuleBroken {@code FIELD_UNKNOWN}
     */
    void requireHeededBy(Report report) {
        filters.given().keySet().stream()
                .filter(filter -> !report.filters().contains(filter))
                .findFirst()
                .ifPresent(filter -> {
                    throw new RuleBroken(
                            "FIELD_UNKNOWN", "The report " + report.name() + " has no filter " + filter + ".", filter);
                });
    }
}
