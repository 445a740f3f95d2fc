package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountCommand.ReassessSpending;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.Automation;
import uk.directpayments.ledger.platform.Pages;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.Streams;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.PolicyEvent.PolicyPublished;
import uk.directpayments.ledger.policy.Settings;
import uk.directpayments.ledger.residential.ResidentialCommand.ReassessStays;
import uk.directpayments.ledger.residential.ResidentialDays;

/**
 * A policy for days gone by was published: account by account the spending of those days, and person by person the stays that began on
 * them, are judged anew. Rulebook 7.9.
 */
@Component
class Reassessment extends Automation {

    private final AccountRegister accounts;
    private final ResidentialDays days;
    private final Policies policies;
    private final Streams streams;
    private final Sealing sealing;

    Reassessment(AccountRegister accounts, ResidentialDays days, Policies policies, Streams streams, Sealing sealing) {
        super("policy-to-accounts");
        this.accounts = accounts;
        this.days = days;
        this.policies = policies;
        this.streams = streams;
        this.sealing = sealing;
    }

    /** A minute's work of a council with some thousands of accounts. No command rests on it: a flag is decided as it stands then. */
    @Override
    protected boolean isAwaited() {
        return false;
    }

    @When
    void on(PolicyPublished e, Recorded at) {
        if (!e.retrospective()) {
            return;
        }
        LocalDate today = BusinessDay.of(at.recordedAt());
        View view = new View(today, null, at.position(), at.position());
        LocalDate from = policies.answersFrom(e.effectiveFrom(), view);
        LocalDate until = policies.nextAfter(e.effectiveFrom(), view);
        Settings settings = policies.version(e.version()).settings();
        Pages.<AccountRegister.Entry, String>each(
                after -> accounts.list(AccountRegister.Filter.ALL, after, Pages.SIZE, view),
                AccountRegister.Entry::accountId,
                page -> page.forEach(account -> {
                    ListedPayees payees =
                            ListedPayees.of(account.accountId(), account.personId(), settings, streams, sealing);
                    send(
                            new ReassessSpending(
                                    account.accountId(),
                                    e.version(),
                                    from,
                                    until,
                                    payees == null ? null : payees.listed(),
                                    payees == null ? null : payees.unlisted(),
                                    today),
                            at);
                }));
        Pages.<ResidentialDays.Found, String>each(
                after -> days.withStays(null, after, Pages.SIZE, view),
                found -> found.person().personId(),
                page -> page.forEach(found ->
                        send(new ReassessStays(found.person().personId(), from, until, today, e.version()), at)));
    }
}
