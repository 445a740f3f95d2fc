package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.web.Form.Field.choice;
import static uk.directpayments.ledger.web.Form.Field.date;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.of;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;
import uk.directpayments.ledger.web.Form.Kind;

/** How a budget is looked after: consents, agreements with relatives, reviews, disputes. */
final class BudgetCareForms {

    private static final String BUDGET = "/budgets/{budgetId}";

    static final List<Form> ALL = List.of(
            Form.of(BUDGET + "/consents", "Record a consent", "Record the consent", FINANCE)
                    .about(BUDGET)
                    .then(BUDGET)
                    .help("Without a consent in force nothing can be paid.")
                    .fields(
                            choice(
                                    "recipientType",
                                    "Who receives the money?",
                                    "YOUNG_PERSON",
                                    "PARENT",
                                    "NOMINEE",
                                    "ADULT",
                                    "AUTHORISED_PERSON"),
                            line("recipientName", "Their name"),
                            date("on", "On which day did they consent?").from("today"),
                            line("documentRef", "Reference of the signed paper").ifAny()),
            Form.of(
                            BUDGET + "/consents/{consentId}/withdrawal",
                            "Record that this consent was withdrawn",
                            "Record it",
                            FINANCE)
                    .aboutOne(BUDGET, "consents")
                    .then(BUDGET)
                    .help("From that day on nothing is paid, unless another consent is in force.")
                    .fields(date("on", "What is the first day without it?").from("today")),
            Form.of(BUDGET + "/relative-agreements", "Agree that a relative is paid", "Record the agreement", FINANCE)
                    .about(BUDGET)
                    .then(BUDGET)
                    .help(
                            "Without it, what is paid to this name is flagged once any agreement with them has been recorded.")
                    .fields(
                            line("payee", "Who is paid?").hint("As the name stands where they are paid"),
                            line("relation", "How are they related?").hint("In a word, for example aunt"),
                            of(Kind.YES, "sameHousehold", "They live in the same household"),
                            choice("purpose", "What are they paid for?", "CARE", "ADMIN")
                                    .hint("Administration is paid for with an adult’s direct payment alone"),
                            text("necessityReason", "Why is it necessary?"),
                            date("from", "First day"),
                            date("to", "Last day")
                                    .hint("Leave this empty if it holds until further notice")
                                    .ifAny()),
            Form.of(
                            BUDGET + "/relative-agreements/{agreementId}/withdrawal",
                            "Withdraw this agreement",
                            "Withdraw it",
                            FINANCE)
                    .aboutOne(BUDGET, "relativeAgreements")
                    .then(BUDGET)
                    .help("What this relative is paid for the days after that is in question again.")
                    .fields(date("on", "What is the first day without it?").from("today"), text("reason", "Why?")),
            Form.of(BUDGET + "/reviews", "Record a review", "Record the review", FINANCE)
                    .about(BUDGET)
                    .then(BUDGET)
                    .fields(
                            date("on", "When was it?").from("today"),
                            line("kind", "What kind of review?").staysReadable("FIRST, ANNUAL or EHC"),
                            text("findings", "What was found?"),
                            date("nextDue", "When is the next one due?").ifAny()),
            Form.of(BUDGET + "/disputes", "Record a dispute", "Record it", FINANCE)
                    .about(BUDGET)
                    .then(BUDGET)
                    .help("Each decision about a budget is reconsidered once.")
                    .fields(
                            choice(
                                    "stage",
                                    "How far has it come?",
                                    "RECONSIDERATION",
                                    "COMPLAINT",
                                    "MEDIATION",
                                    "TRIBUNAL",
                                    "OMBUDSMAN"),
                            date("on", "Since which day?").from("today"),
                            text("reason", "What is it about?")),
            Form.of(BUDGET + "/disputes/{disputeId}/closure", "Record how this dispute ended", "Record it", FINANCE)
                    .aboutOne(BUDGET, "disputes")
                    .then(BUDGET)
                    .fields(
                            text("outcome", "What came of it?"),
                            date("on", "On which day?").from("today")));

    private BudgetCareForms() {}
}
