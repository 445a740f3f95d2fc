package uk.directpayments.ledger.residential;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.residential.ResidentialDays.Mark;
import uk.directpayments.ledger.residential.ResidentialDays.Standing;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;

/** {@code GET /residential-days/near-limits}: everybody who is near or over a limit on a day, by the policy in force on it. Rulebook 2.10. */
@RestController
class NearLimitReads {

    private final ResidentialDays days;
    private final Policies policies;

    NearLimitReads(ResidentialDays days, Policies policies) {
        this.days = days;
        this.policies = policies;
    }

    /**
     * A person who is near or over a limit.
     *
     * @param limits      of each limit, how near; none if {@code unavailable}
     * @param unavailable true if something known of this person could not be counted: how they stand cannot be told
     */
    record NearLimit(
            String personId,
            Basis basis,
            String policyVersion,
            List<Mark> limits,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean unavailable) {}

    /** @param basis how days are counted; the policy's if none is named */
    @GetMapping("/api/v1/residential-days/near-limits")
    Page<NearLimit> nearLimits(@RequestParam(required = false) @Nullable Basis basis, Paging paging) {
        View view = paging.view();
        ResidentialPolicy policy = ResidentialPolicy.of(policies.on(view.asOf(), view));
        Basis by = Objects.requireNonNullElse(basis, policy.basis());
        List<Standing> rows = days.nearOrOver(policy, by, paging.after(), paging.fetch(), view);
        Page<Standing> page = paging.page(rows, Standing::personId);
        return new Page<>(
                page.items().stream()
                        .map(one -> new NearLimit(
                                one.personId(), by, policy.version(), one.marks(), one.unavailable() ? true : null))
                        .toList(),
                page.next());
    }
}
