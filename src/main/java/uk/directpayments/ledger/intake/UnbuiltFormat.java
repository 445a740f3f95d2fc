package uk.directpayments.ledger.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * A format of the contract that has no reader yet: known by its look, so that its files are refused in words that fit. Not in pounds is
 * refused as that, as it will be by its reader.
 */
final class UnbuiltFormat implements StatementReader {

    /** A currency beyond this is not found, and the file refused as unreadable. */
    private static final int MOST_BYTES = 1 << 20;

    private static final Pattern NEVER = Pattern.compile("(?!)");

    private final String format;
    private final Pattern looks;
    private final Pattern currency;

    private UnbuiltFormat(String format, Pattern looks, Pattern currency) {
        this.format = format;
        this.looks = looks;
        this.currency = currency;
    }

    /** In the order in which they are to be asked. */
    static List<StatementReader> all() {
        return List.of(
                new UnbuiltFormat(
                        "camt.053",
                        Pattern.compile("urn:iso:std:iso:20022:tech:xsd:camt\\.053"),
                        Pattern.compile("(?:Ccy=[\"']|<Ccy>\\s*)([A-Z]{3})")),
                new UnbuiltFormat("ofx", Pattern.compile("OFXHEADER|<OFX>"), Pattern.compile("<CURDEF>\\s*([A-Z]{3})")),
                new UnbuiltFormat(
                        "mt940",
                        Pattern.compile("(?m)^:60[FM]:"),
                        Pattern.compile("(?m)^:60[FM]:[CD][0-9]{6}([A-Z]{3})")),
                new UnbuiltFormat("csv", NEVER, NEVER));
    }

    @Override
    public String format() {
        return format;
    }

    @Override
    public boolean recognises(byte[] head) {
        return looks.matcher(text(head)).find();
    }

    @Override
    public void read(InputStream file, LocalDate today, Sink sink) throws IOException {
        Matcher found = currency.matcher(text(file.readNBytes(MOST_BYTES)));
        while (found.find()) {
            if (!found.group(1).equals("GBP")) {
                throw new RuleBroken("CURRENCY_NOT_SUPPORTED", "The statement is not in pounds.");
            }
        }
        throw new RuleBroken(
                "STATEMENT_UNREADABLE",
                "Statements in the format " + format + " cannot be read by this version of the ledger.");
    }

    /** Every byte is a character here, and what is looked for is ASCII. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
