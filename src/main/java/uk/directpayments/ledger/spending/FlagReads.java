package uk.directpayments.ledger.spending;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Decision;

/** {@code GET /flags}: what is in question, on two dates, each with an explanation for a layman. */
@RestController
@RequestMapping("/api/v1/flags")
class FlagReads {

    private static final int LARGEST = 10;
    private static final List<FlagState> UNDECIDED =
            Arrays.stream(FlagState.values()).filter(FlagState::undecided).toList();

    private final FlagRegister register;
    private final FlagWords words;
    private final AccountRegister accounts;
    private final AccountAccess access;
    private final Sealing sealing;

    FlagReads(FlagRegister register, FlagWords words, AccountRegister accounts, AccountAccess access, Sealing sealing) {
        this.register = register;
        this.words = words;
        this.accounts = accounts;
        this.access = access;
        this.sealing = sealing;
    }

    /**
     * A flag.
     *
     * @param state       null before it was raised or known; nothing is in question then
     * @param amount      in question, positive; nothing of a stay, or of something that did not happen
     * @param explanation which rule, which version, what would settle it; null before it was raised or known
     * @param evidenceDue the last day on which evidence is awaited, and {@code reminderOn} the day on which it is asked for again
     * @param upheld      null until it is upheld; what was repaid, recovered and written off, and is outstanding, adds up to it, unless its
     *                    expenditure has come back since: then nothing is outstanding
     */
    record FlagView(
            String flagId,
            String accountId,
            String personId,
            @Nullable String transactionId,
            @Nullable String stayId,
            String reason,
            Severity severity,
            Decision decision,
            @Nullable FlagState state,
            Money amount,
            LocalDate on,
            Detector detector,
            String policyVersion,
            @Nullable String explanation,
            @Nullable LocalDate evidenceDue,
            @Nullable LocalDate reminderOn,
            @Nullable Money upheld,
            Money repaid,
            Money recovered,
            Money writtenOff,
            Money outstanding,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean causeGone,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean unavailable) {}

    @GetMapping
    Page<FlagView> flags(
            @RequestParam(required = false) @Nullable FlagState state,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @Nullable Severity severity,
            @RequestParam(required = false) @Nullable @Id String accountId,
            @RequestParam(required = false) @Nullable @Id String personId,
            Paging paging,
            Actor actor) {
        View view = paging.view();
        if (accountId != null && access.sees(actor, accountId, view.asOf())) {
            accounts.among(Set.of(accountId), view)
                    .forEach(account -> register.requirePerson(account.personId(), view));
        }
        if (personId != null && access.seesPerson(actor, personId, view.asOf())) {
            register.requirePerson(personId, view);
        }
        var filter = new FlagRegister.Filter(
                state, reason, severity, accountId, personId, access.accounts(actor, view.asOf()));
        Page<Flag> page = paging.page(register.list(filter, paging.after(), paging.fetch(), view), Flag::flagId);
        Set<String> unavailable = register.unavailablePersons(view);
        sealing.warm(page.items().stream().map(Flag::personId).distinct().toList());
        List<FlagView> items = page.items().stream()
                .map(flag -> view(flag, view.asOf(), unavailable.contains(flag.personId())))
                .toList();
        return new Page<>(items, page.next());
    }

    /** The flags in which somebody has still to decide, of all pages: how many, what is in question, by age; and the largest of them. */
    @GetMapping("/summary")
    FlagSummary summary(View view, Actor actor) {
        View pinned = register.pinned(view);
        var among = access.accounts(actor, view.asOf());
        Set<String> unavailable = new HashSet<>(register.unavailablePersons(pinned));
        access.persons(actor, view.asOf()).ifPresent(unavailable::retainAll);
        List<FlagView> largest = register.largest(UNDECIDED, LARGEST, among, pinned).stream()
                .map(flag -> view(flag, view.asOf(), unavailable.contains(flag.personId())))
                .toList();
        return FlagSummary.of(
                register.heaps(UNDECIDED, FlagSummary.AGES, among, pinned), !unavailable.isEmpty(), largest);
    }

    @GetMapping("/{flagId}")
    FlagView flag(@PathVariable String flagId, View view, Actor actor) {
        return register.seen(flagId, account -> access.sees(actor, account, view.asOf()), view)
                .map(seen -> seen.visible() ? view(seen.flag(), view.asOf(), false) : unknown(seen.flag()))
                .orElseThrow(FlagReads::notFound);
    }

    /** Before it was raised or known: what it is about, and nothing in question. */
    private static FlagView unknown(Flag flag) {
        var finding = flag.finding();
        return new FlagView(
                flag.flagId(),
                finding.accountId(),
                flag.personId(),
                finding.transactionId(),
                finding.stayId(),
                finding.reason(),
                flag.severity(),
                finding.decision(),
                null,
                Money.ZERO,
                finding.on(),
                finding.detector(),
                finding.policyVersion(),
                null,
                null,
                null,
                null,
                Money.ZERO,
                Money.ZERO,
                Money.ZERO,
                Money.ZERO,
                null,
                null);
    }

    private FlagView view(Flag flag, LocalDate asOf, boolean unavailable) {
        var finding = flag.finding();
        FlagLife life = flag.lifeOn(asOf);
        Sealed byHand = flag.explanation();
        LocalDate due = life.evidenceDue();
        return new FlagView(
                flag.flagId(),
                finding.accountId(),
                flag.personId(),
                finding.transactionId(),
                finding.stayId(),
                finding.reason(),
                flag.severity(),
                finding.decision(),
                flag.stateOn(asOf),
                flag.amountOn(asOf),
                finding.on(),
                finding.detector(),
                finding.policyVersion(),
                byHand == null ? words.explain(finding) : sealing.open(flag.personId(), byHand),
                due,
                due == null ? null : words.reminder(due),
                life.upheld(),
                life.repaid(),
                life.recovered(),
                life.writtenOff(),
                flag.outstandingOn(asOf),
                !flag.undecidedOn(asOf) && flag.withdrawnOn(asOf) ? true : null,
                unavailable ? true : null);
    }

    static RuleBroken notFound() {
        return new RuleBroken("FLAG_NOT_FOUND", "There is no such flag.");
    }
}
