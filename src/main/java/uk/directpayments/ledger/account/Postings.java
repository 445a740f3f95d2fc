package uk.directpayments.ledger.account;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReclassified;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureReversed;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.RecoveryReceived;
import uk.directpayments.ledger.account.AccountEvent.RecoveryWrittenOff;
import uk.directpayments.ledger.account.AccountEvent.RefundReceived;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.TopUpReceived;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;

/**
 * Double entry: what an event of a payment account posts, over the ledger accounts of rulebook section 6. Which way money went is
 * said here and nowhere else: balances and transactions are made of these lines.
 */
final class Postings {

    private static final String HELD = "assets:recipient:";
    private static final String UNCLASSIFIED = "unclassified";

    /** A ledger account's name may hold no colon, bracket, semicolon or two blanks in a row; what is left reads well in any format. */
    private static final Pattern UNSAFE = Pattern.compile("[^\\p{L}\\p{N}._]+");

    private static final Pattern HYPHENS_AROUND = Pattern.compile("^-+|-+$");

    private Postings() {}

    /**
     * One line of an entry.
     *
     * @param ledgerAccount as in hledger: parts separated by colons
     * @param amount        debit positive, credit negative, never zero
     * @param source        null where the entry is not split over sources: a reclassification
     * @param lineId        the budget line, or null
     */
    record Line(
            String ledgerAccount,
            Money amount,
            @Nullable FundingSource source,
            @Nullable String lineId) {

        /** Whether it changes what the account holds; then it has a source. */
        boolean held() {
            return ledgerAccount.startsWith(HELD);
        }

        FundingSource heldFrom() {
            return Objects.requireNonNull(source);
        }
    }

    /**
     * The lines that an event posts; none if it moves no money.
     *
     * @throws IllegalStateException if they do not balance, or the event's own parts do not add up
     */
    static List<Line> of(String accountId, AccountEvent event) {
        List<Line> lines = new ArrayList<>();
        if (event instanceof PaymentIssued e) {
            addUp(e.amount(), List.of(e.net(), e.contribution()));
            move(lines, accountId, e.net(), e.source(), e.lineId(), origin(e.source()));
        } else if (event instanceof PaymentReturned e) {
            addUp(e.amount(), List.of(e.net(), e.contribution()));
            move(lines, accountId, e.net().negated(), e.source(), e.lineId(), origin(e.source()));
        } else if (event instanceof TopUpReceived e) {
            move(lines, accountId, e.amount(), e.source(), null, origin(e.source()));
        } else if (event instanceof ContributionReceived e) {
            FundingSource client = FundingSource.CLIENT_CONTRIBUTION;
            move(lines, accountId, e.amount(), client, null, origin(client));
        } else if (event instanceof ExpenditureRecorded e) {
            spend(lines, accountId, e.amount(), e.shares(), e.category(), true);
        } else if (event instanceof ExpenditureReversed e) {
            spend(lines, accountId, e.amount(), e.shares(), e.category(), false);
        } else if (event instanceof RefundReceived e) {
            spend(lines, accountId, e.amount(), e.shares(), e.category(), false);
        } else if (event instanceof RecoveryReceived e) {
            leave(lines, accountId, e.amount(), e.shares(), false);
        } else if (event instanceof RecoveryWrittenOff e) {
            leave(lines, accountId, e.amount(), e.shares(), true);
        } else if (event instanceof ExpenditureReclassified e) {
            add(lines, expense(e.from()), e.amount().negated(), null, null);
            add(lines, expense(e.to()), e.amount(), null, null);
        }
        return balanced(lines);
    }

    /** What leaves the account for good; the family's own money goes back to the family, unless it is given up. */
    private static void leave(
            List<Line> lines, String accountId, Money amount, List<Share> shares, boolean writtenOff) {
        addUp(amount, shares.stream().map(Share::amount).toList());
        for (Share share : shares) {
            String counterpart = writtenOff ? "expenses:written-off" : origin(share.source());
            move(lines, accountId, share.amount().negated(), share.source(), share.lineId(), counterpart);
        }
    }

    /** Where money of a source comes from, and goes back to. */
    private static String origin(FundingSource source) {
        return switch (source) {
            case PARENT_TOP_UP -> "equity:topup:parent";
            case CLIENT_CONTRIBUTION -> "liabilities:client-contribution";
            default -> "income:allocation:" + source;
        };
    }

    /** The lines, or an error: nothing unbalanced is ever posted. */
    static List<Line> balanced(List<Line> lines) {
        addUp(Money.ZERO, lines.stream().map(Line::amount).toList());
        return List.copyOf(lines);
    }

    private static void spend(
            List<Line> lines,
            String accountId,
            Money amount,
            List<Share> shares,
            @Nullable String category,
            boolean out) {
        addUp(amount, shares.stream().map(Share::amount).toList());
        for (Share share : shares) {
            Money in = out ? share.amount().negated() : share.amount();
            move(lines, accountId, in, share.source(), share.lineId(), expense(category));
        }
    }

    /** Into the account from another ledger account; negative: out of it. */
    private static void move(
            List<Line> lines,
            String accountId,
            Money in,
            FundingSource source,
            @Nullable String lineId,
            String counterpart) {
        add(lines, HELD + accountId + ":" + source, in, source, lineId);
        add(lines, counterpart, in.negated(), source, lineId);
    }

    private static void add(
            List<Line> lines,
            String ledgerAccount,
            Money amount,
            @Nullable FundingSource source,
            @Nullable String lineId) {
        if (!amount.isZero()) {
            lines.add(new Line(ledgerAccount, amount, source, lineId));
        }
    }

    private static void addUp(Money total, List<Money> parts) {
        Money sum = parts.stream().reduce(Money.ZERO, Money::plus);
        if (!sum.equals(total)) {
            throw new IllegalStateException("parts add up to " + sum + ", not to " + total);
        }
    }

    private static String expense(@Nullable String category) {
        String safe = category == null ? "" : UNSAFE.matcher(category).replaceAll("-");
        safe = HYPHENS_AROUND.matcher(safe).replaceAll("");
        return "expenses:care:" + (safe.isEmpty() ? UNCLASSIFIED : safe);
    }
}
