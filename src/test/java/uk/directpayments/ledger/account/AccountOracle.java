package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.AccountClosed;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountResumed;
import uk.directpayments.ledger.account.AccountEvent.AccountSuspended;
import uk.directpayments.ledger.account.AccountEvent.AllocationCarried;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsRecomputed;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RecoveryGivenUp;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SurplusRecoveryApproved;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;

/** Rulebook 7.10, numbers 1, 2, 3 and 6, recomputed from the raw events without asking the account. */
final class AccountOracle {

    private static final Set<FundingSource> ON_TOP =
            Set.of(FundingSource.COUNCIL_TOP_UP, FundingSource.CLIENT_CONTRIBUTION, FundingSource.PARENT_TOP_UP);

    private record Of(FundingSource source, @Nullable String lineId) {}

    private final Map<FundingSource, Money> balances = new EnumMap<>(FundingSource.class);
    private final Map<String, Money> unspent = new HashMap<>();
    private Money balance = Money.ZERO;
    private final Map<String, Money> paidHere = new HashMap<>();
    private final Map<String, Money> paidByOthers;
    private final Map<String, ExpenditureRecorded> spent = new HashMap<>();
    private final Map<String, Map<Of, Money>> back = new HashMap<>();
    private final Map<String, Map<Of, Money>> outstanding = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Set<String> reversed = new HashSet<>();
    private final Set<String> paidInstalments = new HashSet<>();
    private final Map<String, LocalDate> yearOfInstalment = new HashMap<>();
    private final Map<String, LocalDate> payDays = new HashMap<>();
    private final Set<LocalDate> suspended = new HashSet<>();
    private @Nullable LocalDate suspendedFrom;
    private @Nullable LocalDate diedOn;
    private boolean closed;
    private @Nullable Terms terms;

    /** @param paidByOthers what other accounts have paid on the lines, kept up by whoever plays the budget */
    AccountOracle(Map<String, Money> paidByOthers) {
        this.paidByOthers = paidByOthers;
    }

    Money balance() {
        return balance;
    }

    Map<FundingSource, Money> balances() {
        return balances;
    }

    /** Cash, by line. */
    Map<String, Money> unspent() {
        return unspent;
    }

    Money paid(String lineId) {
        return paidHere.getOrDefault(lineId, Money.ZERO);
    }

    void happened(AccountEvent event) {
        if (event instanceof AccountOpened e) {
            terms = e.terms();
        } else if (event instanceof AllocationCarried e) {
            assertThat(e.terms().budgetSequence()).isGreaterThan(terms.budgetSequence());
            terms = e.terms();
        } else if (event instanceof InstalmentsScheduled e) {
            LocalDate first = e.instalments().get(0).payOn();
            e.instalments().forEach(i -> {
                assertThat(payDays.put(i.instalmentId(), i.payOn())).isNull();
                yearOfInstalment.put(
                        i.instalmentId(), first.plusYears((i.number() - 1) / Instalments.perYear(e.frequency())));
            });
        } else if (event instanceof InstalmentsRecomputed e) {
            e.instalments().forEach(i -> {
                assertThat(paidInstalments).doesNotContain(i.instalmentId());
                assertThat(payDays).containsEntry(i.instalmentId(), i.payOn());
                assertThat(i.net()).isGreaterThanOrEqualTo(Money.ZERO);
                assertThat(i.contribution()).isGreaterThanOrEqualTo(Money.ZERO);
            });
        } else if (event instanceof PaymentIssued e) {
            issued(e);
        } else if (event instanceof PaymentReturned e) {
            assertThat(used.add("return " + e.paymentId())).isTrue();
            paidInstalments.remove(e.instalmentId());
            paidHere.merge(e.lineId(), e.amount().negated(), Money::plus);
            move(List.of(new Share(e.source(), e.lineId(), e.net().negated())));
            balance = balance.minus(e.net());
        } else if (event instanceof TopUpReceived e) {
            move(e.source(), e.amount());
            balance = balance.plus(e.amount());
        } else if (event instanceof ContributionReceived e) {
            move(FundingSource.CLIENT_CONTRIBUTION, e.amount());
            balance = balance.plus(e.amount());
        } else if (event instanceof ExpenditureRecorded e) {
            assertThat(used.add("expenditure " + e.expenditureId())).isTrue();
            assertThat(e.externalRef() == null || used.add("reference " + e.externalRef()))
                    .isTrue();
            addsUp(e.amount(), e.shares());
            spent.put(e.expenditureId(), e);
            move(negated(e.shares()));
            balance = balance.minus(e.amount());
        } else if (event instanceof ExpenditureReversed e) {
            assertThat(reversed.add(e.expenditureId())).isTrue();
            comesBack(e.expenditureId(), e.amount(), e.shares());
            assertThat(back.get(e.expenditureId()))
                    .as("a reversal pair nets to zero")
                    .isEqualTo(parts(spent.get(e.expenditureId()).shares()));
        } else if (event instanceof RefundReceived e) {
            assertThat(used.add("refund " + e.refundId())).isTrue();
            assertThat(reversed).doesNotContain(e.expenditureId());
            comesBack(e.expenditureId(), e.amount(), e.shares());
        } else if (event instanceof SurplusRecoveryApproved e) {
            assertThat(used.add("approved " + e.recoveryId())).isTrue();
            addsUp(e.amount(), e.shares());
            outstanding.put(e.recoveryId(), parts(e.shares()));
        } else if (event instanceof RecoveryReceived e) {
            goesBack(e.recoveryId(), e.amount(), e.shares());
        } else if (event instanceof RecoveryWrittenOff e) {
            goesBack(e.recoveryId(), e.amount(), e.shares());
            assertThat(balance).as("no more is given up than is there").isGreaterThanOrEqualTo(Money.ZERO);
        } else if (event instanceof RecoveryGivenUp e) {
            assertThat(e.amount().isPositive()).isTrue();
            outstanding.put(e.recoveryId(), Map.of());
        } else if (event instanceof AccountSuspended e) {
            suspendedFrom = e.from();
        } else if (event instanceof AccountResumed e) {
            suspendedFrom.datesUntil(e.on()).forEach(suspended::add);
            suspendedFrom = null;
        } else if (event instanceof DeathNoted e) {
            diedOn = e.on();
        } else if (event instanceof AccountClosed) {
            assertThat(balance).isEqualTo(Money.ZERO);
            assertThat(outstanding.values()).allMatch(Map::isEmpty, "settled");
            closed = true;
        }
    }

