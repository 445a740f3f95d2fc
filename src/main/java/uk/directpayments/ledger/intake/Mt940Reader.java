package uk.directpayments.ledger.intake;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.Money;

/** SWIFT MT940, rulebook section 6: statements of one account, {@code :60F:} and every {@code :61:} making {@code :62F:}. */
final class Mt940Reader implements StatementReader {

    static final String FORMAT = "mt940";

    private static final Pattern LOOKS = Pattern.compile("(?:^|[\\r\\n]):60[FM]:[CD][0-9]{6}[A-Z]{3}");
    private static final Pattern TAG = Pattern.compile(":([0-9]{2}[A-Z]?):(.*)");
    private static final Pattern BALANCE = Pattern.compile("([CD])([0-9]{6})([A-Z]{3})([0-9]{1,12},[0-9]{0,2})");
    private static final Pattern MOVEMENT = Pattern.compile(
            "([0-9]{6})([0-9]{4})?(R?[CD])[A-Z]?([0-9]{1,12},[0-9]{0,2})[A-Z]([A-Z0-9]{3})(.*?)(?://(.*))?");

    /** What follows a code of a structured {@code :86:}: {@code /NAME/}, or {@code ?32}. */
    private static final Pattern NAME = Pattern.compile("/NAME/([^/]+)|\\?32([^?]+)");

    private final StatementLimits limits;

    Mt940Reader(StatementLimits limits) {
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
        Messages messages = new Messages(new BankLines(today, limits, sink), sink);
        BufferedReader lines = new BufferedReader(new StatementText(file, limits));
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            // before and behind a message may stand its envelope
            int text = line.indexOf("{4:");
            String content = text >= 0 ? line.substring(text + 3) : line;
            Matcher tag = TAG.matcher(content);
            if (tag.matches()) {
                messages.tag(tag.group(1), tag.group(2), number);
            } else if (content.startsWith("-") || content.startsWith("{")) {
                messages.endOfMessage(number);
            } else if (!content.isBlank()) {
                messages.more(content);
            }
        }
        messages.end(Math.max(1, number));
    }

    /** The fields as they come. */
    private static final class Messages {

        private final BankLines lines;
        private final Sink sink;
        private boolean any;
        private @Nullable String account;
        private @Nullable BankProof proof;
        private boolean between;
        private String tag = "";

        private @Nullable Matcher movement;
        private int movementLine;
        private final List<String> details = new ArrayList<>();

        Messages(BankLines lines, Sink sink) {
            this.lines = lines;
            this.sink = sink;
        }

        void tag(String name, String value, int line) {
            if (!name.equals("86")) {
                take();
            }
            tag = name;
            switch (name) {
                case "25", "25P" -> account(value.strip(), line);
                case "60F", "60M" -> open(name, value, line);
                case "61" -> {
                    of(line);
                    movement = matched(MOVEMENT, value, line);
                    movementLine = line;
                }
                case "86" -> more(value);
                case "62F", "62M" -> close(name, value, line);
                default -> {
                    // not needed
                }
            }
        }

        /** Another line of the field before; only an entry's own words are kept, and the six lines of 65 that may be are enough. */
        void more(String text) {
            if (movement != null && tag.equals("86") && details.size() < 6) {
                details.add(text);
            }
        }

        private void account(String named, int line) {
            if (account != null && !account.equals(named)) {
                throw BankFields.unreadable(line, "the file is of more than one account");
            }
            account = named;
        }

        private void open(String name, String value, int line) {
            Matcher balance = balance(value, line);
            // the second page of a statement goes on with the first, whatever it says it begins with
            if (proof != null && !(between && name.equals("60M"))) {
                throw BankFields.unreadable(line, "the statement before is never closed");
            }
            if (proof == null) {
                proof = new BankProof();
                proof.opening(amount(balance), BankFields.digits(balance.group(2), line));
            }
            between = false;
            any = true;
        }

        private void close(String name, String value, int line) {
            Matcher balance = balance(value, line);
            BankProof closing = of(line);
            closing.closing(amount(balance), BankFields.digits(balance.group(2), line));
            between = name.equals("62M");
            if (!between) {
                closing.tell(sink, account, line);
                lines.nextStatement();
                proof = null;
            }
        }

        void endOfMessage(int line) {
            take();
            if (proof != null && !between) {
                throw BankFields.unreadable(line, "a message ends before its statement does");
            }
        }

        private static Matcher balance(String value, int line) {
            Matcher balance = matched(BALANCE, value.strip(), line);
            BankFields.inPounds(balance.group(3), line);
            return balance;
        }

        private static Money amount(Matcher balance) {
            Money amount = BankFields.amount(balance.group(4).replace(',', '.'), 0);
            return balance.group(1).equals("D") ? amount.negated() : amount;
        }

        private BankProof of(int line) {
            if (proof == null) {
                throw BankFields.unreadable(line, "an entry or balance stands outside of a statement");
            }
            return proof;
        }

        private static Matcher matched(Pattern pattern, String value, int line) {
            Matcher matcher = pattern.matcher(value);
            if (!matcher.matches()) {
                throw BankFields.unreadable(line, "a field is not as MT940 has it");
            }
            return matcher;
        }

        /** The entry before is whole. */
        private void take() {
            Matcher m = movement;
            if (m == null) {
                return;
            }
            movement = null;
            LocalDate on = booked(BankFields.digits(m.group(1), movementLine), m.group(2));
            Money amount = BankFields.amount(m.group(4).replace(',', '.'), movementLine);
            String mark = m.group(3);
            // the reversal of a credit takes money out
            boolean out = mark.equals("D") || mark.equals("RC");
            Money signed = out ? amount.negated() : amount;
            of(movementLine).add(signed, on);
            String words = String.join("", details);
            details.clear();
            Matcher name = NAME.matcher(words);
            String payee = name.find() ? (name.group(1) != null ? name.group(1) : name.group(2)) : null;
            lines.add(
                    new BankLines.Entry(
                            movementLine,
                            m.group(7),
                            m.group(6),
                            on,
                            signed,
                            mark.startsWith("R"),
                            payee,
                            words,
                            null,
                            // the standard's codes have none for cash
                            m.group(5).equals("CHG") || m.group(5).equals("COM") ? SpendType.FEE : null),
                    true);
        }

        /** Month and day of the booking belong to the year that is nearest to the value date. */
        private LocalDate booked(LocalDate valued, @Nullable String monthAndDay) {
            if (monthAndDay == null) {
                return valued;
            }
            int month = Integer.parseInt(monthAndDay.substring(0, 2));
            int day = Integer.parseInt(monthAndDay.substring(2));
            int apart = month - valued.getMonthValue();
            int year = valued.getYear() + (apart > 6 ? -1 : apart < -6 ? 1 : 0);
            return BankFields.day(movementLine, year, month, day);
        }

        void end(int line) {
            take();
            if (!any) {
                throw BankFields.unreadable(line, "the file holds no statement");
            }
            if (proof != null && between) {
                proof.tell(sink, account, line);
            } else if (proof != null) {
                throw BankFields.unreadable(line, "the file ends before its statement does");
            }
        }
    }
}
