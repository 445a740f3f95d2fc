package uk.directpayments.ledger.audit;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.LedgerCommand;

/** What may be asked of an audit of a sample. */
public sealed interface AuditCommand extends LedgerCommand {

    String auditId();

    @Override
    default String streamId() {
        return "audit/" + auditId();
    }

    /** Refused: {@code ID_ALREADY_USED}. */
    record OpenAudit(String auditId, long seed, List<String> accounts, LocalDate today) implements AuditCommand {}

    /** Refused: {@code AUDIT_CLOSED}, {@code LIMIT_REACHED}. */
    record RecordFinding(String auditId, String findingId, String finding, LocalDate today) implements AuditCommand {}

    /** Refused: {@code AUDIT_CLOSED}, {@code LIMIT_REACHED}. */
    record RecordAccountFinding(
            String auditId, String findingId, String accountId, String personId, Sealed finding, LocalDate today)
            implements AuditCommand {}

    /** Refused: {@code AUDIT_CLOSED}. */
    record CloseAudit(String auditId, @Nullable String conclusion, LocalDate today) implements AuditCommand {}
}
