package uk.directpayments.ledger.residential;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.kernel.Require;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.LedgerStream;
import uk.directpayments.ledger.residential.DayCount.Question;
import uk.directpayments.ledger.residential.ResidentialEvent.Particulars;
import uk.directpayments.ledger.residential.ResidentialEvent.PaymentLinked;
import uk.directpayments.ledger.residential.ResidentialEvent.RegimeOverridden;
import uk.directpayments.ledger.residential.ResidentialEvent.StayAmended;
import uk.directpayments.ledger.residential.ResidentialEvent.StayConfirmed;
import uk.directpayments.ledger.residential.ResidentialEvent.StayDischarged;
import uk.directpayments.ledger.residential.ResidentialEvent.StayPlanned;
import uk.directpayments.ledger.residential.ResidentialEvent.StayRecorded;
import uk.directpayments.ledger.residential.ResidentialEvent.StayVoided;
import uk.directpayments.ledger.residential.ResidentialEvent.StaysReassessed;

/**
 * All residential stays of one person, over all accounts, for the limits are the person's. Its stream need not exist: a person without
 * stays has an empty record.
 */
@Aggregate(cache = "streamCache", snapshotTriggerDefinition = "growingSnapshots")
@EventName("snapshot.residential-record")
class ResidentialRecord extends LedgerStream<ResidentialEvent> {

    /** At most {@link ResidentialRules#MOST_STAYS}, by id. */
    private Map<String, StayState> stays = new TreeMap<>();

    private @Nullable LocalDate childUntil;

    record StayState(String accountId, Stay.Facts facts, boolean planned, boolean voided) {

        StayState with(Stay.Facts facts) {
            return new StayState(accountId, facts, planned, voided);
        }
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ResidentialCommand.PlanStay c) {
        requireRoom(c.stay());
        ResidentialRules.requirePossible(c.facts(), true, c.today());
        ResidentialRules.requireBelievable(c.facts());
        if (!c.acknowledgeLimit()) {
            Question forecast = new Question(
                    effective(), c.eighteenOn(), childUntil, c.policy().basis(), c.today(), true, c.policy());
            ResidentialRules.requireAcknowledged(forecast, new Stay(c.stay().stayId(), c.facts(), true));
        }
        record(
                new StayPlanned(c.stay(), c.facts(), c.acknowledgeLimit()),
                c.today(),
                c,
                c.stay().accountId());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ResidentialCommand.RecordStay c) {
        requireRoom(c.stay());
        ResidentialRules.requirePossible(c.facts(), false, c.today());
        ResidentialRules.requireBelievable(c.facts());
        record(
                new StayRecorded(c.stay(), c.facts()),
                c.facts().admitted(),
                c,
                c.stay().accountId());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ResidentialCommand.ConfirmStay c) {
        StayState stay = effective(c.stayId());
        if (!stay.planned) {
            throw new RuleBroken("STAY_ALREADY_CONFIRMED", "This stay is an actual one already.");
        }
        Stay.Facts facts = dated(stay.facts, c.admitted(), c.discharged());
        ResidentialRules.requirePossible(facts, false, c.today());
        ResidentialRules.requireBelievable(facts);
        record(new StayConfirmed(c.stayId(), c.admitted(), c.discharged()), c.admitted(), c, stay.accountId);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ResidentialCommand.DischargeStay c) {
        StayState stay = effective(c.stayId());
        if (stay.planned) {
            throw new RuleBroken(
                    "STAY_STILL_PLANNED", "Nobody has confirmed that this stay began: confirm it, with its end.");
        }
        if (stay.facts.discharged() != null) {
            throw new RuleBroken("STAY_ALREADY_DISCHARGED", "This stay has an end already: amend it if that is wrong.");
        }
        ResidentialRules.requirePossible(dated(stay.facts, stay.facts.admitted(), c.discharged()), false, c.today());
        record(new StayDischarged(c.stayId(), c.discharged()), c.discharged(), c, stay.accountId);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ResidentialCommand.AmendStay c) {
        StayState stay = effective(c.stayId());
        Sealed reason = Require.reason(c.reason());
        ResidentialRules.requireSomething(
                Arrays.asList(c.admitted(), c.discharged(), c.setting(), c.fundedByDirectPayment()));
        Stay.Facts now = new Stay.Facts(
                Objects.requireNonNullElse(c.setting(), stay.facts.setting()),
                Objects.requireNonNullElse(c.admitted(), stay.facts.admitted()),
                c.discharged() == null ? stay.facts.discharged() : c.discharged(),
                Objects.requireNonNullElse(c.fundedByDirectPayment(), stay.facts.fundedByDirectPayment()));
        ResidentialRules.requirePossible(now, stay.planned, c.today());
        ResidentialRules.requireBelievable(
                now, stay.facts, stay.planned, c.today(), c.discharged() == null ? "admitted" : "discharged");
        record(new StayAmended(c.stayId(), stay.facts, now, reason), c.today(), c, stay.accountId);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ResidentialCommand.VoidStay c) {
        StayState stay = effective(c.stayId());
        Sealed reason = Require.reason(c.reason());
        record(new StayVoided(c.stayId(), reason), c.today(), c, stay.accountId);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ResidentialCommand.LinkPayment c) {
        effective(c.stayId());
        record(new PaymentLinked(c.accountId(), c.expenditureId(), c.stayId()), c.today(), c, c.accountId());
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ResidentialCommand.OverrideRegime c) {
        Sealed reason = Require.reason(c.reason());
        record(new RegimeOverridden(c.regime(), c.until(), reason), c.today(), c, null);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ResidentialCommand.ReassessStays c) {
        StaysReassessed reassessed = new StaysReassessed(c.policyVersion(), c.from(), c.until());
        if (effective().stream().anyMatch(stay -> reassessed.covers(stay.facts().admitted()))) {
            record(reassessed, c.today(), c, null);
        }
    }