    private void issued(PaymentIssued e) {
        assertThat(closed).isFalse();
        assertThat(used.add("payment " + e.paymentId())).isTrue();
        assertThat(e.net().isPositive()).isTrue();
        assertThat(e.net().plus(e.contribution())).isEqualTo(e.amount());
        assertThat(e.on()).isAfterOrEqualTo(AccountWords.FROM);
        assertThat(suspended).doesNotContain(e.on());
        assertThat(suspendedFrom == null || e.on().isBefore(suspendedFrom)).isTrue();
        assertThat(Stream.of(terms.endsOn(), terms.consentUntil(), diedOn)
                        .filter(last -> last != null)
                        .noneMatch(last -> e.on().isAfter(last)))
                .isTrue();
        assertThat(terms.consentGaps() == null ? List.<Terms.Gap>of() : terms.consentGaps())
                .as("paid in a gap between two consents")
                .noneMatch(gap -> !e.on().isBefore(gap.from()) && !e.on().isAfter(gap.to()));
        LocalDate counts = e.on();
        if (e.instalmentId() != null) {
            assertThat(paidInstalments.add(e.instalmentId())).isTrue();
            LocalDate year = yearOfInstalment.get(e.instalmentId());
            counts = !e.on().isBefore(payDays.get(e.instalmentId())) && year.isAfter(counts) ? year : counts;
            assertThat(ChronoUnit.DAYS.between(e.on(), counts))
                    .as("a drifting calendar reaches a few days into the next year, no more")
                    .isLessThanOrEqualTo(10);
        }
        Terms.Line line = terms.line(e.lineId()).orElseThrow();
        assertThat(line.payable()).isTrue();
        paidHere.merge(e.lineId(), e.amount(), Money::plus);
        assertThat(paid(e.lineId()).plus(paidByOthers.getOrDefault(e.lineId(), Money.ZERO)))
                .as("paid to date on " + e.lineId())
                .isLessThanOrEqualTo(terms.allocation(line, counts));
        move(List.of(new Share(e.source(), e.lineId(), e.net())));
        balance = balance.plus(e.net());
    }

    private void goesBack(String recoveryId, Money amount, List<Share> shares) {
        addsUp(amount, shares);
        parts(shares)
                .forEach((of, part) -> outstanding.get(recoveryId).compute(of, (same, left) -> {
                    assertThat(part).as("more was taken than is outstanding").isLessThanOrEqualTo(left);
                    return left.equals(part) ? null : left.minus(part);
                }));
        assertThat(shares)
                .as("what is taken back is a line's, or was given on top of the budget")
                .allMatch(share -> share.lineId() != null || ON_TOP.contains(share.source()));
        move(negated(shares));
        balance = balance.minus(amount);
    }

    private void comesBack(String expenditureId, Money amount, List<Share> shares) {
        addsUp(amount, shares);
        ExpenditureRecorded original = spent.get(expenditureId);
        Map<Of, Money> soFar = back.computeIfAbsent(expenditureId, none -> new HashMap<>());
        parts(shares).forEach((of, part) -> soFar.merge(of, part, Money::plus));
        Map<Of, Money> most = parts(original.shares());
        soFar.forEach((of, part) ->
                assertThat(part).as("more came back to %s than it gave", of).isLessThanOrEqualTo(most.get(of)));
        move(shares);
        balance = balance.plus(amount);
    }

    private static Map<Of, Money> parts(List<Share> shares) {
        Map<Of, Money> parts = new HashMap<>();
        shares.forEach(share -> assertThat(parts.put(new Of(share.source(), share.lineId()), share.amount()))
                .as("one share for each source and line")
                .isNull());
        return parts;
    }

    private static void addsUp(Money amount, List<Share> shares) {
        assertThat(shares).allMatch(share -> share.amount().isPositive(), "positive");
        assertThat(AccountWords.sum(shares.stream().map(Share::amount).toList()))
                .as("the shares add up")
                .isEqualTo(amount);
    }

    private static List<Share> negated(List<Share> shares) {
        return shares.stream()
                .map(share ->
                        new Share(share.source(), share.lineId(), share.amount().negated()))
                .toList();
    }

    private void move(List<Share> shares) {
        for (Share share : shares) {
            move(share.source(), share.amount());
            if (share.lineId() != null) {
                unspent.merge(share.lineId(), share.amount(), Money::plus);
            }
        }
    }

    private void move(FundingSource source, Money amount) {
        balances.merge(source, amount, Money::plus);
    }
}
