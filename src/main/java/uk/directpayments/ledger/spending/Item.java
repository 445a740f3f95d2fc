package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.account.AccountEvent.SpendingReassessed;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.policy.Policy;

/**
 * One expenditure as detection sees it.
 *
 * @param amount        as it was recorded
 * @param left          what of it has not come back; nothing once it is reversed
 * @param decided       whether the category is one that the council has decided on, and not only what was said when it was recorded
 * @param position      of its event: of two alike, the later is in question
 * @param policyVersion by which it is judged
 */
record Item(
        String accountId,
        String expenditureId,
        String personId,
        Money amount,
        Money left,
        LocalDate on,
        SpendType type,
        @Nullable Money cashback,
        @Nullable String category,
        boolean decided,
        @Nullable String mcc,
        @Nullable String merchant,
        String payeeKey,
        boolean stayLinked,
        long position,
        String policyVersion) {

    static Item of(ExpenditureRecorded e, Recorded at) {
        String version = at.policyVersion();
        return new Item(
                at.account(),
                e.expenditureId(),
                at.person(),
                e.amount(),
                e.amount(),
                e.on(),
                e.type(),
                e.cashback(),
                e.category(),
                false,
                e.mcc(),
                e.merchant(),
                e.payeeKey(),
                e.stayId() != null,
                at.position(),
                version == null ? Policy.standard().version() : version);
    }

    static String key(String accountId, String expenditureId) {
        return accountId + "/" + expenditureId;
    }

    String key() {
        return key(accountId, expenditureId);
    }

    boolean gone() {
        return !left.isPositive();
    }

    Item left(Money now) {
        return with(now, category, decided, merchant, stayLinked, policyVersion);
    }

    /** What the council says that it was for. */
    Item decided(String now) {
        return with(left, now, true, merchant, stayLinked, policyVersion);
    }

    Item linked(boolean now) {
        return with(left, category, decided, merchant, now, policyVersion);
    }

    /** Judged anew: by another policy, and the payee by that policy's merchant list, where it could be compared with it. */
    Item reassessed(SpendingReassessed by) {
        Map<String, String> listed = by.listed();
        List<String> unlisted = by.unlisted();
        String now = listed != null && listed.containsKey(payeeKey)
                ? listed.get(payeeKey)
                : unlisted != null && unlisted.contains(payeeKey) ? null : merchant;
        return with(left, category, decided, now, stayLinked, by.policyVersion());
    }

    private Item with(
            Money left,
            @Nullable String category,
            boolean decided,
            @Nullable String merchant,
            boolean linked,
            String version) {
        return new Item(
                accountId,
                expenditureId,
                personId,
                amount,
                left,
                on,
                type,
                cashback,
                category,
                decided,
                mcc,
                merchant,
                payeeKey,
                linked,
                position,
                version);
    }
}
