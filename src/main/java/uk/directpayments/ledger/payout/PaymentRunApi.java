package uk.directpayments.ledger.payout;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.payout.RunEvent.FileGenerated;
import uk.directpayments.ledger.payout.RunEvent.Rejection;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.NodesLock;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Progress;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.Tells;
import uk.directpayments.ledger.platform.View;

/** {@code /payment-runs}: from the selection of what is due to the bank's last word. Reading is {@link RunReads}'. */
@RestController
@RequestMapping("/api/v1/payment-runs")
class PaymentRunApi {

    private static final long SELECTING = 0x5061796D656E7473L;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_REJECTIONS = 10_000;

    private final Commands commands;
    private final RunSelection selection;
    private final RunRegister register;
    private final RunFile file;
    private final Periods periods;
    private final PayoutSettings settings;
    private final Progress progress;
    private final Sealing sealing;
    private final Clock clock;
    private final NodesLock selecting;

    PaymentRunApi(
            Commands commands,
            RunSelection selection,
            RunRegister register,
            RunFile file,
            Periods periods,
            PayoutSettings settings,
            Progress progress,
            Sealing sealing,
            Clock clock,
            DataSource database) {
        this.commands = commands;
        this.selection = selection;
        this.register = register;
        this.file = file;
        this.periods = periods;
        this.settings = settings;
        this.progress = progress;
        this.sealing = sealing;
        this.clock = clock;
        this.selecting = new NodesLock(
                database, SELECTING, "Another payment run is being created. Please repeat the request in a while.");
    }

    record NewRun(
            @Nullable @Id String runId,
            @NotNull LocalDate cutOff,
            @NotNull LocalDate payDate) {}

    /** @param accountId needed only where two accounts of the run have instalments of the same id */
    record RunHold(
            @NotBlank @Size(max = Id.MOST_OF_INSTALMENT) String instalmentId,
            @Nullable @Id String accountId,
            @Nullable @Size(max = 2000) String reason) {}

    record RunRelease(@Nullable @Id String accountId) {}

    /** What the approver has seen, if they say: refused if it is not what would be paid. */
    record RunApproval(@Nullable Money total, @Nullable Integer count) {}

    record RunSubmission(
            @NotNull LocalDate on, @NotBlank @Size(max = 64) String channel) {}

    /** @param reasonCode given where an approved run never went to the bank and no longer can: its payments come back with it */
    record RunClosing(@Nullable @Size(max = 64) String reasonCode) {}

    record BankRejections(
            @NotEmpty @Size(max = MOST_REJECTIONS) List<@Valid @NotNull BankRejection> rejections) {}

    record BankRejection(
            @NotBlank @Size(max = Id.MOST_OF_INSTALMENT) String instalmentId,
            @Nullable @Id String accountId,
            @NotBlank @Size(max = 64) String reasonCode) {}

    /**
     * @param total what goes to the bank: net of contributions, without what is held
     * @param held  how many are held
     */
    record RunSummary(String runId, RunState.Stage state, Money total, int count, int held) {}

    record RunId(String runId) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<RunSummary> create(@Valid @RequestBody NewRun body, Call call) {
        String runId = call.id(body.runId(), "run");
        RunRules.requireWorkingDay(body.payDate());
        Outcome outcome = periods.act(
                body.payDate(),
                call,
                () -> selecting.alone(PATIENCE, () -> {
                    RunSelection.Selected selected = selection.select(body.cutOff(), body.payDate(), today());
                    return commands.send(
                            new RunCommand.CreateRun(
                                    runId,
                                    body.cutOff(),
                                    body.payDate(),
                                    settings.originator(),
                                    selected.items(),
                                    selected.knownTo(),
                                    call.actor().userId(),
                                    today()),
                            call);
                }));
        int count = 0;
        int held = 0;
        Money total = Money.ZERO;
        for (Object event : outcome.events()) {
            if (event instanceof RunEvent.ItemsSelected selected) {
                for (RunEvent.Item item : selected.items()) {
                    held += item.held() ? 1 : 0;
                    count += item.held() ? 0 : 1;
                    total = item.held() ? total : total.plus(item.net());
                }
            }
        }
        return Answers.created(
                "/payment-runs/" + runId, outcome, new RunSummary(runId, RunState.Stage.CREATED, total, count, held));
    }

    @PostMapping("/{runId}/holds")
    ResponseEntity<RunId> hold(@PathVariable String runId, @Valid @RequestBody RunHold body, Call call) {
        int number = number(runId, body.instalmentId(), body.accountId());
        String personId = register.item(runId, number, now()).personId();
        Outcome outcome = commands.send(
                new RunCommand.HoldItem(runId, number, sealing.sealIfGiven(personId, body.reason()), today()), call);
        return Answers.ok(outcome, new RunId(runId));
    }

    @PostMapping("/{runId}/holds/{instalmentId}/release")
    ResponseEntity<RunId> release(
            @PathVariable String runId,
            @PathVariable String instalmentId,
            @Valid @RequestBody RunRelease body,
            Call call) {
        int number = number(runId, instalmentId, body.accountId());
        Outcome outcome = commands.send(new RunCommand.ReleaseItem(runId, number, today()), call);
        return Answers.ok(outcome, new RunId(runId));
    }

