package uk.directpayments.ledger.budget;

import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.budget.BudgetApi.FinalLine;
import uk.directpayments.ledger.budget.BudgetApi.Finalisation;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Settings;

/** What the lines of a plan may allow: codes by which spending can be found, for a slip of the pen would stand for good and never allow anything. */
@Component
class PlanItems {

    private final Policies policies;
    private final Clock clock;

    PlanItems(Policies policies, Clock clock) {
        this.policies = policies;
        this.clock = clock;
    }

    /**
     * By any policy that is in force in the budget's time.
     *
     * @throws RuleBroken {@code FIELD_INVALID}
     */
    void require(Finalisation body) {
        List<Settings> inForce = new ArrayList<>();
        for (int i = 0; i < body.lines().size(); i++) {
            FinalLine line = body.lines().get(i);
            List<String> allows = line.allows() == null ? List.of() : line.allows();
            for (int j = 0; j < allows.size(); j++) {
                String code = allows.get(j);
                if (inForce.isEmpty()) {
                    inForce.addAll(inForce(body.from(), body.to()));
                }
                if (inForce.stream().noneMatch(settings -> settings.isPlanItem(code))) {
                    throw new RuleBroken(
                            "FIELD_INVALID",
                            "must be a merchant category code of four digits, or a reason code like EVERYDAY_LIVING",
                            "lines[" + i + "].allows[" + j + "]");
                }
            }
        }
    }

    private List<Settings> inForce(LocalDate from, LocalDate to) {
        View now = View.now(BusinessDay.today(clock));
        List<Settings> all = new ArrayList<>();
        @Nullable LocalDate day = from;
        do {
            all.add(policies.on(day).settings());
            day = policies.nextAfter(day, now);
        } while (day != null && !day.isAfter(to));
        return all;
    }
}
