package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.web.Form.Field.choice;
import static uk.directpayments.ledger.web.Form.Field.date;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.money;
import static uk.directpayments.ledger.web.Form.Field.of;
import static uk.directpayments.ledger.web.Form.Field.offered;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;
import uk.directpayments.ledger.web.Form.Kind;
import uk.directpayments.ledger.web.Offers.Source;

/** Where an account’s money goes, when, what of it is kept back or owed, and what its holder is asked to account for. */
final class HoldingForms {

    private static final String ACCOUNT = "/accounts/{accountId}";
    private static final String RETURN = ACCOUNT + "/returns/{returnId}";

    static final List<Form> ALL = List.of(
            Form.of(ACCOUNT + "/bank-details", "Change where the money goes", "Propose it", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .help("Somebody else approves it, and no payment run pays there before some days have passed.")
                    .fields(
                            line("sortCode", "Sort code").hint("Six digits").ifAny(),
                            line("accountNumber", "Account number")
                                    .hint("Eight digits")
                                    .ifAny(),
                            line("cardRef", "Reference of the card, if it is one")
                                    .ifAny()),
            Form.of(
                            ACCOUNT + "/bank-details/{changeId}/approval",
                            "Approve where the money goes",
                            "Approve it",
                            FINANCE)
                    .aboutOne(ACCOUNT + "/bank-details", "items")
                    .then(ACCOUNT)
                    .help(
                            "Only the last four of the number are shown. Ask the holder for them, by a way that you already knew, and"
                                    + " whether they asked for the change."),
            Form.of(ACCOUNT + "/schedules", "Schedule payments", "Schedule them", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .fields(
                            offered("lineId", "On which line of the budget?", Source.LINES),
                            choice(
                                    "frequency",
                                    "How often?",
                                    "WEEKLY",
                                    "FOUR_WEEKLY",
                                    "MONTHLY",
                                    "QUARTERLY",
                                    "ANNUAL",
                                    "ONE_OFF"),
                            date("firstPayOn", "First payment on"),
                            date("coversFrom", "First day that it pays for")
                                    .hint("Only if that is before the first payment")
                                    .ifAny(),
                            money("contributionPerInstalment", "What the client pays towards each")
                                    .ifAny()),
            Form.of(ACCOUNT + "/reserves", "Keep money back", "Keep it back", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .help("It is no surplus until the day has passed or it is released.")
                    .fields(
                            choice(
                                    "kind",
                                    "What for?",
                                    "REDUNDANCY",
                                    "HOLIDAY_PAY",
                                    "AGREED_SAVING",
                                    "SHORT_BREAK",
                                    "OTHER"),
                            money("amount", "How much?"),
                            date("until", "Until which day?"),
                            text("reason", "Why?")),
            Form.of(ACCOUNT + "/reserves/{reserveId}/release", "Release this money", "Release it", FINANCE)
                    .aboutOne(ACCOUNT + "/reserves", "items")
                    .then(ACCOUNT),
            Form.of(ACCOUNT + "/liabilities", "Record what is owed", "Record it", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .help("A bill that is still to be paid from the account: it is no surplus.")
                    .fields(
                            line("kind", "What for?").staysReadable("wages or PAYE"),
                            money("amount", "How much?"),
                            line("payee", "To whom?"),
                            date("due", "By when?")),
            Form.of(ACCOUNT + "/liabilities/{liabilityId}/settlement", "This is owed no more", "Settle it", FINANCE)
                    .aboutOne(ACCOUNT + "/liabilities", "items")
                    .then(ACCOUNT)
                    .fields(date("on", "From which day?").from("today")),
            Form.of(ACCOUNT + "/returns", "Ask for a return", "Ask for it", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .fields(
                            line("period", "About which time?").hint("For example, 2026-Q1"),
                            date("due", "By when?")
                                    .hint("Leave this empty for the usual time that the council’s policy gives")
                                    .ifAny()),
            Form.of(RETURN + "/reminder", "Record a reminder", "Record it", FINANCE)
                    .aboutOne(ACCOUNT + "/returns", "items")
                    .then(ACCOUNT)
                    .fields(date("on", "On which day was the holder reminded?").from("today")),
            Form.of(RETURN + "/receipt", "Record that a return came", "Record it", FINANCE)
                    .aboutOne(ACCOUNT + "/returns", "items")
                    .then(ACCOUNT)
                    .help(
                            "The ledger keeps the name of the document and its fingerprint; the document stays where you keep it.")
                    .fields(
                            date("on", "On which day?").from("today"),
                            of(Kind.DOCUMENT, "documents", "The document").ifAny()),
            Form.of(RETURN + "/acceptance", "Accept this return", "Accept it", FINANCE)
                    .aboutOne(ACCOUNT + "/returns", "items")
                    .then(ACCOUNT),
            Form.of(RETURN + "/query", "Ask about this return", "Ask", FINANCE)
                    .aboutOne(ACCOUNT + "/returns", "items")
                    .then(ACCOUNT)
                    .fields(text("reason", "What is the question?")));

    private HoldingForms() {}
}
