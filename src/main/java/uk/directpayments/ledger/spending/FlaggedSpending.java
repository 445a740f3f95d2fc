package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Decision;

/** Flags for rooms that only report on them: rulebook 3.8, 4.21. Nothing here is personal. */
@Component
public class FlaggedSpending {

    private static final Set<FlagState> CLAIMED = Set.of(
            FlagState.UPHELD,
            FlagState.REPAYMENT_REQUESTED,
            FlagState.REPAID,
            FlagState.RECOVERED_FROM_FUTURE_PAYMENTS,
            FlagState.WRITTEN_OFF,
            FlagState.REFERRED_FRAUD,
            FlagState.WITHDRAWN);

    private final FlagRegister register;

    FlaggedSpending(FlagRegister register) {
        this.register = register;
    }

    /** @param amount in question, pounds, positive */
    public record Flagged(
            String flagId,
            String accountId,
            String personId,
            @Nullable String transactionId,
            @Nullable String stayId,
            String reason,
            Severity severity,
            Decision decision,
            @Nullable FlagState state,
            Money amount,
            LocalDate on,
            Detector detector,
            String policyVersion) {}

    /** Which flags are wanted; what is null does not matter. */
    public record Filter(
            @Nullable FlagState state,
            @Nullable String reason,
            @Nullable Severity severity,
            @Nullable String accountId,
            @Nullable String personId) {}

    /**
     * Flags raised by the view's day, in the order of their ids.
     *
     * @param after the last id of the page before, or null
     * @param limit the most flags
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE} of one person asked for, {@code POSITION_NOT_REACHED}
     */
    public List<Flagged> list(Filter filter, @Nullable String after, int limit, View view) {
        var wanted = new FlagRegister.Filter(
                filter.state, filter.reason, filter.severity, filter.accountId, filter.personId, Optional.empty());
        if (filter.personId != null) {
            register.requirePerson(filter.personId, view);
        }
        return register.list(wanted, after, limit, view).stream()
                .map(flag -> flagged(flag, view.asOf()))
                .toList();
    }

    /**
     * One flag; empty if there is none, or it was raised of a later day, or who asks does not see its account.
     *
     * @param sees whether they see an account, by its id: of what they do not see nothing is told, not even that it cannot be given
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    public Optional<Flagged> find(String flagId, Predicate<String> sees, View view) {
        return register.find(flagId, sees, view).map(flag -> flagged(flag, view.asOf()));
    }

    /**
     * Money that is to come back because a flag was upheld. Rulebook 3.8, 4.21.
     *
     * @param askedOn  the day on which repayment was asked for, or null
     * @param upheld   {@code received}, written off and outstanding add up to it (rulebook 7.10, 9); of one withdrawn since, no more than came of it
     * @param received repaid, or kept back from later payments
     */
    public record Claim(
            String flagId,
            String accountId,
            FlagState state,
            @Nullable LocalDate askedOn,
            Money upheld,
            Money received,
            Money writtenOff,
            Money outstanding) {}

    /**
     * What is claimed of accounts on the view's day, settled or not, by flag; of one that was withdrawn since what had come of it, if anything.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public List<Claim> claims(Collection<String> accountIds, View view) {
        return register.inState(CLAIMED, Set.copyOf(accountIds), view).stream()
                .map(flag -> claim(flag, view.asOf()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Claim> claim(Flag flag, LocalDate asOf) {
        FlagLife life = flag.lifeOn(asOf);
        FlagState state = flag.stateOn(asOf);
        Money received = life.repaid().plus(life.recovered());
        Money outstanding = flag.outstandingOn(asOf);
        Money upheld = received.plus(life.writtenOff()).plus(outstanding);
        return state == null || upheld.isZero()
                ? Optional.empty()
                : Optional.of(new Claim(
                        flag.flagId(),
                        flag.finding().accountId(),
                        state,
                        flag.repaymentAskedOn(asOf),
                        upheld,
                        received,
                        life.writtenOff(),
                        outstanding));
    }

    /** The persons whose flags cannot be relied on at present. */
    public Set<String> unavailablePersons(View view) {
        return register.unavailablePersons(view);
    }

    private static Flagged flagged(Flag flag, LocalDate asOf) {
        var finding = flag.finding();
        return new Flagged(
                flag.flagId(),
                finding.accountId(),
                flag.personId(),
                finding.transactionId(),
                finding.stayId(),
                finding.reason(),
                flag.severity(),
                finding.decision(),
                flag.stateOn(asOf),
                flag.amountOn(asOf),
                finding.on(),
                finding.detector(),
                finding.policyVersion());
    }
}
