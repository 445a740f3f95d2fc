package uk.directpayments.ledger.account;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
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
import uk.directpayments.ledger.account.AccountEvent.ReturnRequested;
import uk.directpayments.ledger.account.AccountReturns.ReturnState;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Nothing;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Policy;

/** {@code /accounts/{accountId}/returns}: what the council asks the holder to account for. */
@RestController
@RequestMapping("/api/v1/accounts/{accountId}/returns")
class ReturnApi {

    /** The most documents of one receipt. */
    private static final int MOST_DOCUMENTS = 50;

    private final Commands commands;
    private final AccountAccess access;
    private final AccountReturns returns;
    private final Policies policies;
    private final Sealing sealing;
    private final Clock clock;

    ReturnApi(
            Commands commands,
            AccountAccess access,
            AccountReturns returns,
            Policies policies,
            Sealing sealing,
            Clock clock) {
        this.commands = commands;
        this.access = access;
        this.returns = returns;
        this.policies = policies;
        this.sealing = sealing;
        this.clock = clock;
    }

    /**
     * @param period   names the time it is about, like 2026-Q1
     * @param due      the last day on which it is in time; absent, the next day of the risk band's cycle
     * @param riskBand one of the policy's {@code returnCycle}, counts where {@code due} is absent; absent too, the account's own
     */
    record NewReturn(
            @Nullable @Id String returnId,

            @NotNull
            @Pattern(
                    regexp = "[A-Za-z0-9][A-Za-z0-9 /_.-]{0,31}",
                    message = "must be 1 to 32 letters, digits and simple signs, like 2026-Q1")
            String period,

            @Nullable LocalDate due,

            @Nullable @Pattern(regexp = "[A-Za-z0-9_-]{1,32}", message = "must be a risk band of the policy")
            String riskBand) {}

    record NewDocument(
            @NotNull @Pattern(regexp = "[0-9a-fA-F]{64}", message = "must be 64 hexadecimal digits")
            String sha256,

            @NotBlank @Size(max = 255) String name) {}

    record Receipt(
            @NotNull LocalDate on,

            @Nullable @Size(max = MOST_DOCUMENTS) List<@NotNull @Valid NewDocument> documents) {}

    record Query(@Nullable String reason) {}

    record Reminder(@NotNull LocalDate on) {}

    record ReturnId(String accountId, String returnId) {}

    record Requested(String accountId, String returnId, String period, LocalDate due) {}

    record DocumentView(String sha256, String name, LocalDate on) {}

    record QueryView(LocalDate on, String reason) {}

    /**
     * @param receivedOn the day on which something first came, or null
     * @param reminders  the days on which the holder was reminded
     * @param late       it came after it was due
     * @param missing    nothing has come, and it was due
     */
    record ReturnView(
            String returnId,
            String period,
            @Nullable String riskBand,
            LocalDate due,
            ReturnState state,
            LocalDate requestedOn,
            @Nullable LocalDate receivedOn,
            @Nullable LocalDate acceptedOn,
            List<LocalDate> reminders,
            boolean late,
            boolean missing,
            List<DocumentView> documents,
            List<QueryView> queries) {}

    @GetMapping
    Page<ReturnView> list(@PathVariable String accountId, Paging paging, Actor actor) {
        String personId = access.visible(accountId, paging.view(), actor).personId();
        Page<AccountReturns.Entry> page = paging.page(
                returns.of(accountId, paging.after(), paging.fetch(), paging.view()), AccountReturns.Entry::returnId);
        LocalDate asOf = paging.view().asOf();
        return new Page<>(
                page.items().stream().map(entry -> view(entry, personId, asOf)).toList(), page.next());
    }

    private ReturnView view(AccountReturns.Entry entry, String personId, LocalDate asOf) {
        List<AccountReturns.Step> steps = entry.steps(asOf);
        return new ReturnView(
                entry.returnId(),
                entry.period(),
                entry.riskBand(),
                entry.due(),
                entry.stateOn(asOf),
                entry.requestedOn(),
                entry.receivedOn(asOf),
                entry.stateOn(asOf) == ReturnState.ACCEPTED ? entry.acceptedOn() : null,
                entry.remindersBy(asOf),
                entry.late(asOf),
                entry.missing(asOf),
                steps.stream()
                        .flatMap(step -> step.documents().stream()
                                .map(one ->
                                        new DocumentView(one.sha256(), sealing.open(personId, one.name()), step.on())))
                        .toList(),
                steps.stream()
                        .flatMap(step -> Stream.ofNullable(step.reason())
                                .map(reason -> new QueryView(step.on(), sealing.open(personId, reason))))
                        .toList());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Requested> request(@PathVariable String accountId, @Valid @RequestBody NewReturn body, Call call) {
        access.owner(accountId, call.actor(), today());
        String returnId = call.id(body.returnId(), "return");
        Policy policy = policies.on(today());
        Outcome outcome = commands.send(
                new AccountCommand.RequestReturn(
                        accountId,
                        returnId,
                        body.period(),
                        body.riskBand(),
                        body.due(),
                        policy.settings().returnCycle(),
                        policy.version(),
                        today()),
                call);
        return Answers.created(
                "/accounts/" + accountId + "/returns",
                outcome,
                new Requested(
                        accountId,
                        returnId,
                        body.period(),
                        outcome.event(ReturnRequested.class).due()));
    }

    @PostMapping("/{returnId}/reminder")
    ResponseEntity<ReturnId> remind(
            @PathVariable String accountId,
            @PathVariable String returnId,
            @Valid @RequestBody Reminder body,
            Call call) {
        access.owner(accountId, call.actor(), today());
        return done(new AccountCommand.RemindReturn(accountId, returnId, body.on(), today()), returnId, call);
    }

    @PostMapping("/{returnId}/receipt")
    ResponseEntity<ReturnId> receive(
            @PathVariable String accountId,
            @PathVariable String returnId,
            @Valid @RequestBody Receipt body,
            Call call) {
        String personId = access.owner(accountId, call.actor(), today()).personId();
        List<NewDocument> documents = body.documents() == null ? List.of() : body.documents();
        return done(
                new AccountCommand.ReceiveReturn(
                        accountId,
                        returnId,
                        documents.stream()
                                .map(one -> new AccountEvent.Document(
                                        one.sha256().toLowerCase(Locale.ROOT), sealing.seal(personId, one.name())))
                                .toList(),
                        body.on(),
                        today()),
                returnId,
                call);
    }

    @PostMapping("/{returnId}/acceptance")
    ResponseEntity<ReturnId> accept(
            @PathVariable String accountId,
            @PathVariable String returnId,
            @Valid @RequestBody Nothing body,
            Call call) {
        access.owner(accountId, call.actor(), today());
        return done(new AccountCommand.AcceptReturn(accountId, returnId, today()), returnId, call);
    }

    @PostMapping("/{returnId}/query")
    ResponseEntity<ReturnId> query(
            @PathVariable String accountId, @PathVariable String returnId, @Valid @RequestBody Query body, Call call) {
        String personId = access.owner(accountId, call.actor(), today()).personId();
        Sealed reason = sealing.sealIfGiven(personId, body.reason());
        return done(new AccountCommand.QueryReturn(accountId, returnId, reason, today()), returnId, call);
    }

    private ResponseEntity<ReturnId> done(AccountCommand command, String returnId, Call call) {
        return Answers.ok(commands.send(command, call), new ReturnId(command.accountId(), returnId));
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
