package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.Suspension;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;

/**
 * What detection knows of one account. Immutable, small; the money of it as {@link FlagRegister} is told of it, in the order of the log.
 *
 * @param balance   of everything recorded so far, except what is ahead
 * @param ahead     payments that were issued for a later day, by day, until something happens on that day or after it; at most {@link #MOST_AHEAD}
 * @param below     the expenditure that took it below nothing, then the next ones while it is, at most {@link #MOST_BELOW}, without those that have come back
 *                  whole; none while it is not, or got there otherwise than by spending
 * @param comings   when money came last
 * @param early     expenditures that were judged by the balance of their own time, in the order in which they were recorded, the last {@link #MOST_EARLY}
 * @param payeDue   days on which tax for an employee is due, unsettled or not
 * @param hmrcPaid  days on which HMRC was paid, in order, once for each payment that has not come back whole
 */
record AccountFacts(
        String budgetId,
        LegalBasis legalBasis,
        List<Suspension> suspensions,
        @Nullable LocalDate diedOn,
        Money balance,
        List<Ahead> ahead,
        List<Overspent> below,
        Comings comings,
        List<Early> early,
        SortedSet<LocalDate> payeDue,
        List<LocalDate> hmrcPaid) {

    /** How many expenditures are remembered that an account below nothing was spent further by. */
    static final int MOST_BELOW = 20;

    /** How many payments are remembered that were issued for a later day. */
    static final int MOST_AHEAD = 12;

    /** How many expenditures are remembered that were more than an account held before later money came. */
    static final int MOST_EARLY = 20;

    /** A payment that is no money of the account before a day. */
    record Ahead(String paymentId, LocalDate on, Money net) {}

    /**
     * What of an account changes with all that is spent.
     *
     * @param out     what has gone since money came last
     * @param lastOut the last day of that
     */
    record Held(Money balance, Money out, LocalDate lastOut) {}

    /**
     * What an expenditure was more than the account held before later money came, which had been recorded already.
     *
     * @param until the day of the money that brought it above nothing again; null if none has yet
     */
    record Early(Overspent spent, @Nullable LocalDate until) {}

    /**
     * @param by      what of its amount was missing at first
     * @param missing what of that is missing still, of the one that is in question
     */
    record Overspent(String expenditureId, LocalDate on, Money amount, Money by, Money missing) {

        private static Overspent of(String expenditureId, LocalDate on, Money amount, Money by) {
            return new Overspent(expenditureId, on, amount, by, by);
        }

        private Overspent now(Money missing) {
            return new Overspent(expenditureId, on, amount, by, missing);
        }

        private Overspent more(Money gone) {
            return now(by.least(missing.plus(gone)));
        }

        /** As {@link #less}, of what was missing before later money came. */
        private Overspent reduced(Money back) {
            Money rest = amount.minus(back);
            return new Overspent(expenditureId, on, rest, by.least(rest), missing.least(rest));
        }

        private Overspent less(Money back) {
            return new Overspent(expenditureId, on, amount.minus(back), by.minus(back), missing.minus(back));
        }
    }

    static AccountFacts opened(String budgetId, LegalBasis basis) {
        return new AccountFacts(
                budgetId,
                basis,
                List.of(),
                null,
                Money.ZERO,
                List.of(),
                List.of(),
                Comings.NONE,
                List.of(),
                new TreeSet<>(),
                List.of());
    }

    /** What is in question while the account is below nothing. */
    @Nullable
    Overspent overspent() {
        return below.isEmpty() ? null : below.get(0);
    }

    /** In question: what an account that is below nothing was spent there by, and what was spent before the money for it came; null if it is not. */
    @Nullable
    Early overspentBy(String expenditureId) {
        Overspent first = overspent();
        return first != null && first.expenditureId.equals(expenditureId)
                ? new Early(first, aboveNothingFrom())
                : early.stream()
                        .filter(one -> one.spent.expenditureId.equals(expenditureId))
                        .findFirst()
                        .orElse(null);
    }

    /** The expenditures that are in question or may come to be. */
    Stream<String> overspending() {
        return Stream.concat(below.stream(), early.stream().map(Early::spent)).map(Overspent::expenditureId);
    }

    /** The day on which the payments ahead bring it back to nothing or above; null if they do not. */
    @Nullable
    LocalDate aboveNothingFrom() {
        Money left = balance;
        for (Ahead one : ahead) {
            left = left.plus(one.net);
            if (!left.isNegative()) {
                return one.on;
            }
        }
        return null;
    }

    /** Something happens on a day: what was issued for it, or for one before, has come. */
    AccountFacts reached(LocalDate day) {
        if (ahead.isEmpty() || ahead.get(0).on.isAfter(day)) {
            return this;
        }
        List<Ahead> later = ahead.stream().filter(one -> one.on.isAfter(day)).toList();
        AccountFacts reached = with(balance, later, below);
        for (Ahead one : ahead.subList(0, ahead.size() - later.size())) {
            reached = reached.moved(one.on, one.net);
        }
        return reached;
    }

    /** A payment was issued for a later day; of too many, the first counts at once. */
    AccountFacts issuedAhead(Ahead payment) {
        List<Ahead> more = new ArrayList<>(ahead);
        more.add(payment);
        more.sort(Comparator.comparing(Ahead::on).thenComparing(Ahead::paymentId));
        AccountFacts now = with(balance, List.copyOf(more), below);
        return more.size() > MOST_AHEAD ? now.reached(more.get(0).on) : now;
    }

    /** A payment came back: one that is still ahead has never come. */
    AccountFacts returned(String paymentId, LocalDate on, Money net) {
        List<Ahead> others =
                ahead.stream().filter(one -> !one.paymentId.equals(paymentId)).toList();
        return others.size() < ahead.size() ? with(balance, others, below) : moved(on, net.negated());
    }

    AccountFacts spent(String expenditureId, LocalDate on, Money amount) {
        Money left = balance.minus(amount);
        AccountFacts now = with(comings.went(on, amount), early);
        if (!left.isNegative()) {
            return now.with(left, List.of()).spentEarly(expenditureId, on, amount);
        }
        List<Overspent> more = new ArrayList<>(below);
        boolean crosses = !balance.isNegative();
        if (crosses || (!more.isEmpty() && more.size() < MOST_BELOW)) {
            more.add(Overspent.of(expenditureId, on, amount, crosses ? left.negated() : amount));
        }
        return now.with(left, List.copyOf(more));
    }

    /** What was spent and leaves the account above nothing now may have taken it below before money came that had been recorded already. */
    private AccountFacts spentEarly(String expenditureId, LocalDate on, Money amount) {
        Comings.Shortfall found = comings.since(on, balance);
        if (found == null || found.missing().isMoreThan(amount)) {
            return this;
        }
        List<Early> more = new ArrayList<>(early);
        more.add(new Early(Overspent.of(expenditureId, on, amount, found.missing()), found.until()));
        return with(comings, List.copyOf(more.subList(Math.max(0, more.size() - MOST_EARLY), more.size())));
    }

    /** Money has come, gone or come back otherwise than by spending: what was judged by its own time may be in question by less, or not any more. */
    private AccountFacts reconsidered() {
        List<Early> still = new ArrayList<>();
        for (Early one : early) {
            Overspent spent = one.spent;
            Comings.Shortfall now = comings.since(spent.on, balance);
            if (!comings.reaches(spent.on)) {
                still.add(one); // of a time that is not remembered any more
            } else if (now != null) {
                still.add(new Early(
                        spent.now(spent.by.least(now.missing())),
                        now.until() == null ? aboveNothingFrom() : now.until()));
            }
        }
        return with(comings, List.copyOf(still));
    }

    /** After money came in, or went out otherwise than by spending: what came in and went again is missing as before. */
    AccountFacts moved(LocalDate on, Money in) {
        List<Overspent> spent = new ArrayList<>(below);
        if (in.isNegative() && !spent.isEmpty()) {
            spent.set(0, spent.get(0).more(in.negated()));
        }
        AccountFacts now = with(in.isNegative() ? comings.went(on, in.negated()) : comings.came(on, in), early);
        return now.standing(balance.plus(in), List.copyOf(spent)).reconsidered();
    }

    /**
     * An expenditure has come back, in part or whole: so much less is missing of it. If that was in question and nothing is missing of it any more, the
     * one is in question that would have crossed without it.
     */
    AccountFacts cameBack(String expenditureId, LocalDate on, Money amount) {
        Money left = balance.plus(amount);
        AccountFacts now = with(
                comings.cameBack(on, amount),
                early.stream()
                        .map(one -> one.spent.expenditureId.equals(expenditureId)
                                ? new Early(one.spent.reduced(amount), one.until)
                                : one)
                        .filter(one -> one.spent.amount.isPositive())
                        .toList());
        List<Overspent> rest = below.stream()
                .map(one -> one.expenditureId.equals(expenditureId) ? one.less(amount) : one)
                .filter(one -> one.amount.isPositive())
                .toList();
        Overspent first = overspent();
        boolean over = first != null && first.expenditureId.equals(expenditureId) && !first.missing.isMoreThan(amount);
        return now.standing(left, over ? fromCrossing(left, rest) : rest).reconsidered();
    }

    /** With so much in it: above nothing nothing is in question, below it no more of what is in question than of the account is missing. */
    private AccountFacts standing(Money left, List<Overspent> spent) {
        if (!left.isNegative()) {
            return with(left, List.of());
        }
        if (spent.isEmpty() || !spent.get(0).missing.isMoreThan(left.negated())) {
            return with(left, spent);
        }
        List<Overspent> less = new ArrayList<>(spent);
        less.set(0, spent.get(0).now(left.negated()));
        return with(left, List.copyOf(less));
    }

    private static List<Overspent> fromCrossing(Money balance, List<Overspent> spent) {
        Money left = spent.stream().map(Overspent::amount).reduce(balance, Money::plus);
        for (int i = 0; i < spent.size(); i++) {
            Overspent one = spent.get(i);
            left = left.minus(one.amount);
            if (left.isNegative()) {
                List<Overspent> on = new ArrayList<>(spent.subList(i, spent.size()));
                on.set(0, Overspent.of(one.expenditureId, one.on, one.amount, one.amount.least(left.negated())));
                return List.copyOf(on);
            }
        }
        return List.of();
    }

    boolean suspendedOn(LocalDate day) {
        return suspensions.stream().anyMatch(suspension -> suspension.covers(day));
    }

    AccountFacts suspended(LocalDate from) {
        return with(Suspension.begun(suspensions, from), diedOn);
    }

    AccountFacts resumed(LocalDate on) {
        return with(Suspension.ended(suspensions, on), diedOn);
    }

    AccountFacts died(LocalDate on) {
        return with(suspensions, on);
    }

    private AccountFacts with(List<Suspension> suspensions, @Nullable LocalDate diedOn) {
        return new AccountFacts(
                budgetId, legalBasis, suspensions, diedOn, balance, ahead, below, comings, early, payeDue, hmrcPaid);
    }

    Held held() {
        return new Held(balance, comings.last().out(), comings.last().lastOut());
    }

    Held nothing() {
        return new Held(Money.ZERO, Money.ZERO, comings.last().on());
    }

    AccountFacts holding(Held held) {
        return with(held.balance, ahead, below, comings.gone(held.out, held.lastOut), early);
    }

    private AccountFacts with(Money balance, List<Overspent> below) {
        return with(balance, ahead, below);
    }

    private AccountFacts with(Money balance, List<Ahead> ahead, List<Overspent> below) {
        return with(balance, ahead, below, comings, early);
    }

    private AccountFacts with(Comings comings, List<Early> early) {
        return with(balance, ahead, below, comings, early);
    }

    private AccountFacts with(
            Money balance, List<Ahead> ahead, List<Overspent> below, Comings comings, List<Early> early) {
        return new AccountFacts(
                budgetId, legalBasis, suspensions, diedOn, balance, ahead, below, comings, early, payeDue, hmrcPaid);
    }

    AccountFacts taxDue(LocalDate day) {
        SortedSet<LocalDate> days = new TreeSet<>(payeDue);
        days.add(day);
        return new AccountFacts(
                budgetId, legalBasis, suspensions, diedOn, balance, ahead, below, comings, early, days, hmrcPaid);
    }

    /** Paid on a day so many times. */
    AccountFacts taxPaid(LocalDate day, long times) {
        List<LocalDate> days = Stream.concat(
                        hmrcPaid.stream().filter(paid -> !paid.equals(day)),
                        Stream.generate(() -> day).limit(times))
                .sorted()
                .toList();
        return new AccountFacts(
                budgetId, legalBasis, suspensions, diedOn, balance, ahead, below, comings, early, payeDue, days);
    }
}
