package uk.directpayments.ledger.account;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.AllocationCarried;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.LiabilityRecorded;
import uk.directpayments.ledger.account.AccountEvent.LiabilitySettled;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RecoveryGivenUp;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SurplusProposed;
import uk.directpayments.ledger.account.AccountEvent.SurplusRecoveryApproved;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;

/**
 * The part of an account's state that settles what it owes and what it must give back: only what is still open, so it stays small however
 * long the account lives.
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
final class Settlement {

    /** Unsettled ones, by id. */
    final Map<String, Money> liabilities = new LinkedHashMap<>();

    /** Those with something outstanding, by id. */
    final Map<String, Recovery> recoveries = new LinkedHashMap<>();

    /** Lines that are paid once, and not by the week too, here or through another account. */
    final Set<String> oneOff = new HashSet<>();

    /** Lines that are paid by the week, the month or the year. */
    final Set<String> regular = new HashSet<>();

    /** The client's contributions withheld from payments, less those of returned ones, by line. */
    final Map<String, Money> withheld = new HashMap<>();

    /** What is not spent of the money paid on each line, net: the client's contribution is on no line. */
    final Map<String, Money> unspent = new HashMap<>();

    /**
     * A recovery with something outstanding.
     *
     * @param proposedBy login name
     * @param shares     what is still outstanding of each source and line; null until it is approved
     */
    record Recovery(
            Money outstanding, String proposedBy, @Nullable List<Share> shares) {

        boolean isApproved() {
            return shares != null;
        }

        List<Share> approvedShares() {
            return Objects.requireNonNull(shares);
        }

        private Recovery less(Money amount, List<Share> gone) {
            List<Share> left = new ArrayList<>();
            for (Share share : approvedShares()) {
                Money paid = gone.stream()
                        .filter(g -> g.source() == share.source() && Objects.equals(g.lineId(), share.lineId()))
                        .map(Share::amount)
                        .reduce(Money.ZERO, Money::plus);
                if (!share.amount().equals(paid)) {
                    left.add(new Share(
                            share.source(), share.lineId(), share.amount().minus(paid)));
                }
            }
            return new Recovery(outstanding.minus(amount), proposedBy, List.copyOf(left));
        }
    }

    Money owed() {
        return liabilities.values().stream().reduce(Money.ZERO, Money::plus);
    }

    /** Proposed or approved, and not yet settled: the same surplus is not claimed twice. */
    Money claimed() {
        return recoveries.values().stream().map(Recovery::outstanding).reduce(Money.ZERO, Money::plus);
    }

    /** Approved, and still to be received, of the money of a line. */
    Money claimedOf(String lineId) {
        return claimed(share -> lineId.equals(share.lineId()));
    }

    /** … of the money of a source. */
    Money claimedOf(FundingSource source) {
        return claimed(share -> share.source() == source);
    }

    private Money claimed(Predicate<Share> share) {
        return recoveries.values().stream()
                .filter(Recovery::isApproved)
                .flatMap(recovery -> recovery.approvedShares().stream())
                .filter(share)
                .map(Share::amount)
                .reduce(Money.ZERO, Money::plus);
    }

    /** What is to be taken of a source, taken of its lines, by what each has left; what none of them has, a top-up, stays the source's alone. */
    List<Share> onLines(List<Share> shares, Terms terms) {
        Map<Of, Money> onLines = new LinkedHashMap<>();
        for (Share share : shares) {
            List<Share> lines = share.lineId() == null ? left(share.source(), terms, onLines) : List.of();
            Money rest = share.amount();
            if (!lines.isEmpty()) {
                Money there = rest.least(Spending.sum(lines));
                Spending.part(lines, there).forEach(part -> onLines.merge(Of.of(part), part.amount(), Money::plus));
                rest = rest.minus(there);
            }
            onLines.merge(Of.of(share), rest, Money::plus);
        }
        return onLines.entrySet().stream()
                .filter(part -> part.getValue().isPositive())
                .map(part -> new Share(part.getKey().source, part.getKey().lineId, part.getValue()))
                .toList();
    }

    private List<Share> left(FundingSource source, Terms terms, Map<Of, Money> taken) {
        return terms.lines().stream()
                .filter(line -> line.source() == source)
                .map(line -> new Share(
                        source,
                        line.lineId(),
                        unspent.getOrDefault(line.lineId(), Money.ZERO)
                                .minus(claimedOf(line.lineId()))
                                .minus(taken.getOrDefault(new Of(source, line.lineId()), Money.ZERO))))
                .filter(share -> share.amount().isPositive())
                .toList();
    }

    /** Whose money a share is. */
    private record Of(FundingSource source, @Nullable String lineId) {

        private static Of of(Share share) {
            return new Of(share.source(), share.lineId());
        }
    }

    void evolve(AccountEvent event) {
        if (event instanceof LiabilityRecorded e) {
            liabilities.put(e.liabilityId(), e.amount());
        } else if (event instanceof LiabilitySettled e) {
            liabilities.remove(e.liabilityId());
        } else if (event instanceof SurplusProposed e) {
            recoveries.put(e.recoveryId(), new Recovery(e.amount(), e.proposedBy(), null));
        } else if (event instanceof SurplusRecoveryApproved e) {
            recoveries.computeIfPresent(
                    e.recoveryId(), (id, old) -> new Recovery(old.outstanding, old.proposedBy, e.shares()));
        } else if (event instanceof RecoveryReceived e) {
            settle(e.recoveryId(), e.amount(), e.shares());
        } else if (event instanceof RecoveryWrittenOff e) {
            settle(e.recoveryId(), e.amount(), e.shares());
        } else if (event instanceof RecoveryGivenUp e) {
            recoveries.remove(e.recoveryId());
        } else if (event instanceof InstalmentsScheduled e) {
            agreed(e.lineId(), e.frequency() == Frequency.ONE_OFF);
        } else if (event instanceof AllocationCarried e) {
            e.terms().lines().stream()
                    .filter(line -> line.paidOnce() != null)
                    .forEach(line -> agreed(line.lineId(), line.paidOnce()));
        } else if (event instanceof PaymentIssued e) {
            withhold(e.lineId(), e.contribution());
            move(e.lineId(), e.net());
        } else if (event instanceof PaymentReturned e) {
            withhold(e.lineId(), e.contribution().negated());
            move(e.lineId(), e.net().negated());
        } else if (event instanceof ExpenditureRecorded e) {
            e.shares().forEach(share -> move(share.lineId(), share.amount().negated()));
        } else if (event instanceof ExpenditureReversed e) {
            e.shares().forEach(share -> move(share.lineId(), share.amount()));
        } else if (event instanceof RefundReceived e) {
            e.shares().forEach(share -> move(share.lineId(), share.amount()));
        }
    }

    private void agreed(String lineId, boolean paidOnce) {
        if (!paidOnce) {
            regular.add(lineId);
            oneOff.remove(lineId);
        } else if (!regular.contains(lineId)) {
            oneOff.add(lineId);
        }
    }

    private void move(@Nullable String lineId, Money amount) {
        if (lineId != null) {
            unspent.merge(lineId, amount, Money::plus);
        }
    }

    private void settle(String recoveryId, Money amount, List<Share> shares) {
        shares.forEach(share -> move(share.lineId(), share.amount().negated()));
        recoveries.computeIfPresent(recoveryId, (id, old) -> {
            Recovery left = old.less(amount, shares);
            return left.outstanding.isZero() ? null : left;
        });
    }

    private void withhold(String lineId, Money contribution) {
        if (!contribution.isZero()) {
            withheld.merge(lineId, contribution, Money::plus);
        }
    }
}
