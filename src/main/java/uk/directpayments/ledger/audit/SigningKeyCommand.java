package uk.directpayments.ledger.audit;

import java.time.LocalDate;
import uk.directpayments.ledger.platform.LedgerCommand;

/** What may be asked of a key with which the ledger signs. */
public sealed interface SigningKeyCommand extends LedgerCommand {

    String keyId();

    @Override
    default String streamId() {
        return "key/" + keyId();
    }

    /** Told at every start with the key; recorded at the first. */
    record RecordRotation(
            String keyId,
            String publicKey,
            String previousKeyId,
            String previousPublicKey,
            String endorsement,
            LocalDate today)
            implements SigningKeyCommand {}
}
