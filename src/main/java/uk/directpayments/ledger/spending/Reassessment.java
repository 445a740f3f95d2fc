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

    private static final int PAGE = 500;
    private static final AccountRegister.Filter EVERY_ACCOUNT = new AccountRegister.Filter(null, null, null, null);

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
        each(after -> accounts.list(EVERY_ACCOUNT, after, PAGE, view), AccountRegister.Entry::accountId, account -> {
            ListedPayees payees = ListedPayees.of(account.accountId(), account.personId(), settings, streams, sealing);
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
        });
        each(
                after -> days.withStays(null, after, PAGE, view),
                found -> found.person().personId(),
                found -> send(new ReassessStays(found.person().personId(), from, until, today, e.version()), at));
    }

    /** @param next a page of what comes after an id, or the first */
    private static <T> void each(
            Function<@Nullable String, List<T>> next, Function<T, String> id, Consumer<T> reassess) {
        String after = null;
        List<T> page;
        do {
            page = next.apply(after);
            for (T found : page) {
                after = id.apply(found);
                reassess.accept(found);
            }
        } while (page.size() == PAGE);
    }
}
