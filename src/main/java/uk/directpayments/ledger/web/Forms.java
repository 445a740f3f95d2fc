package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.ADMIN;
import static uk.directpayments.ledger.kernel.Actor.Role.AUDITOR;
import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.kernel.Actor.Role.SUPPORT;
import static uk.directpayments.ledger.web.Form.Field.choice;
import static uk.directpayments.ledger.web.Form.Field.date;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.money;
import static uk.directpayments.ledger.web.Form.Field.of;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;
import uk.directpayments.ledger.web.Form.Kind;

/** Every form there is. */
final class Forms {

    private static final String FLAG = "/flags/{flagId}";
    private static final String ACCOUNT = "/accounts/{accountId}";
    private static final String SPENDING = ACCOUNT + "/expenditures/{expenditureId}";
    private static final String RUN = "/payment-runs/{runId}";
    private static final String BUDGET = "/budgets/{budgetId}";
    private static final String PERSON = "/people/{personId}";
    private static final String STAY = PERSON + "/residential-stays/{stayId}";
    private static final String ORGANISATION = "/organisations/{organisationId}";

    static final List<Form> ALL = List.of(
            // ── flags ────────────────────────────────────────────────────────────────────────────────────────────
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
                    .help("The money was not used as it may be. It can then be asked back.")
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
                    .fields(line("reference", "Reference of the case")),
            // ── accounts ─────────────────────────────────────────────────────────────────────────────────────────
            Form.of(ACCOUNT + "/expenditures", "Record spending", "Record the spending", FINANCE, SUPPORT)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .help("What has happened is always recorded. If it raises a question, the ledger flags it.")
                    .fields(
                            money("amount", "How much was spent?"),
                            date("on", "On which day?").from("today"),
                            line("payee", "Who was paid?"),
                            line("category", "What for?").ifAny(),
                            text("description", "Anything else that explains it")
                                    .ifAny()),
            Form.of(SPENDING + "/reversal", "Reverse this spending", "Reverse it", FINANCE, SUPPORT)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .help(
                            "It was recorded by mistake. The record stays, and the reversal stands beside it: the balance of the day is"
                                    + " corrected.")
                    .fields(text("reason", "Why?")),
            Form.of(SPENDING + "/reclassification", "Change what this was spent on", "Change it", FINANCE, SUPPORT)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .fields(line("category", "What was it spent on?"), text("reason", "Why?")),
            Form.of(SPENDING + "/refund", "Record a refund", "Record the refund", FINANCE, SUPPORT)
                    .to(ACCOUNT + "/refunds")
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .fields(
                            of(Kind.HIDDEN, "expenditureId", "Spending").from("expenditureId"),
                            money("amount", "How much was refunded?"),
                            date("on", "On which day?").from("today")),
            Form.of(ACCOUNT + "/payments", "Make a single payment", "Pay", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .fields(
                            line("lineId", "On which line of the budget?"),
                            money("amount", "How much?"),
                            date("on", "On which day?").from("today")),
            Form.of(ACCOUNT + "/contributions", "Record a contribution", "Record the contribution", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .fields(
                            money("amount", "How much did the client pay in?"),
                            date("on", "On which day?").from("today")),
            Form.of(ACCOUNT + "/suspension", "Suspend this account", "Suspend it", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .help("Nothing is paid from that day until the account is resumed.")
                    .fields(
                            date("from", "From which day?").from("today"),
                            line("cause", "Cause").hint("For example, CONDITION_BREACH or AT_REQUEST"),
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
                    .fields(date("on", "On which day?").from("today")),
            Form.of(ACCOUNT + "/recoveries", "Take back a surplus", "Propose it", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .help("It is checked against the surplus as it stands, and approved by somebody else.")
                    .fields(money("amount", "How much?").from("surplus")),
            Form.of(ACCOUNT + "/recoveries/{recoveryId}/approval", "Approve this recovery", "Approve it", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT),
            // ── budgets ──────────────────────────────────────────────────────────────────────────────────────────
            Form.of(BUDGET + "/reviews", "Record a review", "Record the review", FINANCE)
                    .about(BUDGET)
                    .then(BUDGET)
                    .fields(
                            date("on", "When was it?").from("today"),
                            line("kind", "What kind of review?").hint("For example, FIRST, ANNUAL or EHC"),
                            text("findings", "What was found?"),
                            date("nextDue", "When is the next one due?").ifAny()),
            // ── residential stays ────────────────────────────────────────────────────────────────────────────────
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
                    .fields(text("reason", "Why?")),
            // ── payment runs ─────────────────────────────────────────────────────────────────────────────────────
            Form.of("/payment-runs/new", "Start a payment run", "Select what is due", FINANCE)
                    .to("/payment-runs")
                    .then(RUN)
                    .help(
                            "Everything that is due by the cut-off and may be paid is selected. Somebody else approves it.")
                    .fields(
                            date("cutOff", "Which instalments?").hint("Those due up to this day"),
                            date("payDate", "On which day is it paid?").hint("A working day")),
            Form.of(RUN + "/holds", "Hold a payment back", "Hold it back", FINANCE)
                    .about(RUN)
                    .then(RUN)
                    .fields(line("instalmentId", "Which instalment?"), text("reason", "Why?")),
            Form.of(RUN + "/holds/{instalmentId}/release", "Release this payment", "Release it", FINANCE)
                    .about(RUN)
                    .then(RUN),
            Form.of(RUN + "/approval", "Approve this run", "Approve and pay", FINANCE)
                    .about(RUN)
                    .then(RUN)
                    .help(
                            "You say that the total and the number of payments are right. They are then recorded as paid, and the file for the"
                                    + " bank can be made.")
                    .fields(
                            of(Kind.HIDDEN, "total", "Total").from("total"),
                            of(Kind.HIDDEN, "count", "Number of payments").from("count")),
            Form.of(RUN + "/submission", "Record that the file was sent", "Record it", FINANCE)
                    .about(RUN)
                    .then(RUN)
                    .fields(
                            date("on", "On which day?").from("today"),
                            line("channel", "How?").hint("For example, Bacs or the bank’s portal")),
            Form.of(RUN + "/close", "Close this run", "Close it", FINANCE)
                    .about(RUN)
                    .then(RUN)
                    .help("Nothing more is expected of the bank."),
            // ── statements ───────────────────────────────────────────────────────────────────────────────────────
            Form.of("/statements", "Upload spending", "Upload", FINANCE, SUPPORT)
                    .then("/statements/{statementId}")
                    .help(
                            "A statement of a bank (camt.053, MT940, OFX or CSV) or the feed of a card platform. A line that was recorded"
                                    + " before is not recorded twice, so it does no harm to upload a file again.")
                    .fields(
                            of(Kind.FILE, "file", "The file"),
                            line("accountId", "Which account is it of?")
                                    .hint("Leave this empty for a card feed: its lines name their cards")
                                    .ifAny(),
                            choice(
                                            "format",
                                            "What is it?",
                                            "card-feed",
                                            "client-spending",
                                            "camt.053",
                                            "mt940",
                                            "ofx",
                                            "csv")
                                    .hint("If you choose nothing, the ledger looks at the file")
                                    .ifAny(),
                            text("reason", "If statements before this one are missing, why that is so")
                                    .ifAny()),
            // ── audit ────────────────────────────────────────────────────────────────────────────────────────────
            Form.of("/audit/verifications", "Verify the whole log", "Start", FINANCE, AUDITOR)
                    .then("/audit/verifications/{verificationId}")
                    .help(
                            "Every event is read again and held against what was signed. It takes a second for some tens of thousands"
                                    + " of events, and nobody is kept from working."),
            Form.of("/audit/rebuilds", "Rebuild all figures", "Start", FINANCE, AUDITOR, ADMIN)
                    .then("/audit/rebuilds/{rebuildId}")
                    .help("Every table is built again from the log, beside the one in use, and compared row by row.")
                    .fields(of(Kind.YES, "swap", "Replace what differs").ifAny()),
            // ── administration ───────────────────────────────────────────────────────────────────────────────────
            Form.of("/policies/new", "Publish a policy", "Publish it", ADMIN)
                    .to("/policies")
                    .then("/policies/{version}")
                    .help(
                            "Only what changes is named; everything else stays as it is. A policy is never edited: the next one takes its"
                                    + " place.")
                    .fields(
                            date("effectiveFrom", "From which day?").from("today"),
                            text("settings", "What changes?")
                                    .hint(
                                            "One setting a line, for example surplusWeeks = 8, or mcc.5311.decision = ALLOWED"),
                            of(Kind.YES, "retrospective", "It also holds for days that have passed")
                                    .ifAny(),
                            text("reason", "Why?").ifAny()),
            Form.of("/organisations/new", "Register an organisation", "Register it", ADMIN)
                    .to("/organisations")
                    .then(ORGANISATION)
                    .fields(line("organisationId", "Identifier").ifAny(), line("name", "Name")),
            Form.of(ORGANISATION + "/appointments", "Appoint to an account", "Appoint", ADMIN)
                    .about(ORGANISATION)
                    .then(ORGANISATION)
                    .fields(
                            line("accountId", "Which account?"),
                            date("from", "From which day?").from("today")),
            Form.of(ORGANISATION + "/appointments/{accountId}/end", "End this appointment", "End it", ADMIN)
                    .about(ORGANISATION)
                    .then(ORGANISATION)
                    .fields(date("to", "Last day").from("today")),
            Form.of(ORGANISATION + "/client-money", "Compare client money with the bank", "Compare", FINANCE, ADMIN)
                    .about(ORGANISATION)
                    .then(ORGANISATION)
                    .fields(
                            date("on", "At the end of which day?").from("today"),
                            money("bankBalance", "What the bank held for all clients")),
            Form.of(PERSON + "/erasure", "Erase this person", "Erase for ever", ADMIN)
                    .about(PERSON)
                    .then(PERSON)
                    .help(
                            "Names, payees and free text become unreadable in this ledger for ever, also after the restore of an older backup."
                                    + " Backups keep them until they are overwritten. Amounts, dates and categories stay. This cannot be"
                                    + " undone.")
                    .fields(text("reason", "Why?")
                            .hint("This survives: it must not say who the person was")
                            .ifAny()));

    private Forms() {}
}
