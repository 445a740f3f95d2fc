package uk.directpayments.ledger.intake;

import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.UnmatchedLines;
import uk.directpayments.ledger.platform.View;

/** What the account room asks of statements, answered. */
@Component
class StatementFacts implements UnmatchedLines {

    private final StatementLines statementLines;

    StatementFacts(StatementLines statementLines) {
        this.statementLines = statementLines;
    }

    @Override
    public boolean any(String accountId, View view) {
        return statementLines.hasOpen(accountId, view);
    }
}
