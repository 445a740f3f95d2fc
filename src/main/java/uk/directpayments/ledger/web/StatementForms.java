package uk.directpayments.ledger.web;

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

/** Statements, and what becomes of their lines. */
final class StatementForms {

    private static final String ACCOUNT = "/accounts/{accountId}";
    private static final String STATEMENT = "/statements/{statementId}";
    private static final String LINE = STATEMENT + "/lines/{lineId}";

    static final List<Form> ALL = List.of(
            Form.of("/statements", "Upload spending", "Upload", FINANCE, SUPPORT)
                    .then("/statements/{statementId}")
                    .checkedAt("/statements/preview")
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
                            of(Kind.SETTINGS, "mapping", "What the columns of a CSV are")
                                    .hint(
                                            "Only if the ledger cannot tell. One a line, for example date = Booked, debit = Out,"
                                                    + " credit = In, payee = Who, dateOrder = DMY. It is kept for the account.")
                                    .ifAny(),
                            text("reason", "If statements before this one are missing, why that is so")
                                    .ifAny()),
            Form.of(LINE + "/match", "Match this line", "Match what is ticked", FINANCE, SUPPORT)
                    .about(LINE)
                    .then(STATEMENT)
                    .shownBy("match")
                    .fields(of(Kind.CHOSEN, "transactionIds", "Which entries of the ledger is it?")),
            Form.of(LINE + "/split", "Split this line", "Split it", FINANCE, SUPPORT)
                    .about(LINE)
                    .then(STATEMENT)
                    .help(
                            "The bank moved in one sum what the ledger has in several. Each part can then be matched by itself.")
                    .fields(of(Kind.AMOUNTS, "amounts", "Which amounts?")
                            .hint("One a line, without a minus; together they are the amount of the line")),
            Form.of(LINE + "/ignore", "Leave this line out", "Leave it out", FINANCE, SUPPORT)
                    .about(LINE)
                    .then(STATEMENT)
                    .help("It has nothing to do with the account’s money as the ledger keeps it. It can be taken back.")
                    .fields(text("reason", "Why?")),
            Form.of(LINE + "/unmatch", "Open this line again", "Open it again", FINANCE, SUPPORT)
                    .about(LINE)
                    .then(STATEMENT)
                    .help("It is matched with nothing after that. What the ledger has stays as it is.")
                    .fields(text("reason", "Why?")),
            Form.of(ACCOUNT + "/reconciliations", "Compare a period with the bank", "Compare", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .shownBy("reconcile")
                    .help(
                            "Every line of the bank in the period must be matched or left out, and both balances the same.")
                    .fields(
                            date("from", "First day"),
                            date("to", "Last day"),
                            money("bankBalance", "What the bank says was in the account at the end of it")));

    private StatementForms() {}
}
