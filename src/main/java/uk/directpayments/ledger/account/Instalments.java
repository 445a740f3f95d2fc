package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;

/**
 * What the instalments of a schedule come to, and the days they cover. Pure. A whole period has its part of the yearly amount to the penny
 * (rulebook 4.6). A part period is paid by its days, a day being a seventh of a week's money and a week a fifty-second of the year's, kept
 * exact and rounded half up once on the total (4.7).
 *
 * @param last         the last day on which the line is paid for, see {@link AccountRules#lastDay}
 * @param coversFrom   the first day that is paid for: {@code firstPayOn}, or a day of the period before
 * @param contribution the client's, gross of a whole instalment
 */
record Instalments(
        Terms.Line line,
        LocalDate last,
        Frequency frequency,
        LocalDate firstPayOn,
        LocalDate coversFrom,
        Money contribution) {

    /** Fifty-two weeks: rulebook 4.6 has as many of them in a year. */
    private static final int DAYS_OF_A_YEAR = 364;

    /** From the first pay day to the last on which the line is paid, at most as many a year as the frequency has. */
    List<Instalment> all(String scheduleId) {
        int years = 1;
        while (frequency != Frequency.ONE_OFF && !line.from().plusYears(years).isAfter(last)) {
            years++;
        }
        List<Instalment> all = new ArrayList<>();
        for (int number = 1;
                number <= perYear(frequency) * years && !payOn(number).isAfter(last);
                number++) {
            Instalment instalment = instalment(scheduleId + "." + number, number);
            if (to(number).isBefore(end(number)) && !instalment.net().isPositive()) {
                break; // a part too small to be paid
            }
            all.add(instalment);
        }
        return List.copyOf(all);
    }

    /**
     * By how much the instalments of the rest of a line may come to more than is left of it, so that the last of them are what is left. Odd pennies
     * fall to the first instalments of each schedule, a year is a day or two longer than its fifty-two weeks, and months are not alike: all that is
     * less than a week's money. What the last of a whole year covers after the line was paid with the days before the first. From the first day of
     * the line on, and where it is paid at once, they are its amount, and nothing is to be cut.
     *
     * @param number of the last
     */
    Money leeway(int number) {
        if (!firstPayOn.isAfter(line.from()) || isLump()) {
            return Money.ZERO;
        }
        long after = to(number).toEpochDay() - last.toEpochDay();
        return line.yearlyAmount(last).part(7 + Math.max(0, after), DAYS_OF_A_YEAR);
    }

    /** These, until nothing is left that could be paid. */
    static List<Instalment> atMost(List<Instalment> instalments, Money left) {
        List<Instalment> most = new ArrayList<>();
        Money rest = left;
        for (Instalment instalment : instalments) {
            Instalment part = instalment.atMost(rest);
            if (!part.net().isPositive()) {
                break;
            }
            rest = rest.minus(part.amount());
            most.add(part);
        }
        return List.copyOf(most);
    }

    /**
     * An instalment, for which the client never pays in more than it is worth.
     *
     * @param number from 1
     */
    Instalment instalment(String instalmentId, int number) {
        LocalDate from = from(number);
        LocalDate to = to(number);
        boolean part = from.isBefore(payOn(number)) || to.isBefore(end(number));
        Money ofEachYear = Money.ofPence(Math.multiplyExact(contribution.pence(), perYear(frequency)));
        Money amount = amount(number, day -> yearlyAmount(number, day).pence());
        return new Instalment(
                instalmentId,
                number,
                payOn(number),
                amount,
                amount(number, day -> ofEachYear.pence()).least(amount),
                part ? from : null,
                part ? to : null);
    }

    /** What a day of an instalment's period is worth a year; those that drift into the year before or after are worth what its own are. */
    private Money yearlyAmount(int number, LocalDate day) {
        LocalDate within = day.isBefore(payOn(number)) ? day : BusinessDay.later(day, countsOn(number));
        return line.yearlyAmount(BusinessDay.earlier(within, line.to()));
    }

    /** @param yearly what a day is worth a year, pence */
    private Money amount(int number, ToLongFunction<LocalDate> yearly) {
        LocalDate payOn = payOn(number);
        LocalDate to = to(number);
        long whole = whole(number, yearly.applyAsLong(payOn));
        long parts;
        if (to.isBefore(end(number))) {
            long most = Math.max(whole, whole(number, yearly.applyAsLong(to)));
            parts = Math.min(sum(payOn, to, yearly), most);
        } else {
            // revised within the period: what a day is worth more or less since then
            long asAtFirst = Math.multiplyExact(daysBetween(payOn, to), yearly.applyAsLong(payOn));
            parts = isLump() ? whole : whole + sum(payOn, to, yearly) - asAtFirst;
        }
        if (from(number).isBefore(payOn)) {
            parts += sum(from(number), payOn.minusDays(1), yearly);
        }
        return Money.ofPence(Math.max(0, parts)).part(1, DAYS_OF_A_YEAR);
    }

    /** A whole instalment of a yearly amount, in the three hundred and sixty-fourths of a penny that days are counted in. */
    private long whole(int number, long yearly) {
        int perYear = perYear(frequency);
        Money instalment = Money.ofPence(yearly).instalments(perYear).get((number - 1) % perYear);
        return Math.multiplyExact(instalment.pence(), DAYS_OF_A_YEAR);
    }

    private static long sum(LocalDate from, LocalDate to, ToLongFunction<LocalDate> yearly) {
        long sum = 0;
        for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
            sum = Math.addExact(sum, yearly.applyAsLong(day));
        }
        return sum;
    }

    private static long daysBetween(LocalDate from, LocalDate to) {
        return to.toEpochDay() - from.toEpochDay() + 1;
    }

    // ── days ─────────────────────────────────────────────────────────────────────────────────────────────────────

    LocalDate payOn(int number) {
        return payDay(firstPayOn, frequency, number - 1);
    }

    /** The day whose yearly amount an instalment is a part of. */
    LocalDate countsOn(int number) {
        return BusinessDay.earlier(countsOn(firstPayOn, frequency, number - 1), line.to());
    }

    private LocalDate from(int number) {
        return number == 1 ? coversFrom : payOn(number);
    }

    /** The last day of a whole period: an instalment is paid in advance, until the next. */
    private LocalDate end(int number) {
        return payOn(number + 1).minusDays(1);
    }

    private LocalDate to(int number) {
        return isLump() || isOfAWholeYear(number) ? end(number) : BusinessDay.earlier(end(number), last);
    }

    private boolean isLump() {
        return isLump(frequency);
    }

    /**
     * Whether the instalments of a year all fall into a whole year of the line: then they are the year's amount to the penny, whichever days the
     * last of them reaches into. The schedule, not the year, is what was agreed; the days after the year are a prepayment (rulebook 4.6, 4.21).
     */
    private boolean isOfAWholeYear(int number) {
        int perYear = perYear(frequency);
        LocalDate lastOfYear = payOn((number - 1) / perYear * perYear + perYear);
        int year = 1;
        while (!line.from().plusYears(year).isAfter(payOn(number))) {
            year++;
        }
        return coversFrom.equals(firstPayOn)
                && !lastOfYear.isAfter(last)
                && !line.from().plusYears(year).minusDays(1).isAfter(last);
    }

    /** Whether it is paid at once for all its time, and so knows no part periods. */
    static boolean isLump(Frequency frequency) {
        return perYear(frequency) == 1;
    }

    /** How many instalments a year. Rulebook 4.6. */
    static int perYear(Frequency frequency) {
        return switch (frequency) {
            case WEEKLY -> 52;
            case FOUR_WEEKLY -> 13;
            case MONTHLY -> 12;
            case QUARTERLY -> 4;
            case ANNUAL, ONE_OFF -> 1;
        };
    }

    /** The pay day of the n-th instalment, from 0: months are counted from the first pay day, so the 31st comes back after February. */
    static LocalDate payDay(LocalDate first, Frequency frequency, int n) {
        return switch (frequency) {
            case WEEKLY -> first.plusWeeks(n);
            case FOUR_WEEKLY -> first.plusWeeks(4L * n);
            case MONTHLY -> first.plusMonths(n);
            case QUARTERLY -> first.plusMonths(3L * n);
            case ANNUAL, ONE_OFF -> first.plusYears(n);
        };
    }

    /**
     * The day whose allocation the n-th instalment uses, from 0. Four weeks times thirteen are a day or two short of a year: the first
     * instalment of a new year may fall due on one of the last days of the old, and is the new year's all the same.
     */
    static LocalDate countsOn(LocalDate first, Frequency frequency, int n) {
        return BusinessDay.later(payDay(first, frequency, n), first.plusYears(n / perYear(frequency)));
    }
}
