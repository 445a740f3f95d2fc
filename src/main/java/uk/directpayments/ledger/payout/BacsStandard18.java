package uk.directpayments.ledger.payout;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Objects;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.WorkingDays;
import uk.directpayments.ledger.payout.RunEvent.Originator;

/**
 * Bacs Standard 18, a single-day file: labels of 80 characters, credits of 100, one contra for the whole, totals and counts in the last label.
 * Rulebook 6. The processing day is the working day before the day on which payees are credited.
 */
final class BacsStandard18 {

    private static final String CREDIT = "99";
    private static final String CONTRA = "17";
    private static final int TEXT = 18;

    /** A payee whose name has no character that Bacs takes, as in {@code pain.001}. */
    static final String NOT_PROVIDED = "NOT PROVIDED";

    /** The same in files that were recorded before there were words for it. */
    static final String NOTHING = "";

    private static final long LARGEST = 99_999_999_999L;

    private BacsStandard18() {}

    /** @param nameless {@link #NOT_PROVIDED} or {@link #NOTHING} */
    static void write(
            RunEntry run, Money total, int count, RunFile.Payments payments, String nameless, OutputStream out)
            throws IOException {
        Originator from = run.originator();
        LocalDate made = BusinessDay.of(Objects.requireNonNull(run.approvedAt()));
        LocalDate processed = WorkingDays.before(run.payDate(), 1);
        String serial = "%06d".formatted(Math.floorMod(Hashes.bits64("volume", run.runId()), 999_999) + 1);
        String number = from.serviceUserNumber();
        String fileId = "A" + number + "S  1" + number;
        String header = fileId + serial + "0001" + "0001" + "      " + julian(made) + julian(processed.plusDays(14));

        label(out, "VOL1" + serial + " ".repeat(27) + "    " + number + "    " + " ".repeat(28) + "1");
        label(out, "HDR1" + header + " " + "000000" + " ".repeat(20));
        label(out, "HDR2" + "F" + "02000" + "00100" + " ".repeat(35) + "00" + " ".repeat(28));
        label(
                out,
                "UHL1" + julian(processed) + "999999" + "    " + "00" + "000000" + "1 DAILY  " + "001"
                        + " ".repeat(40));
        payments.forEach(payment -> {
            PayTo to = payment.payTo();
            try {
                record(
                        out,
                        to.sortCode(),
                        to.accountNumber(),
                        CREDIT,
                        from,
                        payment.amount(),
                        to.reference(),
                        text(to.name()).isBlank() ? nameless : to.name());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        record(out, from.sortCode(), from.accountNumber(), CONTRA, from, total, "CONTRA", from.name());
        label(out, "EOF1" + header + " " + "000000" + " ".repeat(20));
        label(out, "EOF2" + "F" + "02000" + "00100" + " ".repeat(35) + "00" + " ".repeat(28));
        label(out, "UTL1" + "%013d%013d%07d%07d".formatted(total.pence(), total.pence(), 1, count) + " ".repeat(36));
    }

    private static void record(
            OutputStream out,
            String sortCode,
            String accountNumber,
            String code,
            Originator from,
            Money amount,
            String reference,
            String name)
            throws IOException {
        if (amount.pence() > LARGEST) {
            throw new IllegalStateException("an amount of more than eleven digits");
        }
        line(
                out,
                100,
                sortCode + accountNumber + "0" + code + from.sortCode() + from.accountNumber() + "    "
                        + "%011d".formatted(amount.pence()) + text(from.name()) + text(reference) + text(name));
    }

    private static void label(OutputStream out, String label) throws IOException {
        line(out, 80, label);
    }

    private static void line(OutputStream out, int length, String line) throws IOException {
        if (line.length() != length) {
            throw new IllegalStateException("a record of " + line.length() + " characters instead of " + length);
        }
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** A blank, the year of the century and the day of the year. */
    private static String julian(LocalDate day) {
        return " %02d%03d".formatted(day.getYear() % 100, day.getDayOfYear());
    }

    /** The characters that Bacs takes, in capitals, 18 of them; others become blanks, accents are dropped. */
    static String text(String words) {
        String plain = Normalizer.normalize(words, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}+", "")
                .toUpperCase(Locale.ROOT)
                .replaceAll("[^A-Z0-9.&/\\- ]", " ")
                .replaceAll(" +", " ")
                .strip();
        return "%-18s".formatted(plain.length() <= TEXT ? plain : plain.substring(0, TEXT));
    }
}
