package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.web.Form.Field.date;
import static uk.directpayments.ledger.web.Form.Field.fixed;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.of;
import static uk.directpayments.ledger.web.Form.Field.rows;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;
import uk.directpayments.ledger.web.Form.Kind;

/** Payment runs and months of the books. */
final class RunForms {

    private static final String RUN = "/payment-runs/{runId}";

    private static final Form.Field OF_ACCOUNT = line("accountId", "Of which account?")
            .hint("Only if two accounts have instalments of the same name")
            .ifAny();

    static final List<Form> ALL = List.of(
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
                    .fields(line("instalmentId", "Which instalment?"), OF_ACCOUNT, text("reason", "Why?")),
            Form.of(RUN + "/holds/{instalmentId}/release", "Release this payment", "Release it", FINANCE)
                    .aboutOne(RUN, "held", OF_ACCOUNT.name())
                    .then(RUN)
                    .fields(OF_ACCOUNT),
            Form.of(RUN + "/approval", "Approve this run", "Approve and pay", FINANCE)
                    .about(RUN)
                    .then(RUN)
                    .help(
                            "You say that the total and the number of payments are right. They are then recorded as paid, and the file for the"
                                    + " bank can be made.")
                    .fields(
                            of(Kind.HIDDEN, "total", "Total").from("total"),
                            of(Kind.HIDDEN_NUMBER, "count", "Number of payments")
                                    .from("count")),
            Form.of(RUN + "/submission", "Record that the file was sent", "Record it", FINANCE)
                    .about(RUN)
                    .then(RUN)
                    .fields(
                            date("on", "On which day?").from("today"),
                            line("channel", "How?").hint("For example, Bacs or the bank’s portal")),
            Form.of(RUN + "/close", "Close this run", "Close it", FINANCE)
                    .about(RUN)
                    .then(RUN)
                    .help(
                            "Nothing more is to come. What a run that nobody approved has selected can be paid by another."),
            Form.of(RUN + "/giving-back", "Give this run back", "Give it back", FINANCE)
                    .to(RUN + "/close")
                    .about(RUN)
                    .then(RUN)
                    .help(
                            "You say that the file of this run never went to the bank. Its pay date has passed, so it no longer can. All of its"
                                    + " payments count as not paid again, and can be paid by a later run. If the file did go, record that instead.")
                    .fields(fixed("reasonCode", "NOT_SUBMITTED")),
            Form.of(RUN + "/rejections", "Record what the bank rejected", "Record it", FINANCE)
                    .about(RUN)
                    .then(RUN)
                    .help("The money counts as not paid again, and can be paid by a later run.")
                    .fields(rows(
                            "rejections",
                            "Payment",
                            line("instalmentId", "Which instalment?"),
                            OF_ACCOUNT,
                            line("reasonCode", "The bank’s reason").hint("For example, AC01 or 0"))),
            Form.of("/periods/new", "Seal a month", "Seal it", FINANCE)
                    .to("/periods/{period}/seal")
                    .then("/periods")
                    .help(
                            "The council’s own acts can no longer be dated in it. What happened then and comes to light later counts in the"
                                    + " first open month. This cannot be undone.")
                    .fields(line("period", "Which month?").hint("For example, 2026-04")));

    private RunForms() {}
}
