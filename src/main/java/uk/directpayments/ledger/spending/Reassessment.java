package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountCommand.ReassessSpending;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.Automation;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.PolicyEvent.PolicyPublished;
import uk.directpayments.ledger.residential.ResidentialCommand.ReassessStays;
import uk.directpayments.ledger.residential.ResidentialDays;

/**
 * A policy for days gone by was published: account by account the spending of those days, and person by person the stays that began on
 * them, are judged anew. Rulebook 7.9.
 */
@Component
class Reassessment extends Automation {

    private static final int PAGE = 500;
    private static final AccountRegister.Filter EVERY_ACCOUNT = new AccountRegister.Filter(null, null, null, null);

    private final AccountRegister accounts;
    private final ResidentialDays days;
    private final Policies policies;

    Reassessment(AccountRegister accounts, ResidentialDays days, Policies policies) {
        super("policy-to-accounts");
        this.accounts = accounts;
        this.days = days;
        this.policies = policies;
    }

    @When
    void on(PolicyPublished e, Recorded at) {
        if (!e.retrospective()) {
            return;
        }
        LocalDate today = BusinessDay.of(at.recordedAt());
        View view = new View(today, null, at.position(), at.position());
        LocalDate from = e.effectiveFrom();
        LocalDate until = policies.nextAfter(from, view);
        each(
                after -> ids(accounts.list(EVERY_ACCOUNT, after, PAGE, view), AccountRegister.Entry::accountId),
                account -> send(new ReassessSpending(account, e.version(), from, until, today), at));
        each(
                after -> ids(
                        days.withStays(null, after, PAGE, view),
                        found -> found.person().personId()),
                person -> send(new ReassessStays(person, from, until, today, e.version()), at));
    }

    private static <T> List<String> ids(List<T> found, Function<T, String> id) {
        return found.stream().map(id).toList();
    }

    /** @param next a page of ids after an id, or the first */
    private static void each(Function<@Nullable String, List<String>> next, Consumer<String> reassess) {
        String after = null;
        List<String> page;
        do {
            page = next.apply(after);
            for (String id : page) {
                after = id;
                reassess.accept(id);
            }
        } while (page.size() == PAGE);
    }
}
