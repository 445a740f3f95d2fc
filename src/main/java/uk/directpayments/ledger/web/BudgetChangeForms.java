package uk.directpayments.ledger.web;

import static uk.directpayments.ledger.kernel.Actor.Role.FINANCE;
import static uk.directpayments.ledger.web.Form.Field.choice;
import static uk.directpayments.ledger.web.Form.Field.date;
import static uk.directpayments.ledger.web.Form.Field.line;
import static uk.directpayments.ledger.web.Form.Field.money;
import static uk.directpayments.ledger.web.Form.Field.text;

import java.util.List;

/** What changes on a budget that is final, to its end. */
final class BudgetChangeForms {

    private static final String BUDGET = "/budgets/{budgetId}";

    static final List<Form> ALL = List.of(
            Form.of(BUDGET + "/lines/{lineId}/revision", "Change what this line is worth", "Change it", FINANCE)
                    .aboutOne(BUDGET, "lines")
                    .then(BUDGET)
                    .help("Instalments that are not paid yet are worked out anew; what was paid stays.")
                    .fields(
                            money("annualAmount", "How much a year from then on?"),
                            date("from", "From which day?"),
                            text("reasons", "Why?")
                                    .hint("Needed if it is less than before; whoever receives the money reads this")
                                    .ifAny(),
                            date("noticeGivenOn", "When was notice given?")
                                    .hint("Needed if it is less than before, and not after the change begins")
                                    .ifAny()),
            Form.of(BUDGET + "/top-ups", "Agree a top-up", "Record the agreement", FINANCE)
                    .about(BUDGET)
                    .then(BUDGET)
                    .help("What is agreed here moves no money: when it comes, record it on the account.")
                    .fields(
                            choice("source", "Who adds money?", "COUNCIL_TOP_UP", "PARENT_TOP_UP"),
                            money("amount", "How much?"),
                            text("purpose", "What is it for?"),
                            date("agreedOn", "On which day was it agreed?").from("today")),
            Form.of(BUDGET + "/end", "End this budget", "End it", FINANCE)
                    .about(BUDGET)
                    .then(BUDGET)
                    .help("Nothing is paid for the days after its last one. This cannot be taken back.")
                    .fields(
                            date("on", "What is its last day?"),
                            line("cause", "Why?").staysReadable("MOVED_AWAY")));

    private BudgetChangeForms() {}
}
