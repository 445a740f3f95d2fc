package uk.directpayments.ledger.residential;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import uk.directpayments.ledger.policy.Policy;
import uk.directpayments.ledger.policy.Settings;

/**
 * What the council has settled about counting residential days, rulebook 2 and 7.9. The one place that the rest of this room takes
 * it from.
 *
 * @param version               stands in every answer
 * @param basis                 how days are counted unless a caller asks otherwise
 * @param singlePeriodMost      child: the most consecutive days; may be lowered from 28, never raised
 * @param twelveMonthsMost      child: the most days in twelve months; may be lowered from 120, never raised
 * @param linkedMost            adult: the most days of one linked group in twelve months; may be lowered from 28, never raised
 * @param adultLinkFullPeriods  whether a period of four weeks or more is linked to a later one (the cautious reading), or only shorter ones
 * @param childLinkAdvisory     whether a child's periods less than four weeks apart, linked as an adult's are, give an advisory warning
 * @param amberPeriod           from how many days of a single or linked period on the warning is amber
 * @param amberTwelveMonths     from how many days in twelve months on the warning is amber
 */
public record ResidentialPolicy(
        String version,
        Basis basis,
        int singlePeriodMost,
        int twelveMonthsMost,
        int linkedMost,
        boolean adultLinkFullPeriods,
        boolean childLinkAdvisory,
        int amberPeriod,
        int amberTwelveMonths) {

    /** Periods are linked when fewer than this many uncounted days lie between them; a full period has at least as many days. */
    public static final int FOUR_WEEKS = 28;

    /** In force until the council publishes another. */
    public static final ResidentialPolicy DEFAULT = of(Policy.standard());

    /** What a version of the council's policy says about residential days. */
    public static ResidentialPolicy of(Policy policy) {
        Settings settings = policy.settings();
        return new ResidentialPolicy(
                policy.version(),
                Basis.valueOf(settings.dayCountBasis()),
                settings.number("child.singlePeriodMax"),
                settings.number("child.in12MonthsMax"),
                settings.number("adult.linkedMax"),
                settings.is("adult.linkFullPeriods"),
                settings.is("childLinkAdvisory"),
                settings.number("warningLevels.singlePeriod"),
                settings.number("warningLevels.in12Months"));
    }

    /** Everything that decides on which days somebody stands near or over a limit, on a given basis: policies alike in it find the same spans. */
    String limits() {
        return Stream.of(
                        singlePeriodMost,
                        twelveMonthsMost,
                        linkedMost,
                        adultLinkFullPeriods,
                        childLinkAdvisory,
                        amberPeriod,
                        amberTwelveMonths)
                .map(String::valueOf)
                .collect(Collectors.joining("/"));
    }

    /** The default but for its limits. */
    static ResidentialPolicy withLimits(String limits) {
        String[] each = limits.split("/");
        return new ResidentialPolicy(
                limits,
                DEFAULT.basis,
                Integer.parseInt(each[0]),
                Integer.parseInt(each[1]),
                Integer.parseInt(each[2]),
                Boolean.parseBoolean(each[3]),
                Boolean.parseBoolean(each[4]),
                Integer.parseInt(each[5]),
                Integer.parseInt(each[6]));
    }

    /** Which dates of a stay count. Rulebook 2.2. */
    public enum Basis {
        /** From the day of admission to the day before discharge. */
        NIGHTS,
        /** From the day of admission to the day of discharge. */
        INCLUSIVE_DAYS
    }
}
