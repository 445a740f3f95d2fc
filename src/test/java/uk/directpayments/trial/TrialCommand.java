package uk.directpayments.trial;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.LedgerCommand;

/** What may be asked of a trial. */
public sealed interface TrialCommand extends LedgerCommand {

    /** A number that the node that decides does not survive: what it tells the node that asked. */
    int FAILING = -2;

    LocalDate DAY = LocalDate.of(2026, 4, 6);

    String id();

    @Override
    default String streamId() {
        return "trial/" + id();
    }

    /** Refused: {@code ID_ALREADY_USED}, and {@code NOT_WELCOME} for the person {@code nobody}. */
    record Open(String id, String person, @Nullable Sealed note) implements TrialCommand {
        public Open(String id, String person) {
            this(id, person, null);
        }
    }

    /** Counts some numbers. Refused, all of them, if one is negative: {@code TOO_SMALL}. */
    record Count(String id, int... numbers) implements TrialCommand {}

    /** What only a later version can do. */
    record Rename(String id, String name) implements TrialCommand {}

    /** Counts a number unless it was the last one. */
    record CountOnce(String id, int number) implements TrialCommand {}
}
