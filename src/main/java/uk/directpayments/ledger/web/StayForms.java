package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.kernel.Actor.Role.SUPPORT;
import static uk.directpayments.ledger.web.Form.Field.choice;
import static uk.directpayments.ledger.web.Form.Field.date;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.of;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;
import uk.directpayments.ledger.web.Form.Kind;

/** Residential stays. */
final class StayForms {

    private static final String PERSON = "/people/{personId}";
    private static final String STAY = PERSON + "/residential-stays/{stayId}";

    static final List<Form> ALL = List.of(
            Form.of(PERSON + "/residential-stays", "Record a residential stay", "Record the stay", FINANCE, SUPPORT)
                    .about(PERSON)
                    .then(PERSON + "/residential")
                    .fields(
                            line("accountId", "Which account pays for it?"),
                            line("provider", "Where is it?"),
                            choice(
                                    "setting",
                                    "What kind of place is it?",
                                    "CARE_HOME",
                                    "NURSING_HOME",
                                    "CHILDRENS_HOME",
                                    "RESIDENTIAL_SHORT_BREAK_UNIT",
                                    "HOSPITAL",
                                    "NHS_HOSPICE",
                                    "BOARDING_SCHOOL",
                                    "FOSTER_SHORT_BREAK",
                                    "SHARED_LIVES",
                                    "HOLIDAY_ACCOMMODATION",
                                    "OWN_HOME"),
                            date("admitted", "First day"),
                            date("discharged", "Day of leaving")
                                    .hint("Leave this empty if the stay has not ended")
                                    .ifAny(),
                            of(
                                    Kind.YES,
                                    "fundedByDirectPayment",
                                    "It is paid for, in whole or in part, by a direct payment"),
                            choice("status", "Has it happened?", "ACTUAL", "PLANNED"),
                            of(Kind.YES, "acknowledgeLimit", "I know that it would exceed a limit, and want to plan it")
                                    .ifAny()),
            Form.of(STAY + "/discharge", "End this stay", "End the stay", FINANCE, SUPPORT)
                    .about(PERSON)
                    .then(PERSON + "/residential")
                    .fields(date("discharged", "Day of leaving").from("today")),
            Form.of(STAY + "/void", "Remove this stay", "Remove the stay", FINANCE, SUPPORT)
                    .about(PERSON)
                    .then(PERSON + "/residential")
                    .help("It never was. The record stays, marked as void.")
                    .fields(text("reason", "Why?")));

    private StayForms() {}
}
