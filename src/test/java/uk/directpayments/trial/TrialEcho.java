package uk.directpayments.trial;

import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import uk.directpayments.ledger.platform.Automation;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.When;

/**
 * Counts a number again for the trial's echo: {@link #ECHOED} is echoed as 1, {@link #REFUSED} asks for what is refused,
 * {@link #BROKEN} fails until it is mended, and {@link #BROKEN_ELSEWHERE} asks for what fails until then on the node that decides.
 */
public class TrialEcho extends Automation {

    public static final int ECHOED = 1_001;
    public static final int REFUSED = 1_002;
    public static final int BROKEN = 1_003;
    public static final int BROKEN_ELSEWHERE = 1_004;

    public static volatile boolean mended;
    public static volatile boolean insideAUnitOfWork;

    TrialEcho() {
        super("trial-echo");
    }

    @When
    void on(TrialEvent.Counted e, Recorded at) {
        insideAUnitOfWork |= CurrentUnitOfWork.isStarted();
        if (e.number() == BROKEN && !mended) {
            throw new IllegalStateException("broken");
        }
        switch (e.number()) {
            case ECHOED, BROKEN -> send(new TrialCommand.Count("echo-of-" + e.id(), 1), at);
            case REFUSED -> send(new TrialCommand.Count("echo-of-" + e.id(), -1), at);
            case BROKEN_ELSEWHERE ->
                send(new TrialCommand.Count("echo-of-" + e.id(), mended ? 1 : TrialCommand.FAILING), at);
            default -> {
                // Numbers without an echo.
            }
        }
    }
}
