package uk.directpayments.ledger.intake;

import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.SealedUnder;
import uk.directpayments.ledger.platform.View;

/**
 * Under whose key a reason was sealed that somebody gave of a statement or a line, where the event does not say: of a line whose account is not known,
 * and of all that was recorded before events of statements named the account.
 */
@Component
class StatementSubjects implements SealedUnder {

    private final StatementRegister register;
    private final StatementLines statementLines;
    private final AccountAccess access;
    private final Clock clock;

    StatementSubjects(StatementRegister register, StatementLines statementLines, AccountAccess access, Clock clock) {
        this.register = register;
        this.statementLines = statementLines;
        this.access = access;
        this.clock = clock;
    }

    @Override
    public @Nullable String subject(String streamId, Object event) {
        try {
            if (event instanceof StatementEvent.BankBalancesTold e) {
                return person(e.accountId());
            } else if (event instanceof StatementEvent.LineIgnored e) {
                return ofLine(streamId, e.lineId());
            } else if (event instanceof StatementEvent.LineUnmatched e) {
                return ofLine(streamId, e.lineId());
            }
            return null;
        } catch (RuleBroken notNow) {
            return null; // the log is read also when a register cannot be
        }
    }

    private String ofLine(String streamId, String lineId) {
        String statementId = streamId.substring(streamId.indexOf('/') + 1);
        View now = View.now(BusinessDay.today(clock));
        return statementLines
                .line(statementId, lineId, now)
                .map(Line::accountId)
                .or(() -> register.find(statementId, now).map(Statement::accountId))
                .map(this::person)
                .orElseGet(() -> StatementSources.ownSubject(statementId));
    }

    private String person(String accountId) {
        return access.owner(accountId, Actor.LEDGER, BusinessDay.today(clock)).personId();
    }
}
