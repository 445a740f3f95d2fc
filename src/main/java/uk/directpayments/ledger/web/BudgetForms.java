package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.web.Form.Field.choice;
import static uk.directpayments.ledger.web.Form.Field.date;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.money;
import static uk.directpayments.ledger.web.Form.Field.of;
import static uk.directpayments.ledger.web.Form.Field.rows;
import static uk.directpayments.ledger.web.Form.Field.select;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;
import uk.directpayments.ledger.web.Form.Kind;

/** A budget, from its request to its account. */
final class BudgetForms {

    private static final String ACCOUNT = "/accounts/{accountId}";
    private static final String BUDGET = "/budgets/{budgetId}";

    static final List<Form> ALL = List.of(
            Form.of(BUDGET + "/indicative-amount", "Set the indicative amount", "Set it", FINANCE)
                    .about(BUDGET)
                    .then(BUDGET)
                    .help("What the budget will be about, before a panel decides. Whoever sets it does not decide.")
                    .fields(
                            money("amount", "How much a year?"),
                            date("from", "First day of the budget"),
                            date("to", "Last day of the budget"),
                            choice("method", "How was it worked out?", "RAS", "QUESTIONNAIRE", "PANEL", "COSTED_PLAN")),
            Form.of(BUDGET + "/panel-decision", "Record the panel’s decision", "Record the decision", FINANCE)
                    .about(BUDGET)
                    .then(BUDGET)
                    .help("Whoever set the indicative amount does not record it.")
                    .fields(
                            choice("outcome", "What was decided?", "APPROVED", "APPROVED_LOWER", "DEFERRED"),
                            money("amount", "If less was approved, how much a year?")
                                    .ifAny(),
                            text("reasons", "Reasons")
                                    .hint("Needed if less was approved")
                                    .ifAny(),
                            text("conditions", "Conditions").ifAny(),
                            date("decidedOn", "On which day?").from("today")),
            Form.of(BUDGET + "/refusal", "Refuse this budget", "Refuse it", FINANCE)
                    .about(BUDGET)
                    .then(BUDGET)
                    .help(
                            "A paper that says so, with the reasons and the right to a review, can be printed afterwards.")
                    .fields(
                            text("reasons", "Why?").hint("The person who asked reads this"),
                            date("on", "On which day?").from("today"),
                            date("reviewRightNotifiedOn", "When were they told that they can ask for a review?")
                                    .ifAny()),
            Form.of(BUDGET + "/finalisation", "Make this budget final", "Make it final", FINANCE)
                    .about(BUDGET)
                    .then(BUDGET)
                    .help("The lines add up to the whole, which is not more than the panel approved.")
                    .fields(
                            date("from", "First day"),
                            date("to", "Last day"),
                            money("annualAmount", "How much a year, all lines together?")
                                    .from("approvedAmount"),
                            rows(
                                    "lines",
                                    "Line",
                                    line("lineId", "Identifier").ifAny(),
                                    select(
                                            "fundingSource",
                                            "Whose money is it?",
                                            "SOCIAL_CARE_CHILD",
                                            "SHORT_BREAKS",
                                            "ADULT_SOCIAL_CARE",
                                            "CARER",
                                            "EDUCATION_HIGH_NEEDS",
                                            "NHS_CONTINUING_CARE",
                                            "PERSONAL_TRAVEL",
                                            "S117_AFTERCARE"),
                                    select(
                                            "mode",
                                            "How is it managed?",
                                            "DIRECT_PAYMENT",
                                            "COUNCIL_MANAGED",
                                            "THIRD_PARTY"),
                                    line("category", "What is it for?"),
                                    money("annualAmount", "How much a year?"),
                                    text("outcome", "What should come of it?").ifAny(),
                                    of(
                                                    Kind.LISTED,
                                                    "allows",
                                                    "What does the plan allow that would be in question otherwise?")
                                            .hint("Reasons or merchant codes, one a line, for example CASH or 5812")
                                            .ifAny())),
            Form.of(BUDGET + "/accounts", "Open an account", "Open the account", FINANCE)
                    .to("/accounts")
                    .about(BUDGET)
                    .then(ACCOUNT)
                    .fields(
                            of(Kind.HIDDEN, "budgetId", "Budget").from("budgetId"),
                            choice("type", "What kind?", "PREPAID_CARD", "BANK_ACCOUNT", "SUPPORTED", "MANAGED"),
                            choice(
                                    "holderType",
                                    "Who holds it?",
                                    "YOUNG_PERSON",
                                    "PARENT",
                                    "NOMINEE",
                                    "ADULT",
                                    "AUTHORISED_PERSON",
                                    "ORGANISATION"),
                            line("organisationId", "If an organisation holds it, which?")
                                    .ifAny(),
                            line("bankDetails.sortCode", "Sort code")
                                    .hint("For a bank account; six digits")
                                    .ifAny(),
                            line("bankDetails.accountNumber", "Account number")
                                    .hint("For a bank account; eight digits")
                                    .ifAny(),
                            line("bankDetails.cardRef", "Reference of the card")
                                    .hint("For a prepaid card")
                                    .ifAny(),
                            date("openedOn", "From which day?").from("today"),
                            line("accountId", "Identifier in this ledger")
                                    .hint("Leave this empty and the ledger makes one")
                                    .ifAny()));

    private BudgetForms() {}
}
