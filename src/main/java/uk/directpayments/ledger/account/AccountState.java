package uk.directpayments.ledger.account;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.AccountClosed;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountResumed;
import uk.directpayments.ledger.account.AccountEvent.AccountSuspended;
import uk.directpayments.ledger.account.AccountEvent.AllocationCarried;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsApproved;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsProposed;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.DeathNoted;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsRecomputed;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.account.AccountEvent.LiabilityRecorded;
import uk.directpayments.ledger.account.AccountEvent.LineRefunded;
import uk.directpayments.ledger.account.AccountEvent.LineReleased;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.ReserveApproved;
import uk.directpayments.ledger.account.AccountEvent.ReserveReleased;
import uk.directpayments.ledger.account.AccountEvent.ReturnRequested;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SurplusProposed;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;

/**
 * What a payment account must remember to decide: no personal text, and of each expenditure only 64 bits of its reference and the
 * sequence of its event, which is read again when it is corrected.
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
final class AccountState {

    @Nullable
    String accountId;

    @Nullable
    String budgetId;

    @Nullable
    String personId;

    @Nullable
    LegalBasis legalBasis;

    @Nullable
    LocalDate openedOn;

    @Nullable
    LocalDate closedOn;

    @Nullable
    LocalDate diedOn;

    Terms terms = new Terms(-1, null, null, null, null, List.of());
    List<Suspension> suspensions = List.of();

    /** Gross, less returns, by line, since it came here; less than nothing where a payment made before the line left comes back. */
    final Map<String, Money> paid = new HashMap<>();

    final Map<String, Schedule> schedules = new HashMap<>();
    final Map<String, Instalment> instalments = new LinkedHashMap<>();
    final Map<String, Payment> payments = new LinkedHashMap<>();
    final Map<String, Reserve> reserves = new LinkedHashMap<>();
    final Settlement settlement = new Settlement();
    final Returns returns = new Returns();
    final Moves moves = new Moves();

    /** Bank details that wait for a second person, or null. */
    @Nullable
    BankDetailsProposed proposedBankDetails;

    final Map<FundingSource, Money> balances = new EnumMap<>(FundingSource.class);

    /** Sequence of the event that used a reference, by 64 bits of the reference's hash. */
    final Map<Long, Long> references = new HashMap<>();

    /** Only of expenditures that have been corrected or refunded. */
    final Map<String, Correction> corrections = new HashMap<>();

    /**
     * @param countsOn see {@link Instalments#countsOn}
     * @param paid     a returned payment makes it payable again
     */
    record Instalment(
            String scheduleId,
            String lineId,
            Frequency frequency,
            int number,
            LocalDate payOn,
            LocalDate countsOn,
            Money amount,
            Money contribution,
            boolean paid) {

        Instalment paid(boolean now) {
            return new Instalment(scheduleId, lineId, frequency, number, payOn, countsOn, amount, contribution, now);
        }

        Instalment worth(AccountEvent.Instalment changed) {
            return new Instalment(
                    scheduleId,
                    lineId,
                    frequency,
                    number,
                    payOn,
                    countsOn,
                    changed.amount(),
                    changed.contribution(),
                    paid);
        }

        boolean isWorth(Money amount, Money contribution) {
            return this.amount.equals(amount) && this.contribution.equals(contribution);
        }
    }

    /** What was agreed, from which the instalments are worked out anew: see {@link Instalments}. */
    record Schedule(
            String lineId, Frequency frequency, LocalDate firstPayOn, LocalDate coversFrom, Money contribution) {

        private static Schedule of(InstalmentsScheduled e) {
            AccountEvent.Instalment first = e.instalments().get(0);
            return new Schedule(
                    e.lineId(),
                    e.frequency(),
                    first.payOn(),
                    first.firstDay(),
                    e.contribution() == null ? first.contribution() : e.contribution());
        }

        Instalments of(Terms.Line line, LocalDate last) {
            return new Instalments(line, last, frequency, firstPayOn, coversFrom, contribution);
        }
    }

    record Payment(PaymentIssued issued, boolean returned) {}

    record Reserve(AccountEvent.ReserveKind kind, Money amount, LocalDate until, boolean released) {}

    /**
     * @param refunded what has come back so far, by source and line
     * @param category the category it has now, or null if it is still the event's own
     */
    record Correction(
            List<Share> refunded,
            boolean reversed,
            @Nullable String category) {

        static final Correction NONE = new Correction(List.of(), false, null);

        Money refundedInAll() {
            return refunded.stream().map(Share::amount).reduce(Money.ZERO, Money::plus);
        }

        /** What has come back to the source and line of a share. */
        Money refundedOf(Share share) {
            return refunded.stream()
                    .filter(back -> back.source() == share.source() && Objects.equals(back.lineId(), share.lineId()))
                    .map(Share::amount)
                    .reduce(Money.ZERO, Money::plus);
        }

        Correction refunded(List<Share> more) {
            return new Correction(
                    Stream.concat(refunded.stream(), more.stream()).toList(), reversed, category);
        }
    }

    boolean isOpened() {
        return accountId != null;
    }

    boolean isSuspendedOn(LocalDate day) {
        return suspensions.stream().anyMatch(suspension -> suspension.covers(day));
    }

    @Nullable
    Suspension openSuspension() {
        return suspensions.stream()
                .filter(suspension -> suspension.until() == null)
                .findFirst()
                .orElse(null);
    }

    Money balance() {
        return balances.values().stream().reduce(Money.ZERO, Money::plus);
    }

    Money balance(FundingSource source) {
        return balances.getOrDefault(source, Money.ZERO);
    }

    /** Whether what was paid on a line here is this account's to count: until it lets go of the line, or is closed. */
    boolean counts(String lineId) {
        return closedOn == null
                && terms.line(lineId)
                        .filter(line -> Objects.equals(line.accountId(), accountId))
                        .isPresent();
    }

    Money paid(String lineId) {
        return paid.getOrDefault(lineId, Money.ZERO);
    }

    Correction correction(String expenditureId) {
        return corrections.getOrDefault(expenditureId, Correction.NONE);
    }

    /** Sequence of the event that recorded an expenditure, or null. */
    @Nullable
    Long expenditure(String expenditureId) {
        return references.get(Hashes.bits64("expenditure", expenditureId));
    }

    boolean usesExternalRef(String externalRef) {
        return references.containsKey(Hashes.bits64("external", externalRef));
    }

    boolean usesRefund(String refundId) {
        return references.containsKey(Hashes.bits64("refund", refundId));
    }

    boolean usesLiability(String liabilityId) {
        return references.containsKey(Hashes.bits64("liability", liabilityId));
    }

    boolean usesRecovery(String recoveryId) {
        return references.containsKey(Hashes.bits64("recovery", recoveryId));
    }

    boolean usesReturn(String returnId) {
        return references.containsKey(Hashes.bits64("account-return", returnId));
    }

    /** What is kept back on a day: approved, not released, not past its last day. */
    Money reservedOn(LocalDate day) {
        return reserves.values().stream()
                .filter(reserve -> !reserve.released() && !reserve.until().isBefore(day))
                .map(Reserve::amount)
                .reduce(Money.ZERO, Money::plus);
    }

    void evolve(AccountEvent event, long sequence) {
        settlement.evolve(event);
        returns.evolve(event);
        moves.evolve(event);
        if (event instanceof AccountOpened e) {
            accountId = e.accountId();
            budgetId = e.budgetId();
            personId = e.personId();
            legalBasis = e.legalBasis();
            openedOn = e.openedOn();
            terms = e.terms();
        } else if (event instanceof BankDetailsProposed e) {
            proposedBankDetails = e;
        } else if (event instanceof BankDetailsApproved) {
            proposedBankDetails = null;
        } else if (event instanceof AllocationCarried e) {
            terms = e.terms();
        } else if (event instanceof LineReleased e) {
            paid.remove(e.lineId());
            terms = terms.released(e.lineId(), e.paid());
        } else if (event instanceof LineRefunded e) {
            paid.merge(
                    e.lineId(), e.amount(), Money::plus); // not this account's any more: what was handed over is less
        } else if (event instanceof InstalmentsScheduled e) {
            schedules.put(e.scheduleId(), Schedule.of(e));
            e.instalments()
                    .forEach(i -> instalments.put(
                            i.instalmentId(),
                            new Instalment(
                                    e.scheduleId(),
                                    e.lineId(),
                                    e.frequency(),
                                    i.number(),
                                    i.payOn(),
                                    e.countsOn(i),
                                    i.amount(),
                                    i.contribution(),
                                    false)));
        } else if (event instanceof InstalmentsRecomputed e) {
            e.instalments().forEach(i -> instalments.computeIfPresent(i.instalmentId(), (id, old) -> old.worth(i)));
        } else if (event instanceof PaymentIssued e) {
            payments.put(e.paymentId(), new Payment(e, false));
            paid.merge(e.lineId(), e.amount(), Money::plus);
            setPaid(e.instalmentId(), true);
            move(e.source(), e.net());
        } else if (event instanceof PaymentReturned e) {
            payments.computeIfPresent(e.paymentId(), (id, payment) -> new Payment(payment.issued, true));
            paid.merge(e.lineId(), e.amount().negated(), Money::plus);
            setPaid(e.instalmentId(), false);
            move(e.source(), e.net().negated());
        } else if (event instanceof TopUpReceived e) {
            move(e.source(), e.amount());
        } else if (event instanceof ContributionReceived e) {
            move(FundingSource.CLIENT_CONTRIBUTION, e.amount());
        } else if (event instanceof ExpenditureRecorded e) {
            references.put(Hashes.bits64("expenditure", e.expenditureId()), sequence);
            if (e.externalRef() != null) {
                references.put(Hashes.bits64("external", e.externalRef()), sequence);
            }
            goOut(e.shares());
        } else if (event instanceof ExpenditureReversed e) {
            correct(e.expenditureId(), old -> new Correction(old.refunded, true, old.category));
            comeBack(e.shares());
        } else if (event instanceof RefundReceived e) {
            references.put(Hashes.bits64("refund", e.refundId()), sequence);
            correct(e.expenditureId(), old -> old.refunded(e.shares()));
            comeBack(e.shares());
        } else if (event instanceof ExpenditureReclassified e) {
            correct(e.expenditureId(), old -> new Correction(old.refunded, old.reversed, e.to()));
        } else if (event instanceof ReserveApproved e) {
            reserves.put(e.reserveId(), new Reserve(e.kind(), e.amount(), e.until(), false));
        } else if (event instanceof ReserveReleased e) {
            reserves.computeIfPresent(e.reserveId(), (id, r) -> new Reserve(r.kind, r.amount, r.until, true));
        } else if (event instanceof LiabilityRecorded e) {
            references.put(Hashes.bits64("liability", e.liabilityId()), sequence);
        } else if (event instanceof SurplusProposed e) {
            references.put(Hashes.bits64("recovery", e.recoveryId()), sequence);
        } else if (event instanceof ReturnRequested e) {
            references.put(Hashes.bits64("account-return", e.returnId()), sequence);
        } else if (event instanceof RecoveryReceived e) {
            goOut(e.shares());
        } else if (event instanceof RecoveryWrittenOff e) {
            goOut(e.shares());
        } else if (event instanceof AccountSuspended e) {
            suspensions = Suspension.begun(suspensions, e.from());
        } else if (event instanceof AccountResumed e) {
            suspensions = Suspension.ended(suspensions, e.on());
        } else if (event instanceof DeathNoted e) {
            diedOn = e.on();
        } else if (event instanceof AccountClosed e) {
            closedOn = e.on();
        }
    }

    private void setPaid(@Nullable String instalmentId, boolean nowPaid) {
        if (instalmentId != null) {
            instalments.computeIfPresent(instalmentId, (id, old) -> old.paid(nowPaid));
        }
    }

    private void correct(String expenditureId, java.util.function.UnaryOperator<Correction> change) {
        corrections.put(expenditureId, change.apply(correction(expenditureId)));
    }

    private void goOut(List<Share> shares) {
        shares.forEach(share -> move(share.source(), share.amount().negated()));
    }

    private void comeBack(List<Share> shares) {
        shares.forEach(share -> move(share.source(), share.amount()));
    }

    private void move(FundingSource source, Money amount) {
        balances.merge(source, amount, Money::plus);
    }
}
