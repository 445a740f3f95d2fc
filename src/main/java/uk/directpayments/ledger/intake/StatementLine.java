package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;

/**
 * One movement of money as a statement file tells it, whatever the format. Texts are plain here; whoever records the line seals
 * them first.
 *
 * @param lineNumber     where the line begins in the file; the first line, the header included, is 1
 * @param accountRef     how the file names the account; null where the file is of one account and does not say which
 * @param externalRef    what makes the line the same line in every file, unique within its account
 * @param on             the business day in London on which the money moved
 * @param amount         money in is positive, spending negative, as the kind says; never zero
 * @param payee          the other side; null where the file does not say
 * @param mcc            four digits; null where there is none
 * @param cashback       the part of a purchase that was paid out in cash: not negative, at most the amount without its sign
 * @param runningBalance the account's balance after this line; null where the file does not say
 * @param description    free text of a bank's line; null where there is none
 * @param spent          what an organisation says of spending ({@link Kind#SPENDING}), or a bank of a debit's kind; null where nobody does. No part of what
 *     makes the line the same line
 * @param unnumbered     of a bank's line that has no reference of the bank's; null of any other
 */
record StatementLine(
        int lineNumber,
        @Nullable String accountRef,
        String externalRef,
        LocalDate on,
        Kind kind,
        Money amount,
        @Nullable String payee,
        @Nullable String mcc,
        Money cashback,
        @Nullable Money runningBalance,
        @Nullable String description,
        @Nullable Spent spent,
        @Nullable Unnumbered unnumbered) {

    /** What is said of spending beside whom it paid; all but the type a bank cannot know. @param lineId of the budget, or null */
    record Spent(
            SpendType type,
            @Nullable String category,
            @Nullable String lineId) {}

    /**
     * What is known of a line to which the bank has given no reference.
     *
     * @param reference  by which those who paid or were paid know it, which need not be unique; or null
     * @param earlierRef what {@link StatementLine#externalRef} would have been before that reference was part of it: lines in older logs are
     *     known by this
     * @param filledIn   what stands where the bank's reference would, and says nothing: the first line of its content may be known by this in
     *     older logs; or null
     */
    record Unnumbered(
            @Nullable String reference,
            String earlierRef,
            @Nullable String filledIn) {}

    /** What a line is. Cards say what happened; banks only which way the money went. */
    enum Kind {
        PURCHASE(false),
        CASH(false),
        FEE(false),
        UNLOAD(false),
        DEBIT(false),
        /** An organisation says that it spent money of its client's: no bank has said so. */
        SPENDING(false),
        /** Money that had come in was taken back, by the bank or the card's platform: no spending. */
        RECALL(false),
        LOAD(true),
        REFUND(true),
        REVERSAL(true),
        CREDIT(true);

        private final boolean moneyIn;

        Kind(boolean moneyIn) {
            this.moneyIn = moneyIn;
        }

        boolean moneyIn() {
            return moneyIn;
        }

        boolean allows(Money amount) {
            return moneyIn ? amount.isPositive() : amount.isNegative();
        }
    }

    StatementLine(
            int lineNumber,
            @Nullable String accountRef,
            String externalRef,
            LocalDate on,
            Kind kind,
            Money amount,
            @Nullable String payee,
            @Nullable String mcc,
            Money cashback,
            @Nullable Money runningBalance,
            @Nullable String description) {
        this(
                lineNumber,
                accountRef,
                externalRef,
                on,
                kind,
                amount,
                payee,
                mcc,
                cashback,
                runningBalance,
                description,
                null,
                null);
    }

    StatementLine {
        if (!kind.allows(amount)) {
            throw new IllegalArgumentException("line " + lineNumber + ": the amount's sign contradicts " + kind);
        }
    }

    /** What it says. The running balance is no part of that: it may differ between exports that were put together. */
    String[] content() {
        return new String[] {
            on.toString(),
            kind.name(),
            amount.toString(),
            orEmpty(payee),
            orEmpty(mcc),
            cashback.toString(),
            orEmpty(description)
        };
    }

    /**
     * The same, known by its content and its reference together: of a line whose reference is that of another, which is not made good by that,
     * and still told once however often its file is sent.
     */
    StatementLine apart() {
        String all = Hashes.hex(orEmpty(accountRef), externalRef, Hashes.hex(content()));
        return new StatementLine(
                lineNumber,
                accountRef,
                "apart:" + all.substring(0, 32),
                on,
                kind,
                amount,
                payee,
                mcc,
                cashback,
                runningBalance,
                description,
                spent,
                null);
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** The number alone: payees and references do not belong in a log. */
    @Override
    public String toString() {
        return "statement line " + lineNumber;
    }
}
