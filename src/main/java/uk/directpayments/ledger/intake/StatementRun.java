package uk.directpayments.ledger.intake;

import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonframework.common.AxonThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.intake.Statement.State;
import uk.directpayments.ledger.intake.StatementEvent.LineOutcome;
import uk.directpayments.ledger.intake.StatementSources.Kept;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Carried;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.View;

/**
 * Goes through the lines of a statement that was received, from where it stands to its end: the lines of an account in the order of the
 * file, those of different accounts beside each other. What became of some lines is recorded before the next are looked at. At the end
 * the lines of these accounts that wait for a match, of this file or an earlier one, are looked at once more: files may come in any order.
 */
@Component
class StatementRun implements DisposableBean {

    /** Lines of one event. */
    static final int LINES_AT_A_TIME = 500;

    private static final String NO_ACCOUNT = "";

    private static final Logger log = LoggerFactory.getLogger(StatementRun.class);

    private final Commands commands;
    private final StatementRegister register;
    private final StatementLines statementLines;
    private final StatementSources sources;
    private final LinesTogether.Reader reader;
    private final LineRecorder recorder;
    private final AccountAccess access;
    private final Clock clock;
    private final ExecutorService workers;
    private volatile boolean stopping;

    /** @param threads how many accounts are worked on at a time; {@code ledger.statements.threads}, default 16 */
    StatementRun(
            Commands commands,
            StatementRegister register,
            StatementLines statementLines,
            StatementSources sources,
            LinesTogether.Reader reader,
            LineRecorder recorder,
            AccountAccess access,
            Clock clock,
            @Value("${ledger.statements.threads:16}") int threads) {
        this.commands = commands;
        this.register = register;
        this.statementLines = statementLines;
        this.sources = sources;
        this.reader = reader;
        this.recorder = recorder;
        this.access = access;
        this.clock = clock;
        this.workers = Executors.newFixedThreadPool(threads, new AxonThreadFactory("statement"));
    }

    /**
     * To be called alone ({@link ImportLock}). Changes nothing if the statement is finished.
     *
     * @return the statement, finished
     * @throws RuleBroken {@code BUSY}, {@code POSITION_NOT_REACHED} …: it stays unfinished, and can be gone on with
     */
    Statement finish(String statementId) {
        Statement statement = find(statementId);
        if (statement.state() == State.FINISHED) {
            return statement;
        }
        // the sender's name stands on every transaction, also when the ledger goes on without them
        Call call = new Call(
                new Actor(statement.actor(), statement.role(), statement.organisationId()),
                null,
                "",
                statement.correlation());
        AccountAccess.Owner owner = statement.accountId() == null ? null : owner(statement.accountId());
        Set<String> accounts = new TreeSet<>();
        int done = statement.lastLine();
        int read = 0;
        for (List<Kept> lines = next(statementId, read); !lines.isEmpty(); lines = next(statementId, read)) {
            read = lines.get(lines.size() - 1).lineNumber();
            for (Kept line : lines) {
                if (line.accountId() != null) {
                    accounts.add(line.accountId());
                }
            }
            int before = done;
            List<Kept> open =
                    lines.stream().filter(line -> line.lineNumber() > before).toList();
            if (!open.isEmpty()) {
                List<LineOutcome> outcomes = outcomes(statement, open, call);
                commands.send(new StatementCommand.RecordLines(statementId, before, outcomes, owner, today()), call);
                done = read;
            }
        }
        lookAgain(accounts, call);
        commands.send(new StatementCommand.FinishStatement(statementId, owner, today()), call);
        return find(statementId);
    }

    private List<Kept> next(String statementId, int afterLine) {
        return sources.after(statementId, afterLine, LINES_AT_A_TIME);
    }

    private Statement find(String statementId) {
        return register.find(statementId, View.now(today()))
                .orElseThrow(() -> new IllegalStateException("the statement " + statementId + " was not received"));
    }

    private List<LineOutcome> outcomes(Statement statement, List<Kept> lines, Call call) {
        Map<String, List<Kept>> byAccount = new LinkedHashMap<>();
        for (Kept line : lines) {
            String accountId = line.accountId() == null || line.code() != null ? NO_ACCOUNT : line.accountId();
            byAccount.computeIfAbsent(accountId, none -> new ArrayList<>()).add(line);
        }
        LinesTogether together = reader.read(statement, lines, call, today());
        List<Callable<List<LineOutcome>>> work = new ArrayList<>();
        byAccount.forEach(
                (accountId, ofAccount) -> work.add(() -> outcomesOf(statement, accountId, ofAccount, together)));
        Map<Integer, LineOutcome> byNumber = new HashMap<>();
        inParallel(work).forEach(outcome -> byNumber.put(outcome.lineNumber(), outcome));
        return lines.stream()
                .map(line -> Objects.requireNonNull(byNumber.get(line.lineNumber())))
                .toList();
    }

