package uk.directpayments.ledger.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Open Financial Exchange, 1 (SGML) and 2 (XML), rulebook section 6: statements of one bank or card account. {@code FITID} is the bank's
 * reference, unique within the account. The format has no opening balance, so nothing is proved.
 */
final class OfxReader implements StatementReader {

    static final String FORMAT = "ofx";

    private static final Pattern LOOKS = Pattern.compile("OFXHEADER|<OFX>");
    private static final Pattern WHEN = Pattern.compile(
            "([0-9]{8})(?:([0-9]{4}|[0-9]{6})(?:\\.[0-9]+)?)?(?:\\[([+-]?[0-9]{1,2})(?:\\.[0-9]+)?(?::.*)?])?");

    private final StatementLimits limits;

    OfxReader(StatementLimits limits) {
        this.limits = limits;
    }

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public boolean recognises(byte[] head) {
        return LOOKS.matcher(new String(head, StandardCharsets.ISO_8859_1)).find();
    }

    @Override
    public void read(InputStream file, LocalDate today, Sink sink) throws IOException {
        MarkupLimit limited = new MarkupLimit(file, limits.lineCharacters());
        // whole files of one line are common; what is kept of one is limited by its tags
        StatementText text = new StatementText(
                limited, new StatementLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, limits.accounts()));
        Statements statements = new Statements(new BankLines(today, limits, sink), sink);
        OfxTags tags = new OfxTags(text);
        try {
            while (tags.next()) {
                statements.take(tags);
            }
        } catch (IOException | RuleBroken failed) {
            limited.rethrow();
            throw failed;
        }
        statements.end(tags.line());
    }

    /** What stands between the tags of a statement. */
    private static final class Statements {

        private final BankLines lines;
        private final Sink sink;
        private boolean closed;
        private boolean any;
        private @Nullable BankProof proof;
        private @Nullable String account;

        /** The element whose fields are being read, and the fields. */
        private @Nullable String within;

        private @Nullable String apart;
        private @Nullable LocalDate from;
        private Map<String, String> fields = new HashMap<>();

        Statements(BankLines lines, Sink sink) {
            this.lines = lines;
            this.sink = sink;
        }

        void take(OfxTags tag) {
            String name = tag.name();
            switch (name) {
                case "STMTRS", "CCSTMTRS" -> {
                    any = true;
                    proof = new BankProof();
                }
                case "/STMTRS", "/CCSTMTRS" -> {
                    of(tag).tell(sink, account, tag.line());
                    proof = null;
                }
                case "CURDEF" -> BankFields.inPounds(tag.value(), tag.line());
                case "STMTTRN", "LEDGERBAL", "BANKACCTFROM", "CCACCTFROM" -> begin(name, tag);
                // what stands within is of the other account, or in the original's currency: not this line's
                case "BANKACCTTO", "CCACCTTO", "ORIGCURRENCY" -> apart = name;
                case "/BANKACCTTO", "/CCACCTTO", "/ORIGCURRENCY" -> apart = null;
                case "/STMTTRN" -> transaction(tag);
                case "/LEDGERBAL" -> balance(tag);
                case "/BANKACCTFROM", "/CCACCTFROM" -> account(tag);
                case "DTSTART" -> from = day(tag.value(), tag.line());
                case "DTEND" -> of(tag).period(from, day(tag.value(), tag.line()));
                case "/OFX" -> closed = true;
                default -> {
                    if (within != null && apart == null && !tag.value().isEmpty()) {
                        fields.putIfAbsent(name, tag.value());
                    }
                }
            }
        }

        private BankProof of(OfxTags tag) {
            if (proof == null) {
                throw BankFields.unreadable(tag.line(), "a " + tag.name() + " stands outside of a statement");
            }
            return proof;
        }

        private void begin(String name, OfxTags tag) {
            of(tag);
            if (within != null) {
                throw BankFields.unreadable(tag.line(), "a " + within + " is never closed");
            }
            within = name;
            fields = new HashMap<>();
        }

        private String field(String name, OfxTags tag) {
            String value = fields.get(name);
            if (value == null) {
                throw BankFields.unreadable(tag.line(), name + " is missing");
            }
            return value;
        }

        private void transaction(OfxTags tag) {
            leave("STMTTRN", tag);
            LocalDate on = day(field("DTPOSTED", tag), tag.line());
            Money amount = BankFields.amount(field("TRNAMT", tag).replace(',', '.'), tag.line());
            BankFields.inPounds(fields.get("CURSYM"), tag.line());
            of(tag).add(amount, on);
            BankLines.Entry entry = new BankLines.Entry(
                    lines.count() + 1,
                    fields.get("FITID"),
                    null,
                    on,
                    amount,
                    false,
                    fields.get("NAME"),
                    fields.get("MEMO"),
                    null,
                    type(fields.getOrDefault("TRNTYPE", "")));
            if (fields.containsKey("CORRECTFITID")) {
                lines.correction(entry);
            } else {
                lines.add(entry, false);
            }
        }

        private static @Nullable SpendType type(String transactionType) {
            return switch (transactionType.strip().toUpperCase(Locale.ROOT)) {
                case "ATM", "CASH" -> SpendType.CASH;
                case "FEE", "SRVCHG" -> SpendType.FEE;
                default -> null;
            };
        }

        private void balance(OfxTags tag) {
            leave("LEDGERBAL", tag);
            of(tag).closing(BankFields.amount(field("BALAMT", tag).replace(',', '.'), tag.line()), null);
        }

        private void account(OfxTags tag) {
            leave(tag.name().substring(1), tag);
            String named = fields.getOrDefault("BANKID", "") + " " + field("ACCTID", tag);
            if (account != null && !account.equals(named)) {
                throw BankFields.unreadable(tag.line(), "the file is of more than one account");
            }
            account = named;
        }

        private void leave(String name, OfxTags tag) {
            if (!name.equals(within)) {
                throw BankFields.unreadable(tag.line(), "a " + name + " is closed that was not begun");
            }
            within = null;
            apart = null;
        }

        void end(int line) {
            if (!any) {
                throw BankFields.unreadable(line, "the file holds no statement");
            }
            if (!closed || proof != null || within != null) {
                throw BankFields.unreadable(line, "the file ends before its statement does");
            }
        }
    }

    /** The London day: a time with a zone can be of another day there. */
    private static LocalDate day(String raw, int line) {
        Matcher when = WHEN.matcher(raw.strip());
        if (!when.matches()) {
            throw BankFields.unreadable(line, "a date cannot be read");
        }
        LocalDate day = BankFields.digits(when.group(1), line);
        String time = when.group(2);
        if (time == null || when.group(3) == null) {
            return day;
        }
        int hours = Integer.parseInt(when.group(3));
        int hour = Integer.parseInt(time.substring(0, 2));
        int minute = Integer.parseInt(time.substring(2, 4));
        if (Math.abs(hours) > 14 || hour > 23 || minute > 59) {
            throw BankFields.unreadable(line, "a time cannot be read");
        }
        return BusinessDay.of(OffsetDateTime.of(day.atTime(hour, minute), ZoneOffset.ofHours(hours))
                .toInstant());
    }
}
