package uk.directpayments.ledger.organisation;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.organisation.AppointmentEvent.OrganisationAppointed;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Tells;
import uk.directpayments.ledger.platform.View;

/** {@code /organisations}: support organisations, and the accounts that they manage. */
@RestController
@RequestMapping("/api/v1/organisations")
class OrganisationApi {

    private static final int LONGEST_NAME = 200;

    private final Commands commands;
    private final Appointments appointments;
    private final AccountRegister accounts;
    private final AccountBalances balances;
    private final AccountAccess access;
    private final Clock clock;

    OrganisationApi(
            Commands commands,
            Appointments appointments,
            AccountRegister accounts,
            AccountBalances balances,
            AccountAccess access,
            Clock clock) {
        this.commands = commands;
        this.appointments = appointments;
        this.accounts = accounts;
        this.balances = balances;
        this.access = access;
        this.clock = clock;
    }

    record OrganisationRegistration(
            @Nullable @Id String organisationId,
            @NotBlank @Size(max = LONGEST_NAME) String name) {}

    record NewAppointment(
            @NotNull @Id String accountId, @NotNull LocalDate from) {}

    record AppointmentEnd(@NotNull LocalDate to) {}

    record OrganisationId(String organisationId) {}

    record AppointmentId(String organisationId, String accountId) {}

    /** @param openingBalance see {@link ManagedAccount} */
    record Appointed(
            String organisationId,
            String accountId,
            LocalDate from,
            @Nullable Money openingBalance) {}

    /** @param name null before it was known */
    record OrganisationView(String organisationId, @Nullable String name) {}

    /**
     * An account that the organisation manages.
     *
     * @param from        first day of the appointment, and {@code to} the last, null until further notice
     * @param openingBalance what it held at the end of the day before {@code from}: as known when it was handed over, or, if the appointment
     *                    was made ahead, as known now; null before that day has passed
     * @param state       null before it was opened
     * @param unavailable true if the figures cannot be given at present: they are null then
     */
    record ManagedAccount(
            String accountId,
            String personId,
            LocalDate from,
            @Nullable LocalDate to,
            @Nullable Money openingBalance,
            AccountRegister.@Nullable State state,
            @Nullable Money balance,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean unavailable) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<OrganisationId> register(@Valid @RequestBody OrganisationRegistration body, Call call) {
        String organisationId = call.id(body.organisationId(), "organisation");
        Outcome outcome = commands.send(
                new OrganisationCommand.RegisterOrganisation(
                        organisationId, body.name().strip(), today()),
                call);
        return Answers.created("/organisations/" + organisationId, outcome, new OrganisationId(organisationId));
    }

    /** Every organisation; for a support user, its own alone. */
    @Tells(Tells.Of.NOBODY)
    @GetMapping
    Page<Appointments.Organisation> organisations(Paging paging, Actor actor) {
        return paging.page(
                appointments.organisations(actor, paging.after(), paging.fetch(), paging.view()),
                Appointments.Organisation::organisationId);
    }

    @Tells(Tells.Of.NOBODY)
    @GetMapping("/{organisationId}")
    OrganisationView organisation(@PathVariable String organisationId, View view, Actor actor) {
        known(organisationId, actor);
        return new OrganisationView(
                organisationId,
                appointments
                        .organisation(organisationId, view)
                        .map(Appointments.Organisation::name)
                        .orElse(null));
    }

    @PostMapping("/{organisationId}/appointments")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Appointed> appoint(
            @PathVariable String organisationId, @Valid @RequestBody NewAppointment body, Call call) {
        known(organisationId, call.actor());
        AccountAccess.Owner owner = access.owner(body.accountId(), call.actor(), today());
        Outcome outcome = commands.send(
                new AppointmentCommand.AppointForAccount(
                        owner.accountId(),
                        owner.personId(),
                        organisationId,
                        body.from(),
                        body.from().isAfter(today()) ? null : opening(owner.accountId(), body.from())),
                call);
        OrganisationAppointed appointed = outcome.event(OrganisationAppointed.class);
        return Answers.created(
                "/organisations/" + organisationId + "/accounts",
                outcome,
                new Appointed(organisationId, owner.accountId(), appointed.from(), appointed.openingBalance()));
    }

