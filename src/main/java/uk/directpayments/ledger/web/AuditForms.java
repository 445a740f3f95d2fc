package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.ADMIN;
import static uk.directpayments.ledger.kernel.Actor.Role.AUDITOR;
import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.number;
import static uk.directpayments.ledger.web.Form.Field.of;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;
import uk.directpayments.ledger.web.Form.Kind;

/** Proof and audits. */
final class AuditForms {

    private static final String AUDIT = "/audits/{auditId}";

    static final List<Form> ALL = List.of(
            Form.of("/audit/verifications", "Verify the whole log", "Start", FINANCE, AUDITOR)
                    .then("/audit/verifications/{verificationId}")
                    .help(
                            "Every event is read again and held against what was signed. It takes a second for some tens of thousands"
                                    + " of events, and nobody is kept from working."),
            Form.of("/audit/rebuilds", "Rebuild all figures", "Start", FINANCE, AUDITOR, ADMIN)
                    .then("/audit/rebuilds/{rebuildId}")
                    .help("Every table is built again from the log, beside the one in use, and compared row by row.")
                    .fields(of(Kind.YES, "swap", "Replace what differs").ifAny()),
            Form.of("/audits/new", "Draw a sample of accounts", "Draw it", FINANCE, AUDITOR)
                    .to("/audits")
                    .then(AUDIT)
                    .help(
                            "The same number draws the same accounts from the same ledger, so anybody can check that nobody chose them.")
                    .fields(
                            number("seed", "A number to draw by").hint("Any whole number, for example of a lottery"),
                            number("size", "How many accounts?").hint("1 to 200")),
            Form.of(AUDIT + "/findings", "Record a finding", "Record it", FINANCE, AUDITOR)
                    .about(AUDIT)
                    .then(AUDIT)
                    .fields(
                            line("accountId", "Of which account?")
                                    .hint("Leave this empty if it is of all of them")
                                    .ifAny(),
                            text("finding", "What was found?")
                                    .hint(
                                            "If you name no account, name no people either: what is of all accounts is not sealed")),
            Form.of(AUDIT + "/closure", "Close this audit", "Close it", FINANCE, AUDITOR)
                    .about(AUDIT)
                    .then(AUDIT)
                    .fields(text("conclusion", "What is the conclusion?")
                            .hint("Name no people: it is not sealed")
                            .ifAny()));

    private AuditForms() {}
}
