package uk.directpayments.ledger.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.account.AccountBalances.Balance;
import uk.directpayments.ledger.account.AccountEvent.AccountType;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/** {@code GET /accounts}: what accounts are and hold, on two dates. All figures of one answer are of one position. */
@RestController
@RequestMapping("/api/v1/accounts")
class AccountReads {

    private final AccountRegister register;
    private final AccountBalances balances;
    private final AccountTransactions transactions;
    private final Surpluses surpluses;
    private final Flags flags;
    private final AccountAccess access;
    private final BankReference bankReference;
    private final BankDetailsChanges changes;
    private final Sealing sealing;
    private final SealedPeriods periods;

    AccountReads(
            AccountRegister register,
            AccountBalances balances,
            AccountTransactions transactions,
            Surpluses surpluses,
            Flags flags,
            AccountAccess access,
            BankReference bankReference,
            BankDetailsChanges changes,
            Sealing sealing,
            SealedPeriods periods) {
        this.register = register;
        this.balances = balances;
        this.transactions = transactions;
        this.surpluses = surpluses;
        this.flags = flags;
        this.access = access;
        this.bankReference = bankReference;
        this.changes = changes;
        this.sealing = sealing;
        this.periods = periods;
    }

    /**
     * An account.
     *
     * @param bankDetails the last four of the account number or card reference that the money went to on the day
     * @param state       null before it was opened
     * @param risk        how closely it is watched, one of the policy's {@code returnCycle}; null while nobody has said
     * @param reserves    approved, not released, not past their last day
     * @param surplus     what could be reclaimed, rulebook 4.11
     * @param unclaimedSurplus what of it no recovery has asked for yet: the most that another can be proposed for
     * @param openFlags   how many flags are not settled
     * @param unavailable true in a list if the figures cannot be given at present: they are null then
     */
    record AccountView(
            String accountId,
            String budgetId,
            String personId,
            AccountType type,
            HolderType holderType,
            @Nullable String organisationId,
            boolean dedicated,
            @Nullable String bankDetails,
            LocalDate openedOn,
            AccountRegister.@Nullable State state,
            @Nullable Risk risk,
            @Nullable Money balance,
            @Nullable Money reserves,
            @Nullable Money surplus,
            @Nullable Money unclaimedSurplus,
            @Nullable Integer openFlags,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean unavailable) {}

    record Risk(String riskBand, LocalDate from, String reason) {}

    record SourceBalance(FundingSource fundingSource, Money balance) {}

    /** @param position of the log, at which this was the answer */
    record BalanceView(
            String accountId,
            Money balance,
            List<SourceBalance> bySource,
            LocalDate asOf,
            @Nullable Instant knownAt,
            long position) {}

    /**
     * @param postingDate the day whose period it counts in: {@code on}, or the first open day after a period that was sealed before
     * @param reversedBy  of an expenditure its reversal, of a payment its return, if it was by the view's dates
     */
    record TransactionView(
            String transactionId,
            AccountTransactions.Kind kind,
            LocalDate on,
            LocalDate postingDate,
            Instant recordedAt,
            Money amount,
            List<FundingSource> fundingSources,
            @Nullable String payee,
            @Nullable String category,
            @Nullable String mcc,
            @Nullable String reverses,
            @Nullable String reversedBy,
            Money balanceAfter,
            String recordedBy,
            List<Flags.OfTransaction> flags) {}

    /** @param holds whether it is kept back on the day: not released, and not past its last day */
    record ReserveView(
            String reserveId,
            AccountEvent.ReserveKind kind,
            Money amount,
            LocalDate until,
            LocalDate approvedOn,
            @Nullable LocalDate releasedOn,
            boolean holds) {}

    /** What of an account waits for a second person. */
    enum Awaiting {
        BANK_DETAILS_APPROVAL
    }

