package uk.directpayments.ledger.intake;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/** {@code /statements/{statementId}/lines/{lineId}/…}: what a person says of a line. */
@RestController
@RequestMapping("/api/v1/statements/{statementId}/lines/{lineId}")
class LineApi {

    private final StatementRegister register;
    private final StatementLines statementLines;
    private final MatchEntries entries;
    private final AccountAccess access;
    private final ImportLock lock;
    private final Commands commands;
    private final Sealing sealing;
    private final Clock clock;
    private final Duration patience;

    LineApi(
            StatementRegister register,
            StatementLines statementLines,
            MatchEntries entries,
            AccountAccess access,
            ImportLock lock,
            Commands commands,
            Sealing sealing,
            Clock clock,
            @Value("${ledger.statements.wait:30s}") Duration patience) {
        this.register = register;
        this.statementLines = statementLines;
        this.entries = entries;
        this.access = access;
        this.lock = lock;
        this.commands = commands;
        this.sealing = sealing;
        this.clock = clock;
        this.patience = patience;
    }

    /** @param transactionIds of the line's account, their amounts adding up to the line's */
    record MatchedWith(@NotEmpty @Size(max = 100) List<@NotNull @Id String> transactionIds) {}

    /** @param amounts two at least, as money in a request always is: not negative; adding up to the line's, whose sign they take */
    record Parts(@NotEmpty @Size(max = 100) List<@NotNull Money> amounts) {}

    /** @param reason without one, {@code REASONS_REQUIRED} */
    record Why(@Nullable @Size(max = 1000) String reason) {}

    /** A line as it is now. @param state null of a refused line that is ignored no longer @param lines its parts, itself the first, where it was split by this */
    record Said(
            String statementId,
            String lineId,
            @Nullable LineState state,
            @Nullable Money amount,
            List<String> transactionIds,
            List<Part> lines) {}

    /** A part of a line. */
    record Part(String lineId, Money amount) {}

    /** A line that the caller may see. @param owner of its account, under whose key words about it are sealed; null if that is not known */
    private record Found(Line line, AccountAccess.@Nullable Owner owner) {

        boolean isIgnored() {
            return line.state() == LineState.IGNORED;
        }

        /** Of a line that the import refused there is nothing to match or split. */
        LineCommand.Facts facts() {
            if (line.isRejected()) {
                throw notFound();
            }
            return line.facts();
        }

        /** Of a line that was not refused, whose account is known. */
        AccountAccess.Owner known() {
            return Objects.requireNonNull(owner);
        }
    }

    private interface Decision {
        LineCommand of(Found found, View view);
    }

    @PostMapping("/match")
    ResponseEntity<Said> match(
            @PathVariable String statementId,
            @PathVariable String lineId,
            @Valid @RequestBody MatchedWith body,
            Call call) {
        List<String> ids = body.transactionIds();
        return say(statementId, lineId, call, (found, view) -> {
            LineCommand.Facts line = found.facts();
            Map<String, Money> amounts = entries.amounts(line.accountId(), ids, view);
            int matched = statementLines.matched(line.accountId(), ids, view).size();
            Money total = amounts.values().stream().reduce(Money.ZERO, Money::plus);
            return new LineCommand.Reconcile(
                    statementId, line, ids, amounts.size(), matched, total, found.known(), today());
        });
    }

    @PostMapping("/unmatch")
    ResponseEntity<Said> unmatch(
            @PathVariable String statementId, @PathVariable String lineId, @Valid @RequestBody Why body, Call call) {
        return say(statementId, lineId, call, (found, view) -> {
            Sealed reason = reason(found, body);
            return found.line.isRejected()
                    ? new LineCommand.HeedRejected(statementId, lineId, found.isIgnored(), reason, found.owner, today())
                    : new LineCommand.Unmatch(statementId, found.facts(), reason, found.known(), today());
        });
    }

