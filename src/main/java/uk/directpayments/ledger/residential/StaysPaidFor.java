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
        if (stay == null || !access.sees(actor, stay.stay().accountId(), on)) {
            return Optional.of(ResidentialApi.stayNotFound());
        }
        return stay.voided() ? Optional.of(ResidentialRecord.alreadyVoided()) : Optional.empty();
    }
}
