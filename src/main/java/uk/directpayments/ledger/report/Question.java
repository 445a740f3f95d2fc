package uk.directpayments.ledger.report;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Decision;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;
import uk.directpayments.ledger.spending.FlagState;

/**
 * What a report is asked.
 *
 * @param view    the two dates, pinned to a position
 * @param filters which rows; what is null does not matter
 */
public record Question(View view, Filters filters) {

    /** How grave a flag is; each stands for one decision of the policy. */
    public enum Severity {
        HIGH(Decision.PROHIBITED),
        MEDIUM(Decision.QUERY);

        private final Decision decision;

        Severity(Decision decision) {
            this.decision = decision;
        }
    }

    /** @param basis how residential days are counted, if not as the policy says */
    public record Filters(
            @Nullable String accountId,
            @Nullable String budgetId,
            @Nullable String personId,
            @Nullable String organisationId,
            @Nullable FlagState state,
            @Nullable String reason,
            @Nullable Severity severity,
            @Nullable Basis basis) {

        public static final Filters NONE = new Filters(null, null, null, null, null, null, null, null);

        @Nullable
        Decision decision() {
            return severity == null ? null : severity.decision;
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
