package uk.directpayments.ledger.residential;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.AccountTransactions;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Answers;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.residential.ResidentialDays.Found;
import uk.directpayments.ledger.residential.ResidentialDays.Kept;
import uk.directpayments.ledger.residential.ResidentialEvent.Particulars;
import uk.directpayments.ledger.residential.ResidentialEvent.Regime;
import uk.directpayments.ledger.residential.Stay.Setting;

/** Writing what is known of residential stays, and which law counts them. Reading is {@link ResidentialReads}'. */
@RestController
@RequestMapping("/api/v1")
class ResidentialApi {

    private static final String STAYS = "/people/{personId}/residential-stays";

    private final Commands commands;
    private final ResidentialDays days;
    private final AccountAccess access;
    private final AccountTransactions transactions;
    private final StaysPaidFor stays;
    private final Policies policies;
    private final Sealing sealing;
    private final Clock clock;

    ResidentialApi(
            Commands commands,
            ResidentialDays days,
            AccountAccess access,
            AccountTransactions transactions,
            StaysPaidFor stays,
            Policies policies,
            Sealing sealing,
            Clock clock) {
        this.commands = commands;
        this.days = days;
        this.access = access;
        this.policies = policies;
        this.transactions = transactions;
        this.stays = stays;
        this.sealing = sealing;
        this.clock = clock;
    }

    enum Status {
        ACTUAL,
        PLANNED
    }

    /** @param share the part that the direct payment pays, as the council states it: a fraction or a percentage */
    record NewStay(
            @Nullable @Id String stayId,
            @NotNull @Id String accountId,
            @NotBlank @Size(max = 255) String provider,
            @NotNull Setting setting,
            @NotNull LocalDate admitted,
            @Nullable LocalDate discharged,
            @NotNull Boolean fundedByDirectPayment,

            @Nullable @DecimalMin("0") @DecimalMax("100") @Digits(integer = 3, fraction = 6)
            BigDecimal share,

            @Nullable @Size(max = 255) String sourceAuthority,
            @NotNull Status status,
            @Nullable Boolean acknowledgeLimit) {}

    record Discharge(@NotNull LocalDate discharged) {}

    record Amendment(
            @Nullable LocalDate admitted,
            @Nullable LocalDate discharged,
            @Nullable Setting setting,
            @Nullable Boolean fundedByDirectPayment,
            @Nullable String reason) {}

    record Voiding(@Nullable String reason) {}

    record Confirmation(
            @NotNull LocalDate admitted, @Nullable LocalDate discharged) {}

    record Override(
            @NotNull Regime regime,
            @NotNull LocalDate until,
            @Nullable String reason) {}

    record StayOfPayment(@NotNull @Id String stayId) {}

    record StayId(String personId, String stayId) {}

    record PersonId(String personId) {}

    record PaymentOfStay(String accountId, String expenditureId, String stayId) {}

    @PostMapping(STAYS)
    @ResponseStatus(HttpStatus.CREATED)
    ResponseEntity<StayId> stay(@PathVariable String personId, @Valid @RequestBody NewStay body, Call call) {
        LocalDate today = today();
        boolean planned = body.status() == Status.PLANNED;
        LocalDate on = planned ? today : body.admitted();
        Found person = person(personId, call.actor(), on);
        AccountAccess.Owner owner = access.owner(body.accountId(), call.actor(), on);
        if (!owner.personId().equals(personId)) {
            throw new RuleBroken("PAYMENT_OF_OTHER_PERSON", "This payment account is another person's.", "accountId");
        }
        String stayId = call.id(body.stayId(), "stay");
        Particulars stay = new Particulars(
                stayId,
                body.accountId(),
                sealing.seal(personId, body.provider()),
                body.share(),
                sealing.sealIfGiven(personId, body.sourceAuthority()));
        Stay.Facts facts =
                new Stay.Facts(body.setting(), body.admitted(), body.discharged(), body.fundedByDirectPayment());
        Outcome outcome = commands.send(
                planned
                        ? new ResidentialCommand.PlanStay(
                                personId,
                                stay,
                                facts,
                                Boolean.TRUE.equals(body.acknowledgeLimit()),
                                person.person().eighteenOn(),
                                ResidentialPolicy.of(policies.on(today)),
                                today)
                        : new ResidentialCommand.RecordStay(personId, stay, facts, today, version(body.admitted())),
                call);
        return Answers.created("/people/" + personId + "/residential-stays", outcome, new StayId(personId, stayId));
    }

    @PostMapping(STAYS + "/{stayId}/discharge")
    ResponseEntity<StayId> discharge(
            @PathVariable String personId, @PathVariable String stayId, @Valid @RequestBody Discharge body, Call call) {
        return changed(
                personId,
                stayId,
                body.discharged(),
                stay -> new ResidentialCommand.DischargeStay(
                        personId,
                        stayId,
                        body.discharged(),
                        today(),
                        version(stay.facts().admitted())),
                call);
    }

