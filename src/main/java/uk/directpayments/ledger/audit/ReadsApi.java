package uk.directpayments.ledger.audit;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.budget.BudgetEntry;
import uk.directpayments.ledger.budget.BudgetRegister;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.ReadRecord;
import uk.directpayments.ledger.platform.ReadSubjects;
import uk.directpayments.ledger.platform.View;

/** {@code /audit/reads}: who read whose personal data. For auditors alone, and itself recorded. */
@RestController
@RequestMapping("/api/v1/audit/reads")
class ReadsApi {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MOST = 500;

    /** An account that is opened later is the person's today. */
    private static final LocalDate ANY_DAY = LocalDate.of(9999, 12, 31);

    private final ReadRecord reads;
    private final AccountRegister accounts;
    private final BudgetRegister budgets;

    ReadsApi(ReadRecord reads, AccountRegister accounts, BudgetRegister budgets) {
        this.reads = reads;
        this.accounts = accounts;
        this.budgets = budgets;
    }

    /** @param next what {@code after} must be for the next page, or null */
    record Reads(List<ReadRecord.Entry> items, @Nullable Long next) {}

    /**
     * The newest first.
     *
     * @param personId  whose data were read: also through their accounts and budgets, and where everybody's were
     * @param accountId as {@code personId}, of one account
     * @param user      who read, by the login name
     * @param from      the first day, London time, and {@code to} the last
     * @param after     {@code next} of the page before
     */
    @GetMapping
    Reads reads(
            @RequestParam(required = false) @Nullable @Id String personId,
            @RequestParam(required = false) @Nullable @Id String accountId,
            @RequestParam(required = false) @Nullable String user,
            @RequestParam(required = false) @Nullable LocalDate from,
            @RequestParam(required = false) @Nullable LocalDate to,
            @RequestParam(required = false) @Nullable Long after,
            @RequestParam(required = false) @Nullable Integer limit) {
        int most = limit == null ? DEFAULT_LIMIT : limit;
        if (most < 1 || most > MOST) {
            throw new RuleBroken("FIELD_INVALID", "must be from 1 to " + MOST, "limit");
        }
        Require.inOrder(from, to);
        var filter = new ReadRecord.Filter(
                subjects(personId, accountId),
                user,
                from == null ? null : startOf(from),
                to == null ? null : startOf(to.plusDays(1)));
        List<ReadRecord.Entry> found = reads.list(filter, after, most + 1);
        List<ReadRecord.Entry> items = found.stream().limit(most).toList();
        return new Reads(items, found.size() > most ? items.get(most - 1).readId() : null);
    }

    private static Instant startOf(LocalDate day) {
        return day.atStartOfDay(BusinessDay.LONDON).toInstant();
    }

    private @Nullable Set<String> subjects(@Nullable String personId, @Nullable String accountId) {
        if (accountId != null) {
            return Set.of(ReadSubjects.of("account", accountId));
        }
        if (personId == null) {
            return null;
        }
        Set<String> subjects = new TreeSet<>(Set.of(ReadSubjects.of("person", personId)));
        View view = View.now(ANY_DAY);
        accounts.list(new AccountRegister.Filter(personId, null, null, null), null, MOST, view)
                .forEach(account -> subjects.add(ReadSubjects.of("account", account.accountId())));
        for (BudgetEntry budget : budgets.ofPerson(personId, view)) {
            subjects.add(ReadSubjects.of("budget", budget.budgetId()));
        }
        return subjects;
    }
}
