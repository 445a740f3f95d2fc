package uk.directpayments.ledger.web;

import java.util.List;
import java.util.stream.Stream;

/** Every form there is: those of each area. */
final class Forms {

    static final List<Form> ALL = Stream.of(
                    FlagForms.ALL,
                    AccountForms.ALL,
                    RecoveryForms.ALL,
                    HoldingForms.ALL,
                    BudgetForms.ALL,
                    BudgetChangeForms.ALL,
                    BudgetCareForms.ALL,
                    PersonForms.ALL,
                    StayForms.ALL,
                    RunForms.ALL,
                    StatementForms.ALL,
                    AuditForms.ALL,
                    AdminForms.ALL)
            .flatMap(List::stream)
            .toList();

    private Forms() {}
}
