package uk.directpayments.ledger.residential;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.residential.ResidentialCommand.AmendStay;
import uk.directpayments.ledger.residential.ResidentialCommand.ConfirmStay;
import uk.directpayments.ledger.residential.ResidentialCommand.DischargeStay;
import uk.directpayments.ledger.residential.ResidentialCommand.LinkPayment;
import uk.directpayments.ledger.residential.ResidentialCommand.OverrideRegime;
import uk.directpayments.ledger.residential.ResidentialCommand.PlanStay;
import uk.directpayments.ledger.residential.ResidentialCommand.RecordStay;
import uk.directpayments.ledger.residential.ResidentialCommand.VoidStay;
import uk.directpayments.ledger.residential.ResidentialEvent.Particulars;
import uk.directpayments.ledger.residential.ResidentialEvent.PaymentLinked;
import uk.directpayments.ledger.residential.ResidentialEvent.Regime;
import uk.directpayments.ledger.residential.ResidentialEvent.RegimeOverridden;
import uk.directpayments.ledger.residential.ResidentialEvent.StayAmended;
import uk.directpayments.ledger.residential.ResidentialEvent.StayConfirmed;
import uk.directpayments.ledger.residential.ResidentialEvent.StayDischarged;
import uk.directpayments.ledger.residential.ResidentialEvent.StayPlanned;
import uk.directpayments.ledger.residential.ResidentialEvent.StayRecorded;
import uk.directpayments.ledger.residential.ResidentialEvent.StayVoided;
import uk.directpayments.ledger.residential.ResidentialEvent.StaysReassessed;
import uk.directpayments.ledger.residential.Stay.Facts;
import uk.directpayments.ledger.residential.Stay.Setting;
import uk.directpayments.ledger.support.Fixtures;

/** What may be done to the record of a person's stays, and what is refused; asked on 1 July 2025. */
class ResidentialRecordTest {

    private static final LocalDate TODAY = day("2025-07-01");
    private static final LocalDate EIGHTEEN = day("2030-05-10");
    private static final Sealed TEXT = new Sealed("text");
    private static final String POLICY = ResidentialPolicy.DEFAULT.version();

    private final Fixtures<ResidentialRecord> nothing = Fixtures.of(ResidentialRecord.class);
    private final Fixtures<ResidentialRecord> recorded =
            nothing.given(new StayRecorded(stay("S1"), facts("2025-06-01", "2025-06-10")));
    private final Fixtures<ResidentialRecord> open =
            nothing.given(new StayRecorded(stay("S1"), facts("2025-06-01", null)));
    private final Fixtures<ResidentialRecord> planned =
            nothing.given(new StayPlanned(stay("S1"), facts("2025-08-01", "2025-08-10"), false));
    private final Fixtures<ResidentialRecord> voided = recorded.given(new StayVoided("S1", TEXT));