    private void record(
            ResidentialEvent event, LocalDate occurredOn, ResidentialCommand c, @Nullable String accountId) {
        record(event, occurredOn, c.personId(), accountId, c.policyVersion());
    }

    private void requireRoom(Particulars stay) {
        ResidentialRules.requireRoom(stays.containsKey(stay.stayId()), stays.size());
    }

    private StayState effective(String stayId) {
        StayState stay = stays.get(stayId);
        if (stay == null) {
            throw new RuleBroken("STAY_NOT_FOUND", "This person has no such stay.");
        }
        if (stay.voided) {
            throw alreadyVoided();
        }
        return stay;
    }

    static RuleBroken alreadyVoided() {
        return new RuleBroken("STAY_ALREADY_VOIDED", "This stay has been voided.");
    }

    private List<Stay> effective() {
        return stays.entrySet().stream()
                .filter(stay -> !stay.getValue().voided)
                .map(stay -> new Stay(stay.getKey(), stay.getValue().facts, stay.getValue().planned))
                .toList();
    }

    private static Stay.Facts dated(Stay.Facts facts, LocalDate admitted, @Nullable LocalDate discharged) {
        return new Stay.Facts(facts.setting(), admitted, discharged, facts.fundedByDirectPayment());
    }

    @Override
    protected void evolve(ResidentialEvent event, long sequence) {
        if (event instanceof StayPlanned e) {
            stays.put(e.stay().stayId(), new StayState(e.stay().accountId(), e.facts(), true, false));
        } else if (event instanceof StayRecorded e) {
            stays.put(e.stay().stayId(), new StayState(e.stay().accountId(), e.facts(), false, false));
        } else if (event instanceof StayConfirmed e) {
            change(
                    e.stayId(),
                    stay -> new StayState(
                            stay.accountId, dated(stay.facts, e.admitted(), e.discharged()), false, false));
        } else if (event instanceof StayDischarged e) {
            change(e.stayId(), stay -> stay.with(dated(stay.facts, stay.facts.admitted(), e.discharged())));
        } else if (event instanceof StayAmended e) {
            change(e.stayId(), stay -> stay.with(e.now()));
        } else if (event instanceof StayVoided e) {
            change(e.stayId(), stay -> new StayState(stay.accountId, stay.facts, stay.planned, true));
        } else if (event instanceof RegimeOverridden e) {
            childUntil = e.until();
        }
    }

    private void change(String stayId, java.util.function.UnaryOperator<StayState> change) {
        stays.computeIfPresent(stayId, (id, stay) -> change.apply(stay));
    }

    @Override
    protected @Nullable String personId() {
        return null;
    }
}
