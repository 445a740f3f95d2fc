package uk.directpayments.ledger.organisation;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.organisation.AppointmentEvent.AppointmentEnded;
import uk.directpayments.ledger.organisation.AppointmentEvent.OrganisationAppointed;
import uk.directpayments.ledger.organisation.OrganisationEvent.OrganisationRegistered;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Versions;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/** Which support organisations there are, and who is appointed to which account on which day, on two dates. */
@Component
class Appointments extends Projection<Appointments.Buffer> {

    /** {@link Appointment#holdsOn} in SQL. */
    private static final String HOLDS = "starts_on <= :asOf AND (ends_on IS NULL OR ends_on >= :asOf)";

    private final Versions<Organisation> organisations = new Versions<>("organisation_register", Organisation.class);
    private final Versions<Appointment> appointments = new Versions<>("appointment", Appointment.class);

    /** A support organisation. */
    record Organisation(String organisationId, String name) {}

    /** What a batch changes. */
    record Buffer(Versions.Changes<Organisation> organisations, Versions.Changes<Appointment> appointments) {}

    Appointments() {
        super("appointments", Order.BY_ACCOUNT, "organisation_register", "appointment");
    }

    @When
    void on(OrganisationRegistered e, Recorded at, Buffer buffer) {
        buffer.organisations.open(e.organisationId(), at, new Organisation(e.organisationId(), e.name()));
    }

    @When
    void on(OrganisationAppointed e, Recorded at, Buffer buffer) {
        buffer.appointments.open(
                id(at.account(), e.from()),
                at,
                new Appointment(e.organisationId(), e.accountId(), e.personId(), e.from(), null, e.openingBalance()));
    }

    @When
    void on(AppointmentEnded e, Recorded at, Buffer buffer) {
        buffer.appointments.change(id(at.account(), e.from()), at, old -> old.endedOn(e.to()));
    }

    private static String id(String accountId, LocalDate from) {
        return accountId + "/" + from;
    }

    @Override
    protected Buffer buffer() {
        return new Buffer(organisations.changes(), appointments.changes());
    }

    @Override
    protected void write(Buffer buffer) {
        organisations.write(jdbc(), buffer.organisations);
        appointments.write(jdbc(), buffer.appointments);
    }

    /** The same view, pinned to what is recorded by now. */
    View pinned(View view) {
        return view.at(position(view));
    }

    /** A support organisation as the view knows it. One index probe. */
    Optional<Organisation> organisation(String organisationId, View view) {
        return organisations.find(jdbc(), organisationId, position(view));
    }

    /** Organisations that somebody may know of, in the order of their ids. */
    List<Organisation> organisations(Actor actor, @Nullable String after, int limit, View view) {
        boolean all = actor.role() != Actor.Role.SUPPORT;
        return organisations.list(
                jdbc(),
                position(view),
                "id > :after AND (:all OR id = :own) ORDER BY id LIMIT :limit",
                Map.of(
                        "after",
                        after == null ? "" : after,
                        "all",
                        all,
                        "own",
                        Objects.requireNonNullElse(actor.organisationId(), ""),
                        "limit",
                        limit));
    }

    /**
     * A support organisation that somebody asks about: a support user knows of its own alone.
     *
     * @throws RuleBroken {@code ORGANISATION_NOT_FOUND}
     */
    Organisation visible(String organisationId, Actor actor, LocalDate today) {
        return organisation(organisationId, View.now(today))
                .filter(known -> actor.role() != Actor.Role.SUPPORT || organisationId.equals(actor.organisationId()))
                .orElseThrow(() -> new RuleBroken("ORGANISATION_NOT_FOUND", "There is no such organisation."));
    }

    /**
     * Whether an organisation is appointed to an account on the view's day. One index probe.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, if it ever was and this day cannot be told;
     *     {@code POSITION_NOT_REACHED}
     */
    boolean appointed(String organisationId, String accountId, View view) {
        long position = position(view);
        List<Appointment> ever = appointments.list(
                jdbc(),
                position,
                "organisation_id = :organisation AND account_id = :account",
                Map.of("organisation", organisationId, "account", accountId));
        if (!ever.isEmpty()) {
            require(accountId, position);
        }
        return ever.stream().anyMatch(term -> term.holdsOn(view.asOf()));
    }

    /**
     * The accounts that an organisation is appointed to on the view's day, in the order of their ids.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code FIGURE_UNAVAILABLE}, if that cannot be told of one that it has been
     *     appointed to; {@code POSITION_NOT_REACHED}
     */
    Set<String> accounts(String organisationId, View view) {
        long position = position(view);
        Set<String> unavailable = unavailable(position);
        Set<String> accounts = new LinkedHashSet<>();
        jdbc().sql("""
                        SELECT account_id, bool_or(%s) AS holds FROM appointment
                         WHERE from_position <= :position AND until_position > :position AND organisation_id = :organisation
                         GROUP BY account_id ORDER BY account_id""".formatted(HOLDS))
                .param("position", position)
                .param("organisation", organisationId)
                .param("asOf", view.asOf().toString())
                .query(row -> {
                    String accountId = row.getString("account_id");
                    if (unavailable.contains(accountId)) {
                        require(accountId, position);
                    }
                    if (row.getBoolean("holds")) {
                        accounts.add(accountId);
                    }
                });
        return accounts;
    }

    /**
     * The appointments of an organisation that hold on the view's day, in the order of their accounts.
     *
     * @param among only these accounts, if present
     * @param after the last account of the page before, or null
     * @param limit the most appointments
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    List<Appointment> list(
            String organisationId, Optional<Set<String>> among, @Nullable String after, int limit, View view) {
        StringBuilder condition = new StringBuilder("organisation_id = :organisation AND ").append(HOLDS);
        Map<String, Object> parameters = new HashMap<>(
                Map.of("organisation", organisationId, "asOf", view.asOf().toString(), "limit", limit));
        among.ifPresent(accounts -> {
            condition.append(" AND account_id = ANY(:among)");
            parameters.put("among", accounts.toArray(String[]::new));
        });
        if (after != null) {
            condition.append(" AND account_id > :after");
            parameters.put("after", after);
        }
        condition.append(" ORDER BY account_id LIMIT :limit");
        return appointments.list(jdbc(), position(view), condition.toString(), parameters);
    }

    /** The accounts whose appointments cannot be told at present. */
    Set<String> unavailableAccounts(View view) {
        return unavailable(position(view));
    }
}
