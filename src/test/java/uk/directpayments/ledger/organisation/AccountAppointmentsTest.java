package uk.directpayments.ledger.organisation;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.organisation.AppointmentCommand.AppointForAccount;
import uk.directpayments.ledger.organisation.AppointmentCommand.EndAppointment;
import uk.directpayments.ledger.organisation.AppointmentEvent.AppointmentEnded;
import uk.directpayments.ledger.organisation.AppointmentEvent.OrganisationAppointed;
import uk.directpayments.ledger.organisation.OrganisationCommand.RegisterOrganisation;
import uk.directpayments.ledger.organisation.OrganisationEvent.OrganisationRegistered;
import uk.directpayments.ledger.support.Fixtures;

class AccountAppointmentsTest {

    private static final LocalDate APRIL = LocalDate.of(2026, 4, 1);
    private static final LocalDate LAST_OF_JUNE = LocalDate.of(2026, 6, 30);
    private static final LocalDate JULY = LocalDate.of(2026, 7, 1);

    private final Fixtures<AccountAppointments> nobody = Fixtures.of(AccountAppointments.class);

    @Test
    void anOrganisationIsRegisteredOnce() {
        var none = Fixtures.of(SupportOrganisation.class);
        var registered = new OrganisationRegistered("O1", "Independent Living Ltd");
        var register = new RegisterOrganisation("O1", "Independent Living Ltd", APRIL);
        none.when(register).records(registered).occurredOn(APRIL);
        none.given(registered).when(register).refuses("ID_ALREADY_USED");
    }

    @Test
    void anAppointmentHoldsUntilFurtherNotice() {
        nobody.when(appoint("O1", APRIL)).records(appointed("O1", APRIL)).occurredOn(APRIL);
        var held = nobody.given(appointed("O1", APRIL));
        held.when(appoint("O2", JULY)).refuses("APPOINTMENT_OVERLAPS");
        held.when(appoint("O1", JULY)).refuses("APPOINTMENT_OVERLAPS");
        held.when(appoint("O2", APRIL.minusYears(1))).refuses("APPOINTMENT_OVERLAPS");
    }

    @Test
    void theNextOrganisationMayBeginOnTheDayAfterTheLastDayOfTheOneBefore() {
        var ended = nobody.given(appointed("O1", APRIL), ended("O1", APRIL, LAST_OF_JUNE));
        ended.when(appoint("O2", LAST_OF_JUNE)).refuses("APPOINTMENT_OVERLAPS");
        ended.when(appoint("O2", JULY)).records(appointed("O2", JULY));
        ended.when(appoint("O1", JULY)).records(appointed("O1", JULY));
    }

    @Test
    void onlyAnAppointmentThatHoldsOnTheDayCanBeEnded() {
        nobody.when(end("O1", JULY)).refuses("NOT_APPOINTED");
        var held = nobody.given(appointed("O1", APRIL));
        held.when(end("O2", JULY)).refuses("NOT_APPOINTED");
        held.when(end("O1", APRIL.minusDays(1))).refuses("NOT_APPOINTED");
        held.when(end("O1", APRIL)).records(ended("O1", APRIL, APRIL));
        held.when(end("O1", LAST_OF_JUNE))
                .records(ended("O1", APRIL, LAST_OF_JUNE))
                .occurredOn(LAST_OF_JUNE);
    }

    @Test
    void anEndCanBeBroughtForwardButNotPutOff() {
        var handedOver = nobody.given(appointed("O1", APRIL), ended("O1", APRIL, LAST_OF_JUNE), appointed("O2", JULY));
        handedOver.when(end("O1", LAST_OF_JUNE)).recordsNothing();
        handedOver.when(end("O1", LAST_OF_JUNE.minusDays(1))).records(ended("O1", APRIL, LAST_OF_JUNE.minusDays(1)));
        handedOver.when(end("O1", JULY)).refuses("NOT_APPOINTED");
        handedOver.when(end("O2", JULY)).records(ended("O2", JULY, JULY));
    }

    @Test
    void aLongHistoryIsForgottenFromItsBeginning() {
        List<Object> events = new ArrayList<>();
        for (int i = 0; i <= AccountAppointments.REMEMBERED; i++) {
            LocalDate from = APRIL.plusDays(10L * i);
            events.add(appointed("O1", from));
            events.add(ended("O1", from, from.plusDays(9)));
        }
        LocalDate last = APRIL.plusDays(10L * AccountAppointments.REMEMBERED);
        var crowded = nobody.given(events.toArray());
        crowded.when(end("O1", APRIL.plusDays(5))).refuses("NOT_APPOINTED");
        crowded.when(end("O1", APRIL.plusDays(15))).records(ended("O1", APRIL.plusDays(10), APRIL.plusDays(15)));
        crowded.when(appoint("O2", last.plusDays(9))).refuses("APPOINTMENT_OVERLAPS");
        crowded.when(appoint("O2", last.plusDays(10))).records(appointed("O2", last.plusDays(10)));
    }

    private static AppointForAccount appoint(String organisationId, LocalDate from) {
        return new AppointForAccount("A1", "P1", organisationId, from, null);
    }

    private static OrganisationAppointed appointed(String organisationId, LocalDate from) {
        return new OrganisationAppointed(organisationId, "A1", "P1", from, null);
    }

    private static EndAppointment end(String organisationId, LocalDate to) {
        return new EndAppointment("A1", organisationId, to);
    }

    private static AppointmentEnded ended(String organisationId, LocalDate from, LocalDate to) {
        return new AppointmentEnded(organisationId, "A1", from, to);
    }
}