    @PostMapping("/split")
    ResponseEntity<Said> split(
            @PathVariable String statementId, @PathVariable String lineId, @Valid @RequestBody Parts body, Call call) {
        return say(statementId, lineId, call, (found, view) -> {
            LineCommand.Facts line = found.facts();
            return new LineCommand.Split(statementId, line, signed(body, line), found.known(), today());
        });
    }

    @PostMapping("/ignore")
    ResponseEntity<Said> ignore(
            @PathVariable String statementId, @PathVariable String lineId, @Valid @RequestBody Why body, Call call) {
        return say(statementId, lineId, call, (found, view) -> {
            Sealed reason = reason(found, body);
            return found.line.isRejected()
                    ? new LineCommand.IgnoreRejected(
                            statementId, lineId, found.isIgnored(), reason, found.owner, today())
                    : new LineCommand.Ignore(statementId, found.facts(), reason, found.known(), today());
        });
    }

    private static List<Money> signed(Parts parts, LineCommand.Facts line) {
        return line.amount().isNegative()
                ? parts.amounts().stream().map(Money::negated).toList()
                : parts.amounts();
    }

    private @Nullable Sealed reason(Found found, Why body) {
        String reason = body.reason();
        if (reason == null || reason.isBlank()) {
            return null;
        }
        AccountAccess.Owner owner = found.owner;
        if (owner != null) {
            return sealing.seal(owner.personId(), reason);
        }
        String own = StatementSources.ownSubject(found.line.statementId());
        sealing.admit(own); // which nothing may have been sealed under so far
        return sealing.seal(own, reason);
    }

    private ResponseEntity<Said> say(String statementId, String lineId, Call call, Decision decision) {
        // whoever may not see it need not wait to be told so
        find(statementId, lineId, call.actor(), View.now(today()));
        Outcome outcome = lock.alone(patience, () -> {
            View view = register.pinned(View.now(today()));
            return commands.send(decision.of(find(statementId, lineId, call.actor(), view), view), call);
        });
        return Answers.ok(outcome, said(statementId, lineId, outcome));
    }

    private Said said(String statementId, String lineId, Outcome outcome) {
        Object event = outcome.events().isEmpty() ? null : outcome.events().get(0);
        if (event instanceof StatementEvent.LineSplit split) {
            List<Money> amounts = split.amounts();
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < amounts.size(); i++) {
                parts.add(new Part(i == 0 ? lineId : Line.partId(lineId, i + 1), amounts.get(i)));
            }
            return new Said(statementId, lineId, LineState.UNMATCHED, amounts.get(0), List.of(), parts);
        }
        Line line = statementLines.line(statementId, lineId, View.now(today())).orElseThrow(LineApi::notFound);
        // as it was said, also when the same request is sent again later
        if (event instanceof StatementEvent.LineReconciled e) {
            return new Said(statementId, lineId, LineState.MATCHED, line.amount(), e.transactionIds(), List.of());
        }
        LineState open = line.isRejected() ? null : LineState.UNMATCHED;
        LineState state = event instanceof StatementEvent.LineIgnored ? LineState.IGNORED : open;
        return new Said(statementId, lineId, state, line.amount(), List.of(), List.of());
    }

    /** A support organisation sees the lines of the statements that it has sent, of the accounts that it has today. */
    private Found find(String statementId, String lineId, Actor actor, View view) {
        Statement statement = register.find(statementId, view)
                .filter(found -> actor.role() != Actor.Role.SUPPORT
                        || (actor.organisationId() != null
                                && actor.organisationId().equals(found.organisationId())))
                .orElseThrow(StatementApi::notFound);
        Line line = statementLines.line(statement.statementId(), lineId, view).orElseThrow(LineApi::notFound);
        String accountId = line.accountId() == null ? statement.accountId() : line.accountId();
        if (accountId == null) {
            return new Found(line, null);
        }
        if (!access.sees(actor, accountId, today())) {
            throw notFound();
        }
        return new Found(line, access.owner(accountId, actor, today()));
    }

    static RuleBroken notFound() {
        return new RuleBroken("LINE_NOT_FOUND", "The statement has no such line.");
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
