package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.web.Form.Field.date;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.money;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;

/** How a surplus is taken back. */
final class RecoveryForms {

    private static final String ACCOUNT = "/accounts/{accountId}";
    private static final String ALL_OF_IT = ACCOUNT + "/recoveries";
    private static final String RECOVERY = ALL_OF_IT + "/{recoveryId}";

    static final List<Form> ALL = List.of(
            Form.of(ALL_OF_IT, "Take back a surplus", "Propose it", FINANCE)
                    .about(ACCOUNT)
                    .then(ACCOUNT)
                    .help(
                            "It is checked against the surplus as it stands, less what has been asked for already, and approved by"
                                    + " somebody else.")
                    .fields(money("amount", "How much?").from("unclaimedSurplus")),
            Form.of(RECOVERY + "/approval", "Approve this recovery", "Approve it", FINANCE)
                    .aboutOne(ALL_OF_IT, "items")
                    .then(ACCOUNT)
                    .help("Whoever proposed it does not approve it."),
            Form.of(RECOVERY + "/receipt", "Record what came back", "Record it", FINANCE)
                    .aboutOne(ALL_OF_IT, "items")
                    .then(ACCOUNT)
                    .fields(
                            money("amount", "How much came back?").from("outstanding"),
                            date("on", "On which day?").from("today")),
            Form.of(RECOVERY + "/write-off", "Write off this recovery", "Write it off", FINANCE)
                    .aboutOne(ALL_OF_IT, "items")
                    .then(ACCOUNT)
                    .help(
                            "All that is outstanding of it is given up. If nobody has approved it, or the money has been spent since, nothing"
                                    + " leaves the account.")
                    .fields(line("authority", "By whose authority?"), text("reason", "Why?")));

    private RecoveryForms() {}
}
