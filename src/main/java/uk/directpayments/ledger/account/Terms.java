package uk.directpayments.ledger.account;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;

/**
 * What a budget allows an account, as the account last heard of it: carried by an automation with the budget's own sequence, so that
 * an older one never overwrites a newer. Rulebook 7.10, number 3: payments never exceed the allocation in force for their line.
 *
 * @param budgetSequence  sequence of the budget's stream that these terms come from
 * @param endsOn          the last day of the budget: ended by decision or death, or its period; null while it has none
 * @param consentFrom     the first day on which somebody has consented to receive the payments, or null
 * @param consentUntil    the last day on which a consent was in force, or null while one is
 * @param consentGaps     the days between these two on which nobody consented, in order; null, as none, in what was recorded before
 *                        gaps were carried
 */
public record Terms(
        long budgetSequence,
        @Nullable LocalDate endsOn,
        @Nullable LocalDate consentFrom,
        @Nullable LocalDate consentUntil,
        @Nullable List<Gap> consentGaps,
        List<Line> lines) {

    /** Days without consent: the first and the last. */
    public record Gap(LocalDate from, LocalDate to) {

        private boolean covers(LocalDate on) {
            return !on.isBefore(from) && !on.isAfter(to);
        }
    }

    /**
     * A budget line as the account sees it, in the order in which the lines were agreed.
     *
     * @param payable       true for {@code DIRECT_PAYMENT} and {@code THIRD_PARTY}; a council-managed line pays nothing out
     * @param amounts       what it is worth a year, from which day; in order of the days, at least one
     * @param accountId     the account it is paid through at present, or null
     * @param paidElsewhere what was paid on it, gross, through other accounts, before it came here
     * @param paidOnce      whether it is money to start with (rulebook 4.9), by what the budget's accounts have agreed; null where none has, where
     *                      there is only this one, which knows, and in what was recorded before it was carried
     */
    public record Line(
            String lineId,
            FundingSource source,
            boolean payable,
            LocalDate from,
            LocalDate to,
            List<YearlyAmount> amounts,
            @Nullable String accountId,
            Money paidElsewhere,
            @Nullable Boolean paidOnce) {

        private Line released(Money paid) {
            return new Line(lineId, source, payable, from, to, amounts, null, paidElsewhere.plus(paid), paidOnce);
        }

        private Line paidOnce(@Nullable Boolean once) {
            return new Line(lineId, source, payable, from, to, amounts, accountId, paidElsewhere, once);
        }

        /** What the line is worth a year on a day: the newest amount that has begun, or nothing outside the line's period. */
        public Money yearlyAmount(LocalDate on) {
            if (on.isBefore(from) || on.isAfter(to)) {
                return Money.ZERO;
            }
            return YearlyAmount.inForce(amounts, on);
        }

        /**
         * What may have been paid on the line, gross, by a day: the yearly amount in force, once for each year of the line that has begun.
         * A line of at most twelve months is therefore worth its yearly amount.
         *
         * @param on not after the budget's end: see {@link Terms#allocation(Line, LocalDate)}
         */
        Money allocation(LocalDate on) {
            Money allocation = Money.ZERO;
            LocalDate last = BusinessDay.earlier(on, to);
            for (int year = 0; !from.plusYears(year).isAfter(last); year++) {
                LocalDate endOfYear = from.plusYears(year + 1).minusDays(1);
                allocation = allocation.plus(yearlyAmount(endOfYear.isBefore(last) ? endOfYear : last));
            }
            return allocation;
        }

        /**
         * What of the allocation falls to the days of a period, each day of a year of the line counting alike: rounded half up once on the total
         * (rulebook 4.7), so that a whole year has its whole amount.
         *
         * @param asOf    the yearly amount of a year is the one in force on its last day or, before that, on this day
         * @param lastDay no year begins after it
         */
        private Money allocation(LocalDate since, LocalDate until, LocalDate asOf, LocalDate lastDay) {
            BigDecimal pence = BigDecimal.ZERO;
            for (int year = 0; !from.plusYears(year).isAfter(BusinessDay.earlier(until, lastDay)); year++) {
                LocalDate begin = from.plusYears(year);
                LocalDate end = BusinessDay.earlier(from.plusYears(year + 1).minusDays(1), to);
                LocalDate first = since.isAfter(begin) ? since : begin;
                long days = Math.max(0, ChronoUnit.DAYS.between(first, BusinessDay.earlier(until, end)) + 1);
                LocalDate decisive =
                        asOf.isBefore(begin) ? begin : BusinessDay.earlier(BusinessDay.earlier(end, lastDay), asOf);
                pence = pence.add(BigDecimal.valueOf(yearlyAmount(decisive).pence())
                        .multiply(BigDecimal.valueOf(days))
                        .divide(BigDecimal.valueOf(ChronoUnit.DAYS.between(begin, end) + 1), MathContext.DECIMAL128));
            }
            return Money.ofPence(pence.setScale(0, RoundingMode.HALF_UP).longValueExact());
        }
    }

    /** An amount a year, from a day on. */
    public record YearlyAmount(LocalDate from, Money annualAmount) {

        /** The newest of some amounts, in the order of their days, that has begun on a day; nothing before the first. */
        public static Money inForce(List<YearlyAmount> amounts, LocalDate on) {
            Money inForce = Money.ZERO;
            for (YearlyAmount amount : amounts) {
                if (!amount.from.isAfter(on)) {
                    inForce = amount.annualAmount;
                }
            }
            return inForce;
        }
    }

    /** Until the budget says through which account the line is paid next, it is paid through none; what was paid here stays paid. */
    public Terms released(String lineId, Money paid) {
        return lines(line -> line.lineId().equals(lineId) ? line.released(paid) : line);
    }

    /** @param once whether a line is paid once, by its id; of others nobody knows */
    public Terms paidOnce(Map<String, Boolean> once) {
        return lines(line -> line.paidOnce(once.get(line.lineId())));
    }

    private Terms lines(UnaryOperator<Line> change) {
        return new Terms(
                budgetSequence,
                endsOn,
                consentFrom,
                consentUntil,
                consentGaps,
                lines.stream().map(change).toList());
    }

    /** What may have been paid on a line, gross, by a day: nothing more once the budget has ended. */
    public Money allocation(Line line, LocalDate on) {
        return line.allocation(BusinessDay.earlier(on, lastDay(line)));
    }

    /** What of that falls to the days of a period: the year in which the budget ends has all of its days, and no year after it any. */
    public Money allocation(Line line, LocalDate since, LocalDate until, LocalDate asOf) {
        return line.allocation(since, until, asOf, lastDay(line));
    }

    /** The last day of a line: its own, or that of the budget. */
    public LocalDate lastDay(Line line) {
        return endsOn == null ? line.to : BusinessDay.earlier(line.to, endsOn);
    }

    /** Whether anybody consents to receive payments on a day. */
    public boolean consented(LocalDate on) {
        return consentFrom != null
                && !on.isBefore(consentFrom)
                && (consentUntil == null || !on.isAfter(consentUntil))
                && (consentGaps == null || consentGaps.stream().noneMatch(gap -> gap.covers(on)));
    }

    public Optional<Line> line(String lineId) {
        return lines.stream().filter(line -> line.lineId().equals(lineId)).findFirst();
    }
}