    private Money opening(String accountId, LocalDate first) {
        return balances.of(accountId, View.now(first.minusDays(1))).total();
    }

    /** The opening balances of appointments that were made ahead and have begun: a query for each day on which any began. */
    private Map<String, Money> openings(List<Appointment> page, View view) {
        Map<LocalDate, Set<String>> ahead = page.stream()
                .filter(one -> one.openingBalance() == null)
                .collect(Collectors.groupingBy(
                        Appointment::from, Collectors.mapping(Appointment::accountId, Collectors.toSet())));
        Map<String, Money> openings = new HashMap<>();
        ahead.forEach((first, ids) -> balances.of(ids, view.asOf(first.minusDays(1)))
                .forEach((accountId, held) -> openings.put(accountId, held.total())));
        for (Appointment one : page) {
            Money handedOver = one.openingBalance();
            if (handedOver != null) {
                openings.put(one.accountId(), handedOver);
            }
        }
        return openings;
    }

    @PostMapping("/{organisationId}/appointments/{accountId}/end")
    ResponseEntity<AppointmentId> end(
            @PathVariable String organisationId,
            @PathVariable String accountId,
            @Valid @RequestBody AppointmentEnd body,
            Call call) {
        known(organisationId, call.actor());
        access.owner(accountId, call.actor(), today());
        Outcome outcome =
                commands.send(new AppointmentCommand.EndAppointment(accountId, organisationId, body.to()), call);
        return Answers.ok(outcome, new AppointmentId(organisationId, accountId));
    }

    /** The accounts that an organisation manages on a day, with what they hold: all of one position. */
    @GetMapping("/{organisationId}/accounts")
    Page<ManagedAccount> accounts(@PathVariable String organisationId, Paging paging, Actor actor) {
        known(organisationId, actor);
        View view = paging.view();
        Page<Appointment> page = paging.page(
                appointments.list(
                        organisationId, access.accounts(actor, view.asOf()), paging.after(), paging.fetch(), view),
                Appointment::accountId);
        Set<String> ids = page.items().stream().map(Appointment::accountId).collect(Collectors.toSet());
        Map<String, AccountRegister.Entry> entries = accounts.among(ids, view).stream()
                .collect(Collectors.toMap(AccountRegister.Entry::accountId, Function.identity()));
        Map<String, AccountBalances.Balance> held = balances.of(ids, view);
        Set<String> unavailable = new LinkedHashSet<>(appointments.unavailableAccounts(view));
        unavailable.addAll(accounts.unavailableAmong(ids, view));
        Map<String, Money> openings = openings(page.items(), view);
        List<ManagedAccount> items = page.items().stream()
                .map(one -> view(
                        one,
                        openings.get(one.accountId()),
                        entries.get(one.accountId()),
                        unavailable.contains(one.accountId()) ? null : held.get(one.accountId()),
                        view.asOf()))
                .toList();
        return new Page<>(items, page.next());
    }

    private static ManagedAccount view(
            Appointment appointment,
            @Nullable Money opening,
            AccountRegister.@Nullable Entry account,
            AccountBalances.@Nullable Balance held,
            LocalDate asOf) {
        return new ManagedAccount(
                appointment.accountId(),
                appointment.personId(),
                appointment.from(),
                appointment.to(),
                opening,
                held == null || account == null ? null : account.stateOn(asOf),
                held == null ? null : held.total(),
                held == null ? true : null);
    }

    private Appointments.Organisation known(String organisationId, Actor actor) {
        return appointments.visible(organisationId, actor, today());
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
