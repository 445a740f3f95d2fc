package uk.directpayments.ledger.person;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.person.PersonCommand.CorrectPerson;
import uk.directpayments.ledger.person.PersonCommand.ErasePerson;
import uk.directpayments.ledger.person.PersonCommand.RecordDeath;
import uk.directpayments.ledger.person.PersonCommand.RegisterPerson;
import uk.directpayments.ledger.person.PersonEvent.PersonCorrected;
import uk.directpayments.ledger.person.PersonEvent.PersonDied;
import uk.directpayments.ledger.person.PersonEvent.PersonErased;
import uk.directpayments.ledger.person.PersonEvent.PersonRegistered;
import uk.directpayments.ledger.support.Fixtures;

class PersonTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 5, 4);
    private static final LocalDate EIGHTEEN = LocalDate.of(2030, 3, 1);
    private static final Sealed NAME = new Sealed("bmFtZQ");
    private static final Sealed BORN = new Sealed("Ym9ybg");
    private static final Sealed REASON = new Sealed("cmVhc29u");

    private static final ErasureReceipt RECEIPT = receipt("Kept long enough");

    private final Fixtures<Person> nobody = Fixtures.of(Person.class);
    private final Fixtures<Person> ada = nobody.given(new PersonRegistered("P-1", NAME, BORN, EIGHTEEN, null));

    @Test
    void aPersonIsRegisteredOnce() {
        var register = new RegisterPerson("P-1", NAME, BORN, EIGHTEEN, new Sealed("cmVm"), TODAY);
        nobody.when(register)
                .records(new PersonRegistered("P-1", NAME, BORN, EIGHTEEN, new Sealed("cmVm")))
                .occurredOn(TODAY);
        ada.when(register).refuses("ID_ALREADY_USED");
    }

    @Test
    void aCorrectionNamesOnlyWhatWasWrong() {
        ada.when(new CorrectPerson("P-1", new Sealed("bmV3"), null, null, REASON, TODAY))
                .records(new PersonCorrected("P-1", new Sealed("bmV3"), null, null, REASON))
                .occurredOn(TODAY);
    }

    @Test
    void aCorrectionNeedsAReason() {
        ada.when(new CorrectPerson("P-1", NAME, null, null, null, TODAY)).refuses("REASONS_REQUIRED");
    }

    @Test
    void aDeathIsRecordedOnItsDay() {
        LocalDate on = TODAY.minusDays(3);
        ada.when(new RecordDeath("P-1", on, TODAY))
                .records(new PersonDied("P-1", on))
                .occurredOn(on);
    }

    @Test
    void aDeathTodayIsPossibleAndTomorrowIsNot() {
        ada.when(new RecordDeath("P-1", TODAY, TODAY)).records(new PersonDied("P-1", TODAY));
        ada.when(new RecordDeath("P-1", TODAY.plusDays(1), TODAY)).refuses("DATE_IN_FUTURE");
    }

    @Test
    void nobodyDiesBeforeTheyAreBorn() {
        LocalDate born = EIGHTEEN.minusYears(18);
        ada.when(new RecordDeath("P-1", born.minusDays(1), TODAY)).refuses("DATE_BEFORE_START");
        ada.when(new RecordDeath("P-1", born, TODAY)).records(new PersonDied("P-1", born));
        ada.given(new PersonCorrected("P-1", null, BORN, EIGHTEEN.plusYears(1), REASON))
                .when(new RecordDeath("P-1", born, TODAY))
                .refuses("DATE_BEFORE_START");
    }

    @Test
    void nobodyIsBornAfterTheyHaveDied() {
        var dead = ada.given(new PersonDied("P-1", EIGHTEEN.minusYears(1)));
        dead.when(new CorrectPerson("P-1", null, BORN, EIGHTEEN.plusYears(18), REASON, TODAY))
                .refuses("DATE_BEFORE_START");
        dead.when(new CorrectPerson("P-1", null, BORN, EIGHTEEN.plusYears(17), REASON, TODAY))
                .records(new PersonCorrected("P-1", null, BORN, EIGHTEEN.plusYears(17), REASON));
    }

    @Test
    void theSameDayOfDeathIsRecordedOnceAndAnotherCorrectsIt() {
        var dead = ada.given(new PersonDied("P-1", TODAY));
        dead.when(new RecordDeath("P-1", TODAY, TODAY)).recordsNothing();
        dead.when(new RecordDeath("P-1", TODAY.minusDays(1), TODAY)).records(new PersonDied("P-1", TODAY.minusDays(1)));
    }

    @Test
    void aPersonIsErasedOnceAndTheReceiptStandsInTheEvent() {
        ada.when(new ErasePerson("P-1", RECEIPT, false, TODAY))
                .records(new PersonErased("P-1", RECEIPT))
                .occurredOn(TODAY);
        ada.given(new PersonErased("P-1", RECEIPT))
                .when(new ErasePerson("P-1", RECEIPT, false, TODAY))
                .refuses("ALREADY_ERASED");
    }

    @Test
    void anErasureNeedsAReasonAndEveryAccountClosed() {
        ada.when(new ErasePerson("P-1", receipt(""), false, TODAY)).refuses("REASONS_REQUIRED");
        ada.when(new ErasePerson("P-1", RECEIPT, true, TODAY)).refuses("ACCOUNT_NOT_CLOSED");
    }

    @Test
    void whoHasBeenErasedIsNotCorrectedButADeathMayStillBecomeKnown() {
        var erased = ada.given(new PersonErased("P-1", RECEIPT));
        erased.when(new CorrectPerson("P-1", NAME, null, null, REASON, TODAY)).refuses("CONTENT_ERASED");
        erased.when(new RecordDeath("P-1", TODAY, TODAY)).records(new PersonDied("P-1", TODAY));
        erased.when(new RegisterPerson("P-1", NAME, BORN, EIGHTEEN, null, TODAY))
                .refuses("ID_ALREADY_USED");
    }

    private static ErasureReceipt receipt(String reason) {
        return new ErasureReceipt("P-1", TODAY, "admin", reason, 7, "5a", "key", "cHVibGlj", "c2lnbmVk");
    }
}
