package uk.directpayments.ledger.policy;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.platform.LedgerCommand;

/** What may be asked of the council's policy. */
public sealed interface PolicyCommand extends LedgerCommand {

    @Override
    default String streamId() {
        return PolicySet.STREAM;
    }

    /**
     * Publishes a version. Refused: {@code EFFECTIVE_DATE_IN_PAST}, {@code REASONS_REQUIRED}, {@code BUSY} if somebody has published meanwhile.
     *
     * @param settings whole, as merged over those of {@code base}
     * @param base     the version that was in force on {@code effectiveFrom}
     */
    record PublishPolicy(
            LocalDate effectiveFrom,
            Settings settings,
            String base,
            boolean retrospective,
            @Nullable String reason,
            LocalDate today)
            implements PolicyCommand {}
}
