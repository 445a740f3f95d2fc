package uk.directpayments.ledger.kernel;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * An amount in pounds sterling, held as whole pence; written as pounds with two decimals ({@code "620.00"}, {@code "-12.30"}).
 * Arithmetic is exact or throws {@link ArithmeticException}; nothing rounds by accident. Rulebook 4.6 and 4.12.
 *
 * @param pence any number of pence; what a request may say is narrower, see {@link #LARGEST_REQUEST}
 */
public record Money(long pence) implements Comparable<Money> {

    public static final Money ZERO = new Money(0);

    /** The largest amount a request may name: 999999999.99. */
    public static final Money LARGEST_REQUEST = new Money(99_999_999_999L);

    private static final int MOST_DIGITS = 17;

    public static Money ofPence(long pence) {
        return pence == 0 ? ZERO : new Money(pence);
    }

    /**
     * Reads pounds with at most two decimals, negative or not.
     *
     * @throws RuleBroken {@code MONEY_INVALID}
     */
    public static Money parse(String text) {
        // read by hand: every figure of every event and row passes here
        int length = text.length();
        boolean negative = length > 0 && text.charAt(0) == '-';
        int at = negative ? 1 : 0;
        int first = at;
        long whole = 0;
        for (; at < length && isDigit(text.charAt(at)); at++) {
            whole = at - first < MOST_DIGITS ? 10 * whole + (text.charAt(at) - '0') : whole;
        }
        int digits = at - first;
        long part = 0;
        int decimals = 0;
        if (digits > 0 && at < length && text.charAt(at) == '.') {
            for (at++; at < length && isDigit(text.charAt(at)) && decimals < 2; at++, decimals++) {
                part = 10 * part + (text.charAt(at) - '0');
            }
            part = decimals == 1 ? 10 * part : part;
            at = decimals == 0 ? -1 : at;
        }
        if (digits < 1 || digits > MOST_DIGITS || at != length) {
            throw new RuleBroken(
                    "MONEY_INVALID", "Money is a string of pounds with at most two decimals, like \"620.00\".");
        }
        try {
            long sign = negative ? -1 : 1;
            return ofPence(Math.addExact(Math.multiplyExact(whole, sign * 100), sign * part));
        } catch (ArithmeticException tooLarge) {
            throw new RuleBroken("MONEY_INVALID", "That is more money than the ledger can count.");
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    public Money plus(Money other) {
        return ofPence(Math.addExact(pence, other.pence));
    }

    public Money minus(Money other) {
        return ofPence(Math.subtractExact(pence, other.pence));
    }

    public Money negated() {
        return ofPence(Math.negateExact(pence));
    }

    public boolean isZero() {
        return pence == 0;
    }

    public boolean isPositive() {
        return pence > 0;
    }

    public boolean isNegative() {
        return pence < 0;
    }

    public boolean isMoreThan(Money other) {
        return pence > other.pence;
    }

    public Money least(Money other) {
        return pence <= other.pence ? this : other;
    }

    /**
     * Splits a yearly amount into instalments, rulebook 4.6: the first {@code pence mod parts} instalments carry the odd pennies.
     *
     * @param parts at least 1; this amount must not be negative
     */
    public List<Money> instalments(int parts) {
        if (parts < 1 || pence < 0) {
            throw new IllegalArgumentException("cannot split " + this + " into " + parts);
        }
        long base = pence / parts;
        long odd = pence % parts;
        List<Money> split = new ArrayList<>(parts);
        for (int i = 0; i < parts; i++) {
            split.add(ofPence(i < odd ? base + 1 : base));
        }
        return List.copyOf(split);
    }

    /**
     * Shares this amount pro rata, rulebook 4.12: largest remainder, ties to the earlier weight. The shares add up to this
     * amount exactly; a negative amount is shared as its positive twin.
     *
     * @param weights none negative, at least one positive
     */
    public List<Money> shared(List<Money> weights) {
        if (pence < 0) {
            return negated().shared(weights).stream().map(Money::negated).toList();
        }
        long total = weights.stream().mapToLong(Money::pence).reduce(0, Math::addExact);
        if (total <= 0 || weights.stream().anyMatch(Money::isNegative)) {
            throw new IllegalArgumentException("cannot share by " + weights);
        }
        int n = weights.size();
        long[] shares = new long[n];
        long[] remainders = new long[n];
        long left = pence;
        for (int i = 0; i < n; i++) {
            BigInteger[] product = BigInteger.valueOf(pence)
                    .multiply(BigInteger.valueOf(weights.get(i).pence))
                    .divideAndRemainder(BigInteger.valueOf(total));
            shares[i] = product[0].longValueExact();
            remainders[i] = product[1].longValueExact();
            left -= shares[i];
        }
        for (; left > 0; left--) {
            int largest = 0;
            for (int i = 1; i < n; i++) {
                if (remainders[i] > remainders[largest]) {
                    largest = i;
                }
            }
            shares[largest]++;
            remainders[largest] = -1;
        }
        List<Money> result = new ArrayList<>(n);
        for (long share : shares) {
            result.add(ofPence(share));
        }
        return List.copyOf(result);
    }

    /**
     * The part of this amount that belongs to {@code days} of {@code of} days (or weeks), rounded half up once. Rulebook 4.7, 4.21.
     *
     * @param days not negative; this amount must not be either
     * @param of   at least 1
     */
    public Money part(long days, long of) {
        if (days < 0 || of < 1 || pence < 0) {
            throw new IllegalArgumentException("cannot take " + days + " of " + of + " of " + this);
        }
        BigInteger twice = BigInteger.valueOf(pence).multiply(BigInteger.valueOf(Math.multiplyExact(2, days)));
        return ofPence(twice.add(BigInteger.valueOf(of))
                .divide(BigInteger.valueOf(Math.multiplyExact(2, of)))
                .longValueExact());
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(pence, other.pence);
    }

    @Override
    public String toString() {
        long whole = Math.abs(pence / 100);
        long part = Math.abs(pence % 100);
        return (pence < 0 ? "-" : "") + whole + (part < 10 ? ".0" : ".") + part;
    }
}
