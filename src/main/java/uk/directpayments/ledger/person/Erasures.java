package uk.directpayments.ledger.person;

import org.springframework.stereotype.Component;
import uk.directpayments.ledger.person.PersonEvent.PersonErased;
import uk.directpayments.ledger.platform.Automation;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.When;

/**
 * Destroys the key of whoever has been erased. As an automation, because it must happen once the event is recorded, whatever crashes
 * between, and must not be replayed with the projections. It is the one automation that acts on something else than a stream.
 */
@Component
class Erasures extends Automation {

    private final Sealing sealing;

    Erasures(Sealing sealing) {
        super("erasures");
        this.sealing = sealing;
    }

    @When
    void on(PersonErased e, Recorded at) {
        sealing.destroy(e.personId(), at.position(), at.recordedAt());
    }
}
