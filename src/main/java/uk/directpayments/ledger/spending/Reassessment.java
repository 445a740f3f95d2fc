package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountCommand;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.Automation;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.PolicyEvent.PolicyPublished;

/** A policy for days gone by was published: account by account, the spending of those days is judged anew. Rulebook 7.9. */
@Component
class Reassessment extends Automation {

    private static final int PAGE = 500;

    private final AccountRegister accounts;
    private final Policies policies;

    Reassessment(AccountRegister accounts, Policies policies) {
        super("policy-to-accounts");
        this.accounts = accounts;
        this.policies = policies;
    }

    @When
    void on(PolicyPublished e, Recorded at) {
        if (!e.retrospective()) {
            return;
        }
        LocalDate today = BusinessDay.of(at.recordedAt());
        View view = new View(today, null, at.position(), at.position());
        LocalDate until = policies.nextAfter(e.effectiveFrom(), view);
        AccountRegister.Filter all = new AccountRegister.Filter(null, null, null, null);
        String after = null;
        List<AccountRegister.Entry> page;
        do {
            page = accounts.list(all, after, PAGE, view);
            for (AccountRegister.Entry account : page) {
                after = account.accountId();
                reassess(account.accountId(), e, until, today, at);
            }
        } while (page.size() == PAGE);
    }

    private void reassess(
            String accountId, PolicyPublished e, @Nullable LocalDate until, LocalDate today, Recorded at) {
        send(new AccountCommand.ReassessSpending(accountId, e.version(), e.effectiveFrom(), until, today), at);
    }
}
