package uk.directpayments.ledger.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.FundingSource;

/**
 * The settings there are: name, what a value must be, and the default. Statutory limits may be lowered, never raised. Rulebook 7.9.
 *
 * @param name     dotted; a group's names end in {@code *}, which stands for a word of the council's own
 * @param kind     what a value is
 * @param least    of a number
 * @param most     of a number
 * @param words    of a word; of a group, the names that there may be, where they are not the council's own
 * @param standard the default in JSON, or null: a group's defaults stand in {@link DefaultPolicy}
 */
record Setting(
        String name,
        Kind kind,
        long least,
        long most,
        Set<String> words,
        @Nullable String standard) {

    enum Kind {
        NUMBER,
        YES_OR_NO,
        WORD,
        CATEGORY,
        MERCHANT,
        /** A short text of the council's own, for one of the words. */
        TEXT
    }

    /** A name of the council's own within a group. */
    private static final Pattern OWN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    static final long MONEY = 99_999_999_999L;

    static final List<Setting> ALL = List.of(
            word("dayCountBasis", "NIGHTS", "NIGHTS", "INCLUSIVE_DAYS"),
            yesOrNo("adult.linkFullPeriods", true),
            yesOrNo("childLinkAdvisory", false),
            number("child.singlePeriodMax", 28, 1, 28),
            number("child.in12MonthsMax", 120, 1, 120),
            number("adult.linkedMax", 28, 1, 28),
            number("warningLevels.singlePeriod", 21, 1, 28),
            number("warningLevels.in12Months", 90, 1, 120),
            number("surplusWeeks", 8, 0, 52),
            number("minReclaimPence", 5_000, 0, MONEY),
            number("evidenceDays", 28, 1, 365),
            number("evidenceReminderDays", 14, 1, 365),
            number("returnCycle.*", null, 1, 24),
            yesOrNo("payDuringDispute", true),
            number("reserveLimits.*", null, 0, MONEY),
            number("delegatedAuthority.*", null, 0, MONEY),
            number("unknownQueryOverPence", 100_000, 0, MONEY),
            number("retentionYears", 7, 1, 30),
            number("startUpReviewWeeks", 12, 1, 52),
            number("coolingOffDays", 3, 0, 60),
            number("stayUnpaidDays", 60, 1, 365),
            number("noSpendDays", 90, 1, 730),
            new Setting("mcc.*", Kind.CATEGORY, 0, 0, Set.of(), null),
            new Setting("merchants.*", Kind.MERCHANT, 0, 0, Set.of(), null),
            new Setting("costCentres.*", Kind.TEXT, 0, 0, sources(source -> true), null),
            new Setting("payerOrganisations.*", Kind.TEXT, 0, 0, sources(source -> !source.isOfTheFamily()), null),
            new Setting("recoverable.*", Kind.YES_OR_NO, 0, 0, sources(source -> !source.isOfTheFamily()), null));

    private static Set<String> sources(Predicate<FundingSource> which) {
        return Arrays.stream(FundingSource.values())
                .filter(which)
                .map(Enum::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Setting number(String name, @Nullable Integer standard, long least, long most) {
        return new Setting(
                name, Kind.NUMBER, least, most, Set.of(), standard == null ? null : Integer.toString(standard));
    }

    private static Setting yesOrNo(String name, boolean standard) {
        return new Setting(name, Kind.YES_OR_NO, 0, 0, Set.of(), Boolean.toString(standard));
    }

    private static Setting word(String name, String standard, String... words) {
        return new Setting(name, Kind.WORD, 0, 0, Set.of(words), '"' + standard + '"');
    }

    /** The setting that a dotted name names, if there is one. */
    static Optional<Setting> named(String name) {
        return ALL.stream().filter(setting -> setting.names(name)).findFirst();
    }

    private boolean names(String other) {
        if (!name.endsWith("*")) {
            return name.equals(other);
        }
        String group = name.substring(0, name.length() - 1);
        if (!other.startsWith(group)) {
            return false;
        }
        String own = other.substring(group.length());
        if (!words.isEmpty()) {
            return words.contains(own);
        }
        return kind == Kind.CATEGORY
                ? own.matches("[0-9]{4}")
                : OWN_NAME.matcher(own).matches();
    }

    /** Whether null takes a value of this name away. */
    boolean isTakenAwayByNull() {
        return kind == Kind.MERCHANT || kind == Kind.TEXT;
    }

    /** Whether a value of this name is an object by itself, and not a group of settings. */
    boolean isObject() {
        return kind == Kind.CATEGORY || kind == Kind.MERCHANT;
    }
}
