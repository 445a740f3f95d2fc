package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountRegister.Entry;
import uk.directpayments.ledger.account.AccountRegister.PaidTo;
import uk.directpayments.ledger.platform.Versions;

/**
 * The accounts that have had one card or bank account, and when. What a card did is told of the account that had it on that day, however
 * late it is told and whoever has the card since: rulebook 7.11.
 */
public final class BankHolders {

    private final List<Holding> holdings;

    private BankHolders(List<Holding> holdings) {
        this.holdings = holdings;
    }

    /**
     * @param account as it is now
     * @param since   position of the log at which the ledger was told
     * @param until   the day on which it got other bank details; null while it has these
     */
    private record Holding(
            Entry account,
            long since,
            LocalDate from,
            @Nullable LocalDate until) {

        boolean covers(LocalDate day) {
            return !from.isAfter(day) && (until == null || until.isAfter(day));
        }

        boolean isClosedOn(LocalDate day) {
            LocalDate closedOn = account.closedOn();
            return closedOn != null && !closedOn.isAfter(day);
        }
    }

    /** @param versions all versions of the accounts that have ever had it, in the order of their positions */
    static BankHolders of(String bankToken, List<Versions.Version<Entry>> versions) {
        Map<String, Entry> now = new HashMap<>();
        versions.forEach(version -> now.put(version.document().accountId(), version.document()));
        Map<String, Holding> running = new HashMap<>();
        List<Holding> ended = new ArrayList<>();
        for (Versions.Version<Entry> version : versions) {
            Entry entry = version.document();
            String id = entry.accountId();
            boolean has = bankToken.equals(entry.bankToken());
            Holding held = running.get(id);
            if (has && held == null) {
                Entry account = Objects.requireNonNull(now.get(id));
                running.put(id, new Holding(account, version.from(), since(entry), null));
            } else if (!has && held != null) {
                running.remove(id);
                ended.add(new Holding(held.account, held.since, held.from, since(entry)));
            }
        }
        ended.addAll(running.values());
        return new BankHolders(List.copyOf(ended));
    }

    private static LocalDate since(Entry entry) {
        List<PaidTo> paidTo = entry.paidTo();
        return paidTo.isEmpty()
                ? entry.openedOn()
                : paidTo.get(paidTo.size() - 1).from();
    }

    /** Whether an account has it, or had it once. */
    public boolean include(String accountId) {
        return holdings.stream().anyMatch(holding -> holding.account.accountId().equals(accountId));
    }

    /**
     * The account that had it on a day; empty if none has ever had it. If accounts of several persons had, it stays with the person whose open
     * account the ledger was told of first: nobody's spending becomes another's because of an entry made later. Of one person's accounts it is
     * the one opened last of those that were open. On a day on which none had it, it is with whom it was, or came to be, first.
     */
    public Optional<Entry> on(LocalDate day) {
        Comparator<Holding> opened =
                Comparator.comparing(holding -> holding.account.openedOn().isAfter(day));
        Comparator<Holding> covering = Comparator.comparing(holding -> !holding.covers(day));
        Comparator<Holding> open = Comparator.comparing(holding -> holding.isClosedOn(day));
        Comparator<Holding> openedLast =
                Comparator.comparing(holding -> holding.account.openedOn(), Comparator.reverseOrder());
        return holdings.stream()
                .min(opened.thenComparing(covering).thenComparing(open).thenComparingLong(Holding::since))
                .map(first -> first.account.personId())
                .flatMap(person -> holdings.stream()
                        .filter(holding -> holding.account.personId().equals(person))
                        .min(opened.thenComparing(open)
                                .thenComparing(covering)
                                .thenComparing(openedLast)
                                .thenComparing(holding -> holding.account.accountId())))
                .map(Holding::account);
    }
}
