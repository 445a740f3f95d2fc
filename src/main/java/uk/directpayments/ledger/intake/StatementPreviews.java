package uk.directpayments.ledger.intake;

import java.time.Clock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.intake.StatementCommand.BankStatement;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.View;

/** Makes previews of statements. */
@Component
class StatementPreviews {

    private final StatementRegister register;
    private final LineRecorder recorder;
    private final Clock clock;

    StatementPreviews(StatementRegister register, LineRecorder recorder, Clock clock) {
        this.register = register;
        this.recorder = recorder;
        this.clock = clock;
    }

    /** @param bank null where lines name their accounts */
    StatementPreview begin(
            StatementReader reader,
            @Nullable BankStatement bank,
            Function<StatementLine, CardAccounts.Found> accounts,
            Call call,
            View view) {
        return new StatementPreview(reader, bank, accounts, register, recorder, call, view, BusinessDay.today(clock));
    }
}
