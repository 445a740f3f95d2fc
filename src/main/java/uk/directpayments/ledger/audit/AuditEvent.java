package uk.directpayments.ledger.audit;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;

/** What has happened in an audit of a sample. Findings are about the books: auditors write no names of people. */
public sealed interface AuditEvent {

    /** @param accounts drawn with the seed */
    @EventName("audit.opened")
    record AuditOpened(String auditId, long seed, List<String> accounts, LocalDate on) implements AuditEvent {}

    @EventName("audit.finding-recorded")
    record FindingRecorded(String findingId, @Nullable String accountId, String finding, LocalDate on)
            implements AuditEvent {}

    @EventName("audit.closed")
    record AuditClosed(@Nullable String conclusion, LocalDate on) implements AuditEvent {}
}