    /** Answers when the first payments have been issued; a large run goes on by itself, and its progress is shown. */
    @PostMapping("/{runId}/approval")
    ResponseEntity<RunId> approve(@PathVariable String runId, @Valid @RequestBody RunApproval body, Call call) {
        requireRun(runId);
        Outcome outcome = commands.send(
                new RunCommand.ApproveRun(
                        runId, body.total(), body.count(), call.actor().userId(), today()),
                call);
        return Answers.ok(followed(outcome), new RunId(runId));
    }

    /** Of a sealed month too: its payments were issued before, and saying that they went to the bank moves nothing. */
    @PostMapping("/{runId}/submission")
    ResponseEntity<RunId> submit(@PathVariable String runId, @Valid @RequestBody RunSubmission body, Call call) {
        Instant approvedAt = find(runId).approvedAt();
        LocalDate approvedOn = approvedAt == null ? null : BusinessDay.of(approvedAt);
        Outcome outcome =
                commands.send(new RunCommand.SubmitRun(runId, body.on(), body.channel(), approvedOn, today()), call);
        return Answers.ok(outcome, new RunId(runId));
    }

    @PostMapping("/{runId}/rejections")
    ResponseEntity<RunId> reject(@PathVariable String runId, @Valid @RequestBody BankRejections body, Call call) {
        requireRun(runId);
        List<Rejection> rejections = new ArrayList<>();
        for (BankRejection rejected : body.rejections()) {
            rejections.add(
                    new Rejection(number(runId, rejected.instalmentId(), rejected.accountId()), rejected.reasonCode()));
        }
        Outcome outcome = commands.send(new RunCommand.RecordRejections(runId, rejections, today()), call);
        return Answers.ok(followed(outcome), new RunId(runId));
    }

    /** Answers when payments that it gives back have come back, or later, as {@link #reject}. */
    @PostMapping("/{runId}/close")
    ResponseEntity<RunId> close(@PathVariable String runId, @Valid @RequestBody RunClosing body, Call call) {
        requireRun(runId);
        String given = body.reasonCode();
        String reasonCode = given == null || given.isBlank() ? null : given;
        Outcome outcome = commands.send(new RunCommand.CloseRun(runId, reasonCode, today()), call);
        return Answers.ok(reasonCode == null ? outcome : followed(outcome), new RunId(runId));
    }

    /** The bytes that were recorded, or none. */
    @Tells(Tells.Of.EVERYBODY)
    @GetMapping("/{runId}/file")
    void file(@PathVariable String runId, @RequestParam String format, HttpServletResponse response)
            throws IOException {
        FileFormat wanted = FileFormat.of(format);
        RunEntry run = find(runId);
        if (run.stage() == RunState.Stage.CREATED || (run.approvedBy() == null)) {
            throw new RuleBroken("RUN_NOT_APPROVED", "There is no file before the run has been approved.");
        }
        if (!run.allIssued()) {
            throw new RuleBroken("BUSY", "The run's payments are still being issued; see its progress.");
        }
        if (run.givenBack()) {
            throw new RuleBroken(
                    "EMPTY_RUN", "The payments of the run were given back: nothing of it may go to the bank any more.");
        }
        if (run.issued() == 0) {
            throw new RuleBroken("EMPTY_RUN", "Every payment of the run was refused by its account: there is no file.");
        }
        RunFile.Written now = file.write(run, wanted, OutputStream.nullOutputStream());
        FileGenerated recorded = run.files().stream()
                .filter(generated -> generated.format() == wanted)
                .findFirst()
                .orElseThrow(() -> new RuleBroken("BUSY", "The file is being worked out. Please ask again."));
        boolean asBefore = !recorded.sha256().equals(now.sha256());
        if (asBefore
                && !recorded.sha256()
                        .equals(file.writeAsBefore(run, wanted, OutputStream.nullOutputStream())
                                .sha256())) {
            throw new RuleBroken(
                    "FIGURE_UNAVAILABLE", "The file would not be the one that was recorded, so it is not given.");
        }
        response.setStatus(HttpStatus.OK.value());
        response.setContentType(wanted.mediaType());
        response.setHeader("Content-Disposition", "attachment; filename=\"" + runId + "." + wanted.extension() + "\"");
        response.setHeader("Ledger-File-Sha256", recorded.sha256());
        if (asBefore) {
            file.writeAsBefore(run, wanted, response.getOutputStream());
        } else {
            file.write(run, wanted, response.getOutputStream());
        }
    }

    private Outcome followed(Outcome outcome) {
        try {
            progress.awaitAutomations(outcome.position());
        } catch (RuleBroken late) {
            if (!late.code().equals("POSITION_NOT_REACHED")) {
                throw late;
            }
        }
        return outcome;
    }

    private int number(String runId, String instalmentId, @Nullable String accountId) {
        requireRun(runId);
        List<Integer> numbers = register.numbers(runId, instalmentId, accountId, now());
        if (numbers.isEmpty()) {
            throw new RuleBroken("INSTALMENT_NOT_FOUND", "The run has no such instalment.");
        }
        if (numbers.size() > 1) {
            throw new RuleBroken(
                    "FIELD_INVALID",
                    "Two accounts of the run have an instalment of this id: name the account too.",
                    "accountId");
        }
        return numbers.get(0);
    }

    private void requireRun(String runId) {
        find(runId);
    }

    private RunEntry find(String runId) {
        return register.find(runId, now()).orElseThrow(RunReads::notFound);
    }

    private View now() {
        return View.now(today());
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