    @PostMapping(STAYS + "/{stayId}/amendment")
    ResponseEntity<StayId> amend(
            @PathVariable String personId, @PathVariable String stayId, @Valid @RequestBody Amendment body, Call call) {
        return changed(
                personId,
                stayId,
                null,
                stay -> {
                    LocalDate admitted = Objects.requireNonNullElse(
                            body.admitted(), stay.facts().admitted());
                    if (!stay.planned()) {
                        access.owner(stay.stay().accountId(), call.actor(), admitted);
                    }
                    return new ResidentialCommand.AmendStay(
                            personId,
                            stayId,
                            body.admitted(),
                            body.discharged(),
                            body.setting(),
                            body.fundedByDirectPayment(),
                            sealing.sealIfGiven(personId, body.reason()),
                            today(),
                            version(admitted));
                },
                call);
    }

    @PostMapping(STAYS + "/{stayId}/void")
    ResponseEntity<StayId> voided(
            @PathVariable String personId, @PathVariable String stayId, @Valid @RequestBody Voiding body, Call call) {
        return changed(
                personId,
                stayId,
                null,
                stay -> new ResidentialCommand.VoidStay(
                        personId,
                        stayId,
                        sealing.sealIfGiven(personId, body.reason()),
                        today(),
                        version(stay.facts().admitted())),
                call);
    }

    @PostMapping(STAYS + "/{stayId}/confirmation")
    ResponseEntity<StayId> confirm(
            @PathVariable String personId,
            @PathVariable String stayId,
            @Valid @RequestBody Confirmation body,
            Call call) {
        return changed(
                personId,
                stayId,
                body.admitted(),
                stay -> new ResidentialCommand.ConfirmStay(
                        personId, stayId, body.admitted(), body.discharged(), today(), version(body.admitted())),
                call);
    }

    @PostMapping("/people/{personId}/regime-override")
    ResponseEntity<PersonId> override(@PathVariable String personId, @Valid @RequestBody Override body, Call call) {
        person(personId, call.actor(), today());
        Outcome outcome = commands.send(
                new ResidentialCommand.OverrideRegime(
                        personId,
                        body.regime(),
                        body.until(),
                        sealing.sealIfGiven(personId, body.reason()),
                        today(),
                        version(today())),
                call);
        return Answers.ok(outcome, new PersonId(personId));
    }

    /** Of an expenditure, so it stands below its account; but it is the record of stays that keeps it. */
    @PostMapping("/accounts/{accountId}/expenditures/{expenditureId}/stay")
    ResponseEntity<PaymentOfStay> link(
            @PathVariable String accountId,
            @PathVariable String expenditureId,
            @Valid @RequestBody StayOfPayment body,
            Call call) {
        LocalDate today = today();
        AccountAccess.Owner owner = access.owner(accountId, call.actor(), today);
        if (!transactions.hasExpenditure(accountId, expenditureId, View.now(today))) {
            throw new RuleBroken("EXPENDITURE_NOT_FOUND", "There is no such expenditure on this account.");
        }
        RuleBroken refusal = stays.refusal(call.actor(), owner.personId(), body.stayId(), today)
                .orElse(null);
        Outcome outcome = refusal != null
                ? commands.refuse(refusal, call)
                : commands.send(
                        new ResidentialCommand.LinkPayment(
                                owner.personId(), accountId, expenditureId, body.stayId(), today, version(today)),
                        call);
        return Answers.ok(outcome, new PaymentOfStay(accountId, expenditureId, body.stayId()));
    }

    /**
     * What becomes of a stay is written by whoever sees its account on the day on which that counts.
     *
     * @param on the day of a fact; null for a correction, which counts on the day of admission, or today if the stay is planned
     */
    private ResponseEntity<StayId> changed(
            String personId,
            String stayId,
            @Nullable LocalDate on,
            Function<Kept, ResidentialCommand> command,
            Call call) {
        Kept stay = known(personId, on, call.actor())
                .flatMap(person -> person.stay(stayId))
                .filter(kept -> stays.isThere(kept, Objects.requireNonNullElse(on, counts(kept)), call.actor()))
                .orElse(null);
        if (stay == null) {
            person(personId, call.actor(), Objects.requireNonNullElse(on, today()));
            throw stayNotFound();
        }
        return Answers.ok(commands.send(command.apply(stay), call), new StayId(personId, stayId));
    }

    /** The day on which a correction of a stay counts. */
    private LocalDate counts(Kept stay) {
        return stay.planned() ? today() : stay.facts().admitted();
    }

    /** Somebody whose stays cannot be told at present is there only for whoever sees them on the day: nobody else learns that. */
    private Optional<Found> known(String personId, @Nullable LocalDate on, Actor actor) {
        View now = View.now(today());
        boolean mayBeTold = access.seesPerson(actor, personId, Objects.requireNonNullElse(on, today()))
                || !days.unavailablePersons(now).contains(personId);
        return mayBeTold ? days.find(personId, now) : Optional.empty();
    }

    private Found person(String personId, Actor actor, LocalDate on) {
        if (!access.seesPerson(actor, personId, on)) {
            throw personNotFound();
        }
        return days.find(personId, View.now(today())).orElseThrow(ResidentialApi::personNotFound);
    }

    /** A stay is judged by the policy of the day of admission, like an expenditure by that of its day. */
    private String version(LocalDate day) {
        return policies.on(day).version();
    }

    static RuleBroken personNotFound() {
        return new RuleBroken("PERSON_NOT_FOUND", "There is no such person.");
    }

    static RuleBroken stayNotFound() {
        return new RuleBroken("STAY_NOT_FOUND", "This person has no such stay.");
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }
}
