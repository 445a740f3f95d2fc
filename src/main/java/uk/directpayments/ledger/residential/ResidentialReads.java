package uk.directpayments.ledger.residential;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.AccountTransactions;
import uk.directpayments.ledger.account.AccountTransactions.Spent;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.platform.Page;
import uk.directpayments.ledger.platform.Paging;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.residential.DayCount.Answer;
import uk.directpayments.ledger.residential.LimitSpan.Level;
import uk.directpayments.ledger.residential.LimitSpan.Limit;
import uk.directpayments.ledger.residential.ResidentialDays.Found;
import uk.directpayments.ledger.residential.ResidentialDays.Kept;
import uk.directpayments.ledger.residential.ResidentialDays.Payment;
import uk.directpayments.ledger.residential.ResidentialPolicy.Basis;

/** {@code GET} below {@code /people/…}: a person's stays and their count, on two dates. */
@RestController
@RequestMapping("/api/v1/people/{personId}")
class ResidentialReads {

    private final ResidentialDays days;
    private final AccountTransactions transactions;
    private final StaysPaidFor paidFor;
    private final AccountAccess access;
    private final Policies policies;
    private final Sealing sealing;
    private final Clock clock;

    ResidentialReads(
            ResidentialDays days,
            AccountTransactions transactions,
            StaysPaidFor paidFor,
            AccountAccess access,
            Policies policies,
            Sealing sealing,
            Clock clock) {
        this.days = days;
        this.transactions = transactions;
        this.paidFor = paidFor;
        this.access = access;
        this.policies = policies;
        this.sealing = sealing;
        this.clock = clock;
    }

    /** As in requests, and what became of a stay that never was. */
    enum Status {
        ACTUAL,
        PLANNED,
        VOIDED
    }

    record PaidBy(String accountId, String expenditureId) {}

    /**
     * A stay.
     *
     * @param discharged null on days before it
     * @param counts     whether its days count towards the limits
     * @param voidReason why it never was
     * @param payments   what pays for it and has been neither reversed nor refunded in whole
     */
    record StayView(
            String stayId,
            String accountId,
            String provider,
            Stay.Setting setting,
            LocalDate admitted,
            @Nullable LocalDate discharged,
            boolean fundedByDirectPayment,
            @Nullable BigDecimal share,
            @Nullable String sourceAuthority,
            Status status,
            boolean counts,
            @Nullable String voidReason,
            List<PaidBy> payments) {}

    /** @param on since when it is so; of a forecast, the first day too many */
    record Warning(Limit limit, Level level, LocalDate on) {}

    /**
     * @param adultFrom the first day under the law for adults: the 18th birthday, or later if the council decided so
     * @param position  of the log, at which this was the answer
     */
    record DaysView(
            Basis basis,
            String policyVersion,
            DayCount.Child child,
            DayCount.Adult adult,
            int overlappingStayPairs,
            boolean spansEighteenthBirthday,
            LocalDate adultFrom,
            List<Warning> warnings,
            LocalDate asOf,
            java.time.@Nullable Instant knownAt,
            long position) {}

    /**
     * Actual stays that had begun by {@code asOf}, and all planned ones, in the order of admission. Who sees the account no longer does not see
     * what is planned for later.
     */
    @GetMapping("/residential-stays")
    Page<StayView> stays(@PathVariable String personId, Paging paging, Actor actor) {
        View view = paging.view();
        LocalDate asOf = view.asOf();
        String after = paging.after();
        Optional<Set<String>> seen = access.accounts(actor, asOf);
        List<Kept> rows = person(personId, view, actor).stays().stream()
                .filter(kept -> kept.planned() || !kept.facts().admitted().isAfter(asOf))
                .filter(kept -> after == null || place(kept).compareTo(after) > 0)
                .filter(kept ->
                        seen.isEmpty() || seen.get().contains(kept.stay().accountId()))
                .filter(kept -> !kept.planned() || paidFor.isThere(kept, asOf, actor))
                .limit(paging.fetch())
                .toList();
        Page<Kept> page = paging.page(rows, ResidentialReads::place);
        List<String> stayIds =
                page.items().stream().map(kept -> kept.stay().stayId()).toList();
        Map<String, List<Payment>> payments = payments(personId, stayIds, seen, view);
        return new Page<>(
                page.items().stream()
                        .map(kept -> view(
                                kept, asOf, payments.getOrDefault(kept.stay().stayId(), List.of())))
                        .toList(),
                page.next());
    }

