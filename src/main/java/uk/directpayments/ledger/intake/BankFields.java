package uk.directpayments.ledger.intake;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Fields of a bank's file. A bank's totals can only be proved if every figure is understood, so a field that is not refuses the whole
 * file: {@code STATEMENT_UNREADABLE}, with the line and never with what stands there.
 */
final class BankFields {

    private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]{1,13}(?:\\.[0-9]{0,10})?|[+-]?\\.[0-9]{1,10}");
    private static final Pattern ZONE = Pattern.compile("(?:Z|[+-][0-9]{2}:[0-9]{2})$");

    private BankFields() {}

    static RuleBroken unreadable(int line, String words) {
        return new RuleBroken("STATEMENT_UNREADABLE", "Line " + line + ": " + words + ".");
    }

    /** Pounds with a decimal point, zeros beyond pence allowed. */
    static Money amount(String raw, int line) {
        String text = raw.strip();
        if (!DECIMAL.matcher(text).matches()) {
            throw unreadable(line, "an amount is not a number");
        }
        Money money;
        try {
            money = Money.ofPence(new BigDecimal(text).movePointRight(2).longValueExact());
        } catch (ArithmeticException fraction) {
            throw unreadable(line, "an amount has parts of a penny");
        }
        if (Math.abs(money.pence()) > Money.LARGEST_REQUEST.pence()) {
            throw unreadable(line, "an amount is beyond " + Money.LARGEST_REQUEST);
        }
        return money;
    }

    static void inPounds(@Nullable String currency, int line) {
        if (currency != null && !currency.strip().equalsIgnoreCase("GBP")) {
            throw new RuleBroken(
                    "CURRENCY_NOT_SUPPORTED", "Line " + line + " is not in pounds: every amount must be in GBP.");
        }
    }

    /** A date of ISO 8601, with or without a zone, which means nothing for a day. */
    static LocalDate date(String raw, int line) {
        return sane(
                raw.strip(), line, text -> LocalDate.parse(ZONE.matcher(text).replaceFirst("")));
    }

    /** The London day of an instant of ISO 8601; without a zone the bank's own day. */
    static LocalDate dayOf(String raw, int line) {
        return sane(
                raw.strip(),
                line,
                text -> ZONE.matcher(text).find()
                        ? BusinessDay.of(OffsetDateTime.parse(text).toInstant())
                        : LocalDateTime.parse(text).toLocalDate());
    }

    /** Six digits, {@code yyMMdd}, of this century; or eight, {@code yyyyMMdd}. */
    static LocalDate digits(String raw, int line) {
        return sane(raw, line, text -> {
            String full = text.length() == 6 ? "20" + text : text;
            return LocalDate.of(
                    Integer.parseInt(full.substring(0, 4)),
                    Integer.parseInt(full.substring(4, 6)),
                    Integer.parseInt(full.substring(6, 8)));
        });
    }

    private interface Parse {
        LocalDate of(String text);
    }

    static LocalDate day(int line, int year, int month, int day) {
        return sane("", line, none -> LocalDate.of(year, month, day));
    }

    private static LocalDate sane(String text, int line, Parse parse) {
        LocalDate day;
        try {
            day = parse.of(text);
        } catch (DateTimeException | NumberFormatException | IndexOutOfBoundsException wrong) {
            throw unreadable(line, "a date cannot be read");
        }
        if (day.getYear() < 2000 || day.getYear() > 9998) {
            throw unreadable(line, "a date is not from the year 2000 to 9998");
        }
        return day;
    }
}
