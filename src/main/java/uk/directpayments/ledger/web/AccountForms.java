package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.kernel.Actor.Role.SUPPORT;
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

/** What moves on an account, and its life. */
final class AccountForms {

    private static final String ACCOUNT = "/accounts/{accountId}";
    private static final String SPENDING = ACCOUNT + "/expenditures/{expenditureId}";

    static final List<Form> ALL = List.of(
            Form.of(ACCOUNT + "/expenditures", "Record spending", "Record the spending", FINANCE, SUPPORT)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .help("What has happened is always recorded. If it raises a question, the ledger flags it.")
                    .fields(
                            money("amount", "How much was spent?"),
                            date("on", "On which day?").from("today"),
                            line("payee", "Who was paid?"),
                            line("category", "What for?").ifAny(),
                            choice("type", "How was it paid?", "PURCHASE", "CASH", "FEE", "TRANSFER")
                                    .ifAny(),
                            offered("lineId", "On which line of the budget?", Source.LINES)
                                    .hint("If you choose none, it is shared among them")
                                    .ifAny(),
                            text("description", "Anything else that explains it")
                                    .ifAny()),
            Form.of(SPENDING + "/reversal", "Reverse this spending", "Reverse it", FINANCE, SUPPORT)
                    .aboutTransaction("expenditureId")
                    .then(ACCOUNT)
                    .help(
                            "It was recorded by mistake. The record stays, and the reversal stands beside it: the balance of the day is"
                                    + " corrected.")
                    .fields(
                            text("reason", "Why?"),
                            date("on", "From which day is it corrected?")
                                    .hint("Leave this empty to correct the day of the spending itself")
                                    .ifAny()),
            Form.of(SPENDING + "/reclassification", "Change what this was spent on", "Change it", FINANCE, SUPPORT)
                    .aboutTransaction("expenditureId")
                    .then(ACCOUNT)
                    .fields(line("category", "What was it spent on?"), text("reason", "Why?")),
            Form.of(SPENDING + "/refund", "Record a refund", "Record the refund", FINANCE, SUPPORT)
                    .to(ACCOUNT + "/refunds")
                    .aboutTransaction("expenditureId")
                    .then(ACCOUNT)
                    .fields(
                            of(Kind.HIDDEN, "expenditureId", "Spending").from("expenditureId"),
                            money("amount", "How much was refunded?"),
                            date("on", "On which day?").from("today")),
            Form.of(ACCOUNT + "/payments", "Make a single payment", "Pay", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .fields(
                            offered("lineId", "On which line of the budget?", Source.LINES),
                            money("amount", "How much?"),
                            money("contribution", "What of it the client pays")
                                    .hint("Leave this empty for what was agreed for the instalment")
                                    .ifAny(),
                            line("instalmentId", "Which instalment is it?")
                                    .hint("Leave this empty if it is paid beside the schedule")
                                    .ifAny(),
                            date("on", "On which day?").from("today")),
            Form.of(
                            ACCOUNT + "/payments/{paymentId}/return",
                            "Record that this payment came back",
                            "Record it",
                            FINANCE)
                    .aboutTransaction("paymentId")
                    .then(ACCOUNT)
                    .help("The money counts as not paid again, and can be paid anew.")
                    .fields(
                            date("on", "On which day?").from("today"),
                            line("reasonCode", "The bank’s reason").hint("For example, AC01 or 0")),
            Form.of(ACCOUNT + "/top-ups", "Record a top-up", "Record the top-up", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .fields(
                            money("amount", "How much came?"),
                            choice("source", "Whose money is it?", "PARENT_TOP_UP", "COUNCIL_TOP_UP"),
                            date("on", "On which day?").from("today")),
            Form.of(ACCOUNT + "/contributions", "Record a contribution", "Record the contribution", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .fields(
                            money("amount", "How much did the client pay in?"),
                            date("on", "On which day?").from("today")),
            Form.of(ACCOUNT + "/risk-band", "Say how closely this account is watched", "Record it", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .help("It sets how often a return is asked for.")
                    .fields(
                            offered("riskBand", "Which risk band?", Source.RISK_BANDS),
                            date("from", "From which day?").from("today"),
                            text("reason", "Why?")),
            Form.of(ACCOUNT + "/suspension", "Suspend this account", "Suspend it", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .help("Nothing is paid from that day until the account is resumed.")
                    .fields(
                            date("from", "From which day?").from("today"),
                            line("cause", "Cause").staysReadable("CONDITION_BREACH or AT_REQUEST"),
                            text("reason", "Why?")),
            Form.of(ACCOUNT + "/resumption", "Resume this account", "Resume it", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .fields(date("on", "From which day?").from("today")),
            Form.of(ACCOUNT + "/closure", "Close this account", "Close it", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .help(
                            "An account is closed when nothing is left on it, no flag is open and every line of its statements is matched.")
                    .fields(date("on", "On which day?").from("today")));

    private AccountForms() {}
}