    // ── recording ────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aStayIsRecordedOnTheDayOfAdmission() {
        nothing.when(record("S1", "2025-06-01", "2025-06-10"))
                .records(new StayRecorded(stay("S1"), facts("2025-06-01", "2025-06-10")))
                .occurredOn(day("2025-06-01"));
    }

    @Test
    void aStayMayBeADayVisitOrEndTodayOrHaveNoEnd() {
        nothing.when(record("S1", "2025-07-01", "2025-07-01"))
                .records(new StayRecorded(stay("S1"), facts("2025-07-01", "2025-07-01")));
        nothing.when(record("S1", "2025-07-01", null)).records(new StayRecorded(stay("S1"), facts("2025-07-01", null)));
    }

    @Test
    void anActualStayIsNeverRefusedForALimit() {
        nothing.when(record("S1", "2024-06-01", "2025-06-15"))
                .records(new StayRecorded(stay("S1"), facts("2024-06-01", "2025-06-15")));
    }

    @Test
    void aStayCannotEndBeforeItBegan() {
        nothing.when(record("S1", "2025-06-10", "2025-06-09")).refuses("STAY_ENDS_BEFORE_START");
        nothing.when(plan("S1", "2025-08-10", "2025-08-09", true)).refuses("STAY_ENDS_BEFORE_START");
        open.when(discharge("S1", "2025-05-31")).refuses("STAY_ENDS_BEFORE_START");
        planned.when(confirm("S1", "2025-06-10", "2025-06-09")).refuses("STAY_ENDS_BEFORE_START");
        recorded.when(amend("S1", "2025-06-11", null, TEXT)).refuses("STAY_ENDS_BEFORE_START");
    }

    @Test
    void anActualStayCannotLieInTheFuture() {
        nothing.when(record("S1", "2025-07-02", null)).refuses("ACTUAL_STAY_IN_FUTURE");
        nothing.when(record("S1", "2025-06-10", "2025-07-02")).refuses("ACTUAL_STAY_IN_FUTURE");
        open.when(discharge("S1", "2025-07-02")).refuses("ACTUAL_STAY_IN_FUTURE");
        planned.when(confirm("S1", "2025-07-02", null)).refuses("ACTUAL_STAY_IN_FUTURE");
        recorded.when(amend("S1", null, "2025-07-02", TEXT)).refuses("ACTUAL_STAY_IN_FUTURE");
    }

    @Test
    void aStayIsNotBelievedToLastMoreThanTenYears() {
        nothing.when(record("S1", "2014-06-01", "2024-06-02")).refuses("FIELD_INVALID");
        nothing.when(record("S1", "2014-06-01", "2024-06-01"))
                .records(new StayRecorded(stay("S1"), facts("2014-06-01", "2024-06-01")));
    }

    @Test
    void aStayThatIsOpenMayHaveLastedForHoweverLong() {
        var old = nothing.given(new StayRecorded(stay("S1"), facts("2012-06-01", null)));
        old.when(discharge("S1", "2025-06-30")).records(new StayDischarged("S1", day("2025-06-30")));
        old.when(amend("S1", null, "2025-06-30", TEXT))
                .records(new StayAmended("S1", facts("2012-06-01", null), facts("2012-06-01", "2025-06-30"), TEXT));
        recorded.when(amend("S1", "1925-06-10", null, TEXT)).refuses("FIELD_INVALID");
    }

    @Test
    void aStayOfManyYearsIsAmendedUnlessThatMakesItManyYearsLonger() {
        Stay.Facts known = facts("2013-01-01", "2025-06-10");
        var old = nothing.given(new StayRecorded(stay("S1"), known));
        old.when(amend("S1", "2013-01-10", null, TEXT))
                .records(new StayAmended("S1", known, facts("2013-01-10", "2025-06-10"), TEXT));
        old.when(amend("S1", "2012-12-31", "2025-06-11", TEXT))
                .records(new StayAmended("S1", known, facts("2012-12-31", "2025-06-11"), TEXT));
        old.when(amend("S1", "1913-01-01", null, TEXT)).refuses("FIELD_INVALID");
    }

    @Test
    void aPlannedStayIsNotAmendedToOneOfACentury() {
        planned.when(amend("S1", null, "2125-08-10", TEXT)).refuses("FIELD_INVALID");
    }

    @Test
    void anIdIsUsedOnceEvenByAVoidedStay() {
        recorded.when(record("S1", "2025-06-20", null)).refuses("ID_ALREADY_USED");
        planned.when(plan("S1", "2025-09-01", "2025-09-02", false)).refuses("ID_ALREADY_USED");
        voided.when(record("S1", "2025-06-20", null)).refuses("ID_ALREADY_USED");
    }

    @Test
    void aRecordHoldsTwoThousandStaysAndNoMore() {
        Object[] many = IntStream.range(0, 1_999)
                .mapToObj(i -> new StayRecorded(stay("S" + i), facts("2025-06-01", "2025-06-01")))
                .toArray();
        Fixtures<ResidentialRecord> almostFull = nothing.given(many);
        almostFull
                .when(record("last", "2025-06-01", "2025-06-01"))
                .records(new StayRecorded(stay("last"), facts("2025-06-01", "2025-06-01")));
        almostFull
                .given(new StayRecorded(stay("last"), facts("2025-06-01", "2025-06-01")))
                .when(record("more", "2025-06-01", "2025-06-01"))
                .refuses("TOO_MANY_STAYS");
    }

    // ── judging anew ─────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void staysThatBeganOnTheDaysOfARetrospectivePolicyAreJudgedAnew() {
        recorded.when(reassess("2025-06-01", null))
                .records(new StaysReassessed("P2", day("2025-06-01"), null))
                .occurredOn(TODAY);
        planned.when(reassess("2025-07-01", "2025-08-02"))
                .records(new StaysReassessed("P2", day("2025-07-01"), day("2025-08-02")));
    }

    @Test
    void nothingIsJudgedAnewWhereNoStayBeganOnThoseDays() {
        recorded.when(reassess("2025-06-02", null)).recordsNothing();
        recorded.when(reassess("2025-05-01", "2025-06-01")).recordsNothing();
        voided.when(reassess("2025-06-01", null)).recordsNothing();
        nothing.when(reassess("2025-06-01", null)).recordsNothing();
    }

    private static ResidentialCommand reassess(String from, @Nullable String until) {
        return new ResidentialCommand.ReassessStays("P1", day(from), until == null ? null : day(until), TODAY, "P2");
    }

    // ── planning ─────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aPlannedStayWithinTheLimitsNeedsNoAcknowledgement() {
        nothing.when(plan("S1", "2025-08-01", "2025-08-29", false))
                .records(new StayPlanned(stay("S1"), facts("2025-08-01", "2025-08-29"), false))
                .occurredOn(TODAY);
    }

    @Test
    void aPlannedStayThatWouldExceedALimitMustBeAcknowledged() {
        nothing.when(plan("S1", "2025-08-01", "2025-08-30", false)).refuses("LIMIT_ACKNOWLEDGEMENT_REQUIRED");
        nothing.when(plan("S1", "2025-08-01", "2025-08-30", true))
                .records(new StayPlanned(stay("S1"), facts("2025-08-01", "2025-08-30"), true));
    }

    @Test
    void theForecastHoldsWhatIsPlannedAlready() {
        planned.when(plan("S2", "2025-08-10", "2025-08-30", false)).refuses("LIMIT_ACKNOWLEDGEMENT_REQUIRED");
        planned.given(new StayVoided("S1", TEXT))
                .when(plan("S2", "2025-08-10", "2025-08-30", false))
                .records(new StayPlanned(stay("S2"), facts("2025-08-10", "2025-08-30"), false));
    }

    @Test
    void whoIsOverALimitAlreadyMayPlanAStayThatAddsNothingToIt() {
        nothing.given(new StayRecorded(stay("S1"), facts("2025-01-01", "2025-02-15")))
                .when(plan("S2", "2025-08-01", "2025-08-05", false))
                .records(new StayPlanned(stay("S2"), facts("2025-08-01", "2025-08-05"), false));
    }

    @Test
    void aPlannedStayThatDoesNotCountExceedsNothing() {
        Facts hospital = new Facts(Setting.HOSPITAL, day("2025-08-01"), day("2025-12-01"), true);
        nothing.when(new PlanStay("P1", stay("S1"), hospital, false, EIGHTEEN, ResidentialPolicy.DEFAULT, TODAY))
                .records(new StayPlanned(stay("S1"), hospital, false));
    }

    @Test
    void theForecastKnowsTheBirthdayAndAnOverride() {
        LocalDate eighteen = day("2025-08-15");
        PlanStay across = new PlanStay(
                "P1", stay("S1"), facts("2025-08-01", "2025-09-05"), false, eighteen, ResidentialPolicy.DEFAULT, TODAY);
        nothing.when(across).records(new StayPlanned(stay("S1"), facts("2025-08-01", "2025-09-05"), false));
        nothing.given(new RegimeOverridden(Regime.CHILD, day("2025-12-31"), TEXT))
                .when(across)
                .refuses("LIMIT_ACKNOWLEDGEMENT_REQUIRED");
    }

    @Test
    void aPlannedStayMayLieInThePast() {
        nothing.when(plan("S1", "2025-01-01", "2025-01-10", false))
                .records(new StayPlanned(stay("S1"), facts("2025-01-01", "2025-01-10"), false));
    }

    @Test
    void confirmingMakesAPlannedStayAnActualOneOnItsRealDays() {
        planned.when(confirm("S1", "2025-06-20", null))
                .records(new StayConfirmed("S1", day("2025-06-20"), null))
                .occurredOn(day("2025-06-20"));
        planned.given(new StayConfirmed("S1", day("2025-06-20"), null))
                .when(discharge("S1", "2025-06-25"))
                .records(new StayDischarged("S1", day("2025-06-25")));
    }

    @Test
    void onlyAPlannedStayCanBeConfirmedAndOnlyAnActualOneDischarged() {
        recorded.when(confirm("S1", "2025-06-01", null)).refuses("STAY_ALREADY_CONFIRMED");
        planned.when(discharge("S1", "2025-06-25")).refuses("STAY_STILL_PLANNED");
    }

    // ── changing ─────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anOpenStayIsDischargedOnce() {
        open.when(discharge("S1", "2025-06-25"))
                .records(new StayDischarged("S1", day("2025-06-25")))
                .occurredOn(day("2025-06-25"));
        open.given(new StayDischarged("S1", day("2025-06-25")))
                .when(discharge("S1", "2025-06-26"))
                .refuses("STAY_ALREADY_DISCHARGED");
        recorded.when(discharge("S1", "2025-06-25")).refuses("STAY_ALREADY_DISCHARGED");
    }

    @Test
    void anAmendmentSaysWhatWasAndWhatIs() {
        recorded.when(amend("S1", null, "2025-06-12", TEXT))
                .records(new StayAmended(
                        "S1", facts("2025-06-01", "2025-06-10"), facts("2025-06-01", "2025-06-12"), TEXT))
                .occurredOn(TODAY);
        Facts hospital = new Facts(Setting.HOSPITAL, day("2025-06-01"), day("2025-06-10"), false);
        recorded.when(new AmendStay("P1", "S1", null, null, Setting.HOSPITAL, false, TEXT, TODAY, POLICY))
                .records(new StayAmended("S1", facts("2025-06-01", "2025-06-10"), hospital, TEXT));
    }

    @Test
    void anAmendmentNeedsAReasonAndSomethingToAmend() {
        recorded.when(amend("S1", null, "2025-06-12", null)).refuses("REASONS_REQUIRED");
        recorded.when(amend("S1", null, null, null)).refuses("REASONS_REQUIRED");
        recorded.when(amend("S1", null, null, TEXT)).refuses("FIELD_INVALID");
    }

    @Test
    void aPlannedStayMayBeAmendedIntoTheFuture() {
        planned.when(amend("S1", "2025-09-01", "2025-09-10", TEXT))
                .records(new StayAmended(
                        "S1", facts("2025-08-01", "2025-08-10"), facts("2025-09-01", "2025-09-10"), TEXT));
    }

    @Test
    void aStayIsVoidedOnceWithAReason() {
        recorded.when(new VoidStay("P1", "S1", TEXT, TODAY, POLICY))
                .records(new StayVoided("S1", TEXT))
                .occurredOn(TODAY);
        recorded.when(new VoidStay("P1", "S1", null, TODAY, POLICY)).refuses("REASONS_REQUIRED");
        voided.when(new VoidStay("P1", "S1", null, TODAY, POLICY)).refuses("STAY_ALREADY_VOIDED");
    }

    @Test
    void whatIsNotThereOrVoidedCannotBeChanged() {
        nothing.when(new VoidStay("P1", "S9", null, TODAY, POLICY)).refuses("STAY_NOT_FOUND");
        recorded.when(new VoidStay("P1", "S9", null, TODAY, POLICY)).refuses("STAY_NOT_FOUND");
        recorded.when(amend("S9", null, null, null)).refuses("STAY_NOT_FOUND");
        recorded.when(discharge("S9", "2025-06-25")).refuses("STAY_NOT_FOUND");
        recorded.when(confirm("S9", "2025-06-25", null)).refuses("STAY_NOT_FOUND");
        recorded.when(link("S9")).refuses("STAY_NOT_FOUND");
        voided.when(amend("S1", null, null, TEXT)).refuses("STAY_ALREADY_VOIDED");
        voided.when(discharge("S1", "2025-06-25")).refuses("STAY_ALREADY_VOIDED");
        voided.when(confirm("S1", "2025-06-25", null)).refuses("STAY_ALREADY_VOIDED");
        voided.when(link("S1")).refuses("STAY_ALREADY_VOIDED");
    }

    @Test
    void aPaymentIsLinkedToAStay() {
        recorded.when(link("S1")).records(new PaymentLinked("A1", "E1", "S1")).occurredOn(TODAY);
    }

    @Test
    void theLawForChildrenIsProlongedForAReason() {
        nothing.when(new OverrideRegime("P1", Regime.CHILD, day("2031-05-10"), TEXT, TODAY, POLICY))
                .records(new RegimeOverridden(Regime.CHILD, day("2031-05-10"), TEXT))
                .occurredOn(TODAY);
        nothing.when(new OverrideRegime("P1", Regime.CHILD, day("2031-05-10"), null, TODAY, POLICY))
                .refuses("REASONS_REQUIRED");
    }

    private static RecordStay record(String stayId, String admitted, @Nullable String discharged) {
        return new RecordStay("P1", stay(stayId), facts(admitted, discharged), TODAY, POLICY);
    }

    private static PlanStay plan(String stayId, String admitted, String discharged, boolean acknowledged) {
        return new PlanStay(
                "P1",
                stay(stayId),
                facts(admitted, discharged),
                acknowledged,
                EIGHTEEN,
                ResidentialPolicy.DEFAULT,
                TODAY);
    }

    private static ConfirmStay confirm(String stayId, String admitted, @Nullable String discharged) {
        return new ConfirmStay("P1", stayId, day(admitted), orNull(discharged), TODAY, POLICY);
    }

    private static DischargeStay discharge(String stayId, String discharged) {
        return new DischargeStay("P1", stayId, day(discharged), TODAY, POLICY);
    }

    private static AmendStay amend(
            String stayId, @Nullable String admitted, @Nullable String discharged, @Nullable Sealed reason) {
        return new AmendStay("P1", stayId, orNull(admitted), orNull(discharged), null, null, reason, TODAY, POLICY);
    }

    private static LinkPayment link(String stayId) {
        return new LinkPayment("P1", "A1", "E1", stayId, TODAY, POLICY);
    }

    private static Particulars stay(String stayId) {
        return new Particulars(stayId, "A1", TEXT, new BigDecimal("0.5"), null);
    }

    private static Facts facts(String admitted, @Nullable String discharged) {
        return new Facts(Setting.CHILDRENS_HOME, day(admitted), orNull(discharged), true);
    }

    private static @Nullable LocalDate orNull(@Nullable String text) {
        return text == null ? null : day(text);
    }

    private static LocalDate day(String text) {
        return LocalDate.parse(text);
    }
}
