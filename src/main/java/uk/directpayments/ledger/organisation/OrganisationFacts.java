package uk.directpayments.ledger.organisation;

import java.time.Clock;
import java.time.LocalDate;
import java.util.Set;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.Organisations;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.View;

/** What the account room asks of support organisations, answered. */
@Component
class OrganisationFacts implements Organisations {

    private final Appointments appointments;
    private final Clock clock;

    OrganisationFacts(Appointments appointments, Clock clock) {
        this.appointments = appointments;
        this.clock = clock;
    }

    @Override
    public boolean exists(String organisationId) {
        return appointments
                .organisation(organisationId, View.now(BusinessDay.today(clock)))
                .isPresent();
    }

    @Override
    public boolean appointed(String organisationId, String accountId, LocalDate on) {
        return appointments.appointed(organisationId, accountId, View.now(on));
    }

    @Override
    public Set<String> accounts(String organisationId, LocalDate on) {
        return appointments.accounts(organisationId, View.now(on));
    }
}