    /** What pays for stays, of the accounts that who asks sees, as long as something of it is left. */
    private Map<String, List<Payment>> payments(
            String personId, List<String> stayIds, Optional<Set<String>> seen, View view) {
        List<Payment> linked = days.payments(personId, stayIds, view).stream()
                .filter(payment -> seen.isEmpty() || seen.get().contains(payment.accountId()))
                .toList();
        Set<Spent> standing = transactions.standing(
                linked.stream().map(ResidentialReads::spent).toList(), view);
        return linked.stream()
                .filter(payment -> standing.contains(spent(payment)))
                .collect(Collectors.groupingBy(Payment::stayId));
    }

    private static Spent spent(Payment payment) {
        return new Spent(payment.accountId(), payment.expenditureId());
    }

    /** Plans are today's: for who no longer sees the person, they are not counted. */
    @GetMapping("/residential-days")
    DaysView days(
            @PathVariable String personId,
            @RequestParam(required = false) @Nullable Basis basis,
            @RequestParam(defaultValue = "false") boolean includePlanned,
            View view,
            Actor actor) {
        long position = days.positionOf(view);
        ResidentialPolicy policy = ResidentialPolicy.of(policies.on(view.asOf(), view.at(position)));
        Basis by = Objects.requireNonNullElse(basis, policy.basis());
        Found found = person(personId, view.at(position), actor);
        boolean plans = includePlanned && access.seesPerson(actor, personId, BusinessDay.today(clock));
        DayCount.Question question = found.question(by, view.asOf(), plans, policy);
        Answer answer = DayCount.answer(question);
        return new DaysView(
                by,
                policy.version(),
                answer.child(),
                answer.adult(),
                answer.overlappingStayPairs(),
                answer.spansEighteenthBirthday(),
                question.adultFrom(),
                warnings(found.spans(by, policy), answer, view.asOf()),
                view.asOf(),
                view.knownAt(),
                position);
    }

    private static List<Warning> warnings(List<LimitSpan> spans, Answer answer, LocalDate asOf) {
        List<Warning> warnings = new ArrayList<>();
        spans.stream()
                .filter(span -> span.covers(asOf))
                .forEach(span -> warnings.add(new Warning(span.limit(), span.level(), span.from())));
        forecast(warnings, Limit.SINGLE_28, answer.forecast().singlePeriod());
        forecast(warnings, Limit.ROLLING_120, answer.forecast().twelveMonths());
        forecast(warnings, Limit.LINKED_28, answer.forecast().linked());
        return warnings;
    }

    private static void forecast(List<Warning> warnings, Limit limit, @Nullable LocalDate on) {
        if (on != null) {
            warnings.add(new Warning(limit, Level.FORECAST, on));
        }
    }

    private Found person(String personId, View view, Actor actor) {
        if (!access.seesPerson(actor, personId, view.asOf())) {
            throw ResidentialApi.personNotFound();
        }
        return days.find(personId, view).orElseThrow(ResidentialApi::personNotFound);
    }

    /** Unique within the person, and in the order of the list. */
    private static String place(Kept kept) {
        return kept.facts().admitted() + "/" + kept.stay().stayId();
    }

    private StayView view(Kept kept, LocalDate asOf, List<Payment> payments) {
        Stay.Facts facts = kept.facts();
        LocalDate discharged = facts.discharged();
        boolean left = discharged != null && (kept.planned() || !discharged.isAfter(asOf));
        return new StayView(
                kept.stay().stayId(),
                kept.stay().accountId(),
                sealing.open(kept.personId(), kept.stay().provider()),
                facts.setting(),
                facts.admitted(),
                left ? discharged : null,
                facts.fundedByDirectPayment(),
                kept.stay().share(),
                sealing.openIfGiven(kept.personId(), kept.stay().sourceAuthority()),
                kept.voided() ? Status.VOIDED : kept.planned() ? Status.PLANNED : Status.ACTUAL,
                facts.counts() && !kept.voided(),
                sealing.openIfGiven(kept.personId(), kept.voidedFor()),
                payments.stream()
                        .map(payment -> new PaidBy(payment.accountId(), payment.expenditureId()))
                        .toList());
    }
}
