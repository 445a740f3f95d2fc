package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.kernel.Actor.Role.SUPPORT;
import static uk.directpayments.ledger.web.Form.Field.choice;
import static uk.directpayments.ledger.web.Form.Field.date;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.money;
import static uk.directpayments.ledger.web.Form.Field.of;
import static uk.directpayments.ledger.web.Form.Field.select;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;
import uk.directpayments.ledger.web.Form.Kind;

/** What people decide about flags. */
final class FlagForms {

    private static final String FLAG = "/flags/{flagId}";

    /** What may be wrong with spending: rulebook 3.2. */
    private static final String[] REASONS = {
        "OUTSIDE_PLAN",
        "DUPLICATE_FUNDING",
        "CLOSE_RELATIVE_IN_HOUSEHOLD",
        "CASH",
        "CASH_EQUIVALENT",
        "GAMBLING",
        "ALCOHOL",
        "TOBACCO",
        "ADULT_SERVICES",
        "ILLEGAL",
        "DEBT_REPAYMENT",
        "INVESTMENT",
        "PERSONAL_FINES",
        "POLITICAL",
        "FUNERAL",
        "HOUSEHOLD_BILL",
        "HOUSING_COST",
        "NHS_HEALTHCARE",
        "NHS_EQUIPMENT",
        "RESIDENTIAL_CARE",
        "COUNCIL_OWN_SERVICE",
        "EVERYDAY_LIVING",
        "EATING_OUT",
        "HOLIDAY",
        "HOME_ALTERATION",
        "PHONE_DATA",
        "MEMBERSHIP",
        "GIFT",
        "PET",
        "DIGITAL",
        "LEGAL",
        "VEHICLE",
        "AFTER_END_DATE",
        "EMPLOYER_CASH_WAGES",
        "CLIENT_CONTRIBUTION_FROM_DP",
        "UNKNOWN"
    };

    static final List<Form> ALL = List.of(
            Form.of(
                            "/accounts/{accountId}/transactions/{transactionId}/flag",
                            "Raise a question about this spending",
                            "Raise the flag",
                            FINANCE)
                    .to("/flags")
                    .aboutTransaction("transactionId")
                    .then(FLAG)
                    .help("Whoever raises it does not uphold it.")
                    .fields(
                            of(Kind.HIDDEN, "accountId", "Account").from("accountId"),
                            of(Kind.HIDDEN, "transactionId", "Transaction").from("transactionId"),
                            select("reason", "What may be wrong?", REASONS),
                            money("amount", "How much of it is in question?").from("amount"),
                            text("explanation", "What is the question?")
                                    .hint("Whoever receives the money may read this")),
            Form.of(FLAG + "/evidence-request", "Ask for evidence", "Ask for evidence", FINANCE)
                    .about(FLAG)
                    .then(FLAG)
                    .help(
                            "The recipient, or the organisation that manages the account, sees what is asked for and by when.")
                    .fields(
                            date("due", "By when?")
                                    .hint("Leave this empty for the usual time that the council’s policy gives")
                                    .ifAny(),
                            line("letterRef", "Reference of the letter").ifAny()),
            Form.of(FLAG + "/evidence", "Add evidence", "Add evidence", FINANCE, SUPPORT)
                    .about(FLAG)
                    .then(FLAG)
                    .help(
                            "The ledger keeps the name of the document and its fingerprint, by which it can be proved later that"
                                    + " it is the same. The document itself stays where you keep it.")
                    .fields(of(Kind.DOCUMENT, "document", "The document, for example a receipt")),
            Form.of(FLAG + "/upholding", "Uphold this flag", "Uphold the flag", FINANCE)
                    .about(FLAG)
                    .then(FLAG)
                    .help(
                            "The money was not used as it may be. It can then be asked back. Whoever raised the flag by hand does not"
                                    + " uphold it.")
                    .fields(
                            money("amount", "How much?").from("amount"),
                            choice(
                                    "ground",
                                    "On what ground?",
                                    "OFF_PLAN",
                                    "CONDITION_BREACH",
                                    "PROHIBITED",
                                    "RELATIVE",
                                    "LIMIT"),
                            text("reason", "Why?").hint("The recipient may read this"),
                            line("waiver", "If you decide without evidence, why nobody waits for it")
                                    .ifAny()),
            Form.of(FLAG + "/dismissal", "Dismiss this flag", "Dismiss the flag", FINANCE)
                    .about(FLAG)
                    .then(FLAG)
                    .help("The spending was in order, and nothing is asked back.")
                    .fields(text("reason", "Why?").hint("The recipient may read this")),
            Form.of(FLAG + "/reopening", "Look at this flag again", "Open the flag again", FINANCE)
                    .about(FLAG)
                    .then(FLAG)
                    .fields(text("reason", "Why?")),
            Form.of(FLAG + "/repayment-request", "Ask for the money back", "Ask for repayment", FINANCE)
                    .about(FLAG)
                    .then(FLAG)
                    .fields(
                            money("amount", "How much?").from("outstanding"),
                            date("due", "By when?"),
                            line("debtor", "Who is to repay it?")),
            Form.of(FLAG + "/repayments", "Record a repayment", "Record the repayment", FINANCE)
                    .about(FLAG)
                    .then(FLAG)
                    .fields(
                            money("amount", "How much was repaid?").from("outstanding"),
                            date("on", "On which day?").from("today"),
                            line("method", "How?")
                                    .hint(
                                            "For example, bank transfer; FUTURE_PAYMENTS if it was kept back from later payments")),
            Form.of(FLAG + "/write-off", "Write off what is outstanding", "Write it off", FINANCE)
                    .about(FLAG)
                    .then(FLAG)
                    .fields(
                            money("amount", "How much?").from("outstanding"),
                            line("authority", "By whose authority?"),
                            text("reason", "Why?")),
            Form.of(FLAG + "/fraud-referral", "Refer this flag as fraud", "Refer it", FINANCE)
                    .about(FLAG)
                    .then(FLAG)
                    .fields(line("reference", "Reference of the case")));

    private FlagForms() {}
}
