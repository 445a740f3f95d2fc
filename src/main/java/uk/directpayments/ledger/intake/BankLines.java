package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.intake.StatementLine.Kind;
import uk.directpayments.ledger.intake.StatementLine.Spent;
import uk.directpayments.ledger.intake.StatementLine.Unnumbered;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Makes lines of what a bank's file says of its entries, the same for every format: what an entry is, what makes it the same entry in
 * every file, and what stands in the way of recording it. About 160 bytes an entry.
 */
final class BankLines {

    /** What banks write where they have no reference. */
    private static final Set<String> NO_REFERENCE = Set.of("", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "NULL", "0");

    /** And where there must be one of some length. */
    private static final Pattern FILLED_IN = Pattern.compile("[0-]+");

    private final LocalDate today;
    private final StatementReader.Sink sink;
    private final StatementLimits limits;
    private final SeenLines seen = new SeenLines();
    private final Map<Long, Integer> occurrences = new HashMap<>();
    private int entries;

    BankLines(LocalDate today, StatementLimits limits, StatementReader.Sink sink) {
        this.today = today;
        this.limits = limits;
        this.sink = sink;
    }

    /**
     * An entry as a file has it.
     *
     * @param number      its line or, in formats without lines, its place among the entries, from 1
     * @param reference   the bank's own, or null where there is none
     * @param other       a reference that somebody else gave it, which need not be unique; or null
     * @param amount      money in is positive
     * @param reversal    it takes back an earlier entry
     * @param balance     of the account after it, or null
     * @param type        what kind of spending the bank says that it is, if money went out; null if it does not say
     */
    record Entry(
            int number,
            @Nullable String reference,
            @Nullable String other,
            LocalDate on,
            Money amount,
            boolean reversal,
            @Nullable String payee,
            @Nullable String description,
            @Nullable Money balance,
            @Nullable SpendType type) {}

    /** How many entries there have been. */
    int count() {
        return entries;
    }

    /** The entries to come are of another statement. */
    void nextStatement() {
        seen.nextStatement();
    }

    /** @param proved the statement's balances count it, however often it stands there @throws RuleBroken {@code TOO_LARGE} */
    void add(Entry entry, boolean proved) {
        oneMore();
        if (entry.amount.isZero()) {
            sink.refused(new RefusedLine(entry.number, "AMOUNT_ZERO", "The amount is zero."));
            return;
        }
        StatementLine line = line(entry);
        if (entry.on.isAfter(today)) {
            sink.refused(new RefusedLine(line, "DATE_IN_FUTURE", "The entry's date lies in the future."));
            return;
        }
        // the how manieth of its content is in no file twice
        switch (line.unnumbered() == null ? seen.see(line) : SeenLines.Sight.NEW) {
            case NEW -> sink.line(line);
            case REPEATED -> {
                if (proved && seen.isOfThisStatement(line)) {
                    sink.refused(
                            new RefusedLine(
                                    line.apart(),
                                    "DUPLICATE_TRANSACTION",
                                    "The entry stands twice in its statement, under one reference, and the balances count both."));
                } else {
                    sink.repeated(line);
                }
            }
            case CONTRADICTED ->
                sink.refused(new RefusedLine(
                        line.apart(),
                        "DUPLICATE_TRANSACTION",
                        "The entry's reference stands earlier in the file with other content."));
        }
    }

    private void oneMore() {
        if (++entries > limits.lines()) {
            throw new RuleBroken("TOO_LARGE", "The file has more than " + limits.lines() + " entries.");
        }
    }

    /** An entry that takes the place of an earlier one, or takes it away: it has moved no money. @throws RuleBroken {@code TOO_LARGE} */
    void correction(Entry entry) {
        oneMore();
        String code = "DUPLICATE_TRANSACTION";
        String words = "The entry corrects an earlier one: reverse what was recorded of that, and record this by hand.";
        sink.refused(
                entry.amount.isZero()
                        ? new RefusedLine(entry.number, code, words)
                        : new RefusedLine(line(entry).apart(), code, words));
    }

    /** An entry that the bank has announced and not booked. @throws RuleBroken {@code TOO_LARGE} */
    void pending(int number) {
        oneMore();
        sink.refused(new RefusedLine(number, "LINE_NOT_SETTLED", "The entry is not booked: it counts once it is."));
    }

    private StatementLine line(Entry entry) {
        String payee = StatementFields.bankText(entry.payee);
        String description = StatementFields.bankText(entry.description);
        String written = real(entry.reference);
        String given = written == null || FILLED_IN.matcher(written).matches() ? null : written;
        Unnumbered unnumbered = null;
        String reference;
        if (given != null) {
            // what may be a card's number is not kept, nor what no text may hold; and still told from every other
            reference = given.equals(StatementFields.bankText(given)) ? given : "reference:" + hash(given);
        } else {
            String other = real(entry.other);
            String[] content = {entry.on.toString(), entry.amount.toString(), orEmpty(payee), orEmpty(description)};
            String[] all = {content[0], content[1], content[2], content[3], orEmpty(other)};
            String earlier = "content:" + place(content);
            String place = place(all);
            unnumbered = new Unnumbered(
                    StatementFields.bankText(other), earlier, written == null || !isFirst(place) ? null : written);
            reference = "entry:" + place;
        }
        Kind kind = kind(entry);
        return new StatementLine(
                entry.number,
                null,
                reference,
                entry.on,
                kind,
                entry.amount,
                payee,
                null,
                Money.ZERO,
                entry.balance,
                description,
                kind == Kind.DEBIT && entry.type != null ? new Spent(entry.type, null, null) : null,
                unnumbered);
    }

    private static Kind kind(Entry entry) {
        if (entry.amount.isPositive()) {
            return entry.reversal ? Kind.REVERSAL : Kind.CREDIT;
        }
        return entry.reversal ? Kind.RECALL : Kind.DEBIT;
    }

    /** A reference that says something, or null. */
    static @Nullable String real(@Nullable String reference) {
        String stripped = orEmpty(reference).strip();
        return NO_REFERENCE.contains(stripped.toUpperCase(Locale.ROOT)) ? null : stripped;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Without the bank's reference an entry is what it says, and the how manieth of those that say the same: so in every file with that day. */
    private String place(String[] content) {
        int occurrence = occurrences.merge(Hashes.bits64(content), 1, Integer::sum);
        return hash(content) + ":" + occurrence;
    }

    private static boolean isFirst(String place) {
        return place.endsWith(":1");
    }

    private static String hash(String... parts) {
        return Hashes.hex(parts).substring(0, 32);
    }
}
