package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;

/**
 * The last days on which money came to an account, and what was left of it each time before money came again: by that spending is judged which is
 * recorded after the money of a later day. What is told in another order than it happened may be missed; nobody is asked for what may be right.
 * Immutable, small, pure.
 *
 * @param days in order, at most {@link #MOST}; the first stands for all before the second
 */
record Comings(List<Come> days) {

    /** A year of monthly payments, a quarter of weekly ones. */
    static final int MOST = 12;

    static final Comings NONE = new Comings(List.of(Come.on(BusinessDay.EARLIEST)));

    /**
     * A day on which money came, until the next such day.
     *
     * @param in      what came
     * @param back    what came back since of what had been spent
     * @param out     what went since
     * @param lastOut the last day of that, this day if there is none
     */
    record Come(LocalDate on, Money in, Money back, Money out, LocalDate lastOut) {

        private static Come on(LocalDate day) {
            return new Come(day, Money.ZERO, Money.ZERO, Money.ZERO, day);
        }

        private Money left() {
            return in.plus(back).minus(out);
        }

        private Come in(Money more) {
            return new Come(on, in.plus(more), back, out, lastOut);
        }

        private Come back(Money more) {
            return new Come(on, in, back.plus(more), out, lastOut);
        }

        private Come out(Money more, LocalDate day) {
            return new Come(on, in, back, out.plus(more), BusinessDay.later(lastOut, day));
        }
    }

    /**
     * What was missing before money came.
     *
     * @param until the day of the money that brought the account above nothing again; null if none has yet
     */
    record Shortfall(Money missing, @Nullable LocalDate until) {}

    /** Money came on a day. What may have gone before or after it is taken to have gone after. */
    Comings came(LocalDate on, Money in) {
        int at = last(on);
        List<Come> more = new ArrayList<>(days);
        Come before = days.get(at);
        if (before.on.equals(on)) {
            more.set(at, before.in(in));
        } else if (before.lastOut.isBefore(on)) {
            more.add(at + 1, Come.on(on).in(in));
        } else {
            more.set(at, Come.on(before.on).in(before.in).back(before.back));
            more.add(at + 1, Come.on(on).in(in).out(before.out, before.lastOut));
        }
        if (more.size() > MOST) {
            Come second = more.remove(1);
            more.set(0, more.get(0).in(second.in).back(second.back).out(second.out, second.lastOut));
        }
        return new Comings(List.copyOf(more));
    }

    Comings went(LocalDate on, Money out) {
        int at = last(on);
        return with(at, days.get(at).out(out, on));
    }

    /** What had been spent came back on a day. */
    Comings cameBack(LocalDate on, Money back) {
        int at = last(on);
        return with(at, days.get(at).back(back));
    }

    /** The last of them. */
    Come last() {
        return days.get(days.size() - 1);
    }

    /** The same, but that so much has gone since the last. */
    Comings gone(Money out, LocalDate lastOut) {
        Come last = last();
        return with(days.size() - 1, new Come(last.on, last.in, last.back, out, lastOut));
    }

    private Comings with(int at, Come come) {
        List<Come> now = new ArrayList<>(days);
        now.set(at, come);
        return new Comings(List.copyOf(now));
    }

    /** Whether it is remembered when money came around a day. */
    boolean reaches(LocalDate day) {
        return days.size() < MOST || last(day) > 0;
    }

    /** The first time from a day on that the account was below nothing when money came again, or is now; null if there is none. */
    @Nullable
    Shortfall since(LocalDate day, Money balance) {
        int at = last(day);
        Money left = balance.minus(days.stream().skip(at + 1L).map(Come::left).reduce(Money.ZERO, Money::plus));
        while (!left.isNegative() && at < days.size() - 1) {
            left = left.plus(days.get(++at).left());
        }
        if (!left.isNegative()) {
            return null;
        }
        Money missing = left.negated();
        while (at < days.size() - 1) {
            Come next = days.get(++at);
            Money then = left.plus(next.left());
            if (!left.plus(next.in).isNegative() || !then.isNegative()) {
                return new Shortfall(missing, next.on);
            }
            left = then;
        }
        return new Shortfall(missing, null);
    }

    /** The place of the last day up to another. */
    private int last(LocalDate day) {
        int at = days.size() - 1;
        while (at > 0 && days.get(at).on.isAfter(day)) {
            at--;
        }
        return at;
    }
}
