package uk.directpayments.ledger.intake;

import java.time.Clock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.intake.StatementCommand.BankStatement;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.View;

/** Makes previews of statements. */
@Component
class StatementPreviews {

    private final StatementRegister register;
    private final StatementLines statementLines;
    private final LinesTogether.Reader together;
    private final LineRecorder recorder;
    private final AccountRegister accounts;
    private final Clock clock;

    StatementPreviews(
            StatementRegister register,
            StatementLines statementLines,
            LinesTogether.Reader together,
            LineRecorder recorder,
            AccountRegister accounts,
            Clock clock) {
        this.register = register;
        this.statementLines = statementLines;
        this.together = together;
        this.recorder = recorder;
        this.accounts = accounts;
        this.clock = clock;
    }

    /**
     * @param bank  null where lines name their accounts
     * @param named whose a line is
     */
    StatementPreview begin(
            StatementReader reader,
            @Nullable BankStatement bank,
            Function<StatementLine, CardAccounts.Found> named,
            Call call,
            View view) {
        return new StatementPreview(
                reader,
                bank,
                named,
                register,
                statementLines,
                together,
                recorder,
                accounts,
                call,
                view,
                BusinessDay.today(clock));
    }
}
