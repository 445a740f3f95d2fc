package uk.directpayments.ledger.audit;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.OfPerson;
import uk.directpayments.ledger.kernel.Sealed;

/** What has happened in an audit of a sample. */
public sealed interface AuditEvent {

    /** @param accounts drawn with the seed */
    @EventName("audit.opened")
    record AuditOpened(String auditId, long seed, List<String> accounts, LocalDate on) implements AuditEvent {}

    /** Something was found that concerns the audit as a whole: about the books, auditors write no names of people here. */
    @EventName("audit.finding-recorded")
    record FindingRecorded(String findingId, @Nullable String accountId, String finding, LocalDate on)
            implements AuditEvent {}

    /** Something was found about an account: its text goes when the person is erased. */
    @EventName("audit.account-finding-recorded")
    record AccountFindingRecorded(String findingId, String accountId, String personId, Sealed finding, LocalDate on)
            implements AuditEvent, OfPerson {}

    /** @param conclusion about the books: auditors write no names of people here */
    @EventName("audit.closed")
    record AuditClosed(@Nullable String conclusion, LocalDate on) implements AuditEvent {}
}
