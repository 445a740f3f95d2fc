package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.web.Form.Field.choice;
import static uk.directpayments.ledger.web.Form.Field.date;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.of;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;
import uk.directpayments.ledger.web.Form.Kind;

/** People. */
final class PersonForms {

    private static final String BUDGET = "/budgets/{budgetId}";
    private static final String PERSON = "/people/{personId}";

    static final List<Form> ALL = List.of(
            Form.of("/people/new", "Take on a person", "Take on", FINANCE)
                    .to("/people")
                    .then(PERSON)
                    .fields(
                            line("name", "Full name"),
                            date("dateOfBirth", "Date of birth"),
                            line("reference", "Number in the social care system")
                                    .ifAny(),
                            line("personId", "Identifier in this ledger")
                                    .hint("Leave this empty and the ledger makes one")
                                    .ifAny()),
            Form.of(PERSON + "/correction", "Correct this person", "Correct", FINANCE)
                    .about(PERSON)
                    .then(PERSON)
                    .help("The earlier entry stays in the history.")
                    .fields(
                            line("name", "Full name").from("name").ifAny(),
                            date("dateOfBirth", "Date of birth")
                                    .from("dateOfBirth")
                                    .ifAny(),
                            text("reason", "Why?")),
            Form.of(PERSON + "/death", "Record a death", "Record it", FINANCE)
                    .about(PERSON)
                    .then(PERSON)
                    .help(
                            "The person’s budgets end on that day, and what was paid after it is to be recovered. This cannot be taken"
                                    + " back.")
                    .fields(date("on", "On which day?")),
            Form.of(PERSON + "/budgets", "Record a request for a budget", "Record the request", FINANCE)
                    .to("/budgets")
                    .about(PERSON)
                    .then(BUDGET)
                    .fields(
                            of(Kind.HIDDEN, "personId", "Person").from("personId"),
                            choice(
                                    "legalBasis",
                                    "Under which law?",
                                    "CHILD_S17A",
                                    "ADULT_CARE_ACT",
                                    "SEN_S49",
                                    "NHS_12A",
                                    "TRAVEL"),
                            line("requestedBy", "Who asked for it?"),
                            date("requestedOn", "On which day?").from("today"),
                            line("ehcPlanRef", "Reference of the EHC plan")
                                    .hint("Needed for the education budget of an EHC plan")
                                    .ifAny(),
                            date("exclusionCheckedOn", "When was it checked that the law does not exclude the person?")
                                    .ifAny()));

    private PersonForms() {}
}