    /** Those that are not closed: there nothing is approved any more. */
    private Set<String> open(Set<String> accountIds, View view) {
        return register.among(accountIds, view).stream()
                .filter(account -> account.stateOn(view.asOf()) != AccountRegister.State.CLOSED)
                .map(AccountRegister.Entry::accountId)
                .collect(Collectors.toCollection(HashSet::new));
    }

    @GetMapping
    Page<AccountView> accounts(
            @RequestParam(required = false) @Nullable @Id String personId,
            @RequestParam(required = false) @Nullable @Id String organisationId,
            @RequestParam(required = false) AccountRegister.@Nullable State status,
            @RequestParam(required = false) @Nullable Awaiting awaiting,
            Paging paging,
            Actor actor) {
        View view = paging.view();
        Optional<Set<String>> among = access.accounts(actor, view.asOf());
        if (awaiting != null) {
            Set<String> waiting = open(changes.waiting(view), view);
            among.ifPresent(waiting::retainAll);
            among = Optional.of(waiting);
        }
        var filter = new AccountRegister.Filter(personId, organisationId, null, status, among);
        Page<AccountRegister.Entry> page = paging.page(
                register.list(filter, paging.after(), paging.fetch(), view), AccountRegister.Entry::accountId);
        List<String> ids =
                page.items().stream().map(AccountRegister.Entry::accountId).toList();
        Map<String, Balance> held = balances.of(ids, view);
        Map<String, Surpluses.Claimed> reclaimable = surpluses.of(ids, view);
        Map<String, Integer> openFlags = flags.open(ids, view);
        Set<String> unavailable = register.unavailableAmong(ids, view);
        Set<String> unflagged = flags.unavailablePersons(view);
        sealing.warm(page.items().stream()
                .map(AccountRegister.Entry::personId)
                .distinct()
                .toList());
        return new Page<>(
                page.items().stream()
                        .map(entry -> {
                            Balance balance =
                                    unavailable.contains(entry.accountId()) || unflagged.contains(entry.personId())
                                            ? null
                                            : held.get(entry.accountId());
                            Surpluses.Claimed surplus = reclaimable.get(entry.accountId());
                            int open = openFlags.getOrDefault(entry.accountId(), 0);
                            return view(new AccountRegister.Seen(entry, true), balance, surplus, open, view.asOf());
                        })
                        .toList(),
                page.next());
    }

    @GetMapping("/{accountId}")
    AccountView account(@PathVariable String accountId, View view, Actor actor) {
        View pinned = view.at(register.positionOf(view));
        AccountRegister.Seen seen = seen(accountId, pinned, actor);
        Surpluses.Claimed surplus = surpluses.of(accountId, pinned);
        flags.require(seen.entry().personId(), pinned);
        int open = flags.open(List.of(accountId), pinned).getOrDefault(accountId, 0);
        return view(seen, balances.of(accountId, pinned), surplus, open, view.asOf());
    }

    @GetMapping("/{accountId}/balance")
    BalanceView balance(@PathVariable String accountId, View view, Actor actor) {
        long position = register.positionOf(view);
        View pinned = view.at(position);
        seen(accountId, pinned, actor);
        Balance balance = balances.of(accountId, pinned);
        return new BalanceView(
                accountId,
                balance.total(),
                balance.bySource().entrySet().stream()
                        .map(source -> new SourceBalance(source.getKey(), source.getValue()))
                        .toList(),
                view.asOf(),
                view.knownAt(),
                position);
    }

    @GetMapping("/{accountId}/transactions")
    Page<TransactionView> transactions(
            @PathVariable String accountId,
            @RequestParam(required = false) @Nullable LocalDate from,
            @RequestParam(required = false) @Nullable LocalDate to,
            Paging paging,
            Actor actor) {
        Require.inOrder(from, to);
        String personId = seen(accountId, paging.view(), actor).entry().personId();
        flags.require(personId, paging.view());
        String after = paging.after();
        var page = paging.page(
                transactions.list(
                        accountId,
                        from,
                        to,
                        after == null ? null : AccountTransactions.Place.parse(after),
                        paging.fetch(),
                        paging.view()),
                row -> row.place().toString());
        PostingDates posted = periods.postingDates(paging.view());
        var flagged = flags.ofTransactions(
                accountId,
                page.items().stream()
                        .map(AccountTransactions.Transaction::transactionId)
                        .toList(),
                paging.view());
        return new Page<>(
                page.items().stream()
                        .map(row -> view(row, personId, posted, flagged.getOrDefault(row.transactionId(), List.of())))
                        .toList(),
                page.next());
    }