    private List<LineOutcome> outcomesOf(
            Statement statement, String accountId, List<Kept> lines, LinesTogether together) {
        List<LineOutcome> outcomes = new ArrayList<>();
        LineRecorder.OfAccount recording = recorder.ofAccount(statement, accountId, lines, together);
        String ofBank = statement.accountId();
        for (Kept line : lines) {
            if (stopping) {
                throw new RuleBroken("BUSY", "The ledger is stopping; it goes on with the file when it starts again.");
            }
            String code = line.code();
            String of = line.accountId() == null ? ofBank : line.accountId();
            outcomes.add(
                    code != null
                            ? recorder.refused(line, of, new RuleBroken(code, String.valueOf(line.words())))
                            : recording.take(line));
        }
        return outcomes;
    }

    private List<LineOutcome> inParallel(List<Callable<List<LineOutcome>>> work) {
        List<LineOutcome> outcomes = new ArrayList<>();
        try {
            for (Future<List<LineOutcome>> part :
                    workers.invokeAll(work.stream().map(Carried::over).toList())) {
                outcomes.addAll(part.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuleBroken("BUSY", "The import was interrupted; the ledger goes on with it by itself.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException("a line could not be worked on", e.getCause());
        }
        return outcomes;
    }

    // ── the second look ──────────────────────────────────────────────────────────────────────────────────────────

    private void lookAgain(Set<String> accounts, Call call) {
        String after = null;
        List<Line> waiting;
        do {
            waiting = statementLines.waiting(accounts, after, LINES_AT_A_TIME, View.now(today()));
            Map<String, Map<Integer, Kept>> kept = kept(waiting);
            for (Line line : waiting) {
                Kept content = kept.getOrDefault(line.statementId(), Map.of()).get(line.lineNumber());
                if (content != null) {
                    lookAgain(line, content, call);
                }
                after = line.place();
            }
        } while (waiting.size() == LINES_AT_A_TIME);
    }

    /** By statement and number: one query for each statement, not for each line. */
    private Map<String, Map<Integer, Kept>> kept(List<Line> lines) {
        Map<String, List<Integer>> numbers = new HashMap<>();
        lines.forEach(line -> numbers.computeIfAbsent(line.statementId(), none -> new ArrayList<>())
                .add(line.lineNumber()));
        Map<String, Map<Integer, Kept>> kept = new HashMap<>();
        numbers.forEach((statementId, wanted) -> kept.put(
                statementId,
                sources.lines(statementId, wanted).stream()
                        .collect(Collectors.toMap(Kept::lineNumber, Function.identity()))));
        return kept;
    }

    /** @return what explains it now; nothing if that is still not one thing */
    private Optional<LineRecorder.Explained> explained(Line line, Kept kept, Call call) {
        return sources.open(kept)
                .flatMap(content -> recorder.ofWaiting(
                                line.statementId(), Objects.requireNonNull(line.accountId()), kept, call, today())
                        .again(kept, content));
    }

    private void lookAgain(Line line, Kept kept, Call call) {
        try {
            explained(line, kept, call)
                    .filter(found -> found.transactionId() != null)
                    .ifPresent(found -> commands.send(
                            new StatementCommand.MatchLine(
                                    line.statementId(),
                                    line.lineNumber(),
                                    found.result(),
                                    Objects.requireNonNull(found.transactionId()),
                                    owner(Objects.requireNonNull(line.accountId())),
                                    today()),
                            call));
        } catch (RuleBroken refusal) {
            if (LineRecorder.isPassing(refusal)) {
                throw refusal;
            }
            log.info(
                    "line {} of statement {} stays unmatched: {}",
                    line.lineNumber(),
                    line.statementId(),
                    refusal.code());
        }
    }

    /** Whoever sent the statement: its account was theirs to see when it was received. */
    private AccountAccess.Owner owner(String accountId) {
        return access.owner(accountId, Actor.LEDGER, today());
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }

    @Override
    public void destroy() {
        stopping = true;
        workers.shutdown();
    }
}
