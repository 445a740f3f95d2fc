package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.residential.LimitSpan;
import uk.directpayments.ledger.residential.ResidentialPolicy;
import uk.directpayments.ledger.residential.Stay;

/** Finds what is in question of a person's residential stays: rulebook 2. Pure, as {@link Detection} is. */
final class StayDetection {

    private final Function<String, Policy> policies;

    StayDetection(Function<String, Policy> policies) {
        this.policies = policies;
    }

    /** Limits exceeded, stays that overlap, a birthday within a stay, stays that nobody has paid for. */
    List<Finding> of(Facts facts) {
        List<Finding> found = new ArrayList<>();
        List<Map.Entry<String, Facts.StayFact>> effective = facts.stays().entrySet().stream()
                .filter(stay -> stay.getValue().effective())
                .sorted(Comparator.comparing(stay -> stay.getValue().order()))
                .toList();
        limits(found, facts, effective);
        for (int i = 0; i < effective.size(); i++) {
            Facts.StayFact stay = effective.get(i).getValue();
            String stayId = effective.get(i).getKey();
            if (effective.subList(0, i).stream()
                    .anyMatch(other -> overlap(other.getValue().facts(), stay.facts()))) {
                found.add(Finding.ofPerson(
                        stay.accountId(),
                        stayId,
                        "OVERLAPPING_STAY",
                        Detector.OVERLAPPING_STAY,
                        stay.facts().admitted(),
                        stay.policyVersion(),
                        stayId));
            }
            LocalDate eighteenOn = facts.eighteenOn();
            if (eighteenOn != null && stay.facts().counts() && spans(stay.facts(), eighteenOn)) {
                found.add(Finding.ofPerson(
                        stay.accountId(),
                        stayId,
                        "TRANSITION_REVIEW_DUE",
                        Detector.RESIDENTIAL_LIMIT,
                        eighteenOn,
                        stay.policyVersion(),
                        stayId));
            }
            if (stay.facts().counts() && !stay.isPaid()) {
                int days = policies.apply(stay.policyVersion()).settings().number("stayUnpaidDays");
                found.add(Finding.ofPerson(
                        stay.accountId(),
                        stayId,
                        Detection.RESIDENTIAL_CARE,
                        Detector.STAY_UNPAID,
                        stay.facts().admitted().plusDays(days),
                        stay.policyVersion(),
                        stayId));
            }
        }
        return found;
    }

    /**
     * A day is judged by the policy of the stay that holds it, so that a later policy changes nothing of an earlier stay: in question is the first
     * day too many by a policy that a stay of its own holds. Where the same day is in question by another policy already, it is once.
     */
    private void limits(List<Finding> found, Facts facts, List<Map.Entry<String, Facts.StayFact>> effective) {
        if (facts.eighteenOn() == null) {
            return;
        }
        List<Stay> stays = effective.stream()
                .map(stay -> new Stay(stay.getKey(), stay.getValue().facts(), false))
                .toList();
        List<Exceeded> each = effective.stream()
                .map(stay -> stay.getValue().policyVersion())
                .distinct()
                .map(version -> ResidentialPolicy.of(policies.apply(version)))
                .flatMap(policy ->
                        LimitSpan.of(stays, facts.eighteenOn(), facts.childUntil(), policy.basis(), policy).stream()
                                .flatMap(span -> Exceeded.of(span, policy.version(), facts).stream()))
                .sorted(Comparator.comparing(exceeded -> exceeded.by().first()))
                .toList();
        List<Exceeded> told = new ArrayList<>();
        for (Exceeded exceeded : each) {
            if (told.stream().noneMatch(earlier -> earlier.tells(exceeded))) {
                told.add(exceeded);
                found.add(exceeded.finding(facts));
            }
        }
    }

    /** @param by the first day too many that is held by a stay of the version */
    private record Exceeded(LimitSpan span, LimitSpan.TooMany by, String version) {

        static Optional<Exceeded> of(LimitSpan span, String version, Facts facts) {
            return span.tooMany().stream()
                    .filter(by ->
                            version.equals(Objects.requireNonNull(facts.stays().get(by.stayId()))
                                    .policyVersion()))
                    .findFirst()
                    .map(by -> new Exceeded(span, by, version));
        }

        /** Whether the other's day is too many by this, too, in the same days. */
        boolean tells(Exceeded other) {
            return span.limit() == other.span.limit()
                    && span.covers(other.by.first())
                    && span.tooMany().stream()
                            .anyMatch(one -> one.stayId().equals(other.by.stayId())
                                    && !one.first().isAfter(other.by.first()));
        }

        Finding finding(Facts facts) {
            String reason = switch (span.limit()) {
                case SINGLE_28 -> "RESIDENTIAL_SINGLE_PERIOD_EXCEEDED";
                case ROLLING_120 -> "RESIDENTIAL_120_EXCEEDED";
                case LINKED_28, CHILD_LINKED_28 -> "RESIDENTIAL_LINKED_EXCEEDED";
            };
            return Finding.ofPerson(
                    Objects.requireNonNull(facts.stays().get(by.stayId())).accountId(),
                    by.stayId(),
                    reason,
                    Detector.RESIDENTIAL_LIMIT,
                    by.first(),
                    version,
                    by.stayId(),
                    by.first().toString());
        }
    }

    private static boolean overlap(Stay.Facts one, Stay.Facts other) {
        return hasNight(one) && hasNight(other) && (nights(one, other.admitted()) || nights(other, one.admitted()));
    }

    private static boolean hasNight(Stay.Facts stay) {
        return stay.discharged() == null || stay.discharged().isAfter(stay.admitted());
    }

    /** Whether somebody slept there in the night that follows a day. */
    private static boolean nights(Stay.Facts stay, LocalDate day) {
        return !day.isBefore(stay.admitted()) && (stay.discharged() == null || day.isBefore(stay.discharged()));
    }

    private static boolean spans(Stay.Facts stay, LocalDate birthday) {
        return stay.admitted().isBefore(birthday)
                && (stay.discharged() == null || stay.discharged().isAfter(birthday));
    }
}
