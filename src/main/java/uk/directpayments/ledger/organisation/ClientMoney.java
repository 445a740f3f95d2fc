package uk.directpayments.ledger.organisation;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.organisation.OrganisationEvent.ClientMoneyReconciled;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** What organisations' banks and the ledger said of their clients' money, by day; of a day that was looked at again, the newest. */
@Component
class ClientMoney extends Projection<Versions.Changes<ClientMoney.Entry>> {

    private final Versions<Entry> entries = new Versions<>("client_money", Entry.class);

    /** See {@link ClientMoneyReconciled}. */
    record Entry(
            String organisationId,
            LocalDate on,
            Money bankBalance,
            Money ledgerTotal,
            Money difference,
            int accounts,
            String reconciledBy) {}

    ClientMoney() {
        super("client-money", Order.BY_LOG, "client_money");
    }

    @When
    void on(ClientMoneyReconciled e, Recorded at, Versions.Changes<Entry> changes) {
        changes.put(
                e.organisationId() + "/" + e.on(),
                at,
                new Entry(
                        e.organisationId(),
                        e.on(),
                        e.bankBalance(),
                        e.ledgerTotal(),
                        e.difference(),
                        e.accounts(),
                        at.actor()));
    }

    @Override
    protected Versions.Changes<Entry> buffer() {
        return entries.changes();
    }

    @Override
    protected void write(Versions.Changes<Entry> changes) {
        entries.write(jdbc(), changes);
    }

    /**
     * The days of an organisation that were reconciled, up to the view's, in their order.
     *
     * @param after the last day of the page before, or null
     * @param limit the most days
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    List<Entry> of(String organisationId, @Nullable String after, int limit, View view) {
        return entries.list(
                jdbc(),
                position(view),
                "organisation_id = :organisation AND reconciled_on > :after AND reconciled_on <= :asOf"
                        + " ORDER BY reconciled_on LIMIT :limit",
                Map.of(
                        "organisation",
                        organisationId,
                        "after",
                        after == null ? "" : after,
                        "asOf",
                        view.asOf().toString(),
                        "limit",
                        limit));
    }
}
