package uk.directpayments.ledger.residential;

import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.Stays;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.residential.ResidentialDays.Kept;

/** A payment is for a stay of the account's own person that has not been voided. Whoever does not see a stay cannot learn that it is there. */
@Component
class StaysPaidFor implements Stays {

    private final ResidentialDays days;
    private final AccountAccess access;
    private final Clock clock;

    StaysPaidFor(ResidentialDays days, AccountAccess access, Clock clock) {
        this.days = days;
        this.access = access;
        this.clock = clock;
    }

    @Override
    public Optional<RuleBroken> refusal(Actor actor, String personId, String stayId, LocalDate on) {
        View now = View.now(BusinessDay.today(clock));
        Kept stay =
                days.find(personId, now).flatMap(person -> person.stay(stayId)).orElse(null);
        if (stay == null && actor.role() != Actor.Role.SUPPORT && days.isAnybodys(stayId, now)) {
            return Optional.of(new RuleBroken(
                    "PAYMENT_OF_OTHER_PERSON", "The payment is one person's and the stay another's.", "stayId"));
        }
        if (stay == null || !isThere(stay, on, actor)) {
            return Optional.of(ResidentialApi.stayNotFound());
        }
        return stay.voided() ? Optional.of(ResidentialRecord.alreadyVoided()) : Optional.empty();
    }

    /**
     * Whether a stay is there for somebody who sees its account on a day: from that of admission on, and before it for whoever sees the
     * account on that day too. A plan is there for whoever sees the account today.
     */
    boolean isThere(Kept stay, LocalDate on, Actor actor) {
        String accountId = stay.stay().accountId();
        LocalDate admitted = stay.facts().admitted();
        return access.sees(actor, accountId, on)
                && (!on.isBefore(admitted)
                        || access.sees(actor, accountId, admitted)
                        || stay.planned() && access.sees(actor, accountId, BusinessDay.today(clock)));
    }
}
