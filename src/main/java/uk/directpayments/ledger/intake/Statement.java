package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.intake.StatementEvent.BankBalancesTold;
import uk.directpayments.ledger.intake.StatementEvent.Totals;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Money;

/**
 * A statement file that was sent in, as far as its lines have been dealt with.
 *
 * @param receivedAt  position at which it was received
 * @param correlation of the request that sent it
 * @param lastLine    the number of the last line that has been dealt with, 0 before the first
 * @param finishedAt  position at which it was finished, or null
 * @param accountId   of a bank's statement, as is what follows: {@link BankBalancesTold}
 * @param gap         it was accepted although its opening balance was not the closing balance before it
 */
record Statement(
        String statementId,
        String format,
        String sha256,
        int lines,
        long receivedAt,
        String actor,
        Actor.Role role,
        @Nullable String organisationId,
        String correlation,
        int lastLine,
        State state,
        Totals totals,
        @Nullable Long finishedAt,
        @Nullable String accountId,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        @Nullable Money opening,
        @Nullable Money closing,
        @Nullable String mapping,
        boolean gap,
        @Nullable List<Money> onFirstDay) {

    /** Whether every line has been dealt with. */
    enum State {
        UNFINISHED,
        FINISHED
    }

    Statement with(int lastLine, Totals totals) {
        return changed(lastLine, state, totals, finishedAt, mapping);
    }

    Statement finished(Totals totals, long position) {
        return changed(lastLine, State.FINISHED, totals, position, mapping);
    }

    Statement mapped(String columns) {
        return changed(lastLine, state, totals, finishedAt, columns);
    }

    private Statement changed(
            int lastLine, State state, Totals totals, @Nullable Long finishedAt, @Nullable String mapping) {
        return new Statement(
                statementId,
                format,
                sha256,
                lines,
                receivedAt,
                actor,
                role,
                organisationId,
                correlation,
                lastLine,
                state,
                totals,
                finishedAt,
                accountId,
                from,
                to,
                opening,
                closing,
                mapping,
                gap,
                onFirstDay);
    }

    Statement of(BankBalancesTold bank) {
        return new Statement(
                statementId,
                format,
                sha256,
                lines,
                receivedAt,
                actor,
                role,
                organisationId,
                correlation,
                lastLine,
                state,
                totals,
                finishedAt,
                bank.accountId(),
                bank.from(),
                bank.to(),
                bank.opening(),
                bank.closing(),
                bank.mapping(),
                bank.reason() != null,
                bank.onFirstDay());
    }
}
