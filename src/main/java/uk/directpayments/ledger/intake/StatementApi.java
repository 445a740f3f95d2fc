package uk.directpayments.ledger.intake;

import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.intake.StatementSources.Kept;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Positions;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.Tells;
import uk.directpayments.ledger.platform.View;

/** {@code /statements}: files of banks and card platforms, and what became of their lines. */
@RestController
@RequestMapping("/api/v1/statements")
class StatementApi {

    /** How many rejected lines an answer shows; {@code rejectedTotal} counts all. */
    static final int REJECTED_SHOWN = 1_000;

    private final StatementIntake intake;
    private final StatementRegister register;
    private final StatementLines statementLines;
    private final StatementSources sources;
    private final MatchEntries entries;
    private final AccountAccess access;
    private final Positions positions;
    private final Clock clock;

    StatementApi(
            StatementIntake intake,
            StatementRegister register,
            StatementLines statementLines,
            StatementSources sources,
            MatchEntries entries,
            AccountAccess access,
            Positions positions,
            Clock clock) {
        this.intake = intake;
        this.register = register;
        this.statementLines = statementLines;
        this.sources = sources;
        this.entries = entries;
        this.access = access;
        this.positions = positions;
        this.clock = clock;
    }

    /**
     * What became of a file. The counts add up to {@code lines} once it is finished, and to more by the parts of lines that were split.
     *
     * @param format        null before the file was received
     * @param state         {@code UNFINISHED} while lines have yet to be dealt with; null before the file was received
     * @param matched       with what the ledger had, by it or by a person
     * @param unmatched     that wait for a match, or for a person to say which of several it is
     * @param ignored       of which a person has said so; one that was refused stays among those
     * @param rejected      the first thousand
     * @param opening       null for a card feed, which is of many accounts, and where a bank does not say
     */
    record StatementView(
            String statementId,
            @Nullable String format,
            Statement.@Nullable State state,
            int lines,
            int recorded,
            int matched,
            int unmatched,
            int ignored,
            int duplicates,
            List<RejectedLine> rejected,
            int rejectedTotal,
            @Nullable Money opening,
            @Nullable Money closing) {}

    /** @param line its number in the file, from 1 */
    record RejectedLine(
            int line, @Nullable String code, @Nullable String detail) {}

    /**
     * A line. Before its day, or before it was known, only which one it is.
     *
     * @param description    free text of a bank's line; null where there is none, but {@code [erased]} of every line of a person who is
     * @param transactionIds what it became or is matched with
     * @param candidates     the transactions that a line without one may be, the nearest first: of its amount, at most three days from it,
     *     and matched with no other line; null if they cannot be told at present
     */
    record StatementLineView(
            String lineId,
            int line,
            @Nullable String accountId,
            StatementLine.@Nullable Kind kind,
            @Nullable LocalDate on,
            @Nullable Money amount,
            @Nullable String payee,
            @Nullable String description,
            @Nullable LineState state,
            List<String> transactionIds,
            @Nullable List<String> candidates) {}

    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<StatementView> send(
            @RequestParam MultipartFile file,
            @RequestParam(required = false) @Nullable @Id String statementId,
            @RequestParam(required = false) @Nullable @Id String accountId,
            @RequestParam(required = false) @Nullable String format,
            @RequestParam(required = false) @Nullable String mapping,
            @RequestParam(required = false) @Nullable String reason,
            Call call)
            throws IOException {
        StatementIntake.Sent sent = new StatementIntake.Sent(file, format, accountId, mapping, reason);
        StatementIntake.Imported imported = intake.take(call.id(statementId, "statement"), sent, call);
        Statement statement = imported.statement();
        Long finishedAt = statement.finishedAt();
        if (finishedAt == null) {
            throw new IllegalStateException("the statement " + statement.statementId() + " is not finished");
        }
        // As it was when it was finished: a repeat under the same key answers the same, whatever has been matched
        // since.
        View then = View.now(today()).at(finishedAt);
        Statement asFinished = find(statement.statementId(), then);
        Outcome received = imported.received();
        return Answers.created(
                "/statements/" + statement.statementId(),
                new Outcome(received.events(), received.replayed(), null, positions.head()),
                view(asFinished, then));
    }

