package uk.directpayments.ledger.payout;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.payout.RunEvent.FileGenerated;
import uk.directpayments.ledger.payout.RunEvent.Item;
import uk.directpayments.ledger.payout.RunEvent.ItemHeld;
import uk.directpayments.ledger.payout.RunEvent.ItemReleased;
import uk.directpayments.ledger.payout.RunEvent.ItemsSelected;
import uk.directpayments.ledger.payout.RunEvent.Outcome;
import uk.directpayments.ledger.payout.RunEvent.PaymentsIssued;
import uk.directpayments.ledger.payout.RunEvent.PaymentsRejected;
import uk.directpayments.ledger.payout.RunEvent.Rejection;
import uk.directpayments.ledger.payout.RunEvent.RunApproved;
import uk.directpayments.ledger.payout.RunEvent.RunClosed;
import uk.directpayments.ledger.payout.RunEvent.RunCreated;
import uk.directpayments.ledger.payout.RunEvent.RunSubmitted;

/** What a run must remember to decide: nine bytes an item, whatever is known of it elsewhere. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
final class RunState {

    static final byte INCLUDED = 0;
    static final byte HELD = 1;
    static final byte ISSUED = 2;
    static final byte REFUSED = 3;
    static final byte REJECTED = 4;
    /** Held, and nobody may release it: there is nowhere to pay to. */
    static final byte NOWHERE = 5;

    /** API: Payment runs. */
    enum Stage {
        CREATED,
        APPROVED,
        SUBMITTED,
        CLOSED
    }

    @Nullable
    Stage stage;

    @Nullable
    String createdBy;

    @Nullable
    LocalDate payDate;

    /** Pence that go to the bank, by item number less one. */
    long[] net = new long[0];

    byte[] items = new byte[0];

    /** Items selected so far. */
    int selected;

    /** Number of the first included item that has been neither issued nor refused; one more than the items if there is none. */
    int next = 1;

    final Set<FileFormat> files = EnumSet.noneOf(FileFormat.class);

    void evolve(RunEvent event) {
        if (event instanceof RunCreated e) {
            stage = Stage.CREATED;
            createdBy = e.createdBy();
            payDate = e.payDate();
            net = new long[e.items()];
            items = new byte[e.items()];
        } else if (event instanceof ItemsSelected e) {
            for (Item item : e.items()) {
                net[item.number() - 1] = item.net().pence();
                items[item.number() - 1] = item.payTo() == null ? NOWHERE : item.held() ? HELD : INCLUDED;
                selected = item.number();
            }
        } else if (event instanceof ItemHeld e) {
            items[e.number() - 1] = HELD;
        } else if (event instanceof ItemReleased e) {
            items[e.number() - 1] = INCLUDED;
        } else if (event instanceof RunApproved) {
            stage = Stage.APPROVED;
            findNext();
        } else if (event instanceof PaymentsIssued e) {
            for (Outcome outcome : e.outcomes()) {
                items[outcome.number() - 1] = outcome.refusedAs() == null ? ISSUED : REFUSED;
            }
            findNext();
        } else if (event instanceof FileGenerated e) {
            files.add(e.format());
        } else if (event instanceof RunSubmitted) {
            stage = Stage.SUBMITTED;
        } else if (event instanceof PaymentsRejected e) {
            for (Rejection rejection : e.rejections()) {
                items[rejection.number() - 1] = REJECTED;
            }
        } else if (event instanceof RunClosed) {
            stage = Stage.CLOSED;
        }
    }

    private void findNext() {
        while (next <= items.length && items[next - 1] != INCLUDED) {
            next++;
        }
    }

    boolean isIssued() {
        return next > items.length;
    }

    boolean has(int number) {
        return number >= 1 && number <= items.length;
    }

    byte item(int number) {
        return items[number - 1];
    }

    Money net(int number) {
        return Money.ofPence(net[number - 1]);
    }

    int count(byte state) {
        int count = 0;
        for (byte item : items) {
            count += item == state ? 1 : 0;
        }
        return count;
    }

    Money total(byte state) {
        long total = 0;
        for (int i = 0; i < items.length; i++) {
            total = items[i] == state ? Math.addExact(total, net[i]) : total;
        }
        return Money.ofPence(total);
    }
}
