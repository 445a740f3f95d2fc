package uk.directpayments.ledger.account;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Whether sort code and account number fit each other, by the table of weights that the banks publish for it. The table is not the
 * ledger's to ship: until the council supplies it, nothing is checked, and every answer says so. Rulebook 6, controls.
 *
 * <p>Understood are the checks {@code MOD10}, {@code MOD11} and {@code DBLAL} and the exceptions 1, 4, 6 and 7. An account whose rows have another
 * exception, or whose sort code is not in the table, is {@link Result#NOT_COVERED}: it passes, and the answer says that too.
 */
final class ModulusCheck {

    /** API: the answer to new bank details. */
    enum Result {
        PASSED,
        FAILED,
        /** The table does not say, or not in a way that is understood. */
        NOT_COVERED,
        /** No table has been supplied: setting {@code ledger.bank.modulus-weights}. */
        OFF
    }

    private static final int DIGITS = 14;
    private static final int FIRST_OF_ACCOUNT = 6;
    private static final int G = 12;
    private static final int H = 13;

    private record Row(String from, String to, String check, int[] weights, int exception) {}

    private final NavigableMap<String, List<Row>> rows = new TreeMap<>();

    private ModulusCheck(List<String> lines) {
        int number = 0;
        for (String line : lines) {
            number++;
            if (!line.isBlank()) {
                Row row = row(line.trim().split("\\s+"), number);
                rows.computeIfAbsent(row.from, none -> new ArrayList<>()).add(row);
            }
        }
    }

    /** Without a table. */
    static ModulusCheck off() {
        return new ModulusCheck(List.of());
    }

    /** @throws IllegalArgumentException if a line is none of a table of weights: the service does not start with it */
    static ModulusCheck of(List<String> lines) {
        ModulusCheck check = new ModulusCheck(lines);
        if (check.rows.isEmpty()) {
            throw new IllegalArgumentException("the table of modulus weights is empty");
        }
        return check;
    }

    static ModulusCheck of(Path table) {
        try {
            return of(Files.readAllLines(table, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("the table of modulus weights cannot be read: " + table, e);
        }
    }

    private static Row row(String[] words, int number) {
        if (words.length < 3 + DIGITS || words.length > 4 + DIGITS || !words[0].matches("[0-9]{6}")) {
            throw new IllegalArgumentException("line " + number + " of the table of modulus weights is not understood");
        }
        int[] weights = new int[DIGITS];
        for (int i = 0; i < DIGITS; i++) {
            weights[i] = Integer.parseInt(words[3 + i]);
        }
        int exception = words.length == 4 + DIGITS ? Integer.parseInt(words[3 + DIGITS]) : 0;
        return new Row(words[0], words[1], words[2], weights, exception);
    }

    /** @param sortCode six digits; {@code accountNumber} has eight */
    Result check(String sortCode, String accountNumber) {
        if (rows.isEmpty()) {
            return Result.OFF;
        }
        Map.Entry<String, List<Row>> below = rows.floorEntry(sortCode);
        List<Row> found = below == null
                ? List.of()
                : below.getValue().stream()
                        .filter(row -> row.to.compareTo(sortCode) >= 0)
                        .toList();
        if (found.isEmpty()) {
            return Result.NOT_COVERED;
        }
        int[] digits = (sortCode + accountNumber).chars().map(c -> c - '0').toArray();
        for (Row row : found) {
            if (row.exception == 6 && isForeign(digits)) {
                return Result.NOT_COVERED;
            }
            if (!List.of(0, 1, 4, 6, 7).contains(row.exception)) {
                return Result.NOT_COVERED;
            }
            if (!fits(row, digits)) {
                return Result.FAILED;
            }
        }
        return Result.PASSED;
    }

    /** An account in a foreign currency: its number is not made by the rule. */
    private static boolean isForeign(int[] digits) {
        int a = digits[FIRST_OF_ACCOUNT];
        return a >= 4 && a <= 8 && digits[G] == digits[H];
    }

    private static boolean fits(Row row, int[] digits) {
        int first = row.exception == 7 && digits[G] == 9 ? FIRST_OF_ACCOUNT + 2 : 0;
        int total = row.exception == 1 ? 27 : 0;
        for (int i = first; i < DIGITS; i++) {
            int product = digits[i] * row.weights[i];
            total += row.check.equals("DBLAL") ? product / 10 + product % 10 : product;
        }
        if (row.exception == 4) {
            return total % 11 == digits[G] * 10 + digits[H];
        }
        return total % (row.check.equals("MOD11") ? 11 : 10) == 0;
    }
}