    /** What was approved to be kept back, by the view's day, in the order of their ids. */
    @GetMapping("/{accountId}/reserves")
    Page<ReserveView> reserves(@PathVariable String accountId, Paging paging, Actor actor) {
        View view = paging.view();
        LocalDate asOf = view.asOf();
        String after = paging.after();
        AccountRegister.Seen seen = seen(accountId, view, actor);
        List<AccountRegister.Reserve> some = seen.entry().reserves().stream()
                .filter(reserve -> seen.visible() && !reserve.approvedOn().isAfter(asOf))
                .sorted(Comparator.comparing(AccountRegister.Reserve::id))
                .filter(reserve -> after == null || reserve.id().compareTo(after) > 0)
                .limit(paging.fetch())
                .toList();
        Page<AccountRegister.Reserve> page = paging.page(some, AccountRegister.Reserve::id);
        return new Page<>(
                page.items().stream()
                        .map(reserve -> {
                            LocalDate released = reserve.releasedOn();
                            return new ReserveView(
                                    reserve.id(),
                                    reserve.kind(),
                                    reserve.amount(),
                                    reserve.until(),
                                    reserve.approvedOn(),
                                    released == null || released.isAfter(asOf) ? null : released,
                                    reserve.holds(asOf));
                        })
                        .toList(),
                page.next());
    }

    private AccountRegister.Seen seen(String accountId, View view, Actor actor) {
        if (!access.sees(actor, accountId, view.asOf())) {
            throw AccountAccess.notFound();
        }
        return register.find(accountId, view).orElseThrow(AccountAccess::notFound);
    }

    private AccountView view(
            AccountRegister.Seen seen,
            @Nullable Balance balance,
            Surpluses.@Nullable Claimed surplus,
            int openFlags,
            LocalDate asOf) {
        AccountRegister.Entry entry = seen.entry();
        boolean available = balance != null && surplus != null;
        boolean visible = seen.visible();
        return new AccountView(
                entry.accountId(),
                entry.budgetId(),
                entry.personId(),
                entry.type(),
                entry.holderType(),
                entry.organisationId(),
                entry.dedicated(),
                visible ? bankReference.masked(entry.personId(), entry.bankDetailsOn(asOf)) : null,
                entry.openedOn(),
                available && visible ? entry.stateOn(asOf) : null,
                entry.riskBandOn(asOf)
                        .filter(set -> visible)
                        .map(set -> new Risk(set.band(), set.from(), sealing.open(entry.personId(), set.reason())))
                        .orElse(null),
                balance == null || surplus == null ? null : balance.total(),
                !available ? null : visible ? entry.reservedOn(asOf) : Money.ZERO,
                balance == null || surplus == null ? null : surplus.surplus().reclaimable(),
                balance == null || surplus == null ? null : surplus.unclaimed(),
                available ? openFlags : null,
                available ? null : true);
    }

    private TransactionView view(
            AccountTransactions.Transaction row,
            String personId,
            PostingDates posted,
            List<Flags.OfTransaction> flagged) {
        Sealed payee = row.payee();
        return new TransactionView(
                row.transactionId(),
                row.kind(),
                row.on(),
                posted.of(row.on(), row.position()),
                row.recordedAt(),
                row.amount(),
                row.fundingSources(),
                payee == null ? null : sealing.open(personId, payee),
                row.category(),
                row.mcc(),
                row.reverses(),
                row.reversedBy(),
                row.balanceAfter(),
                row.recordedBy(),
                flagged);
    }
}
