package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.kernel.Actor.Role.SUPPORT;
import static uk.directpayments.ledger.web.Form.Field.choice;
import static uk.directpayments.ledger.web.Form.Field.date;
import static uk.directpayments.ledger.web.Form.Field.fixed;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.of;
import static uk.directpayments.ledger.web.Form.Field.offered;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;
import uk.directpayments.ledger.web.Form.Kind;
import uk.directpayments.ledger.web.Offers.Source;

/** Residential stays. */
final class StayForms {

    private static final String PERSON = "/people/{personId}";
    private static final String ACCOUNT = "/accounts/{accountId}";
    private static final String STAYS = PERSON + "/residential-stays";
    private static final String STAY = STAYS + "/{stayId}";

    private static final String[] SETTINGS = {
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
        "OWN_HOME"
    };

    static final List<Form> ALL = List.of(
            Form.of(STAYS, "Record a residential stay", "Record the stay", FINANCE, SUPPORT)
                    .about(PERSON)
                    .then(PERSON + "/residential")
                    .fields(
                            offered("accountId", "Which account pays for it?", Source.ACCOUNTS),
                            line("provider", "Where is it?"),
                            choice("setting", "What kind of place is it?", SETTINGS),
                            date("admitted", "First day"),
                            date("discharged", "Day of leaving")
                                    .hint("Leave this empty if the stay has not ended")
                                    .ifAny(),
                            of(
                                    Kind.YES,
                                    "fundedByDirectPayment",
                                    "It is paid for, in whole or in part, by a direct payment"),
                            line("sourceAuthority", "Which council’s direct payment, if it is another’s?")
                                    .ifAny(),
                            choice("status", "Has it happened?", "ACTUAL", "PLANNED"),
                            of(Kind.YES, "acknowledgeLimit", "I know that it would exceed a limit, and want to plan it")
                                    .ifAny()),
            Form.of(STAY + "/discharge", "End this stay", "End the stay", FINANCE, SUPPORT)
                    .aboutOne(STAYS, "items")
                    .then(PERSON + "/residential")
                    .fields(date("discharged", "Day of leaving").from("today")),
            Form.of(STAY + "/confirmation", "Record that this stay took place", "Record it", FINANCE, SUPPORT)
                    .aboutOne(STAYS, "items")
                    .then(PERSON + "/residential")
                    .help("It was planned; from now on its days count as they were.")
                    .fields(
                            date("admitted", "First day").from("admitted"),
                            date("discharged", "Day of leaving")
                                    .hint("Leave this empty if the stay has not ended")
                                    .from("discharged")
                                    .ifAny()),
            Form.of(STAY + "/amendment", "Correct this stay", "Correct it", FINANCE, SUPPORT)
                    .aboutOne(STAYS, "items")
                    .then(PERSON + "/residential")
                    .help("The earlier entry stays in the history.")
                    .fields(
                            date("admitted", "First day").from("admitted").ifAny(),
                            date("discharged", "Day of leaving")
                                    .hint("What is left empty stays as it is")
                                    .from("discharged")
                                    .ifAny(),
                            choice("setting", "What kind of place is it?", SETTINGS)
                                    .from("setting")
                                    .ifAny(),
                            of(
                                            Kind.YES,
                                            "fundedByDirectPayment",
                                            "It is paid for, in whole or in part, by a direct payment")
                                    .from("fundedByDirectPayment"),
                            text("reason", "Why?")),
            Form.of(
                            ACCOUNT + "/expenditures/{expenditureId}/stay",
                            "Say which stay this paid for",
                            "Record it",
                            FINANCE,
                            SUPPORT)
                    .aboutTransaction("expenditureId")
                    .then(ACCOUNT)
                    .fields(offered("stayId", "Which stay?", Source.STAYS)),
            Form.of(PERSON + "/regime-override", "Count days as for a child after 18", "Record it", FINANCE)
                    .about(PERSON)
                    .then(PERSON + "/residential")
                    .help(
                            "Where children’s services go on until the adult decision, residential days are counted by the law for children"
                                    + " until the day you name.")
                    .fields(fixed("regime", "CHILD"), date("until", "Until which day?"), text("reason", "Why?")),
            Form.of(STAY + "/void", "Remove this stay", "Remove the stay", FINANCE, SUPPORT)
                    .aboutOne(STAYS, "items")
                    .then(PERSON + "/residential")
                    .help("It never was. The record stays, marked as void.")
                    .fields(text("reason", "Why?")));

    private StayForms() {}
}
