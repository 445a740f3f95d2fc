package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsApproved;
import uk.directpayments.ledger.account.AccountEvent.BankDetailsProposed;
import uk.directpayments.ledger.kernel.Lists;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** Who proposed where the money of an account is to go, and who approved it: for whoever has to approve. Rulebook 7.2. */
@Component
class BankDetailsChanges extends Projection<Versions.Changes<BankDetailsChanges.Entry>> {

    private final Versions<Entry> entries = new Versions<>("bank_details_change", Entry.class);

    /** @param approvedBy null until somebody else has approved it, like the day */
    record Change(
            String changeId,
            Sealed bankDetails,
            String proposedBy,
            LocalDate proposedOn,
            @Nullable String approvedBy,
            @Nullable LocalDate approvedOn) {

        private Change approved(BankDetailsApproved e) {
            return new Change(changeId, bankDetails, proposedBy, proposedOn, e.approvedBy(), e.on());
        }
    }

    /** The changes of one account, in the order in which they were proposed. */
    record Entry(List<Change> changes) {

        private boolean waitsOn(LocalDate day) {
            boolean waits = false;
            for (Change change : changes) {
                if (!change.proposedOn.isAfter(day)) {
                    waits = change.approvedOn == null || change.approvedOn.isAfter(day);
                }
            }
            return waits;
        }
    }

    BankDetailsChanges() {
        super("bank-details-changes", Order.BY_ACCOUNT, "bank_details_change");
    }

    @When
    void on(BankDetailsProposed e, Recorded at, Versions.Changes<Entry> changes) {
        Change change = new Change(e.changeId(), e.bankDetails(), e.proposedBy(), at.occurredOn(), null, null);
        changes.putOrChange(
                at.account(), at, old -> new Entry(Lists.and(old == null ? List.of() : old.changes, change)));
    }

    @When
    void on(BankDetailsApproved e, Recorded at, Versions.Changes<Entry> changes) {
        changes.change(
                at.account(),
                at,
                old -> new Entry(old.changes.stream()
                        .map(change -> change.changeId.equals(e.changeId()) ? change.approved(e) : change)
                        .toList()));
    }

    @Override
    protected Versions.Changes<Entry> buffer() {
        return entries.changes();
    }

    @Override
    protected void write(Versions.Changes<Entry> changes) {
        entries.write(jdbc(), changes);
    }

    /** The accounts of which the last change that was proposed by the view's day waits for somebody else to approve it. */
    Set<String> waiting(View view) {
        LocalDate asOf = view.asOf();
        Set<String> waiting = new HashSet<>();
        jdbc().sql("""
                        SELECT id, document FROM bank_details_change
                         WHERE from_position <= :position AND until_position > :position
                           AND EXISTS (SELECT 1 FROM jsonb_array_elements(document -> 'changes') AS change
                                        WHERE change ->> 'approvedOn' IS NULL OR change ->> 'approvedOn' > :day)""")
                .param("position", position(view))
                .param("day", asOf.toString())
                .query(row -> {
                    if (entries.read(row.getString("document")).waitsOn(asOf)) {
                        waiting.add(row.getString("id"));
                    }
                });
        return waiting;
    }

    /**
     * Those of an account, proposed by the view's day.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED}
     */
    List<Change> of(String accountId, View view) {
        long position = position(view);
        require(accountId, position);
        return entries.find(jdbc(), accountId, position).stream()
                .flatMap(entry -> entry.changes.stream())
                .filter(change -> !change.proposedOn.isAfter(view.asOf()))
                .toList();
    }
}
