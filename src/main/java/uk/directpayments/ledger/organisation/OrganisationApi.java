package uk.directpayments.ledger.organisation;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.LocalDate;
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
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
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

    /**
     * An account that the organisation manages.
     *
     * @param from        first day of the appointment, and {@code to} the last, null until further notice
     * @param state       null before it was opened
     * @param unavailable true if the figures cannot be given at present: they are null then
     */
    record ManagedAccount(
            String accountId,
            String personId,
            LocalDate from,
            @Nullable LocalDate to,
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

    @GetMapping("/{organisationId}")
    Appointments.Organisation organisation(@PathVariable String organisationId, Actor actor) {
        return known(organisationId, actor);
    }

    @PostMapping("/{organisationId}/appointments")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<AppointmentId> appoint(
            @PathVariable String organisationId, @Valid @RequestBody NewAppointment body, Call call) {
        known(organisationId, call.actor());
        AccountAccess.Owner owner = access.owner(body.accountId(), call.actor(), today());
        Outcome outcome = commands.send(
                new AppointmentCommand.AppointForAccount(
                        owner.accountId(), owner.personId(), organisationId, body.from()),
                call);
        return Answers.created(
                "/organisations/" + organisationId + "/accounts",
                outcome,
                new AppointmentId(organisationId, owner.accountId()));
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
        List<ManagedAccount> items = page.items().stream()
                .map(one -> view(
                        one,
                        entries.get(one.accountId()),
                        unavailable.contains(one.accountId()) ? null : held.get(one.accountId()),
                        view.asOf()))
                .toList();
        return new Page<>(items, page.next());
    }

    private static ManagedAccount view(
            Appointment appointment,
            AccountRegister.@Nullable Entry account,
            AccountBalances.@Nullable Balance held,
            LocalDate asOf) {
        return new ManagedAccount(
                appointment.accountId(),
                appointment.personId(),
                appointment.from(),
                appointment.to(),
                held == null || account == null ? null : account.stateOn(asOf),
                held == null ? null : held.total(),
                held == null ? true : null);
    }

    /** A support user knows of its own organisation alone. */
    private Appointments.Organisation known(String organisationId, Actor actor) {
        return appointments
                .organisation(organisationId, View.now(today()))
                .filter(known -> actor.role() != Actor.Role.SUPPORT || organisationId.equals(actor.organisationId()))
                .orElseThrow(() -> new RuleBroken("ORGANISATION_NOT_FOUND", "There is no such organisation."));
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