    /** What would become of a file: nothing is recorded. */
    @Tells(Tells.Of.NAMED)
    @PostMapping(path = "/preview", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    StatementPreview.View preview(
            @RequestParam MultipartFile file,
            @RequestParam(required = false) @Nullable @Id String accountId,
            @RequestParam(required = false) @Nullable String format,
            @RequestParam(required = false) @Nullable String mapping,
            Call call)
            throws IOException {
        return intake.preview(new StatementIntake.Sent(file, format, accountId, mapping, null), call);
    }

    @GetMapping("/{statementId}")
    StatementView statement(@PathVariable String statementId, Actor actor, View view) {
        View pinned = register.pinned(view);
        return visible(statementId, actor, pinned)
                .map(statement -> view(statement, pinned))
                .orElseGet(() -> notKnownYet(statementId));
    }

    @GetMapping("/{statementId}/lines")
    Page<StatementLineView> lines(
            @PathVariable String statementId,
            @RequestParam(required = false) @Nullable LineState state,
            Actor actor,
            Paging paging) {
        visible(statementId, actor, paging.view());
        List<Line> lines = statementLines.lines(statementId, state, paging.after(), paging.fetch(), paging.view());
        Page<Line> page = paging.page(lines, Line::place);
        // an organisation's appointment to an account may have ended since it sent the statement
        Optional<Set<String>> seen = access.accounts(actor, paging.view().asOf());
        List<Line> items = page.items().stream()
                .filter(line ->
                        seen.isEmpty() || line.accountId() == null || seen.get().contains(line.accountId()))
                .toList();
        return new Page<>(views(statementId, items, paging.view()), page.next());
    }

    @GetMapping("/{statementId}/lines/{lineId}")
    StatementLineView line(@PathVariable String statementId, @PathVariable String lineId, Actor actor, View view) {
        View pinned = register.pinned(view);
        visible(statementId, actor, pinned);
        Line now = statementLines
                .line(statementId, lineId, View.now(today()))
                .filter(found -> found.accountId() == null || access.sees(actor, found.accountId(), view.asOf()))
                .orElseThrow(LineApi::notFound);
        return statementLines
                .line(statementId, lineId, pinned)
                .filter(then -> then.hasCome(view.asOf()))
                .map(then -> views(statementId, List.of(then), pinned).get(0))
                .orElseGet(() -> notKnownYet(now));
    }

    /** A line before its day, or before it was known. */
    private static StatementLineView notKnownYet(Line line) {
        return new StatementLineView(
                line.lineId(), line.lineNumber(), null, null, null, Money.ZERO, null, null, null, List.of(), List.of());
    }

    private List<StatementLineView> views(String statementId, List<Line> items, View view) {
        Map<Integer, Kept> kept = new HashMap<>();
        sources.lines(statementId, items.stream().map(Line::lineNumber).toList())
                .forEach(line -> kept.put(line.lineNumber(), line));
        List<Line> open = items.stream().filter(Line::isOpen).toList();
        Map<String, List<String>> candidates = entries.candidates(open, LineRecorder.DAYS_APART, statementLines, view);
        return items.stream()
                .map(line -> view(
                        line, kept.get(line.lineNumber()), line.isOpen() ? candidates.get(line.place()) : List.of()))
                .toList();
    }

    /**
     * A statement as it was known then; empty if it was not yet. A support organisation sees those that it has sent, of one account only while it manages that;
     * of others it cannot learn that they are there.
     */
    private Optional<Statement> visible(String statementId, Actor actor, View view) {
        Optional<Statement> then = register.find(statementId, view);
        Statement statement = then.orElseGet(() -> find(statementId, View.now(today())));
        String accountId = statement.accountId();
        if (actor.role() == Actor.Role.SUPPORT
                && (actor.organisationId() == null
                        || !actor.organisationId().equals(statement.organisationId())
                        || (accountId != null && !access.sees(actor, accountId, view.asOf())))) {
            throw notFound();
        }
        return then;
    }

    private Statement find(String statementId, View view) {
        return register.find(statementId, view).orElseThrow(StatementApi::notFound);
    }

    private static StatementView notKnownYet(String statementId) {
        return new StatementView(statementId, null, null, 0, 0, 0, 0, 0, 0, List.of(), 0, null, null);
    }

    private StatementView view(Statement statement, View view) {
        LineCounts counts = statementLines.counts(statement, view);
        return new StatementView(
                statement.statementId(),
                statement.format(),
                statement.state(),
                statement.lines(),
                counts.recorded(),
                counts.matched(),
                counts.unmatched(),
                counts.ignored(),
                counts.duplicates(),
                statementLines.rejected(statement.statementId(), REJECTED_SHOWN, view).stream()
                        .map(line -> new RejectedLine(line.lineNumber(), line.code(), line.words()))
                        .toList(),
                counts.rejected(),
                statement.opening(),
                statement.closing());
    }

    private StatementLineView view(Line line, @Nullable Kept kept, @Nullable List<String> candidates) {
        Optional<StatementLine> content = kept == null ? Optional.empty() : sources.open(kept);
        boolean neverRead = kept != null && kept.sealed() == null && !"CONTENT_ERASED".equals(kept.code());
        String erased = neverRead ? null : Sealing.ERASED;
        return new StatementLineView(
                line.lineId(),
                line.lineNumber(),
                line.accountId(),
                line.kind(),
                line.on(),
                line.amount(),
                content.isPresent() ? content.get().payee() : erased,
                content.isPresent() ? content.get().description() : erased,
                line.state(),
                line.transactionIds(),
                candidates);
    }

    static RuleBroken notFound() {
        return new RuleBroken("STATEMENT_NOT_FOUND", "There is no such statement.");
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
