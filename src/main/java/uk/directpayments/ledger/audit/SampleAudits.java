package uk.directpayments.ledger.audit;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.audit.AuditEvent.AccountFindingRecorded;
import uk.directpayments.ledger.audit.AuditEvent.AuditClosed;
import uk.directpayments.ledger.audit.AuditEvent.AuditOpened;
import uk.directpayments.ledger.audit.AuditEvent.FindingRecorded;
import uk.directpayments.ledger.kernel.Lists;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** Audits of samples: which accounts were drawn, what was found, and how it ended. Rulebook 7.8. */
@Component
class SampleAudits extends Projection<Versions.Changes<SampleAudits.Entry>> {

    private final Versions<Entry> entries = new Versions<>("sample_audit", Entry.class);

    /**
     * @param accountId null if it is of the audit as a whole
     * @param text      in clear, of the audit as a whole
     * @param sealed    under the key of the person whose account it is of
     */
    record Finding(
            String findingId,
            @Nullable String accountId,
            @Nullable String personId,
            @Nullable String text,
            @Nullable Sealed sealed,
            LocalDate on,
            String recordedBy) {

        String words(Sealing sealing) {
            return sealed != null && personId != null ? sealing.open(personId, sealed) : text == null ? "" : text;
        }
    }

    /** @param closedOn null while it is open */
    record Entry(
            String auditId,
            long seed,
            List<String> accounts,
            String openedBy,
            LocalDate openedOn,
            List<Finding> findings,
            @Nullable LocalDate closedOn,
            @Nullable String conclusion) {

        /** As it stood on a day. */
        Entry on(LocalDate day) {
            boolean closed = closedOn != null && !closedOn.isAfter(day);
            return new Entry(
                    auditId,
                    seed,
                    accounts,
                    openedBy,
                    openedOn,
                    findings.stream().filter(one -> !one.on.isAfter(day)).toList(),
                    closed ? closedOn : null,
                    closed ? conclusion : null);
        }
    }

    SampleAudits() {
        super("sample-audits", Order.BY_LOG, "sample_audit");
    }

    @When
    void on(AuditOpened e, Recorded at, Versions.Changes<Entry> changes) {
        changes.open(
                e.auditId(),
                at,
                new Entry(e.auditId(), e.seed(), e.accounts(), at.actor(), e.on(), List.of(), null, null));
    }

    @When
    void on(FindingRecorded e, Recorded at, Versions.Changes<Entry> changes) {
        add(new Finding(e.findingId(), e.accountId(), null, e.finding(), null, e.on(), at.actor()), at, changes);
    }

    @When
    void on(AccountFindingRecorded e, Recorded at, Versions.Changes<Entry> changes) {
        add(
                new Finding(e.findingId(), e.accountId(), e.personId(), null, e.finding(), e.on(), at.actor()),
                at,
                changes);
    }

    private static void add(Finding finding, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(
                at.id(),
                at,
                old -> new Entry(
                        old.auditId,
                        old.seed,
                        old.accounts,
                        old.openedBy,
                        old.openedOn,
                        Lists.and(old.findings, finding),
                        old.closedOn,
                        old.conclusion));
    }

    @When
    void on(AuditClosed e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(
                at.id(),
                at,
                old -> new Entry(
                        old.auditId,
                        old.seed,
                        old.accounts,
                        old.openedBy,
                        old.openedOn,
                        old.findings,
                        e.on(),
                        e.conclusion()));
    }

    @Override
    protected Versions.Changes<Entry> buffer() {
        return entries.changes();
    }

    @Override
    protected void write(Versions.Changes<Entry> changes) {
        entries.write(jdbc(), changes);
    }

    /** One audit as the view knows it; empty if it had not been opened. */
    Optional<Entry> find(String auditId, View view) {
        return entries.find(jdbc(), auditId, position(view))
                .filter(one -> !one.openedOn.isAfter(view.asOf()))
                .map(one -> one.on(view.asOf()));
    }

    /** Audits in the order of their ids, those after an id, or from the first. */
    List<Entry> list(@Nullable String after, int most, View view) {
        return entries
                .list(
                        jdbc(),
                        position(view),
                        "opened_on <= :asOf AND id COLLATE \"C\" > :after ORDER BY id COLLATE \"C\" LIMIT :most",
                        Map.of("asOf", view.asOf().toString(), "after", after == null ? "" : after, "most", most))
                .stream()
                .map(one -> one.on(view.asOf()))
                .toList();
    }
}
