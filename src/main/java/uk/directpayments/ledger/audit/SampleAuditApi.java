package uk.directpayments.ledger.audit;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
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
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.audit.AuditEvent.AuditOpened;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/** {@code /audits}: audits of accounts drawn at random. */
@RestController
@RequestMapping("/api/v1/audits")
class SampleAuditApi {

    private final Commands commands;
    private final EvidencePack pack;
    private final SampleAudits audits;
    private final AccountAccess access;
    private final Sealing sealing;
    private final Clock clock;

    SampleAuditApi(
            Commands commands,
            EvidencePack pack,
            SampleAudits audits,
            AccountAccess access,
            Sealing sealing,
            Clock clock) {
        this.commands = commands;
        this.pack = pack;
        this.audits = audits;
        this.access = access;
        this.sealing = sealing;
        this.clock = clock;
    }

    record NewAudit(
            @Nullable @Id String auditId,
            @NotNull Long seed,
            @NotNull @Min(1) @Max(200) Integer size) {}

    /** @param accountId the account that it is about: then its text is sealed under the person's key; null for the audit as a whole */
    record Finding(
            @Nullable @Id String accountId,
            @NotBlank @Size(max = 2000) String finding) {}

    record Closure(@Nullable @Size(max = 2000) String conclusion) {}

    record Opened(String auditId, long seed, List<String> accounts) {}

    record FindingId(String auditId, String findingId) {}

    record AuditId(String auditId) {}

    /** @param accountId null if it is of the audit as a whole */
    record FindingView(String findingId, @Nullable String accountId, String finding, LocalDate on, String recordedBy) {}

    /** An audit as it was known then; nothing but its id before it was opened. @param closedOn null while it is open */
    record AuditView(
            String auditId,
            @Nullable Long seed,
            List<String> accounts,
            @Nullable String openedBy,
            @Nullable LocalDate openedOn,
            List<FindingView> findings,
            @Nullable LocalDate closedOn,
            @Nullable String conclusion) {}

    @GetMapping
    Page<AuditView> audits(Paging paging) {
        Page<SampleAudits.Entry> page =
                paging.page(audits.list(paging.after(), paging.fetch(), paging.view()), SampleAudits.Entry::auditId);
        return new Page<>(page.items().stream().map(this::view).toList(), page.next());
    }

    @GetMapping("/{auditId}")
    AuditView audit(@PathVariable String auditId, View view) {
        return audits.find(auditId, view).map(this::view).orElseGet(() -> notKnownYet(auditId));
    }

    private AuditView notKnownYet(String auditId) {
        audits.find(auditId, View.now(today()))
                .orElseThrow(() -> new RuleBroken("AUDIT_NOT_FOUND", "There is no such audit."));
        return new AuditView(auditId, null, List.of(), null, null, List.of(), null, null);
    }

    private AuditView view(SampleAudits.Entry audit) {
        return new AuditView(
                audit.auditId(),
                audit.seed(),
                audit.accounts(),
                audit.openedBy(),
                audit.openedOn(),
                audit.findings().stream()
                        .map(one -> new FindingView(
                                one.findingId(), one.accountId(), one.words(sealing), one.on(), one.recordedBy()))
                        .toList(),
                audit.closedOn(),
                audit.conclusion());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<Opened> open(@Valid @RequestBody NewAudit body, Call call) {
        String auditId = call.id(body.auditId(), "audit");
        List<String> drawn = pack.sample(body.size(), body.seed(), View.now(today())).stream()
                .map(AccountRegister.Entry::accountId)
                .toList();
        Outcome outcome = commands.send(new AuditCommand.OpenAudit(auditId, body.seed(), drawn, today()), call);
        AuditOpened opened = outcome.event(AuditOpened.class);
        return Answers.created("/audits/" + auditId, outcome, new Opened(auditId, opened.seed(), opened.accounts()));
    }

    @PostMapping("/{auditId}/findings")
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<FindingId> finding(@PathVariable String auditId, @Valid @RequestBody Finding body, Call call) {
        String findingId = call.id(null, "finding");
        Outcome outcome = commands.send(command(auditId, findingId, body, call), call);
        return Answers.created("/audits/" + auditId, outcome, new FindingId(auditId, findingId));
    }

    private AuditCommand command(String auditId, String findingId, Finding body, Call call) {
        String accountId = body.accountId();
        if (accountId == null) {
            return new AuditCommand.RecordFinding(auditId, findingId, body.finding(), today());
        }
        String personId = access.owner(accountId, call.actor(), today()).personId();
        return new AuditCommand.RecordAccountFinding(
                auditId, findingId, accountId, personId, sealing.seal(personId, body.finding()), today());
    }

    @PostMapping("/{auditId}/closure")
    ResponseEntity<AuditId> close(@PathVariable String auditId, @Valid @RequestBody Closure body, Call call) {
        Outcome outcome = commands.send(new AuditCommand.CloseAudit(auditId, body.conclusion(), today()), call);
        return Answers.ok(outcome, new AuditId(auditId));
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
