package uk.directpayments.ledger.payout;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.payout.RunEvent.Item;
import uk.directpayments.ledger.payout.RunRegister.ItemState;
import uk.directpayments.ledger.payout.RunRegister.Seen;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/**
 * Writes the file that tells the bank of a run's payments: a function of the run's events alone, as at the position at which the last payment was
 * issued, so the same bytes each time. Items are read in parts; a file is never held in memory.
 */
@Component
class RunFile {

    private static final int PART = 500;

    private final RunRegister register;
    private final Sealing sealing;

    RunFile(RunRegister register, Sealing sealing) {
        this.register = register;
        this.sealing = sealing;
    }

    /** One payment of a file. */
    record Payment(String endToEndId, Money amount, PayTo payTo) {}

    /** What a file added up to while it was written. */
    record Written(String sha256, Money total, int count) {}

    /** Payments, in order, as often as they are asked for. */
    interface Payments {
        void forEach(Consumer<Payment> each);
    }

    /** @throws RuleBroken {@code CONTENT_ERASED} */
    Written write(RunEntry run, FileFormat format, OutputStream out) {
        return write(run, format, false, out);
    }

    /**
     * As files were written before {@link BacsStandard18#NOT_PROVIDED} and {@link Pain001#REFERENCE}: those that were recorded then stay as they are,
     * byte for byte.
     */
    Written writeAsBefore(RunEntry run, FileFormat format, OutputStream out) {
        return write(run, format, true, out);
    }

    private Written write(RunEntry run, FileFormat format, boolean asBefore, OutputStream out) {
        int[] count = {0};
        Money[] total = {Money.ZERO};
        Payments payments = each -> each(run, each);
        payments.forEach(payment -> {
            count[0]++;
            total[0] = total[0].plus(payment.amount());
        });
        DigestOutputStream digest = new DigestOutputStream(out, Hashes.sha256());
        try {
            switch (format) {
                case PAIN_001_001_09 ->
                    Pain001.write(
                            run,
                            total[0],
                            count[0],
                            payments,
                            asBefore ? Pain001.REFERENCE_BEFORE : Pain001.REFERENCE,
                            digest);
                case BACS_STANDARD_18 ->
                    BacsStandard18.write(
                            run,
                            total[0],
                            count[0],
                            payments,
                            asBefore ? BacsStandard18.NOTHING : BacsStandard18.NOT_PROVIDED,
                            digest);
            }
            digest.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Written(HexFormat.of().formatHex(digest.getMessageDigest().digest()), total[0], count[0]);
    }

    private void each(RunEntry run, Consumer<Payment> each) {
        View asIssued = View.now(run.payDate()).at(run.issuedAt());
        int after = 0;
        List<Seen> part;
        do {
            part = register.items(run.runId(), Set.of(ItemState.ISSUED), false, null, after, PART, asIssued);
            sealing.warm(
                    part.stream().map(seen -> seen.item().personId()).distinct().toList());
            for (Seen seen : part) {
                each.accept(payment(seen.item()));
                after = seen.item().number();
            }
        } while (part.size() == PART);
    }

    private Payment payment(Item item) {
        Sealed payTo = Objects.requireNonNull(item.payTo());
        String opened = sealing.open(item.personId(), payTo);
        if (opened.equals(Sealing.ERASED)) {
            throw new RuleBroken("CONTENT_ERASED", "Somebody whom this file paid has been erased since.");
        }
        return new Payment(item.endToEndId(), item.net(), PayTo.parse(opened));
    }
}
