package uk.directpayments.ledger.audit;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.account.AccountTransactions;
import uk.directpayments.ledger.account.AccountTransactions.Transaction;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.StoredEvents;
import uk.directpayments.ledger.platform.StoredEvents.StoredEvent;
import uk.directpayments.ledger.platform.View;

/** Why a balance is what it is: the events that make it, and what was corrected since, by whom and why. */
@RestController
@RequestMapping("/api/v1/accounts/{accountId}/balance/explanation")
class ExplanationApi {

    private final AccountTransactions transactions;
    private final AccountBalances balances;
    private final AccountAccess access;
    private final StoredEvents events;

    ExplanationApi(
            AccountTransactions transactions, AccountBalances balances, AccountAccess access, StoredEvents events) {
        this.transactions = transactions;
        this.balances = balances;
        this.access = access;
        this.events = events;
    }

    /**
     * An event of the explanation.
     *
     * @param balanceAfter in business order; null of a correction, which changed every balance after its day
     * @param reason       in the words of whoever recorded it, if it needed one
     */
    record Step(
            long position,
            String type,
            String transactionId,
            LocalDate on,
            Instant recordedAt,
            String recordedBy,
            Money amount,
            List<FundingSource> fundingSources,
            @Nullable Money balanceAfter,
            @Nullable String reverses,
            @Nullable String reason) {}

    /**
     * The explanation of a balance.
     *
     * @param events      in business order, a page of them; together they are the balance
     * @param corrections what was recorded later than {@code knownAt} of days up to {@code asOf}: it changed this figure since. At most 500;
     *                    {@code balanceNow} holds them all
     */
    record Explanation(
            String accountId,
            Money balance,
            LocalDate asOf,
            @Nullable Instant knownAt,
            long position,
            List<Step> events,
            List<Step> corrections,
            @Nullable Money balanceNow,
            @Nullable String next) {}

    @GetMapping
    Explanation explain(@PathVariable String accountId, Paging paging, Actor actor) {
        View view = paging.view();
        access.seen(accountId, view, actor);
        String after = paging.after();
        var page = paging.page(
                transactions.list(
                        accountId,
                        null,
                        null,
                        after == null ? null : AccountTransactions.Place.parse(after),
                        paging.fetch(),
                        view),
                row -> row.place().toString());
        Long position = view.atPosition();
        long known = position == null ? 0 : position;
        View now = View.now(view.asOf());
        List<Transaction> since = transactions.recordedAfter(accountId, known, Paging.MOST, now);
        return new Explanation(
                accountId,
                balances.of(accountId, view).total(),
                view.asOf(),
                view.knownAt(),
                known,
                steps(page.items(), true),
                steps(since, false),
                since.isEmpty() ? null : balances.of(accountId, now).total(),
                page.next());
    }

    private List<Step> steps(List<Transaction> rows, boolean running) {
        Map<Long, StoredEvent> stored =
                events.at(rows.stream().map(Transaction::position).collect(Collectors.toSet()));
        List<Step> steps = new ArrayList<>();
        for (Transaction row : rows) {
            StoredEvent event = java.util.Objects.requireNonNull(stored.get(row.position()));
            JsonNode reason = events.opened(event).path("reason");
            steps.add(new Step(
                    row.position(),
                    event.name(),
                    row.transactionId(),
                    row.on(),
                    row.recordedAt(),
                    row.recordedBy(),
                    row.amount(),
                    row.fundingSources(),
                    running ? row.balanceAfter() : null,
                    row.reverses(),
                    reason.isString() ? reason.asString() : null));
        }
        return steps;
    }
}
